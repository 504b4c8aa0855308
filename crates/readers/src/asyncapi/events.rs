//! Messages that the application sends, as events; what `x-tenon` says of their delivery.
//!
//! The words are those of the native contract: `delivery: {guarantee, deduplication_key,
//! ordering}` once for the document or a channel, the same three words, `minimum` and `public` at
//! a message.

use rustc_hash::{FxHashMap, FxHashSet};
use tenon_graph::{Action, AsyncApi, Event, MessageUse, Name};
use tenon_source::At;

use super::walk::Walk;
use crate::value::Value;

/// How a message is used.
#[derive(Default)]
struct Uses<'a> {
    /// Messages that operations send, with the channel.
    sent: FxHashMap<At, Option<usize>>,
    /// Messages that are received or answered with, and not sent.
    other: FxHashSet<At>,
    /// The names messages have in their channels.
    keys: FxHashMap<At, &'a Name>,
}

/// The events of a document: every message that an operation sends, that no operation uses, or
/// that says itself how it is delivered.
pub(super) fn read_events<'s>(walk: &mut Walk<'s>, root: Value<'s>, api: &AsyncApi) -> Vec<Event> {
    let uses = Uses::of(api);
    let facts = root.object("x-tenon");
    let mut out = Vec::new();
    for message in &api.messages {
        let def = walk.schemas.references.value(message.def);
        let own = def.object("x-tenon");
        let sent = uses.sent.get(&message.def).copied();
        if sent.is_none() && own.is_none() && uses.other.contains(&message.def) {
            continue;
        }
        let Some(name) = message.label().or_else(|| uses.keys.get(&message.def).copied()) else { continue };
        let channel = sent.flatten().and_then(|index| api.channels.get(index));
        let channel =
            channel.and_then(|channel| walk.schemas.references.value(channel.def).object("x-tenon"));
        let said = |key: &str| {
            let shared =
                [own, channel, facts].into_iter().flatten().filter_map(|facts| facts.get("delivery"));
            let mut all = own.into_iter().chain(shared);
            all.find_map(|facts| facts.get(key)?.scalar())
        };
        let payload = message.payload.as_ref().map(|payload| payload.schema);
        let payload = payload.map(|at| {
            let value = walk.schemas.references.value(at);
            walk.follow(value).at()
        });
        out.push(Event {
            file: api.file,
            at: message.def,
            name: name.clone(),
            payload_schema: payload.map(Ok),
            minimum_fields: own.and_then(|own| own.get("minimum")?.names()).unwrap_or_default(),
            delivery: said("guarantee"),
            deduplication_key: said("deduplication_key"),
            ordering: said("ordering"),
            public: own.and_then(|own| own.get("public")?.node.as_bool()),
            declared: own.is_some() || channel.is_some() || facts.is_some(),
        });
    }
    out
}

impl<'a> Uses<'a> {
    fn of(api: &'a AsyncApi) -> Self {
        let mut uses = Self::default();
        for channel in &api.channels {
            for one in &channel.messages {
                if let Some(key) = &one.key {
                    uses.keys.entry(one.def).or_insert(key);
                }
            }
        }
        // Operations that name no messages mean all of their channel: each channel once.
        let mut whole: FxHashSet<(usize, Option<Action>)> = FxHashSet::default();
        for operation in &api.operations {
            if !operation.messages_declared
                && let Some(channel) = operation.channel
                && !whole.insert((channel, operation.action))
            {
                continue;
            }
            let messages = api.messages_of(operation);
            if operation.action == Some(Action::Send) {
                uses.sent.extend(messages.iter().map(|one| (one.def, operation.channel)));
            } else {
                uses.other.extend(messages.iter().map(|one: &MessageUse| one.def));
            }
            let answers = operation.reply.iter().flat_map(|reply| &reply.messages);
            uses.other.extend(answers.map(|one| one.def));
        }
        uses
    }
}
