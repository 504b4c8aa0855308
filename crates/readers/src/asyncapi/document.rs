//! The document: its head, its components, and the order in which the rest is read.

use rustc_hash::FxHashSet;
use tenon_graph::{
    AsyncApi, AsyncApiVersion, AsyncComponent, AsyncComponentKind as Element, Dialect, Name, Part, Resolver,
    SchemaRole, SecurityScheme,
};

use super::channels::{read_channels, read_servers, read_tags};
use super::events::read_events;
use super::messages::Messages;
use super::operations::read_operations;
use super::walk::{Walk, is_extension, multi_format};
use crate::governance::read_root_facts;
use crate::value::Value;

/// Reads a document of a known version.
pub(super) fn read<'s>(root: Value<'s>, version: AsyncApiVersion, resolver: &'s Resolver<'s>) -> Part {
    let mut walk = Walk::new(resolver, root.file, version);
    walk.content_type = root.node.get_str("defaultContentType");
    visit(root, &mut walk);
    let info = root.get("info");
    let tags_of = if walk.is_v2() { Some(root) } else { info };
    let mut api = AsyncApi {
        file: root.file,
        version,
        version_text: root.get("asyncapi").and_then(Value::scalar),
        root: root.at(),
        id: root.name("id"),
        info: info.map(Value::at),
        default_content_type: root.name("defaultContentType"),
        servers: Vec::new(),
        channels: Vec::new(),
        operations: Vec::new(),
        messages: Vec::new(),
        tags: tags_of.map(|owner| read_tags(&mut walk, owner)).unwrap_or_default(),
        components: Vec::new(),
        security_schemes: Vec::new(),
    };
    let mut part = Part::default();
    let components = root.get("components").map(|map| walk.container(map));
    if let Some(components) = components {
        read_components(&mut walk, components, &mut api);
    }
    read_servers(&mut walk, root, components, &mut api);
    let mut messages = Messages::default();
    if let Some(components) = components {
        for (name, message) in walk.entries(components, "messages") {
            messages.add(&mut walk, message, Some(Name::new(name, message.at())));
        }
    }
    read_channels(&mut walk, root, components, &mut messages, &mut api);
    read_operations(&mut walk, root, &mut messages, &mut api, &mut part);
    api.messages = messages.finish();
    read_root_facts(root, &mut part);
    part.events = read_events(&mut walk, root, &api);
    part.async_apis.push(api);
    walk.finish(&mut part);
    part
}

/// The first pass. Messages come before the schemas of `components`: of those that are in another
/// language only the messages say so.
fn visit<'s>(root: Value<'s>, walk: &mut Walk<'s>) {
    let tags_of = if walk.is_v2() { Some(root) } else { root.get("info") };
    if let Some(owner) = tags_of {
        walk.list(Element::Tag, owner.get("tags"));
        if let Some(docs) = owner.get("externalDocs") {
            walk.element(Element::ExternalDocs, docs);
        }
    }
    walk.elements(Element::Server, root.get("servers"));
    walk.elements(Element::Channel, root.get("channels"));
    if !walk.is_v2() {
        walk.elements(Element::Operation, root.get("operations"));
    }
    let components = root.get("components").map(|map| walk.container(map));
    for (section, element) in Element::ALL {
        if element != Element::Schema {
            walk.elements(element, components.and_then(|components| components.get(section)));
        }
    }
    walk.drain_elements();
    if let Some(schemas) = components.and_then(|components| components.get("schemas")) {
        let schemas = walk.container(schemas);
        let is_multi = |value: Value<'_>| multi_format(value).is_some();
        // Those that name their language first: a reference from another schema must not read
        // them as if they did not.
        for (_, schema) in schemas.members().filter(|(_, schema)| is_multi(*schema)) {
            walk.maybe_multi(schema, SchemaRole::Component);
        }
        for (_, schema) in schemas.members().filter(|(_, schema)| !is_multi(*schema)) {
            walk.schemas.schema(schema, Dialect::Draft7, SchemaRole::Component);
        }
    }
    walk.drain();
}

fn read_components<'s>(walk: &mut Walk<'s>, components: Value<'s>, api: &mut AsyncApi) {
    for (section, kind) in Element::ALL {
        let Some(map) = components.get(section) else { continue };
        let map = walk.container(map);
        for (name, value) in map.members().filter(|(name, _)| !is_extension(name)) {
            api.components.push(AsyncComponent { kind, name: name.to_owned(), at: value.at() });
        }
    }
    for (name, value) in walk.entries(components, "securitySchemes") {
        let def = walk.follow(value);
        api.security_schemes.push(SecurityScheme {
            name: name.to_owned(),
            at: value.at(),
            def: def.at(),
            kind: def.name("type"),
            scopes: flow_scopes(def),
        });
    }
}

/// The scopes that the flows of a scheme declare, each once; `None` where no flow has such a
/// list. Version 2 calls them `scopes`, version 3 `availableScopes`.
fn flow_scopes(scheme: Value<'_>) -> Option<Vec<Name>> {
    let mut scopes: Option<Vec<Name>> = None;
    let mut known = FxHashSet::default();
    for (_, flow) in scheme.map("flows") {
        let Some(declared) = flow.object("availableScopes").or_else(|| flow.object("scopes")) else {
            continue;
        };
        let scopes = scopes.get_or_insert_default();
        for (name, value) in declared.members() {
            if known.insert(name) {
                scopes.push(Name::new(name, value.at()));
            }
        }
    }
    scopes
}
