//! What contracts say of an operation beyond its types, as rows of a table.

use serde_json::{Value, json};
use tenon_graph::{Graph, Name, Operation, Status};

/// One row: what it is about, and words.
fn row(name: &str, words: Vec<String>) -> Value {
    json!({ "name": name, "words": words, "text": "" })
}

fn said(name: &str, text: impl Into<String>) -> Value {
    json!({ "name": name, "words": [], "text": text.into() })
}

fn names(list: &[Name]) -> Vec<String> {
    list.iter().map(|name| name.text.clone()).collect()
}

/// Who may call, for which tenant, how often, and what becomes of it.
pub(super) fn rows(graph: &Graph, operation: &Operation) -> Vec<Value> {
    let governance = &operation.governance;
    let mut out = Vec::new();
    if operation.status == Some(Status::Deferred) {
        out.push(said("Status", "deferred: not part of the current scope"));
    }
    match governance.auth_required {
        Some(false) => out.push(said("Callers", "anyone")),
        _ => {
            if let Some(actors) = governance.actors.as_ref().filter(|actors| !actors.is_empty()) {
                out.push(row("Callers", names(actors)));
            }
        }
    }
    if let Some(scopes) = governance.scopes.as_ref().filter(|scopes| !scopes.is_empty()) {
        out.push(row("Scopes", names(scopes)));
    }
    if let Some(role) = &governance.role {
        out.push(row("Role", vec![role.text.clone()]));
    }
    if let Some(tenancy) = governance.tenancy.as_ref().filter(|tenancy| tenancy.scoped) {
        let source = tenancy.source.as_ref().map_or("the caller's tenant", |name| name.as_str());
        out.push(row("Tenant from", vec![source.to_owned()]));
    }
    out.extend(idempotency(operation));
    if let Some(consent) = governance.consent.as_ref().filter(|consent| !consent.scopes.is_empty()) {
        out.push(row("Consent to", names(&consent.scopes)));
    }
    if let Some(usage) = governance.usage.as_ref().and_then(|usage| Some((usage, usage.dimension.as_ref()?)))
    {
        let (usage, dimension) = usage;
        let billed = if usage.billable == Some(true) { " (billed)" } else { "" };
        out.push(said("Metered as", format!("{}{billed}", dimension.text)));
    }
    if let Some(class) = &governance.rate_class {
        let classes = graph.contracts.iter().flat_map(|contract| &contract.serving.rate_classes);
        let known = classes.into_iter().find(|known| known.name.text == class.text);
        let limit = known.and_then(|known| Some((known.requests?, known.per.as_ref()?)));
        let limit = limit.map(|(requests, per)| format!(": {requests} requests in {}", per.text));
        out.push(said("Rate class", format!("{}{}", class.text, limit.unwrap_or_default())));
    }
    if let Some(entity) = &governance.entity {
        out.push(row("Entity", vec![entity.text.clone()]));
    }
    if let Some(facade) = &governance.facade_of {
        out.push(row("Facade of", vec![facade.text.clone()]));
    }
    if let Some(effects) = governance.side_effects.as_ref().filter(|effects| !effects.is_empty()) {
        out.push(said("Also changes", names(effects).join("; ")));
    }
    out.extend(deprecation(operation));
    for (label, name) in [("Tier", &governance.tier), ("Owner", &governance.owner)] {
        out.extend(name.as_ref().map(|name| said(label, name.text.as_str())));
    }
    out
}

fn idempotency(operation: &Operation) -> Option<Value> {
    let idempotency = operation.governance.idempotency.as_ref().filter(|one| one.required)?;
    let mut text = match &idempotency.key {
        Some(key) => format!("a key is needed in {}", key.text.replacen(':', " ", 1)),
        None => "a key is needed".to_owned(),
    };
    if let Some(window) = &idempotency.window {
        text.push_str(&format!("; it counts for {}", window.text));
    }
    if let Some(scope) = &idempotency.scope {
        text.push_str(&format!(", apart for each {}", scope.text));
    }
    if let Some(conflict) = &idempotency.conflict {
        text.push_str(&format!("; another request under the same key gets {}", conflict.text));
    }
    Some(said("Repeated calls", text))
}

fn deprecation(operation: &Operation) -> Option<Value> {
    let deprecation = operation.governance.deprecation.as_ref()?;
    let parts = [
        ("announced", &deprecation.announced),
        ("deprecated from", &deprecation.deprecated),
        ("gone after", &deprecation.sunset),
    ];
    let parts: Vec<String> =
        parts.iter().filter_map(|(word, day)| Some(format!("{word} {}", day.as_ref()?.text))).collect();
    Some(said("Deprecation", parts.join(", ")))
}
