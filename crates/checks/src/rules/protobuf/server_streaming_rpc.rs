//! PB057 `server-streaming-rpc`.

use tenon_source::{Code, Finding, Level};

use super::support::{at_head, rpcs};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "PB057",
        name: "server-streaming-rpc",
        summary: "The server of an RPC sends a stream",
        level: Level::Off,
        aliases: &["buf:RPC_NO_SERVER_STREAMING"],
    },
    minimal: Level::Off,
    strict: Level::Info,
    doc: include_str!("server_streaming_rpc.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for (_, rpc) in rpcs(ctx).filter(|(_, rpc)| rpc.server_streaming) {
        let message = format!("the server of RPC `{}` sends a stream", rpc.name);
        out.push(at_head(ctx, &RULE.code, rpc.at, message));
    }
}
