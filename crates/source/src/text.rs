//! Bytes to text, and offsets to lines and columns.

use std::sync::Arc;

use crate::Span;
use crate::codes;
use crate::finding::Code;
use crate::limits::FILE_BYTES_MAX;

/// The syntax a file is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// RFC 8259.
    Json,
    /// YAML 1.2, core schema.
    Yaml,
    /// Protobuf: proto2, proto3 or an edition.
    Proto,
}

impl Format {
    /// The format of a file by its name, or else by its first character.
    #[must_use]
    pub fn detect(path: &str, text: &str) -> Self {
        let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
        match extension.to_ascii_lowercase().as_str() {
            "json" => Self::Json,
            "yaml" | "yml" => Self::Yaml,
            "proto" => Self::Proto,
            _ if text.trim_start().starts_with(['{', '[']) => Self::Json,
            _ => Self::Yaml,
        }
    }
}

/// Turns the bytes of a file into text.
///
/// A UTF-8 byte order mark is kept, so that spans still count from the first byte of the file;
/// the parsers skip it.
///
/// # Errors
/// The code and message of what is wrong, and where: too large, UTF-16, binary, or not UTF-8.
pub fn decode(bytes: Vec<u8>) -> Result<Arc<String>, (&'static Code, String, Span)> {
    if bytes.len() > FILE_BYTES_MAX {
        let message =
            format!("the file has {} bytes; files over {} bytes are not read", bytes.len(), FILE_BYTES_MAX);
        return Err((&codes::FILE_TOO_LARGE, message, Span::default()));
    }
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        let message = "the file is UTF-16; contracts are read as UTF-8".to_owned();
        return Err((&codes::NOT_UTF8, message, Span::default()));
    }
    if let Some(offset) = memchr::memchr(0, &bytes) {
        let message = format!("the file is binary: it has a NUL byte at offset {offset}");
        return Err((&codes::NOT_UTF8, message, Span::default()));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text.into()),
        Err(error) => {
            let offset = error.utf8_error().valid_up_to();
            let message = format!("the file is not UTF-8: the byte at offset {offset} starts no character");
            Err((&codes::NOT_UTF8, message, Span::default()))
        }
    }
}

/// A place as people say it: both count from 1, columns in Unicode code points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineColumn {
    /// Line, from 1.
    pub line: u32,
    /// Column in code points, from 1.
    pub column: u32,
}

/// Where each line of a text starts.
#[derive(Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    /// Indexes a text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let newlines = memchr::memchr_iter(b'\n', text.as_bytes());
        let starts = std::iter::once(0).chain(newlines.map(|offset| to_u32(offset) + 1)).collect();
        Self { starts }
    }

    /// The line and column of a byte offset of the text that was indexed.
    #[must_use]
    pub fn locate(&self, text: &str, offset: u32) -> LineColumn {
        let line = self.starts.partition_point(|&start| start <= offset).max(1);
        let start = self.starts.get(line - 1).copied().unwrap_or(0) as usize;
        let before = text.as_bytes().get(start..(offset as usize).min(text.len())).unwrap_or_default();
        // A code point starts at every byte that is no continuation byte.
        let column = before.iter().filter(|&&byte| byte & 0xC0 != 0x80).count();
        let bom = u32::from(start == 0 && text.starts_with('\u{FEFF}') && column > 0);
        LineColumn { line: to_u32(line), column: to_u32(column) + 1 - bom }
    }

    /// The bytes of a line (from 1), without its line break.
    #[must_use]
    pub fn line_span(&self, text: &str, line: u32) -> Span {
        let index = line.saturating_sub(1) as usize;
        let start = self.starts.get(index).copied().unwrap_or(to_u32(text.len()));
        let end = self.starts.get(index + 1).map_or(to_u32(text.len()), |next| next - 1);
        let carriage = end > start && text.as_bytes().get(end as usize - 1) == Some(&b'\r');
        Span::new(start, end - u32::from(carriage))
    }

    /// The number of lines.
    #[must_use]
    pub fn count(&self) -> u32 {
        to_u32(self.starts.len())
    }
}

/// Offsets fit: files are at most [`FILE_BYTES_MAX`].
pub(crate) fn to_u32(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}
