//! What is refused before the parser sees it: its stack and its time grow with what it is given.

use super::ExpressionProblem;
use super::limits::{BRACKETS_MAX, SIGNS_MAX, SOURCE_BYTES_MAX, TOKENS_MAX};

/// Looks a text through once.
pub(super) fn check(text: &str) -> Result<(), ExpressionProblem> {
    let problem = |message: String, offset| Err(ExpressionProblem { message, offset });
    if text.len() > SOURCE_BYTES_MAX {
        return problem(format!("the expression is longer than {SOURCE_BYTES_MAX} bytes"), SOURCE_BYTES_MAX);
    }
    if text.trim().is_empty() {
        return problem("the expression is empty".to_owned(), 0);
    }
    let bytes = text.as_bytes();
    let (mut at, mut tokens, mut brackets, mut signs) = (0_usize, 0_usize, 0_usize, 0_usize);
    while let Some(&byte) = bytes.get(at) {
        let start = at;
        match byte {
            b if b.is_ascii_whitespace() => {
                at += 1;
                continue;
            }
            b'/' if bytes.get(at + 1) == Some(&b'/') => {
                at += bytes.iter().skip(at).take_while(|byte| **byte != b'\n').count();
                continue;
            }
            b'\'' | b'"' => {
                at = match end_of_text(bytes, at, false) {
                    Ok(end) => end,
                    Err(message) => return problem(message.to_owned(), start),
                };
            }
            b if is_word(b) => {
                at += bytes.iter().skip(at).take_while(|byte| is_word(**byte)).count();
                let word = bytes.get(start..at).unwrap_or_default();
                // `r'…'` and its like: a prefix of at most two letters, within which `\` is itself.
                let prefix = word.len() <= 2 && word.iter().all(|byte| b"rRbB".contains(byte));
                if prefix && matches!(bytes.get(at), Some(b'\'' | b'"')) {
                    let raw = word.iter().any(|byte| b"rR".contains(byte));
                    at = match end_of_text(bytes, at, raw) {
                        Ok(end) => end,
                        Err(message) => return problem(message.to_owned(), start),
                    };
                }
            }
            _ => at += 1,
        }
        tokens += 1;
        match byte {
            b'(' | b'[' | b'{' => brackets += 1,
            b')' | b']' | b'}' => brackets = brackets.saturating_sub(1),
            _ => {}
        }
        signs = if matches!(byte, b'!' | b'-') { signs + 1 } else { 0 };
        if signs > SIGNS_MAX {
            return problem(format!("more than {SIGNS_MAX} signs in a row"), start);
        }
        if brackets > BRACKETS_MAX {
            return problem(format!("brackets nest deeper than {BRACKETS_MAX} levels"), start);
        }
        if tokens > TOKENS_MAX {
            return problem(format!("the expression has more than {TOKENS_MAX} words and signs"), start);
        }
    }
    Ok(())
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// The byte behind a text that begins at a quote.
fn end_of_text(bytes: &[u8], quote_at: usize, raw: bool) -> Result<usize, &'static str> {
    let quote = bytes.get(quote_at).copied().unwrap_or_default();
    if bytes.get(quote_at + 1) == Some(&quote) && bytes.get(quote_at + 2) == Some(&quote) {
        return Err("texts stand between one pair of quotes here, not three");
    }
    let mut at = quote_at + 1;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' if !raw => at += 2,
            b'\n' | b'\r' => break,
            byte if byte == quote => return Ok(at + 1),
            _ => at += 1,
        }
    }
    Err("a text begins here and has no end")
}
