//! JSON (RFC 8259) to a [`Tree`], with recovery: one mistake hides neither the next nor the rest.

use std::sync::Arc;

use crate::finding::{Finding, Place};
use crate::limits::{DEPTH_MAX, SYNTAX_FINDINGS_MAX};
use crate::text::to_u32;
use crate::tree::{Scalar, Tree, TreeBuilder};
use crate::words::{blanks, length_before};
use crate::{FileId, Span, codes};

/// Reads JSON text that stands in no file, such as the body of a request. What is not JSON is a
/// finding, a repeated member too; the tree holds the rest.
#[must_use]
pub fn parse_text(text: Arc<String>) -> (Tree, Vec<Finding>) {
    parse(FileId(u32::MAX), text)
}

/// Reads JSON text. What is not JSON is a finding; the tree holds the rest.
pub(crate) fn parse(file: FileId, text: Arc<String>) -> (Tree, Vec<Finding>) {
    let bytes = Arc::clone(&text);
    let builder = TreeBuilder::new(text);
    let mut parser = Parser {
        bytes: bytes.as_bytes(),
        at: 0,
        file,
        builder,
        findings: Vec::new(),
        mistakes: 0,
        commented: false,
    };
    parser.document();
    (parser.builder.finish(), parser.findings)
}

struct Parser<'t> {
    bytes: &'t [u8],
    at: usize,
    file: FileId,
    builder: TreeBuilder,
    findings: Vec<Finding>,
    /// Syntax findings, a count.
    mistakes: usize,
    /// Whether comments were found: one finding is enough.
    commented: bool,
}

/// What a container waits for.
#[derive(Clone, Copy, PartialEq)]
enum Want {
    /// A member or item, or the end (`first`: nothing stands in it yet).
    Child { first: bool },
    /// A comma or the end.
    CommaOrEnd,
}

struct Open {
    object: bool,
    start: u32,
    want: Want,
}

impl Parser<'_> {
    fn document(&mut self) {
        if self.bytes.starts_with("\u{FEFF}".as_bytes()) {
            self.at = 3;
        }
        self.skip_space();
        if self.at >= self.bytes.len() {
            self.report_code(&codes::EMPTY, self.here(), "the file is empty: it has no JSON value");
            self.builder.scalar(Scalar::Null, Span::default());
            return;
        }
        let mut open: Vec<Open> = Vec::new();
        self.value(&mut open);
        while let Some(top) = open.last_mut() {
            if self.bytes.get(self.at).is_none() {
                self.unclosed(&open);
                return;
            }
            match top.want {
                Want::Child { first } => self.child(first, &mut open),
                Want::CommaOrEnd => self.comma_or_end(&mut open),
            }
            if self.mistakes >= SYNTAX_FINDINGS_MAX {
                return;
            }
        }
        self.skip_space();
        if self.at < self.bytes.len() {
            let message = format!("{} after the end of the JSON value", self.found());
            self.report(self.here(), message);
        }
    }

    /// A value; a container is opened and pushed.
    fn value(&mut self, open: &mut Vec<Open>) {
        let start = to_u32(self.at);
        match self.bytes.get(self.at) {
            Some(&bracket @ (b'{' | b'[')) => {
                let object = bracket == b'{';
                self.at += 1;
                if open.len() >= DEPTH_MAX {
                    let message = format!("values nest deeper than {DEPTH_MAX} levels here");
                    self.report_code(&codes::TOO_DEEP, Span::new(start, start + 1), &message);
                    self.at = self.bytes.len();
                    open.clear();
                    self.builder.scalar(Scalar::Null, Span::new(start, start + 1));
                    return;
                }
                if object {
                    self.builder.open_object(start);
                } else {
                    self.builder.open_array(start);
                }
                open.push(Open { object, start, want: Want::Child { first: true } });
                self.skip_space();
            }
            Some(b'"') => {
                let (scalar, span) = self.string();
                self.builder.scalar(scalar, span);
                self.skip_space();
            }
            Some(b'-' | b'+' | b'.' | b'0'..=b'9') => self.number(),
            _ => self.word(),
        }
    }

    fn child(&mut self, first: bool, open: &mut Vec<Open>) {
        let Some(top) = open.last_mut() else { return };
        let closing = if top.object { b'}' } else { b']' };
        match self.bytes.get(self.at) {
            Some(&byte) if byte == closing => {
                if !first {
                    let message = "a comma stands before the closing bracket";
                    self.report(Span::point(to_u32(self.at)), message);
                }
                self.close(open);
            }
            Some(b'}' | b']') => self.mismatched(open),
            Some(b',') => {
                self.report(self.here(), "a value is missing before this comma");
                self.at += 1;
                self.skip_space();
            }
            Some(_) => {
                top.want = Want::CommaOrEnd;
                if top.object { self.member(open) } else { self.value(open) }
            }
            None => {}
        }
    }

    /// `"name": value`.
    fn member(&mut self, open: &mut Vec<Open>) {
        let (key, span) = if self.bytes.get(self.at) == Some(&b'"') {
            self.string()
        } else if let Some(span) = self.bare_name() {
            (Scalar::Raw, span)
        } else {
            let message = format!("expected a member name in double quotes, found {}", self.found());
            self.report(self.here(), message);
            self.recover();
            return;
        };
        self.builder.key(key, span);
        self.skip_space();
        if self.bytes.get(self.at) == Some(&b':') {
            self.at += 1;
            self.skip_space();
            self.value(open);
            return;
        }
        // At the end of the file it is said that the object is not closed.
        if self.at < self.bytes.len() {
            let message = format!("expected `:` after the member name, found {}", self.found());
            self.report(self.here(), message);
        }
        self.builder.scalar(Scalar::Null, Span::point(span.end));
        self.recover();
    }

    /// A member name without quotes, if a colon follows it.
    fn bare_name(&mut self) -> Option<Span> {
        let rest = self.bytes.get(self.at..)?;
        let name = |byte: &&u8| byte.is_ascii_alphanumeric() || b"_-$.".contains(byte);
        let length = rest.iter().take_while(name).count();
        let behind = rest.get(length..)?.trim_ascii_start();
        if length == 0 || behind.first() != Some(&b':') {
            return None;
        }
        let span = Span::new(to_u32(self.at), to_u32(self.at + length));
        self.report(span, format!("the member name `{}` stands without double quotes", self.text(span)));
        self.at += length;
        Some(span)
    }

    fn comma_or_end(&mut self, open: &mut Vec<Open>) {
        let Some(top) = open.last_mut() else { return };
        match self.bytes.get(self.at) {
            Some(b',') => {
                top.want = Want::Child { first: false };
                self.at += 1;
                self.skip_space();
            }
            Some(b'}') if top.object => self.close(open),
            Some(b']') if !top.object => self.close(open),
            Some(b'}' | b']') => self.mismatched(open),
            Some(b'"' | b'{' | b'[' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n') => {
                top.want = Want::Child { first: true };
                self.report(self.here(), format!("expected a comma before {}", self.found()));
            }
            Some(_) => {
                let closing = if top.object { "`}`" } else { "`]`" };
                self.report(self.here(), format!("expected `,` or {closing}, found {}", self.found()));
                self.recover();
            }
            None => {}
        }
    }

    fn close(&mut self, open: &mut Vec<Open>) {
        self.at += 1;
        open.pop();
        for (first, second) in self.builder.close(to_u32(self.at)) {
            let name = self.text(second);
            let message = format!("the member {name} occurs twice in this object; the first value counts");
            let place = Place { file: self.file, span: second };
            let first = Place { file: self.file, span: first };
            let finding = Finding::new(&codes::DUPLICATE_KEY, place, message)
                .with_related(first, "first given here")
                .with_help("keep one of the two members");
            self.push_finding(finding);
        }
        self.skip_space();
    }

    /// A closing bracket of the wrong kind: closes the innermost container that it fits, or none.
    fn mismatched(&mut self, open: &mut Vec<Open>) {
        let found = self.bytes.get(self.at).copied();
        let Some(top) = open.last() else { return };
        let (wanted, opened) = if top.object { ("}", "{") } else { ("]", "[") };
        let message = format!("expected `{wanted}` to close the `{opened}`, found {}", self.found());
        let opening = Place { file: self.file, span: Span::new(top.start, top.start + 1) };
        let place = Place { file: self.file, span: self.here() };
        self.push_finding(Finding::new(&codes::SYNTAX, place, message).with_related(opening, "opened here"));
        let fits = open.iter().rposition(|open| open.object == (found == Some(b'}')));
        match fits {
            Some(index) => {
                while open.len() > index + 1 {
                    open.pop();
                    self.builder.close(to_u32(self.at));
                }
                self.close(open);
            }
            None => {
                self.at += 1;
                self.skip_space();
            }
        }
    }

    fn unclosed(&mut self, open: &[Open]) {
        let Some(innermost) = open.last() else { return };
        let bracket = if innermost.object { "{" } else { "[" };
        let message = format!("the file ends before the `{bracket}` that was opened last is closed");
        let opening = Place { file: self.file, span: Span::new(innermost.start, innermost.start + 1) };
        let place = Place { file: self.file, span: Span::point(to_u32(self.bytes.len())) };
        let finding = Finding::new(&codes::SYNTAX, place, message)
            .with_related(opening, "opened here")
            .with_help("the file may be cut off: check that it was written to its end");
        self.push_finding(finding);
    }

    /// Reads a string at its opening quote.
    fn string(&mut self) -> (Scalar, Span) {
        let start = self.at;
        self.at += 1;
        let mut escaped = false;
        let mut has_control = false;
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            let offset = length_before(b'"', b'\\', rest);
            self.at += offset + 1;
            match rest.get(offset) {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    self.at += 1;
                }
                Some(_) => has_control = true,
                None => return self.unclosed_string(start),
            }
        }
        let span = Span::new(to_u32(start), to_u32(self.at));
        if has_control {
            let inner = self.bytes.get(start + 1..self.at - 1).unwrap_or_default();
            if let Some(offset) = memchr::memchr(b'\n', inner) {
                return self.unclosed_line(start, start + 1 + offset);
            }
            self.report(span, "the string has a control character; write it as an escape, such as \\t");
        }
        if !escaped {
            return (Scalar::Quoted, span);
        }
        (Scalar::Text(self.unescape(start + 1, self.at - 1)), span)
    }

    /// A quote is missing: the string ends with its line, and with a comma at the end of that.
    fn unclosed_line(&mut self, start: usize, line_end: usize) -> (Scalar, Span) {
        let line = self.bytes.get(start..line_end).unwrap_or_default().trim_ascii_end();
        let text = line.strip_suffix(b",").unwrap_or(line);
        self.at = start + text.len();
        let span = Span::new(to_u32(start), to_u32(self.at));
        self.report(span, "the string is not closed on its line");
        let inner = text.get(1..).unwrap_or_default();
        (Scalar::Text(String::from_utf8_lossy(inner).into_owned()), span)
    }

    fn unclosed_string(&mut self, start: usize) -> (Scalar, Span) {
        self.at = self.bytes.len();
        let span = Span::new(to_u32(start), to_u32(self.at));
        self.report(Span::new(span.start, span.start + 1), "the string is never closed");
        (Scalar::Text(String::new()), span)
    }

    fn unescape(&mut self, from: usize, to: usize) -> String {
        let mut out = Vec::with_capacity(to - from);
        let mut at = from;
        while at < to {
            let rest = self.bytes.get(at..to).unwrap_or_default();
            let Some(offset) = memchr::memchr(b'\\', rest) else {
                out.extend_from_slice(rest);
                break;
            };
            out.extend_from_slice(rest.get(..offset).unwrap_or_default());
            at += offset;
            let decoded = match rest.get(offset + 1) {
                Some(b'u') => self.unicode_escape(at, to),
                Some(&byte) => simple_escape(byte).map(|character| (character, 2)),
                None => None,
            };
            let (character, length) = decoded.unwrap_or_else(|| {
                let more = rest.iter().skip(offset + 2).take_while(|&&byte| byte & 0xC0 == 0x80).count();
                let span = Span::new(to_u32(at), to_u32((at + 2 + more).min(to)));
                self.report(span, "JSON knows no such escape");
                (char::REPLACEMENT_CHARACTER, 2 + more)
            });
            out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            at += length;
        }
        String::from_utf8(out).unwrap_or_default()
    }

    /// `\uXXXX`, or two of them for a surrogate pair. Returns the character and the bytes read.
    fn unicode_escape(&self, at: usize, to: usize) -> Option<(char, usize)> {
        let high = self.hex4(at + 2, to)?;
        if !(0xD800..0xE000).contains(&high) {
            return Some((char::from_u32(high)?, 6));
        }
        let paired = high < 0xDC00 && self.bytes.get(at + 6..at + 8) == Some(b"\\u");
        let low =
            if paired { self.hex4(at + 8, to).filter(|low| (0xDC00..0xE000).contains(low)) } else { None };
        match low {
            Some(low) => Some((char::from_u32(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))?, 12)),
            // RFC 8259 section 8.2: a lone surrogate is grammatical, but stands for no character.
            None => Some((char::REPLACEMENT_CHARACTER, 6)),
        }
    }

    fn hex4(&self, at: usize, to: usize) -> Option<u32> {
        let digits = self.bytes.get(at..at + 4).filter(|_| at + 4 <= to)?;
        digits.iter().try_fold(0, |value, &digit| Some(value * 16 + char::from(digit).to_digit(16)?))
    }

    fn number(&mut self) {
        let start = self.at;
        let valid = self.number_end();
        let odd = self.bytes.get(self.at..).unwrap_or_default().iter();
        let odd = odd.take_while(|byte| byte.is_ascii_alphanumeric() || b".+-_".contains(byte)).count();
        self.at += odd;
        let span = Span::new(to_u32(start), to_u32(self.at));
        if valid && odd == 0 {
            self.builder.scalar(Scalar::Number, span);
        } else {
            self.report(span, format!("`{}` is no JSON number", self.text(span)));
            self.builder.scalar(Scalar::Raw, span);
        }
        self.skip_space();
    }

    /// Steps over a number. Whether it follows the grammar.
    fn number_end(&mut self) -> bool {
        self.at += usize::from(self.bytes.get(self.at) == Some(&b'-'));
        let zero = self.bytes.get(self.at) == Some(&b'0');
        let whole = self.digits();
        let mut valid = whole > 0 && !(zero && whole > 1);
        if self.bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
            valid &= self.digits() > 0;
        }
        if matches!(self.bytes.get(self.at), Some(b'e' | b'E')) {
            self.at += 1;
            self.at += usize::from(matches!(self.bytes.get(self.at), Some(b'+' | b'-')));
            valid &= self.digits() > 0;
        }
        valid
    }

    fn digits(&mut self) -> usize {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += count;
        count
    }

    /// `true`, `false`, `null`, or something that JSON does not have.
    fn word(&mut self) {
        let start = self.at;
        let rest = self.bytes.get(start..).unwrap_or_default();
        let length = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
        self.at += length;
        let span = Span::new(to_u32(start), to_u32(self.at));
        match rest.get(..length).unwrap_or_default() {
            b"true" => drop(self.builder.scalar(Scalar::Bool(true), span)),
            b"false" => drop(self.builder.scalar(Scalar::Bool(false), span)),
            b"null" => drop(self.builder.scalar(Scalar::Null, span)),
            b"" if rest.is_empty() => drop(self.builder.scalar(Scalar::Null, Span::point(span.start))),
            b"" => {
                self.report(self.here(), format!("expected a value, found {}", self.found()));
                self.builder.scalar(Scalar::Null, Span::point(span.start));
                self.recover();
            }
            _ => {
                let message = format!("`{}` is no JSON value", self.text(span));
                let place = Place { file: self.file, span };
                let help = "the words of JSON are true, false and null; text stands in double quotes";
                self.push_finding(Finding::new(&codes::SYNTAX, place, message).with_help(help));
                self.builder.scalar(Scalar::Null, span);
            }
        }
        self.skip_space();
    }

    /// Steps to the next comma or closing bracket of the innermost container, over strings and
    /// balanced brackets.
    fn recover(&mut self) {
        let mut depth = 0_usize;
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                b'"' => {
                    let rest = self.bytes.get(self.at + 1..).unwrap_or_default();
                    let end = rest.iter().position(|byte| matches!(byte, b'"' | b'\n'));
                    self.at += end.map_or(rest.len(), |end| end + 1);
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' if depth > 0 => depth -= 1,
                b'}' | b']' | b',' if depth == 0 => return,
                _ => {}
            }
            self.at += 1;
        }
        self.at = self.at.min(self.bytes.len());
    }

    /// Steps over white space, and over comments, which are reported.
    #[inline]
    fn skip_space(&mut self) {
        // Most often there is none.
        if !matches!(self.bytes.get(self.at), Some(b',' | b':' | b'"' | b'}' | b']')) {
            self.skip_some_space();
        }
    }

    fn skip_some_space(&mut self) {
        loop {
            match self.bytes.get(self.at) {
                // Indentation is long.
                Some(b' ') => self.at += blanks(self.bytes.get(self.at..).unwrap_or_default()),
                Some(b'\n' | b'\r' | b'\t') => self.at += 1,
                Some(b'/') if self.skip_comment() => {}
                _ => return,
            }
        }
    }

    /// Steps over a comment, which JSON does not have. Whether there was one.
    fn skip_comment(&mut self) -> bool {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let length = match rest.get(1) {
            Some(b'/') => memchr::memchr(b'\n', rest).unwrap_or(rest.len()),
            Some(b'*') => memchr::memmem::find(rest, b"*/").map_or(rest.len(), |end| end + 2),
            _ => return false,
        };
        let span = Span::new(to_u32(self.at), to_u32(self.at + length));
        if !std::mem::replace(&mut self.commented, true) {
            self.report(span, "JSON has no comments");
        }
        self.at += length;
        true
    }

    /// The character at the cursor.
    fn here(&self) -> Span {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let character = rest.iter().skip(1).take_while(|&&byte| byte & 0xC0 == 0x80).count();
        let length = if rest.is_empty() { 0 } else { 1 + character };
        Span::new(to_u32(self.at), to_u32(self.at + length))
    }

    /// What stands at the cursor, for messages.
    fn found(&self) -> String {
        match self.bytes.get(self.at) {
            None => "the end of the file".to_owned(),
            Some(b'"') => "a string".to_owned(),
            Some(b'\'') => "a single quote; JSON strings have double quotes".to_owned(),
            Some(_) => format!("`{}`", self.text(self.here())),
        }
    }

    fn text(&self, span: Span) -> String {
        String::from_utf8_lossy(self.bytes.get(span.range()).unwrap_or_default()).into_owned()
    }

    fn report(&mut self, span: Span, message: impl AsRef<str>) {
        self.report_code(&codes::SYNTAX, span, message.as_ref());
    }

    fn report_code(&mut self, code: &'static crate::Code, span: Span, message: &str) {
        self.push_finding(Finding::new(code, Place { file: self.file, span }, message));
    }

    fn push_finding(&mut self, finding: Finding) {
        self.mistakes += usize::from(finding.code == &codes::SYNTAX);
        if self.findings.len() < SYNTAX_FINDINGS_MAX {
            self.findings.push(finding);
        }
    }
}

fn simple_escape(byte: u8) -> Option<char> {
    Some(match byte {
        b'"' => '"',
        b'\\' => '\\',
        b'/' => '/',
        b'b' => '\u{8}',
        b'f' => '\u{C}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_keeps_its_text_whatever_its_length_and_where_it_is_escaped() {
        for length in 0..40 {
            for at in 0..=length {
                let plain = "é".repeat(at) + &"y".repeat(length - at);
                let text = format!("[\"{plain}\\n{plain}\",        {length}]");
                let (tree, findings) = parse(FileId(0), Arc::new(text.clone()));
                assert!(findings.is_empty(), "{text}");
                let items: Vec<_> = tree.root().items().collect();
                assert_eq!(items[0].as_str(), Some(format!("{plain}\n{plain}").as_str()));
                assert_eq!(items[1].as_i64(), i64::try_from(length).ok());
            }
        }
    }
}
