//! OA010 `missing-error-response`.

use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::support::offered;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA010",
        name: "missing-error-response",
        summary: "An operation says nothing about a client's errors",
        level: Level::Warning,
        aliases: &["redocly:operation-4xx-response"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("missing_error_response.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for api in &ctx.graph.apis {
        for operation in offered(ctx, api) {
            let detail = &operation.detail;
            let Some(place) = detail.responses_at else { continue };
            if detail.responses.iter().any(|response| matches!(response.status.as_bytes(), [b'4', _, _])) {
                continue;
            }
            out.push(
                ctx.graph
                    .sources
                    .finding(&RULE.code, place, "the operation has no `4xx` response")
                    .with_operation(operation.label())
                    .with_help(
                        "add the errors a caller can cause, such as `400`, `404` or `4XX` for all of them",
                    ),
            );
        }
    }
}
