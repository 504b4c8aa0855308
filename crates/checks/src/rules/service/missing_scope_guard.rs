//! SC04 `missing-scope-guard`.

use tenon_source::{Code, Finding, Level};

use crate::facts::service::Guarded;
use crate::facts::service::services;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "SC04",
        name: "missing-scope-guard",
        summary: "An endpoint on or below a guarded resource lacks the guard",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Error,
    strict: Level::Error,
    doc: include_str!("missing_scope_guard.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for facts in services(ctx) {
        for endpoint in &facts.endpoints {
            let Some(guarded) = facts.guarded(endpoint) else { continue };
            if endpoint.service.middleware.is_none() || endpoint.has_middleware(&guarded.guard) {
                continue;
            }
            let Guarded { guard, parent, child, is_parent } = &guarded;
            let why = match (child, is_parent) {
                (Some(child), _) => format!("`{child}` belongs to `{parent}`"),
                (None, true) => format!("this is one of `{parent}` itself"),
                (None, false) => format!("the path lies below one of `{parent}`"),
            };
            let message = format!("{why}, and `{guard}` does not stand in the middleware");
            let at = endpoint.outer_at(facts.graph, "middleware");
            let help = if *is_parent {
                format!(
                    "add `{guard}`: the item of the parent is as reachable by a guessed id as its children are"
                )
            } else {
                format!(
                    "add `{guard}` to `middleware`: without it any caller reaches the records of any parent"
                )
            };
            out.push(facts.finding_in(&RULE.code, endpoint, at, message).with_help(help));
        }
    }
}
