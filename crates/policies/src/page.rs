//! How much of a list is shown, and where it goes on. See `page.md`.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;

use crate::{Condition, Refusal};

/// Records of a page where neither caller nor contract says, a count.
pub const SIZE_DEFAULT: u32 = 50;

/// Records of a page at most where the contract says nothing, a count: what a client can show, and
/// the store reads in one go.
pub const SIZE_MAX_DEFAULT: u32 = 200;

/// Longest cursor, in bytes: a handful of order values, and still short enough for a URL.
pub const CURSOR_BYTES_MAX: usize = 4_096;

/// Bytes of the tag that binds a cursor to its list, a count.
const TAG_BYTES: usize = 16;

/// How lists of an operation are cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageRule {
    /// Records where nothing was asked for, a count.
    pub size: u32,
    /// Records at most, a count.
    pub max: u32,
    /// Whether more than `max` is refused and not cut.
    pub rejects: bool,
}

impl PageRule {
    /// What the contract says.
    #[must_use]
    pub fn of(page: Option<&tenon_graph::serving::Page>) -> Self {
        let count = |value: Option<u64>| value.and_then(|value| u32::try_from(value).ok());
        let max = count(page.and_then(|page| page.max)).unwrap_or(SIZE_MAX_DEFAULT).max(1);
        let size = count(page.and_then(|page| page.size)).unwrap_or(SIZE_DEFAULT);
        Self { size: size.clamp(1, max), max, rejects: page.is_some_and(|page| page.rejects) }
    }
}

/// A page size that is allowed. Only [`size`] makes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageSize {
    records: u32,
}

impl PageSize {
    /// Records, a count.
    #[must_use]
    pub fn records(&self) -> u32 {
        self.records
    }
}

/// How many records a page has, given what was asked for: a number, or a text of digits.
///
/// # Errors
/// `page_size_invalid` for what is no count of at least 1, and for more than the limit where the
/// contract rejects that.
pub fn size(rule: &PageRule, field: &str, asked: Option<&Value>) -> Result<PageSize, Refusal> {
    let bad = |reason: String| Refusal::new(Condition::PageSizeInvalid).with_detail(field, reason);
    let asked = match asked {
        None | Some(Value::Null) => return Ok(PageSize { records: rule.size }),
        Some(Value::Number(number)) => number.as_u64(),
        Some(Value::String(text)) => text.parse::<u64>().ok(),
        Some(_) => None,
    };
    let asked = asked
        .filter(|asked| *asked > 0)
        .ok_or_else(|| bad("should be a whole number from 1 on".to_owned()))?;
    if asked > u64::from(rule.max) && rule.rejects {
        return Err(bad(format!("should be {} at most", rule.max)));
    }
    Ok(PageSize { records: u32::try_from(asked).unwrap_or(rule.max).min(rule.max) })
}

/// What a cursor belongs to: it leads nowhere in another list.
#[derive(Debug, Clone, Copy)]
pub struct CursorScope<'a> {
    /// A secret of the gateway, so that cursors cannot be made up; may be empty.
    pub secret: &'a [u8],
    /// The tenant.
    pub tenant: &'a str,
    /// The operation.
    pub operation: &'a str,
    /// What the list is filtered and ordered by.
    pub filters: &'a Value,
}

impl CursorScope<'_> {
    /// What a tag is made of; `None` never comes, since every length is good for a secret.
    fn authenticator(&self, payload: &[u8]) -> Option<Hmac<Sha256>> {
        let filters = tenon_graph::canonical_json(self.filters);
        let mut mac = Hmac::<Sha256>::new_from_slice(self.secret).ok()?;
        for part in [self.tenant.as_bytes(), self.operation.as_bytes(), &filters, payload] {
            // Lengths keep parts from running into each other.
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        Some(mac)
    }
}

/// The cursor after a record with these values: base64url of their JSON, behind a tag.
#[must_use]
pub fn encode_cursor(scope: &CursorScope<'_>, values: &[Value]) -> String {
    let payload = serde_json::to_vec(values).unwrap_or_default();
    let tag = scope.authenticator(&payload).map(|mac| mac.finalize().into_bytes());
    let mut bytes: Vec<u8> = tag.into_iter().flatten().take(TAG_BYTES).collect();
    bytes.extend_from_slice(&payload);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The values of a cursor of this list.
///
/// # Errors
/// `cursor_invalid` for what is no cursor, or one of another list.
pub fn decode_cursor(scope: &CursorScope<'_>, field: &str, cursor: &str) -> Result<Vec<Value>, Refusal> {
    let bad = || {
        Refusal::new(Condition::CursorInvalid)
            .with_detail(field, "is not a cursor of this list; begin again without it")
    };
    if cursor.len() > CURSOR_BYTES_MAX {
        return Err(bad());
    }
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| bad())?;
    let (tag, payload) = bytes.split_at_checked(TAG_BYTES).ok_or_else(bad)?;
    let mac = scope.authenticator(payload).ok_or_else(bad)?;
    mac.verify_truncated_left(tag).map_err(|_| bad())?;
    serde_json::from_slice(payload).map_err(|_| bad())
}
