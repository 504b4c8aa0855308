//! How deep a script nests, found without recursion, so that a recursive parser stays in its stack.

/// Most levels that are parsed: hand-written code stays far below, and the parsing thread's stack holds them.
pub(super) const NESTING_MAX: usize = 6_000;

/// Levels that fit any thread's stack, so that ordinary files need no thread of their own.
pub(super) const NESTING_WITHOUT_THREAD: usize = 60;

/// What [`measure`] found.
pub(super) struct Depth {
    /// The deepest level.
    pub(super) deepest: usize,
    /// The byte at which [`NESTING_MAX`] was passed.
    pub(super) beyond_max_at: Option<usize>,
}

/// One open bracket and the operators that still wait for their right side in it.
struct Level {
    opener: u8,
    waiting: usize,
}

/// Words after which the parser goes one level down without a bracket.
const PREFIX_WORDS: [&str; 17] = [
    "if", "else", "for", "while", "do", "with", "new", "await", "yield", "typeof", "void", "delete", "keyof",
    "infer", "readonly", "unique", "extends",
];

/// Bounds the nesting from above: open brackets, and operators whose right side is still open.
pub(super) fn measure(text: &str) -> Depth {
    let bytes = text.as_bytes();
    let mut levels = vec![Level { opener: 0, waiting: 0 }];
    let (mut waiting_all, mut elses, mut deepest, mut at) = (0usize, 0usize, 0usize, 0usize);
    let mut last = b';';
    while let Some(&byte) = bytes.get(at) {
        if let Some(end) = skip_text(bytes, at, last) {
            last = b'"';
            at = end;
            continue;
        }
        match byte {
            b'(' | b'[' | b'{' => levels.push(Level { opener: byte, waiting: 0 }),
            b')' | b']' | b'}' => {
                let matches = levels.last().is_some_and(|level| closes(level.opener, byte));
                if matches && let Some(level) = levels.pop() {
                    waiting_all -= level.waiting;
                }
            }
            b',' | b';' => {
                if let Some(level) = levels.last_mut() {
                    waiting_all -= std::mem::take(&mut level.waiting);
                }
            }
            b'!' | b'~' | b'+' | b'-' | b'=' | b'?' | b':' | b'<' | b'*' | b'|' | b'&' => {
                wait(&mut levels, &mut waiting_all)
            }
            _ if is_word(byte) => {
                let end = word_end(bytes, at);
                let word = text.get(at..end).unwrap_or_default();
                if PREFIX_WORDS.contains(&word) {
                    wait(&mut levels, &mut waiting_all);
                    // A chain of `else if` is one level a link, and its blocks close between the links.
                    elses += usize::from(word == "else");
                }
                // After `return` and the like a slash begins a regular expression.
                last = if matches!(word, "return" | "typeof" | "case" | "in" | "of" | "void" | "delete") {
                    b'='
                } else {
                    b'a'
                };
                deepest = deepest.max(levels.len() + waiting_all + elses);
                at = end;
                continue;
            }
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            last = byte;
        }
        deepest = deepest.max(levels.len() + waiting_all + elses);
        if deepest > NESTING_MAX {
            return Depth { deepest, beyond_max_at: Some(at) };
        }
        at += 1;
    }
    let beyond_max_at = (deepest > NESTING_MAX).then_some(0);
    Depth { deepest, beyond_max_at }
}

fn wait(levels: &mut [Level], waiting_all: &mut usize) {
    if let Some(level) = levels.last_mut() {
        level.waiting += 1;
        *waiting_all += 1;
    }
}

fn closes(opener: u8, closer: u8) -> bool {
    matches!((opener, closer), (b'(', b')') | (b'[', b']') | (b'{', b'}'))
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || byte >= 0x80
}

fn word_end(bytes: &[u8], start: usize) -> usize {
    bytes.iter().skip(start).position(|byte| !is_word(*byte)).map_or(bytes.len(), |length| start + length)
}

/// The end of the comment, string or regular expression that begins here, if one does.
///
/// A template's text is skipped up to its end or its next `${`, whose brace then counts as a level.
fn skip_text(bytes: &[u8], at: usize, last: u8) -> Option<usize> {
    let next = bytes.get(at + 1).copied();
    match bytes.get(at)? {
        b'/' if next == Some(b'/') => Some(find(bytes, at, |rest| rest.starts_with(b"\n"))),
        b'/' if next == Some(b'*') => Some(find(bytes, at + 2, |rest| rest.starts_with(b"*/")) + 2),
        b'/' if !(is_word(last) || matches!(last, b')' | b']' | b'"')) => Some(quoted_end(bytes, at, b'/')),
        quote @ (b'"' | b'\'') => Some(quoted_end(bytes, at, *quote)),
        _ => None,
    }
}

fn find(bytes: &[u8], start: usize, found: impl Fn(&[u8]) -> bool) -> usize {
    (start..bytes.len()).find(|at| bytes.get(*at..).is_some_and(&found)).unwrap_or(bytes.len())
}

/// The byte after the closing quote, or the end of the line where none closes.
fn quoted_end(bytes: &[u8], start: usize, quote: u8) -> usize {
    let mut at = start + 1;
    let mut in_class = false;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 1,
            b'\n' => return at,
            b'[' if quote == b'/' => in_class = true,
            b']' if quote == b'/' => in_class = false,
            _ if byte == quote && !in_class => return at + 1,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}
