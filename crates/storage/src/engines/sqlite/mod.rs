//! One SQLite file: a connection that writes, some that read, one that moves what was written from
//! the write-ahead log to its place.
//!
//! Every commit is durable when it returns (`synchronous=FULL`).

mod backup;
mod checkpoint;
mod lock;
mod migrations;
mod open;
mod prune;
mod read;
mod readers;
mod seen;
mod values;
mod write;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::Mutex;

use crate::{CommitError, Delivery, DueQuery, Engine, Found, Heads, PruneUntil, Pruned, Read, Receipt};
use crate::{StoreError, Transaction};
use checkpoint::Checkpoints;
use lock::Lock;
use read::Spaces;
use readers::Readers;
use seen::Seen;
use values::Digest;
use write::Writer;

/// An engine that keeps everything in one SQLite file.
#[derive(Debug)]
pub struct Sqlite {
    path: PathBuf,
    /// Dropped in this order: the lock goes last.
    checkpoints: Option<Checkpoints>,
    readers: Readers,
    spaces: Spaces,
    /// Not there where another process may write keys.
    seen: Option<Arc<Seen>>,
    /// Not there where the file was opened to read.
    writer: Option<Mutex<Writer>>,
    _lock: Option<Lock>,
}

impl Sqlite {
    /// Opens a file to read and write, and makes it where there is none. One process at a time.
    ///
    /// # Errors
    /// When another process has it open to write, it is not a store of ours, a newer version made
    /// it, or the system refuses.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let path = open::resolve(path)?;
        let lock = Lock::take(&path)?;
        let connection = open::writer(&path)?;
        let readers = Readers::open(&path)?;
        let checkpoints = Checkpoints::start(&path)?;
        let seen = Arc::new(Seen::read(&connection)?);
        let writer = Writer::new(connection, Arc::clone(&seen))?;
        Ok(Self {
            path,
            checkpoints: Some(checkpoints),
            readers,
            spaces: Spaces::default(),
            seen: Some(seen),
            writer: Some(Mutex::new(writer)),
            _lock: Some(lock),
        })
    }

    /// Opens a file that is there, only to read; another process may write to it meanwhile.
    ///
    /// # Errors
    /// When it is not there, it is not a store of ours, its tables have another version than this
    /// program's, or the system refuses.
    pub fn open_to_read(path: &Path) -> Result<Self, StoreError> {
        let path = open::resolve(path)?;
        open::check_to_read(&path)?;
        let readers = Readers::open(&path)?;
        let spaces = Spaces::default();
        Ok(Self { path, checkpoints: None, readers, spaces, seen: None, writer: None, _lock: None })
    }

    fn writer(&self) -> Result<&Mutex<Writer>, StoreError> {
        self.writer.as_ref().ok_or(StoreError::Unsupported("the store was opened only to read"))
    }
}

impl Engine for Sqlite {
    fn describe(&self) -> String {
        format!("sqlite:{}", self.path.display())
    }

    fn read(&self, reads: &[Read]) -> Result<Vec<Found>, StoreError> {
        if let ([Read::Idempotency(key)], Some(seen)) = (reads, &self.seen)
            && !seen.may_have(&Digest::of(key))
        {
            return Ok(vec![Found::Idempotency(None)]);
        }
        // One statement sees one moment by itself.
        if let [one @ (Read::Record { .. } | Read::NaturalKey { .. } | Read::Idempotency(_))] = reads {
            return Ok(vec![self.readers.alone(|connection| read::find(connection, &self.spaces, one))?]);
        }
        self.readers.at_one_moment(|connection| {
            reads.iter().map(|read| read::find(connection, &self.spaces, read)).collect()
        })
    }

    fn commit(&self, group: &[Transaction]) -> Vec<Result<Receipt, CommitError>> {
        let all = |error: StoreError| group.iter().map(|_| Err(error.clone().into())).collect();
        let mut writer = match self.writer() {
            Ok(writer) => writer.lock(),
            Err(error) => return all(error),
        };
        let results = writer.commit(group).unwrap_or_else(all);
        if let Some(checkpoints) = &self.checkpoints {
            checkpoints.after_commit(&mut writer);
        }
        results
    }

    fn heads(&self) -> Result<Heads, StoreError> {
        self.readers.at_one_moment(read::heads)
    }

    fn sequence(&self, tenant: &str, collection: &str) -> Result<u64, StoreError> {
        self.readers.at_one_moment(|connection| read::sequence(connection, tenant, collection))
    }

    fn due_deliveries(&self, query: &DueQuery) -> Result<Vec<Delivery>, StoreError> {
        self.readers.at_one_moment(|connection| read::due(connection, query))
    }

    fn prune(&self, until: &PruneUntil) -> Result<Pruned, StoreError> {
        self.writer()?.lock().prune(until)
    }

    fn backup(&self, to: &Path) -> Result<(), StoreError> {
        backup::run(&self.path, to)
    }
}
