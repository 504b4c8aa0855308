//! PB055 `response-not-named-for-rpc`.

use tenon_source::{Code, Finding, Level};

use super::case::pascal;
use super::support::{at_span, lint, rpcs};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "PB055",
        name: "response-not-named-for-rpc",
        summary: "The response message of an RPC is not named for it",
        level: Level::Info,
        aliases: &["buf:RPC_RESPONSE_STANDARD_NAME"],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("response_not_named_for_rpc.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let protobuf = &ctx.graph.protobuf;
    for (service, rpc) in rpcs(ctx) {
        let file = protobuf.file(rpc.file);
        let Some(message) = rpc.response.map(|id| protobuf.message(id)) else { continue };
        if lint(ctx, file).allows_empty_responses && &*message.full_name == "google.protobuf.Empty" {
            continue;
        }
        let short = format!("{}Response", pascal(&rpc.name));
        let long = format!("{}{short}", pascal(service.name()));
        if message.name() != short && message.name() != long {
            let text = format!(
                "the response of RPC `{}` is `{}`, not `{short}` or `{long}`",
                rpc.name,
                message.name()
            );
            out.push(at_span(&RULE.code, file, Some(rpc.response_span), text));
        }
    }
}
