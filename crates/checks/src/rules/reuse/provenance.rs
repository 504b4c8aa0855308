//! The canonical provenance fields, and where a register says they stand.

use tenon_graph::{Graph, ProvenanceRow};
use tenon_source::{At, Node, split_pointer};

use crate::facts::reuse::stands_for;

/// What a provenance field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A text.
    Text,
    /// True or false.
    Flag,
    /// An object.
    Object,
}

/// The fields every run record has.
pub(super) const FIELDS: &[(&str, Kind)] = &[
    ("repo", Kind::Text),
    ("commit_sha", Kind::Text),
    ("dirty_flag", Kind::Flag),
    ("contract_hashes", Kind::Object),
    ("tool_versions", Kind::Object),
    ("input_hash", Kind::Text),
    ("env_fingerprint", Kind::Text),
];

impl Kind {
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Text => "a text",
            Self::Flag => "true or false",
            Self::Object => "an object",
        }
    }

    /// Whether a schema's `type` allows this and nothing else.
    pub(super) fn allows(self, written: Option<Node<'_>>) -> bool {
        let wanted = match self {
            Self::Text => "string",
            Self::Flag => "boolean",
            Self::Object => "object",
        };
        let Some(written) = written else { return false };
        let mut several = written.items().filter_map(Node::as_str);
        written.as_str() == Some(wanted) || (several.next() == Some(wanted) && several.next().is_none())
    }

    pub(super) fn fits(self, value: Node<'_>) -> bool {
        match self {
            Self::Text => value.as_str().is_some(),
            Self::Flag => value.as_bool().is_some(),
            Self::Object => value.is_object(),
        }
    }
}

/// The schema of the part of a record that holds the fields.
pub(super) fn section(graph: &Graph, row: &ProvenanceRow) -> Option<At> {
    let mut at = stands_for(graph, row.schema.as_ref()?.target?);
    for token in split_pointer(row.section.as_ref().map_or("", |name| name.as_str()))? {
        at = member(graph, at, &token)?;
    }
    Some(at)
}

/// The schema of a member.
pub(super) fn member(graph: &Graph, at: At, name: &str) -> Option<At> {
    let node = graph.node(at).get("properties")?.get(name)?;
    Some(stands_for(graph, At { file: at.file, node: node.id() }))
}
