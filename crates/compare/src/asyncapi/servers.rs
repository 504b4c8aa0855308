//! Servers of messages, what they demand of who connects, and bindings.

use std::collections::{BTreeMap, BTreeSet};

use tenon_graph::{AsyncApi, AsyncServer, Binding, Graph, Name, SecurityUse};
use tenon_source::At;

use super::rules::{
    ASYNC_SECURITY_ADDED, ASYNC_SECURITY_REMOVED, ASYNC_SECURITY_WAY_ADDED, BINDING_ADDED, BINDING_CHANGED,
    BINDING_REMOVED, BROKER_ADDED, BROKER_MOVED, BROKER_REMOVED, BROKER_VERSION_CHANGED,
};
use crate::http::pair::plain_path;
use crate::http::scope::Element;
use crate::value::same_value;
use crate::{Change, ChangeRule, Spot, Versions};

/// A way to recognise a server.
type Same<'s> = &'s dyn Fn(&AsyncServer, &AsyncServer) -> bool;

/// Compares the servers of two documents.
pub(super) fn compare(versions: &Versions<'_>, old: &AsyncApi, new: &AsyncApi, out: &mut Vec<Change>) {
    let offered = |api: &'_ AsyncApi| -> Vec<AsyncServer> {
        api.servers.iter().filter(|server| !server.is_component).cloned().collect()
    };
    let (mut before, mut after) = (offered(old), offered(new));
    let mut pairs = Vec::new();
    let same_place = |one: &AsyncServer, other: &AsyncServer| place(one) == place(other);
    let same_name = |one: &AsyncServer, other: &AsyncServer| one.name.text == other.name.text;
    for same in [&same_name as Same<'_>, &same_place] {
        after.retain(|server| {
            let Some(index) = before.iter().position(|other| same(other, server)) else { return true };
            pairs.push((before.remove(index), server.clone()));
            false
        });
    }
    for server in before {
        let name = &server.name.text;
        let message = format!("the server `{name}` is gone: who connects to it is alone");
        out.push(
            Change::new(&BROKER_REMOVED, None, format!("servers {name}"), message)
                .from_old(Spot::of(versions.old, server.at))
                .at_new(Spot::of(versions.new, new.root)),
        );
    }
    for server in after {
        let name = &server.name.text;
        let change = Change::new(
            &BROKER_ADDED,
            None,
            format!("servers {name}"),
            format!("the server `{name}` is new"),
        );
        out.push(change.at_new(Spot::of(versions.new, server.at)));
    }
    for (old, new) in pairs {
        both(versions, &old, &new, out);
    }
}

/// Host, path and protocol, alike in every version.
fn place(server: &AsyncServer) -> (String, String, String) {
    let text = |name: &Option<Name>| name.as_ref().map(|name| name.text.clone()).unwrap_or_default();
    let host = text(&server.host);
    let bare = host.split_once("://").map_or(host.as_str(), |(_, rest)| rest);
    let (host, path) = bare.find('/').map_or((bare, ""), |at| bare.split_at(at));
    let path = if path.is_empty() { text(&server.pathname) } else { path.to_owned() };
    let path = path.trim_matches('/').to_owned();
    (plain_path(&host.to_ascii_lowercase()), plain_path(&path), text(&server.protocol).to_ascii_lowercase())
}

fn both(versions: &Versions<'_>, old: &AsyncServer, new: &AsyncServer, out: &mut Vec<Change>) {
    let name = &new.name.text;
    let element = Element { subject: format!("servers {name}"), old: old.def, new: new.def };
    let (was, is) = (place(old), place(new));
    if was != is {
        let word = |place: &(String, String, String)| format!("`{}://{}/{}`", place.2, place.0, place.1);
        let message = format!("the server `{name}` is at {}, it was at {}", word(&is), word(&was));
        out.push(change(versions, &BROKER_MOVED, &element, message));
    }
    let version = |server: &AsyncServer| server.protocol_version.as_ref().map(|name| name.text.clone());
    let (was, is) = (version(old), version(new));
    if was != is {
        let word = |version: Option<String>| version.unwrap_or_else(|| "any".to_owned());
        let message = format!("the server `{name}` speaks version {}, it spoke {}", word(is), word(was));
        out.push(change(versions, &BROKER_VERSION_CHANGED, &element, message));
    }
    security(versions, &element, &old.security, &new.security, out);
    bindings(versions, &element, &format!("the server `{name}`"), &old.bindings, &new.bindings, out);
}

/// A change of an element of both versions.
pub(super) fn change(
    versions: &Versions<'_>,
    rule: &'static ChangeRule,
    element: &Element,
    message: String,
) -> Change {
    Change::new(rule, None, element.subject.clone(), message)
        .from_old(Spot::of(versions.old, element.old))
        .at_new(Spot::of(versions.new, element.new))
}

/// The ways to prove who connects, each as the schemes it needs with their scopes.
fn ways(graph: &Graph, list: &Option<Vec<SecurityUse>>) -> BTreeSet<String> {
    let scopes = |scopes: &[Name]| {
        let mut scopes: Vec<&str> = scopes.iter().map(Name::as_str).collect();
        scopes.sort_unstable();
        scopes.join(" ")
    };
    let word = |name: &str, names: &[Name]| match scopes(names) {
        none if none.is_empty() => name.to_owned(),
        some => format!("{name} ({some})"),
    };
    let way = |security: &SecurityUse| match security {
        SecurityUse::Named(requirement) => {
            let mut all: Vec<String> =
                requirement.schemes.iter().map(|(name, scopes)| word(&name.text, scopes)).collect();
            all.sort();
            all.join(" and ")
        }
        SecurityUse::Scheme { def, scopes, .. } => {
            let node = graph.node(*def);
            word(node.key().or_else(|| node.get_str("type")).unwrap_or("credentials"), scopes)
        }
    };
    list.iter().flatten().map(way).collect()
}

/// Compares what is needed to connect.
pub(super) fn security(
    versions: &Versions<'_>,
    element: &Element,
    old: &Option<Vec<SecurityUse>>,
    new: &Option<Vec<SecurityUse>>,
    out: &mut Vec<Change>,
) {
    let (before, after) = (ways(versions.old, old), ways(versions.new, new));
    let mut say = |rule, words: &str, message: String| {
        let element = Element { subject: format!("{} security {words}", element.subject), ..element.clone() };
        out.push(change(versions, rule, &element, message));
    };
    let list =
        |ways: &BTreeSet<String>| ways.iter().map(|way| format!("`{way}`")).collect::<Vec<_>>().join(" or ");
    match (before.is_empty(), after.is_empty()) {
        (true, false) => {
            say(&ASYNC_SECURITY_ADDED, "", format!("who connects needs credentials now: {}", list(&after)));
        }
        (false, true) => {
            say(&ASYNC_SECURITY_WAY_ADDED, "", "who connects needs no credentials any more".to_owned());
        }
        _ => {
            for way in before.difference(&after) {
                say(&ASYNC_SECURITY_REMOVED, way, format!("`{way}` no longer proves who connects"));
            }
            for way in after.difference(&before) {
                say(&ASYNC_SECURITY_WAY_ADDED, way, format!("`{way}` proves who connects too"));
            }
        }
    }
}

/// Compares what protocols add to an element.
pub(super) fn bindings(
    versions: &Versions<'_>,
    element: &Element,
    what: &str,
    old: &[Binding],
    new: &[Binding],
    out: &mut Vec<Change>,
) {
    let by_protocol = |list: &[Binding]| -> BTreeMap<String, At> {
        list.iter().map(|binding| (binding.protocol.text.clone(), binding.at)).collect()
    };
    let (before, after) = (by_protocol(old), by_protocol(new));
    let subject = |protocol: &str| format!("{} binding {protocol}", element.subject);
    for (protocol, at) in &before {
        let Some(other) = after.get(protocol) else {
            let message = format!("nothing is said any more of how `{protocol}` carries {what}");
            let element = Element { subject: subject(protocol), old: *at, new: element.new };
            out.push(change(versions, &BINDING_REMOVED, &element, message));
            continue;
        };
        if !same_value(versions.old.node(*at), versions.new.node(*other)) {
            let message = format!("`{protocol}` carries {what} in another way");
            let element = Element { subject: subject(protocol), old: *at, new: *other };
            out.push(change(versions, &BINDING_CHANGED, &element, message));
        }
    }
    for (protocol, at) in after.iter().filter(|(protocol, _)| !before.contains_key(*protocol)) {
        let message = format!("it is said how `{protocol}` carries {what}");
        let change = Change::new(&BINDING_ADDED, None, subject(protocol), message);
        out.push(change.at_new(Spot::of(versions.new, *at)));
    }
}
