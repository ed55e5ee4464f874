//! Where the services keep their data. It owns the threads, the transactions and durability: one
//! thread writes, takes what has queued up into one transaction, and answers only when that is on
//! disk; readers have connections of their own. It must not know HTTP.

pub(crate) mod changes;
pub(crate) mod charts;
mod checkpoint;
pub(crate) mod collections;
pub(crate) mod commands;
pub(crate) mod devices;
pub(crate) mod distributions;
pub(crate) mod entries;
pub(crate) mod jobs;
pub(crate) mod keys;
pub(crate) mod log;
pub(crate) mod notes;
pub(crate) mod places;
pub(crate) mod retained;
pub(crate) mod schema;
pub(crate) mod sql;
pub(crate) mod streams;
pub(crate) mod triggers;
pub(crate) mod values;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::oneshot;

use crate::error::{ApiError, Error};
use checkpoint::Checkpoint;
use devices::DeviceRef;
use log::Entry;
use notes::Notes;
use sql::{Notice, SqlError, Tx};

/// How many waiting writes go into one transaction at most.
const BATCH: usize = 1024;
/// Memory for the pages that are written to: some pages each of a thousand devices (negative: KiB).
const CACHE_KIB: i64 = -32 * 1024;
/// How many prepared statements a connection keeps.
const STATEMENTS: usize = 128;

/// Told whether the transaction reached the disk.
type Done = Box<dyn FnOnce(bool) + Send>;
type Job = Box<dyn FnOnce(&Tx) -> (bool, Done) + Send>;

/// A cheap handle on the storage.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    jobs: mpsc::Sender<Job>,
    readers: Arc<Readers>,
    /// Counts the transactions that changed what keys open.
    key_changes: Arc<AtomicU64>,
    notes: Arc<Notes>,
}

#[derive(Debug)]
struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<Tx>>,
}

impl Store {
    /// Opens the database, making or migrating it as needed, and starts the writer.
    /// What writes have to tell to others comes out of `notices` when it is on disk.
    pub(crate) fn open(path: &Path, notices: UnboundedSender<Notice>) -> Result<Self, Error> {
        let mut connection = Connection::open(path).map_err(|error| Error::open(path, error))?;
        prepare(&connection).map_err(|error| Error::open(path, error))?;
        schema::migrate(&connection).map_err(|error| Error::migrate(path, error))?;
        let checkpoint = Checkpoint::start(&mut connection, path)?;
        let (jobs, queue) = mpsc::channel();
        let key_changes = Arc::new(AtomicU64::new(0));
        let notes = Arc::new(Notes::default());
        let mut writer = Writer {
            tx: Tx::new(connection, Some(Arc::clone(&notes))),
            notes: Arc::clone(&notes),
            key_changes: Arc::clone(&key_changes),
            checkpoint,
            notices,
        };
        std::thread::Builder::new()
            .name("cloud-writer".to_owned())
            .spawn(move || writer.run(&queue))
            .map_err(Error::Thread)?;
        let readers = Readers { path: path.to_owned(), idle: Mutex::new(Vec::new()) };
        Ok(Self { jobs, readers: Arc::new(readers), key_changes, notes })
    }

    /// A number that grows whenever what keys open may have changed.
    pub(crate) fn key_generation(&self) -> u64 {
        self.key_changes.load(Ordering::Acquire)
    }

    /// Runs `work` in the next transaction; returns when its outcome is on disk.
    pub(crate) async fn write<T, F>(&self, work: F) -> Result<T, ApiError>
    where
        T: Send + 'static,
        F: FnOnce(&Tx) -> Result<T, ApiError> + Send + 'static,
    {
        self.queue(work)?.await.map_err(|_| abandoned())?
    }

    /// The same for threads that are not the runtime's.
    pub(crate) fn write_here<T, F>(&self, work: F) -> Result<T, ApiError>
    where
        T: Send + 'static,
        F: FnOnce(&Tx) -> Result<T, ApiError> + Send + 'static,
    {
        self.queue(work)?.blocking_recv().map_err(|_| abandoned())?
    }

    fn queue<T, F>(&self, work: F) -> Result<oneshot::Receiver<Result<T, ApiError>>, ApiError>
    where
        T: Send + 'static,
        F: FnOnce(&Tx) -> Result<T, ApiError> + Send + 'static,
    {
        let (answer, outcome) = oneshot::channel();
        // The one who asked may have hung up; the data is stored all the same.
        self.write_then(work, move |result| drop(answer.send(result)))?;
        Ok(outcome)
    }

    /// Runs `work` in the next transaction, and then `done` with its outcome, on the writing thread; `done` is dropped if the work was
    /// abandoned.
    pub(crate) fn write_then<T, F, D>(&self, work: F, done: D) -> Result<(), ApiError>
    where
        T: Send + 'static,
        F: FnOnce(&Tx) -> Result<T, ApiError> + Send + 'static,
        D: FnOnce(Result<T, ApiError>) + Send + 'static,
    {
        let job: Job = Box::new(move |tx| {
            let result = work(tx);
            let keep = result.is_ok();
            let done: Done = Box::new(move |durable| {
                done(match result {
                    Ok(_) if !durable => Err(ApiError::storage("the disk did not take the data")),
                    other => other,
                });
            });
            (keep, done)
        });
        self.jobs.send(job).map_err(|_| ApiError::storage("the writer has ended"))
    }

    /// Queues a write that nobody waits for. It is seen by every write queued after it.
    pub(crate) fn write_later<F>(&self, work: F)
    where
        F: FnOnce(&Tx) -> Result<(), ApiError> + Send + 'static,
    {
        let job: Job = Box::new(move |tx| (work(tx).is_ok(), Box::new(|_| {})));
        // Without a writer there is nothing left to note it in.
        let _ = self.jobs.send(job);
    }

    /// Notes a call for the request log, which keeps so many of its device. Every write queued after it that reads the log sees it; it
    /// is on disk a little later.
    pub(crate) fn note(&self, device: Option<DeviceRef>, entry: Entry, keep: u32) {
        if self.notes.add(device, entry, keep) {
            // The writer may be asleep.
            self.write_later(|_| Ok(()));
        }
    }

    /// Runs `work` on a reading connection, which sees everything that was answered before.
    pub(crate) async fn read<T, F>(&self, work: F) -> Result<T, ApiError>
    where
        T: Send + 'static,
        F: FnOnce(&Tx) -> Result<T, ApiError> + Send + 'static,
    {
        let readers = Arc::clone(&self.readers);
        tokio::task::spawn_blocking(move || {
            let tx = readers.take()?;
            let result = work(&tx);
            readers.give_back(tx);
            result
        })
        .await
        .map_err(|_| ApiError::storage("the read was abandoned"))?
    }
}

impl Readers {
    fn take(&self) -> Result<Tx, ApiError> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        if let Some(tx) = idle {
            return Ok(tx);
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags)
            .and_then(|connection| {
                connection.pragma_update(None, "query_only", true)?;
                connection.busy_timeout(Duration::from_secs(5))?;
                connection.set_prepared_statement_cache_capacity(STATEMENTS);
                Ok(connection)
            })
            .map_err(sql::SqlError::from)?;
        Ok(Tx::new(connection, None))
    }

    fn give_back(&self, tx: Tx) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < 8 {
            idle.push(tx);
        }
    }
}

fn abandoned() -> ApiError {
    ApiError::storage("the write was abandoned")
}

/// Settings of the writing connection: a write is on disk when its transaction has ended.
fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "cache_size", CACHE_KIB)?;
    // What a savepoint would need to be undone.
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(())
}

/// The one thread that writes.
struct Writer {
    tx: Tx,
    notes: Arc<Notes>,
    key_changes: Arc<AtomicU64>,
    checkpoint: Checkpoint,
    notices: UnboundedSender<Notice>,
}

impl Writer {
    /// Writes until there is nobody who could ask for it.
    fn run(&mut self, queue: &mpsc::Receiver<Job>) {
        loop {
            let first = if self.notes.is_empty() {
                queue.recv().map_err(|_| RecvTimeoutError::Disconnected)
            } else {
                queue.recv_timeout(notes::PAUSE)
            };
            match first {
                Ok(first) => self.write(first, queue),
                // Nothing else is to be done.
                Err(RecvTimeoutError::Timeout) => {
                    run_batch(&self.tx, Vec::new(), |tx| self.notes.write_some(tx, notes::ALONE));
                }
                Err(RecvTimeoutError::Disconnected) => {
                    run_batch(&self.tx, Vec::new(), |tx| self.notes.write_all(tx));
                    return;
                }
            }
            self.checkpoint.look(self.tx.connection());
        }
    }

    fn write(&self, first: Job, queue: &mpsc::Receiver<Job>) {
        let mut batch = vec![first];
        while batch.len() < BATCH {
            match queue.try_recv() {
                Ok(job) => batch.push(job),
                Err(_) => break,
            }
        }
        let (durable, answers) =
            run_batch(&self.tx, batch, |tx| self.notes.write_some(tx, notes::ALONG));
        if self.tx.take_keys_changed() {
            self.key_changes.fetch_add(1, Ordering::AcqRel);
        }
        for answer in answers {
            answer(durable);
        }
        for notice in self.tx.take_notices() {
            if durable {
                // Without a listener nobody is told.
                let _ = self.notices.send(notice);
            }
        }
    }
}

/// One transaction for the whole batch and what goes along with it; a write that fails is undone alone.
fn run_batch(
    tx: &Tx,
    batch: Vec<Job>,
    along: impl FnOnce(&Tx) -> Result<(), SqlError>,
) -> (bool, Vec<Done>) {
    if tx.execute("BEGIN IMMEDIATE", &[]).is_err() {
        // The senders are dropped with the jobs, which those who wait see as abandoned.
        return (false, Vec::new());
    }
    let mut answers = Vec::with_capacity(batch.len());
    for job in batch {
        let marked = tx.execute("SAVEPOINT one", &[]).is_ok();
        let told = tx.notice_count();
        let outcome = catch_unwind(AssertUnwindSafe(|| job(tx)));
        let keep = matches!(outcome, Ok((true, _)));
        if !keep {
            tx.forget_notices(told);
        }
        if marked {
            // A failure here makes the COMMIT fail, which is told to all.
            let _ = keep || tx.execute("ROLLBACK TO one", &[]).is_ok();
            let _ = tx.execute("RELEASE one", &[]);
        }
        // After a panic the sender is dropped, which the one who waits sees as abandoned.
        answers.extend(outcome.map(|(_, done)| done));
    }
    // What is lost of the log is not worth the batch.
    let _ = along(tx);
    let durable = tx.execute("COMMIT", &[]).is_ok();
    if !durable {
        // Nothing more can be done about it than to say so.
        let _ = tx.execute("ROLLBACK", &[]);
    }
    (durable, answers)
}
