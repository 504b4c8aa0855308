//! Bytes to tokens.

use crate::Span;
use crate::text::to_u32;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A word.
    Word,
    /// A whole number.
    Integer,
    /// A number with a point or an exponent.
    Float,
    /// A string.
    Text,
    /// One character.
    Symbol(u8),
    /// The end of the file.
    End,
}

/// A token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) span: Span,
}

/// What is wrong with the letters themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flaw {
    /// A `/*` without its `*/`.
    OpenComment,
    /// A `/*` in a comment.
    NestedComment,
    /// A string that does not end in its line.
    OpenText,
    /// A backslash and a letter that mean nothing together.
    Escape,
    /// A character that no token has.
    Character,
    /// A letter right behind a number.
    LetterAfterNumber,
    /// A number that is none, such as `0x` or `089`.
    Number,
}

/// Reads tokens off a text.
pub(super) struct Lexer<'t> {
    pub(super) bytes: &'t [u8],
    pub(super) at: usize,
    /// Comments that were passed since they were last taken.
    pub(super) comments: Vec<Span>,
    /// What is wrong, and where, since it was last taken.
    pub(super) flaws: Vec<(Flaw, Span)>,
}

const LETTER: u8 = 1;
const DIGIT: u8 = 2;
const BLANK: u8 = 4;

/// What each byte may be part of.
const CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        #[expect(clippy::cast_possible_truncation, reason = "below 256")]
        let class = match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => LETTER,
            b'0'..=b'9' => DIGIT,
            b' ' | b'\n' | b'\t' | b'\r' | 0x0b | 0x0c => BLANK,
            _ => 0,
        };
        #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
        {
            classes[byte] = class;
        }
        byte += 1;
    }
    classes
};

fn is(byte: u8, class: u8) -> bool {
    CLASSES.get(byte as usize).is_some_and(|found| found & class != 0)
}

impl<'t> Lexer<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let bytes = text.as_bytes();
        let at = if bytes.starts_with("\u{FEFF}".as_bytes()) { 3 } else { 0 };
        Self { bytes, at, comments: Vec::new(), flaws: Vec::new() }
    }

    fn byte(&self, at: usize) -> u8 {
        // No text has a NUL byte: `decode` refuses it.
        self.bytes.get(at).copied().unwrap_or(0)
    }

    /// The next token; blanks and comments in front of it are passed.
    pub(super) fn next(&mut self) -> Token {
        loop {
            self.skip_blanks();
            let start = self.at;
            let byte = self.byte(start);
            if is(byte, LETTER) {
                self.skip_class(LETTER | DIGIT);
                return self.token(Kind::Word, start);
            }
            match byte {
                b'/' if self.byte(start + 1) == b'/' => self.line_comment(start),
                b'/' if self.byte(start + 1) == b'*' => self.block_comment(start),
                b'"' | b'\'' => return self.text(start, byte),
                b'0'..=b'9' => return self.number(start),
                b'.' if is(self.byte(start + 1), DIGIT) => return self.number(start),
                0 if start >= self.bytes.len() => return self.token(Kind::End, start),
                b'!'..=b'~' => {
                    self.at += 1;
                    return self.token(Kind::Symbol(byte), start);
                }
                _ => self.stranger(start),
            }
        }
    }

    fn token(&self, kind: Kind, start: usize) -> Token {
        Token { kind, span: self.span(start) }
    }

    fn span(&self, start: usize) -> Span {
        Span::new(to_u32(start), to_u32(self.at))
    }

    fn skip_blanks(&mut self) {
        while is(self.byte(self.at), BLANK) {
            self.at += 1;
        }
    }

    fn skip_class(&mut self, class: u8) {
        while is(self.byte(self.at), class) {
            self.at += 1;
        }
    }

    fn line_comment(&mut self, start: usize) {
        let rest = self.bytes.get(start..).unwrap_or_default();
        let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        let carriage = usize::from(length > 0 && rest.get(length - 1) == Some(&b'\r'));
        self.at = start + length - carriage;
        self.comments.push(self.span(start));
    }

    fn block_comment(&mut self, start: usize) {
        self.at = start + 2;
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            let Some(found) = memchr::memchr2(b'*', b'/', rest) else {
                self.at = self.bytes.len();
                self.flaws.push((Flaw::OpenComment, Span::new(to_u32(start), to_u32(start + 2))));
                break;
            };
            let here = self.at + found;
            match (self.byte(here), self.byte(here + 1)) {
                (b'*', b'/') => {
                    self.at = here + 2;
                    break;
                }
                (b'/', b'*') => {
                    self.flaws.push((Flaw::NestedComment, Span::new(to_u32(here), to_u32(here + 2))));
                    // The star may be the one that ends the comment.
                    self.at = here + 1;
                }
                _ => self.at = here + 1,
            }
        }
        self.comments.push(self.span(start));
    }

    fn text(&mut self, start: usize, quote: u8) -> Token {
        self.at += 1;
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            let Some(found) = memchr::memchr3(quote, b'\\', b'\n', rest) else {
                self.at = self.bytes.len();
                self.flaws.push((Flaw::OpenText, self.span(start)));
                break;
            };
            let here = self.at + found;
            match self.byte(here) {
                b'\n' => {
                    self.at = here;
                    self.flaws.push((Flaw::OpenText, self.span(start)));
                    break;
                }
                b'\\' => self.escape(here),
                _ => {
                    self.at = here + 1;
                    break;
                }
            }
        }
        self.token(Kind::Text, start)
    }

    /// Passes an escape, the backslash of which is at `here`.
    fn escape(&mut self, here: usize) {
        let hex = |at: usize, count: usize| (0..count).all(|step| self.byte(at + step).is_ascii_hexdigit());
        let length = match self.byte(here + 1) {
            b'a' | b'b' | b'f' | b'n' | b'r' | b't' | b'v' | b'\\' | b'?' | b'\'' | b'"' | b'0'..=b'7' => 2,
            b'x' | b'X' if hex(here + 2, 1) => 3,
            b'u' if hex(here + 2, 4) => 6,
            b'U' if hex(here + 2, 8) && self.is_code_point(here + 2) => 10,
            _ => {
                self.flaws.push((Flaw::Escape, Span::new(to_u32(here), to_u32(here + 1))));
                // Whatever follows is looked at by itself: it may end the line.
                1
            }
        };
        self.at = here + length;
    }

    /// Whether eight hexadecimal digits are a character there can be: 10FFFF at most.
    fn is_code_point(&self, at: usize) -> bool {
        let digits = self.bytes.get(at..at + 8).and_then(|digits| std::str::from_utf8(digits).ok());
        digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()).is_some_and(|code| code <= 0x10_FFFF)
    }

    fn number(&mut self, start: usize) -> Token {
        let mut kind = Kind::Integer;
        let mut sound = true;
        if self.byte(start) == b'0' && matches!(self.byte(start + 1), b'x' | b'X') {
            self.at += 2;
            let digits = self.at;
            while self.byte(self.at).is_ascii_hexdigit() {
                self.at += 1;
            }
            sound = self.at > digits;
        } else if self.byte(start) == b'0' && is(self.byte(start + 1), DIGIT) {
            self.at += 1;
            let digits = self.at;
            self.skip_class(DIGIT);
            let octal = self.bytes.get(digits..self.at).unwrap_or_default();
            sound = octal.iter().all(|digit| *digit < b'8');
        } else {
            self.skip_class(DIGIT);
            if self.byte(self.at) == b'.' {
                kind = Kind::Float;
                self.at += 1;
                self.skip_class(DIGIT);
            }
            if matches!(self.byte(self.at), b'e' | b'E') {
                kind = Kind::Float;
                self.at += 1;
                if matches!(self.byte(self.at), b'+' | b'-') {
                    self.at += 1;
                }
                let digits = self.at;
                self.skip_class(DIGIT);
                sound = self.at > digits;
            }
        }
        if !sound {
            self.flaws.push((Flaw::Number, self.span(start)));
        } else if is(self.byte(self.at), LETTER) {
            self.flaws.push((Flaw::LetterAfterNumber, self.span(start)));
        }
        if !sound || is(self.byte(self.at), LETTER) {
            self.skip_class(LETTER | DIGIT);
        }
        self.token(kind, start)
    }

    /// Passes characters that no token has.
    fn stranger(&mut self, start: usize) {
        while self.at < self.bytes.len()
            && !matches!(self.byte(self.at), b'!'..=b'~' | b' ' | b'\n' | b'\t' | b'\r')
        {
            self.at += 1;
        }
        self.at = self.at.max(start + 1);
        self.flaws.push((Flaw::Character, self.span(start)));
    }

    /// The token that would come next, without going on.
    pub(super) fn peek(&self) -> Token {
        let mut ahead = Lexer { bytes: self.bytes, at: self.at, comments: Vec::new(), flaws: Vec::new() };
        ahead.next()
    }
}
