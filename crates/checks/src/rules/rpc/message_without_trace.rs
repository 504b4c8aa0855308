//! OP045 `message-without-trace`.

use tenon_source::{Code, Finding, Level};

use super::*;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP045",
        name: "message-without-trace",
        summary: "A message of the service comes from no family and no delta",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("message_without_trace.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for (_, surface) in surfaces(ctx.graph).filter(|(_, surface)| !surface.messages.is_empty()) {
        for message in unsaid(ctx.graph, surface, |facts| !facts.traces.is_empty()) {
            let text = format!("untraced contract: `{}` comes from no family and no delta", message.name());
            let finding = ctx.graph.sources.finding(&RULE.code, message.at, text);
            let help =
                format!("write `{}: {{traces: …}}` under `rpc.messages` of the contract", message.name());
            out.push(finding.with_help(help));
        }
        traces_to_nothing(ctx.graph, surface, out);
    }
}

/// Traces that no row of a register bears; without a register they are taken on trust.
fn traces_to_nothing(graph: &Graph, surface: &RpcSurface, out: &mut Vec<Finding>) {
    let registers = &graph.reuse_registers;
    let families = registers.iter().flat_map(|register| &register.families).map(|row| row.family.as_str());
    let deltas = registers.iter().flat_map(|register| &register.deltas).map(|row| row.delta.as_str());
    let known: BTreeSet<&str> = families.chain(deltas).collect();
    if known.is_empty() {
        return;
    }
    let traces = surface.messages.iter().flat_map(|facts| &facts.traces);
    for trace in traces.filter(|trace| !known.contains(trace.as_str())) {
        let message = format!("untraced contract: no family and no delta is called `{}`", trace.text);
        let finding = graph.sources.finding_at_value(&RULE.code, trace.at, message);
        let near = did_you_mean(trace.as_str(), known.iter().copied());
        out.push(finding.with_help(near.unwrap_or_else(|| "add the row to the reuse register".to_owned())));
    }
}
