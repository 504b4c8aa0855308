//! `export` and `local` of edition 2024.

use tenon_graph::protobuf::{DefaultVisibility, Features, Visibility};
use tenon_source::Span;
use tenon_source::proto::ast::VisibilityWord;

/// Who may use a message or enum.
pub(super) fn of(written: Option<(VisibilityWord, Span)>, around: Features, is_nested: bool) -> Visibility {
    match (written.map(|(word, _)| word), around.default_symbol_visibility) {
        (Some(VisibilityWord::Export), _) | (None, DefaultVisibility::ExportAll) => Visibility::Exported,
        (Some(VisibilityWord::Local), _) => Visibility::Local,
        (None, DefaultVisibility::ExportTopLevel) if !is_nested => Visibility::Exported,
        (None, _) => Visibility::Local,
    }
}
