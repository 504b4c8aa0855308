//! OP052 `scope-of-family-missing`.

use tenon_source::{Code, Finding, Level};

use super::report;
use super::surface::{governed, surfaces};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP052",
        name: "scope-of-family-missing",
        summary: "An operation lacks the scope its family has for reads or changes",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("scope_of_family_missing.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for (contract, surface) in surfaces(ctx) {
        for operation in governed(ctx, contract) {
            let Some(scopes) = &operation.governance.scopes else { continue };
            let of =
                |family: &str| scopes.iter().any(|scope| scope.text.split([':', '.']).next() == Some(family));
            for family in surface.scope_families.iter().flatten().filter(|family| of(&family.name.text)) {
                let (wanted, does) = if operation.is_mutating() {
                    (&family.changes, "changes something")
                } else {
                    (&family.reads, "only reads")
                };
                let Some(wanted) = wanted else { continue };
                if scopes.iter().any(|scope| scope.text == wanted.text) {
                    continue;
                }
                let message = format!("{} {does} and does not ask for `{}`", operation.label(), wanted.text);
                let finding = report(ctx, &RULE.code, operation, message);
                out.push(finding.with_help(format!("write `scopes: [\"{}\"]`", wanted.text)));
            }
        }
    }
}
