//! Scalars: plain, quoted, literal and folded.

use super::{KEY_BYTES_MAX, Reader, Step};
use crate::Span;
use crate::text::to_u32;
use crate::tree::Scalar;
use crate::words::length_before;
use crate::yaml::schema;

/// What ends the part of a plain scalar that is on one line.
enum PlainEnd {
    /// A colon that ends a key.
    Colon,
    /// A comment behind spaces.
    Comment,
    /// The line.
    Line,
}

impl Reader<'_> {
    /// Where the key at the cursor ends, at its colon; `Some(None)` if it is no key.
    pub(super) fn key_end(&self) -> Option<Option<usize>> {
        let end = match self.peek()? {
            quote @ (b'"' | b'\'') => {
                let rest = self.bytes.get(self.at + 1..)?;
                let stop = memchr::memchr3(quote, b'\\', b'\n', rest)?;
                let close = self.at + 1 + stop;
                if self.bytes.get(close) != Some(&quote) {
                    // It has escapes or several lines: a value, or a key that is left to the
                    // scanner; `end_of_line` finds the colon behind it.
                    return Some(None);
                }
                match self.bytes.get(close + 1) {
                    Some(b':') => close + 1,
                    _ => return Some(None),
                }
            }
            b'[' | b'{' | b'|' | b'>' => return Some(None),
            _ => {
                let (end, kind) = self.plain_end(self.at)?;
                if !matches!(kind, PlainEnd::Colon) {
                    return Some(None);
                }
                if self.bytes.get(end - 1) == Some(&b' ') || self.bytes.get(self.at..end) == Some(b"<<") {
                    return None;
                }
                end
            }
        };
        let separated = matches!(self.bytes.get(end + 1), None | Some(b' ' | b'\n'));
        (separated && end - self.at <= KEY_BYTES_MAX).then_some(Some(end))
    }

    /// The end of the plain scalar at `from` on its line, spaces before it included. `None` for
    /// what cannot be plain.
    fn plain_end(&self, from: usize) -> Option<(usize, PlainEnd)> {
        match self.bytes.get(from)? {
            b'?' | b':' | b',' | b']' | b'}' | b'&' | b'*' | b'!' | b'%' | b'@' | b'`' | b'[' | b'{'
            | b'|' | b'>' | b'"' | b'\'' | b'#' => None,
            _ => self.plain_rest(from),
        }
    }

    /// As [`Self::plain_end`], for text inside a plain scalar, where any character may stand.
    fn plain_rest(&self, from: usize) -> Option<(usize, PlainEnd)> {
        let mut at = from;
        loop {
            at += length_before(b':', b'#', self.bytes.get(at..)?);
            let kind = match self.bytes.get(at) {
                None | Some(b'\n') => PlainEnd::Line,
                Some(b':') if matches!(self.bytes.get(at + 1), None | Some(b' ' | b'\n' | b'\t')) => {
                    PlainEnd::Colon
                }
                Some(b'#') if at > from && self.bytes.get(at - 1) == Some(&b' ') => PlainEnd::Comment,
                Some(b':' | b'#') => {
                    at += 1;
                    continue;
                }
                // A tab.
                Some(_) => return None,
            };
            return Some((at, kind));
        }
    }

    /// A plain scalar, on one line or more.
    pub(super) fn plain(&mut self, indent_min: usize) -> Option<Step> {
        let start = self.at;
        let (end, kind) = self.plain_end(start)?;
        let mut text_end = self.trim_spaces(start, end);
        self.at = end;
        let mut folded = false;
        let mut open = matches!(kind, PlainEnd::Line);
        if matches!(kind, PlainEnd::Colon) {
            return None;
        }
        while open && let Some((line, breaks)) = self.continuation(indent_min)? {
            if !folded {
                self.decoded.clear();
                self.decoded.push_str(self.text.get(start..text_end)?);
                folded = true;
            }
            fold(&mut self.decoded, breaks);
            let (end, kind) = self.plain_rest(line)?;
            if matches!(kind, PlainEnd::Colon) {
                return None;
            }
            open = matches!(kind, PlainEnd::Line);
            text_end = self.trim_spaces(line, end);
            self.decoded.push_str(self.text.get(line..text_end)?);
            self.at = end;
        }
        let span = Span::new(to_u32(start), to_u32(text_end));
        let scalar = if folded {
            schema::plain(&self.decoded, false)
        } else {
            schema::plain(self.text.get(start..text_end)?, true)
        };
        self.leaf(scalar, span);
        self.at = text_end;
        self.line_start_before(text_end);
        self.end_of_line()
    }

    /// The next line, from a line break, if a plain scalar goes on in it: where its text starts,
    /// and the line breaks before it.
    fn continuation(&self, indent_min: usize) -> Option<Option<(usize, usize)>> {
        let mut at = self.at;
        let mut breaks = 0;
        while self.bytes.get(at) == Some(&b'\n') {
            at += 1;
            breaks += 1;
            let line_start = at;
            while self.bytes.get(at) == Some(&b' ') {
                at += 1;
            }
            match self.bytes.get(at) {
                None => return Some(None),
                Some(b'\n') => {}
                Some(b'\t') => return None,
                Some(b'#') => return Some(None),
                Some(_) if at - line_start >= indent_min => return Some(Some((at, breaks))),
                Some(_) => return Some(None),
            }
        }
        Some(None)
    }

    fn trim_spaces(&self, start: usize, end: usize) -> usize {
        let slice = self.bytes.get(start..end).unwrap_or_default();
        start + slice.iter().rposition(|&byte| byte != b' ').map_or(0, |last| last + 1)
    }

    /// Sets the start of the line around `at`, after a value of several lines.
    fn line_start_before(&mut self, at: usize) {
        let before = self.bytes.get(self.line_start..at).unwrap_or_default();
        if let Some(found) = memchr::memrchr(b'\n', before) {
            self.line_start += found + 1;
        }
    }

    /// A quoted scalar; its further lines start in column `indent_min` or later.
    pub(super) fn quoted(&mut self, indent_min: usize) -> Option<(Scalar, Span)> {
        let start = self.at;
        let quote = self.peek()?;
        let inner = start + 1;
        let rest = self.bytes.get(inner..)?;
        let stop = match quote {
            b'"' => memchr::memchr3(b'"', b'\\', b'\n', rest)?,
            _ => memchr::memchr2(b'\'', b'\n', rest)?,
        };
        let close = inner + stop;
        let doubled = quote == b'\'' && self.bytes.get(close + 1) == Some(&b'\'');
        if self.bytes.get(close) == Some(&quote) && !doubled {
            self.at = close + 1;
            return Some((Scalar::Quoted, Span::new(to_u32(start), to_u32(self.at))));
        }
        self.decoded.clear();
        self.at = inner;
        if quote == b'"' {
            self.decode_double(indent_min)?
        } else {
            self.decode_single(indent_min)?
        }
        self.line_start_before(self.at);
        Some((Scalar::Text(self.decoded.as_str().to_owned()), Span::new(to_u32(start), to_u32(self.at))))
    }

    fn decode_single(&mut self, indent_min: usize) -> Option<()> {
        loop {
            let rest = self.bytes.get(self.at..)?;
            let stop = self.at + memchr::memchr2(b'\'', b'\n', rest)?;
            self.decoded.push_str(self.text.get(self.at..stop)?);
            self.at = stop;
            if self.peek() == Some(b'\n') {
                self.fold_quoted(indent_min, 0)?;
            } else if self.bytes.get(stop + 1) == Some(&b'\'') {
                self.decoded.push('\'');
                self.at = stop + 2;
            } else {
                self.at = stop + 1;
                return Some(());
            }
        }
    }

    fn decode_double(&mut self, indent_min: usize) -> Option<()> {
        // What escapes have put there is no white space that folding may take away.
        let mut kept = 0;
        loop {
            let rest = self.bytes.get(self.at..)?;
            let stop = self.at + memchr::memchr3(b'"', b'\\', b'\n', rest)?;
            self.decoded.push_str(self.text.get(self.at..stop)?);
            self.at = stop;
            match self.peek()? {
                b'"' => {
                    self.at = stop + 1;
                    return Some(());
                }
                b'\n' => self.fold_quoted(indent_min, kept)?,
                _ if self.bytes.get(stop + 1) == Some(&b'\n') => {
                    self.at = stop + 1;
                    let breaks = self.quoted_line(indent_min)?;
                    if breaks > 1 {
                        return None;
                    }
                }
                _ => self.escape()?,
            }
            kept = kept.max(if self.bytes.get(stop) == Some(&b'\\') { self.decoded.len() } else { 0 });
        }
    }

    /// Folds the line break at the cursor and goes to the text of the next line.
    fn fold_quoted(&mut self, indent_min: usize, kept: usize) -> Option<()> {
        while self.decoded.len() > kept && self.decoded.ends_with(' ') {
            self.decoded.pop();
        }
        if self.decoded.len() > kept && self.decoded.ends_with('\t') {
            return None;
        }
        let breaks = self.quoted_line(indent_min)?;
        fold(&mut self.decoded, breaks);
        Some(())
    }

    /// From a line break in a quoted scalar to the text of the next line: the breaks stepped over.
    fn quoted_line(&mut self, indent_min: usize) -> Option<usize> {
        let mut breaks = 0;
        loop {
            self.at += 1;
            breaks += 1;
            let line_start = self.at;
            match self.skip_spaces()? {
                b'\n' => {}
                b'\t' => return None,
                _ if self.at == line_start && self.at_marker() => return None,
                _ if self.at - line_start >= indent_min => return Some(breaks),
                _ => return None,
            }
        }
    }

    /// The escape at the cursor, in double quotes.
    fn escape(&mut self) -> Option<()> {
        let character = match self.bytes.get(self.at + 1)? {
            b'0' => '\0',
            b'a' => '\u{7}',
            b'b' => '\u{8}',
            b't' => '\t',
            b'n' => '\n',
            b'v' => '\u{B}',
            b'f' => '\u{C}',
            b'r' => '\r',
            b'e' => '\u{1B}',
            b' ' => ' ',
            b'"' => '"',
            b'/' => '/',
            b'\\' => '\\',
            b'N' => '\u{85}',
            b'_' => '\u{A0}',
            b'L' => '\u{2028}',
            b'P' => '\u{2029}',
            b'x' => return self.hexadecimal(2),
            b'u' => return self.hexadecimal(4),
            b'U' => return self.hexadecimal(8),
            _ => return None,
        };
        self.decoded.push(character);
        self.at += 2;
        Some(())
    }

    fn hexadecimal(&mut self, digits: usize) -> Option<()> {
        let code = self.text.get(self.at + 2..self.at + 2 + digits)?;
        if !code.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        // Surrogates, which come in pairs, are left to the scanner.
        self.decoded.push(char::from_u32(u32::from_str_radix(code, 16).ok()?)?);
        self.at += 2 + digits;
        Some(())
    }
}

/// Line breaks between two lines of text: one is a space, of more the first is dropped.
fn fold(text: &mut String, breaks: usize) {
    if breaks == 1 {
        text.push(' ');
    } else {
        text.extend(std::iter::repeat_n('\n', breaks - 1));
    }
}
