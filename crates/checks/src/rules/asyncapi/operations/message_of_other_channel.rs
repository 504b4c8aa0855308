//! AS024 `message-of-other-channel`.

use tenon_graph::{AsyncApi, Channel, MessageUse};
use tenon_source::{At, Code, Finding, Level};

use crate::rules::asyncapi::support::{label, of_version_3, operations};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "AS024",
        name: "message-of-other-channel",
        summary: "A message of an operation is none of its channel's",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Error,
    strict: Level::Error,
    doc: include_str!("message_of_other_channel.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for api in of_version_3(ctx) {
        for operation in operations(api) {
            let own = api.channel_of(operation).map(|channel| (channel, operation.messages.as_slice()));
            let reply = operation.reply.as_ref();
            let answer = reply.and_then(|reply| {
                let channel = api.channels.get(reply.channel?)?;
                Some((channel, reply.messages.as_slice()))
            });
            for (channel, messages) in own.into_iter().chain(answer) {
                for message in messages {
                    if let Some(finding) = one(ctx, api, channel, message) {
                        out.push(finding.with_operation(label(api, operation)));
                    }
                }
            }
        }
    }
}

fn one(ctx: &Context<'_>, api: &AsyncApi, channel: &Channel, message: &MessageUse) -> Option<Finding> {
    // Where it leads nowhere, that is said already.
    let target = ctx.graph.target(message.at)?;
    if channel.messages.iter().any(|one| one.at == target) {
        return None;
    }
    let node = ctx.graph.node(message.at).get("$ref")?;
    let at = At { file: message.at.file, node: node.id() };
    let twin = channel.messages.iter().find(|one| one.def == message.def).and_then(|one| one.key.as_ref());
    let name = &channel.key.text;
    let (said, help) = match twin {
        Some(key) => (
            format!("the message is not taken from the channel `{name}`, though the channel has it"),
            format!("write `#/channels/{}/messages/{}`", escaped(name), escaped(&key.text)),
        ),
        None => {
            let other = api.channels.iter().find(|other| other.messages.iter().any(|one| one.at == target));
            let of = other.map_or(String::new(), |other| format!("; it is one of `{}`", other.key.text));
            (
                format!("the channel `{name}` has no such message{of}"),
                format!("add the message to the channel `{name}`, or name one that it has"),
            )
        }
    };
    Some(ctx.graph.sources.finding_at_value(&RULE.code, at, said).with_help(help))
}

fn escaped(name: &str) -> String {
    tenon_source::escape_token(name).into_owned()
}
