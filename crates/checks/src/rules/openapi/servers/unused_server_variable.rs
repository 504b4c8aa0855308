//! OA154 `unused-server-variable`.

use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::support::{all_servers, path_variables};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA154",
        name: "unused-server-variable",
        summary: "A variable of a server is not in its URL",
        level: Level::Warning,
        aliases: &["spectral:oas3-server-variables", "redocly:no-undefined-server-variable"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("unused_server_variable.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let sources = &ctx.graph.sources;
    for server in ctx.graph.apis.iter().flat_map(|api| all_servers(ctx, api)) {
        let Some(url) = &server.url else { continue };
        for variable in &server.variables {
            if path_variables(&url.text).any(|name| name == variable.text) {
                continue;
            }
            let message = format!("the server's URL has no variable `{}`", variable.text);
            out.push(
                sources
                    .finding(&RULE.code, variable.at, message)
                    .with_related(sources.place(url.at), "the URL")
                    .with_help(format!("put `{{{}}}` into the URL, or remove the variable", variable.text)),
            );
        }
    }
}
