//! Protobuf descriptors: what `protoc --descriptor_set_out` writes, byte for byte, without the
//! places and comments of the source.

mod defaults;
mod options;
mod wire;

use tenon_graph::protobuf::{
    Cardinality, Enum, Field, FieldType, ImportKind, Message as ProtoMessage, MessageKind, ProtoFile,
    ProtoFileId, Protobuf, ReservedRange, Rpc, Scalar, Service, Syntax, Visibility,
};
use wire::Message;

/// A `FileDescriptorSet` of some files, in the order given.
#[must_use]
pub fn descriptor_set(pb: &Protobuf, files: &[ProtoFileId]) -> Vec<u8> {
    let mut set = Message::default();
    for id in files {
        set.message(1, file(pb, pb.file(*id)));
    }
    set.bytes()
}

/// Files and all that they import, each behind those it imports.
#[must_use]
pub fn with_imports(pb: &Protobuf, files: &[ProtoFileId]) -> Vec<ProtoFileId> {
    let mut ordered = Vec::new();
    let mut opened = std::collections::BTreeSet::new();
    // Files to look at, and whether their imports have been.
    let mut open: Vec<(ProtoFileId, bool)> = files.iter().rev().map(|id| (*id, false)).collect();
    while let Some((id, is_ready)) = open.pop() {
        if is_ready {
            ordered.push(id);
        } else if opened.insert(id) {
            open.push((id, true));
            let imports = pb.file(id).imports.iter().rev();
            open.extend(imports.filter_map(|import| Some((import.file?, false))));
        }
    }
    ordered
}

fn file(pb: &Protobuf, file: &ProtoFile) -> Message {
    let mut out = Message::default();
    out.text(1, &file.name);
    if let Some(package) = &file.package {
        out.text(2, &package.text);
    }
    let imports = || file.imports.iter().filter(|import| import.kind != ImportKind::Option);
    imports().for_each(|import| out.text(3, &import.path));
    for message in pb.messages_of(file.messages) {
        out.message(4, descriptor(pb, file, message));
    }
    for one in pb.enums_of(file.enums) {
        out.message(5, enumeration(pb, one));
    }
    for one in pb.services_of(file.services) {
        out.message(6, service(pb, one));
    }
    for extension in pb.fields_of(file.extensions) {
        out.message(7, field(pb, file, extension, None));
    }
    if let Some(options) = options::options(pb, &file.options) {
        out.message(8, options);
    }
    let mut places = |number: i32, kind: ImportKind| {
        for (place, _) in imports().enumerate().filter(|(_, import)| import.kind == kind) {
            out.varint(number, place as u64);
        }
    };
    places(10, ImportKind::Public);
    places(11, ImportKind::Weak);
    match file.syntax {
        Syntax::Proto2 => {}
        Syntax::Proto3 => out.text(12, "proto3"),
        Syntax::Edition2023 | Syntax::Edition2024 => {
            out.text(12, "editions");
            out.varint(14, if file.syntax == Syntax::Edition2023 { 1000 } else { 1001 });
        }
    }
    let option_imports = file.imports.iter().filter(|import| import.kind == ImportKind::Option);
    option_imports.for_each(|import| out.text(15, &import.path));
    out
}

fn descriptor(pb: &Protobuf, file: &ProtoFile, message: &ProtoMessage) -> Message {
    let mut out = Message::default();
    out.text(1, message.name());
    let written = message.oneofs.ids().count();
    // Each `optional` of proto3 has a oneof of its own, behind those that are written.
    let mut made: Vec<String> = Vec::new();
    for one in pb.fields_of(message.fields) {
        let oneof = match one.oneof {
            Some(id) => message.oneofs.ids().position(|other| other == id),
            None if one.is_proto3_optional(file.syntax) => {
                made.push(oneof_name(pb, message, one, &made));
                Some(written + made.len() - 1)
            }
            None => None,
        };
        out.message(2, field(pb, file, one, oneof));
    }
    for nested in pb.messages_of(message.messages) {
        out.message(3, descriptor(pb, file, nested));
    }
    for one in pb.enums_of(message.enums) {
        out.message(4, enumeration(pb, one));
    }
    for range in &message.extension_ranges {
        let mut inner = Message::default();
        inner.int32(1, range.start);
        inner.int32(2, range.end.saturating_add(1));
        let options = options::options(pb, &range.options);
        if let Some(options) = options.filter(|options| !options.is_empty()) {
            inner.message(3, options);
        }
        out.message(5, inner);
    }
    for extension in pb.fields_of(message.extensions) {
        out.message(6, field(pb, file, extension, None));
    }
    if message.kind == MessageKind::MapEntry {
        let mut inner = Message::default();
        inner.flag(7, true);
        out.message(7, inner);
    } else if let Some(options) = options::options(pb, &message.options) {
        out.message(7, options);
    }
    for oneof in pb.oneofs_of(message.oneofs) {
        let mut inner = Message::default();
        inner.text(1, &oneof.name);
        if let Some(options) = options::options(pb, &oneof.options) {
            inner.message(2, options);
        }
        out.message(8, inner);
    }
    for name in made {
        let mut inner = Message::default();
        inner.text(1, &name);
        out.message(8, inner);
    }
    // Field numbers end one past the last, those of enums with the last.
    reserved(&mut out, 9, &message.reserved, 1);
    message.reserved_names.iter().for_each(|name| out.text(10, &name.text));
    visibility(&mut out, 11, message.visibility, message.is_visibility_written);
    out
}

fn visibility(out: &mut Message, number: i32, visibility: Visibility, is_written: bool) {
    if is_written {
        out.varint(number, if visibility == Visibility::Local { 1 } else { 2 });
    }
}

fn reserved(out: &mut Message, number: i32, ranges: &[ReservedRange], past: i32) {
    for range in ranges {
        let mut inner = Message::default();
        inner.int32(1, range.start);
        inner.int32(2, range.end.saturating_add(past));
        out.message(number, inner);
    }
}

/// The name of the oneof that an `optional` field stands in: free in its message.
fn oneof_name(pb: &Protobuf, message: &ProtoMessage, field: &Field, made: &[String]) -> String {
    let mut name = format!("_{}", field.name);
    let is_taken = |name: &str| {
        made.iter().any(|other| other == name)
            || pb.fields_of(message.fields).iter().any(|field| &*field.name == name)
            || pb.oneofs_of(message.oneofs).iter().any(|oneof| &*oneof.name == name)
    };
    while is_taken(&name) {
        name.insert(0, 'X');
    }
    name
}

fn type_number(scalar: Scalar) -> u64 {
    match scalar {
        Scalar::Double => 1,
        Scalar::Float => 2,
        Scalar::Int64 => 3,
        Scalar::Uint64 => 4,
        Scalar::Int32 => 5,
        Scalar::Fixed64 => 6,
        Scalar::Fixed32 => 7,
        Scalar::Bool => 8,
        Scalar::String => 9,
        Scalar::Bytes => 12,
        Scalar::Uint32 => 13,
        Scalar::Sfixed32 => 15,
        Scalar::Sfixed64 => 16,
        Scalar::Sint32 => 17,
        Scalar::Sint64 => 18,
    }
}

fn field(pb: &Protobuf, file: &ProtoFile, field: &Field, oneof: Option<usize>) -> Message {
    let mut out = Message::default();
    out.text(1, &field.name);
    if let Some(extendee) = field.extendee {
        out.text(2, &format!(".{}", pb.message(extendee).full_name));
    }
    out.int32(3, field.number);
    out.varint(
        4,
        match field.cardinality {
            Cardinality::Repeated => 3,
            // What an edition requires, a feature says.
            Cardinality::Required if !file.syntax.is_edition() => 2,
            Cardinality::Required | Cardinality::Optional => 1,
        },
    );
    match field.ty {
        FieldType::Scalar(scalar) => out.varint(5, type_number(scalar)),
        FieldType::Message(id) => {
            let message = pb.message(id);
            out.varint(5, if message.kind == MessageKind::Group { 10 } else { 11 });
            out.text(6, &format!(".{}", message.full_name));
        }
        FieldType::Enum(id) => {
            out.varint(5, 14);
            out.text(6, &format!(".{}", pb.enumeration(id).full_name));
        }
        FieldType::Unknown => {}
    }
    if let Some(default) = &field.default {
        out.text(7, &defaults::text(field.ty, default));
    }
    if let Some(options) = options::options(pb, &field.options) {
        out.message(8, options);
    }
    if let Some(oneof) = oneof {
        out.varint(9, oneof as u64);
    }
    out.text(10, &field.json_name());
    // Extensions bear the mark too, though they have no oneof.
    if file.syntax == Syntax::Proto3 && field.is_optional_written {
        out.flag(17, true);
    }
    out
}

fn enumeration(pb: &Protobuf, one: &Enum) -> Message {
    let mut out = Message::default();
    out.text(1, one.name());
    for value in pb.values_of(one.values) {
        let mut inner = Message::default();
        inner.text(1, &value.name);
        inner.int32(2, value.number);
        if let Some(options) = options::options(pb, &value.options) {
            inner.message(3, options);
        }
        out.message(2, inner);
    }
    if let Some(options) = options::options(pb, &one.options) {
        out.message(3, options);
    }
    reserved(&mut out, 4, &one.reserved, 0);
    one.reserved_names.iter().for_each(|name| out.text(5, &name.text));
    visibility(&mut out, 6, one.visibility, one.is_visibility_written);
    out
}

fn service(pb: &Protobuf, service: &Service) -> Message {
    let mut out = Message::default();
    out.text(1, service.name());
    for rpc in pb.rpcs_of(service.rpcs) {
        out.message(2, method(pb, rpc));
    }
    if let Some(options) = options::options(pb, &service.options) {
        out.message(3, options);
    }
    out
}

fn method(pb: &Protobuf, rpc: &Rpc) -> Message {
    let mut out = Message::default();
    out.text(1, &rpc.name);
    for (number, message) in [(2, rpc.request), (3, rpc.response)] {
        if let Some(id) = message {
            out.text(number, &format!(".{}", pb.message(id).full_name));
        }
    }
    // protoc writes the options of an RPC with a body even if there are none.
    let options = options::options(pb, &rpc.options);
    if let Some(options) = options.or_else(|| rpc.has_body.then(Message::default)) {
        out.message(4, options);
    }
    if rpc.client_streaming {
        out.flag(5, true);
    }
    if rpc.server_streaming {
        out.flag(6, true);
    }
    out
}
