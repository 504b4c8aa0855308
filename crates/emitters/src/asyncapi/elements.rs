//! The small elements: tags, bindings, security.

use serde_json::{Map, Value, json};
use tenon_graph::{AsyncApi, Binding, Graph, SecurityUse, Tag};

use crate::inline::inlined;

/// Tags.
pub(super) fn tags(graph: &Graph, tags: &[Tag], out: &mut Map<String, Value>) {
    if !tags.is_empty() {
        let tags = tags.iter().map(|tag| inlined(graph, tag.at));
        out.insert("tags".to_owned(), tags.collect());
    }
}

/// What protocols add; of two for one protocol the first counts.
pub(super) fn bindings(graph: &Graph, bindings: &[Binding], out: &mut Map<String, Value>) {
    let mut all = Map::new();
    for binding in bindings {
        all.entry(binding.protocol.text.clone()).or_insert_with(|| inlined(graph, binding.at));
    }
    if !all.is_empty() {
        out.insert("bindings".to_owned(), Value::Object(all));
    }
}

/// What a client needs.
pub(super) fn security(api: &AsyncApi, graph: &Graph, uses: &[SecurityUse]) -> Value {
    let mut out = Vec::new();
    for one in uses {
        match one {
            SecurityUse::Scheme { def, scopes, .. } => {
                let scopes = scopes.iter().map(|scope| scope.text.clone()).collect();
                out.push(scheme(inlined(graph, *def), scopes));
            }
            SecurityUse::Named(requirement) => {
                for (name, scopes) in &requirement.schemes {
                    let known = api.security_schemes.iter().find(|scheme| scheme.name == name.text);
                    if let Some(known) = known {
                        let scopes = scopes.iter().map(|scope| scope.text.clone()).collect();
                        out.push(scheme(inlined(graph, known.def), scopes));
                    }
                }
            }
        }
    }
    Value::Array(out)
}

/// A scheme in the words of version 3, with the scopes that are asked for.
fn scheme(mut scheme: Value, scopes: Vec<String>) -> Value {
    let flows = scheme.get_mut("flows").and_then(Value::as_object_mut);
    for flow in flows.into_iter().flat_map(|flows| flows.values_mut()).filter_map(Value::as_object_mut) {
        if let Some(declared) = flow.shift_remove("scopes") {
            flow.entry("availableScopes").or_insert(declared);
        }
    }
    let takes_scopes = matches!(scheme.get("type").and_then(Value::as_str), Some("oauth2" | "openIdConnect"));
    if let Some(members) = scheme.as_object_mut().filter(|_| takes_scopes && !scopes.is_empty()) {
        members.entry("scopes").or_insert_with(|| json!(scopes));
    }
    scheme
}
