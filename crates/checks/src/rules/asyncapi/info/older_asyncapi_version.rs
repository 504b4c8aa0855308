//! AS045 `older-asyncapi-version`.

use tenon_source::{Code, Finding, Level};

use crate::rules::asyncapi::support::documents;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "AS045",
        name: "older-asyncapi-version",
        summary: "A document is of an older version of AsyncAPI",
        level: Level::Info,
        aliases: &["spectral:asyncapi-latest-version"],
    },
    minimal: Level::Off,
    strict: Level::Info,
    doc: include_str!("older_asyncapi_version.md"),
    check,
};

/// The newest version that is read.
const NEWEST: &str = "3.1.0";

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for version in documents(ctx).filter_map(|api| api.version_text.as_ref()) {
        if !version.text.starts_with("3.1") {
            let message = format!("the document is of version `{}`; the newest is `{NEWEST}`", version.text);
            let finding = ctx.graph.sources.finding_at_value(&RULE.code, version.at, message);
            out.push(finding.with_help("move on when the tools that read it can"));
        }
    }
}
