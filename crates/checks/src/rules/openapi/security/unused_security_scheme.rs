//! OA143 `unused-security-scheme`.

use rustc_hash::FxHashSet;
use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::support::requirements;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA143",
        name: "unused-security-scheme",
        summary: "A security scheme is used by nothing",
        level: Level::Warning,
        aliases: &["redocly:no-unused-components"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("unused_security_scheme.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for api in &ctx.graph.apis {
        let schemes = requirements(ctx, api).flat_map(|(requirement, _)| &requirement.schemes);
        let used: FxHashSet<&str> = schemes.map(|(name, _)| name.as_str()).collect();
        for scheme in api.security_schemes.iter().filter(|scheme| !used.contains(scheme.name.as_str())) {
            // A scheme that another document takes by reference is in use there.
            if ctx.graph.references.iter().any(|reference| reference.target == Ok(scheme.at)) {
                continue;
            }
            let message = format!("no security requirement names the scheme `{}`", scheme.name);
            let finding = ctx.graph.sources.finding(&RULE.code, scheme.at, message);
            out.push(finding.with_help("remove the scheme, or ask for it in `security`"));
        }
    }
}
