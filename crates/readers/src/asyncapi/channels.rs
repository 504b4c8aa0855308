//! Servers and channels, and the small elements that all others have.

use rustc_hash::{FxHashMap, FxHashSet};
use tenon_graph::{
    AsyncApi, AsyncServer, Binding, Channel, ChannelParameter, Name, SecurityRequirement, SecurityUse,
    ServerUse, Tag,
};
use tenon_source::At;

use super::messages::Messages;
use super::walk::{Walk, is_extension};
use crate::value::Value;

/// The servers of the root, then those of `components`.
pub(super) fn read_servers<'s>(
    walk: &mut Walk<'s>,
    root: Value<'s>,
    components: Option<Value<'s>>,
    api: &mut AsyncApi,
) {
    for (owner, is_component) in [(Some(root), false), (components, true)] {
        let Some(owner) = owner else { continue };
        for (name, value) in walk.entries(owner, "servers") {
            let server = read_server(walk, name, value, is_component);
            api.servers.push(server);
        }
    }
}

fn read_server<'s>(walk: &mut Walk<'s>, name: &str, value: Value<'s>, is_component: bool) -> AsyncServer {
    let def = walk.follow(value);
    let host = if walk.is_v2() { "url" } else { "host" };
    let mut variables = Vec::new();
    for (name, variable) in walk.entries(def, "variables") {
        variables.push(Name::new(name, walk.follow(variable).at()));
    }
    AsyncServer {
        name: Name::new(name, value.at()),
        at: value.at(),
        def: def.at(),
        host: def.name(host),
        pathname: def.name("pathname"),
        protocol: def.name("protocol"),
        protocol_version: def.get("protocolVersion").and_then(Value::scalar),
        variables,
        security: read_security(walk, def),
        tags: read_tags(walk, def),
        bindings: read_bindings(walk, def.get("bindings")),
        is_component,
    }
}

/// The channels of the root, then those of `components`.
pub(super) fn read_channels<'s>(
    walk: &mut Walk<'s>,
    root: Value<'s>,
    components: Option<Value<'s>>,
    messages: &mut Messages,
    api: &mut AsyncApi,
) {
    let servers = Servers::of(api);
    for (owner, is_component) in [(Some(root), false), (components, true)] {
        let Some(owner) = owner else { continue };
        for (name, value) in walk.entries(owner, "channels") {
            let def = walk.follow(value);
            let key = Name::new(name, value.at());
            let address = match walk.is_v2() {
                true => (!is_component).then(|| key.clone()),
                false => def.name("address"),
            };
            let channel = Channel {
                key,
                at: value.at(),
                def: def.at(),
                address,
                servers: read_server_uses(walk, def, &servers),
                parameters: read_parameters(walk, def),
                messages: if walk.is_v2() { Vec::new() } else { messages.of_channel(walk, def) },
                tags: read_tags(walk, def),
                bindings: read_bindings(walk, def.get("bindings")),
                is_component,
            };
            api.channels.push(channel);
        }
    }
}

/// The servers a channel may name or refer to.
struct Servers {
    by_name: FxHashMap<String, At>,
    names: FxHashMap<At, String>,
}

impl Servers {
    fn of(api: &AsyncApi) -> Self {
        let mut servers = Self { by_name: FxHashMap::default(), names: FxHashMap::default() };
        for server in &api.servers {
            if !server.is_component {
                servers.by_name.entry(server.name.text.clone()).or_insert(server.def);
            }
            servers.names.entry(server.def).or_insert_with(|| server.name.text.clone());
        }
        servers
    }
}

fn read_server_uses<'s>(
    walk: &mut Walk<'s>,
    channel: Value<'s>,
    servers: &Servers,
) -> Option<Vec<ServerUse>> {
    let list = channel.get("servers").filter(|list| list.node.is_array())?;
    let mut uses = Vec::new();
    for item in list.items() {
        if let Some(name) = item.as_str() {
            let def = servers.by_name.get(name).copied();
            uses.push(ServerUse { at: item.at(), name: name.to_owned(), def });
        } else if let Some(text) = item.reference() {
            let def = walk.follow(item).at();
            let def = (def != item.at()).then_some(def);
            let name = def.and_then(|def| servers.names.get(&def)).map_or(text, String::as_str).to_owned();
            uses.push(ServerUse { at: item.at(), name, def });
        }
    }
    Some(uses)
}

fn read_parameters<'s>(walk: &mut Walk<'s>, channel: Value<'s>) -> Vec<ChannelParameter> {
    let mut out = Vec::new();
    for (name, value) in walk.entries(channel, "parameters") {
        let def = walk.follow(value);
        out.push(ChannelParameter {
            name: Name::new(name, value.at()),
            at: value.at(),
            def: def.at(),
            schema: def.get("schema").map(Value::at),
            location: def.name("location"),
        });
    }
    out
}

/// The tags of an element.
pub(super) fn read_tags<'s>(walk: &mut Walk<'s>, owner: Value<'s>) -> Vec<Tag> {
    let mut out = Vec::new();
    for written in walk.objects(owner, "tags") {
        let tag = walk.follow(written);
        let described = tag.node.get_str("description").is_some_and(|text| !text.trim().is_empty());
        if let Some(name) = tag.name("name") {
            out.push(Tag { at: written.at(), name, described });
        }
    }
    out
}

/// What protocols add, each protocol once: of several places the first counts.
pub(super) fn read_bindings<'s>(
    walk: &mut Walk<'s>,
    bindings: impl IntoIterator<Item = Value<'s>>,
) -> Vec<Binding> {
    let mut out: Vec<Binding> = Vec::new();
    let mut known = FxHashSet::default();
    for value in bindings {
        let def = walk.follow(value);
        for (protocol, binding) in def.members().filter(|(protocol, _)| !is_extension(protocol)) {
            if protocol != "$ref" && binding.node.is_object() && known.insert(protocol) {
                out.push(Binding { protocol: Name::new(protocol, binding.at()), at: binding.at() });
            }
        }
    }
    out
}

/// What a client needs.
pub(super) fn read_security<'s>(walk: &mut Walk<'s>, owner: Value<'s>) -> Option<Vec<SecurityUse>> {
    owner.get("security").filter(|list| list.node.is_array())?;
    let uses = walk.objects(owner, "security");
    let mut out = Vec::with_capacity(uses.len());
    for one in uses {
        out.push(if walk.is_v2() { named(one) } else { scheme(walk, one) });
    }
    Some(out)
}

fn named(requirement: Value<'_>) -> SecurityUse {
    let scheme = |(name, scopes): (&str, Value<'_>)| {
        (Name::new(name, scopes.at()), scopes.names().unwrap_or_default())
    };
    let at: At = requirement.at();
    SecurityUse::Named(SecurityRequirement { at, schemes: requirement.members().map(scheme).collect() })
}

fn scheme<'s>(walk: &mut Walk<'s>, written: Value<'s>) -> SecurityUse {
    let def = walk.follow(written);
    SecurityUse::Scheme {
        at: written.at(),
        def: def.at(),
        scopes: def.get("scopes").and_then(Value::names).unwrap_or_default(),
    }
}
