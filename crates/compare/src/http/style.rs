//! How the values of a parameter are written.

use tenon_graph::{Graph, HttpApi, OpenApiVersion, Parameter, ParameterIn};
use tenon_source::{At, Node};

/// How the values of a parameter are written, alike in every version of OpenAPI.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Style {
    /// `form`, `simple` and so on.
    style: String,
    /// Whether each value of a list stands for itself.
    explode: bool,
    /// Whether there can be more than one value: else the style makes no difference.
    several: bool,
    /// Whether reserved characters stand as they are.
    pub(super) reserved: bool,
    /// Whether it may be given without a value.
    pub(super) empty: bool,
}

impl Style {
    pub(super) fn of(graph: &Graph, api: Option<&HttpApi>, parameter: &Parameter) -> Self {
        let node = graph.node(parameter.def);
        let flag = |key: &str| node.get(key).and_then(Node::as_bool);
        let usual = match parameter.place {
            Some(ParameterIn::Query | ParameterIn::Cookie | ParameterIn::FormData) => "form",
            _ => "simple",
        };
        let is_v2 = api.is_some_and(|api| api.version == OpenApiVersion::V2);
        let (style, explode) = if is_v2 {
            collection_format(node.get_str("collectionFormat").unwrap_or("csv"), usual)
        } else {
            let style = node.get_str("style").unwrap_or(usual);
            (style.to_owned(), flag("explode").unwrap_or(style == "form" || style == "cookie"))
        };
        Self {
            several: parameter.schema.is_none_or(|schema| may_be_several(graph, schema)),
            style,
            explode,
            reserved: flag("allowReserved") == Some(true),
            empty: flag("allowEmptyValue") == Some(true),
        }
    }

    /// What differs in how lists and objects are written, in words.
    pub(super) fn difference(&self, new: &Self) -> Option<String> {
        // Styles with a mark of their own (`;x=1`, `.x`) differ for single values too.
        let marked = |style: &str| matches!(style, "label" | "matrix" | "deepObject");
        let is_single = !self.several && !new.several && !marked(&self.style) && !marked(&new.style);
        if is_single || (&self.style, self.explode) == (&new.style, new.explode) {
            return None;
        }
        let word = |style: &Self| {
            format!(
                "in the style `{}`{}",
                style.style,
                if style.explode { ", each by itself" } else { ", joined" }
            )
        };
        Some(format!("{} now, they were {}", word(new), word(self)))
    }
}

/// The words of Swagger 2 for the same.
fn collection_format(format: &str, usual: &str) -> (String, bool) {
    match format {
        "ssv" => ("spaceDelimited".to_owned(), false),
        "pipes" => ("pipeDelimited".to_owned(), false),
        "tsv" => ("tabDelimited".to_owned(), false),
        "multi" => ("form".to_owned(), true),
        _ => (usual.to_owned(), false),
    }
}

/// References and combined schemas looked into, a count: what is deeper may be anything.
const DEPTH_MAX: usize = 8;

/// Whether a value may be a list or an object.
pub(super) fn may_be_several(graph: &Graph, schema: At) -> bool {
    several(graph, schema, DEPTH_MAX)
}

fn several(graph: &Graph, schema: At, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return true };
    let def = graph.follow(schema);
    let node = graph.node(def);
    let is_several = |kind: &str| matches!(kind, "array" | "object");
    match node.get("type") {
        Some(kind) => {
            kind.as_str().map_or_else(|| kind.items().filter_map(Node::as_str).any(is_several), is_several)
        }
        None => {
            let of = |key: &str| node.get(key).into_iter().flat_map(Node::items);
            let mut parts = of("anyOf").chain(of("oneOf")).chain(of("allOf")).peekable();
            if parts.peek().is_some() {
                return parts.any(|part| several(graph, At { file: def.file, node: part.id() }, depth));
            }
            // A list of strings is no list; a schema that says nothing may be anything.
            let scalar = |value: Node<'_>| !value.is_array() && !value.is_object();
            !node.get("enum").is_some_and(|list| list.items().all(scalar))
        }
    }
}
