//! OP064 `prerequisite-missing`.

use tenon_graph::{Contract, Name, join_path};
use tenon_source::{Code, Finding, Level};

use super::surface::surfaces;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP064",
        name: "prerequisite-missing",
        summary: "Something the contract stands on is not there",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("prerequisite_missing.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for (contract, surface) in surfaces(ctx) {
        for needed in &surface.prerequisites {
            let Some(source) = needed.source.as_ref().filter(|source| !is_there(ctx, contract, source))
            else {
                continue;
            };
            let title = needed.title.as_ref().map_or("", |title| title.text.as_str());
            let message =
                format!("prerequisite missing: {} {title}: there is no `{}`", needed.name.text, source.text);
            let finding = ctx.graph.sources.finding_at_value(&RULE.code, source.at, message);
            out.push(finding.with_help("add it to the pack, or correct where it is"));
        }
    }
}

/// Whether a file is in the run, or a part of the contract has something in it.
fn is_there(ctx: &Context<'_>, contract: &Contract, source: &Name) -> bool {
    if let Some(pointer) = source.text.strip_prefix('#') {
        let part = ctx.graph.node(contract.at).at(pointer);
        return part.is_some_and(|part| !part.is_null() && !part.is_empty());
    }
    let from = ctx.graph.sources.get(contract.at.file).map_or("", |file| file.path.as_str());
    ctx.graph.sources.find(&join_path(from, &source.text)).is_some()
}
