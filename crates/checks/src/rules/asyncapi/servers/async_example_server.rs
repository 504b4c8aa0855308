//! AS056 `async-example-server`.

use rustc_hash::FxHashSet;
use tenon_source::{Code, Finding, Level};

use crate::rules::asyncapi::support::documents;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "AS056",
        name: "async-example-server",
        summary: "A server is a placeholder",
        level: Level::Warning,
        aliases: &["spectral:asyncapi-server-not-example-com", "spectral:asyncapi-3-server-not-example-com"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("async_example_server.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let mut seen = FxHashSet::default();
    let servers = documents(ctx).flat_map(|api| &api.servers);
    for address in servers.flat_map(|server| &server.host) {
        if !(is_placeholder(&address.text)) || !seen.insert(address.at) {
            continue;
        }
        let message = format!("the server `{}` is a placeholder", address.text);
        out.push(
            ctx.graph
                .sources
                .finding_at_value(&RULE.code, address.at, message)
                .with_help("write the server's real address"),
        );
    }
}

fn is_placeholder(address: &str) -> bool {
    let rest = address.split_once("//").map_or(address, |(_, rest)| rest);
    let host = rest.split(['/', ':', '?']).next().unwrap_or(rest);
    host == "example.com" || host.ends_with(".example.com")
}
