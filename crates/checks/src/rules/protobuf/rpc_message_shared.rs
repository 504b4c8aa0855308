//! PB053 `rpc-message-shared`.

use std::collections::BTreeMap;

use tenon_graph::protobuf::{MessageId, Rpc};
use tenon_source::{Code, Finding, Level};

use super::support::{at_head, lint, rpcs};
use crate::{Context, Rule};

const HELP: &str = "give each RPC a request and a response of its own, even if they are empty";

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "PB053",
        name: "rpc-message-shared",
        summary: "RPCs share their request or response message",
        level: Level::Warning,
        aliases: &["buf:RPC_REQUEST_RESPONSE_UNIQUE"],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("rpc_message_shared.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let protobuf = &ctx.graph.protobuf;
    let mut users: BTreeMap<(&str, MessageId), Vec<&Rpc>> = BTreeMap::new();
    for (_, rpc) in rpcs(ctx) {
        let file = protobuf.file(rpc.file);
        let lint = lint(ctx, file);
        let (Some(request), Some(response)) = (rpc.request, rpc.response) else { continue };
        let is_empty = is_empty(ctx, request);
        if request == response && !lint.allows_same_request_response {
            let both_may = lint.allows_empty_requests && lint.allows_empty_responses;
            if !(is_empty && both_may) {
                let name = &protobuf.message(request).full_name;
                let message = format!("RPC `{}` takes and returns the same message `{name}`", rpc.name);
                out.push(at_head(ctx, &RULE.code, rpc.at, message).with_help(HELP));
            }
        }
        users.entry((&file.root, request)).or_default().push(rpc);
        if response != request {
            users.entry((&file.root, response)).or_default().push(rpc);
        }
    }
    for ((_, id), rpcs) in users.iter().filter(|(_, rpcs)| rpcs.len() > 1) {
        shared(ctx, *id, rpcs, out);
    }
}

fn is_empty(ctx: &Context<'_>, id: MessageId) -> bool {
    &*ctx.graph.protobuf.message(id).full_name == "google.protobuf.Empty"
}

/// Reports the RPCs that share a message.
fn shared(ctx: &Context<'_>, id: MessageId, rpcs: &[&Rpc], out: &mut Vec<Finding>) {
    let name = &ctx.graph.protobuf.message(id).full_name;
    let Some(first) = rpcs.first() else { return };
    let lint = lint(ctx, ctx.graph.protobuf.file(first.file));
    let mut report = |rpcs: &[&Rpc], what: &str| {
        for rpc in rpcs {
            let message = format!("`{name}` is the {what} of {} RPCs, `{}` among them", rpcs.len(), rpc.name);
            out.push(at_head(ctx, &RULE.code, rpc.at, message).with_help(HELP));
        }
    };
    if !is_empty(ctx, id) || !(lint.allows_empty_requests || lint.allows_empty_responses) {
        report(rpcs, "request or response");
        return;
    }
    let takers: Vec<&Rpc> = rpcs.iter().copied().filter(|rpc| rpc.request == Some(id)).collect();
    let givers: Vec<&Rpc> = rpcs.iter().copied().filter(|rpc| rpc.response == Some(id)).collect();
    if !lint.allows_empty_requests && takers.len() > 1 {
        report(&takers, "request");
    }
    if !lint.allows_empty_responses && givers.len() > 1 {
        report(&givers, "response");
    }
}
