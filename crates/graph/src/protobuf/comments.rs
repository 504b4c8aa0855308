//! Comments of an element: which of those around it belong to it, as protoc tells it.

use tenon_source::{SourceFile, Span};

/// The comments that belong to an element. Each line of `//` is a comment of its own here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Comments {
    /// Right above it.
    pub leading: Vec<Span>,
    /// Right behind its `;` or `{`.
    pub trailing: Vec<Span>,
    /// Above it, with a blank line in between: blocks of comments, each apart.
    pub detached: Vec<Vec<Span>>,
}

impl Comments {
    /// What is said right above an element, without the marks; empty where nothing is.
    #[must_use]
    pub fn leading_text(&self, file: &SourceFile) -> String {
        text_of(file, &self.leading)
    }

    /// What is said right behind an element, without the marks; empty where nothing is.
    #[must_use]
    pub fn trailing_text(&self, file: &SourceFile) -> String {
        text_of(file, &self.trailing)
    }
}

/// The comments of the element that starts at a byte offset and whose `;` or `{` ends at another
/// (see `head_end` of the elements; for fields and values, the end of the declaration).
#[must_use]
pub fn comments_of(file: &SourceFile, start: u32, head_end: u32) -> Comments {
    let before = Gap::before(file, start);
    let behind = Gap::behind(file, head_end);
    Comments { leading: before.leading, trailing: behind.trailing, detached: before.detached }
}

/// The text of some comments as protoc writes it: without marks, each line with its line break.
#[must_use]
pub fn text_of(file: &SourceFile, comments: &[Span]) -> String {
    let mut out = String::new();
    for span in comments {
        let text = file.text().get(span.range()).unwrap_or_default();
        if let Some(line) = text.strip_prefix("//") {
            out.push_str(line);
            out.push('\n');
        } else {
            let inner = text.strip_prefix("/*").unwrap_or(text);
            let inner = inner.strip_suffix("*/").unwrap_or(inner);
            for (index, line) in inner.split('\n').enumerate() {
                if index == 0 {
                    out.push_str(line);
                    continue;
                }
                out.push('\n');
                let line = line.trim_start_matches([' ', '\t', '\r', '\x0b', '\x0c']);
                out.push_str(line.strip_prefix('*').unwrap_or(line));
            }
        }
    }
    out
}

/// The comments between two tokens, told apart.
#[derive(Default)]
struct Gap {
    trailing: Vec<Span>,
    detached: Vec<Vec<Span>>,
    leading: Vec<Span>,
}

impl Gap {
    /// The gap that ends at `start`.
    fn before(file: &SourceFile, start: u32) -> Self {
        let all = file.tree.comments();
        let end = all.partition_point(|comment| comment.end <= start);
        let mut first = end;
        let mut from = start;
        while let Some(comment) = first.checked_sub(1).and_then(|index| all.get(index)) {
            if !is_blank(file, comment.end, from) {
                break;
            }
            from = comment.start;
            first -= 1;
        }
        Self::tell(file, all.get(first..end).unwrap_or_default(), start)
    }

    /// The gap that starts at `start`.
    fn behind(file: &SourceFile, start: u32) -> Self {
        let all = file.tree.comments();
        let first = all.partition_point(|comment| comment.start < start);
        let mut end = first;
        let mut from = start;
        while let Some(comment) = all.get(end).filter(|comment| is_blank(file, from, comment.start)) {
            from = comment.end;
            end += 1;
        }
        let rest = file.text().get(from as usize..).unwrap_or_default();
        let next = from as usize + (rest.len() - rest.trim_start().len());
        Self::tell(file, all.get(first..end).unwrap_or_default(), u32::try_from(next).unwrap_or(u32::MAX))
    }

    /// Tells the comments of a gap apart; `next` is where the token behind it starts.
    fn tell(file: &SourceFile, comments: &[Span], next: u32) -> Self {
        let mut gap = Self::default();
        let Some(&first) = comments.first() else { return gap };
        let text = file.text();
        let before = text.get(..first.start as usize).unwrap_or_default();
        let indented = before.trim_end_matches([' ', '\t', '\r', '\x0b', '\x0c']);
        // At the start of a file there is no token that a comment could trail.
        let mut can_trail = !indented.trim_start_matches('\u{FEFF}').trim_end().is_empty();
        let mut on_line_of_token = can_trail && !indented.ends_with('\n');
        let mut block: Vec<Span> = Vec::new();
        let mut from = first.start;
        for (index, &comment) in comments.iter().enumerate() {
            let breaks = line_breaks(file, from, comment.start);
            let is_line = text.get(comment.range()).is_some_and(|text| text.starts_with("//"));
            let follows = block.last().is_some_and(|last| joins(text, *last, is_line, breaks));
            if !follows && !block.is_empty() {
                gap.flush(&mut block, &mut can_trail);
            }
            if breaks > 1 {
                can_trail = false;
            }
            block.push(comment);
            from = comment.end;
            if on_line_of_token {
                on_line_of_token = false;
                let after = comments.get(index + 1).map_or(next, |other| other.start);
                if line_breaks(file, comment.end, after) == 0 {
                    // Between two tokens of one line: nobody knows which it belongs to.
                    block.clear();
                } else {
                    gap.flush(&mut block, &mut can_trail);
                }
                can_trail = false;
            }
        }
        let ends_scope = matches!(text.as_bytes().get(next as usize), None | Some(b'}'));
        if ends_scope || line_breaks(file, from, next) > 1 {
            gap.flush(&mut block, &mut can_trail);
        }
        gap.leading = block;
        gap
    }

    fn flush(&mut self, block: &mut Vec<Span>, can_trail: &mut bool) {
        if block.is_empty() {
            return;
        }
        let block = std::mem::take(block);
        if *can_trail {
            self.trailing = block;
        } else {
            self.detached.push(block);
        }
        *can_trail = false;
    }
}

/// Whether a comment goes on with the block that `last` ends: only lines of `//` do.
fn joins(text: &str, last: Span, is_line: bool, breaks: usize) -> bool {
    let last_is_line = text.get(last.range()).is_some_and(|text| text.starts_with("//"));
    is_line && last_is_line && breaks <= 1
}

fn is_blank(file: &SourceFile, from: u32, to: u32) -> bool {
    let between = file.text().get(from as usize..to as usize);
    between.is_some_and(|text| text.trim_start_matches('\u{FEFF}').trim().is_empty())
}

fn line_breaks(file: &SourceFile, from: u32, to: u32) -> usize {
    let between = file.text().get(from as usize..to as usize).unwrap_or_default();
    between.bytes().filter(|&byte| byte == b'\n').count()
}
