//! One process writes.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use crate::StoreError;

/// A lock beside the store, held by the open file: it is gone with the process, however that ends.
///
/// It is not on the store itself: closing any handle of a file drops the locks SQLite has on it.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    pub(super) fn take(store: &Path) -> Result<Self, StoreError> {
        let path = beside(store, "-lock");
        let failed = |error: std::io::Error| StoreError::Engine(format!("{}: {error}", path.display()));
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {
                // Who holds it is only for people to read; the lock does not depend on it.
                let _ = file.set_len(0).and_then(|()| writeln!(file, "process {}", std::process::id()));
                Ok(Self { _file: file })
            }
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                let is_read = file.rewind().and_then(|()| file.read_to_string(&mut holder)).is_ok();
                let holder = holder.trim();
                let process = (is_read && !holder.is_empty()).then(|| holder.to_owned());
                Err(StoreError::InUse { file: store.display().to_string(), process })
            }
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }
}

/// The path with something behind its name.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}
