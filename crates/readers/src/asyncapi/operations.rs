//! Operations: what the application sends and receives.

use rustc_hash::FxHashMap;
use tenon_graph::{
    Action, AsyncApi, AsyncOperation, Channel, ChannelBinding, Name, Operation, OperationKind, Part, Reply,
    SchemaFormat,
};
use tenon_source::At;

use super::channels::{read_bindings, read_security, read_tags};
use super::messages::Messages;
use super::traits::Merged;
use super::walk::Walk;
use crate::governance::read_governance;
use crate::value::Value;

/// Reads the operations into the document, and what all formats share of them into the part.
pub(super) fn read_operations<'s>(
    walk: &mut Walk<'s>,
    root: Value<'s>,
    messages: &mut Messages,
    api: &mut AsyncApi,
    part: &mut Part,
) {
    let operations =
        if walk.is_v2() { of_channels(walk, messages, api) } else { of_root(walk, root, messages, api) };
    for (operation, word) in operations {
        part.operations.push(shared(api, messages, &operation, word));
        api.operations.push(operation);
    }
}

/// Version 2: each channel has two at most. Their words are said from the other side's view.
fn of_channels<'s>(
    walk: &mut Walk<'s>,
    messages: &mut Messages,
    api: &AsyncApi,
) -> Vec<(AsyncOperation, &'static str)> {
    let mut out = Vec::new();
    for (index, channel) in api.channels.iter().enumerate().filter(|(_, channel)| !channel.is_component) {
        let def = walk.schemas.references.value(channel.def);
        let written = walk.schemas.references.value(channel.at);
        for (word, action) in [("subscribe", Action::Send), ("publish", Action::Receive)] {
            let Some(value) = def.object(word).or_else(|| written.object(word)) else { continue };
            let mut operation = read(walk, value);
            operation.action = Some(action);
            operation.channel = Some(index);
            let def = walk.follow(value);
            operation.id = Merged::new(walk, def).get("operationId").and_then(Value::text);
            operation.messages = messages.of_operation(walk, def);
            operation.messages_declared = true;
            out.push((operation, word));
        }
    }
    out
}

/// Version 3: by name at the root.
fn of_root<'s>(
    walk: &mut Walk<'s>,
    root: Value<'s>,
    messages: &mut Messages,
    api: &AsyncApi,
) -> Vec<(AsyncOperation, &'static str)> {
    // A name stands for its channel even where the channel itself is a reference.
    let mut by_place: FxHashMap<At, usize> = FxHashMap::default();
    for (index, channel) in api.channels.iter().enumerate() {
        by_place.entry(channel.at).or_insert(index);
        by_place.entry(channel.def).or_insert(index);
    }
    let mut out = Vec::new();
    for (name, value) in walk.entries(root, "operations") {
        let mut operation = read(walk, value);
        let def = walk.follow(value);
        operation.id = Some(Name::new(name, value.at()));
        operation.action = match def.node.get_str("action") {
            Some("send") => Some(Action::Send),
            Some("receive") => Some(Action::Receive),
            _ => None,
        };
        operation.channel_at = def.get("channel").map(Value::at);
        operation.channel = def.get("channel").and_then(|channel| find(walk, channel, &by_place));
        operation.messages_declared = def.get("messages").is_some_and(|list| list.node.is_array());
        operation.messages = messages.of_list(walk, def, "messages");
        operation.reply = def
            .get("reply")
            .filter(|reply| reply.node.is_object())
            .map(|reply| read_reply(walk, reply, messages, &by_place));
        let word = operation.action.map_or("use", Action::as_str);
        out.push((operation, word));
    }
    out
}

/// The channel a reference leads to.
fn find<'s>(walk: &mut Walk<'s>, value: Value<'s>, by_place: &FxHashMap<At, usize>) -> Option<usize> {
    let first = walk.schemas.references.target(value);
    let last = walk.follow(value).at();
    first.and_then(|first| by_place.get(&first)).or_else(|| by_place.get(&last)).copied()
}

/// What both versions say of an operation.
fn read<'s>(walk: &mut Walk<'s>, value: Value<'s>) -> AsyncOperation {
    let def = walk.follow(value);
    let merged = Merged::new(walk, def);
    let owner_of = |key: &str| {
        let value = merged.get(key)?;
        Some(Value { node: value.node.parent()?, ..value })
    };
    let security = owner_of("security").and_then(|owner| read_security(walk, owner));
    let tags = owner_of("tags").map(|owner| read_tags(walk, owner)).unwrap_or_default();
    let facts = merged.get("x-tenon").filter(|facts| facts.node.is_object());
    AsyncOperation {
        id: None,
        at: value.at(),
        def: def.at(),
        action: None,
        channel: None,
        channel_at: None,
        summary: merged.get("summary").and_then(Value::text),
        description: merged.get("description").and_then(Value::text),
        security,
        messages: Vec::new(),
        messages_declared: false,
        reply: None,
        tags,
        bindings: read_bindings(walk, merged.all("bindings")),
        governance: facts.map(read_governance).unwrap_or_default(),
        traits: merged.traits,
    }
}

fn read_reply<'s>(
    walk: &mut Walk<'s>,
    reply: Value<'s>,
    messages: &mut Messages,
    by_place: &FxHashMap<At, usize>,
) -> Reply {
    let def = walk.follow(reply);
    let address = def.get("address").filter(|address| address.node.is_object());
    Reply {
        at: reply.at(),
        def: def.at(),
        channel: def.get("channel").and_then(|channel| find(walk, channel, by_place)),
        channel_at: def.get("channel").map(Value::at),
        address: address.map(|address| walk.follow(address).at()),
        messages: messages.of_list(walk, def, "messages"),
    }
}

/// The operation as all formats have it.
fn shared(api: &AsyncApi, messages: &Messages, operation: &AsyncOperation, word: &'static str) -> Operation {
    let mut out = Operation::new(api.file, operation.def);
    out.kind = OperationKind::Message;
    out.id.clone_from(&operation.id);
    out.summary.clone_from(&operation.summary);
    out.description.clone_from(&operation.description);
    out.governance = operation.governance.clone();
    out.channel = api.channel_of(operation).map(|channel| ChannelBinding {
        action: operation.action,
        word,
        channel: name_of(channel),
    });
    let only = |uses: &[tenon_graph::MessageUse]| match uses {
        [one] => messages.json_payload(one.def).map(Ok),
        _ => None,
    };
    if operation.action == Some(Action::Receive) {
        out.request_schema = only(api.messages_of(operation));
        out.response_schema = operation.reply.as_ref().and_then(|reply| only(&reply.messages));
    }
    out
}

fn name_of(channel: &Channel) -> Name {
    channel.address.clone().unwrap_or_else(|| channel.key.clone())
}

impl Messages {
    /// The payload's schema, if it is a JSON Schema.
    fn json_payload(&self, def: At) -> Option<At> {
        let payload = self.get(def)?.payload.as_ref()?;
        matches!(payload.format, SchemaFormat::AsyncApi | SchemaFormat::Json(_)).then_some(payload.schema)
    }
}
