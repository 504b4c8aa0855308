//! OA163 `missing-tags`.

use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::support::document_finding;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA163",
        name: "missing-tags",
        summary: "The document declares no tag",
        level: Level::Off,
        aliases: &["spectral:openapi-tags"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("missing_tags.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for api in &ctx.graph.apis {
        if api.tags.is_empty() && !ctx.graph.operations_of(api.file).is_empty() {
            let finding = document_finding(ctx, api, &RULE.code, "the document declares no tag".to_owned());
            out.push(finding.with_help("add `tags` with a name and a description each"));
        }
    }
}
