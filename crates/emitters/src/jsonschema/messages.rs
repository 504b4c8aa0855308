//! Protobuf messages as schemas of their ProtoJSON form.

use serde_json::{Map, Value, json};
use tenon_graph::Graph;
use tenon_graph::protobuf::{Enum, Field, FieldType, Message, ProtoFile, Protobuf, Scalar, comments_of};

/// The schemas of all messages and enums that were asked for, by their full names.
pub(crate) fn schemas(graph: &Graph, base: &str, ending: &str) -> Vec<(String, Value)> {
    let pb = &graph.protobuf;
    let mut out = Vec::new();
    for (_, file) in pb.target_files() {
        for message in pb.messages_of(file.all_messages).iter().filter(|message| !message.is_map_entry()) {
            let writer = Writer { graph, pb, file, base, ending };
            out.push((message.full_name.to_string(), writer.message(message)));
        }
        for one in pb.enums_of(file.all_enums) {
            let writer = Writer { graph, pb, file, base, ending };
            out.push((one.full_name.to_string(), writer.enumeration(one)));
        }
    }
    out
}

struct Writer<'g> {
    graph: &'g Graph,
    pb: &'g Protobuf,
    file: &'g ProtoFile,
    base: &'g str,
    ending: &'g str,
}

impl Writer<'_> {
    fn message(&self, message: &Message) -> Value {
        let mut properties = Map::new();
        for field in self.pb.fields_of(message.fields) {
            let mut schema = self.field(field);
            let start = self.graph.node(field.at).span();
            if let (Some(text), Some(members)) =
                (self.comment(start.start, start.end), schema.as_object_mut())
            {
                let mut described = Map::new();
                described.insert("description".to_owned(), text.into());
                described.extend(std::mem::take(members));
                *members = described;
            }
            properties.insert(field.json_name().into_owned(), schema);
        }
        let mut out = Map::new();
        out.insert("title".to_owned(), message.name().into());
        let start = self.graph.node(message.at).span().start;
        if let Some(text) = self.comment(start, message.head_end) {
            out.insert("description".to_owned(), text.into());
        }
        out.insert("type".to_owned(), "object".into());
        out.insert("properties".to_owned(), Value::Object(properties));
        Value::Object(out)
    }

    fn enumeration(&self, one: &Enum) -> Value {
        let values: Vec<&str> = self.pb.values_of(one.values).iter().map(|value| &*value.name).collect();
        let mut out = Map::new();
        out.insert("title".to_owned(), one.name().into());
        let start = self.graph.node(one.at).span().start;
        if let Some(text) = self.comment(start, one.head_end) {
            out.insert("description".to_owned(), text.into());
        }
        out.insert("type".to_owned(), "string".into());
        out.insert("enum".to_owned(), json!(values));
        Value::Object(out)
    }

    fn field(&self, field: &Field) -> Value {
        if let Some((_, value)) = self.pb.map_entry(field) {
            return json!({ "type": "object", "additionalProperties": self.of(value.ty) });
        }
        let one = self.of(field.ty);
        if field.is_repeated() { json!({ "type": "array", "items": one }) } else { one }
    }

    fn of(&self, ty: FieldType) -> Value {
        match ty {
            FieldType::Scalar(scalar) => self::scalar(scalar),
            FieldType::Enum(id) => self.reference(&self.pb.enumeration(id).full_name),
            FieldType::Message(id) => {
                let name = &self.pb.message(id).full_name;
                well_known(name).unwrap_or_else(|| self.reference(name))
            }
            FieldType::Unknown => Value::Bool(true),
        }
    }

    fn reference(&self, name: &str) -> Value {
        json!({ "$ref": format!("{}{name}{}", self.base, self.ending) })
    }

    fn comment(&self, start: u32, end: u32) -> Option<String> {
        let source = self.graph.sources.get(self.file.source)?;
        let comments = comments_of(source, start, end);
        let text = comments.leading_text(source);
        let text: Vec<&str> = text.split_whitespace().collect();
        (!text.is_empty()).then(|| text.join(" "))
    }
}

/// ProtoJSON writes numbers of 64 bits as texts and reads both.
fn scalar(scalar: Scalar) -> Value {
    match scalar {
        Scalar::String => json!({ "type": "string" }),
        Scalar::Bytes => json!({ "type": "string", "contentEncoding": "base64" }),
        Scalar::Bool => json!({ "type": "boolean" }),
        Scalar::Double | Scalar::Float => json!({ "type": ["number", "string"] }),
        Scalar::Int32 | Scalar::Sint32 | Scalar::Sfixed32 => {
            json!({ "type": "integer", "minimum": i32::MIN, "maximum": i32::MAX })
        }
        Scalar::Uint32 | Scalar::Fixed32 => json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX }),
        Scalar::Int64 | Scalar::Sint64 | Scalar::Sfixed64 => {
            json!({ "type": ["string", "integer"], "pattern": "^-?[0-9]+$" })
        }
        Scalar::Uint64 | Scalar::Fixed64 => {
            json!({ "type": ["string", "integer"], "pattern": "^[0-9]+$", "minimum": 0 })
        }
    }
}

/// The types whose JSON form is their own.
fn well_known(name: &str) -> Option<Value> {
    Some(match name.strip_prefix("google.protobuf.")? {
        "Timestamp" => json!({ "type": "string", "format": "date-time" }),
        "Duration" => json!({ "type": "string", "pattern": "^-?[0-9]+(\\.[0-9]+)?s$" }),
        "FieldMask" => json!({ "type": "string" }),
        "Struct" | "Any" | "Empty" => json!({ "type": "object" }),
        "ListValue" => json!({ "type": "array" }),
        "Value" => Value::Bool(true),
        "NullValue" => json!({ "type": "null" }),
        "DoubleValue" | "FloatValue" => json!({ "type": ["number", "string", "null"] }),
        "Int64Value" | "UInt64Value" => json!({ "type": ["string", "integer", "null"] }),
        "Int32Value" | "UInt32Value" => json!({ "type": ["integer", "null"] }),
        "BoolValue" => json!({ "type": ["boolean", "null"] }),
        "StringValue" => json!({ "type": ["string", "null"] }),
        "BytesValue" => json!({ "type": ["string", "null"], "contentEncoding": "base64" }),
        _ => return None,
    })
}
