//! OP059 `waiver-without-adr`.

use tenon_source::{Code, Finding, Level};

use super::surface::surfaces;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP059",
        name: "waiver-without-adr",
        summary: "A decided change names no decision record",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("waiver_without_adr.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for (contract, _) in surfaces(ctx).filter(|(_, surface)| surface.waivers_need_adr) {
        for waiver in contract.removals.iter().chain(&contract.deltas).filter(|waiver| waiver.adr.is_none()) {
            let message = format!("the change of `{}` was decided without a record", waiver.what.text);
            let finding = ctx.graph.sources.finding(&RULE.code, waiver.at, message);
            out.push(finding.with_help("name the record, as in `adr: ADR-0012`"));
        }
    }
}
