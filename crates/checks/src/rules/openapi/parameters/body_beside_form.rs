//! OA041 `body-beside-form`.

use tenon_graph::ParameterIn;
use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::support::operations;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA041",
        name: "body-beside-form",
        summary: "A Swagger 2 operation has a body and form fields",
        level: Level::Error,
        aliases: &["spectral:operation-parameters"],
    },
    minimal: Level::Error,
    strict: Level::Error,
    doc: include_str!("body_beside_form.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for operation in ctx.graph.apis.iter().flat_map(|api| operations(ctx, api)) {
        let find =
            |place| operation.detail.parameters.iter().find(|parameter| parameter.place == Some(place));
        let (Some(body), Some(form)) = (find(ParameterIn::Body), find(ParameterIn::FormData)) else {
            continue;
        };
        let sources = &ctx.graph.sources;
        out.push(
            sources
                .finding(&RULE.code, form.at, "a form field beside a body: a request has one of the two")
                .with_operation(operation.label())
                .with_related(sources.place(body.at), "the body")
                .with_help("move the form fields into the body's schema, or the body into form fields"),
        );
    }
}
