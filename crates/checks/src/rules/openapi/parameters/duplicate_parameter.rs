//! OA040 `duplicate-parameter`.

use tenon_graph::{Operation, Parameter};
use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::support::{operations, with_operation};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA040",
        name: "duplicate-parameter",
        summary: "A parameter is declared twice",
        level: Level::Error,
        aliases: &[
            "spectral:operation-parameters",
            "redocly:operation-parameters-unique",
            "spectral:path-params",
        ],
    },
    minimal: Level::Error,
    strict: Level::Error,
    doc: include_str!("duplicate_parameter.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for api in &ctx.graph.apis {
        for item in api.paths.iter().chain(&api.webhooks) {
            check_list(ctx, item.parameters.iter(), None, out);
        }
        for operation in operations(ctx, api) {
            let own = operation.detail.parameters.iter().filter(|parameter| !parameter.inherited);
            check_list(ctx, own, Some(operation), out);
        }
    }
}

fn check_list<'g>(
    ctx: &Context<'_>,
    list: impl Iterator<Item = &'g Parameter> + Clone,
    operation: Option<&Operation>,
    out: &mut Vec<Finding>,
) {
    for (index, parameter) in list.clone().enumerate().skip(1) {
        let (Some(name), Some(place)) = (&parameter.name, parameter.place) else { continue };
        let is_same = |other: &&Parameter| {
            other.place == Some(place) && other.name.as_ref().is_some_and(|other| other.text == name.text)
        };
        let Some(earlier) = list.clone().take(index).find(is_same) else { continue };
        let message = format!("the parameter `{}` is declared twice in this list", name.text);
        let sources = &ctx.graph.sources;
        let finding = sources
            .finding(&RULE.code, parameter.at, message)
            .with_related(sources.place(earlier.at), "first declared here")
            .with_help("remove one of the two, or give it another `in`");
        out.push(with_operation(finding, operation));
    }
}
