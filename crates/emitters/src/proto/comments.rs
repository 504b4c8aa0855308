//! Comments of what is written anew.

use tenon_graph::Graph;
use tenon_graph::protobuf::{Comments, comments_of, text_of};
use tenon_source::{At, SourceFile};

use super::writer::Writer;

/// The comments of an element, and the file they stand in.
pub(super) struct Said<'g> {
    file: Option<&'g SourceFile>,
    comments: Comments,
}

impl<'g> Said<'g> {
    /// The comments of an element; `head_end` is where its `;` or `{` ends, if that is not its own end.
    pub(super) fn of(graph: &'g Graph, at: At, head_end: Option<u32>) -> Self {
        let file = graph.sources.get(at.file);
        let span = graph.node(at).span();
        Self::between(file, span.start, head_end.unwrap_or(span.end))
    }

    /// The comments around some bytes.
    pub(super) fn between(file: Option<&'g SourceFile>, start: u32, end: u32) -> Self {
        let comments = file.map(|file| comments_of(file, start, end)).unwrap_or_default();
        Self { file, comments }
    }

    /// Writes what stands above the element.
    pub(super) fn above(&self, out: &mut Writer) {
        let Some(file) = self.file else { return };
        for block in &self.comments.detached {
            out.comment_lines(&text_of(file, block));
            out.line("");
        }
        out.comment_lines(&self.comments.leading_text(file));
    }

    /// Writes what stands behind the head of the element.
    pub(super) fn behind(&self, out: &mut Writer) {
        let Some(file) = self.file else { return };
        out.comment_lines(&self.comments.trailing_text(file));
    }

    /// Whether nothing is said.
    pub(super) fn is_empty(&self) -> bool {
        self.comments == Comments::default()
    }
}
