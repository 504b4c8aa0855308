//! JS003 `missing-schema-version`.

use tenon_source::{Code, Finding, Level};

use super::{file_finding, files};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "JS003",
        name: "missing-schema-version",
        summary: "A JSON Schema file does not say which draft it is written in",
        level: Level::Info,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("missing_schema_version.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let graph = ctx.graph;
    for root in files(ctx).filter(|root| graph.node(*root).get("$schema").is_none()) {
        let message = "the schema does not say which draft it is written in; it is read as 2020-12";
        let finding = file_finding(graph, &RULE.code, root, message.to_owned());
        out.push(finding.with_help("add `\"$schema\": \"https://json-schema.org/draft/2020-12/schema\"`"));
    }
}
