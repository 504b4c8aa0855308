//! OA032 `path-without-operation`.

use tenon_source::{Code, Finding, Level};

use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA032",
        name: "path-without-operation",
        summary: "A path has no operation",
        level: Level::Off,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("path_without_operation.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for item in ctx.graph.apis.iter().flat_map(|api| &api.paths) {
        // A reference that leads nowhere is reported as such.
        let unresolved = ctx.graph.node(item.def).get("$ref").is_some();
        if item.operation_count == 0 && !unresolved {
            out.push(
                ctx.graph
                    .sources
                    .finding(&RULE.code, item.name.at, "the path has no operation")
                    .with_help("remove the path, or add the operation that is missing"),
            );
        }
    }
}
