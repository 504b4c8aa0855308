//! Texts of contracts inside programs: nothing in them ends a comment or a string.

use std::fmt::Write as _;

/// Longest line of a comment, in characters: what is read without scrolling.
const LINE_CHARS_MAX: usize = 100;

/// Longest documentation of one element, in characters: what is longer belongs in the reference.
const DOC_CHARS_MAX: usize = 4_000;

/// A text as lines of a comment: no control characters, no letters that turn the direction of
/// writing, no line longer than is read.
#[must_use]
pub fn lines(text: &str) -> Vec<String> {
    let cut: String = text.chars().take(DOC_CHARS_MAX).collect();
    let mut out: Vec<String> = Vec::new();
    for line in cut.split(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}', '\u{b}', '\u{c}']) {
        let clean: String = line.chars().map(|letter| if letter == '\t' { ' ' } else { letter }).collect();
        let clean: String = clean.chars().filter(|letter| is_plain(*letter)).collect();
        let mut current = String::new();
        for word in clean.split(' ').filter(|word| !word.is_empty()) {
            if !current.is_empty() && current.chars().count() + 1 + word.chars().count() > LINE_CHARS_MAX {
                out.push(std::mem::take(&mut current));
            }
            if !current.is_empty() {
                current.push(' ');
            }
            current.push_str(word);
        }
        if !current.is_empty() || out.last().is_some_and(|last| !last.is_empty()) {
            out.push(current);
        }
    }
    while out.last().is_some_and(String::is_empty) {
        out.pop();
    }
    out
}

/// Not a control character, and none that changes how others are shown.
fn is_plain(letter: char) -> bool {
    !letter.is_control()
        && !matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffd}')
        && !('\u{e0000}'..='\u{e007f}').contains(&letter)
}

/// A language, as far as its strings differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quoting {
    /// `\u{1f600}` for what is not ASCII.
    Braces,
    /// `\u00e4`, `\U0001f600`.
    Wide,
}

/// A string between double quotes, ASCII only.
#[must_use]
pub fn quoted(text: &str, quoting: Quoting) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            ' '..='~' => out.push(letter),
            _ => {
                let number = u32::from(letter);
                // Writing to a string does not fail.
                let _ = match quoting {
                    Quoting::Braces => write!(out, "\\u{{{number:x}}}"),
                    Quoting::Wide if number > 0xffff => write!(out, "\\U{number:08x}"),
                    Quoting::Wide => write!(out, "\\u{number:04x}"),
                };
            }
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_a_line_ends_a_line_and_what_hides_is_gone() {
        assert_eq!(lines("a\rb\u{2028}c\u{202e}d\0"), ["a", "b", "cd"]);
        assert_eq!(lines("\n\n"), Vec::<String>::new());
        assert!(lines(&"word ".repeat(100)).iter().all(|line| line.len() <= LINE_CHARS_MAX));
    }

    #[test]
    fn nothing_ends_a_string() {
        assert_eq!(quoted("a\"\\\n😀", Quoting::Wide), "\"a\\\"\\\\\\u000a\\U0001f600\"");
        assert_eq!(quoted("é", Quoting::Braces), "\"\\u{e9}\"");
    }
}
