//! OA001 `operation-id-unique`.

use rustc_hash::FxHashMap;
use tenon_source::{Code, Finding, Level};

use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA001",
        name: "operation-id-unique",
        summary: "Two operations have the same id",
        level: Level::Error,
        aliases: &["spectral:operation-operationId-unique", "redocly:operation-operationId-unique"],
    },
    minimal: Level::Error,
    strict: Level::Error,
    doc: include_str!("operation_id_unique.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let sources = &ctx.graph.sources;
    for api in &ctx.graph.apis {
        let mut first = FxHashMap::default();
        for operation in ctx.graph.operations_of(api.file) {
            let Some(id) = &operation.id else { continue };
            let Some(earlier) = first.insert(id.as_str(), id.at) else { continue };
            first.insert(id.as_str(), earlier);
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
