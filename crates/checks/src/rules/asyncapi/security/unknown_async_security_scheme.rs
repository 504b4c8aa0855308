//! AS033 `unknown-async-security-scheme`.

use std::collections::BTreeSet;

use tenon_graph::SecurityUse;
use tenon_source::{Code, Finding, Level, nearest};

use crate::rules::asyncapi::support::{SUGGESTIONS_MAX, of_version_2, security, with_label};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "AS033",
        name: "unknown-async-security-scheme",
        summary: "A server or operation needs a security scheme that is not defined",
        level: Level::Error,
        aliases: &[
            "spectral:asyncapi-operation-security",
            "spectral:asyncapi-3-operation-security",
            "spectral:asyncapi-server-security",
        ],
    },
    minimal: Level::Error,
    strict: Level::Error,
    doc: include_str!("unknown_async_security_scheme.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for api in of_version_2(ctx) {
        let known: BTreeSet<&str> = api.security_schemes.iter().map(|scheme| scheme.name.as_str()).collect();
        for (one, label) in security(api) {
            let SecurityUse::Named(requirement) = one else { continue };
            for (name, _) in &requirement.schemes {
                if known.contains(name.as_str()) {
                    continue;
                }
                let message = format!("the security scheme `{}` is not defined", name.text);
                let searched = known.iter().copied().filter(|_| out.len() < SUGGESTIONS_MAX);
                let help = match nearest(&name.text, searched) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "define it in `components.securitySchemes`".to_owned(),
                };
                let finding = ctx.graph.sources.finding(&RULE.code, name.at, message).with_help(help);
                out.push(with_label(finding, label.clone()));
            }
        }
    }
}
