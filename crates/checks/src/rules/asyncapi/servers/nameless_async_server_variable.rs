//! AS054 `nameless-async-server-variable`.

use rustc_hash::FxHashSet;
use tenon_source::{Code, Finding, Level};

use crate::rules::asyncapi::support::documents;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "AS054",
        name: "nameless-async-server-variable",
        summary: "A server's address has a variable without a name",
        level: Level::Error,
        aliases: &[
            "spectral:asyncapi-server-no-empty-variable",
            "spectral:asyncapi-3-server-no-empty-variable",
        ],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("nameless_async_server_variable.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let mut seen = FxHashSet::default();
    let servers = documents(ctx).flat_map(|api| &api.servers);
    for address in servers.flat_map(|server| server.host.iter().chain(&server.pathname)) {
        if !(address.text.contains("{}")) || !seen.insert(address.at) {
            continue;
        }
        let message = format!("`{}` has a variable without a name", address.text);
        out.push(
            ctx.graph
                .sources
                .finding_at_value(&RULE.code, address.at, message)
                .with_help("name the variable, as in `{region}`"),
        );
    }
}
