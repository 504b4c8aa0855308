//! What is said about a document as a whole: its head, its servers, its tags, its schemas' names;
//! and the texts that people read.

use std::collections::BTreeSet;

use tenon_graph::{ComponentKind, Graph, HttpApi};
use tenon_source::{At, Node, NodeId};

use super::rules::{
    COMPONENT_REMOVED, DESCRIPTION_CHANGED, EXAMPLE_CHANGED, TAG_ADDED, TAG_REMOVED, VERSION_CHANGED,
};
use super::scope::{Element, Scope};
use crate::value::same_value;
use crate::{Change, Spot, Versions};

/// Compares texts of an element by the names of its members, as one change.
pub(super) fn compare_texts(scope: &mut Scope<'_, '_>, element: &Element, what: &str, keys: &[&str]) {
    let (old, new) = (scope.old_node(element.old), scope.new_node(element.new));
    let changed = changed_members(old, new, keys);
    if !changed.is_empty() {
        let message = format!("the {} of {what} {} changed", changed.join(" and "), verb(&changed));
        let change = scope.changed(&DESCRIPTION_CHANGED, None, element, message);
        scope.add(change);
    }
    if !changed_members(old, new, &["example", "examples"]).is_empty() {
        let change =
            scope.changed(&EXAMPLE_CHANGED, None, element, format!("the examples of {what} have changed"));
        scope.add(change);
    }
}

fn verb(changed: &[&str]) -> &'static str {
    if changed.len() == 1 { "has" } else { "have" }
}

/// The members that differ in value, of those named.
fn changed_members<'k>(old: Node<'_>, new: Node<'_>, keys: &[&'k str]) -> Vec<&'k str> {
    let differs = |key: &&&str| match (old.get(key), new.get(key)) {
        (None, None) => false,
        (Some(old), Some(new)) => !same_value(old, new),
        _ => true,
    };
    keys.iter().filter(differs).copied().collect()
}

/// Compares the heads of two documents.
pub(super) fn compare(versions: &Versions<'_>, old: &HttpApi, new: &HttpApi, out: &mut Vec<Change>) {
    head(versions, old, new, out);
    tags(versions, old, new, out);
    components(versions, old, new, out);
}

fn at(api: &HttpApi, node: Node<'_>) -> At {
    At { file: api.root.file, node: node.id() }
}

/// The object `info`, or the root where there is none.
pub(super) fn info(api: &HttpApi) -> At {
    api.info.unwrap_or(At { file: api.file, node: NodeId::ROOT })
}

fn head(versions: &Versions<'_>, old: &HttpApi, new: &HttpApi, out: &mut Vec<Change>) {
    let (old_info, new_info) = (versions.old.node(info(old)), versions.new.node(info(new)));
    let keys = ["title", "summary", "description", "termsOfService", "contact", "license"];
    for key in changed_members(old_info, new_info, &keys) {
        let mut change = Change::new(
            &DESCRIPTION_CHANGED,
            None,
            format!("info {key}"),
            format!("the {key} of the API has changed"),
        );
        change.old = Some(spot(versions.old, old, old_info, key));
        change.new = Some(spot(versions.new, new, new_info, key));
        out.push(change);
    }
    let version = |info: Node<'_>| {
        let value = info.get("version")?;
        value.as_str().or_else(|| value.number_text()).map(str::to_owned)
    };
    let (before, after) = (version(old_info), version(new_info));
    if before != after {
        let word = |version: &Option<String>| version.clone().unwrap_or_else(|| "none".to_owned());
        let message = format!("the version of the API is {}, it was {}", word(&after), word(&before));
        let mut change = Change::new(&VERSION_CHANGED, None, "info version", message);
        change.old = Some(spot(versions.old, old, old_info, "version"));
        change.new = Some(spot(versions.new, new, new_info, "version"));
        out.push(change);
    }
    let docs = (versions.old.node(old.root), versions.new.node(new.root));
    if !changed_members(docs.0, docs.1, &["externalDocs"]).is_empty() {
        let message = "the external documentation of the API has changed";
        let mut change = Change::new(&DESCRIPTION_CHANGED, None, "externalDocs", message);
        change.old = Some(spot(versions.old, old, docs.0, "externalDocs"));
        change.new = Some(spot(versions.new, new, docs.1, "externalDocs"));
        out.push(change);
    }
}

/// A member of a value, or the value where it has none of that name.
fn spot(graph: &Graph, api: &HttpApi, node: Node<'_>, key: &str) -> Spot {
    Spot::of(graph, at(api, node.get(key).unwrap_or(node)))
}

/// Tags that documents declare.
fn tags(versions: &Versions<'_>, old: &HttpApi, new: &HttpApi, out: &mut Vec<Change>) {
    for tag in &old.tags {
        let name = tag.name.as_str();
        let Some(other) = new.tags.iter().find(|other| other.name.text == name) else {
            let root = At { file: new.file, node: NodeId::ROOT };
            let message = format!("the API no longer declares the tag `{name}`");
            out.push(
                Change::new(&TAG_REMOVED, None, format!("tags {name}"), message)
                    .from_old(Spot::of(versions.old, tag.at))
                    .at_new(Spot::of(versions.new, root)),
            );
            continue;
        };
        let (before, after) = (versions.old.node(tag.at), versions.new.node(other.at));
        if !changed_members(before, after, &["summary", "description", "externalDocs"]).is_empty() {
            let message = format!("the description of the tag `{name}` has changed");
            out.push(
                Change::new(&DESCRIPTION_CHANGED, None, format!("tags {name}"), message)
                    .from_old(Spot::of(versions.old, tag.at))
                    .at_new(Spot::of(versions.new, other.at)),
            );
        }
    }
    for tag in &new.tags {
        let name = tag.name.as_str();
        if old.tags.iter().all(|other| other.name.text != name) {
            let message = format!("the API declares the tag `{name}`");
            out.push(
                Change::new(&TAG_ADDED, None, format!("tags {name}"), message)
                    .at_new(Spot::of(versions.new, tag.at)),
            );
        }
    }
}

/// Schemas that are no longer kept under their names. What uses them says what that changes.
fn components(versions: &Versions<'_>, old: &HttpApi, new: &HttpApi, out: &mut Vec<Change>) {
    let schemas = |api: &'_ HttpApi| -> BTreeSet<String> {
        let schemas = api.components.iter().filter(|component| component.kind == ComponentKind::Schema);
        schemas.map(|component| component.name.clone()).collect()
    };
    let kept = schemas(new);
    for component in old.components.iter().filter(|component| component.kind == ComponentKind::Schema) {
        if kept.contains(&component.name) {
            continue;
        }
        let name = &component.name;
        let message = format!("no schema is kept as `{name}` any more: generated types of that name go");
        let change = Change::new(&COMPONENT_REMOVED, None, format!("schemas {name}"), message)
            .from_old(Spot::of(versions.old, component.at))
            .at_new(Spot::of(versions.new, At { file: new.file, node: NodeId::ROOT }))
            .with_aliases(&["oasdiff:api-schema-removed"]);
        out.push(change);
    }
}
