//! Contracts and schema files, element by element.

use std::collections::BTreeMap;

use rayon::prelude::*;
use tenon_source::{At, FileId, Node, NodeId};

use super::unit::Units;
use super::value::{Skeleton, skeleton};
use super::{Block, BlockKind, Named, Pin, Places, Rpcs};
use crate::{Contract, Document, DocumentKind, Graph, Tier};

/// Members of a document whose own members are elements, with what one is called.
const SECTIONS: &[(&str, &str)] = &[
    ("$defs", "definition"),
    ("channels", "channel"),
    ("definitions", "schema"),
    ("endpoints", "endpoint"),
    ("entities", "entity"),
    ("errors", "error"),
    ("events", "event"),
    ("event_types", "event"),
    ("families", "family"),
    ("operations", "operation"),
    ("properties", "property"),
    ("schemas", "schema"),
    ("tools", "tool"),
];

/// What an element of each section of `components` is called.
const COMPONENTS: &[(&str, &str)] = &[
    ("callbacks", "callback"),
    ("channels", "channel"),
    ("headers", "header"),
    ("links", "link"),
    ("mediaTypes", "media type"),
    ("messages", "message"),
    ("messageTraits", "message trait"),
    ("operationTraits", "operation trait"),
    ("operations", "operation"),
    ("parameters", "parameter"),
    ("pathItems", "path item"),
    ("requestBodies", "request body"),
    ("responses", "response"),
    ("schemas", "schema"),
    ("securitySchemes", "security scheme"),
];

/// Members that name an entry of a list.
const ENTRY_NAMES: &[&str] = &["id", "operation_id", "name", "key", "event_type", "code", "family", "path"];

/// Members of a path item that are operations.
const METHODS: &[&str] = &["delete", "get", "head", "options", "patch", "post", "put", "query", "trace"];

/// One element before its hash is known.
struct Element {
    name: String,
    at: At,
    skeleton: Skeleton,
}

/// One block for each document that is a contract or a schema.
pub(super) fn blocks(graph: &Graph, named: Named<'_>, places: &mut Places) -> Vec<Block> {
    let documents: Vec<(Document, BlockKind)> =
        graph.documents.iter().filter_map(|document| Some((*document, kind_of(document.kind)?))).collect();
    let taken: Vec<Vec<Element>> =
        documents.par_iter().map(|(document, _)| elements_of(graph, document.file)).collect();
    let skeletons: Vec<Skeleton> = taken.iter().flatten().map(|element| element.skeleton.clone()).collect();
    let units = Units::of(graph, &skeletons);
    let governed = governed(graph);
    let mut blocks = Vec::new();
    for ((document, kind), elements) in documents.into_iter().zip(taken) {
        let hashes: Vec<String> =
            elements.par_iter().map(|element| units.element(&element.skeleton)).collect();
        let mut block = head(graph, document, kind, &governed);
        block.path = named(&block.path);
        places.blocks.insert((kind, block.path.clone()), root(document.file));
        for (element, hash) in elements.into_iter().zip(hashes) {
            let name = free(&block.elements, element.name);
            places.elements.insert((kind, block.path.clone(), name.clone()), element.at);
            block.elements.insert(name, hash);
        }
        blocks.push(block);
    }
    blocks
}

/// Whether a document is frozen, and as what.
fn kind_of(kind: DocumentKind) -> Option<BlockKind> {
    match kind {
        DocumentKind::JsonSchema => Some(BlockKind::Family),
        // Protobuf is frozen by package; examples and pieces of others stand for nothing.
        DocumentKind::Protobuf(_)
        | DocumentKind::BufConfiguration
        | DocumentKind::Example
        | DocumentKind::ExampleManifest
        | DocumentKind::Fragment => None,
        _ => Some(BlockKind::Contract),
    }
}

fn root(file: FileId) -> At {
    At { file, node: NodeId::ROOT }
}

/// The contract that governs each file: the one in it, or else one that names it.
fn governed(graph: &Graph) -> BTreeMap<FileId, &Contract> {
    let mut out: BTreeMap<FileId, &Contract> = BTreeMap::new();
    for contract in &graph.contracts {
        for file in &contract.sources {
            out.entry(*file).or_insert(contract);
        }
    }
    for contract in &graph.contracts {
        out.insert(contract.at.file, contract);
    }
    out
}

fn head(graph: &Graph, document: Document, kind: BlockKind, governed: &BTreeMap<FileId, &Contract>) -> Block {
    let node = graph.node(root(document.file));
    let info = node.get("info");
    let contract = governed.get(&document.file);
    let own = contract.filter(|contract| contract.at.file == document.file);
    let text = |name: &str| node.get_str(name).map(str::to_owned);
    let name = own.and_then(|contract| Some(contract.name.as_ref()?.text.clone()));
    let version = own.and_then(|contract| Some(contract.version.as_ref()?.text.clone()));
    let family = graph
        .reuse_registers
        .iter()
        .flat_map(|register| &register.families)
        .find(|family| family.schemas.iter().any(|schema| schema.target == Some(root(document.file))));
    let tier = contract.and_then(|contract| contract.tier.as_ref());
    let tier = tier.or_else(|| family.and_then(|family| family.stability_tier.as_ref()));
    let path = graph.sources.get(document.file).map(|file| file.path.clone()).unwrap_or_default();
    let rpcs = own.and_then(|contract| contract.rpc.as_ref()).filter(|rpc| !rpc.required.is_empty());
    Block {
        kind,
        path,
        format: document.kind.as_str().to_owned(),
        name: name
            .or_else(|| info?.get_str("title").map(str::to_owned))
            .or_else(|| family.map(|family| family.family.text.clone()))
            .or_else(|| text("title"))
            .or_else(|| text("name")),
        version: version.or_else(|| info?.get_str("version").map(str::to_owned)).or_else(|| text("version")),
        tier: tier.and_then(|tier| Tier::parse(tier.as_str())),
        operations: graph.operations_of(document.file).len(),
        hash: String::new(),
        rpcs: rpcs.map(|rpc| {
            let mut names: Vec<String> = rpc.required.iter().map(|name| name.text.clone()).collect();
            names.sort();
            names.dedup();
            let explained = rpc.deltas.iter().filter(|delta| delta.reason.is_some());
            Rpcs { names, explained: explained.map(|delta| delta.method.text.clone()).collect() }
        }),
        elements: BTreeMap::new(),
    }
}

/// The elements of a document; what is none of them is the element `document`.
fn elements_of(graph: &Graph, file: FileId) -> Vec<Element> {
    let mut out = Vec::new();
    let node = graph.node(root(file));
    let mut taken: Vec<&str> = Vec::new();
    for (name, value) in node.members() {
        let before = out.len();
        match name {
            "paths" | "webhooks" if value.is_object() => paths(graph, file, name, value, &mut out),
            "components" if value.is_object() => {
                for (section, list) in value.members() {
                    let word = COMPONENTS.iter().find(|(known, _)| *known == section);
                    let word = word.map_or(section, |(_, word)| *word);
                    entries(graph, file, word, list, &mut out);
                }
            }
            _ => {
                if let Some((_, word)) = SECTIONS.iter().find(|(section, _)| *section == name) {
                    entries(graph, file, word, value, &mut out);
                }
            }
        }
        if out.len() > before || (matches!(name, "paths" | "components") && value.is_object()) {
            taken.push(name);
        }
    }
    let rest = skeleton(graph, root(file), &|name| taken.contains(&name));
    out.push(Element { name: "document".to_owned(), at: root(file), skeleton: rest });
    out
}

/// One element for each entry of a section, where all of them are objects or references.
fn entries(graph: &Graph, file: FileId, word: &str, section: Node<'_>, out: &mut Vec<Element>) {
    let is_entry = |node: Node<'_>| node.is_object() || node.as_bool().is_some() || node.as_i64().is_some();
    let members: Vec<(String, Node<'_>)> = if section.is_object() {
        section.members().map(|(name, value)| (name.to_owned(), value)).collect()
    } else {
        section.items().enumerate().map(|(index, item)| (entry_name(item, index), item)).collect()
    };
    if members.is_empty() || !members.iter().all(|(_, value)| is_entry(*value)) {
        return;
    }
    for (name, value) in members {
        let at = At { file, node: value.id() };
        // A component that merely names what stands elsewhere is that.
        let skeleton = skeleton(graph, graph.follow(at), &|_| false);
        out.push(Element { name: format!("{word} {name}"), at, skeleton });
    }
}

/// What an entry of a list is called: by its method and path, or the first name it has.
fn entry_name(item: Node<'_>, index: usize) -> String {
    if let (Some(method), Some(path)) = (item.get_str("method"), item.get_str("path")) {
        return format!("{} {path}", method.to_ascii_uppercase());
    }
    let name = ENTRY_NAMES.iter().find_map(|name| item.get_str(name));
    name.map_or_else(|| index.to_string(), str::to_owned)
}

/// One element for each operation, and one for what else a path item says.
fn paths(graph: &Graph, file: FileId, section: &str, paths: Node<'_>, out: &mut Vec<Element>) {
    for (path, item) in paths.members() {
        let at = graph.follow(At { file, node: item.id() });
        let item = graph.node(at);
        let word = if section == "webhooks" { "webhook" } else { "operation" };
        let mut has_operation = false;
        for (method, operation) in item.members().filter(|(method, _)| METHODS.contains(method)) {
            let at = At { file: at.file, node: operation.id() };
            let name = format!("{word} {} {path}", method.to_ascii_uppercase());
            out.push(Element { name, at, skeleton: skeleton(graph, at, &|_| false) });
            has_operation = true;
        }
        let rest = skeleton(graph, at, &|name| METHODS.contains(&name));
        let is_empty = rest.value.as_object().is_some_and(serde_json::Map::is_empty);
        if !is_empty || !has_operation {
            out.push(Element { name: format!("path {path}"), at, skeleton: rest });
        }
    }
}

/// A name that no element has yet.
fn free(taken: &BTreeMap<String, String>, name: String) -> String {
    let mut count = 1;
    let mut candidate = name.clone();
    while taken.contains_key(&candidate) {
        count += 1;
        candidate = format!("{name} ({count})");
    }
    candidate
}

/// The tools that manifests of generators pin.
pub(super) fn pins(graph: &Graph, named: Named<'_>) -> Vec<Pin> {
    let mut out = Vec::new();
    for document in &graph.documents {
        let Some(file) = graph.sources.get(document.file) else { continue };
        let node = file.tree.root();
        if !node.get_str("tenon").is_some_and(|mark| mark.starts_with("codegen/")) {
            continue;
        }
        for (tool, entry) in node.get("tools").into_iter().flat_map(Node::members) {
            let version = entry.get("version").unwrap_or(entry);
            let version = version.as_str().or_else(|| version.number_text()).unwrap_or_default();
            out.push(Pin { manifest: named(&file.path), tool: tool.to_owned(), version: version.to_owned() });
        }
    }
    out
}
