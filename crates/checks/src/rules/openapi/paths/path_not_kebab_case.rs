//! OA031 `path-not-kebab-case`.

use tenon_source::{Code, Finding, Level};

use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA031",
        name: "path-not-kebab-case",
        summary: "A path is not written in kebab case",
        level: Level::Off,
        aliases: &["redocly:paths-kebab-case"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("path_not_kebab_case.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for item in ctx.graph.apis.iter().flat_map(|api| &api.paths) {
        let mut fixed =
            item.name.text.split('/').filter(|segment| !(segment.starts_with('{') && segment.ends_with('}')));
        let Some(segment) = fixed.find(|segment| !is_kebab(segment)) else { continue };
        let message = format!("the segment `{segment}` is not in kebab case");
        out.push(
            ctx.graph
                .sources
                .finding(&RULE.code, item.name.at, message)
                .with_help("write small letters with `-` between words"),
        );
    }
}

fn is_kebab(segment: &str) -> bool {
    segment
        .bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'.')
}
