//! OP030 `owner-missing`.

use tenon_source::{Code, Finding, Level};

use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP030",
        name: "owner-missing",
        summary: "A contract does not say who answers for it, or how firmly it is promised",
        level: Level::Warning,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("owner_missing.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for contract in &ctx.graph.contracts {
        for (value, what, example) in [
            (&contract.owner, "owner", "owner: revenue-platform"),
            (&contract.tier, "tier", "tier: stable"),
            (&contract.version, "version", "version: 1.0.0"),
        ] {
            if value.is_none() {
                let message = format!("the contract has no {what}");
                let finding = ctx.graph.sources.finding(&RULE.code, contract.at, message);
                out.push(finding.with_help(format!("add it, as in `{example}`")));
            }
        }
    }
}
