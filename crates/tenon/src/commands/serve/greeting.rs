//! What a user sees first: where the gateway listens, what it serves, where everything is kept, and
//! one call that works.

use std::fmt::Write as _;
use std::net::SocketAddr;

use serde_json::{Map, Value, json};
use tenon_gateway::Gateway;
use tenon_gateway::authenticate::{DevelopmentKey, SigningKey, development};
use tenon_gateway::plan::Plan;
use tenon_gateway::plan::operation::{OperationPlan, Place};

use crate::failure::Failure;
use crate::render::counted;
use crate::terminal::Terminal;

/// How long the token of the first call is good for, in seconds: a day.
const TOKEN_S: i64 = 86_400;

/// The tenant of the first call: a UUID, since contracts like to ask for one.
const TENANT: &str = "00000000-0000-4000-8000-000000000001";

/// Says all of it.
pub fn greet(
    gateway: &Gateway,
    address: SocketAddr,
    tls: bool,
    key: Option<&DevelopmentKey>,
    terminal: &Terminal,
) -> Result<(), Failure> {
    let plan = gateway.plan();
    let scheme = if tls { "https" } else { "http" };
    let names: Vec<&str> = plan
        .contracts
        .iter()
        .map(|contract| contract.name.as_str())
        .filter(|name| !name.is_empty())
        .collect();
    let mut out = String::new();
    let operations = counted(plan.operations.len(), "operation");
    let events = counted(plan.events.len(), "event");
    let named = if names.is_empty() { String::new() } else { format!("{}: ", names.join(", ")) };
    // Writing to a text cannot fail.
    let _ = writeln!(out, "listening on {scheme}://{address}");
    let _ = writeln!(out, "serving      {named}{operations}, {events}");
    let _ = writeln!(out, "store        {}", gateway.store().describe());
    let _ = writeln!(out, "console      {scheme}://{address}/_tenon/");
    if key.is_some() {
        let _ = writeln!(out, "identity     tokens of `tenon token` are accepted (development)");
    }
    for rpc in plan.operations.iter().filter_map(|one| one.rpc.as_ref()).filter(|rpc| rpc.client_streaming) {
        terminal.complain(&format!(
            "warning: {}/{} takes a stream of messages: over gRPC it is answered UNIMPLEMENTED\n",
            rpc.service, rpc.method
        ));
    }
    if let Some(call) = first_call(&plan, &format!("{scheme}://{address}"), gateway.world().now_ms(), key) {
        let _ = writeln!(out, "try          {call}");
    }
    terminal.print(|to| {
        to.write_all(out.as_bytes())?;
        to.flush()
    })
}

/// A call that works: of an operation that only reads, if there is one that needs nothing in its
/// path, else of one that makes something from the contract's own example.
fn first_call(plan: &Plan, base: &str, now_ms: i64, key: Option<&DevelopmentKey>) -> Option<String> {
    let open = |operation: &&OperationPlan| {
        operation.http.path_parameters().next().is_none() && (operation.public || key.is_some())
    };
    let reads = |operation: &&OperationPlan| {
        let queries = operation.request.parameters.iter().filter(|one| one.place == Place::Query);
        operation.http.method.as_str() == "GET" && queries.clone().all(|one| !one.required)
    };
    let mut found = plan.operations.iter().filter(open).filter(reads).map(|operation| (operation, None));
    let (operation, body) = found.next().or_else(|| {
        let made = plan.operations.iter().filter(open).filter_map(|one| Some((one, Some(body(plan, one)?))));
        made.into_iter().next()
    })?;
    let mut call = String::from("curl");
    let mut header = |name: &str, value: &str| call.push_str(&format!(" -H '{name}: {value}'"));
    if !operation.public {
        header("Authorization", &format!("Bearer {}", token(operation, now_ms, key?)?));
    }
    if let Some(name) = operation.tenancy.header.as_ref().filter(|_| operation.tenancy.scoped) {
        header(name, TENANT);
    }
    for one in operation.request.parameters.iter().filter(|one| one.place == Place::Header && one.required) {
        header(&one.name, TENANT);
    }
    if let Some(rule) = operation.idempotency.as_ref().filter(|rule| rule.required && body.is_some()) {
        header(&rule.header, "00000000-0000-4000-8000-0000000000a1");
    }
    if let Some(body) = body {
        header("Content-Type", "application/json");
        // A quote would end the argument in a shell.
        call.push_str(&format!(" -d '{}'", body.replace('\'', "'\\''")));
    }
    Some(format!("{call} {base}{}", operation.http.path.text))
}

/// The example of a request, on one line.
fn body(plan: &Plan, operation: &OperationPlan) -> Option<String> {
    let schema = plan.graph.follow(operation.request.body.as_ref()?.schema?.at);
    let mut examples = plan.graph.examples.iter();
    let example = examples.find(|example| plan.graph.follow(example.schema) == schema)?;
    Some(tenon_graph::to_value(plan.graph.node(example.value)).to_string())
}

fn token(operation: &OperationPlan, now_ms: i64, key: &DevelopmentKey) -> Option<String> {
    let rule = &operation.contract.identity;
    let kinds = operation.access.actors.as_ref();
    // An actor that acts for itself makes the shorter token.
    let alone = kinds.and_then(|kinds| kinds.iter().find(|kind| !rule.delegating_actors.contains(kind)));
    let kind = alone.or_else(|| kinds?.first()).map_or("user", String::as_str);
    let now_s = now_ms.div_euclid(1000);
    let mut claims = Map::new();
    let mut claim = |name: &str, value: Value| claims.insert(name.to_owned(), value);
    claim("iss", development::ISSUER.into());
    claim("aud", development::AUDIENCE.into());
    claim("sub", "demo".into());
    claim("iat", now_s.into());
    claim("exp", (now_s + TOKEN_S).into());
    claim(&rule.actor_type, kind.into());
    claim(&rule.tenant, TENANT.into());
    claim("scope", operation.access.scopes.join(" ").into());
    if let Some(role) = &operation.access.role {
        claim("roles", json!([role]));
    }
    if rule.delegating_actors.iter().any(|one| one == kind) {
        claim(&rule.delegation, json!({ "type": "partner", "id": "demo" }));
    }
    SigningKey::development(key).sign(&claims, None).ok()
}
