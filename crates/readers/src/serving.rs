//! The words for how a contract is served: handlers, templates, records, rate classes.
//!
//! What has the wrong type is passed over: the contract's own JSON Schema says so.

use tenon_graph::serving::{
    Action, ClientsServing, ContractServing, Effect, EffectKind, Emit, EntityStorage, GateCheck, Guard,
    Handler, HandlerKind, JobAction, JobsServing, Load, OperationServing, Page, Proxy, RateClass, Template,
};
use tenon_graph::{Name, to_value};

use crate::value::Value;

/// Whether a text of a template is an expression.
const EXPRESSION: char = '=';

/// What a contract says of the service of all its operations.
pub(crate) fn contract(head: Value<'_>) -> ContractServing {
    let identity = |key| head.object("identity")?.name(key);
    let header = |key| head.object("headers")?.name(key);
    let envelope = |key| Some(template(head.object("envelope")?.get(key)?));
    ContractServing {
        actor_type_claim: identity("actor_type"),
        tenant_claim: identity("tenant"),
        delegation_claim: identity("delegation"),
        delegating_actors: head.get("delegating_actors").and_then(Value::names).unwrap_or_default(),
        success_envelope: envelope("success"),
        error_envelope: envelope("error"),
        tenant_header: header("tenant"),
        correlation_header: header("correlation"),
        x_rate_limit: header("rate_limit").is_some_and(|form| form.text == "x"),
        audits_reads: head.name("audit").is_some_and(|what| what.text == "all"),
        rate_classes: head.map("rate_classes").map(rate_class).collect(),
        jobs: head.object("jobs").map(jobs),
        clients: head.object("clients").map(|clients| ClientsServing {
            at: clients.at(),
            approved: clients.get("approved").and_then(Value::names).unwrap_or_default(),
            sources: clients.get("sources").and_then(Value::names).unwrap_or_default(),
            required: clients.flag("required"),
        }),
    }
}

fn jobs(jobs: Value<'_>) -> JobsServing {
    let promotion = jobs.object("promotion");
    JobsServing {
        at: jobs.at(),
        registry: jobs.name("registry"),
        gate: jobs.list("gate").filter_map(gate_check).collect(),
        promotion: promotion.and_then(|promotion| Some(template(promotion.get("score")?))),
        promotion_min: promotion.and_then(|promotion| promotion.node.get("min")?.as_f64()),
    }
}

fn gate_check(check: Value<'_>) -> Option<GateCheck> {
    Some(GateCheck {
        at: check.at(),
        name: check.name("check")?,
        holds: template(check.get("holds")?),
        code: check.name("code"),
        asks_person: check.flag("person"),
    })
}

fn rate_class((name, value): (&str, Value<'_>)) -> RateClass {
    RateClass {
        at: value.at(),
        name: Name::new(name, value.at()),
        requests: count(value, "requests"),
        per: value.name("per"),
        burst: count(value, "burst"),
    }
}

/// How records of an entity are kept. Its schema is found by the reader of the contract.
pub(crate) fn entity(entity: Value<'_>) -> EntityStorage {
    let id = entity.get("id");
    let id_word = |key| id?.name(key);
    EntityStorage {
        schema: None,
        id_field: id.and_then(Value::text).or_else(|| id_word("field")),
        id_form: id_word("form"),
        id_prefix: id_word("prefix"),
        key: entity.get("key").and_then(Value::names).unwrap_or_default(),
        store: entity.name("store"),
        index: entity.get("index").and_then(Value::names).unwrap_or_default(),
        initial: entity.object("status").and_then(|status| status.name("initial")),
        computed: entity.map("computed").map(|(name, value)| (name.to_owned(), template(value))).collect(),
        private: entity.get("private").and_then(Value::names).unwrap_or_default(),
    }
}

/// What an operation says of its service; `None` where it says nothing.
pub(crate) fn operation(facts: Value<'_>) -> Option<OperationServing> {
    const WORDS: [&str; 5] = ["handler", "refusals", "enforcement", "unknown_query", "performance"];
    let consent = facts.object("consent");
    let usage = facts.object("usage");
    if consent.is_none() && usage.is_none() && WORDS.iter().all(|word| facts.get(word).is_none()) {
        return None;
    }
    let performance = |key| facts.object("performance")?.node.get(key)?.as_f64();
    let written = facts.get("handler");
    let handler = written.and_then(handler);
    Some(OperationServing {
        unknown_handler: written.filter(|_| handler.is_none()).map(Value::at),
        handler,
        refusals: facts.map("refusals").filter_map(refusal).collect(),
        shadow: facts.get("enforcement").map(shadow).unwrap_or_default(),
        rejects_unknown_query: facts.name("unknown_query").map(|what| what.text == "reject"),
        p95_ms: performance("p95_ms"),
        per_second: performance("per_second"),
        consent_subject: consent.and_then(|consent| Some(template(consent.get("subject")?))),
        consent_needs: consent.map(|consent| fields(consent, "needs")).unwrap_or_default(),
        consent_given: consent.and_then(|consent| Some(template(consent.get("given")?))),
        usage_quantity: usage.and_then(|usage| Some(template(usage.get("quantity")?))),
    })
}

fn refusal((condition, code): (&str, Value<'_>)) -> Option<(Name, Name)> {
    Some((Name::new(condition, code.at()), code.text()?))
}

/// `shadow`, or an object of policies, each `shadow` or `enforce`.
fn shadow(value: Value<'_>) -> Vec<Name> {
    if value.as_str() == Some("shadow") {
        return vec![Name::new("all", value.at())];
    }
    let watched = value.members().filter(|(_, how)| how.as_str() == Some("shadow"));
    watched.map(|(policy, how)| Name::new(policy, how.at())).collect()
}

/// `mock`, or an object whose first known word says what it does.
fn handler(value: Value<'_>) -> Option<Handler> {
    let kind = kind(value)?;
    Some(Handler {
        at: value.at(),
        kind,
        by: fields(value, "where"),
        visible: value.get("visible").map(template),
        loads: value.map("load").filter_map(load).collect(),
        guards: value.list("guards").filter_map(guard).collect(),
        set: value.get("set").map(template),
        effects: value.list("effects").filter_map(effect).collect(),
        emits: value.list("emit").filter_map(emit).collect(),
        page: value.object("page").map(page),
        order: value.get("order").and_then(Value::names).unwrap_or_default(),
        respond: value.get("respond").map(template),
        status: count(value, "status").and_then(|status| u16::try_from(status).ok()),
        types: value.get("types").and_then(Value::names).unwrap_or_default(),
        bytes_max: count(value, "bytes_max"),
    })
}

fn kind(value: Value<'_>) -> Option<HandlerKind> {
    if value.as_str() == Some("mock") || value.flag("mock") {
        return Some(HandlerKind::Mock);
    }
    if let Some(url) = value.name("proxy") {
        let breaker = value.object("breaker");
        return Some(HandlerKind::Proxy(Proxy {
            url,
            timeout: value.name("timeout"),
            retries: count(value, "retries"),
            breaker_failures: breaker.and_then(|breaker| count(breaker, "failures")),
            breaker_cooldown: breaker.and_then(|breaker| breaker.name("cooldown")),
            forward: value.get("forward").and_then(Value::names),
        }));
    }
    if let Some(word) = value.name("job") {
        let found = JobAction::ALL.iter().find(|(known, _)| *known == word.text);
        return found.map(|(_, action)| HandlerKind::Job(*action));
    }
    let (action, entity) = action(value)?;
    Some(HandlerKind::Resource { action, entity })
}

fn action(value: Value<'_>) -> Option<(Action, Name)> {
    Action::ALL.iter().find_map(|(word, action)| Some((*action, value.name(word)?)))
}

fn load((name, value): (&str, Value<'_>)) -> Option<Load> {
    Some(Load {
        name: Name::new(name, value.at()),
        entity: value.name("get")?,
        by: fields(value, "where"),
        required: value.flag("required"),
    })
}

fn guard(value: Value<'_>) -> Option<Guard> {
    Some(Guard {
        at: value.at(),
        when: template(value.get("when")?),
        code: value.name("code")?,
        field: value.name("field"),
        message: value.name("message"),
    })
}

fn effect(value: Value<'_>) -> Option<Effect> {
    let kind = if let Some(consent) = value.get("consent") {
        EffectKind::Consent(template(consent))
    } else if let Some(subscription) = value.get("subscribe") {
        EffectKind::Subscribe(template(subscription))
    } else {
        let (action, entity) = action(value)?;
        EffectKind::Record { action, entity, by: fields(value, "where"), set: value.get("set").map(template) }
    };
    Some(Effect {
        at: value.at(),
        kind,
        each: value.get("each").map(template),
        item: value.name("as"),
        when: value.get("when").map(template),
    })
}

fn emit(value: Value<'_>) -> Option<Emit> {
    Some(Emit {
        at: value.at(),
        event: value.name("type")?,
        when: value.get("when").map(template),
        data: value.get("data").map(template),
    })
}

fn page(value: Value<'_>) -> Page {
    Page {
        limit: value.get("limit").map(template),
        cursor: value.get("cursor").map(template),
        size: count(value, "size"),
        max: count(value, "max"),
        rejects: value.name("enforcement").is_some_and(|how| how.text == "reject"),
    }
}

/// Members of an object as templates.
fn fields(value: Value<'_>, key: &str) -> Vec<(Name, Template)> {
    value.map(key).map(|(name, value)| (Name::new(name, value.at()), template(value))).collect()
}

/// A value to be made. `=…` is an expression, `==…` the text that begins with one sign less.
pub(crate) fn template(value: Value<'_>) -> Template {
    if value.node.is_object() {
        return Template::Object(
            value.members().map(|(name, value)| (name.to_owned(), template(value))).collect(),
        );
    }
    if value.node.is_array() {
        return Template::Array(value.items().map(template).collect());
    }
    match value.as_str().and_then(|text| text.strip_prefix(EXPRESSION)) {
        Some(literal) if literal.starts_with(EXPRESSION) => Template::Value(literal.into()),
        Some(expression) => Template::Expression(Name::new(expression.trim(), value.at())),
        None => Template::Value(to_value(value.node)),
    }
}

fn count(value: Value<'_>, key: &str) -> Option<u64> {
    value.node.get(key)?.as_i64().and_then(|count| u64::try_from(count).ok())
}
