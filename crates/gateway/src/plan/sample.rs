//! Examples an operation gives of its own replies.

use tenon_graph::{Graph, Operation};
use tenon_policies::request::is_json;
use tenon_source::{At, Node};

/// An example of a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// The status of the reply, as the document writes it.
    pub status: String,
    /// Its name; `None` for the only one.
    pub name: Option<String>,
    /// The value.
    pub value: At,
}

/// The examples of an operation's replies, in the order of the document.
pub(super) fn samples(graph: &Graph, operation: &Operation) -> Vec<Sample> {
    let mut samples = Vec::new();
    for reply in &operation.detail.responses {
        let mut add = |name: Option<&str>, value: At| {
            let name = name.map(str::to_owned);
            samples.push(Sample { status: reply.status.clone(), name, value });
        };
        let below = |parent: At, node: Node<'_>| At { file: parent.file, node: node.id() };
        let Some(media) = reply.content.iter().find(|media| is_json(&media.name.to_ascii_lowercase())) else {
            continue;
        };
        let node = graph.node(media.at);
        if let Some(example) = node.get("example") {
            add(None, below(media.at, example));
        }
        for (name, example) in node.get("examples").into_iter().flat_map(Node::members) {
            let at = graph.follow(below(media.at, example));
            if let Some(value) = graph.node(at).get("value") {
                add(Some(name), below(at, value));
            }
        }
        // Swagger 2 has them beside the schema, by media type.
        let by_type = graph.node(reply.def).get("examples").and_then(|all| all.get(&media.name));
        if let Some(example) = by_type.filter(|_| media.at == reply.def || node.get("examples").is_none()) {
            add(None, below(reply.def, example));
        }
    }
    samples
}
