//! OA026 `path-parameter-not-declared`.

use rustc_hash::FxHashMap;
use tenon_graph::{Operation, ParameterIn, PathItem};
use tenon_source::{At, Code, Finding, Level};

use crate::rules::openapi::support::{offered, path_variables};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA026",
        name: "path-parameter-not-declared",
        summary: "A parameter of the path is not declared",
        level: Level::Error,
        aliases: &["spectral:path-params", "redocly:path-parameters-defined", "redocly:path-params-defined"],
    },
    minimal: Level::Error,
    strict: Level::Error,
    doc: include_str!("path_parameter_not_declared.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for api in &ctx.graph.apis {
        let mut by_path: FxHashMap<At, Vec<&Operation>> = FxHashMap::default();
        for operation in offered(ctx, api).filter(|operation| operation.http.is_some()) {
            let Some(http) = &operation.http else { continue };
            by_path.entry(http.path.at).or_default().push(operation);
        }
        for item in api.paths.iter().filter(|item| item.name.text.contains('{')) {
            if let Some(operations) = by_path.get(&item.name.at) {
                check_path(ctx, item, operations, out);
            }
        }
    }
}

fn check_path(ctx: &Context<'_>, item: &PathItem, operations: &[&Operation], out: &mut Vec<Finding>) {
    for name in path_variables(&item.name.text).filter(|name| !name.is_empty()) {
        let lacking = || operations.iter().filter(|operation| lacks(operation, name));
        if operations.len() > 1 && lacking().count() == operations.len() {
            let message = format!("the path's parameter `{name}` is declared by none of its operations");
            out.push(with_help(ctx.graph.sources.finding(&RULE.code, item.name.at, message), name));
            continue;
        }
        for operation in lacking() {
            let message = format!("the path's parameter `{name}` is not declared");
            let finding = ctx.graph.sources.finding(&RULE.code, operation.at, message);
            out.push(with_help(finding, name).with_operation(operation.label()));
        }
    }
}

/// Whether the operation surely has no such parameter: one that could not be read may be it.
fn lacks(operation: &Operation, name: &str) -> bool {
    operation.detail.parameters.iter().all(|parameter| match &parameter.name {
        Some(known) => known.text != name || parameter.place != Some(ParameterIn::Path),
        None => false,
    })
}

fn with_help(finding: Finding, name: &str) -> Finding {
    finding.with_help(format!(
        "add `{{name: {name}, in: path, required: true}}` with its schema to `parameters`"
    ))
}
