//! OA141 `undefined-scope`.

use rustc_hash::FxHashSet;
use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::support::requirements;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA141",
        name: "undefined-scope",
        summary: "A security requirement asks for a scope that is not defined",
        level: Level::Warning,
        aliases: &[
            "spectral:oas2-operation-security-defined",
            "spectral:oas3-operation-security-defined",
            "redocly:security-scopes-defined",
        ],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("undefined_scope.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for api in &ctx.graph.apis {
        let mut declared: FxHashSet<(&str, &str)> = FxHashSet::default();
        let mut known: FxHashSet<&str> = FxHashSet::default();
        for scheme in &api.security_schemes {
            let is_oauth = scheme.kind.as_ref().is_some_and(|kind| kind.text == "oauth2");
            let Some(scopes) = scheme.scopes.as_ref().filter(|_| is_oauth) else { continue };
            known.insert(&scheme.name);
            declared.extend(scopes.iter().map(|scope| (scheme.name.as_str(), scope.as_str())));
        }
        let schemes = requirements(ctx, api).flat_map(|(requirement, _)| &requirement.schemes);
        for (name, scopes) in schemes.filter(|(name, _)| known.contains(name.as_str())) {
            // A scope that was reported counts as declared from then on.
            for scope in scopes.iter().filter(|scope| declared.insert((name.as_str(), scope.as_str()))) {
                let message = format!("no flow of `{}` declares the scope `{}`", name.text, scope.text);
                let finding = ctx.graph.sources.finding_at_value(&RULE.code, scope.at, message);
                out.push(
                    finding.with_help("add it to the `scopes` of the scheme, or ask for one that is there"),
                );
            }
        }
    }
}
