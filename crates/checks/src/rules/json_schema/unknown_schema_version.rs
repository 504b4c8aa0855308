//! JS002 `unknown-schema-version`.

use tenon_source::{At, Code, Finding, Level};

use super::files;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "JS002",
        name: "unknown-schema-version",
        summary: "`$schema` names no draft that is known",
        level: Level::Warning,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("unknown_schema_version.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for root in files(ctx) {
        let Some(version) = ctx.graph.node(root).get("$schema") else { continue };
        // Versions of JSON Schema itself that are not read are said by the reader.
        let Some(uri) = version.as_str().filter(|uri| !uri.contains("json-schema.org")) else { continue };
        let at = At { file: root.file, node: version.id() };
        let message = format!("`{uri}` is no draft of JSON Schema, so the file is read as 2020-12");
        let finding = ctx.graph.sources.finding_at_value(&RULE.code, at, message);
        out.push(
            finding.with_help("write `https://json-schema.org/draft/2020-12/schema`, or the draft you mean"),
        );
    }
}
