//! The file behind the tables. It stays the user's file: read again when someone else has changed it, replaced as a whole and only when
//! the new content is on disk, never overwritten while it holds something that cannot be read.
//!
//! A write that comes alone is in the file when it is answered. One that follows closely on another is in the journal when it is
//! answered, and in the file a moment later, together with those around it: what it costs does not hang on the size of the file. When
//! someone else changes the file meanwhile, what it does not have yet is done once more on what it holds then. It must not know what is
//! asked of it.

mod publish;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard, mpsc};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use super::change::{Change, Redone};
use super::content::Content;
use super::disk::{self, Mark};
use super::engine::{Call, Reply, write};
use crate::error::ApiError;
use crate::store::log::Entry;
use crate::store::{Store, changes};
use crate::time::Stamp;

/// How many waiting writes are done together at most.
const BATCH: usize = 256;
/// How often a write is tried again because someone else was faster.
const ATTEMPTS: usize = 5;
/// How old the file may be; also how long nothing must have been written for a write to count as
/// alone.
const AGE: Duration = Duration::from_millis(200);
/// Files up to this many bytes are written before a write that comes alone is answered.
const SMALL: u64 = 256 * 1024;
/// How many notes about edits the request log keeps beside its others.
const NOTES: u32 = 100;
/// How long the end of the program waits for the file at most.
const PATIENCE: Duration = Duration::from_secs(5);

type Answer = oneshot::Sender<Result<Reply, ApiError>>;

/// A handle on the file.
#[derive(Debug)]
pub(super) struct File {
    shared: Arc<Shared>,
    threads: Mutex<Option<Threads>>,
}

/// The ways to the threads that write, and the sign that they have ended.
#[derive(Debug)]
struct Threads {
    calls: mpsc::Sender<(Call, Answer)>,
    ended: mpsc::Receiver<()>,
}

#[derive(Debug)]
struct Shared {
    path: PathBuf,
    store: Store,
    state: RwLock<State>,
    /// Held by who replaces the file.
    publishing: Mutex<()>,
    /// Batches that the journal did not take.
    refused: Mutex<Vec<i64>>,
}

#[derive(Debug)]
struct State {
    /// What the file at this mark holds, with all that is pending done. A write is seen here before it is answered.
    known: Option<(Mark, Content)>,
    /// What the file does not have yet, oldest first.
    pending: Vec<Batch>,
    /// What the file has up to this batch is to leave the journal.
    file_has: Option<i64>,
    /// The number of the next batch.
    next: i64,
    /// Whether the last attempt to replace the file went well; not so before the first.
    is_writable: bool,
    /// When the file was replaced, and how long that took.
    published: Option<(Instant, Duration)>,
}

/// Changes that were made together.
#[derive(Debug)]
struct Batch {
    seq: i64,
    changes: Vec<Change>,
    is_journalled: bool,
}

impl State {
    /// Whether the file was left alone for a while.
    fn is_quiet(&self) -> bool {
        self.published.is_none_or(|(at, _)| at.elapsed() >= AGE)
    }

    /// Forgets a batch that nobody can rely on, and what is known with it.
    fn undo(&mut self, seq: i64) {
        self.pending.retain(|batch| batch.seq != seq);
        self.known = None;
    }
}

impl File {
    /// Opens the file with what the journal holds for it.
    pub(super) async fn open(path: PathBuf, store: Store) -> Result<Self, ApiError> {
        let replaced = !disk::has_draft(&path);
        let kept = store.write(move |tx| Ok(changes::recover(tx, replaced)?)).await?;
        let mut pending = Vec::with_capacity(kept.len());
        for (seq, text) in kept {
            let changes = serde_json::from_str(&text).unwrap_or_else(|error| {
                let reason = format!("a record of the journal cannot be read: {error}");
                note(&store, ("POST".to_owned(), String::new(), text), reason);
                Vec::new()
            });
            pending.push(Batch { seq, changes, is_journalled: true });
        }
        let state = State {
            known: None,
            next: pending.last().map_or(1, |batch| batch.seq + 1),
            pending,
            file_has: None,
            is_writable: false,
            published: None,
        };
        let has_pending = !state.pending.is_empty();
        let (publishing, refused) = (Mutex::new(()), Mutex::new(Vec::new()));
        let shared = Shared { path, store, state: RwLock::new(state), publishing, refused };
        let file = Self { shared: Arc::new(shared), threads: Mutex::new(None) };
        if has_pending {
            file.calls()?;
        }
        Ok(file)
    }

    /// Looks at the content as it is now.
    pub(super) fn read<T>(&self, look: impl FnOnce(&Content) -> T) -> Result<T, ApiError> {
        self.shared.read(look)
    }

    /// Does a write and answers when it is on disk.
    pub(super) async fn write(&self, call: Call) -> Result<Reply, ApiError> {
        let (answer, outcome) = oneshot::channel();
        let ended = |_| ApiError::storage("the writer of `db.json` has ended");
        self.calls()?.send((call, answer)).map_err(|_| ended(()))?;
        outcome.await.map_err(|_| ended(()))?
    }

    /// The way to the writing thread, which is started by the first write.
    fn calls(&self) -> Result<mpsc::Sender<(Call, Answer)>, ApiError> {
        let mut threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(threads) = &*threads {
            return Ok(threads.calls.clone());
        }
        let failed =
            |error| ApiError::storage(format!("a thread for `db.json` cannot be started: {error}"));
        let start = |name: &str, run: Box<dyn FnOnce() + Send>| {
            let builder = std::thread::Builder::new().name(name.to_owned());
            builder.spawn(run).map(drop).map_err(failed)
        };
        let (calls, queue) = mpsc::channel();
        let (wake, woken) = mpsc::sync_channel(1);
        let (end, ended) = mpsc::channel();
        // What was found in the journal is due as well.
        let _ = wake.try_send(());
        let shared = Arc::clone(&self.shared);
        start("db-json-publisher", Box::new(move || publish::run(&shared, &woken, &end)))?;
        let shared = Arc::clone(&self.shared);
        start("db-json-writer", Box::new(move || write_loop(&shared, &queue, &wake)))?;
        Ok(threads.insert(Threads { calls, ended }).calls.clone())
    }
}

impl Drop for File {
    /// Lets the file get what it does not have yet.
    fn drop(&mut self) {
        let threads = self.threads.get_mut().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(Threads { calls, ended }) = threads {
            drop(calls);
            // What does not get there in time is in the journal.
            let _ = ended.recv_timeout(PATIENCE);
        }
    }
}

impl Shared {
    fn state(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn state_mut(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn read<T>(&self, look: impl FnOnce(&Content) -> T) -> Result<T, ApiError> {
        let mark = Mark::of(&self.path)?;
        if let Some((at, db)) = &self.state().known
            && *at == mark
        {
            return Ok(look(db));
        }
        // Asked again: it may have been replaced by us while we waited.
        let mut state = self.state_mut();
        let mark = Mark::of(&self.path)?;
        self.newest(&mut state, mark).map(|db| look(db))
    }

    /// The content as of `mark`, read from the file if it is not known, with all that is pending.
    fn newest<'a>(&self, state: &'a mut State, mark: Mark) -> Result<&'a mut Content, ApiError> {
        for seq in self.refused.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            state.undo(seq);
        }
        if state.known.as_ref().is_some_and(|(at, _)| *at != mark) {
            state.known = None;
        }
        let State { known, pending, .. } = state;
        match known {
            Some((_, db)) => Ok(db),
            None => {
                let mut db = disk::load(&self.path)?;
                for change in pending.iter().flat_map(|batch| &batch.changes) {
                    if let Redone::Otherwise(reason) = change.redo(&mut db) {
                        let reason = format!("`db.json` was edited at the same time: {reason}");
                        note(&self.store, change.words(), reason);
                    }
                }
                Ok(&mut known.insert((mark, db)).1)
            }
        }
    }

    /// Does all calls of a batch on the newest content, and answers them when they are on disk.
    fn write_batch(self: &Arc<Self>, calls: &[Call], mut answers: Vec<Answer>) {
        for _ in 0..ATTEMPTS {
            let Some(direct) = self.apply(calls, answers) else { return };
            answers = direct.answers;
            match self.publish() {
                Ok(true) => return send(answers, direct.replies),
                // Someone else was faster: what was answered may not hold on what is there now.
                Ok(false) => self.state_mut().undo(direct.seq),
                Err(error) => {
                    self.state_mut().undo(direct.seq);
                    return send_error(answers, &error);
                }
            }
        }
        let error = ApiError::conflict("`db.json` is being changed by someone else: try again");
        send_error(answers, &error);
    }

    /// Does the calls in memory and leaves the answers to the journal, or gives them back if the file itself is to be written first.
    fn apply(self: &Arc<Self>, calls: &[Call], answers: Vec<Answer>) -> Option<Direct> {
        let mut state = self.state_mut();
        let opened =
            Mark::of(&self.path).and_then(|mark| Ok((mark, self.newest(&mut state, mark)?)));
        let (mark, db) = match opened {
            Ok(opened) => opened,
            Err(error) => {
                send_error(answers, &error);
                return None;
            }
        };
        let mut replies = Vec::with_capacity(calls.len());
        let mut changes = Vec::with_capacity(calls.len());
        for call in calls {
            replies.push(write(db, call).map(|(reply, change)| {
                changes.extend(change);
                reply
            }));
        }
        if changes.is_empty() {
            send(answers, replies);
            return None;
        }
        let seq = state.next;
        state.next += 1;
        let is_alone = state.pending.is_empty() && state.is_quiet() && mark.length <= SMALL;
        if is_alone || !state.is_writable {
            state.pending.push(Batch { seq, changes, is_journalled: false });
            return Some(Direct { seq, answers, replies });
        }
        let text = serde_json::to_string(&changes).expect("changes are JSON");
        state.pending.push(Batch { seq, changes, is_journalled: true });
        let promise = Promise { shared: Arc::clone(self), seq, answers: Some((answers, replies)) };
        // Queued before anyone can see it, so that the journal never gets what the file has. Where nothing can be queued any more the
        // promise is dropped, which refuses it.
        let _ = self.store.write_then(
            move |tx| Ok(changes::add(tx, seq, &text)?),
            move |result| promise.settle(result),
        );
        None
    }
}

/// Says in the request log what could not be done as it was answered: method, path and body.
fn note(store: &Store, (method, path, request): (String, String, String), reason: String) {
    let path = format!("/json{path}");
    let (at, reason, answer) = (Stamp::now(), Some(reason), String::new());
    store.note(None, Entry { at, status: 409, method, path, reason, request, answer }, NOTES);
}

type Replies = Vec<Result<Reply, ApiError>>;

/// A batch that is answered when the file has it.
struct Direct {
    seq: i64,
    answers: Vec<Answer>,
    replies: Replies,
}

/// Answers that wait for the journal.
struct Promise {
    shared: Arc<Shared>,
    seq: i64,
    answers: Option<(Vec<Answer>, Replies)>,
}

impl Promise {
    fn settle(mut self, result: Result<(), ApiError>) {
        if let Err(error) = &result {
            self.refuse();
            if let Some((answers, _)) = self.answers.take() {
                send_error(answers, error);
            }
        }
        if let Some((answers, replies)) = self.answers.take() {
            send(answers, replies);
        }
    }

    /// The batch is taken back by the next who changes anything.
    fn refuse(&self) {
        self.shared.refused.lock().unwrap_or_else(PoisonError::into_inner).push(self.seq);
    }
}

impl Drop for Promise {
    fn drop(&mut self) {
        if self.answers.is_some() {
            // Those who wait see that the way to them is gone.
            self.refuse();
        }
    }
}

fn send(answers: Vec<Answer>, replies: Replies) {
    for (answer, reply) in answers.into_iter().zip(replies) {
        // The one who asked may have hung up; it is written all the same.
        let _ = answer.send(reply);
    }
}

fn send_error(answers: Vec<Answer>, error: &ApiError) {
    for answer in answers {
        let _ = answer.send(Err(error.clone()));
    }
}

fn write_loop(
    shared: &Arc<Shared>,
    queue: &mpsc::Receiver<(Call, Answer)>,
    wake: &mpsc::SyncSender<()>,
) {
    while let Ok(first) = queue.recv() {
        let mut batch = vec![first];
        while batch.len() < BATCH {
            match queue.try_recv() {
                Ok(next) => batch.push(next),
                Err(_) => break,
            }
        }
        let (calls, answers): (Vec<Call>, Vec<Answer>) = batch.into_iter().unzip();
        shared.write_batch(&calls, answers);
        // It may be awake already.
        let _ = wake.try_send(());
    }
}
