//! AS032 `undescribed-channel-operation`.

use tenon_graph::Name;
use tenon_source::{Code, Finding, Level};

use crate::rules::asyncapi::support::{Lack, documents, report_lacks};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "AS032",
        name: "undescribed-channel-operation",
        summary: "An operation has no description",
        level: Level::Warning,
        aliases: &["spectral:asyncapi-operation-description", "spectral:asyncapi-3-operation-description"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("undescribed_channel_operation.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let lack = Lack {
        code: &RULE.code,
        what: "a description",
        help: "say when the message is sent, and what follows from it",
    };
    let blank = |text: &Option<Name>| text.as_ref().is_none_or(|text| text.text.trim().is_empty());
    for api in documents(ctx) {
        report_lacks(ctx, api, &lack, |operation| blank(&operation.description), out);
    }
}
