//! One operation: all that is demanded and promised of it, and a form to try it.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tenon_graph::Operation;
use tenon_graph::serving::{Action, JobAction};
use tenon_policies::idempotency::KeyScope;
use tenon_policies::request::Place;
use tenon_policies::{Condition, Refusal};

use super::{Asked, shown, trial};
use crate::handlers::mock;
use crate::plan::Plan;
use crate::plan::operation::{HandlerPlan, OperationPlan};
use crate::plan::resource::EffectKindPlan;
use crate::reply::Reply;

pub(super) fn page(asked: &Asked<'_>, id: &str) -> Result<Reply, Refusal> {
    let plan = asked.plan;
    let unknown =
        || Refusal::new(Condition::RecordNotFound).with_message(format!("There is no operation {id}."));
    let operation = plan.operations.iter().find(|operation| operation.id == id).ok_or_else(unknown)?;
    let written = plan.graph.operations.iter().find(|written| written.at == operation.at);
    let body = operation.request.body.as_ref();
    let request = body.and_then(|body| body.schema).map(|key| shown::schema(plan, key.at));
    let replies: Vec<Value> = operation
        .replies
        .iter()
        .map(|(status, key)| {
            json!({
                "status": status,
                "schema": key.map(|key| shown::schema(plan, key.at)),
                "example": key.map(|key| shown::pretty(&mock::example(plan, key, false))),
            })
        })
        .collect();
    let values = json!({
        "id": operation.id,
        "method": operation.http.method.as_str(),
        "path": operation.http.path.text,
        "summary": operation.summary.as_deref().unwrap_or_default(),
        "description": written.and_then(|one| one.description.as_ref()).map(|text| text.text.as_str()).unwrap_or_default(),
        "contract": operation.contract.name,
        "version": operation.contract.version,
        "public": operation.public,
        "facts": facts(operation),
        "parameters": parameters(plan, operation),
        "request": request,
        "replies": replies,
        "codes": codes(operation, written),
        "does": does(operation),
        "events": events(operation, written),
        "trial": trial::trial(asked, operation),
    });
    asked.page("operation.html", id, values)
}

/// What callers must know: name, value, more about it.
fn facts(operation: &OperationPlan) -> Vec<Value> {
    let mut facts = Vec::new();
    let mut fact = |name: &str, value: String, more: String| {
        facts.push(json!({ "name": name, "value": value, "more": more }));
    };
    let list = |items: &[String]| if items.is_empty() { "none".to_owned() } else { items.join(", ") };
    let none = String::new;
    match (&operation.access.actors, operation.public) {
        (_, true) => fact("Callers", "anyone".to_owned(), "no credentials are needed".to_owned()),
        (Some(actors), false) => fact("Callers", list(actors), none()),
        (None, false) => fact("Callers", "any type".to_owned(), "with credentials".to_owned()),
    }
    fact("Scopes", list(&operation.access.scopes), none());
    if let Some(role) = &operation.access.role {
        fact("Role", role.clone(), none());
    }
    if operation.tenancy.scoped {
        let by = operation.tenancy.header.as_ref().map(|header| format!("named by {header}"));
        let by = operation
            .tenancy
            .path_parameter
            .as_ref()
            .map(|name| format!("named in the path by {name}"))
            .or(by);
        fact("Tenant", "required".to_owned(), by.unwrap_or_else(|| "of the token".to_owned()));
    }
    if let Some(rule) = operation.idempotency.as_ref().filter(|_| operation.mutating) {
        let whose = if rule.scope == KeyScope::Tenant { "tenant" } else { "caller" };
        let conflict = if rule.conflict { 409 } else { 422 };
        let more = format!(
            "{}, counts {} per {whose}; another body under it gets {conflict}",
            rule.header,
            shown::duration(rule.window_ms)
        );
        fact("Idempotency key", if rule.required { "required" } else { "taken" }.to_owned(), more);
    }
    if let Some(consent) = &operation.consent {
        let scopes: Vec<String> = consent.scopes.iter().map(|(scope, _)| scope.clone()).collect();
        let more =
            if consent.scopes.iter().any(|(_, when)| when.is_some()) { "some only at times" } else { "" };
        fact("Consent", list(&scopes), more.to_owned());
    }
    if let Some(class) = &operation.rate {
        let often = format!("{} in {}", class.requests, shown::duration(class.per_ms));
        fact("Rate class", class.name.clone(), format!("{often}, {} at once", class.burst));
    }
    if let Some(usage) = &operation.usage {
        fact(
            "Usage",
            usage.dimension.clone(),
            if usage.billable { "billable" } else { "not billable" }.to_owned(),
        );
    }
    let speed = [
        operation.performance.p95_ms.map(|ms| format!("p95 ≤ {ms} ms")),
        operation.performance.per_second.map(|count| format!("≥ {count} a second")),
    ];
    let speed: Vec<String> = speed.into_iter().flatten().collect();
    if !speed.is_empty() {
        fact("Performance", speed.join(", "), none());
    }
    for (name, value) in &operation.farewell {
        fact(name, value.clone(), "sent with every reply".to_owned());
    }
    let watched = watched(operation);
    if !watched.is_empty() {
        fact("In shadow", watched.join(", "), "logged and counted, let through".to_owned());
    }
    facts
}

/// The policies that only watch here.
fn watched(operation: &OperationPlan) -> Vec<String> {
    let policies = ["identity", "tenant", "actor", "rate", "request", "idempotency", "consent", "response"];
    let shadowed = |policy: &&&str| operation.shadow.of(policy) == tenon_policies::Enforcement::Shadow;
    policies.iter().filter(shadowed).map(|policy| (*policy).to_owned()).collect()
}

fn parameters(plan: &Plan, operation: &OperationPlan) -> Vec<Value> {
    let row = |parameter: &tenon_policies::request::ParameterRule| {
        let place = match parameter.place {
            Place::Path => "path",
            Place::Query => "query",
            Place::Header => "header",
        };
        let schema =
            parameter.schema.map(|key| tenon_graph::to_value(plan.graph.node(plan.graph.follow(key.at))));
        json!({
            "name": parameter.name, "place": place, "required": parameter.required,
            "schema": schema.map(|schema| schema.to_string()).unwrap_or_default(),
        })
    };
    operation.request.parameters.iter().map(row).collect()
}

/// The codes this operation is known to refuse with, and when.
fn codes(operation: &OperationPlan, written: Option<&Operation>) -> Vec<Value> {
    let mut codes: BTreeSet<String> = operation.refusals.values().cloned().collect();
    let declared = written.and_then(|written| written.governance.reason_codes.as_ref());
    codes.extend(declared.into_iter().flatten().map(|code| code.text.clone()));
    if let HandlerPlan::Resource(resource) = &operation.handler {
        codes.extend(resource.guards.iter().filter_map(|guard| guard.code.clone()));
    }
    let catalogue = &operation.contract.catalogue;
    let row = |code: &String| {
        let conditions: Vec<&str> = operation
            .refusals
            .iter()
            .filter(|(_, bound)| *bound == code)
            .map(|(condition, _)| condition.as_str())
            .collect();
        let own = catalogue.codes().find(|(known, _)| known == code).map(|(_, facts)| facts);
        let built_in = Condition::from_name(code).map(Condition::facts);
        let status = own.map(|facts| facts.status.as_u16()).or(built_in.map(|facts| facts.http_status));
        let title = built_in.map(|facts| facts.title.to_owned());
        json!({
            "code": code,
            "status": status.unwrap_or_default(),
            "message": own.and_then(|facts| facts.message.clone()).or(title).unwrap_or_default(),
            "retryable": own.map(|facts| facts.retryable).or(built_in.map(|facts| facts.retryable)).unwrap_or_default(),
            "when": conditions.join(", "),
        })
    };
    codes.iter().map(row).collect()
}

/// What does the work, in a sentence.
fn does(operation: &OperationPlan) -> String {
    match &operation.handler {
        HandlerPlan::Mock => "answers with examples".to_owned(),
        HandlerPlan::Job(action) => {
            let word = JobAction::ALL.iter().find(|(_, known)| known == action);
            format!("jobs: {}", word.map_or("act", |(word, _)| *word).replace('_', " "))
        }
        HandlerPlan::Proxy(proxy) => {
            format!("asks {}://{}{}", proxy.scheme, proxy.authority, proxy.base)
        }
        HandlerPlan::Resource(resource) => {
            let word = Action::ALL.iter().find(|(_, action)| *action == resource.action);
            let word = word.map_or("act", |(word, _)| *word);
            let mut text = format!("{word}s {}", resource.entity.name);
            let also: BTreeSet<&str> = resource
                .effects
                .iter()
                .map(|effect| match &effect.kind {
                    EffectKindPlan::Record { entity, .. } => entity.name.as_str(),
                    EffectKindPlan::Consent(_) => "consent",
                    EffectKindPlan::Subscribe(_) => "subscriptions",
                })
                .collect();
            if !also.is_empty() {
                text.push_str(&format!(", and changes {}", also.into_iter().collect::<Vec<_>>().join(", ")));
            }
            text
        }
    }
}

/// Events it causes.
fn events(operation: &OperationPlan, written: Option<&Operation>) -> Vec<String> {
    let mut events: BTreeSet<String> = BTreeSet::new();
    if let HandlerPlan::Resource(resource) = &operation.handler {
        events.extend(resource.emits.iter().map(|emit| emit.event.clone()));
    }
    let declared = written.and_then(|written| written.governance.emits.as_ref());
    events.extend(declared.into_iter().flatten().map(|event| event.text.clone()));
    events.into_iter().collect()
}
