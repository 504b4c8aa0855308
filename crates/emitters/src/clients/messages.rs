//! Messages of Protobuf as types of the model: what ProtoJSON makes of them.

use tenon_graph::protobuf::{EnumId, Field as ProtoField, FieldType, MessageId, Scalar, comments_of};
use tenon_source::{At, Span};

use super::model::{Field, Presence, Shape, Type, TypeId};
use super::schemas::Types;

impl Types<'_> {
    /// The type of a message.
    pub(super) fn message(&mut self, id: MessageId) -> Type {
        if let Some(known) = self.by_message.get(&id) {
            return Type::Named(*known);
        }
        let pb = &self.graph.protobuf;
        let message = pb.message(id);
        if let Some(known) = well_known(&message.full_name) {
            return known;
        }
        let name = local_name(&message.full_name, pb.file(message.file).package_name());
        let span = self.graph.node(message.at).member_span();
        let doc = self.comment(message.at, Span { end: message.head_end, ..span });
        let made = self.reserve(&name, doc);
        self.by_message.insert(id, made);
        let graph = self.graph;
        let mut fields = Vec::new();
        for field in graph.protobuf.fields_of(message.fields) {
            let ty = self.field_type(field);
            let presence = match field.has_presence() {
                true => Presence::Optional,
                false => Presence::Defaulted,
            };
            let doc = self.comment(field.at, graph.node(field.at).member_span());
            fields.push(Field { wire: field.json_name().into_owned(), doc, ty, presence });
        }
        self.settle(made, Shape::Object { fields, additional: None });
        Type::Named(made)
    }

    fn field_type(&mut self, field: &ProtoField) -> Type {
        let pb = &self.graph.protobuf;
        if let Some((_, value)) = pb.map_entry(field) {
            let value = self.single(value.ty);
            return Type::Map(Box::new(value));
        }
        let single = self.single(field.ty);
        if field.is_repeated() { Type::List(Box::new(single)) } else { single }
    }

    fn single(&mut self, ty: FieldType) -> Type {
        match ty {
            FieldType::Scalar(scalar) => of_scalar(scalar),
            FieldType::Message(id) => self.message(id),
            FieldType::Enum(id) => Type::Named(self.enumeration(id)),
            FieldType::Unknown => Type::Any,
        }
    }

    fn enumeration(&mut self, id: EnumId) -> TypeId {
        if let Some(known) = self.by_enum.get(&id) {
            return *known;
        }
        let graph = self.graph;
        let one = graph.protobuf.enumeration(id);
        let name = local_name(&one.full_name, graph.protobuf.file(one.file).package_name());
        let span = graph.node(one.at).member_span();
        let doc = self.comment(one.at, Span { end: one.head_end, ..span });
        let made = self.reserve(&name, doc);
        self.by_enum.insert(id, made);
        let mut values: Vec<String> = Vec::new();
        for value in graph.protobuf.values_of(one.values) {
            values.push(value.name.to_string());
        }
        self.settle(made, Shape::Enum(values));
        made
    }

    /// What is said above or behind an element.
    pub(super) fn comment(&self, at: At, span: Span) -> String {
        let Some(file) = self.graph.sources.get(at.file) else { return String::new() };
        let comments = comments_of(file, span.start, span.end);
        let leading = comments.leading_text(file);
        let text = if leading.trim().is_empty() { comments.trailing_text(file) } else { leading };
        text.trim().to_owned()
    }
}

/// The name without its package.
fn local_name(full_name: &str, package: &str) -> String {
    full_name.strip_prefix(package).unwrap_or(full_name).trim_start_matches('.').to_owned()
}

fn of_scalar(scalar: Scalar) -> Type {
    match scalar {
        Scalar::Double | Scalar::Float => Type::Float,
        Scalar::Int64 | Scalar::Sfixed64 | Scalar::Sint64 => Type::IntText { signed: true },
        Scalar::Uint64 | Scalar::Fixed64 => Type::IntText { signed: false },
        Scalar::Int32 | Scalar::Sfixed32 | Scalar::Sint32 => Type::Int { bits: 32, signed: true },
        Scalar::Uint32 | Scalar::Fixed32 => Type::Int { bits: 32, signed: false },
        Scalar::Bool => Type::Bool,
        // Bytes are base64 in JSON.
        Scalar::String | Scalar::Bytes => Type::Text,
    }
}

/// Types whose JSON is not an object of their fields.
fn well_known(full_name: &str) -> Option<Type> {
    let nullable = |ty: Type| Some(Type::Nullable(Box::new(ty)));
    match full_name.strip_prefix("google.protobuf.")? {
        "Timestamp" | "Duration" | "FieldMask" => Some(Type::Text),
        "Struct" | "Any" => Some(Type::Map(Box::new(Type::Any))),
        "Value" => Some(Type::Any),
        "ListValue" => Some(Type::List(Box::new(Type::Any))),
        "DoubleValue" | "FloatValue" => nullable(Type::Float),
        "Int64Value" => nullable(Type::IntText { signed: true }),
        "UInt64Value" => nullable(Type::IntText { signed: false }),
        "Int32Value" => nullable(Type::Int { bits: 32, signed: true }),
        "UInt32Value" => nullable(Type::Int { bits: 32, signed: false }),
        "BoolValue" => nullable(Type::Bool),
        "StringValue" | "BytesValue" => nullable(Type::Text),
        _ => None,
    }
}
