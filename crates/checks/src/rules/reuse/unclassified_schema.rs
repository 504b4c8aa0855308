//! RE003 `unclassified-schema`.

use tenon_source::{Code, Finding, Level};

use super::{file_name, row_of_files, unclassified};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "RE003",
        name: "unclassified-schema",
        summary: "A schema file of the inventory is in no family",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("unclassified_schema.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for register in &ctx.graph.reuse_registers {
        let rows = row_of_files(register);
        for at in unclassified(ctx, register, &rows) {
            let name = file_name(ctx.graph, at.file);
            let message = format!("`{name}` is in no family of the reuse register");
            let node = ctx.graph.node(at);
            let place = ["title", "$id", "$schema", "type"].iter().find_map(|key| node.get(key));
            let span = place.map_or(node.span(), |node| node.head_span());
            let finding = Finding::new(&RULE.code, tenon_source::Place { file: at.file, span }, message);
            out.push(
                finding
                    .with_pointer(String::new())
                    .with_related(ctx.graph.sources.place(register.at), "the register")
                    .with_help("add it to the `schemas` of a family, or add a family for it"),
            );
        }
    }
}
