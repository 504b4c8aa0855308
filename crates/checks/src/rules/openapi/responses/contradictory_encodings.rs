//! OA137 `contradictory-encodings`.

use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::bodies::media_types;
use crate::rules::openapi::support::at;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA137",
        name: "contradictory-encodings",
        summary: "A media type says how its parts are written in two ways",
        level: Level::Error,
        aliases: &["redocly:spec-no-invalid-encoding-combinations"],
    },
    minimal: Level::Error,
    strict: Level::Error,
    doc: include_str!("contradictory_encodings.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for media in ctx.graph.apis.iter().flat_map(|api| media_types(ctx, api)) {
        let node = ctx.graph.node(media.at);
        if node.get("encoding").is_none() {
            continue;
        }
        let other =
            ["prefixEncoding", "itemEncoding"].into_iter().find_map(|key| Some((key, node.get(key)?)));
        let Some((key, place)) = other else { continue };
        let message = format!("`{key}` beside `encoding`: parts are either named or counted");
        let finding = ctx.graph.sources.finding(&RULE.code, at(media.at, place), message);
        out.push(finding.with_help("keep `encoding` for forms, the other for lists of parts"));
    }
}
