//! OP009 `undeclared-path-parameter`.

use tenon_graph::{DocumentKind, ParameterIn};
use tenon_source::{Code, Finding, Level};

use super::declared;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP009",
        name: "undeclared-path-parameter",
        summary: "A path has a parameter that the contract does not declare",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("undeclared_path_parameter.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for operation in declared(ctx) {
        // OpenAPI has rules of its own for this; other formats have no place for parameters.
        let kind = ctx.graph.document(operation.file).map(|document| document.kind);
        if kind != Some(DocumentKind::Contract) {
            continue;
        }
        let Some(http) = &operation.http else { continue };
        let parameters = &operation.detail.parameters;
        for name in http.path_parameters() {
            let is_it = |parameter: &&tenon_graph::Parameter| {
                parameter.place == Some(ParameterIn::Path)
                    && parameter.name.as_ref().is_some_and(|declared| declared.text == name)
            };
            if !parameters.iter().any(|parameter| is_it(&parameter)) {
                let message = format!("undeclared path parameter `{name}` of {}", operation.label());
                let finding = ctx.graph.sources.finding_at_value(&RULE.code, http.path.at, message);
                let help =
                    format!("declare it: `parameters: {{{name}: {{in: path, schema: {{type: string}}}}}}`");
                out.push(finding.with_operation(operation.label()).with_help(help));
            }
        }
    }
}
