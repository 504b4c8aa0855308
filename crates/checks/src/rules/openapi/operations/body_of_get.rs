//! OA011 `body-of-get`.

use tenon_graph::{Body, MediaType};
use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::support::operations;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA011",
        name: "body-of-get",
        summary: "A `GET`, `HEAD` or `TRACE` operation has a request body",
        level: Level::Warning,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("body_of_get.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for api in &ctx.graph.apis {
        for operation in operations(ctx, api) {
            let (Some(http), Some(body)) = (&operation.http, &operation.detail.request) else { continue };
            let method = http.method.as_str();
            if !matches!(method, "GET" | "HEAD" | "TRACE") || is_empty(ctx, body) {
                continue;
            }
            let message =
                format!("`{method}` requests have no body: what stands here is not sent by many clients");
            out.push(
                ctx.graph
                    .sources
                    .finding(&RULE.code, body.at, message)
                    .with_operation(operation.label())
                    .with_help("use query parameters, or `POST` for a search that needs a body"),
            );
        }
    }
}

/// Whether the body need not be sent and has no field: some generators write one everywhere.
fn is_empty(ctx: &Context<'_>, body: &Body) -> bool {
    let has_no_field = |media: &MediaType| {
        let schema = media.schema.map(|schema| ctx.graph.node(ctx.graph.follow(schema)));
        let properties = schema.and_then(|schema| schema.get("properties"));
        properties.is_some_and(|properties| properties.is_empty())
    };
    !body.required && body.content.iter().all(has_no_field)
}
