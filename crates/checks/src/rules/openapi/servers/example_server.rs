//! OA152 `example-server`.

use tenon_graph::OpenApiVersion;
use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::support::{all_servers, member};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA152",
        name: "example-server",
        summary: "A server is a placeholder",
        level: Level::Warning,
        aliases: &[
            "spectral:oas3-server-not-example.com",
            "spectral:oas2-host-not-example",
            "redocly:no-server-example.com",
        ],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("example_server.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let sources = &ctx.graph.sources;
    for api in &ctx.graph.apis {
        let urls: Vec<_> = if api.version == OpenApiVersion::V2 {
            member(ctx, api.root, "host").into_iter().collect()
        } else {
            all_servers(ctx, api).into_iter().filter_map(|server| Some(server.url.as_ref()?.at)).collect()
        };
        for at in urls {
            let Some(host) = sources.node(at).as_str().map(host).filter(|host| is_placeholder(host)) else {
                continue;
            };
            let message = format!("the server `{host}` is a placeholder");
            out.push(
                sources
                    .finding_at_value(&RULE.code, at, message)
                    .with_help("write the server's real address"),
            );
        }
    }
}

/// The host of a URL, or of what has no scheme.
fn host(url: &str) -> &str {
    let rest = url.split_once("//").map_or(url, |(_, rest)| rest);
    rest.split(['/', ':', '?']).next().unwrap_or(rest)
}

fn is_placeholder(host: &str) -> bool {
    host == "localhost" || host == "example.com" || host.ends_with(".example.com")
}
