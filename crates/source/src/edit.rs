//! Text edits: how fixes change a file and leave everything else as it was.

use crate::Span;

/// Replaces a range of bytes by a text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    /// The bytes to replace; empty to insert.
    pub span: Span,
    /// What stands there afterwards; empty to delete.
    pub replacement: String,
}

impl Edit {
    /// Replaces `span`.
    #[must_use]
    pub fn replace(span: Span, replacement: impl Into<String>) -> Self {
        Self { span, replacement: replacement.into() }
    }

    /// Inserts at `offset`.
    #[must_use]
    pub fn insert(offset: u32, replacement: impl Into<String>) -> Self {
        Self::replace(Span::point(offset), replacement)
    }
}

/// Why a set of edits cannot be applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum EditError {
    /// Two edits touch the same bytes.
    Overlap(Span, Span),
    /// An edit lies outside the text or inside a character.
    OutOfText(Span),
}

impl std::fmt::Display for EditError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Overlap(a, b) => {
                write!(f, "edits of bytes {}..{} and {}..{} overlap", a.start, a.end, b.start, b.end)
            }
            Self::OutOfText(span) => write!(f, "no text at bytes {}..{}", span.start, span.end),
        }
    }
}

impl std::error::Error for EditError {}

/// The text after the edits. Equal edits count once; the order given does not matter.
///
/// # Errors
/// When two edits overlap or one lies outside the text; nothing is applied then.
pub fn apply_edits(text: &str, edits: &[Edit]) -> Result<String, EditError> {
    let mut sorted: Vec<&Edit> = edits.iter().collect();
    sorted.sort();
    sorted.dedup();
    let mut out = String::with_capacity(text.len());
    let mut done = Span::default();
    for edit in sorted {
        if edit.span.start < done.end {
            return Err(EditError::Overlap(done, edit.span));
        }
        let kept = text.get(done.end as usize..edit.span.start as usize);
        let valid = text.get(edit.span.range()).and(kept);
        out.push_str(valid.ok_or(EditError::OutOfText(edit.span))?);
        out.push_str(&edit.replacement);
        done = edit.span;
    }
    out.push_str(text.get(done.end as usize..).ok_or(EditError::OutOfText(done))?);
    Ok(out)
}
