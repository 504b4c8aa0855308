//! OA047 `form-without-form-media-type`.

use tenon_graph::{OpenApiVersion, ParameterIn};
use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::support::{member, operations};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA047",
        name: "form-without-form-media-type",
        summary: "A Swagger 2 operation has form fields but consumes no form",
        level: Level::Warning,
        aliases: &["spectral:oas2-operation-formData-consume-check"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("form_without_form_media_type.md"),
    check,
};

const FORMS: &[&str] = &["application/x-www-form-urlencoded", "multipart/form-data"];

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for api in ctx.graph.apis.iter().filter(|api| api.version == OpenApiVersion::V2) {
        let shared = member(ctx, api.root, "consumes");
        for operation in operations(ctx, api) {
            let mut places = operation.detail.parameters.iter().map(|parameter| parameter.place);
            let Some(consumes) = member(ctx, operation.at, "consumes").or(shared) else { continue };
            if !places.any(|place| place == Some(ParameterIn::FormData)) {
                continue;
            }
            let mut media = ctx.graph.node(consumes).items().filter_map(tenon_source::Node::as_str);
            if media.any(|name| FORMS.iter().any(|form| name.starts_with(form))) {
                continue;
            }
            out.push(
                ctx.graph
                    .sources
                    .finding(&RULE.code, consumes, "the operation has form fields, but consumes no form")
                    .with_operation(operation.label())
                    .with_help("add `application/x-www-form-urlencoded`, or `multipart/form-data` for files"),
            );
        }
    }
}
