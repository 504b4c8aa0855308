//! A request that could be sent: the form to try an operation, and the same as a line of curl.

use serde_json::{Value, json};
use tenon_policies::request::Place;

use super::{Asked, shown};
use crate::handlers::mock;
use crate::plan::Plan;
use crate::plan::operation::OperationPlan;

/// The tenant of a first try: a UUID, since contracts like to ask for one.
const TENANT: &str = "00000000-0000-4000-8000-000000000001";

/// The fields of the form, filled with what works or could.
pub(super) fn trial(asked: &Asked<'_>, operation: &OperationPlan) -> Value {
    let plan = asked.plan;
    let (path, query) = (fields(plan, operation, Place::Path), fields(plan, operation, Place::Query));
    let path = match path.is_empty() {
        // A contract need not describe what stands in its path.
        true => operation.http.path_parameters().map(|name| field(name, "", true)).collect(),
        false => path,
    };
    let headers = headers(asked, operation);
    let key = operation.request.body.as_ref().and_then(|body| body.schema);
    let body = key.map(|key| shown::pretty(&mock::example(plan, key, true))).unwrap_or_default();
    let curl = curl(asked, operation, &path, &query, &headers, &body);
    json!({
        "method": operation.http.method.as_str(),
        "template": template(&operation.http.path.text),
        "path": path,
        "query": query,
        "headers": headers,
        "has_body": operation.request.body.is_some(),
        "body": body,
        "curl": curl,
        "token": token_command(asked, operation),
        "needs_token": !operation.public,
    })
}

fn field(name: &str, value: &str, required: bool) -> Value {
    json!({ "name": name, "value": value, "required": required })
}

fn fields(plan: &Plan, operation: &OperationPlan, place: Place) -> Vec<Value> {
    let own = operation.request.parameters.iter().filter(|parameter| parameter.place == place);
    own.map(|parameter| {
        let made = parameter.schema.filter(|_| parameter.required);
        let made = made.map(|key| shown::plain(&mock::example(plan, key, true))).unwrap_or_default();
        field(&parameter.name, &made, parameter.required)
    })
    .collect()
}

/// Header fields beside the token and the content type.
fn headers(asked: &Asked<'_>, operation: &OperationPlan) -> Vec<Value> {
    let mut headers = Vec::new();
    if let Some(header) = operation.tenancy.header.as_ref().filter(|_| operation.tenancy.scoped) {
        headers.push(field(header, TENANT, operation.tenancy.header_required));
    }
    if let Some(rule) = operation.idempotency.as_ref().filter(|_| operation.mutating) {
        headers.push(field(&rule.header, &asked.gateway.world().uuid(), rule.required));
    }
    let correlation = operation.contract.correlation();
    for parameter in fields(asked.plan, operation, Place::Header) {
        let name = parameter.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
        let is_named = |known: &Value| {
            let known = known.get("name").and_then(Value::as_str);
            known.is_some_and(|known| known.eq_ignore_ascii_case(&name))
        };
        if headers.iter().any(is_named) {
            continue;
        }
        headers.push(match correlation == name.as_str() {
            true => field(&name, &asked.gateway.world().uuid(), false),
            false => parameter,
        });
    }
    headers
}

/// `/a/:b` as `/a/{b}`.
fn template(path: &str) -> String {
    let segments = path.split('/').map(|segment| match segment.strip_prefix(':') {
        Some(name) if !name.is_empty() => format!("{{{name}}}"),
        _ => segment.to_owned(),
    });
    segments.collect::<Vec<_>>().join("/")
}

fn curl(
    asked: &Asked<'_>,
    operation: &OperationPlan,
    path: &[Value],
    query: &[Value],
    headers: &[Value],
    body: &str,
) -> String {
    let text = |field: &Value, member: &str| {
        field.get(member).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let mut target = template(&operation.http.path.text);
    for field in path {
        let value = text(field, "value");
        if !value.is_empty() {
            target = target.replace(&format!("{{{}}}", text(field, "name")), &shown::segment(&value));
        }
    }
    let given = query.iter().filter(|field| !text(field, "value").is_empty());
    let pairs: Vec<String> = given
        .map(|field| format!("{}={}", text(field, "name"), shown::segment(&text(field, "value"))))
        .collect();
    if !pairs.is_empty() {
        target = format!("{target}?{}", pairs.join("&"));
    }
    let method = operation.http.method.as_str();
    let mut line = format!("curl -i -X {method} {}", quoted(&format!("{}{target}", asked.base())));
    if !operation.public {
        line.push_str(" \\\n  -H \"Authorization: Bearer $TOKEN\"");
    }
    for field in headers.iter().filter(|field| !text(field, "value").is_empty()) {
        let header = format!("{}: {}", text(field, "name"), text(field, "value"));
        line.push_str(&format!(" \\\n  -H {}", quoted(&header)));
    }
    if !body.is_empty() {
        line.push_str(" \\\n  -H 'Content-Type: application/json'");
        line.push_str(&format!(" \\\n  -d {}", quoted(body)));
    }
    line
}

/// A word as shells take it.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// The command that makes a token this operation takes.
fn token_command(asked: &Asked<'_>, operation: &OperationPlan) -> String {
    let rule = &operation.contract.identity;
    let actors = operation.access.actors.as_deref().unwrap_or_default();
    // An actor that acts for itself makes the shorter command.
    let alone = actors.iter().find(|kind| !rule.delegating_actors.contains(kind));
    let kind = alone.or(actors.first()).map_or("user", String::as_str);
    let mut line = format!("tenon token --actor {kind}:demo");
    if rule.delegating_actors.iter().any(|one| one == kind) {
        line.push_str(" --act-for partner:demo");
    }
    if operation.tenancy.scoped {
        line.push_str(&format!(" --tenant {TENANT}"));
    }
    if let Some(role) = &operation.access.role {
        line.push_str(&format!(" --role {}", quoted(role)));
    }
    if !operation.access.scopes.is_empty() {
        line.push_str(&format!(" --scope {}", quoted(&operation.access.scopes.join(" "))));
    }
    let store = asked.gateway.store().describe();
    // The key is beside the store; what is kept in memory has the one of the usual store.
    if store.starts_with("sqlite:") {
        line.push_str(&format!(" --store {}", quoted(&store)));
    }
    line
}

#[cfg(test)]
mod tests {
    use super::{quoted, template};

    #[test]
    fn words_survive_a_shell() {
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(template("/a/:b/{c}/:"), "/a/{b}/{c}/:");
    }
}
