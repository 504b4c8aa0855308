//! What contracts say beyond every format, as the values that `x-tenon` has.

use serde_json::{Map, Value};
use tenon_graph::serving::{Handler, HandlerKind};
use tenon_graph::{
    Consent, Contract, Deprecation, Graph, Idempotency, Name, Operation, Tenancy, Usage, to_value,
};

/// What a contract says of an operation beyond every format, its defaults included, in the words of
/// `x-tenon`. Which events it causes stays behind: a document that has none could not say what they are.
pub(crate) fn of(operation: &Operation) -> Option<Value> {
    let governance = &operation.governance;
    if !governance.declared {
        return None;
    }
    let mut out = Map::new();
    let mut put = |key: &str, value: Option<Value>| {
        if let Some(value) = value {
            out.insert(key.to_owned(), value);
        }
    };
    let text = |name: &Option<Name>| name.as_ref().map(|name| Value::from(name.text.as_str()));
    let texts = |names: &Option<Vec<Name>>| {
        names
            .as_ref()
            .map(|names| names.iter().map(|name| Value::from(name.text.as_str())).collect::<Value>())
    };
    put("auth", governance.auth_required.map(|required| if required { "required" } else { "public" }.into()));
    put("actors", texts(&governance.actors));
    put("scopes", texts(&governance.scopes));
    put("role", text(&governance.role));
    put("tenancy", governance.tenancy.as_ref().map(tenancy));
    put("idempotency", governance.idempotency.as_ref().map(idempotency));
    put("consent", governance.consent.as_ref().map(consent));
    put("usage", governance.usage.as_ref().map(usage));
    put("rate_class", text(&governance.rate_class));
    put("reason_codes", texts(&governance.reason_codes));
    put("side_effects", texts(&governance.side_effects));
    put("facade_of", text(&governance.facade_of));
    put("entity", text(&governance.entity));
    put("stage", text(&governance.stage));
    put("tier", text(&governance.tier));
    put("owner", text(&governance.owner));
    put("deprecation", governance.deprecation.as_ref().map(deprecation));
    let handler = governance.serving.as_ref().and_then(|serving| serving.handler.as_ref());
    put("x-handler", handler.map(|handler| kind(handler).into()));
    (!out.is_empty()).then_some(Value::Object(out))
}

fn members(pairs: &[(&str, Option<&Name>)]) -> Map<String, Value> {
    let said =
        pairs.iter().filter_map(|(key, name)| Some(((*key).to_owned(), name.as_ref()?.text.as_str().into())));
    said.collect()
}

fn tenancy(tenancy: &Tenancy) -> Value {
    match &tenancy.source {
        _ if !tenancy.scoped => "none".into(),
        Some(source) => source.text.as_str().into(),
        None => true.into(),
    }
}

fn idempotency(idempotency: &Idempotency) -> Value {
    if !idempotency.required && idempotency.key.is_none() {
        return "none".into();
    }
    let mut out = members(&[
        ("key", idempotency.key.as_ref()),
        ("scope", idempotency.scope.as_ref()),
        ("window", idempotency.window.as_ref()),
        ("conflict", idempotency.conflict.as_ref()),
    ]);
    out.insert("required".to_owned(), idempotency.required.into());
    Value::Object(out)
}

fn consent(consent: &Consent) -> Value {
    match consent.scopes.as_slice() {
        [] => "none".into(),
        scopes => scopes.iter().map(|scope| Value::from(scope.text.as_str())).collect(),
    }
}

fn usage(usage: &Usage) -> Value {
    let Some(dimension) = &usage.dimension else { return "none".into() };
    let mut out = members(&[("dimension", Some(dimension))]);
    if let Some(billable) = usage.billable {
        out.insert("billable".to_owned(), billable.into());
    }
    Value::Object(out)
}

fn deprecation(deprecation: &Deprecation) -> Value {
    Value::Object(members(&[
        ("announced", deprecation.announced.as_ref()),
        ("deprecated", deprecation.deprecated.as_ref()),
        ("sunset", deprecation.sunset.as_ref()),
    ]))
}

fn kind(handler: &Handler) -> &'static str {
    match &handler.kind {
        HandlerKind::Resource { .. } => "resource",
        HandlerKind::Proxy(_) => "proxy",
        HandlerKind::Mock => "mock",
        HandlerKind::Job(_) => "job",
    }
}

/// What a contract of its own file says of all its operations. Schemas of entities stay behind: their
/// files are not beside this document.
pub(crate) fn head(graph: &Graph, contract: &Contract) -> Option<Value> {
    const WORDS: [&str; 13] = [
        "name",
        "version",
        "owner",
        "tier",
        "actors",
        "scopes",
        "rate_classes",
        "consent_scopes",
        "usage_dimensions",
        "tenant_key",
        "boundary",
        "errors",
        "entities",
    ];
    let node = graph.node(contract.at);
    // A file of our own, or `x-tenon` of a document that says the same.
    if node.get("tenon").is_none() && node.key() != Some("x-tenon") {
        return None;
    }
    let mut out = Map::new();
    for word in WORDS {
        let Some(value) = node.get(word) else { continue };
        let mut value = to_value(value);
        if word == "entities" {
            for entity in value.as_object_mut().into_iter().flat_map(|all| all.values_mut()) {
                entity.as_object_mut().and_then(|members| members.shift_remove("schema"));
            }
        }
        out.insert(word.to_owned(), value);
    }
    Some(Value::Object(out))
}
