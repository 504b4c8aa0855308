//! Bodies that only service contracts tell of: by a schema in them, or by what a route hands on.

use serde_json::{Map, Value, json};
use tenon_graph::{Graph, Operation, to_value};

/// The body of a request; `None` where nothing tells of one.
pub(crate) fn request(graph: &Graph, operation: &Operation) -> Option<Value> {
    let service = operation.service.as_ref()?;
    if let Some(at) = service.body_schema {
        return Some(to_value(graph.node(at)));
    }
    let arguments = service.route_args.as_ref()?;
    if arguments.iter().any(|argument| argument.as_str() == "req.body") {
        return Some(json!({ "type": "object" }));
    }
    let mut properties = Map::new();
    for argument in arguments {
        let name = argument.as_str().strip_prefix("req.body.").filter(|name| is_name(name));
        properties.extend(name.map(|name| (name.to_owned(), json!({}))));
    }
    (!properties.is_empty()).then(|| json!({ "type": "object", "properties": properties }))
}

/// The parameters of the query that a route hands on.
pub(crate) fn query(operation: &Operation) -> impl Iterator<Item = &str> {
    let arguments = operation.service.iter().flat_map(|service| service.route_args.iter().flatten());
    arguments.filter_map(|argument| argument.as_str().strip_prefix("req.query.").filter(|name| is_name(name)))
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
}
