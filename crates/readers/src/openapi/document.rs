//! The document: its head, its components, its paths.

use super::read::{Shared, read_security, read_servers};
use super::walk::{Element, Walk, is_extension};
use crate::governance::read_root_facts;
use crate::schema_walk::dialect_of;
use crate::value::Value;
use tenon_graph::{
    Component, ComponentKind, HttpApi, Name, OpenApiVersion, OperationKind, Part, Resolver, SchemaRole,
    SecurityScheme, Server, Tag,
};

/// The sections of components with what stands in them.
const SECTIONS: [(&str, ComponentKind, Option<Element>); 10] = [
    ("schemas", ComponentKind::Schema, None),
    ("responses", ComponentKind::Response, Some(Element::Response)),
    ("parameters", ComponentKind::Parameter, Some(Element::Parameter)),
    ("examples", ComponentKind::Example, Some(Element::Example)),
    ("requestBodies", ComponentKind::RequestBody, Some(Element::RequestBody)),
    ("headers", ComponentKind::Header, Some(Element::Header)),
    ("links", ComponentKind::Link, Some(Element::Link)),
    ("callbacks", ComponentKind::Callback, Some(Element::Callback)),
    ("pathItems", ComponentKind::PathItem, Some(Element::PathItem)),
    ("mediaTypes", ComponentKind::MediaType, Some(Element::MediaType)),
];

/// Where Swagger 2 has them.
const SECTIONS_V2: [(&str, ComponentKind, Option<Element>); 3] = [
    ("definitions", ComponentKind::Schema, None),
    ("responses", ComponentKind::Response, Some(Element::Response)),
    ("parameters", ComponentKind::Parameter, Some(Element::Parameter)),
];

/// Reads a document of a known version.
pub(super) fn read<'s>(root: Value<'s>, version: OpenApiVersion, resolver: &'s Resolver<'s>) -> Part {
    let mut walk = Walk::new(resolver, root.file, version);
    if version >= OpenApiVersion::V3_1
        && let Some(dialect) = root.node.get_str("jsonSchemaDialect").and_then(dialect_of)
    {
        walk.dialect = dialect;
    }
    let mut part = Part::default();
    let v2 = version == OpenApiVersion::V2;
    let shared = Shared {
        file: root.file,
        consumes: root.get("consumes").and_then(Value::names).unwrap_or_default(),
        produces: root.get("produces").and_then(Value::names).unwrap_or_default(),
    };
    let components = if v2 { Some(root) } else { root.get("components").map(|map| walk.container(map)) };
    let mut api = HttpApi {
        file: root.file,
        version,
        root: root.at(),
        info: root.get("info").map(Value::at),
        servers: if v2 {
            servers_v2(root)
        } else {
            root.get("servers").map(read_servers).unwrap_or_default()
        },
        tags: root.list("tags").filter_map(read_tag).collect(),
        paths: Vec::new(),
        webhooks: Vec::new(),
        components: Vec::new(),
        security_schemes: Vec::new(),
        security: root.get("security").filter(|list| list.node.is_array()).map(read_security),
    };
    for (key, kind, out) in [
        ("paths", OperationKind::Offered, &mut api.paths),
        ("webhooks", OperationKind::Webhook, &mut api.webhooks),
    ] {
        walk.elements(Element::PathItem, root.get(key), None);
        let Some(map) = root.get(key) else { continue };
        let map = walk.container(map);
        for (name, item) in map.members() {
            if !is_extension(name) && item.node.is_object() {
                out.push(walk.read_path_item(name, item, kind, &shared, &mut part.operations));
            }
        }
    }
    if let Some(components) = components {
        read_components(&mut walk, components, v2, &mut api);
    }
    walk.drain();
    read_callbacks(&mut walk, &shared, &mut part);
    read_root_facts(root, &mut part);
    part.apis.push(api);
    walk.finish(&mut part);
    part
}

fn read_components<'s>(walk: &mut Walk<'s>, components: Value<'s>, v2: bool, api: &mut HttpApi) {
    let sections = if v2 { SECTIONS_V2.as_slice() } else { SECTIONS.as_slice() };
    for &(key, kind, element) in sections {
        let Some(map) = components.get(key) else { continue };
        let map = walk.container(map);
        for (name, value) in map.members() {
            if v2 && is_extension(name) && kind == ComponentKind::Response {
                continue;
            }
            api.components.push(Component { kind, name: name.to_owned(), at: value.at() });
            match element {
                Some(element) => walk.element(element, value, None),
                None => walk.schemas.schema(value, walk.dialect, SchemaRole::Component),
            }
        }
    }
    let schemes = if v2 { "securityDefinitions" } else { "securitySchemes" };
    let Some(map) = components.get(schemes) else { return };
    let map = walk.container(map);
    for (name, value) in map.members().filter(|(_, value)| value.node.is_object()) {
        walk.element(Element::SecurityScheme, value, None);
        let def = walk.follow(value);
        api.security_schemes.push(SecurityScheme {
            name: name.to_owned(),
            at: value.at(),
            def: def.at(),
            kind: def.name("type"),
            scopes: if v2 { flow_scopes([def]) } else { flow_scopes(def.map("flows").map(|(_, flow)| flow)) },
        });
    }
}

/// The scopes that flows declare, each once; `None` where no flow has such a list.
fn flow_scopes<'s>(flows: impl IntoIterator<Item = Value<'s>>) -> Option<Vec<Name>> {
    let mut scopes: Option<Vec<Name>> = None;
    for declared in flows.into_iter().filter_map(|flow| flow.object("scopes")) {
        let scopes = scopes.get_or_insert_default();
        for (name, value) in declared.members() {
            if scopes.iter().all(|scope| scope.text != name) {
                scopes.push(Name::new(name, value.at()));
            }
        }
    }
    scopes
}

/// Callbacks come to light during the walk and have callbacks of their own.
fn read_callbacks(walk: &mut Walk<'_>, shared: &Shared, part: &mut Part) {
    loop {
        let callbacks = std::mem::take(&mut walk.callbacks);
        if callbacks.is_empty() {
            return;
        }
        for callback in callbacks {
            for (expression, item) in callback.members() {
                if is_extension(expression) || !item.node.is_object() {
                    continue;
                }
                walk.element(Element::PathItem, item, None);
                walk.read_path_item(expression, item, OperationKind::Callback, shared, &mut part.operations);
            }
        }
        walk.drain();
    }
}

fn read_tag(tag: Value<'_>) -> Option<Tag> {
    let described = tag.node.get_str("description").is_some_and(|text| !text.trim().is_empty());
    Some(Tag { at: tag.at(), name: tag.name("name")?, described })
}

/// One server for each scheme of a Swagger 2 document.
fn servers_v2(root: Value<'_>) -> Vec<Server> {
    let base = root.node.get_str("basePath").unwrap_or("");
    let Some(value) = root.get("host").or_else(|| root.get("basePath")) else { return Vec::new() };
    let server =
        |url: String| Server { at: value.at(), url: Some(Name::new(url, value.at())), variables: Vec::new() };
    let Some(host) = root.node.get_str("host") else { return vec![server(base.to_owned())] };
    let schemes: Vec<&str> = root.list("schemes").filter_map(Value::as_str).collect();
    if schemes.is_empty() {
        return vec![server(format!("//{host}{base}"))];
    }
    schemes.into_iter().map(|scheme| server(format!("{scheme}://{host}{base}"))).collect()
}
