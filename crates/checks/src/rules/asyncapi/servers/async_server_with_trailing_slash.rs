//! AS055 `async-server-with-trailing-slash`.

use rustc_hash::FxHashSet;
use tenon_source::{Code, Finding, Level};

use crate::rules::asyncapi::support::documents;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "AS055",
        name: "async-server-with-trailing-slash",
        summary: "A server's address ends with a slash",
        level: Level::Warning,
        aliases: &[
            "spectral:asyncapi-server-no-trailing-slash",
            "spectral:asyncapi-3-server-no-trailing-slash",
        ],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("async_server_with_trailing_slash.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let mut seen = FxHashSet::default();
    let servers = documents(ctx).flat_map(|api| &api.servers);
    for address in servers.flat_map(|server| &server.host) {
        if !(address.text.ends_with('/')) || !seen.insert(address.at) {
            continue;
        }
        let message = format!("`{}` ends with a slash", address.text);
        out.push(
            ctx.graph
                .sources
                .finding_at_value(&RULE.code, address.at, message)
                .with_help("remove the slash: addresses of channels are added to it"),
        );
    }
}
