//! OA010 `missing-error-response`.

use tenon_graph::Operation;
use tenon_source::{At, Code, Finding, Level};

use crate::rules::openapi::support::{Lack, offered, report_lacks};
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

/// What the operations lack.
const LACK: Lack = Lack {
    code: &RULE.code,
    what: "a `4xx` response",
    message: "the operation has no `4xx` response",
    help: "add the errors a caller can cause, such as `400`, `404` or `4XX` for all of them",
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for api in &ctx.graph.apis {
        let found = offered(ctx, api).map(|operation| (operation, lacks(operation)));
        report_lacks(ctx, api, &LACK, found, out);
    }
}

/// The responses, if there are any and none is a client's error.
fn lacks(operation: &Operation) -> Option<At> {
    let responses = &operation.detail.responses;
    let is_error = |status: &str| matches!(status.as_bytes(), [b'4', _, _]);
    operation.detail.responses_at.filter(|_| !responses.iter().any(|response| is_error(&response.status)))
}
