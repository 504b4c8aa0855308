//! OA003 `unsafe-operation-id`.

use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::support::operations;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA003",
        name: "unsafe-operation-id",
        summary: "An operation id has characters that cannot stand in a URL",
        level: Level::Warning,
        aliases: &["spectral:operation-operationId-valid-in-url", "redocly:operation-operationId-url-safe"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("unsafe_operation_id.md"),
    check,
};

/// Characters of RFC 3986 beside letters and digits that stand for themselves in a URL.
const SAFE: &str = "-._~:/?#[]@!$&'()*+,;=";

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for api in &ctx.graph.apis {
        for operation in operations(ctx, api) {
            let Some(id) = &operation.id else { continue };
            let bad = |found: &char| !found.is_ascii_alphanumeric() && !SAFE.contains(*found);
            let Some(found) = id.text.chars().find(bad) else { continue };
            let message = format!("the operation id has `{found}`, which cannot stand in a URL as it is");
            out.push(
                ctx.graph
                    .sources
                    .finding_at_value(&RULE.code, id.at, message)
                    .with_operation(operation.label())
                    .with_help("use letters, digits, `-`, `_`, `.` and `/`"),
            );
        }
    }
}
