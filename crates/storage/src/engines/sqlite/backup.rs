//! A copy of the store while it is in use.

use std::fs::File;
use std::path::Path;

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use super::lock::beside;
use super::open;
use crate::StoreError;

/// Copies everything at one moment. The copy has its name only when it is whole and durable.
pub(super) fn run(store: &Path, to: &Path) -> Result<(), StoreError> {
    let to = open::resolve(to)?;
    let failed = |why: &dyn std::fmt::Display| StoreError::Engine(format!("{}: {why}", to.display()));
    if to.exists() {
        return Err(failed(&"there is such a file already; a backup never overwrites one"));
    }
    let part = beside(&to, ".part");
    let result = copy(store, &part)
        .and_then(|()| File::open(&part).and_then(|file| file.sync_all()).map_err(|error| failed(&error)))
        .and_then(|()| std::fs::rename(&part, &to).map_err(|error| failed(&error)));
    if result.is_err() {
        // What is left of it is of no use; where it cannot be removed either, the error says enough.
        let _ = std::fs::remove_file(&part);
    }
    result?;
    // The name is durable when the folder is; not every system can say so.
    if let Some(folder) = to.parent() {
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
    }
    Ok(())
}

fn copy(store: &Path, part: &Path) -> Result<(), StoreError> {
    // What an earlier backup that was killed left behind.
    let _ = std::fs::remove_file(part);
    let from = open::reader(store)?;
    let mut copy = Connection::open(part)?;
    let backup = Backup::new(&from, &mut copy)?;
    // All pages in one step: one moment, and nothing to start over when the store is written to.
    match backup.step(-1)? {
        StepResult::Done => {}
        other => return Err(StoreError::Engine(format!("the backup did not finish: {other:?}"))),
    }
    drop(backup);
    copy.close().map_err(|(_, error)| error.into())
}
