//! Protobuf, package by package: which file of it declares what is no meaning.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tenon_source::{At, FileId, NodeId};

use super::{Block, BlockKind, ELEMENT_HASH_CHARACTERS, Places};
use crate::protobuf::{
    Enum, Field, FieldType, Message, MessageKind, Options, Protobuf, ReservedRange, Rpc, Service,
};
use crate::{Graph, Tier, canonical_hash};

/// One block for each package.
pub(super) fn blocks(graph: &Graph, places: &mut Places) -> Vec<Block> {
    let mut blocks: BTreeMap<String, Block> = BTreeMap::new();
    let proto = &graph.protobuf;
    for (_, file) in proto.target_files() {
        let package = file.package_name();
        let path = if package.is_empty() { file.name.to_string() } else { package.to_owned() };
        let root = At { file: file.source, node: NodeId::ROOT };
        let block = blocks.entry(path.clone()).or_insert_with(|| {
            places.blocks.insert((BlockKind::Contract, path.clone()), root);
            empty(graph, path, file.source, file.syntax.as_str())
        });
        let source = file.source;
        let mut add = |name: String, at: At, value: &Value| {
            let mut hash = canonical_hash(value);
            hash.truncate(ELEMENT_HASH_CHARACTERS);
            places.elements.insert((BlockKind::Contract, block.path.clone(), name.clone()), at);
            block.elements.insert(name, hash);
        };
        let options = options(graph, source, &file.options);
        if !options.is_empty() {
            add(format!("options {}", file.name), root, &json!(options));
        }
        let all = proto.messages_of(file.all_messages).iter();
        for message in all.filter(|message| message.kind != MessageKind::MapEntry) {
            add(format!("message {}", message.full_name), message.at, &message_value(graph, source, message));
        }
        for one in proto.enums_of(file.all_enums) {
            add(format!("enum {}", one.full_name), one.at, &enum_value(graph, source, one));
        }
        for service in proto.services_of(file.services) {
            for rpc in proto.rpcs_of(service.rpcs) {
                let name = format!("rpc {}/{}", service.full_name, rpc.name);
                add(name, rpc.at, &rpc_value(graph, source, rpc));
            }
            add(format!("service {}", service.full_name), service.at, &service_value(graph, source, service));
        }
        for field in proto.fields_of(file.extensions) {
            let value = json!({ "extends": field.extendee.map(|id| &*proto.message(id).full_name),
                "field": field_value(graph, source, field) });
            add(format!("extension {}", proto.field_full_name(field)), field.at, &value);
        }
        let rpcs = proto.services_of(file.services).iter().map(|service| proto.rpcs_of(service.rpcs).len());
        block.operations += rpcs.sum::<usize>();
        for service in proto.services_of(file.services) {
            let names =
                proto.rpcs_of(service.rpcs).iter().map(|rpc| format!("{}/{}", service.full_name, rpc.name));
            block.rpcs.get_or_insert_default().names.extend(names);
        }
    }
    let mut blocks: Vec<Block> = blocks.into_values().collect();
    for rpcs in blocks.iter_mut().filter_map(|block| block.rpcs.as_mut()) {
        rpcs.names.sort();
        rpcs.explained = explained(graph);
    }
    blocks
}

/// The RPCs that a row of a contract gives a reason for.
fn explained(graph: &Graph) -> Vec<String> {
    let surfaces = graph.contracts.iter().filter_map(|contract| contract.rpc.as_ref());
    let rows = surfaces.flat_map(|rpc| {
        let service = rpc.service.as_ref().map(|name| name.text.clone()).unwrap_or_default();
        let told = rpc.deltas.iter().filter(|delta| delta.reason.is_some());
        told.map(move |delta| format!("{service}/{}", delta.method.text))
    });
    let mut out: Vec<String> = rows.collect();
    for contract in &graph.contracts {
        let decided = contract.removals.iter().chain(&contract.deltas);
        out.extend(decided.filter(|row| row.reason.is_some()).map(|row| row.what.text.clone()));
    }
    out
}

fn empty(graph: &Graph, path: String, file: FileId, syntax: &str) -> Block {
    let contract = graph.contracts.iter().find(|contract| contract.sources.contains(&file));
    let version = path.rsplit('.').next().filter(|part| {
        part.strip_prefix('v').is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_digit()))
    });
    Block {
        kind: BlockKind::Contract,
        format: format!("Protobuf {syntax}"),
        name: None,
        version: version.map(str::to_owned),
        tier: contract.and_then(|contract| Tier::parse(contract.tier.as_ref()?.as_str())),
        operations: 0,
        hash: String::new(),
        rpcs: None,
        elements: BTreeMap::new(),
        path,
    }
}

/// Options with their values as they are written, blanks put aside.
fn options(graph: &Graph, file: FileId, options: &Options) -> BTreeMap<String, String> {
    let value = |span| graph.sources.slice(file, span).split_whitespace().collect::<Vec<_>>().join(" ");
    options.iter().map(|option| (option.name(), value(option.value_span))).collect()
}

fn ranges(ranges: &[ReservedRange]) -> Vec<(i32, i32)> {
    let mut out: Vec<(i32, i32)> = ranges.iter().map(|range| (range.start, range.end)).collect();
    out.sort_unstable();
    out
}

fn names(names: &[crate::protobuf::ProtoName]) -> Vec<&str> {
    let mut out: Vec<&str> = names.iter().map(|name| &*name.text).collect();
    out.sort_unstable();
    out
}

fn message_value(graph: &Graph, file: FileId, message: &Message) -> Value {
    let proto = &graph.protobuf;
    let mut fields: Vec<&Field> = proto.fields_of(message.fields).iter().collect();
    fields.sort_by_key(|field| field.number);
    let ranges_of = |list: &[crate::protobuf::ExtensionRange]| {
        let mut out: Vec<(i32, i32)> = list.iter().map(|range| (range.start, range.end)).collect();
        out.sort_unstable();
        out
    };
    json!({
        "fields": fields.iter().map(|field| field_value(graph, file, field)).collect::<Vec<_>>(),
        "reserved": ranges(&message.reserved),
        "reserved_names": names(&message.reserved_names),
        "extensions": ranges_of(&message.extension_ranges),
        "options": options(graph, file, &message.options),
    })
}

fn field_value(graph: &Graph, file: FileId, field: &Field) -> Value {
    let proto = &graph.protobuf;
    json!({
        "name": field.name,
        "number": field.number,
        "type": type_name(proto, field),
        "repeated": field.is_repeated(),
        "presence": field.has_presence(),
        "required": field.cardinality == crate::protobuf::Cardinality::Required,
        "packed": field.is_packed(),
        "json": field.json_name(),
        "oneof": field.oneof.map(|id| &*proto.oneof(id).name),
        "options": options(graph, file, &field.options),
    })
}

fn type_name(proto: &Protobuf, field: &Field) -> String {
    if let Some((key, value)) = proto.map_entry(field) {
        return format!("map<{}, {}>", type_name(proto, key), type_name(proto, value));
    }
    match field.ty {
        FieldType::Scalar(scalar) => scalar.as_str().to_owned(),
        FieldType::Message(id) => proto.message(id).full_name.to_string(),
        FieldType::Enum(id) => proto.enumeration(id).full_name.to_string(),
        FieldType::Unknown => "unknown".to_owned(),
    }
}

fn enum_value(graph: &Graph, file: FileId, one: &Enum) -> Value {
    let mut values: Vec<(i32, &str, BTreeMap<String, String>)> = graph
        .protobuf
        .values_of(one.values)
        .iter()
        .map(|value| (value.number, &*value.name, options(graph, file, &value.options)))
        .collect();
    values.sort();
    json!({
        "values": values,
        "reserved": ranges(&one.reserved),
        "reserved_names": names(&one.reserved_names),
        "options": options(graph, file, &one.options),
    })
}

fn service_value(graph: &Graph, file: FileId, service: &Service) -> Value {
    let mut rpcs: Vec<&str> = graph.protobuf.rpcs_of(service.rpcs).iter().map(|rpc| &*rpc.name).collect();
    rpcs.sort_unstable();
    json!({ "rpcs": rpcs, "options": options(graph, file, &service.options) })
}

fn rpc_value(graph: &Graph, file: FileId, rpc: &Rpc) -> Value {
    let name = |id: Option<crate::protobuf::MessageId>| {
        id.map(|id| graph.protobuf.message(id).full_name.to_string())
    };
    json!({
        "request": name(rpc.request),
        "response": name(rpc.response),
        "client_streaming": rpc.client_streaming,
        "server_streaming": rpc.server_streaming,
        "idempotency": rpc.idempotency.as_str(),
        "options": options(graph, file, &rpc.options),
    })
}
