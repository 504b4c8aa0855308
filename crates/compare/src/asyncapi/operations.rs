//! What an application does on its channels.

use tenon_graph::{Action, AsyncApi, AsyncOperation, Reply};

use super::channels::{Channels, called, texts};
use super::messages::Messages;
use super::rules::{ACTION_ADDED, ACTION_CHANGED, ACTION_REMOVED, REPLY_ADDED, REPLY_CHANGED, REPLY_REMOVED};
use super::servers::{bindings, change, security};
use crate::http::scope::Element;
use crate::{Change, Direction, Spot};

/// What people call an operation.
pub(super) fn label(api: &AsyncApi, operation: &AsyncOperation) -> String {
    let channel = api.channel_of(operation).map_or("an unknown channel", called);
    let action = operation.action.map_or("use", Action::as_str);
    format!("{action} {channel}")
}

/// Who sends the messages of an operation: the application is the provider.
fn direction(action: Option<Action>) -> Direction {
    match action {
        Some(Action::Send) => Direction::Response,
        Some(Action::Receive) => Direction::Request,
        None => Direction::Both,
    }
}

/// Compares the operations of two documents: those of the same channel, action and id, of the same
/// channel and action, of the same id.
pub(super) fn compare(messages: &mut Messages<'_, '_>, channels: &Channels, out: &mut Vec<Change>) {
    let (old, new) = (messages.old, messages.new);
    let mut before: Vec<&AsyncOperation> = old.operations.iter().collect();
    let mut after: Vec<&AsyncOperation> = new.operations.iter().collect();
    let place = |one: &AsyncOperation, other: &AsyncOperation| {
        let channel = other.channel.and_then(|index| channels.before(index));
        one.action == other.action && one.channel.is_some() && one.channel == channel
    };
    let id = |one: &AsyncOperation, other: &AsyncOperation| {
        let text = |operation: &AsyncOperation| operation.id.as_ref().map(|id| id.text.clone());
        text(one).is_some() && text(one) == text(other)
    };
    let both = |one: &AsyncOperation, other: &AsyncOperation| place(one, other) && id(one, other);
    let ways: [Same<'_>; 3] = [&both, &place, &id];
    let mut pairs = Vec::new();
    for (way, same) in ways.into_iter().enumerate() {
        after.retain(|operation| {
            let Some(index) = before.iter().position(|other| same(other, operation)) else { return true };
            pairs.push((before.remove(index), *operation, way == 2));
            false
        });
    }
    for operation in before {
        // A channel that is gone took its operations with it.
        if operation.channel.is_some_and(|index| channels.has_old(index)) {
            let name = label(old, operation);
            let message = match operation.action {
                Some(Action::Receive) => {
                    format!("`{name}` is gone: what others send there is not heard any more")
                }
                _ => format!("`{name}` is gone: who listens there hears nothing more"),
            };
            out.push(
                Change::new(&ACTION_REMOVED, Some(direction(operation.action)), name.clone(), message)
                    .from_old(Spot::of(messages.versions.old, operation.at))
                    .at_new(Spot::of(messages.versions.new, new.root))
                    .in_operation(name),
            );
        }
    }
    for operation in after {
        if operation.channel.is_some_and(|index| channels.before(index).is_some()) {
            let name = label(new, operation);
            out.push(
                Change::new(
                    &ACTION_ADDED,
                    Some(direction(operation.action)),
                    name.clone(),
                    format!("`{name}` is new"),
                )
                .at_new(Spot::of(messages.versions.new, operation.at))
                .in_operation(name),
            );
        }
    }
    pairs.sort_by_key(|(_, operation, _)| operation.at);
    for (before, after, moved) in pairs {
        one(messages, before, after, moved, out);
    }
}

/// A way to recognise an operation.
type Same<'s> = &'s dyn Fn(&AsyncOperation, &AsyncOperation) -> bool;

fn one(
    messages: &mut Messages<'_, '_>,
    old: &AsyncOperation,
    new: &AsyncOperation,
    moved: bool,
    out: &mut Vec<Change>,
) {
    let (old_api, new_api, versions) = (messages.old, messages.new, messages.versions);
    let name = label(new_api, new);
    let index = messages.label(name.clone());
    let element = Element { subject: name.clone(), old: old.def, new: new.def };
    let mut found = Vec::new();
    if moved {
        let was = label(old_api, old);
        let message = format!("`{was}` is `{name}` now: who relies on the old one is alone");
        found.push(change(versions, &ACTION_CHANGED, &element, message));
    }
    security(versions, &element, &old.security, &new.security, &mut found);
    bindings(versions, &element, "the operation", &old.bindings, &new.bindings, &mut found);
    texts(versions, &element, "the operation", &mut found);
    match (&old.reply, &new.reply) {
        (Some(before), None) => {
            let message = "it is no longer answered: who waits for an answer waits in vain".to_owned();
            let mut gone = change(versions, &REPLY_REMOVED, &element, message);
            gone.old = Some(Spot::of(versions.old, before.at));
            found.push(gone);
        }
        (None, Some(after)) => {
            let mut come = change(versions, &REPLY_ADDED, &element, "it is answered".to_owned());
            (come.old, come.new) = (None, Some(Spot::of(versions.new, after.at)));
            found.push(come);
        }
        (Some(before), Some(after)) => {
            reply(messages, before, after, &element, index, new.action, &mut found)
        }
        (None, None) => {}
    }
    out.extend(found.into_iter().map(|change| change.in_operation(name.clone())));
    let direction = direction(new.action);
    let channels = (old_api.channel_of(old), new_api.channel_of(new));
    if let (Some(before), Some(after)) = channels {
        messages.parameters(before, after, index);
    }
    let (before, after) = (old_api.messages_of(old).to_vec(), new_api.messages_of(new).to_vec());
    messages.compare(&before, &after, &element, direction, index);
}

fn reply(
    messages: &mut Messages<'_, '_>,
    old: &Reply,
    new: &Reply,
    owner: &Element,
    index: u32,
    action: Option<Action>,
    out: &mut Vec<Change>,
) {
    let versions = messages.versions;
    let element = Element { subject: format!("{} reply", owner.subject), old: old.def, new: new.def };
    let channel = |api: &AsyncApi, reply: &Reply| {
        reply.channel.and_then(|index| api.channels.get(index)).map(|channel| called(channel).to_owned())
    };
    let location = |graph: &tenon_graph::Graph, reply: &Reply| {
        reply.address.and_then(|at| graph.node(at).get_str("location").map(str::to_owned))
    };
    let before = (channel(messages.old, old), location(versions.old, old));
    let after = (channel(messages.new, new), location(versions.new, new));
    if before != after {
        let word = |(channel, location): (Option<String>, Option<String>)| {
            channel.or(location).map_or("nowhere in particular".to_owned(), |place| format!("to `{place}`"))
        };
        let message = format!("the answer goes {}, it went {}", word(after), word(before));
        out.push(change(versions, &REPLY_CHANGED, &element, message));
    }
    // Who receives answers by sending, and the reverse.
    let direction = match direction(action) {
        Direction::Request => Direction::Response,
        Direction::Response => Direction::Request,
        Direction::Both => Direction::Both,
    };
    messages.compare(&old.messages, &new.messages, &element, direction, index);
}
