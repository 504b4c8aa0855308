//! OA063 `ref-with-siblings`.

use rustc_hash::FxHashSet;
use tenon_graph::{OpenApiVersion, Reference};
use tenon_source::{At, Code, Finding, Level};

use crate::rules::openapi::support::{Versions, at, is_schema};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA063",
        name: "ref-with-siblings",
        summary: "Something beside a `$ref` is ignored",
        level: Level::Warning,
        aliases: &["spectral:no-$ref-siblings", "redocly:spec-ref-siblings"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("ref_with_siblings.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let versions = Versions::of(ctx);
    let items = ctx.graph.apis.iter().flat_map(|api| api.paths.iter().chain(&api.webhooks));
    // What stands beside the `$ref` of a path is not defined, but read by most.
    let items: FxHashSet<At> = items.filter(|item| item.at != item.def).map(|item| item.at).collect();
    for reference in &ctx.graph.references {
        let node = ctx.graph.node(reference.at);
        if node.len() < 2 || node.get("$ref").is_none() || items.contains(&reference.at) {
            continue;
        }
        if let Some(version) = versions.of_file(reference.at.file) {
            check_one(ctx, reference, version, out);
        }
    }
}

fn check_one(ctx: &Context<'_>, reference: &Reference, version: OpenApiVersion, out: &mut Vec<Finding>) {
    let later = version >= OpenApiVersion::V3_1;
    let in_schema = is_schema(ctx, reference.at);
    if later && in_schema {
        return;
    }
    let is_ignored = |key: &str| key != "$ref" && !(later && matches!(key, "summary" | "description"));
    let mut ignored = ctx.graph.node(reference.at).members().filter(|(key, _)| is_ignored(key)).peekable();
    let Some(&(_, first)) = ignored.peek() else { return };
    let names: Vec<String> = ignored.map(|(key, _)| format!("`{key}`")).collect();
    let verb = if names.len() == 1 { "is" } else { "are" };
    let message = format!("{} beside a `$ref` {verb} ignored", names.join(" and "));
    let help = if in_schema {
        "put the `$ref` into an `allOf` of its own, or move the rest to where it leads"
    } else {
        "move it to where the reference leads, or remove it"
    };
    out.push(ctx.graph.sources.finding(&RULE.code, at(reference.at, first), message).with_help(help));
}
