//! A version on the disk.

use std::path::Path;

use tenon_graph::ReferenceProblem;
use tenon_readers::{Files, Root};

use super::{Version, Wanted, below, folder_of, join, or_here};
use crate::disk::{self, Disk};
use crate::failure::Failure;

/// The files at or below a path.
///
/// # Errors
/// When there is nothing at the path.
pub fn open(path: &Path, wanted: Wanted<'_>) -> Result<Version, Failure> {
    let folder = folder_of(path);
    let base = disk::display(&folder);
    let paths = [path.to_path_buf()];
    let found = disk::find(&paths, &|path| wanted(&folder, below(&base, path)))?;
    let roots =
        found.into_iter().map(|root| Root { path: below(&base, &root.path).to_owned(), ..root }).collect();
    let files = Box::new(Below { base: base.clone(), disk: Disk::new(&paths) });
    let name = or_here(&disk::display(path));
    Ok(Version { name, roots, files, label: String::new(), base })
}

/// The disk, seen from a folder.
struct Below {
    base: String,
    disk: Disk,
}

impl Files for Below {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReferenceProblem> {
        self.disk.read(&join(&self.base, path))
    }
}
