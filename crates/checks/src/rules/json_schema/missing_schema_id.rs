//! JS004 `missing-schema-id`.

use tenon_source::{Code, Finding, Level};

use super::{file_finding, files};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "JS004",
        name: "missing-schema-id",
        summary: "A JSON Schema file has no `$id`",
        level: Level::Info,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("missing_schema_id.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for root in files(ctx) {
        let node = ctx.graph.node(root);
        if node.is_object() && node.get("$id").is_none() && node.get("id").is_none() {
            let message = "the schema has no `$id`, a stable identity".to_owned();
            out.push(
                file_finding(ctx.graph, &RULE.code, root, message)
                    .with_help("add a URL of your own that will not change"),
            );
        }
    }
}
