//! OA144 `scopes-without-meaning`.

use tenon_graph::{HttpApi, OpenApiVersion};
use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::support::{requirements, with_operation};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA144",
        name: "scopes-without-meaning",
        summary: "A security requirement lists scopes of a scheme that has none",
        level: Level::Warning,
        aliases: &["spectral:oas3-operation-security-defined"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("scopes_without_meaning.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for api in ctx.graph.apis.iter().filter(|api| api.version < OpenApiVersion::V3_1) {
        for (requirement, operation) in requirements(ctx, api) {
            for (name, scopes) in requirement.schemes.iter().filter(|(_, scopes)| !scopes.is_empty()) {
                let Some(kind) = kind_without_scopes(api, &name.text) else { continue };
                let Some(scope) = scopes.first() else { continue };
                let message = format!("the scheme `{}` is of type `{kind}`, which has no scopes", name.text);
                let finding = ctx.graph.sources.finding_at_value(&RULE.code, scope.at, message);
                out.push(with_operation(finding, operation).with_help("empty the list"));
            }
        }
    }
}

fn kind_without_scopes<'g>(api: &'g HttpApi, name: &str) -> Option<&'g str> {
    let scheme = api.security_schemes.iter().find(|scheme| scheme.name == name)?;
    let kind = scheme.kind.as_ref()?.as_str();
    (!matches!(kind, "oauth2" | "openIdConnect")).then_some(kind)
}
