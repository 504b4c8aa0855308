//! OA131 `unsafe-component-name`.

use tenon_graph::OpenApiVersion;
use tenon_source::{Code, Finding, Level};

use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA131",
        name: "unsafe-component-name",
        summary: "A component's name cannot stand in a reference",
        level: Level::Error,
        aliases: &["redocly:spec-components-invalid-map-name"],
    },
    minimal: Level::Error,
    strict: Level::Error,
    doc: include_str!("unsafe_component_name.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for api in ctx.graph.apis.iter().filter(|api| api.version > OpenApiVersion::V2) {
        let components =
            api.components.iter().map(|component| (component.kind.as_str(), &component.name, component.at));
        let schemes = api.security_schemes.iter().map(|scheme| ("security scheme", &scheme.name, scheme.at));
        for (kind, name, place) in components.chain(schemes) {
            let is_bad =
                |letter: &char| !letter.is_ascii_alphanumeric() && !matches!(letter, '.' | '-' | '_');
            let Some(found) = name.chars().find(is_bad) else { continue };
            let message = format!("the name of the {kind} `{name}` has `{found}`, which OpenAPI forbids");
            let finding = ctx.graph.sources.finding(&RULE.code, place, message);
            out.push(finding.with_help("use letters, digits, `.`, `-` and `_`"));
        }
    }
}
