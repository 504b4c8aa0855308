//! OA013 `servers-of-webhook`.

use tenon_graph::OperationKind;
use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::support::{member, operations};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA013",
        name: "servers-of-webhook",
        summary: "An operation of a webhook names servers",
        level: Level::Warning,
        aliases: &["spectral:oas3_1-servers-in-webhook"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("servers_of_webhook.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for api in &ctx.graph.apis {
        let items = api.webhooks.iter().map(|item| (item.def, None));
        let webhooks = operations(ctx, api).filter(|operation| operation.kind == OperationKind::Webhook);
        for (owner, operation) in items.chain(webhooks.map(|operation| (operation.at, Some(operation)))) {
            let Some(place) = member(ctx, owner, "servers") else { continue };
            let message = "webhooks go to the receiver's address, so `servers` has no meaning here";
            let finding = ctx.graph.sources.finding(&RULE.code, place, message).with_help("remove `servers`");
            out.push(match operation {
                Some(operation) => finding.with_operation(operation.label()),
                None => finding,
            });
        }
    }
}
