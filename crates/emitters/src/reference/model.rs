//! Everything the pages say, as one value.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};
use tenon_graph::{Entity, Event, Graph, Name, Operation, OperationKind, SchemaRole};
use tenon_source::At;

use super::operation;
use super::schema::{BASE, members, page, ty};
use crate::catalogue::{retry, rows};
use crate::components::{Components, Written};
use crate::manifests::id;
use crate::{head, jsonschema};

/// The group of operations that name none.
const UNGROUPED: &str = "Operations";

/// The model of a graph.
pub(super) fn of(graph: &Graph) -> Value {
    let mut components = Components::new(graph, BASE, Written::Modern);
    for schema in &graph.schemas {
        let is_named = matches!(schema.role, SchemaRole::File | SchemaRole::Component);
        if is_named && graph.follow(schema.at) == schema.at {
            components.used(schema.at);
        }
    }
    for (name, schema) in jsonschema::messages::schemas(graph, BASE, "") {
        components.add(&name, schema);
    }
    let groups = groups(graph, &mut components);
    let mut slugs = Slugs::default();
    let events: Vec<Value> =
        graph.events.iter().map(|one| event(graph, one, &mut slugs, &mut components)).collect();
    let (all, _) = components.finish();
    let mut groups = groups;
    let mut events = events;
    for group in &mut groups {
        let operations = group.get_mut("operations").and_then(Value::as_array_mut);
        for operation in operations.into_iter().flatten() {
            fill(operation.get_mut("request"), &all);
            let responses = operation.get_mut("responses").and_then(Value::as_array_mut);
            responses.into_iter().flatten().for_each(|response| fill(Some(response), &all));
        }
    }
    events.iter_mut().for_each(|event| fill(Some(event), &all));
    let mut slugs = Slugs::default();
    let schemas: Vec<Value> = all.iter().map(|(name, schema)| page(name, &slugs.of(name), schema)).collect();
    let places: Map<String, Value> = schemas
        .iter()
        .filter_map(|schema| Some((schema.get("name")?.as_str()?.to_owned(), schema.get("slug")?.clone())))
        .collect();
    let contract = head::contract(graph);
    let text = |name: Option<&Name>| name.map_or("", |name| name.as_str()).to_owned();
    let mut out = Map::new();
    let mut put = |key: &str, value: Value| out.insert(key.to_owned(), value);
    put("title", head::title(graph).into());
    put("version", head::version(graph).into());
    put("about", head::description(graph).unwrap_or_default().into());
    put("owner", text(contract.and_then(|contract| contract.owner.as_ref())).into());
    put("tier", text(contract.and_then(|contract| contract.tier.as_ref())).into());
    let count =
        groups.iter().filter_map(|group| group.get("operations")?.as_array()).map(Vec::len).sum::<usize>();
    put("operation_count", count.into());
    put("groups", Value::Array(groups));
    put("events", Value::Array(events));
    put("schemas", Value::Array(schemas));
    put("schema_slugs", Value::Object(places));
    put("errors", Value::Array(errors(graph)));
    put("entities", graph.entities.iter().map(entity).collect());
    put("words", Value::Array(words(graph)));
    Value::Object(out)
}

/// What is nothing but a named schema shows its members where it is used, too.
fn fill(side: Option<&mut Value>, all: &Map<String, Value>) {
    let Some(side) = side.and_then(Value::as_object_mut) else { return };
    let only = side.get("type").and_then(Value::as_array).filter(|pieces| pieces.len() == 1);
    let name = only.and_then(|pieces| pieces.first()?.get("schema")?.as_str());
    if let Some(schema) = name.and_then(|name| all.get(name)) {
        let rows = members(schema);
        side.insert("members".to_owned(), Value::Array(rows));
    }
}

/// Names for files: letters that every file system takes, and none twice, in whatever case.
#[derive(Default)]
pub(super) struct Slugs {
    taken: BTreeSet<String>,
}

impl Slugs {
    pub(super) fn of(&mut self, name: &str) -> String {
        let mut base = String::new();
        for letter in name.chars() {
            match letter {
                letter if letter.is_ascii_alphanumeric() || "._-".contains(letter) => base.push(letter),
                _ if base.is_empty() || base.ends_with('-') => {}
                _ => base.push('-'),
            }
        }
        let base = base.trim_matches(['.', '-']).to_owned();
        let base = if base.is_empty() { "unnamed".to_owned() } else { base };
        let mut slug = base.clone();
        let mut number = 2;
        while !self.taken.insert(slug.to_ascii_lowercase()) {
            slug = format!("{base}-{number}");
            number += 1;
        }
        slug
    }
}

/// Operations by what they are about: the categories of their contract, their first tag, their service.
fn groups(graph: &Graph, components: &mut Components<'_>) -> Vec<Value> {
    let mut slugs = Slugs::default();
    let mut order: Vec<String> = Vec::new();
    let mut by_name: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for one in graph.operations.iter().filter(|one| one.kind != OperationKind::Message) {
        let slug = slugs.of(&id(one));
        let written = operation::of(graph, one, &slug, components);
        let name = group_of(graph, one);
        if !by_name.contains_key(&name) {
            order.push(name.clone());
        }
        by_name.entry(name).or_default().push(written);
    }
    let mut slugs = Slugs::default();
    let group = |name: String| {
        let operations = by_name.remove(&name).unwrap_or_default();
        json!({ "slug": slugs.of(&name), "name": name, "operations": operations })
    };
    order.into_iter().map(group).collect()
}

fn group_of(graph: &Graph, operation: &Operation) -> String {
    let surfaces = graph.contracts.iter().filter_map(|contract| contract.surface.as_ref());
    let mut categories = surfaces.flat_map(|surface| &surface.categories);
    let own = operation.id.as_ref();
    let category = categories.find(|category| {
        own.is_some_and(|id| category.operations.iter().any(|listed| listed.text == id.text))
    });
    if let Some(category) = category {
        return category.title.as_ref().unwrap_or(&category.name).text.clone();
    }
    if let Some(tag) = operation.detail.tags.first() {
        return tag.text.clone();
    }
    if let Some(rpc) = &operation.rpc {
        return rpc.service.text.clone();
    }
    // `/api/projects/:id` is about projects.
    let mut parts = operation.http.iter().flat_map(|http| http.path.text.split('/'));
    let is_word = |part: &&str| {
        let is_version =
            part.strip_prefix('v').is_some_and(|rest| rest.chars().all(|one| one.is_ascii_digit()));
        !part.is_empty() && *part != "api" && !is_version && !part.starts_with([':', '{'])
    };
    parts.find(is_word).map_or_else(|| UNGROUPED.to_owned(), str::to_owned)
}

fn event(graph: &Graph, event: &Event, slugs: &mut Slugs, components: &mut Components<'_>) -> Value {
    let text = |name: &Option<Name>| name.as_ref().map_or("", |name| name.as_str()).to_owned();
    let at: Option<At> = event.payload_schema.as_ref().and_then(|schema| schema.as_ref().ok()).copied();
    let schema = at.map_or(Value::Bool(true), |at| components.used(at));
    let causes = graph.operations.iter().filter(|operation| {
        operation.governance.emits.iter().flatten().any(|name| name.text == event.name.text)
    });
    let causes: Vec<String> = causes.map(id).collect();
    let minimum: Vec<&str> = event.minimum_fields.iter().map(Name::as_str).collect();
    let node = graph.node(event.at);
    json!({
        "slug": slugs.of(event.name.as_str()),
        "name": event.name.text,
        "about": node.get_str("description").or_else(|| node.get_str("summary")).unwrap_or_default(),
        "type": ty(&schema),
        "members": members(&schema),
        "minimum": minimum,
        "delivery": text(&event.delivery),
        "deduplication_key": text(&event.deduplication_key),
        "ordering": text(&event.ordering),
        "public": event.public,
        "causes": causes,
    })
}

fn errors(graph: &Graph) -> Vec<Value> {
    let rows = rows(graph);
    let row = |row: &crate::catalogue::Row<'_>| {
        let entry = row.entry;
        let operations: Vec<String> = row.operations.iter().map(|operation| id(operation)).collect();
        json!({
            "code": row.code,
            "http": entry.and_then(|entry| entry.http_status).map(|status| status.to_string()).unwrap_or_default(),
            "grpc": entry.and_then(|entry| entry.grpc_status.as_ref()).map_or("", |name| name.as_str()),
            "retry": retry(entry),
            "message": entry.and_then(|entry| entry.message.as_ref()).map_or("", |name| name.as_str()),
            "operations": operations,
        })
    };
    rows.iter().map(row).collect()
}

fn entity(entity: &Entity) -> Value {
    let names = |list: &[Name]| list.iter().map(|name| name.text.clone()).collect::<Vec<_>>();
    let text = |name: &Option<Name>| name.as_ref().map_or("", |name| name.as_str()).to_owned();
    let transitions: Vec<Value> =
        entity.transitions.iter().map(|one| json!({ "from": one.from.text, "to": names(&one.to) })).collect();
    json!({
        "name": entity.name.text,
        "owner": text(&entity.owner),
        "facade_of": text(&entity.facade_of),
        "field": text(&entity.status_field),
        "states": names(&entity.states),
        "transitions": transitions,
    })
}

/// The words that contracts declare, with what they mean where that is said.
fn words(graph: &Graph) -> Vec<Value> {
    let Some(contract) = head::contract(graph) else { return Vec::new() };
    let lists = [
        ("Actors", &contract.actors),
        ("Scopes", &contract.scopes),
        ("Rate classes", &contract.rate_classes),
        ("Consent scopes", &contract.consent_scopes),
        ("Usage dimensions", &contract.usage_dimensions),
    ];
    let meaning = |name: &Name| {
        let node = graph.node(name.at);
        let said = node.as_str().or_else(|| node.get_str("description")).filter(|said| *said != name.text);
        said.unwrap_or_default().to_owned()
    };
    let list = |(title, names): &(&str, &Option<Vec<Name>>)| {
        let names = names.as_ref().filter(|names| !names.is_empty())?;
        let entries: Vec<Value> =
            names.iter().map(|name| json!({ "name": name.text, "about": meaning(name) })).collect();
        Some(json!({ "title": title, "entries": entries }))
    };
    lists.iter().filter_map(list).collect()
}
