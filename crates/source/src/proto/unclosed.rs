//! Which `{` a file that ends too early is missing the `}` of.

use super::lexer::{Kind, Lexer};
use crate::Span;

/// A block that is open.
struct Open {
    brace: Span,
    /// Blanks in front of the line it is opened in.
    indent: usize,
}

/// The first block whose `}` stands further left than the line it was opened in, or a block that
/// is opened as far left as the one around it: its own `}` is missing. Otherwise the last block
/// that is open.
pub(super) fn culprit(text: &str) -> Option<Span> {
    let mut lexer = Lexer::new(text);
    let mut open: Vec<Open> = Vec::new();
    loop {
        let token = lexer.next();
        lexer.comments.clear();
        lexer.flaws.clear();
        match token.kind {
            Kind::End => return open.last().map(|last| last.brace),
            Kind::Symbol(b'{') => {
                let (indent, _) = line_start(text, token.span.start);
                if let Some(around) = open.last()
                    && indent <= around.indent
                    && line_start(text, around.brace.start).1 != line_start(text, token.span.start).1
                {
                    return Some(around.brace);
                }
                open.push(Open { brace: token.span, indent });
            }
            Kind::Symbol(b'}') => {
                let (indent, start) = line_start(text, token.span.start);
                let is_first = start + indent == token.span.start as usize;
                let closed = open.pop()?;
                if is_first && indent < closed.indent {
                    return Some(closed.brace);
                }
            }
            _ => {}
        }
    }
}

/// The blanks at the start of the line a byte is in, and where the line starts.
fn line_start(text: &str, at: u32) -> (usize, usize) {
    let before = text.get(..at as usize).unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |index| index + 1);
    let line = text.get(start..).unwrap_or_default();
    (line.len() - line.trim_start_matches([' ', '\t']).len(), start)
}
