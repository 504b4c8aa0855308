//! SC37 `no-required-endpoint`.

use tenon_source::{Code, Finding, Level};

use crate::facts::service::services;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "SC37",
        name: "no-required-endpoint",
        summary: "The contract has no required endpoint",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Error,
    strict: Level::Error,
    doc: include_str!("no_required_endpoint.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for facts in services(ctx) {
        // Endpoints whose status is wrong are reported for that.
        let any = facts.endpoints.iter().any(|endpoint| !endpoint.is_deferred());
        let Some(at) = facts.contract.endpoints.filter(|_| !any) else { continue };
        let message = if facts.endpoints.is_empty() {
            "the contract has no endpoint, so that every check of it passes by saying nothing"
        } else {
            "every endpoint is deferred, so that there is nothing to build"
        };
        out.push(
            facts.finding(&RULE.code, at, message).with_help("add the endpoints of the required entities"),
        );
    }
}
