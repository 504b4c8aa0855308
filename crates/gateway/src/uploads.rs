//! Where uploaded files are kept: a folder beside the store.
//!
//! A file is written under a name of its own (`….part`), made durable, given the name of its record
//! (`….new`), and its last name once the record is committed. So a crash leaves either nothing that
//! counts or a file whose record says what becomes of it; [`Uploads::open`] looks at what is left.

use std::io;
use std::path::{Path, PathBuf};

use tenon_storage::{Found, Read, Store};
use tokio::fs::File;

/// Longest name of a file, in bytes: what file systems take, less the ending.
const NAME_BYTES_MAX: usize = 240;

/// A folder of uploaded files.
#[derive(Debug, Clone)]
pub struct Uploads {
    folder: PathBuf,
}

/// A file that is being written; it is removed unless it is kept.
#[derive(Debug)]
pub(crate) struct Part {
    path: PathBuf,
    settled: bool,
}

impl Uploads {
    /// The folder, made where there is none. What a crash has left in it is finished or removed.
    ///
    /// # Errors
    /// When the folder cannot be made, read or changed, or the store cannot be read.
    pub fn open(folder: PathBuf, store: &Store) -> io::Result<Self> {
        std::fs::create_dir_all(&folder)?;
        for entry in std::fs::read_dir(&folder)? {
            let path = entry?.path();
            let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
            if name.ends_with(".part") {
                std::fs::remove_file(&path)?;
            } else if let Some(last) = name.strip_suffix(".new") {
                match is_recorded(store, last)? {
                    true => std::fs::rename(&path, folder.join(last))?,
                    false => std::fs::remove_file(&path)?,
                }
            }
        }
        Ok(Self { folder })
    }

    /// A new file to write to; `name` is one nobody else uses.
    pub(crate) async fn begin(&self, name: &str) -> io::Result<(Part, File)> {
        let path = self.folder.join(format!("{}.part", escaped(name)));
        let file = File::options().write(true).create_new(true).open(&path).await?;
        Ok((Part { path, settled: false }, file))
    }

    /// Gives a file, durable already, the name of the record that will be committed.
    pub(crate) async fn prepare(&self, part: &mut Part, record: &RecordName<'_>) -> io::Result<()> {
        let name = record.file_name().ok_or_else(|| io::Error::other("the id of the record is too long"))?;
        let path = self.folder.join(format!("{name}.new"));
        tokio::fs::rename(&part.path, &path).await?;
        part.path = path;
        let folder = self.folder.clone();
        // The name must last as the bytes do.
        tokio::task::spawn_blocking(move || std::fs::File::open(folder)?.sync_all()).await?
    }

    /// The record is committed: the file is kept.
    pub(crate) async fn keep(&self, part: &mut Part, record: &RecordName<'_>) {
        part.settled = true;
        let Some(name) = record.file_name() else { return };
        if let Err(error) = tokio::fs::rename(&part.path, self.folder.join(name)).await {
            // It is found under its other name, and gets this one at the next start.
            tracing::warn!(%error, "an uploaded file could not be given its last name");
        }
    }

    /// The record is gone for good: so is its file, if it had one.
    pub(crate) async fn remove(&self, record: &RecordName<'_>) {
        let Some(name) = record.file_name() else { return };
        for path in [self.folder.join(format!("{name}.new")), self.folder.join(name)] {
            match tokio::fs::remove_file(&path).await {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    tracing::warn!(%error, "the file of a record that is gone could not be removed");
                }
                _ => {}
            }
        }
    }

    /// The file of a record; `None` where there is none.
    pub(crate) async fn find(&self, record: &RecordName<'_>) -> Option<File> {
        let name = record.file_name()?;
        match File::open(self.folder.join(&name)).await {
            Ok(file) => Some(file),
            Err(_) => File::open(self.folder.join(format!("{name}.new"))).await.ok(),
        }
    }
}

impl Part {
    /// From now on it may have a record: if nobody says what became of that, the next start looks.
    pub(crate) fn hold(&mut self) {
        self.settled = true;
    }

    /// It has no record for certain.
    pub(crate) fn release(&mut self) {
        self.settled = false;
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if !self.settled
            && let Err(error) = std::fs::remove_file(&self.path)
        {
            tracing::warn!(%error, "what was left of an upload could not be removed");
        }
    }
}

/// Whose file it is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RecordName<'a> {
    pub(crate) tenant: &'a str,
    pub(crate) collection: &'a str,
    pub(crate) id: &'a str,
}

impl RecordName<'_> {
    /// The name of its file: its parts, escaped, so that none can lead out of the folder and no two
    /// records have one name.
    fn file_name(&self) -> Option<String> {
        let name = [self.tenant, self.collection, self.id].map(escaped).join("@");
        (name.len() <= NAME_BYTES_MAX).then_some(name)
    }
}

/// Letters, digits, `-` and `_` as they are, every other byte as `%` and its number.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' => out.push(char::from(byte)),
            // Capitals too: some file systems do not tell them from small letters.
            _ => out.push_str(&format!("%{byte:02x}")),
        }
    }
    out
}

fn is_recorded(store: &Store, name: &str) -> io::Result<bool> {
    let plain =
        |part: &str| percent_encoding::percent_decode_str(part).decode_utf8().map(|text| text.into_owned());
    let parts: Result<Vec<String>, _> = name.split('@').map(plain).collect();
    let parts = parts.ok().and_then(|parts| <[String; 3]>::try_from(parts).ok());
    let Some([tenant, collection, id]) = parts else { return Ok(false) };
    let found = store.read(&[Read::Record { tenant, collection, id }]).map_err(io::Error::other)?;
    Ok(matches!(found.first(), Some(Found::Record(Some(_)))))
}

/// What files of a store at a path stand in.
#[must_use]
pub fn folder_beside(store: &Path) -> PathBuf {
    store.with_file_name("uploads")
}
