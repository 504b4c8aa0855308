//! OA027 `unused-path-parameter`.

use tenon_graph::{Operation, Parameter, ParameterIn, PathItem};
use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::support::{offered, path_variables, with_operation};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA027",
        name: "unused-path-parameter",
        summary: "A path parameter is not in the path",
        level: Level::Error,
        aliases: &["spectral:path-params", "redocly:path-parameters-defined", "redocly:path-params-defined"],
    },
    minimal: Level::Error,
    strict: Level::Error,
    doc: include_str!("unused_path_parameter.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for api in &ctx.graph.apis {
        for item in &api.paths {
            report(ctx, &item.name.text, shared(item), None, out);
        }
        for operation in offered(ctx, api) {
            let Some(http) = &operation.http else { continue };
            let own = operation.detail.parameters.iter().filter(|parameter| !parameter.inherited);
            report(ctx, &http.path.text, own, Some(operation), out);
        }
    }
}

/// Parameters for all operations of a path; none where there is no operation to use them.
fn shared(item: &PathItem) -> impl Iterator<Item = &Parameter> {
    item.parameters.iter().filter(|_| item.operation_count > 0)
}

fn report<'g>(
    ctx: &Context<'_>,
    path: &str,
    parameters: impl Iterator<Item = &'g Parameter>,
    operation: Option<&Operation>,
    out: &mut Vec<Finding>,
) {
    for parameter in parameters.filter(|parameter| parameter.place == Some(ParameterIn::Path)) {
        let Some(name) = &parameter.name else { continue };
        if path_variables(path).any(|variable| variable == name.text) {
            continue;
        }
        let message = format!("the path has no parameter `{}`", name.text);
        let twin = path_variables(path).find(|variable| variable.eq_ignore_ascii_case(&name.text));
        let help = match twin {
            Some(twin) => format!("write `{twin}`, as in the path"),
            None => format!("put `{{{}}}` into the path, or remove the parameter", name.text),
        };
        let finding = ctx.graph.sources.finding(&RULE.code, parameter.at, message).with_help(help);
        out.push(with_operation(finding, operation));
    }
}
