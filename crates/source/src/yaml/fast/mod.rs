//! A reader for the YAML that people write: block maps and lists, scalars of every style, flow
//! collections, comments. It is about ten times as fast as the scanner and gives the same tree.
//!
//! Everything else (anchors, aliases, tags, directives, tabs, keys that are no scalars, further
//! documents) and every mistake makes it give up, and the scanner reads the text from its start.
//! So this reader never reports a syntax error, and must be sure of all it accepts: tests hold it
//! to the scanner's tree, byte for byte.

mod block;
mod flow;
mod scalars;

use std::sync::Arc;

use crate::finding::Finding;
use crate::limits::{DEPTH_MAX, SYNTAX_FINDINGS_MAX};
use crate::text::to_u32;
use crate::tree::{Scalar, Tree, TreeBuilder};
use crate::words::blanks;
use crate::{FileId, Span};

/// Longest key that is read here, in bytes; the scanner refuses keys of over 1024 characters.
const KEY_BYTES_MAX: usize = 1000;

/// Reads the text, or gives up.
pub(super) fn load(file: FileId, text: &Arc<String>) -> Option<(Tree, Vec<Finding>)> {
    let bytes = text.as_bytes();
    let start = if bytes.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
    let rest = bytes.get(start..)?;
    if has_odd_characters(rest) {
        return None;
    }
    let mut reader = Reader {
        bytes,
        text,
        at: start,
        line_start: start,
        file,
        builder: TreeBuilder::new(Arc::clone(text)),
        levels: Vec::new(),
        findings: Vec::new(),
        end: 0,
        decoded: String::new(),
    };
    reader.document()?;
    Some((reader.builder.finish(), reader.findings))
}

/// Whether the text has characters that YAML does not allow, or carriage returns.
fn has_odd_characters(bytes: &[u8]) -> bool {
    let mut ascii = true;
    for chunk in bytes.chunks(4096) {
        // No early exit inside, so that the compiler can check many bytes at once.
        let odd = |byte: u8| (byte < b' ' && byte != b'\n' && byte != b'\t') | (byte == 0x7F);
        if chunk.iter().fold(false, |found, &byte| found | odd(byte)) {
            return true;
        }
        ascii &= chunk.is_ascii();
    }
    // U+0080 to U+009F, the byte order mark, U+FFFE and U+FFFF.
    !ascii
        && memchr::memchr2_iter(0xC2, 0xEF, bytes).any(|at| {
            matches!(
                bytes.get(at..).unwrap_or_default(),
                [0xC2, 0x80..=0x9F, ..] | [0xEF, 0xBB, 0xBF, ..] | [0xEF, 0xBF, 0xBE | 0xBF, ..]
            )
        })
}

const BYTE_ORDER_MARK: &[u8] = "\u{FEFF}".as_bytes();

/// A block collection that is open.
#[derive(Clone, Copy)]
struct Level {
    object: bool,
    /// The column of its keys or dashes.
    indent: usize,
}

/// What to read next.
enum Step {
    /// A line; the cursor is on its first character, in that column.
    Line(usize),
    /// A value where a map or list may start, the first character in column `column`. It belongs
    /// to a key or dash in column `parent`; the root belongs to none.
    Node { parent: Option<usize>, column: usize },
    /// What follows the dash in that column.
    AfterDash(usize),
    /// What follows the colon of a key in that column.
    AfterColon(usize),
    /// The end of the text.
    End,
}

struct Reader<'t> {
    bytes: &'t [u8],
    text: &'t str,
    at: usize,
    /// Where the line of the cursor starts.
    line_start: usize,
    file: FileId,
    builder: TreeBuilder,
    levels: Vec<Level>,
    findings: Vec<Finding>,
    /// Where the last value ended: block collections end there too.
    end: u32,
    /// Scratch space for scalars that are decoded.
    decoded: String,
}

impl Reader<'_> {
    fn document(&mut self) -> Option<()> {
        let mut step = self.next_line()?;
        if let Step::Line(0) = step
            && self.starts_with(b"---")
        {
            self.at += 3;
            if !matches!(self.peek(), Some(b'\n' | b' ')) {
                return None;
            }
            step = self.end_of_line()?;
        }
        let Step::Line(column) = step else { return None };
        if column == 0 && self.at_marker() {
            return None;
        }
        step = Step::Node { parent: None, column };
        loop {
            step = match step {
                Step::Line(column) => self.line(column)?,
                Step::Node { parent, column } => self.node(parent, column)?,
                Step::AfterDash(column) => self.after_dash(column)?,
                Step::AfterColon(column) => self.after_colon(column)?,
                Step::End => break,
            };
        }
        while self.levels.pop().is_some() {
            self.close(self.end);
        }
        Some(())
    }

    /// A line below the first value: a key or an item of the collection it is indented for.
    fn line(&mut self, column: usize) -> Option<Step> {
        if column == 0 && self.at_marker() {
            return None;
        }
        let dash = self.at_dash();
        loop {
            let top = *self.levels.last()?;
            if top.indent < column {
                return None;
            }
            let ends = if top.indent > column {
                true
            } else if top.object {
                if dash {
                    return None;
                }
                return self.key(column);
            } else if dash {
                self.at += 1;
                return Some(Step::AfterDash(column));
            } else {
                // A list that is not indented below its key ends at the next key.
                let below = self.levels.len().checked_sub(2).and_then(|index| self.levels.get(index));
                below.is_some_and(|level| level.object && level.indent == column)
            };
            if !ends {
                return None;
            }
            self.levels.pop();
            self.close(self.end);
        }
    }

    fn node(&mut self, parent: Option<usize>, column: usize) -> Option<Step> {
        if self.at_dash() {
            self.open(false, column)?;
            self.at += 1;
            return Some(Step::AfterDash(column));
        }
        if let Some(end) = self.key_end()? {
            self.open(true, column)?;
            return self.named(end, column);
        }
        match parent {
            Some(parent) => self.value(parent + 1),
            None if matches!(self.peek(), Some(b'[' | b'{')) => self.value(0),
            None => None,
        }
    }

    fn open(&mut self, object: bool, indent: usize) -> Option<()> {
        if self.levels.len() >= DEPTH_MAX {
            return None;
        }
        let start = to_u32(self.at);
        if object {
            self.builder.open_object(start)
        } else {
            self.builder.open_array(start)
        };
        self.end = start;
        self.levels.push(Level { object, indent });
        Some(())
    }

    /// Closes the collection opened last.
    fn close(&mut self, end: u32) {
        for (first, second) in self.builder.close(end) {
            if self.findings.len() < SYNTAX_FINDINGS_MAX {
                self.findings.push(super::duplicate_key(self.file, self.text, first, second));
            }
        }
    }

    fn key(&mut self, column: usize) -> Option<Step> {
        let end = self.key_end()??;
        self.named(end, column)
    }

    /// Takes the key at the cursor, which ends at the colon at `end`.
    fn named(&mut self, end: usize, column: usize) -> Option<Step> {
        self.push_key(end);
        self.at = end + 1;
        Some(Step::AfterColon(column))
    }

    /// Adds the key between the cursor and `end`.
    fn push_key(&mut self, end: usize) {
        let span = Span::new(to_u32(self.at), to_u32(end));
        let quoted = matches!(self.peek(), Some(b'"' | b'\''));
        self.builder.key(if quoted { Scalar::Quoted } else { Scalar::Raw }, span);
        self.end = span.end;
    }

    fn after_dash(&mut self, column: usize) -> Option<Step> {
        let behind = self.at;
        match self.skip_spaces() {
            None | Some(b'\n' | b'#') => {
                self.at = behind;
                self.value_below(column, false)
            }
            _ => Some(Step::Node { parent: Some(column), column: self.at - self.line_start }),
        }
    }

    fn after_colon(&mut self, column: usize) -> Option<Step> {
        let behind = self.at;
        match self.skip_spaces() {
            None | Some(b'\n' | b'#') => {
                self.at = behind;
                self.value_below(column, true)
            }
            _ => {
                if self.at_dash() {
                    return None;
                }
                self.value(column + 1)
            }
        }
    }

    /// A value that is not on the line of its key or dash: on the next lines, or missing.
    fn value_below(&mut self, parent: usize, after_colon: bool) -> Option<Step> {
        let behind = self.at;
        let step = self.end_of_line()?;
        if let Step::Line(column) = step {
            if column > parent {
                return Some(Step::Node { parent: Some(parent), column });
            }
            if after_colon && column == parent && self.at_dash() {
                self.open(false, column)?;
                self.at += 1;
                return Some(Step::AfterDash(column));
            }
        }
        self.builder.scalar(Scalar::Null, Span::point(to_u32(behind)));
        self.end = to_u32(behind);
        Some(step)
    }

    /// A scalar or flow collection; its further lines start in column `indent_min` or later.
    fn value(&mut self, indent_min: usize) -> Option<Step> {
        match self.peek()? {
            b'"' | b'\'' => {
                let (scalar, span) = self.quoted(indent_min)?;
                self.leaf(scalar, span);
                self.end_of_line()
            }
            b'|' | b'>' => self.block_scalar(indent_min),
            b'[' | b'{' => {
                self.flow(indent_min)?;
                self.end_of_line()
            }
            _ => self.plain(indent_min),
        }
    }

    fn leaf(&mut self, scalar: Scalar, span: Span) {
        self.builder.scalar(scalar, span);
        self.end = span.end;
    }

    /// The rest of a line behind a value: nothing but spaces and a comment. Goes to the next line.
    fn end_of_line(&mut self) -> Option<Step> {
        let from = self.at;
        match self.skip_spaces() {
            None => return Some(Step::End),
            Some(b'#') if self.at > from => self.comment(),
            Some(b'\n') => {}
            Some(_) => return None,
        }
        self.next_line()
    }

    /// From a line break or the start of the text to the next line that is neither blank nor a
    /// comment.
    fn next_line(&mut self) -> Option<Step> {
        loop {
            if self.peek() == Some(b'\n') {
                self.at += 1;
                self.line_start = self.at;
            }
            match self.skip_spaces() {
                None => return Some(Step::End),
                Some(b'\n') => {}
                Some(b'#') => self.comment(),
                Some(b'\t') => return None,
                Some(_) => return Some(Step::Line(self.at - self.line_start)),
            }
        }
    }

    /// A comment up to the end of its line.
    fn comment(&mut self) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let end = self.at + memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        self.builder.comment(Span::new(to_u32(self.at), to_u32(end)));
        self.at = end;
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn starts_with(&self, prefix: &[u8]) -> bool {
        self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(prefix))
    }

    /// Whether a document marker or directive may stand here, in column 0.
    fn at_marker(&self) -> bool {
        self.peek() == Some(b'%') || self.starts_with(b"---") || self.starts_with(b"...")
    }

    /// Whether the cursor is on the dash of a list item.
    fn at_dash(&self) -> bool {
        self.peek() == Some(b'-') && matches!(self.bytes.get(self.at + 1), None | Some(b' ' | b'\n' | b'\t'))
    }

    /// Steps over spaces. The byte behind them.
    fn skip_spaces(&mut self) -> Option<u8> {
        let first = self.peek();
        if first != Some(b' ') {
            return first;
        }
        self.at += blanks(self.bytes.get(self.at..)?);
        self.peek()
    }
}
