//! The development key: a secret made at first use beside the store, so that `tenon token` and
//! `tenon serve --dev` understand each other with nothing set up.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::KeysProblem;
use crate::Entropy;

/// The issuer of development tokens.
pub const ISSUER: &str = "tenon-dev";

/// The audience of development tokens.
pub const AUDIENCE: &str = "tenon";

/// What the one line of the file begins with, so that it is not taken for something else.
const MARK: &str = "tenon-development-key:HS256:";

/// Bytes of the secret.
const SECRET_BYTES: usize = 32;

/// The development key.
#[derive(Clone, PartialEq, Eq)]
pub struct DevelopmentKey {
    secret: [u8; SECRET_BYTES],
}

impl std::fmt::Debug for DevelopmentKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DevelopmentKey(..)")
    }
}

impl DevelopmentKey {
    /// The file of the key that belongs to a store: beside it, named like it.
    #[must_use]
    pub fn path(store: &Path) -> PathBuf {
        let name = store.file_name().and_then(|name| name.to_str()).unwrap_or("tenon");
        store.with_file_name(format!("{name}.dev-key"))
    }

    /// The key in a text, if that is what it holds.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let encoded = text.trim().strip_prefix(MARK)?;
        let secret = URL_SAFE_NO_PAD.decode(encoded).ok()?.try_into().ok()?;
        Some(Self { secret })
    }

    /// A key that is kept nowhere, for a gateway that runs for a moment.
    #[must_use]
    pub fn passing(entropy: &dyn Entropy) -> Self {
        let mut secret = [0; SECRET_BYTES];
        entropy.fill(&mut secret);
        Self { secret }
    }

    /// The key in a file; made, for its owner alone to read, where there is none.
    ///
    /// # Errors
    /// When the file cannot be read or made, holds something else, or others can read it.
    pub fn open(path: &Path, entropy: &dyn Entropy) -> Result<Self, KeysProblem> {
        match std::fs::read_to_string(path) {
            Ok(text) => {
                others_cannot_read(path)?;
                Self::parse(&text).ok_or_else(|| {
                    let message = format!("{} holds no development key", path.display());
                    KeysProblem::new(message, "move it away, and a new one is made")
                })
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Self::make(path, entropy),
            Err(error) => Err(failed("read", path, &error)),
        }
    }

    /// Makes the file whole or not at all; whoever makes it at the same moment wins or loses.
    fn make(path: &Path, entropy: &dyn Entropy) -> Result<Self, KeysProblem> {
        let Self { secret } = Self::passing(entropy);
        if secret == [0; SECRET_BYTES] {
            return Err(KeysProblem::new("the machine has no randomness", "no key can be made here"));
        }
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("key");
        let beside = path.with_file_name(format!(".{name}.{}.tmp", std::process::id()));
        let line = format!("{MARK}{}\n", URL_SAFE_NO_PAD.encode(secret));
        let made = write_private(&beside, line.as_bytes()).and_then(|()| std::fs::hard_link(&beside, path));
        // What was written beside it has served.
        let _ = std::fs::remove_file(&beside);
        match made {
            Ok(()) => Ok(Self { secret }),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Self::open(path, entropy),
            Err(error) => Err(failed("write", path, &error)),
        }
    }

    /// The secret, to sign and verify.
    pub(super) fn secret(&self) -> &[u8] {
        &self.secret
    }
}

fn failed(what: &str, path: &Path, error: &std::io::Error) -> KeysProblem {
    let message = format!("cannot {what} {}: {error}", path.display());
    KeysProblem::new(message, "the folder of the store must be there, and yours to write")
}

fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// A key that others can read is a key that others can sign with.
#[cfg(unix)]
fn others_cannot_read(path: &Path) -> Result<(), KeysProblem> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = std::fs::metadata(path).map_err(|error| failed("read", path, &error))?.permissions().mode();
    if mode & 0o077 == 0 {
        return Ok(());
    }
    let message = format!("others can read {}", path.display());
    Err(KeysProblem::new(message, "`chmod 600` it, or remove it, and a new one is made"))
}

#[cfg(not(unix))]
fn others_cannot_read(_: &Path) -> Result<(), KeysProblem> {
    Ok(())
}
