//! JS005 `missing-schema-title`.

use tenon_source::{Code, Finding, Level};

use super::{file_finding, files};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "JS005",
        name: "missing-schema-title",
        summary: "A JSON Schema file has no `title`",
        level: Level::Info,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("missing_schema_title.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for root in files(ctx) {
        let node = ctx.graph.node(root);
        if node.is_object() && node.get("title").is_none() {
            let message = "the schema has no `title`, a name for people".to_owned();
            out.push(
                file_finding(ctx.graph, &RULE.code, root, message)
                    .with_help("add the name of what it describes"),
            );
        }
    }
}
