//! OA153 `undefined-server-variable`.

use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::support::{all_servers, path_variables};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA153",
        name: "undefined-server-variable",
        summary: "A variable of a server's URL is not defined",
        level: Level::Error,
        aliases: &["spectral:oas3-server-variables", "redocly:no-undefined-server-variable"],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("undefined_server_variable.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let sources = &ctx.graph.sources;
    for server in ctx.graph.apis.iter().flat_map(|api| all_servers(ctx, api)) {
        let Some(url) = &server.url else { continue };
        for name in path_variables(&url.text) {
            if server.variables.iter().any(|variable| variable.text == name) {
                continue;
            }
            let message = format!("the server's variable `{name}` is not defined");
            out.push(
                sources
                    .finding_at_value(&RULE.code, url.at, message)
                    .with_help(format!("add `{name}` with its `default` to the server's `variables`")),
            );
        }
    }
}
