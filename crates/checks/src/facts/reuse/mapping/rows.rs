//! The mapping as a table: each member of each schema beside the field that carries it.

use tenon_graph::protobuf::{EnumId, Field, FieldType, MessageId, Protobuf};
use tenon_graph::{Graph, to_value};

use super::super::matrix::row_units;
use super::super::mixer::fold_case;
use super::super::protobuf::value_names;
use super::super::{Families, Form, Unit};
use super::{Label, NULLABLE, ProtoField, ProtoMessage, ProtoType, REQUIRED, WHOLE, to_message};

/// One member and its field.
#[derive(Debug, Clone, Default)]
pub struct MappingRow {
    /// The schema.
    pub schema: String,
    /// JSON pointer of the member from there.
    pub pointer: String,
    /// Its type in JSON.
    pub json_type: String,
    /// Whether it must be there.
    pub required: bool,
    /// Whether it may be null.
    pub nullable: bool,
    /// The message.
    pub message: String,
    /// The field.
    pub field: String,
    /// Its number.
    pub number: i32,
    /// Its type, as it is written.
    pub proto_type: String,
    /// The oneof it is in.
    pub oneof: String,
    /// Values of an enum: JSON and protobuf.
    pub values: Vec<String>,
    /// Keywords that protobuf has no word for.
    pub annotations: String,
    /// `declared`, `proposed`, `differs` or `wire only`.
    pub state: &'static str,
}

/// The rows: of the schemas of a register, or of every schema file and component.
#[must_use]
pub fn mapping(graph: &Graph, families: &Families) -> Vec<MappingRow> {
    let mut out = Vec::new();
    if graph.reuse_registers.is_empty() {
        let named = families.units.iter().filter(|unit| matches!(unit.form, Form::File | Form::Component));
        for unit in named {
            one(graph, families, unit, best(graph, families, unit, None), &mut out);
        }
        return out;
    }
    for row in graph.reuse_registers.iter().flat_map(|register| &register.families) {
        let messages: Vec<MessageId> =
            row.messages.iter().filter_map(|name| graph.protobuf.find_message(&name.text)).collect();
        for (_, unit) in row_units(graph, families, row) {
            if !matches!(unit.form, Form::Message | Form::Enum | Form::Table) {
                one(graph, families, unit, best(graph, families, unit, Some(&messages)), &mut out);
            }
        }
    }
    out
}

/// The message that carries a schema: of those that are named for it the one most like it, or the
/// one with its name.
fn best(graph: &Graph, families: &Families, unit: &Unit, named: Option<&[MessageId]>) -> Option<MessageId> {
    let proto = &graph.protobuf;
    let similarity = |id: MessageId| {
        let other = families.unit_at(proto.message(id).at).map(|(_, other)| other);
        other.map_or(0.0, |other| families.similarity(unit, other))
    };
    match named {
        Some(named) => named.iter().copied().reduce(|a, b| if similarity(b) > similarity(a) { b } else { a }),
        None => {
            let index =
                proto.messages.iter().position(|message| fold_case(message.name()) == fold_case(&unit.name));
            index.map(MessageId::from)
        }
    }
}

fn one(
    graph: &Graph,
    families: &Families,
    unit: &Unit,
    declared: Option<MessageId>,
    out: &mut Vec<MappingRow>,
) {
    let message = to_message(&unit.name, &to_value(graph.node(unit.at)));
    let table = Table { proto: &graph.protobuf, schema: families.label(graph, unit) };
    table.message(&message, declared, "", out);
}

struct Table<'g> {
    proto: &'g Protobuf,
    schema: String,
}

impl Table<'_> {
    fn message(
        &self,
        message: &ProtoMessage,
        declared: Option<MessageId>,
        pointer: &str,
        out: &mut Vec<MappingRow>,
    ) {
        let name = match declared {
            Some(id) => self.proto.message(id).full_name.to_string(),
            None => message.name.clone(),
        };
        let fields =
            declared.map(|id| self.proto.fields_of(self.proto.message(id).fields)).unwrap_or_default();
        // What is proposed beside declared fields takes numbers that are free.
        let mut free = fields.iter().map(|field| field.number).max().unwrap_or_default();
        for field in &message.fields {
            let found = fields.iter().find(|other| fold_case(&other.name) == fold_case(&field.json_name));
            let mut row = self.row(field, &name, pointer);
            match found {
                Some(found) => self.declare(found, &mut row),
                None if declared.is_some() => {
                    free += 1;
                    row.number = free;
                }
                None => {}
            }
            let below = row.pointer.clone();
            out.push(row);
            if let ProtoType::Message(inner) = &field.ty {
                let inner_declared = found.and_then(|found| match found.ty {
                    FieldType::Message(id) => Some(id),
                    _ => None,
                });
                self.message(inner, inner_declared, &below, out);
            }
        }
        let known = |other: &&Field| {
            !message.fields.iter().any(|field| fold_case(&other.name) == fold_case(&field.json_name))
        };
        for field in fields.iter().filter(known) {
            let mut row =
                MappingRow { schema: self.schema.clone(), message: name.clone(), ..MappingRow::default() };
            self.declare(field, &mut row);
            row.state = "wire only";
            out.push(row);
        }
    }

    fn row(&self, field: &ProtoField, message: &str, pointer: &str) -> MappingRow {
        let list = |text: &str| match field.label {
            Label::Repeated => format!("repeated {text}"),
            Label::Map => format!("map<string, {text}>"),
            Label::Optional => format!("optional {text}"),
            Label::One => text.to_owned(),
        };
        let kept = field.annotations.iter().chain(&field.value_annotations);
        let kept: Vec<String> = kept
            .filter(|(key, _)| !matches!(key.as_str(), NULLABLE | REQUIRED))
            .map(
                |(key, value)| {
                    if key == WHOLE { "the whole schema".to_owned() } else { format!("{key}: {value}") }
                },
            )
            .collect();
        let values = match &field.ty {
            ProtoType::Enum(_, values) => {
                values.iter().map(|(proto, json)| format!("{json} = {proto}")).collect()
            }
            _ => Vec::new(),
        };
        let escaped = tenon_source::escape_token(&field.json_name);
        MappingRow {
            schema: self.schema.clone(),
            pointer: format!("{pointer}/properties/{escaped}"),
            json_type: json_type(field).to_owned(),
            required: field.label == Label::One || field.annotations.contains_key(REQUIRED),
            nullable: field.annotations.contains_key(NULLABLE),
            message: message.to_owned(),
            field: field.name.clone(),
            number: field.number,
            proto_type: list(field.ty.name()),
            oneof: field.oneof.clone().unwrap_or_default(),
            values,
            annotations: kept.join("; "),
            state: "proposed",
        }
    }

    /// What the wire says counts; that it says something else than the schema is told.
    fn declare(&self, field: &Field, row: &mut MappingRow) {
        let type_name = |field: &Field| match field.ty {
            FieldType::Scalar(scalar) => scalar.as_str().to_owned(),
            FieldType::Message(id) => self.proto.message(id).full_name.to_string(),
            FieldType::Enum(id) => self.proto.enumeration(id).full_name.to_string(),
            FieldType::Unknown => "unknown".to_owned(),
        };
        let written = match self.proto.map_entry(field) {
            Some((key, value)) => format!("map<{}, {}>", type_name(key), type_name(value)),
            None if field.is_repeated() => format!("repeated {}", type_name(field)),
            None if field.is_optional_written => format!("optional {}", type_name(field)),
            None => type_name(field),
        };
        row.state = if row.json_type.is_empty() || agrees(&row.json_type, field, self.proto) {
            "declared"
        } else {
            "differs"
        };
        if let (FieldType::Enum(id), false) = (field.ty, row.values.is_empty()) {
            row.values = self.declared_values(id, &row.values);
        }
        row.field = field.name.to_string();
        row.number = field.number;
        row.proto_type = written;
        row.oneof = field.oneof.map(|id| self.proto.oneof(id).name.to_string()).unwrap_or_default();
    }
}

impl Table<'_> {
    /// The values of a JSON enum beside those of the enum that is there.
    fn declared_values(&self, id: EnumId, proposed: &[String]) -> Vec<String> {
        let names = value_names(self.proto, self.proto.enumeration(id));
        let json = proposed.iter().map(|pair| pair.split_once(" = ").map_or(pair.as_str(), |(json, _)| json));
        let beside = json.map(|json| {
            let found = names.iter().find(|(short, _)| fold_case(short) == fold_case(json));
            found.map_or_else(|| format!("{json} = none"), |(_, name)| format!("{json} = {name}"))
        });
        beside.collect()
    }
}

/// Whether a field can carry values of a JSON type. A text may carry a structure as JSON.
fn agrees(json: &str, field: &Field, proto: &Protobuf) -> bool {
    use super::super::protobuf::{scalar_types, well_known};
    use super::super::shape::Types;
    if field.is_repeated() {
        let is_map = proto.map_entry(field).is_some();
        return json == if is_map { "map" } else { "array" };
    }
    let wanted = match json {
        "enum" | "timestamp" | "string" => Types::STRING,
        "boolean" => Types::BOOLEAN,
        "integer" => Types::INTEGER,
        "number" => Types::NUMBER,
        "object" | "map" => Types::OBJECT,
        _ => return true,
    };
    match field.ty {
        FieldType::Scalar(scalar) => scalar_types(scalar) == wanted,
        FieldType::Enum(_) => json == "enum" || json == "string",
        FieldType::Message(id) => well_known(&proto.message(id).full_name).unwrap_or(Types::OBJECT) == wanted,
        FieldType::Unknown => true,
    }
}

fn json_type(field: &ProtoField) -> &'static str {
    match (field.label, &field.ty) {
        (Label::Repeated, _) => "array",
        (Label::Map, _) => "map",
        (_, ProtoType::Enum(..)) => "enum",
        (_, ProtoType::Message(_) | ProtoType::Reference(..)) => "object",
        (_, ProtoType::Plain(name)) => match *name {
            "google.protobuf.Timestamp" => "timestamp",
            "string" | "bytes" | "google.protobuf.Duration" => "string",
            "bool" => "boolean",
            "int32" | "int64" => "integer",
            "float" | "double" => "number",
            "google.protobuf.Struct" => "object",
            _ => "any",
        },
    }
}
