//! OP043 `rpc-delta-without-reason`.

use tenon_source::{Code, Finding, Level};

use super::*;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP043",
        name: "rpc-delta-without-reason",
        summary: "A delta row of a method lacks its reason or owner, or stands for no method",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("rpc_delta_without_reason.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for (_, surface) in surfaces(ctx.graph) {
        let Some(service) = service(ctx.graph, surface) else { continue };
        let known: BTreeSet<&str> = methods(ctx.graph, service).iter().map(|rpc| &*rpc.name).collect();
        let required = names(&surface.required);
        for delta in &surface.deltas {
            let name = delta.method.as_str();
            let lack = if !known.contains(name) {
                "stands for nothing: the service has no such method"
            } else if required.contains(name) {
                "is not needed: the method is on the list"
            } else if delta.reason.is_none() {
                "does not say why the method is there"
            } else if delta.owner.is_none() {
                "does not say who answers for it"
            } else {
                continue;
            };
            let message = format!("the delta row of `{name}` {lack}");
            let finding = ctx.graph.sources.finding(&RULE.code, delta.at, message);
            out.push(finding.with_help("write `reason` and `owner`, or remove the row"));
        }
    }
}
