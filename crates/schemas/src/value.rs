//! Values of a tree as `serde_json` values, for schemas and for cold paths.

use serde_json::Number;
use tenon_source::Node;

pub(crate) use tenon_graph::to_value;

/// A number as `serde_json` holds it.
pub(crate) fn number(node: Node<'_>) -> Option<Number> {
    node.number_text()?.parse().ok()
}
