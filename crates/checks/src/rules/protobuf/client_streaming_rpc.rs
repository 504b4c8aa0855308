//! PB056 `client-streaming-rpc`.

use tenon_source::{Code, Finding, Level};

use super::support::{at_head, rpcs};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "PB056",
        name: "client-streaming-rpc",
        summary: "The client of an RPC sends a stream",
        level: Level::Off,
        aliases: &["buf:RPC_NO_CLIENT_STREAMING"],
    },
    minimal: Level::Off,
    strict: Level::Info,
    doc: include_str!("client_streaming_rpc.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for (_, rpc) in rpcs(ctx).filter(|(_, rpc)| rpc.client_streaming) {
        let message = format!("the client of RPC `{}` sends a stream", rpc.name);
        out.push(at_head(ctx, &RULE.code, rpc.at, message));
    }
}
