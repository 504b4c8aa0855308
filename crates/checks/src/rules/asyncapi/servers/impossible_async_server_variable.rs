//! AS053 `impossible-async-server-variable`.

use rustc_hash::FxHashSet;
use tenon_source::{Code, Finding, Level, Node};

use crate::rules::asyncapi::support::documents;
use crate::rules::openapi::support::at;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "AS053",
        name: "impossible-async-server-variable",
        summary: "The default of a server's variable is none of its values",
        level: Level::Error,
        aliases: &["spectral:asyncapi-server-variables"],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("impossible_async_server_variable.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let mut seen = FxHashSet::default();
    let variables = documents(ctx).flat_map(|api| &api.servers).flat_map(|server| &server.variables);
    for name in variables.filter(|name| seen.insert(name.at)) {
        let variable = ctx.graph.node(name.at);
        let Some(allowed) = variable.get("enum").filter(|allowed| allowed.is_array()) else { continue };
        let (place, message) = match variable.get("default") {
            _ if allowed.is_empty() => {
                (allowed, format!("the variable `{}` may have no value at all", name.text))
            }
            Some(default) if !allows(allowed, default) => {
                let value = default.as_str().unwrap_or_default();
                (default, format!("the default `{value}` of `{}` is none of its allowed values", name.text))
            }
            _ => continue,
        };
        let finding = ctx.graph.sources.finding_at_value(&RULE.code, at(name.at, place), message);
        out.push(finding.with_help("make the default one of the values of `enum`"));
    }
}

/// Whether a default is among the values; one that is no string is a matter of the structure.
fn allows(allowed: Node<'_>, default: Node<'_>) -> bool {
    default.as_str().is_none_or(|text| allowed.items().any(|item| item.as_str() == Some(text)))
}
