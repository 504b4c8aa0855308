//! What messages call a schema: its component or file, and the way from there.

use std::fmt::Write as _;

use rustc_hash::FxHashMap;
use tenon_graph::Graph;
use tenon_source::{At, Node};

/// Maps whose members are schemas with a name.
const COMPONENTS: [&str; 9] = [
    "schemas",
    "definitions",
    "$defs",
    "parameters",
    "headers",
    "responses",
    "requestBodies",
    "messages",
    "payloads",
];

/// What schemas of one version are called.
#[derive(Debug)]
pub(super) struct Names<'g> {
    graph: &'g Graph,
    /// Schemas at the top of messages, and what those are called.
    tops: FxHashMap<At, String>,
}

impl<'g> Names<'g> {
    pub(super) fn new(graph: &'g Graph) -> Self {
        Self { graph, tops: FxHashMap::default() }
    }

    /// Names the schema at the top of a message.
    pub(super) fn top(&mut self, at: At, what: &str) {
        if self.component(at).is_none() {
            self.tops.entry(at).or_insert_with(|| what.to_owned());
        }
    }

    /// What a schema is called, such as `Pet.owner.name` or `the request body.limit`.
    pub(super) fn schema(&self, at: At) -> String {
        let mut steps: Vec<String> = Vec::new();
        let mut node = self.graph.node(at);
        let base = loop {
            let here = At { file: at.file, node: node.id() };
            if let Some(what) = self.tops.get(&here) {
                break what.clone();
            }
            let Some(parent) = node.parent() else { break self.file(at) };
            if let Some(name) = component(node, parent) {
                break name.to_owned();
            }
            node = match step(node, parent) {
                Step::Into(text, owner) => {
                    steps.push(text);
                    owner
                }
                Step::Same(owner) => owner,
            };
        };
        steps.iter().rev().fold(base, |mut name, step| {
            let _ = write!(name, "{step}");
            name
        })
    }

    /// The name of the component a schema is, if it is one.
    pub(super) fn component(&self, at: At) -> Option<&'g str> {
        let node = self.graph.node(at);
        match node.parent() {
            Some(parent) => component(node, parent),
            None => node.get_str("$id").or_else(|| Some(stem(&self.graph.sources.get(at.file)?.path))),
        }
    }

    fn file(&self, at: At) -> String {
        let Some(file) = self.graph.sources.get(at.file) else { return String::new() };
        let root = file.tree.root();
        let name = root.get_str("$id").map_or(file.path.as_str(), |id| id.trim_end_matches('#'));
        stem(name).to_owned()
    }
}

/// The name of a file or URL without what it shares with all others.
fn stem(path: &str) -> &str {
    let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or(path);
    let name = name.strip_suffix(".json").or_else(|| name.strip_suffix(".yaml")).unwrap_or(name);
    let name = name.strip_suffix(".yml").unwrap_or(name);
    name.strip_suffix(".schema").unwrap_or(name)
}

/// The name of a member of `components/schemas` and the like.
fn component<'g>(node: Node<'g>, parent: Node<'g>) -> Option<&'g str> {
    let map = parent.key()?;
    let home = parent.parent()?;
    let is_home = home.parent().is_none() || home.key() == Some("components") || map == "$defs";
    (parent.is_object() && is_home && COMPONENTS.contains(&map)).then(|| node.key()).flatten()
}

enum Step<'g> {
    Into(String, Node<'g>),
    Same(Node<'g>),
}

/// The step from the schema or list that a schema stands in.
fn step<'g>(node: Node<'g>, parent: Node<'g>) -> Step<'g> {
    let number = || parent.items().take_while(|item| item.id() < node.id()).count() + 1;
    let owner = parent.parent();
    match (node.key(), parent.key(), owner) {
        (Some(name), Some("properties" | "patternProperties"), Some(owner)) => {
            Step::Into(format!(".{name}"), owner)
        }
        (Some(name), Some("dependentSchemas" | "dependencies"), Some(owner)) => {
            Step::Into(format!(" with {name}"), owner)
        }
        (None, Some("allOf"), Some(owner)) => Step::Same(owner),
        (None, Some("anyOf" | "oneOf"), Some(owner)) => Step::Into(format!("<{}>", number()), owner),
        (None, Some("prefixItems" | "items"), Some(owner)) => {
            Step::Into(format!("[{}]", number() - 1), owner)
        }
        (Some("items" | "contains" | "unevaluatedItems" | "additionalItems"), _, _) => {
            Step::Into("[]".to_owned(), parent)
        }
        (Some("additionalProperties" | "unevaluatedProperties" | "propertyNames"), _, _) => {
            Step::Into(".*".to_owned(), parent)
        }
        (Some("schema"), _, _) => Step::Same(parent),
        (Some(name), _, _) => Step::Into(format!(".{name}"), parent),
        (None, ..) => Step::Into(format!(".{}", number() - 1), parent),
    }
}
