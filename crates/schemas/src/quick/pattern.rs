//! Simple patterns, matched without compiling a regular expression: rows of character classes,
//! of which one that repeats is followed by a class it shares nothing with. What is not as simple
//! is not answered.

/// Most rows a pattern may stand for, a count: `^(a|b)(c|d)` is four.
const ROWS_MAX: usize = 32;

/// A pattern as rows of steps, of which any may match.
#[derive(Debug)]
pub(super) struct Pattern {
    rows: Vec<Row>,
}

#[derive(Debug, Clone, Default)]
struct Row {
    steps: Vec<Step>,
    /// Whether the row must reach the end of the text.
    whole: bool,
}

/// A class of characters, and how often it comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Step {
    class: Class,
    least: u32,
    most: u32,
}

/// ASCII characters, each a bit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Class(u128);

impl Class {
    const NONE: Self = Self(0);

    fn range(from: u8, to: u8) -> Self {
        (from..=to).fold(Self::NONE, |class, byte| class.or(Self::one(byte)))
    }

    fn one(byte: u8) -> Self {
        Self(1_u128.checked_shl(u32::from(byte)).unwrap_or(0))
    }

    fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    fn not(self) -> Self {
        Self(!self.0)
    }

    fn has(self, byte: u8) -> bool {
        self.0 & Self::one(byte).0 != 0
    }
}

impl Pattern {
    /// Reads a pattern; `None` if it is not simple.
    pub(super) fn read(text: &str) -> Option<Self> {
        if !text.is_ascii() {
            return None;
        }
        let mut reader = Reader { rest: text.as_bytes() };
        let rows = reader.choices()?;
        let simple = reader.rest.is_empty() && rows.iter().all(Row::is_simple);
        simple.then_some(Self { rows })
    }

    /// Whether a text matches; `None` for a text of more than one line, or not in ASCII.
    pub(super) fn matches(&self, text: &str) -> Option<bool> {
        let plain = text.bytes().all(|byte| byte == b'\t' || (b' '..=b'~').contains(&byte));
        plain.then(|| self.rows.iter().any(|row| row.matches(text.as_bytes())))
    }
}

impl Row {
    /// Whether taking as much as possible at each step misses nothing.
    fn is_simple(&self) -> bool {
        self.steps.windows(2).all(|pair| match pair {
            [step, next] => step.least == step.most || (step.class.0 & next.class.0 == 0 && next.least > 0),
            _ => true,
        })
    }

    fn matches(&self, text: &[u8]) -> bool {
        let mut rest = text;
        for step in &self.steps {
            let mut count = 0;
            while let Some((&byte, after)) = rest.split_first()
                && count < step.most
                && step.class.has(byte)
            {
                rest = after;
                count += 1;
            }
            if count < step.least {
                return false;
            }
        }
        !self.whole || rest.is_empty()
    }
}

struct Reader<'t> {
    rest: &'t [u8],
}

impl Reader<'_> {
    fn eat(&mut self, start: &[u8]) -> bool {
        let rest = self.rest.strip_prefix(start);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn next(&mut self) -> Option<u8> {
        let (&first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(first)
    }

    /// Whole patterns divided by `|`: each must be bound to the start of the text.
    fn choices(&mut self) -> Option<Vec<Row>> {
        let mut rows = Vec::new();
        loop {
            if !self.eat(b"^") {
                return None;
            }
            let found = self.rows()?;
            let whole = self.eat(b"$");
            rows.extend(found.into_iter().map(|row| Row { whole, ..row }));
            if !self.eat(b"|") {
                return Some(rows);
            }
        }
    }

    /// One sequence, up to what ends it.
    fn rows(&mut self) -> Option<Vec<Row>> {
        let mut rows = vec![Row::default()];
        while let Some(&first) = self.rest.first() {
            if matches!(first, b'|' | b')' | b'$') {
                break;
            }
            let next = if self.eat(b"(") {
                self.group()?
            } else {
                vec![Row { steps: vec![self.step()?], whole: false }]
            };
            rows = product(&rows, &next)?;
        }
        Some(rows)
    }

    /// A group's choices, which may be followed by `?`.
    fn group(&mut self) -> Option<Vec<Row>> {
        self.eat(b"?:");
        let mut rows = self.rows()?;
        while self.eat(b"|") {
            rows.extend(self.rows()?);
        }
        if !self.eat(b")") {
            return None;
        }
        if self.eat(b"?") {
            rows.push(Row::default());
        }
        let repeats = self.rest.first().is_some_and(|byte| matches!(byte, b'*' | b'+' | b'{' | b'?'));
        (!repeats).then_some(rows)
    }

    fn step(&mut self) -> Option<Step> {
        let class = match self.next()? {
            b'[' => self.class()?,
            b'.' => Class::NONE.not(),
            b'\\' => self.escape()?,
            b'^' | b'*' | b'+' | b'?' | b'{' | b'}' | b']' => return None,
            byte => Class::one(byte),
        };
        let (least, most) = match self.rest.first() {
            Some(b'*') => (0, u32::MAX),
            Some(b'+') => (1, u32::MAX),
            Some(b'?') => (0, 1),
            Some(b'{') => {
                let count = match self.rest {
                    [_, digit @ b'1'..=b'9', b'}', ..] => u32::from(digit - b'0'),
                    _ => return None,
                };
                self.rest = self.rest.get(3..)?;
                return (!self.rest.starts_with(b"?")).then_some(Step { class, least: count, most: count });
            }
            _ => return Some(Step { class, least: 1, most: 1 }),
        };
        self.next();
        // Lazy and possessive forms.
        let plain = !self.rest.first().is_some_and(|byte| matches!(byte, b'?' | b'+'));
        plain.then_some(Step { class, least, most })
    }

    fn class(&mut self) -> Option<Class> {
        let negated = self.eat(b"^");
        let mut class = Class::NONE;
        loop {
            let from = match self.next()? {
                b']' => return Some(if negated { class.not() } else { class }),
                b'[' => return None,
                b'&' if self.rest.starts_with(b"&") => return None,
                b'\\' => {
                    class = class.or(self.escape()?);
                    continue;
                }
                byte => byte,
            };
            class = match self.rest {
                [b'-', to, ..] if *to != b']' => {
                    let (from, to) = (from, *to);
                    self.rest = self.rest.get(2..)?;
                    let plain = from.is_ascii_alphanumeric() && to.is_ascii_alphanumeric() && from <= to;
                    class.or(plain.then(|| Class::range(from, to))?)
                }
                _ => class.or(Class::one(from)),
            };
        }
    }

    fn escape(&mut self) -> Option<Class> {
        match self.next()? {
            b'd' => Some(Class::range(b'0', b'9')),
            b'w' => {
                let letters = Class::range(b'A', b'Z').or(Class::range(b'a', b'z'));
                Some(letters.or(Class::range(b'0', b'9')).or(Class::one(b'_')))
            }
            b'x' => {
                let digits = self.rest.get(..2).and_then(|digits| std::str::from_utf8(digits).ok())?;
                self.rest = self.rest.get(2..)?;
                u8::from_str_radix(digits, 16).ok().filter(u8::is_ascii).map(Class::one)
            }
            byte if byte.is_ascii_punctuation() => Some(Class::one(byte)),
            _ => None,
        }
    }
}

fn product(rows: &[Row], next: &[Row]) -> Option<Vec<Row>> {
    let pairs = rows.iter().flat_map(|row| next.iter().map(move |next| (row, next)));
    let joined =
        pairs.map(|(row, next)| Row { steps: [row.steps.as_slice(), &next.steps].concat(), whole: false });
    let joined: Vec<Row> = joined.take(ROWS_MAX + 1).collect();
    (joined.len() <= ROWS_MAX).then_some(joined)
}
