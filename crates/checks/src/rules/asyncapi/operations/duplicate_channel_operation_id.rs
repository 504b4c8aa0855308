//! AS030 `duplicate-channel-operation-id`.

use rustc_hash::FxHashMap;
use tenon_source::{Code, Finding, Level};

use crate::rules::asyncapi::support::{label, of_version_2, operations};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "AS030",
        name: "duplicate-channel-operation-id",
        summary: "Two operations have the same `operationId`",
        level: Level::Error,
        aliases: &["spectral:asyncapi-operation-operationId-uniqueness"],
    },
    minimal: Level::Error,
    strict: Level::Error,
    doc: include_str!("duplicate_channel_operation_id.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let sources = &ctx.graph.sources;
    for api in of_version_2(ctx) {
        let mut first = FxHashMap::default();
        for operation in operations(api) {
            let Some(id) = &operation.id else { continue };
            let earlier = *first.entry(id.as_str()).or_insert(operation.def);
            if earlier == operation.def {
                continue;
            }
            let message = format!("the operation id `{}` is taken", id.text);
            out.push(
                sources
                    .finding_at_value(&RULE.code, id.at, message)
                    .with_operation(label(api, operation))
                    .with_related(sources.place(earlier), "first used here")
                    .with_help("give one of the two another id"),
            );
        }
    }
}
