//! AS024 `message-of-other-channel`.

use rustc_hash::FxHashSet;
use tenon_graph::{AsyncApi, Channel, MessageUse};
use tenon_source::{At, Code, Finding, Level};

use crate::rules::asyncapi::support::{SUGGESTIONS_MAX, label, of_version_3, operations};
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
        let places = |channel: &Channel| channel.messages.iter().map(|one| one.at).collect::<FxHashSet<At>>();
        let of_channels: Vec<FxHashSet<At>> = api.channels.iter().map(places).collect();
        for operation in operations(api) {
            let own = operation.channel.map(|channel| (channel, operation.messages.as_slice()));
            let reply = operation.reply.as_ref();
            let answer = reply.and_then(|reply| Some((reply.channel?, reply.messages.as_slice())));
            for (index, messages) in own.into_iter().chain(answer) {
                let (Some(known), Some(channel)) = (of_channels.get(index), api.channels.get(index)) else {
                    continue;
                };
                for message in messages {
                    // Where it leads nowhere, that is said already.
                    let Some(target) = ctx.graph.target(message.at).filter(|at| !known.contains(at)) else {
                        continue;
                    };
                    let suggest = out.len() < SUGGESTIONS_MAX;
                    let finding = other(ctx, api, channel, message, suggest.then_some(target));
                    out.push(finding.with_operation(label(api, operation)));
                }
            }
        }
    }
}

/// A finding about a message that the channel does not have; with its `target` where the message
/// is to be looked for.
fn other(
    ctx: &Context<'_>,
    api: &AsyncApi,
    channel: &Channel,
    message: &MessageUse,
    target: Option<At>,
) -> Finding {
    let node = ctx.graph.node(message.at).get("$ref");
    let at = node.map_or(message.at, |node| At { file: message.at.file, node: node.id() });
    let mut searched = channel.messages.iter().filter(|_| target.is_some());
    let twin = searched.find(|one| one.def == message.def).and_then(|one| one.key.as_ref());
    let name = &channel.key.text;
    let (said, help) = match twin {
        Some(key) => (
            format!("the message is not taken from the channel `{name}`, though the channel has it"),
            format!("write `#/channels/{}/messages/{}`", escaped(name), escaped(&key.text)),
        ),
        None => {
            let has = |other: &&Channel| other.messages.iter().any(|one| Some(one.at) == target);
            let other = target.and_then(|_| api.channels.iter().find(has));
            let of = other.map_or(String::new(), |other| format!("; it is one of `{}`", other.key.text));
            (
                format!("the channel `{name}` has no such message{of}"),
                format!("add the message to the channel `{name}`, or name one that it has"),
            )
        }
    };
    ctx.graph.sources.finding_at_value(&RULE.code, at, said).with_help(help)
}

fn escaped(name: &str) -> String {
    tenon_source::escape_token(name).into_owned()
}
