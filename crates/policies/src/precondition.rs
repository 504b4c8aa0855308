//! Whether a record is still what the caller saw. See `precondition.md`.

use crate::{Condition, Refusal};

/// That a change may be made to the version that was read. Only [`decide`] makes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VersionChecked {
    version: u64,
}

impl VersionChecked {
    /// The version the write must find.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.version
    }
}

/// The entity tag of a version.
#[must_use]
pub fn etag(version: u64) -> String {
    format!("\"{version}\"")
}

/// Whether a record at a version may be changed, given `If-Match`. Version 0 is no record. Weak
/// tags never match, as RFC 9110 section 13.1.1 says.
///
/// # Errors
/// `precondition_required` where `If-Match` is demanded and missing; `precondition_failed` where
/// it names other versions.
pub fn decide(if_match: Option<&str>, version: u64, required: bool) -> Result<VersionChecked, Refusal> {
    let checked = VersionChecked { version };
    let Some(field) = if_match.map(str::trim) else {
        return match required {
            true => Err(Refusal::new(Condition::PreconditionRequired)),
            false => Ok(checked),
        };
    };
    let matches = match field {
        "*" => version > 0,
        list => version > 0 && list.split(',').any(|tag| tag.trim() == etag(version)),
    };
    if matches { Ok(checked) } else { Err(Refusal::new(Condition::PreconditionFailed)) }
}

/// Whether the caller has this version already, given `If-None-Match`: the answer is 304 then.
#[must_use]
pub fn is_unchanged(if_none_match: Option<&str>, version: u64) -> bool {
    let Some(field) = if_none_match.map(str::trim) else { return false };
    let strong = |tag: &str| tag.trim().trim_start_matches("W/") == etag(version);
    version > 0 && (field == "*" || field.split(',').any(strong))
}
