//! AS034 `unknown-async-scope`.

use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};
use tenon_graph::{Name, SecurityUse};
use tenon_source::{At, Code, Finding, Level, nearest};

use crate::rules::asyncapi::support::{SUGGESTIONS_MAX, documents, security, with_label};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "AS034",
        name: "unknown-async-scope",
        summary: "A server or operation needs a scope that its security scheme does not offer",
        level: Level::Error,
        aliases: &["spectral:asyncapi-operation-security", "spectral:asyncapi-server-security"],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("unknown_async_scope.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let mut seen = FxHashSet::default();
    let mut offers: FxHashMap<At, Option<BTreeSet<&str>>> = FxHashMap::default();
    for api in documents(ctx) {
        let schemes = api.security_schemes.iter();
        let schemes: FxHashMap<&str, At> = schemes.map(|scheme| (scheme.name.as_str(), scheme.def)).collect();
        for (one, label) in security(api) {
            for (scheme, scopes) in needs(&schemes, one) {
                let Some(offered) = offers.entry(scheme).or_insert_with(|| offered(ctx, scheme)) else {
                    continue;
                };
                for scope in scopes.iter().filter(|scope| !offered.contains(scope.as_str())) {
                    if seen.insert(scope.at) {
                        let suggest = out.len() < SUGGESTIONS_MAX;
                        let finding = unknown(ctx, scope, offered, suggest);
                        out.push(with_label(finding, label.clone()));
                    }
                }
            }
        }
    }
}

fn unknown(ctx: &Context<'_>, scope: &Name, offered: &BTreeSet<&str>, suggest: bool) -> Finding {
    let message = format!("the security scheme has no scope `{}`", scope.text);
    let finding = ctx.graph.sources.finding_at_value(&RULE.code, scope.at, message);
    finding.with_help(match nearest(&scope.text, offered.iter().copied().filter(|_| suggest)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "add it to the scopes of the scheme's flows".to_owned(),
    })
}

/// Schemes with the scopes that are asked of them.
fn needs<'a>(schemes: &FxHashMap<&str, At>, one: &'a SecurityUse) -> Vec<(At, &'a [Name])> {
    match one {
        SecurityUse::Named(requirement) => {
            let named = requirement.schemes.iter();
            named
                .filter_map(|(name, scopes)| Some((*schemes.get(name.as_str())?, scopes.as_slice())))
                .collect()
        }
        SecurityUse::Scheme { def, scopes, .. } => vec![(*def, scopes.as_slice())],
    }
}

/// The scopes that an `oauth2` scheme's flows offer; `None` where no flow lists any.
fn offered<'g>(ctx: &Context<'g>, scheme: At) -> Option<BTreeSet<&'g str>> {
    let node = ctx.graph.node(scheme);
    if node.get_str("type") != Some("oauth2") {
        return None;
    }
    let flows = node.get("flows")?.members().map(|(_, flow)| flow);
    let mut lists =
        flows.filter_map(|flow| flow.get("availableScopes").or_else(|| flow.get("scopes"))).peekable();
    lists.peek()?;
    Some(lists.flat_map(|list| list.members().map(|(name, _)| name)).collect())
}
