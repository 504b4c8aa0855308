//! OA024 `nameless-path-parameter`.

use tenon_source::{Code, Finding, Level};

use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA024",
        name: "nameless-path-parameter",
        summary: "A path has a parameter without a name",
        level: Level::Error,
        aliases: &["spectral:path-declarations-must-exist", "redocly:path-declaration-must-exist"],
    },
    minimal: Level::Error,
    strict: Level::Error,
    doc: include_str!("nameless_path_parameter.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for item in ctx.graph.apis.iter().flat_map(|api| &api.paths) {
        if item.name.text.contains("{}") {
            out.push(
                ctx.graph
                    .sources
                    .finding(&RULE.code, item.name.at, "the path has a parameter without a name: `{}`")
                    .with_help("write a name between the braces and declare it with `in: path`"),
            );
        }
    }
}
