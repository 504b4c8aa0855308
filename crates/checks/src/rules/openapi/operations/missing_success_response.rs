//! OA009 `missing-success-response`.

use tenon_graph::OpenApiVersion;
use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::support::offered;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA009",
        name: "missing-success-response",
        summary: "An operation says nothing about its success",
        level: Level::Warning,
        aliases: &["spectral:operation-success-response", "redocly:operation-2xx-response"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("missing_success_response.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for api in &ctx.graph.apis {
        for operation in offered(ctx, api) {
            let detail = &operation.detail;
            if detail.responses.iter().any(|response| is_success(&response.status)) {
                continue;
            }
            let (place, message) = match detail.responses_at {
                Some(place) => (place, "the operation has no success response"),
                // Before 3.1 the structure demands `responses`.
                None if api.version < OpenApiVersion::V3_1 => continue,
                None => {
                    (operation.at, "the operation has no `responses`, so it says nothing about its success")
                }
            };
            out.push(
                ctx.graph
                    .sources
                    .finding(&RULE.code, place, message)
                    .with_operation(operation.label())
                    .with_help("add the response of the successful case, such as `200` or `204`"),
            );
        }
    }
}

fn is_success(status: &str) -> bool {
    match status.as_bytes() {
        [b'2' | b'3', _, _] => true,
        _ => status == "default" || status == "101",
    }
}
