//! OP051 `scope-family-not-allowed`.

use tenon_source::{Code, Finding, Level};

use super::surface::{governed, surfaces};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP051",
        name: "scope-family-not-allowed",
        summary: "A scope is of a family the contract does not use",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("scope_family_not_allowed.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for (contract, surface) in surfaces(ctx) {
        let Some(families) = &surface.scope_families else { continue };
        let allowed: Vec<&str> = families.iter().map(|family| family.name.text.as_str()).collect();
        for operation in governed(ctx, contract) {
            for scope in operation.governance.scopes.iter().flatten() {
                let family = scope.text.split([':', '.']).next().unwrap_or_default();
                if allowed.contains(&family) {
                    continue;
                }
                let message = format!("scope family not allowed: `{}` is of `{family}`", scope.text);
                let finding = ctx.graph.sources.finding_at_value(&RULE.code, scope.at, message);
                let help = format!("use a scope of {}", allowed.join(", "));
                out.push(finding.with_operation(operation.label()).with_help(help));
            }
        }
    }
}
