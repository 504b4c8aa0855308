//! The words for governance facts, read alike wherever they stand: in the native contract, and in
//! `x-tenon` objects inside standard formats.
//!
//! A fact may be written short or long (`idempotency: required`, or an object with `key`,
//! `scope`, `window` and `conflict`). What has the wrong type is passed over: the contract's own
//! JSON Schema says so.

use tenon_graph::{
    Boundary, Consent, Contract, Deprecation, Entity, ErrorCode, Governance, Idempotency, Name, Part,
    Tenancy, Transition, Usage, Waiver,
};

use crate::contract::surface::{self, forbids};
use crate::serving;
use crate::value::Value;

/// The facts of one operation.
pub(crate) fn read_governance(facts: Value<'_>) -> Governance {
    let mut out = Governance { declared: true, ..Governance::default() };
    for (key, value) in facts.members() {
        match key {
            "auth" => out.auth_required = auth(value),
            "actors" => out.actors = value.names(),
            "scopes" => out.scopes = value.names(),
            "role" => out.role = value.scalar(),
            "tenancy" => out.tenancy = tenancy(value),
            "idempotency" => out.idempotency = idempotency(value),
            "consent" => out.consent = consent(value),
            "usage" => out.usage = usage(value),
            "rate_class" => out.rate_class = value.scalar(),
            "reason_codes" => out.reason_codes = value.names(),
            "emits" => out.emits = value.names(),
            "side_effects" => out.side_effects = value.names(),
            "facade_of" => out.facade_of = value.scalar(),
            "entity" => out.entity = value.scalar(),
            "tier" => out.tier = value.scalar(),
            "owner" => out.owner = value.scalar(),
            "deprecation" => out.deprecation = deprecation(value),
            "stage" => out.stage = value.scalar(),
            "traces" => out.traces = value.names(),
            "forbids" => out.forbids = Some(Box::new(forbids(value))),
            _ => {}
        }
    }
    out.serving = serving::operation(facts).map(Box::new);
    out
}

/// The head of a contract: who promises it, how firmly, and the words its operations may use.
pub(crate) fn read_contract(head: Value<'_>) -> Contract {
    Contract {
        at: head.at(),
        name: head.get("name").and_then(Value::scalar),
        version: head.get("version").and_then(Value::scalar),
        owner: head.get("owner").and_then(Value::scalar),
        tier: head.get("tier").and_then(Value::scalar),
        actors: vocabulary(head, "actors"),
        scopes: vocabulary(head, "scopes"),
        rate_classes: vocabulary(head, "rate_classes"),
        consent_scopes: vocabulary(head, "consent_scopes"),
        usage_dimensions: vocabulary(head, "usage_dimensions"),
        tenant_key: head.get("tenant_key").and_then(Value::scalar),
        boundary: head.object("boundary").map(boundary),
        sources: Vec::new(),
        removals: waivers(head, "removals"),
        deltas: waivers(head, "deltas"),
        rpc: None,
        surface: head.object("surface").map(|surface| Box::new(surface::read(surface))),
        serving: Box::new(serving::contract(head)),
    }
}

/// `x-tenon` at the root of a document with `info`: the contract's head, its error catalogue and its entities.
pub(crate) fn read_root_facts(root: Value<'_>, part: &mut Part) {
    let Some(facts) = root.object("x-tenon") else { return };
    let mut contract: Contract = read_contract(facts);
    let info = root.get("info");
    contract.name = contract.name.or_else(|| info?.name("title"));
    contract.version = contract.version.or_else(|| info?.name("version"));
    part.contracts.push(contract);
    part.errors = facts.get("errors").map(read_errors).unwrap_or_default();
    part.entities = facts.get("entities").map(read_entities).unwrap_or_default();
}

/// `[{what, rule, reason, owner}]`: changes that were decided. What does not say what changed is
/// passed over.
fn waivers(head: Value<'_>, key: &str) -> Vec<Waiver> {
    let read = |entry: Value<'_>| {
        Some(Waiver {
            at: entry.at(),
            what: entry.get("what").and_then(Value::scalar)?,
            rule: entry.get("rule").and_then(Value::scalar),
            reason: entry.get("reason").and_then(Value::scalar),
            adr: entry.get("adr").and_then(Value::scalar),
            owner: entry.get("owner").and_then(Value::scalar),
        })
    };
    head.list(key).filter_map(read).collect()
}

/// The error catalogue: `code: {http, grpc, retryable}`, or a list of objects with `code`.
pub(crate) fn read_errors(catalogue: Value<'_>) -> Vec<ErrorCode> {
    let entry = |code: Name, entry: Value<'_>| ErrorCode {
        at: entry.at(),
        code,
        http_status: entry.node.as_i64().or_else(|| entry.get("http")?.node.as_i64()),
        grpc_status: entry.get("grpc").and_then(Value::scalar),
        retryable: entry.get("retryable").and_then(|value| value.node.as_bool()),
        message: entry.name("message"),
        stands_for: entry.get("for").and_then(Value::names).unwrap_or_default(),
    };
    if catalogue.node.is_array() {
        return catalogue.items().filter_map(|item| Some(entry(item.name("code")?, item))).collect();
    }
    catalogue.members().map(|(code, value)| entry(Name::new(code, value.at()), value)).collect()
}

/// Entities with their status machines, by name.
pub(crate) fn read_entities(entities: Value<'_>) -> Vec<Entity> {
    entities.members().map(|(name, entity)| read_entity(Name::new(name, entity.at()), entity)).collect()
}

fn read_entity(name: Name, entity: Value<'_>) -> Entity {
    let status = entity.get("status").unwrap_or(entity);
    Entity {
        at: entity.at(),
        name,
        owner: entity.get("owner").and_then(Value::scalar),
        facade_of: entity.get("facade_of").and_then(Value::scalar),
        tenant_scoped: entity.get("tenant_scoped").and_then(|value| value.node.as_bool()),
        status_field: status.get("field").and_then(Value::scalar),
        states: status.get("states").and_then(Value::names).unwrap_or_default(),
        transitions: status.map("transitions").map(|(from, to)| transition(from, to)).collect(),
        storage: Box::new(serving::entity(entity)),
    }
}

fn transition(from: &str, to: Value<'_>) -> Transition {
    Transition { at: to.at(), from: Name::new(from, to.at()), to: to.names().unwrap_or_default() }
}

/// Words the contract declares: a list, or the names of an object.
fn vocabulary(head: Value<'_>, key: &str) -> Option<Vec<Name>> {
    let words = head.get(key)?;
    if words.node.is_object() {
        return Some(words.members().map(|(name, value)| Name::new(name, value.at())).collect());
    }
    words.names()
}

fn boundary(value: Value<'_>) -> Boundary {
    Boundary {
        at: value.at(),
        forbidden: value.get("forbidden").and_then(Value::names).unwrap_or_default(),
        notify_only: value.get("notify_only").and_then(Value::names).unwrap_or_default(),
        stages: value.get("stages").and_then(Value::names).unwrap_or_default(),
        end: value.get("end").and_then(Value::scalar),
    }
}

/// `required`, `public`, or a boolean.
fn auth(value: Value<'_>) -> Option<bool> {
    match value.as_str() {
        Some("public" | "none") => Some(false),
        Some(_) => Some(true),
        None => value.node.as_bool(),
    }
}

/// `true`, `none`, the source of the tenant, or an object with `scoped` and `source`.
fn tenancy(value: Value<'_>) -> Option<Tenancy> {
    let at = value.at();
    if let Some(scoped) = value.node.as_bool() {
        return Some(Tenancy { at, scoped, source: None });
    }
    if let Some(text) = value.as_str() {
        let scoped = text != "none";
        return Some(Tenancy { at, scoped, source: scoped.then(|| Name::new(text, at)) });
    }
    let scoped = value.get("scoped").and_then(|scoped| scoped.node.as_bool()).unwrap_or(true);
    value.node.is_object().then(|| Tenancy {
        at,
        scoped,
        source: value.get("source").and_then(Value::scalar),
    })
}

/// `required`, `none`, a boolean, or an object.
fn idempotency(value: Value<'_>) -> Option<Idempotency> {
    let short = |required| Idempotency {
        at: value.at(),
        required,
        key: None,
        scope: None,
        window: None,
        conflict: None,
    };
    if let Some(required) = value.node.as_bool() {
        return Some(short(required));
    }
    if let Some(text) = value.as_str() {
        return Some(short(text == "required"));
    }
    value.node.is_object().then(|| Idempotency {
        key: value.get("key").and_then(Value::scalar),
        scope: value.get("scope").and_then(Value::scalar),
        window: value.get("window").and_then(Value::scalar),
        conflict: value.get("conflict").and_then(Value::scalar),
        ..short(value.get("required").and_then(|required| required.node.as_bool()).unwrap_or(true))
    })
}

/// The day of the sunset, or an object with `announced`, `deprecated` and `sunset`.
fn deprecation(value: Value<'_>) -> Option<Deprecation> {
    let at = value.at();
    if let Some(sunset) = value.scalar() {
        return Some(Deprecation { at, announced: None, deprecated: None, sunset: Some(sunset) });
    }
    let day = |key| value.get(key).and_then(Value::scalar);
    value.node.is_object().then(|| Deprecation {
        at,
        announced: day("announced"),
        deprecated: day("deprecated"),
        sunset: day("sunset"),
    })
}

/// `none`, one scope, a list of them, or an object with `scopes`.
fn consent(value: Value<'_>) -> Option<Consent> {
    let at = value.at();
    if value.as_str() == Some("none") {
        return Some(Consent { at, scopes: Vec::new() });
    }
    let scopes = value.get("scopes").unwrap_or(value).names()?;
    Some(Consent { at, scopes })
}

/// `none`, the dimension, or an object with `dimension` and `billable`.
fn usage(value: Value<'_>) -> Option<Usage> {
    let at = value.at();
    if let Some(text) = value.as_str() {
        let dimension = (text != "none").then(|| Name::new(text, at));
        return Some(Usage { at, billable: dimension.is_none().then_some(false), dimension });
    }
    value.node.is_object().then(|| Usage {
        at,
        dimension: value.get("dimension").and_then(Value::scalar),
        billable: value.get("billable").and_then(|billable| billable.node.as_bool()),
    })
}
