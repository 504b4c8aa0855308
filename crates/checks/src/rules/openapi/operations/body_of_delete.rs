//! OA016 `body-of-delete`.

use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::support::operations;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA016",
        name: "body-of-delete",
        summary: "A `DELETE` operation has a request body",
        level: Level::Off,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("body_of_delete.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for api in &ctx.graph.apis {
        for operation in operations(ctx, api) {
            let (Some(http), Some(body)) = (&operation.http, &operation.detail.request) else { continue };
            if http.method.as_str() != "DELETE" {
                continue;
            }
            out.push(
                ctx.graph
                    .sources
                    .finding(
                        &RULE.code,
                        body.at,
                        "the body of a `DELETE` has no meaning in HTTP and may be dropped",
                    )
                    .with_operation(operation.label())
                    .with_help("use parameters, or a `POST` that names the act"),
            );
        }
    }
}
