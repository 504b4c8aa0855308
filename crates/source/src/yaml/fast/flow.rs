//! Flow collections: `[a, b]` and `{a: b}`.

use super::{KEY_BYTES_MAX, Reader};
use crate::Span;
use crate::limits::DEPTH_MAX;
use crate::text::to_u32;
use crate::yaml::schema;

impl Reader<'_> {
    /// The flow collection at the cursor, whose further lines start in column `indent_min` or later.
    pub(super) fn flow(&mut self, indent_min: usize) -> Option<()> {
        // Whether each open collection is an object.
        let mut open = Vec::new();
        self.flow_open(&mut open)?;
        while let Some(&object) = open.last() {
            // The cursor is behind an opening bracket or a comma.
            let first = matches!(self.bytes.get(self.at - 1), Some(b'[' | b'{'));
            let byte = self.flow_space(indent_min)?;
            if matches!(byte, b']' | b'}') {
                if !first || (byte == b'}') != object {
                    return None;
                }
                self.flow_close(&mut open);
            } else {
                if object {
                    self.flow_key(indent_min)?;
                }
                if matches!(self.peek()?, b'[' | b'{') {
                    self.flow_open(&mut open)?;
                    continue;
                }
                self.flow_scalar(indent_min)?;
            }
            self.flow_ends(&mut open, indent_min)?;
        }
        Some(())
    }

    fn flow_open(&mut self, open: &mut Vec<bool>) -> Option<()> {
        if self.levels.len() + open.len() >= DEPTH_MAX {
            return None;
        }
        let object = self.peek() == Some(b'{');
        let start = to_u32(self.at);
        if object {
            self.builder.open_object(start)
        } else {
            self.builder.open_array(start)
        };
        open.push(object);
        self.at += 1;
        Some(())
    }

    fn flow_close(&mut self, open: &mut Vec<bool>) {
        self.at += 1;
        self.end = to_u32(self.at);
        open.pop();
        self.close(self.end);
    }

    /// Behind a value: closing brackets, up to a comma or the end of the outermost collection.
    fn flow_ends(&mut self, open: &mut Vec<bool>, indent_min: usize) -> Option<()> {
        while let Some(&object) = open.last() {
            match self.flow_space(indent_min)? {
                b',' => {
                    self.at += 1;
                    return Some(());
                }
                b']' if !object => self.flow_close(open),
                b'}' if object => self.flow_close(open),
                _ => return None,
            }
        }
        Some(())
    }

    /// `key:` in a flow map, up to the value.
    fn flow_key(&mut self, indent_min: usize) -> Option<()> {
        let end = match self.peek()? {
            quote @ (b'"' | b'\'') => {
                let rest = self.bytes.get(self.at + 1..)?;
                let stop = memchr::memchr3(quote, b'\\', b'\n', rest)?;
                let close = self.at + 1 + stop;
                if self.bytes.get(close) != Some(&quote) {
                    return None;
                }
                close + 1
            }
            _ => self.flow_plain_end(self.at)?,
        };
        let plain = !matches!(self.peek(), Some(b'"' | b'\''));
        let blank = self.bytes.get(end + 1).is_none_or(|byte| matches!(byte, b' ' | b'\n'));
        let merge = self.bytes.get(self.at..end) == Some(b"<<");
        if self.bytes.get(end) != Some(&b':') || (plain && !blank) || merge || end - self.at > KEY_BYTES_MAX {
            return None;
        }
        self.push_key(end);
        self.at = end + 1;
        // A value that is missing is left to the scanner.
        (!matches!(self.flow_space(indent_min)?, b',' | b']' | b'}')).then_some(())
    }

    fn flow_scalar(&mut self, indent_min: usize) -> Option<()> {
        if matches!(self.peek()?, b'"' | b'\'') {
            let (scalar, span) = self.quoted(indent_min)?;
            self.leaf(scalar, span);
            return Some(());
        }
        let end = self.flow_plain_end(self.at)?;
        let scalar = schema::plain(self.text.get(self.at..end)?, true);
        let span = Span::new(to_u32(self.at), to_u32(end));
        self.leaf(scalar, span);
        self.at = end;
        Some(())
    }

    /// The end of the plain scalar at `from`, which is one line at most.
    fn flow_plain_end(&self, from: usize) -> Option<usize> {
        match self.bytes.get(from)? {
            b'?' | b':' | b',' | b'&' | b'*' | b'!' | b'%' | b'@' | b'`' | b'|' | b'>' | b'#' | b'-' => {
                let number = self
                    .bytes
                    .get(from..from + 2)
                    .is_some_and(|pair| matches!(pair, [b'-', digit] if digit.is_ascii_alphanumeric()));
                if !number {
                    return None;
                }
            }
            _ => {}
        }
        let rest = self.bytes.get(from..)?;
        for (index, &byte) in rest.iter().enumerate() {
            let end = match byte {
                b',' | b']' | b'}' | b'\n' => true,
                b'[' | b'{' | b'\t' | b'#' => return None,
                b':' => {
                    matches!(rest.get(index + 1)?, b' ' | b'\n' | b',' | b'[' | b']' | b'{' | b'}' | b'\t')
                }
                _ => false,
            };
            if end {
                let spaces = rest.get(..index)?.iter().rev().take_while(|&&byte| byte == b' ').count();
                // A colon ends a key only directly behind it; the rest is left to the scanner.
                return (byte != b':' || spaces == 0).then_some(from + index - spaces);
            }
        }
        None
    }

    /// Steps over spaces and line breaks. The byte behind them.
    fn flow_space(&mut self, indent_min: usize) -> Option<u8> {
        loop {
            match self.skip_spaces()? {
                b'\n' => {
                    self.at += 1;
                    self.line_start = self.at;
                    let byte = self.skip_spaces()?;
                    let marker = self.at == self.line_start && self.at_marker();
                    if byte != b'\n' && (marker || self.at - self.line_start < indent_min) {
                        return None;
                    }
                }
                b'\t' | b'#' => return None,
                byte => return Some(byte),
            }
        }
    }
}
