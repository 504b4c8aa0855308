//! AS025 `operation-on-unlisted-channel`.

use tenon_source::{At, Code, Finding, Level};

use crate::rules::asyncapi::support::{is_under_root, label, of_version_3, operations};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "AS025",
        name: "operation-on-unlisted-channel",
        summary: "An operation is on a channel that the document does not list",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("operation_on_unlisted_channel.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for api in of_version_3(ctx) {
        for operation in operations(api) {
            let Some(channel) = operation.channel_at else { continue };
            // Where it leads nowhere, that is said already.
            let Some(target) = ctx.graph.target(channel) else { continue };
            if is_under_root(ctx, target, "channels") {
                continue;
            }
            let Some(node) = ctx.graph.node(channel).get("$ref") else { continue };
            let at = At { file: channel.file, node: node.id() };
            let message = "the channel of an operation must be one under `channels`";
            let finding = ctx.graph.sources.finding_at_value(&RULE.code, at, message);
            let help = "list the channel under `channels`, by reference if need be, and refer to that";
            out.push(finding.with_operation(label(api, operation)).with_help(help));
        }
    }
}
