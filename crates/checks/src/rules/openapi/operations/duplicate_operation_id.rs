//! OA001 `duplicate-operation-id`.

use rustc_hash::FxHashMap;
use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::support::operations;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA001",
        name: "duplicate-operation-id",
        summary: "Two operations have the same id",
        level: Level::Error,
        aliases: &["spectral:operation-operationId-unique", "redocly:operation-operationId-unique"],
    },
    minimal: Level::Error,
    strict: Level::Error,
    doc: include_str!("duplicate_operation_id.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let sources = &ctx.graph.sources;
    for api in &ctx.graph.apis {
        let mut first = FxHashMap::default();
        for operation in operations(ctx, api) {
            let Some(id) = &operation.id else { continue };
            let earlier = *first.entry(id.as_str()).or_insert(id.at);
            if earlier == id.at {
                continue;
            }
            let message = format!("the operation id `{}` is taken by another operation", id.text);
            out.push(
                sources
                    .finding_at_value(&RULE.code, id.at, message)
                    .with_operation(operation.label())
                    .with_related(sources.place(earlier), "first used here")
                    .with_help("give each operation an id of its own: generators name functions after it"),
            );
        }
    }
}
