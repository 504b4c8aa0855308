//! OA022 `path-with-trailing-slash`.

use tenon_source::{Code, Finding, Level};

use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA022",
        name: "path-with-trailing-slash",
        summary: "A path ends in a slash",
        level: Level::Warning,
        aliases: &["spectral:path-keys-no-trailing-slash", "redocly:no-path-trailing-slash"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("path_with_trailing_slash.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for item in ctx.graph.apis.iter().flat_map(|api| &api.paths) {
        if item.name.text.len() > 1 && item.name.text.ends_with('/') {
            out.push(
                ctx.graph
                    .sources
                    .finding(
                        &RULE.code,
                        item.name.at,
                        "the path ends in a slash, which not every server ignores",
                    )
                    .with_help("remove the slash here and in the server's route"),
            );
        }
    }
}
