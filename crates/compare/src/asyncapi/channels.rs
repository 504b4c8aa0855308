//! Channels.

use tenon_graph::{AsyncApi, Channel};

use super::rules::{
    ASYNC_TEXT_CHANGED, CHANNEL_ADDED, CHANNEL_ADDRESS_CHANGED, CHANNEL_REMOVED, CHANNEL_SERVER_ADDED,
    CHANNEL_SERVER_REMOVED,
};
use super::servers::{bindings, change};
use crate::http::pair::plain_path;
use crate::http::scope::Element;
use crate::value::same_value;
use crate::{Change, Spot, Versions};

/// Channels that take each other's place, by their index.
#[derive(Debug, Default)]
pub(super) struct Channels {
    pairs: Vec<(usize, usize)>,
}

impl Channels {
    /// The channel before of a channel now.
    pub(super) fn before(&self, new: usize) -> Option<usize> {
        self.pairs.iter().find(|(_, after)| *after == new).map(|(before, _)| *before)
    }

    /// Whether a channel before is still there.
    pub(super) fn has_old(&self, old: usize) -> bool {
        self.pairs.iter().any(|(before, _)| *before == old)
    }
}

/// What people call a channel: its address, or its name.
pub(super) fn called(channel: &Channel) -> &str {
    channel.address.as_ref().unwrap_or(&channel.key).as_str()
}

/// A way to recognise a channel.
type NameOf<'k> = &'k dyn Fn(&Channel) -> Option<String>;

/// Compares the channels of two documents: of the same address, else of the same name.
pub(super) fn compare(
    versions: &Versions<'_>,
    old: &AsyncApi,
    new: &AsyncApi,
    out: &mut Vec<Change>,
) -> Channels {
    let address = |channel: &Channel| Some(plain_path(channel.address.as_ref()?.as_str()));
    let key = |channel: &Channel| Some(channel.key.text.clone());
    let mut found = Channels::default();
    let offered = |api: &AsyncApi| -> Vec<usize> {
        let all = api.channels.iter().enumerate();
        all.filter(|(_, channel)| !channel.is_component).map(|(index, _)| index).collect()
    };
    let (mut before, mut after) = (offered(old), offered(new));
    for way in [&address as NameOf<'_>, &key] {
        after.retain(|index| {
            let Some(name) = new.channels.get(*index).and_then(way) else { return true };
            let same = |other: &usize| old.channels.get(*other).and_then(way).as_ref() == Some(&name);
            let Some(position) = before.iter().position(same) else { return true };
            found.pairs.push((before.remove(position), *index));
            false
        });
    }
    for channel in before.iter().filter_map(|index| old.channels.get(*index)) {
        let name = called(channel);
        let message = format!("the channel `{name}` is gone: who sends to it or listens there is alone");
        out.push(
            Change::new(&CHANNEL_REMOVED, None, format!("channels {name}"), message)
                .from_old(Spot::of(versions.old, channel.at))
                .at_new(Spot::of(versions.new, new.root)),
        );
    }
    for channel in after.iter().filter_map(|index| new.channels.get(*index)) {
        let name = called(channel);
        let change = Change::new(
            &CHANNEL_ADDED,
            None,
            format!("channels {name}"),
            format!("the channel `{name}` is new"),
        );
        out.push(change.at_new(Spot::of(versions.new, channel.at)));
    }
    for (before, after) in &found.pairs {
        if let (Some(before), Some(after)) = (old.channels.get(*before), new.channels.get(*after)) {
            both(versions, before, after, out);
        }
    }
    found
}

fn both(versions: &Versions<'_>, old: &Channel, new: &Channel, out: &mut Vec<Change>) {
    let name = called(new);
    let element = Element { subject: format!("channels {name}"), old: old.def, new: new.def };
    if let (Some(before), Some(after)) = (&old.address, &new.address)
        && plain_path(&before.text) != plain_path(&after.text)
    {
        let message =
            format!("the channel `{}` is at `{}`, it was at `{}`", new.key.text, after.text, before.text);
        out.push(change(versions, &CHANNEL_ADDRESS_CHANGED, &element, message));
    }
    let servers = |channel: &Channel| -> Option<Vec<String>> {
        Some(channel.servers.as_ref()?.iter().map(|server| server.name.clone()).collect())
    };
    if let (Some(before), Some(after)) = (servers(old), servers(new)) {
        for server in before.iter().filter(|server| !after.contains(server)) {
            let message = format!("the channel `{name}` is no longer offered at the server `{server}`");
            out.push(change(versions, &CHANNEL_SERVER_REMOVED, &element, message));
        }
        for server in after.iter().filter(|server| !before.contains(server)) {
            let message = format!("the channel `{name}` is offered at the server `{server}` too");
            out.push(change(versions, &CHANNEL_SERVER_ADDED, &element, message));
        }
    }
    texts(versions, &element, &format!("the channel `{name}`"), out);
    bindings(versions, &element, &format!("the channel `{name}`"), &old.bindings, &new.bindings, out);
}

/// Compares what people read.
pub(super) fn texts(versions: &Versions<'_>, element: &Element, what: &str, out: &mut Vec<Change>) {
    let (old, new) = (versions.old.node(element.old), versions.new.node(element.new));
    let differs = |key: &&&str| match (old.get(key), new.get(key)) {
        (None, None) => false,
        (Some(old), Some(new)) => !same_value(old, new),
        _ => true,
    };
    let changed: Vec<&str> = ["title", "summary", "description"].iter().filter(differs).copied().collect();
    if !changed.is_empty() {
        let message = format!("the {} of {what} changed", changed.join(" and "));
        out.push(change(versions, &ASYNC_TEXT_CHANGED, element, message));
    }
}
