//! OP063 `required-header-missing`.

use tenon_graph::{Operation, ParameterIn};
use tenon_source::{Code, Finding, Level};

use super::report;
use super::surface::{governed, surfaces};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP063",
        name: "required-header-missing",
        summary: "An operation lacks a header field that all requests must have",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("required_header_missing.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for (contract, surface) in surfaces(ctx) {
        for operation in governed(ctx, contract) {
            for header in &surface.headers {
                let counts = operation.is_mutating() || !header.mutations_only;
                if !counts || has(operation, &header.name.text) {
                    continue;
                }
                let message =
                    format!("{} does not ask for the header `{}`", operation.label(), header.name.text);
                let help = format!(
                    "declare it: `parameters: {{{}: {{in: header, required: true}}}}`",
                    header.name.text
                );
                let place = ctx.graph.sources.place(header.name.at);
                let finding = report(ctx, &RULE.code, operation, message);
                out.push(finding.with_related(place, "all requests must have it").with_help(help));
            }
        }
    }
}

/// Whether a request must have the header: by a parameter, or because something else needs it.
fn has(operation: &Operation, header: &str) -> bool {
    let same = |name: &str| name.eq_ignore_ascii_case(header);
    let facts = &operation.governance;
    let source = |text: &str| text.strip_prefix("header:").is_some_and(same);
    // OpenAPI has no parameters of these names: security and bodies stand for them.
    if same("authorization") {
        return facts.auth_required != Some(false);
    }
    if same("content-type") {
        return operation.request_schema.is_some() || !operation.is_mutating();
    }
    let parameter = operation.detail.parameters.iter().any(|parameter| {
        parameter.place == Some(ParameterIn::Header)
            && parameter.required
            && parameter.name.as_ref().is_some_and(|name| same(&name.text))
    });
    let tenancy = facts.tenancy.as_ref().and_then(|tenancy| tenancy.source.as_ref());
    parameter || tenancy.is_some_and(|source_name| source(&source_name.text))
}
