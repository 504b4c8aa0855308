//! OA023 `path-with-query`.

use tenon_source::{Code, Finding, Level};

use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA023",
        name: "path-with-query",
        summary: "A path has a query",
        level: Level::Error,
        aliases: &["spectral:path-not-include-query", "redocly:path-not-include-query"],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("path_with_query.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for item in ctx.graph.apis.iter().flat_map(|api| &api.paths) {
        if item.name.text.contains('?') {
            out.push(
                ctx.graph
                    .sources
                    .finding(&RULE.code, item.name.at, "the path has a `?`, so no request ever matches it")
                    .with_help("end the path before the `?` and declare what follows with `in: query`"),
            );
        }
    }
}
