//! Whether a file is what it says it is. See `sniff.md`.

use crate::{Condition, Refusal};

/// Bytes of a file that are looked at, a count: every signature below lies within.
pub const SNIFF_BYTES: usize = 512;

/// What the first bytes of a file show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sniffed {
    /// A type with a signature.
    Known(&'static str),
    /// UTF-8 text without control characters: CSV, JSON, Markdown and the like.
    Text,
    /// Nothing that is known.
    Binary,
    /// Nothing at all.
    Empty,
}

/// That a file may be kept. Only [`decide`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadAllowed {
    media_type: String,
}

impl UploadAllowed {
    /// The type it is kept as: what was declared, without parameters, in lower case.
    #[must_use]
    pub fn media_type(&self) -> &str {
        &self.media_type
    }
}

/// Signatures: offset, bytes, type. The more particular stand first.
const SIGNATURES: &[(usize, &[u8], &str)] = &[
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftypavif", "image/avif"),
    (4, b"ftypheic", "image/heic"),
    (0, b"II*\0", "image/tiff"),
    (0, b"MM\0*", "image/tiff"),
    (0, b"BM", "image/bmp"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"PK\x05\x06", "application/zip"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
    (8, b"WAVE", "audio/wav"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"OggS", "audio/ogg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"\x7fELF", "application/x-executable"),
    (0, b"MZ", "application/x-executable"),
    (0, b"\xca\xfe\xba\xbe", "application/x-executable"),
    (0, b"\xcf\xfa\xed\xfe", "application/x-executable"),
    (0, b"#!", "application/x-executable"),
    (0, b"\0asm", "application/wasm"),
];

/// Text that browsers take for a page, whatever it is called, in lower case.
const MARKUP: &[&str] = &["<!doctype html", "<html", "<script", "<svg", "<iframe", "<body", "<head"];

/// What the first bytes of a file show.
#[must_use]
pub fn sniff(head: &[u8]) -> Sniffed {
    let head = head.get(..SNIFF_BYTES).unwrap_or(head);
    if head.is_empty() {
        return Sniffed::Empty;
    }
    let found = SIGNATURES
        .iter()
        .find(|(offset, bytes, _)| head.get(*offset..).is_some_and(|rest| rest.starts_with(bytes)));
    let text = plain_text(head);
    match (found, text) {
        (Some((_, bytes, media_type)), None) if !riff(bytes) || head.starts_with(b"RIFF") => {
            return Sniffed::Known(media_type);
        }
        (Some((_, bytes, media_type)), Some(_)) if TEXTUAL.contains(bytes) => {
            return Sniffed::Known(media_type);
        }
        _ => {}
    }
    let Some(text) = text else { return Sniffed::Binary };
    let start = text.trim_start_matches('\u{feff}').trim_start().to_ascii_lowercase();
    if MARKUP.iter().any(|tag| start.starts_with(tag))
        || (start.starts_with("<?xml") && start.contains("<svg"))
    {
        let svg = start.starts_with("<svg") || start.contains("<svg");
        return Sniffed::Known(if svg { "image/svg+xml" } else { "text/html" });
    }
    Sniffed::Text
}

/// The kinds that text alone can be. Every other begins with letters a table may begin with too, and
/// has control characters soon after.
const TEXTUAL: &[&[u8]] = &[b"%PDF-", b"GIF87a", b"GIF89a", b"#!"];

fn riff(bytes: &[u8]) -> bool {
    matches!(bytes, b"WEBP" | b"WAVE")
}

/// The head of a file as text, if it is UTF-8 without control characters.
fn plain_text(head: &[u8]) -> Option<&str> {
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        // A character may be cut off at the end.
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(head.get(..error.valid_up_to())?).ok()?
        }
        Err(_) => return None,
    };
    let odd = |letter: char| letter.is_control() && !matches!(letter, '\n' | '\r' | '\t' | '\u{c}');
    (!text.contains(odd)).then_some(text)
}

/// Whether a file may be kept, given the types the operation takes (`image/*` too; empty where it
/// takes every one), the declared type and the first bytes.
///
/// # Errors
/// `upload_type_refused`.
pub fn decide(accepted: &[String], declared: Option<&str>, head: &[u8]) -> Result<UploadAllowed, Refusal> {
    let bad = |reason: String| Refusal::new(Condition::UploadTypeRefused).with_detail("content-type", reason);
    let declared = declared.map(essence).filter(|text| text.contains('/'));
    let Some(declared) = declared else { return Err(bad("is missing".to_owned())) };
    if !accepted.is_empty() && !accepted.iter().any(|pattern| covers(pattern, &declared)) {
        return Err(bad(format!("should be {}, not `{declared}`", accepted.join(" or "))));
    }
    let sniffed = sniff(head);
    if agrees(&declared, sniffed) {
        return Ok(UploadAllowed { media_type: declared });
    }
    let found = match sniffed {
        Sniffed::Known(media_type) => format!("`{media_type}`"),
        Sniffed::Text => "plain text".to_owned(),
        Sniffed::Binary => "something else".to_owned(),
        Sniffed::Empty => "empty".to_owned(),
    };
    Err(bad(format!("says `{declared}`, but the file is {found}")))
}

/// A media type without its parameters, in lower case.
pub(crate) fn essence(field: &str) -> String {
    field.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn covers(pattern: &str, media_type: &str) -> bool {
    let pattern = essence(pattern);
    match pattern.strip_suffix("/*") {
        Some("*") => true,
        Some(family) => media_type.split('/').next() == Some(family),
        None => pattern == media_type,
    }
}

fn agrees(declared: &str, sniffed: Sniffed) -> bool {
    let textual = is_textual(declared);
    match sniffed {
        Sniffed::Empty => false,
        Sniffed::Text => textual || !has_signature(declared),
        Sniffed::Binary => !textual && !has_signature(declared),
        Sniffed::Known("application/x-executable" | "application/wasm") => false,
        // Active content counts only under its own name: stored under another it runs in browsers.
        Sniffed::Known(found @ ("text/html" | "image/svg+xml")) => declared == found,
        Sniffed::Known("application/zip") => declared == "application/zip" || is_zip_family(declared),
        Sniffed::Known("application/x-ole-storage") => {
            declared == "application/msword" || declared.starts_with("application/vnd.ms-")
        }
        Sniffed::Known("video/mp4") => {
            matches!(
                declared,
                "video/mp4" | "audio/mp4" | "audio/x-m4a" | "video/quicktime" | "image/heic" | "image/heif"
            )
        }
        Sniffed::Known("video/webm") => matches!(declared, "video/webm" | "audio/webm" | "video/x-matroska"),
        Sniffed::Known("audio/wav") => matches!(declared, "audio/wav" | "audio/x-wav" | "audio/vnd.wave"),
        Sniffed::Known("application/gzip") => matches!(declared, "application/gzip" | "application/x-gzip"),
        Sniffed::Known("image/heic") => matches!(declared, "image/heic" | "image/heif"),
        Sniffed::Known(found) => found == declared,
    }
}

fn is_textual(media_type: &str) -> bool {
    media_type.starts_with("text/")
        || media_type.ends_with("+json")
        || media_type.ends_with("+xml")
        || matches!(
            media_type,
            "application/json"
                | "application/xml"
                | "application/yaml"
                | "application/x-ndjson"
                | "application/csv"
        )
}

fn is_zip_family(media_type: &str) -> bool {
    media_type.starts_with("application/vnd.openxmlformats-officedocument.")
        || media_type.starts_with("application/vnd.oasis.opendocument.")
        || matches!(
            media_type,
            "application/epub+zip" | "application/x-zip-compressed" | "application/java-archive"
        )
}

/// Whether files of a type always begin with a signature that is known here.
fn has_signature(media_type: &str) -> bool {
    SIGNATURES.iter().any(|(_, _, known)| *known == media_type)
        || is_zip_family(media_type)
        || media_type == "application/msword"
}
