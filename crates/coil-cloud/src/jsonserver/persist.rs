//! The file behind the tables. It stays the user's file: read again when someone else has changed
//! it, replaced as a whole and only when the new content is on disk, never overwritten while it
//! holds something that cannot be read. It must not know what is asked of it.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock, mpsc};
use std::time::SystemTime;

use serde_json::Value;
use tokio::sync::oneshot;

use super::engine::{Call, Db, Reply, write};
use super::js;
use crate::error::ApiError;

/// How many waiting writes go into one new file at most.
const BATCH: usize = 256;
/// How often a write is tried again because someone else was faster.
const ATTEMPTS: usize = 5;

/// What is known of a file without reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Mark {
    changed: SystemTime,
    length: u64,
    number: u64,
}

impl Mark {
    fn of(path: &Path) -> io::Result<Self> {
        let meta = fs::metadata(path)?;
        #[cfg(unix)]
        let number = std::os::unix::fs::MetadataExt::ino(&meta);
        #[cfg(not(unix))]
        let number = 0;
        Ok(Self { changed: meta.modified()?, length: meta.len(), number })
    }
}

/// Content as of a mark.
type Known = Option<(Mark, Db)>;
type Answer = oneshot::Sender<Result<Reply, ApiError>>;

/// A handle on the file; writes go through one thread.
#[derive(Debug)]
pub(super) struct File {
    shared: Arc<Shared>,
    writes: Mutex<Option<mpsc::Sender<(Call, Answer)>>>,
}

#[derive(Debug)]
struct Shared {
    path: PathBuf,
    /// What the file holds, or will hold in a moment: a write is seen here before it is on disk,
    /// and answered after.
    known: RwLock<Known>,
}

impl File {
    pub(super) fn new(path: PathBuf) -> Self {
        let shared = Arc::new(Shared { path, known: RwLock::new(None) });
        Self { shared, writes: Mutex::new(None) }
    }

    /// Looks at the content as it is now.
    pub(super) fn read<T>(&self, look: impl FnOnce(&Db) -> T) -> Result<T, ApiError> {
        self.shared.read(look)
    }

    /// Does a write and answers when it is on disk.
    pub(super) async fn write(&self, call: Call) -> Result<Reply, ApiError> {
        let (answer, outcome) = oneshot::channel();
        let sender = self.writer()?;
        let ended = |_| ApiError::storage("the writer of `db.json` has ended");
        sender.send((call, answer)).map_err(|_| ended(()))?;
        outcome.await.map_err(|_| ended(()))?
    }

    /// The way to the writing thread, which is started by the first write.
    fn writer(&self) -> Result<mpsc::Sender<(Call, Answer)>, ApiError> {
        let mut writes = self.writes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = &*writes {
            return Ok(sender.clone());
        }
        let (sender, queue) = mpsc::channel();
        let shared = Arc::clone(&self.shared);
        std::thread::Builder::new()
            .name("db-json-writer".to_owned())
            .spawn(move || write_loop(&shared, &queue))
            .map_err(|error| ApiError::storage(format!("`db.json` cannot be written: {error}")))?;
        Ok(writes.insert(sender).clone())
    }
}

impl Shared {
    fn mark(&self) -> Result<Mark, ApiError> {
        Mark::of(&self.path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => ApiError::missing("file `db.json`"),
            _ => unreadable(&error),
        })
    }

    fn read<T>(&self, look: impl FnOnce(&Db) -> T) -> Result<T, ApiError> {
        let mark = self.mark()?;
        {
            let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
            if let Some((at, db)) = &*known
                && *at == mark
            {
                return Ok(look(db));
            }
        }
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        self.newest(&mut known, mark).map(|db| look(db))
    }

    /// The content as of `mark`, read from the file if it is not known.
    fn newest<'a>(&self, known: &'a mut Known, mark: Mark) -> Result<&'a mut Db, ApiError> {
        if known.as_ref().is_some_and(|(at, _)| *at != mark) {
            *known = None;
        }
        match known {
            Some((_, db)) => Ok(db),
            None => Ok(&mut known.insert((mark, self.load()?)).1),
        }
    }

    fn load(&self) -> Result<Db, ApiError> {
        let text = fs::read_to_string(&self.path).map_err(|error| unreadable(&error))?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let value = serde_json::from_str(text).map_err(|error| unreadable(&error))?;
        match js::normalise(value) {
            Value::Object(db) => Ok(db),
            _ => Err(unreadable(&"it is not a JSON object")),
        }
    }

    /// Replaces the file, unless someone else has changed it since `mark`; gives its new mark.
    fn replace(&self, mark: Mark, text: &str) -> io::Result<Option<Mark>> {
        // A link stays a link: what it points to is replaced.
        let path = fs::canonicalize(&self.path)?;
        let folder = path.parent().unwrap_or(Path::new("."));
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let draft = folder.join(format!(".{name}.new"));
        let written = self.write_draft(&draft, mark, &path, text);
        if !matches!(written, Ok(true)) {
            // What is left of the draft is in nobody's way but the folder's.
            let _ = fs::remove_file(&draft);
            return written.map(|_| None);
        }
        let mark = Mark::of(&path)?;
        fs::File::open(folder)?.sync_all()?;
        Ok(Some(mark))
    }

    fn write_draft(&self, draft: &Path, mark: Mark, path: &Path, text: &str) -> io::Result<bool> {
        let mut file = fs::File::create(draft)?;
        file.write_all(text.as_bytes())?;
        file.set_permissions(fs::metadata(path)?.permissions())?;
        file.sync_all()?;
        if Mark::of(&self.path)? != mark {
            return Ok(false);
        }
        fs::rename(draft, path)?;
        Ok(true)
    }

    /// Does all writes of a batch, on the newest content.
    fn write_batch(&self, calls: &[Call]) -> Result<Vec<Result<Reply, ApiError>>, ApiError> {
        for _ in 0..ATTEMPTS {
            let mark = self.mark()?;
            let (replies, text) = {
                let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
                let db = self.newest(&mut known, mark)?;
                let replies: Vec<_> = calls.iter().map(|call| write(db, call)).collect();
                let is_change = |reply: &Reply| reply.status < 400;
                if !replies.iter().flatten().any(is_change) {
                    return Ok(replies);
                }
                (replies, js::pretty(db))
            };
            let replaced = self.replace(mark, &text);
            let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
            match (replaced, known.as_mut()) {
                (Ok(Some(new)), Some((at, _))) if *at == mark => {
                    *at = new;
                    return Ok(replies);
                }
                // Someone has read the new file already.
                (Ok(Some(_)), _) => return Ok(replies),
                // Someone else was faster: what is known is not what is in the file.
                (Ok(None), _) => *known = None,
                (Err(error), _) => {
                    *known = None;
                    return Err(ApiError::storage(format!("`db.json` cannot be written: {error}")));
                }
            }
        }
        Err(ApiError::conflict("`db.json` is being changed by someone else: try again"))
    }
}

fn unreadable(error: &dyn std::fmt::Display) -> ApiError {
    ApiError::storage(format!("`db.json` cannot be read: {error}"))
}

fn write_loop(shared: &Shared, queue: &mpsc::Receiver<(Call, Answer)>) {
    while let Ok(first) = queue.recv() {
        let mut batch = vec![first];
        while batch.len() < BATCH {
            match queue.try_recv() {
                Ok(next) => batch.push(next),
                Err(_) => break,
            }
        }
        let (calls, answers): (Vec<Call>, Vec<Answer>) = batch.into_iter().unzip();
        match shared.write_batch(&calls) {
            Ok(replies) => {
                for (answer, reply) in answers.into_iter().zip(replies) {
                    // The one who asked may have hung up; the file is written all the same.
                    let _ = answer.send(reply);
                }
            }
            Err(error) => {
                for answer in answers {
                    let _ = answer.send(Err(error.clone()));
                }
            }
        }
    }
}
