//! AS060 `missing-async-tags`.

use tenon_source::{Code, Finding, Level};

use crate::rules::asyncapi::support::{document_finding, documents};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "AS060",
        name: "missing-async-tags",
        summary: "A document has no tags",
        level: Level::Off,
        aliases: &["spectral:asyncapi-tags", "spectral:asyncapi-3-tags"],
    },
    minimal: Level::Off,
    strict: Level::Info,
    doc: include_str!("missing_async_tags.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for api in documents(ctx).filter(|api| api.tags.is_empty()) {
        let finding = document_finding(ctx, api, &RULE.code, "the document has no tags".to_owned());
        out.push(finding.with_help("add `tags` to `info` (version 2: to the document)"));
    }
}
