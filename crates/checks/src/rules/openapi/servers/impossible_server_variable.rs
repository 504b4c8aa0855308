//! OA155 `impossible-server-variable`.

use tenon_source::{Code, Finding, Level, Node};

use crate::rules::openapi::support::{all_servers, at};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA155",
        name: "impossible-server-variable",
        summary: "A server's variable cannot have its own default",
        level: Level::Error,
        aliases: &["spectral:oas3-server-variables", "redocly:no-server-variables-empty-enum"],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("impossible_server_variable.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let sources = &ctx.graph.sources;
    for server in ctx.graph.apis.iter().flat_map(|api| all_servers(ctx, api)) {
        let Some(variables) = ctx.graph.node(server.at).get("variables") else { continue };
        for (name, variable) in variables.members() {
            let Some(allowed) = variable.get("enum").filter(|allowed| allowed.is_array()) else { continue };
            let default = variable.get("default").and_then(Node::as_str);
            let (place, message) = match default {
                _ if allowed.is_empty() => {
                    (allowed, format!("the variable `{name}` may have no value at all"))
                }
                Some(value) if allowed.items().all(|item| item.as_str() != Some(value)) => {
                    let place = variable.get("default").unwrap_or(variable);
                    (place, format!("the default `{value}` of `{name}` is none of its allowed values"))
                }
                _ => continue,
            };
            let finding = sources.finding_at_value(&RULE.code, at(server.at, place), message);
            out.push(finding.with_help("make the default one of the values of `enum`"));
        }
    }
}
