//! OP066 `required-fact-missing`.

use tenon_graph::{Contract, Operation};
use tenon_source::{Code, Finding, Level};

use super::report;
use super::surface::{governed, surfaces};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP066",
        name: "required-fact-missing",
        summary: "An operation does not say what its contract asks every operation to say",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("required_fact_missing.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for (contract, surface) in surfaces(ctx) {
        for operation in governed(ctx, contract) {
            for wanted in &surface.required {
                let Some(lack) = lack(ctx, contract, operation, &wanted.text) else { continue };
                let message = format!("{} {lack}", operation.label());
                let place = ctx.graph.sources.place(wanted.at);
                let finding = report(ctx, &RULE.code, operation, message);
                out.push(finding.with_related(place, "every operation must"));
            }
        }
    }
}

/// What an operation does not say.
fn lack(ctx: &Context<'_>, contract: &Contract, operation: &Operation, wanted: &str) -> Option<String> {
    let facts = &operation.governance;
    let serving = facts.serving.as_deref();
    let plain = |told: bool, lack: &str| (!told).then(|| lack.to_owned());
    match wanted {
        "performance" => plain(
            serving.is_some_and(|serving| serving.p95_ms.is_some() && serving.per_second.is_some()),
            "promises no latency and throughput: write `performance: {p95_ms, per_second}`",
        ),
        "rate_class" => plain(facts.rate_class.is_some(), "has no `rate_class`"),
        "usage" => {
            plain(facts.usage.is_some(), "does not say what is metered: write `usage`, or `usage: none`")
        }
        "consent" => plain(
            facts.consent.is_some(),
            "does not say which consent it needs: write `consent`, or `consent: none`",
        ),
        "idempotency" => plain(
            !operation.is_mutating() || facts.idempotency.as_ref().is_some_and(|said| said.required),
            "changes something and asks for no key: write `idempotency: required`",
        ),
        "traces" => plain(
            facts.traces.as_ref().is_some_and(|traces| !traces.is_empty()),
            "traces to no criterion: write `traces`",
        ),
        "envelope" => without_envelope(ctx, contract, operation),
        _ => None,
    }
}

/// The first member of the envelope that the response schema does not have.
fn without_envelope(ctx: &Context<'_>, contract: &Contract, operation: &Operation) -> Option<String> {
    let Some(tenon_graph::serving::Template::Object(members)) = &contract.serving.success_envelope else {
        return None;
    };
    let Some(Ok(schema)) = operation.response_schema else { return None };
    let schema = ctx.graph.node(ctx.graph.follow(schema));
    let properties = schema.get("properties");
    let missing = members.iter().find(|(name, _)| properties.and_then(|all| all.get(name)).is_none());
    missing.map(|(name, _)| format!("answers without `{name}` of the envelope"))
}
