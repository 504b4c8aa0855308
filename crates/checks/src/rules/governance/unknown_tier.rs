//! OP031 `unknown-tier`.

use tenon_graph::Tier;
use tenon_source::{Code, Finding, Level};

use super::declared;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP031",
        name: "unknown-tier",
        summary: "A stability tier is none that is known",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("unknown_tier.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let contracts = ctx.graph.contracts.iter().filter_map(|contract| contract.tier.as_ref());
    let operations = declared(ctx).filter_map(|operation| operation.governance.tier.as_ref());
    for tier in contracts.chain(operations).filter(|tier| Tier::parse(&tier.text).is_none()) {
        let message = format!("`{}` is no stability tier", tier.text);
        let finding = ctx.graph.sources.finding_at_value(&RULE.code, tier.at, message);
        out.push(
            finding.with_help("the tiers are `stable` (also `stable/v1`), `experimental` and `internal`"),
        );
    }
}
