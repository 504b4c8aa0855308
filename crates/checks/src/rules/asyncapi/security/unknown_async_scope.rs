//! AS034 `unknown-async-scope`.

use rustc_hash::FxHashSet;
use tenon_graph::{AsyncApi, Name, SecurityUse};
use tenon_source::{At, Code, Finding, Level};

use crate::rules::asyncapi::support::{documents, security, with_label};
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
    for api in documents(ctx) {
        for (one, label) in security(api) {
            for (scopes, offered) in needs(ctx, api, one) {
                let known = |scope: &&Name| offered.iter().any(|offer| offer == &scope.text);
                for scope in scopes.iter().filter(|scope| !known(scope) && seen.insert(scope.at)) {
                    let message = format!("the security scheme has no scope `{}`", scope.text);
                    let near = tenon_source::nearest(&scope.text, offered.iter().map(String::as_str));
                    let help = match near {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => "add it to the scopes of the scheme's flows".to_owned(),
                    };
                    let finding = ctx.graph.sources.finding_at_value(&RULE.code, scope.at, message);
                    out.push(with_label(finding.with_help(help), label.clone()));
                }
            }
        }
    }
}

/// The scopes asked for with those offered, of schemes that have flows.
fn needs<'a>(ctx: &Context<'_>, api: &AsyncApi, one: &'a SecurityUse) -> Vec<(&'a [Name], Vec<String>)> {
    match one {
        SecurityUse::Named(requirement) => {
            let find = |name: &Name| api.security_schemes.iter().find(|scheme| scheme.name == name.text);
            let schemes = requirement.schemes.iter();
            let offered = schemes
                .filter_map(|(name, scopes)| Some((scopes.as_slice(), offered(ctx, find(name)?.def)?)));
            offered.collect()
        }
        SecurityUse::Scheme { def, scopes, .. } => {
            offered(ctx, *def).map(|offered| (scopes.as_slice(), offered)).into_iter().collect()
        }
    }
}

/// The scopes that an `oauth2` scheme's flows offer; `None` where no flow lists any.
fn offered(ctx: &Context<'_>, scheme: At) -> Option<Vec<String>> {
    let node = ctx.graph.node(scheme);
    if node.get_str("type") != Some("oauth2") {
        return None;
    }
    let flows = node.get("flows")?.members().map(|(_, flow)| flow);
    let mut lists =
        flows.filter_map(|flow| flow.get("availableScopes").or_else(|| flow.get("scopes"))).peekable();
    lists.peek()?;
    Some(lists.flat_map(|list| list.members().map(|(name, _)| name.to_owned())).collect())
}
