//! AS015 `undefined-channel-server`.

use tenon_graph::{AsyncApi, AsyncApiVersion, ServerUse};
use tenon_source::{Code, Finding, Level, nearest};

use crate::rules::asyncapi::support::{SUGGESTIONS_MAX, documents, is_under_root};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "AS015",
        name: "undefined-channel-server",
        summary: "A channel is offered at a server that the document does not have",
        level: Level::Error,
        aliases: &["spectral:asyncapi-channel-servers", "spectral:asyncapi-3-channel-servers"],
    },
    minimal: Level::Error,
    strict: Level::Error,
    doc: include_str!("undefined_channel_server.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for api in documents(ctx) {
        for channel in &api.channels {
            for server in channel.servers.iter().flatten() {
                let found = match api.version {
                    AsyncApiVersion::V2 if server.def.is_none() => {
                        unknown(ctx, api, server, out.len() < SUGGESTIONS_MAX)
                    }
                    AsyncApiVersion::V2 => continue,
                    _ if !channel.is_component && is_elsewhere(ctx, server) => elsewhere(ctx, server),
                    _ => continue,
                };
                out.push(found);
            }
        }
    }
}

fn unknown(ctx: &Context<'_>, api: &AsyncApi, server: &ServerUse, suggest: bool) -> Finding {
    let message = format!("there is no server `{}`", server.name);
    let servers = api.servers.iter().filter(|server| suggest && !server.is_component);
    let near = nearest(&server.name, servers.map(|server| server.name.text.as_str()));
    let help = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => "add it to `servers`, or name one of those".to_owned(),
    };
    ctx.graph.sources.finding_at_value(&RULE.code, server.at, message).with_help(help)
}

/// Whether a reference leads to something that is no server of a root. Where it leads nowhere,
/// that is said already.
fn is_elsewhere(ctx: &Context<'_>, server: &ServerUse) -> bool {
    ctx.graph.target(server.at).is_some_and(|target| !is_under_root(ctx, target, "servers"))
}

fn elsewhere(ctx: &Context<'_>, server: &ServerUse) -> Finding {
    let message = format!("`{}` is no server of the document itself", server.name);
    let place = ctx.graph.node(server.at).get("$ref");
    let at = place.map_or(server.at, |node| tenon_source::At { file: server.at.file, node: node.id() });
    let help = "refer to one under `servers`; that may refer to the component";
    ctx.graph.sources.finding_at_value(&RULE.code, at, message).with_help(help)
}
