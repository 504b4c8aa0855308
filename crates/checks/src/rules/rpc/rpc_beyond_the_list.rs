//! OP042 `rpc-beyond-the-list`.

use tenon_source::{Code, Finding, Level};

use super::*;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP042",
        name: "rpc-beyond-the-list",
        summary: "A service has a method that is neither on the frozen list nor a recorded delta",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Error,
    strict: Level::Error,
    doc: include_str!("rpc_beyond_the_list.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for (_, surface) in surfaces(ctx.graph).filter(|(_, surface)| !surface.required.is_empty()) {
        let Some(service) = service(ctx.graph, surface) else { continue };
        let mut listed = names(&surface.required);
        listed.extend(surface.deltas.iter().map(|delta| delta.method.as_str()));
        for rpc in methods(ctx.graph, service).iter().filter(|rpc| !listed.contains(&*rpc.name)) {
            let message = format!("`{}` is not on the frozen list of methods and has no delta row", rpc.name);
            let finding = ctx.graph.sources.finding(&RULE.code, rpc.at, message);
            let help =
                format!("write `{}: {{reason: …, owner: …}}` under `rpc.deltas`, or remove it", rpc.name);
            out.push(finding.with_related(ctx.graph.sources.place(surface.at), "the list").with_help(help));
        }
    }
}
