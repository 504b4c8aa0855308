//! OP041 `missing-rpc`.

use tenon_source::{Code, Finding, Level};

use super::*;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP041",
        name: "missing-rpc",
        summary: "A method of the frozen list is not there",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Error,
    strict: Level::Error,
    doc: include_str!("missing_rpc.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for (_, surface) in surfaces(ctx.graph) {
        let Some(service) = service(ctx.graph, surface) else { continue };
        let known: BTreeSet<&str> = methods(ctx.graph, service).iter().map(|rpc| &*rpc.name).collect();
        let there = surface.required.iter().filter(|name| known.contains(name.as_str())).count();
        for name in surface.required.iter().filter(|name| !known.contains(name.as_str())) {
            let message = format!(
                "`{}` has no method `{}`; {there} of the {} methods of the list are there",
                service.full_name,
                name.text,
                surface.required.len()
            );
            let finding = ctx.graph.sources.finding_at_value(&RULE.code, name.at, message);
            let near = did_you_mean(name.as_str(), known.iter().copied());
            out.push(
                finding
                    .with_related(ctx.graph.sources.place(service.at), "the service")
                    .with_help(near.unwrap_or_else(|| "add the method to the service".to_owned())),
            );
        }
    }
}
