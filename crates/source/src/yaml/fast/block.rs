//! Block scalars: `|` literal and `>` folded.

use super::{Reader, Step};
use crate::Span;
use crate::text::to_u32;
use crate::tree::Scalar;

/// What happens to the line breaks at the end.
#[derive(Clone, Copy, PartialEq)]
enum Chomp {
    Strip,
    Clip,
    Keep,
}

struct Header {
    folded: bool,
    chomp: Chomp,
    /// The column where the text starts, if the header says so.
    indent: Option<usize>,
}

/// What a line of a block scalar is.
enum Line {
    Blank,
    /// Text from `start` to `end`.
    Text {
        start: usize,
        end: usize,
    },
    /// A line that belongs to what follows, or the end of the text.
    After,
}

impl Reader<'_> {
    /// A block scalar, the cursor on its `|` or `>`; its lines start in column `indent_min` or later, which is at least 1.
    pub(super) fn block_scalar(&mut self, indent_min: usize) -> Option<Step> {
        let start = self.at;
        let header = self.block_header(indent_min)?;
        let indent = match header.indent {
            Some(indent) => indent,
            None => self.block_indent(indent_min)?,
        };
        self.decoded.clear();
        let mut text_end = 0;
        let mut breaks = 0_usize;
        let mut before_spaced = false;
        loop {
            match self.block_line(indent)? {
                Line::Blank => breaks += 1,
                Line::Text { start, end } => {
                    let spaced = matches!(self.bytes.get(start), Some(b' ' | b'\t'));
                    let first = text_end == 0;
                    if first || !header.folded || spaced || before_spaced {
                        self.decoded.extend(std::iter::repeat_n('\n', breaks));
                    } else if breaks == 1 {
                        self.decoded.push(' ');
                    } else {
                        self.decoded.extend(std::iter::repeat_n('\n', breaks - 1));
                    }
                    self.decoded.push_str(self.text.get(start..end)?);
                    (text_end, breaks, before_spaced) = (end, 1, spaced);
                    self.at = end;
                }
                Line::After => break,
            }
        }
        if text_end == 0 {
            return None;
        }
        match header.chomp {
            Chomp::Strip => {}
            Chomp::Clip => self.decoded.push('\n'),
            Chomp::Keep => self.decoded.extend(std::iter::repeat_n('\n', breaks)),
        }
        let whole = self.text.get(start..text_end)?.trim_end();
        let span = Span::new(to_u32(start), to_u32(start + whole.len()));
        self.leaf(Scalar::Text(self.decoded.as_str().to_owned()), span);
        self.next_line()
    }

    /// Reads the header up to the first line break.
    fn block_header(&mut self, indent_min: usize) -> Option<Header> {
        let mut header = Header { folded: self.peek() == Some(b'>'), chomp: Chomp::Clip, indent: None };
        self.at += 1;
        for _ in 0..2 {
            match self.peek()? {
                b'-' if header.chomp == Chomp::Clip => header.chomp = Chomp::Strip,
                b'+' if header.chomp == Chomp::Clip => header.chomp = Chomp::Keep,
                digit @ b'1'..=b'9' if header.indent.is_none() => {
                    header.indent = Some(indent_min.saturating_sub(1) + usize::from(digit - b'0'));
                }
                _ => break,
            }
            self.at += 1;
        }
        let from = self.at;
        match self.skip_spaces()? {
            b'\n' => {}
            b'#' if self.at > from => self.comment(),
            _ => return None,
        }
        (self.peek() == Some(b'\n')).then_some(header)
    }

    /// The column where the text starts: that of the first line that is not blank.
    fn block_indent(&self, indent_min: usize) -> Option<usize> {
        let mut at = self.at;
        let mut blank_max = 0;
        loop {
            at += 1;
            let line_start = at;
            while self.bytes.get(at) == Some(&b' ') {
                at += 1;
            }
            let indent = at - line_start;
            match self.bytes.get(at)? {
                b'\n' => blank_max = blank_max.max(indent),
                b'\t' => return None,
                _ => return (indent >= indent_min && blank_max <= indent).then_some(indent),
            }
        }
    }

    /// The line behind the line break at the cursor. The cursor goes to the end of a blank line,
    /// stays for text, and goes to the start of a line that follows the scalar.
    fn block_line(&mut self, indent: usize) -> Option<Line> {
        let line_start = self.at + 1;
        let mut at = line_start;
        while at - line_start < indent && self.bytes.get(at) == Some(&b' ') {
            at += 1;
        }
        match self.bytes.get(at) {
            // The text ends here; how its last line ends is known only with a line break.
            None if at == line_start => return Some(Line::After),
            None | Some(b'\t') if at - line_start < indent => return None,
            Some(b'\n') => {
                self.at = at;
                return Some(Line::Blank);
            }
            Some(_) if at - line_start < indent => return Some(Line::After),
            _ => {}
        }
        let rest = self.bytes.get(at..)?;
        let end = at + memchr::memchr(b'\n', rest)?;
        // A line of spaces only, longer than the indentation, is a case of its own.
        let blank = rest.get(..end - at)?.iter().all(|&byte| matches!(byte, b' ' | b'\t'));
        if blank { None } else { Some(Line::Text { start: at, end }) }
    }
}
