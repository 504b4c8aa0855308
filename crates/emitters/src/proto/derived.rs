//! Messages and a service for contracts that have no Protobuf of their own.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};
use tenon_graph::freeze::Numbers;
use tenon_graph::mapping::{
    Label, NULLABLE, ProtoField, ProtoMessage, ProtoType, REQUIRED, WHOLE, pascal, snake, to_message,
};
use tenon_graph::protobuf::json_name_of;
use tenon_graph::{Graph, SchemaRole};

use super::numbers::Given;
use super::options::quoted;
use super::schemas::{BASE, Schemas};
use super::service::{Call, Side, calls};
use super::writer::Writer;
use crate::components::{Components, Written};
use crate::{Emission, GeneratedFile, Input, Refusal, head};

/// What standard types are imported from.
const STANDARD: [(&str, &str); 4] = [
    ("google.protobuf.Duration", "google/protobuf/duration.proto"),
    ("google.protobuf.Struct", "google/protobuf/struct.proto"),
    ("google.protobuf.Timestamp", "google/protobuf/timestamp.proto"),
    ("google.protobuf.Value", "google/protobuf/struct.proto"),
];

/// Keywords that say nothing to people who read the file.
const QUIET: [&str; 9] = [
    "title",
    "description",
    "additionalProperties",
    NULLABLE,
    REQUIRED,
    WHOLE,
    "x-type",
    "$comment",
    "examples",
];

/// One file with everything.
pub(super) fn write(input: &Input<'_>) -> Result<Emission, Refusal> {
    let graph = input.graph;
    let mut components = Components::new(graph, BASE, Written::Modern);
    for at in named(graph) {
        components.used(at);
    }
    let calls = calls(graph, &mut components);
    let mut inline: Vec<(String, Value)> = Vec::new();
    for event in &graph.events {
        if let Some(Ok(at)) = &event.payload_schema {
            inline.push((format!("{}Payload", pascal(event.name.as_str())), components.used(*at)));
        }
    }
    let (mut all, _) = components.finish();
    for (name, schema) in inline.into_iter().filter(|(_, schema)| schema.get("$ref").is_none()) {
        all.entry(name).or_insert(schema);
    }
    if all.is_empty() && calls.is_empty() {
        return Err(Refusal::Nothing { lacks: "Protobuf file, no operation and no schema" });
    }
    let title = snake(&head::title(graph));
    let version = head::version(graph);
    let major = version.split('.').next().and_then(|part| part.parse::<u32>().ok()).unwrap_or(1).max(1);
    let package = format!("{title}.v{major}");
    let mut printer = Printer::new(&package, &all, input.numbers);
    let body = printer.body(graph, &calls);
    let mut out = Writer::default();
    printer.head(graph, &mut out);
    let text = format!("{}{}", out.finish(), body);
    let path = format!("{title}/v{major}/{title}.proto");
    Ok(Emission { numbers: printer.kept, ..Emission::of(vec![GeneratedFile::new(path, text)]) })
}

/// Schemas with a name of their own.
fn named(graph: &Graph) -> impl Iterator<Item = tenon_source::At> {
    let is_named = |role: SchemaRole| matches!(role, SchemaRole::File | SchemaRole::Component);
    let all = graph.schemas.iter().filter(move |schema| is_named(schema.role)).map(|schema| schema.at);
    all.filter(|at| graph.follow(*at) == *at)
}

struct Printer<'s> {
    package: String,
    schemas: Schemas<'s>,
    /// Message names by the names of their schemas.
    names: BTreeMap<&'s str, String>,
    taken: BTreeSet<String>,
    imports: BTreeSet<&'static str>,
    numbers: &'s Numbers,
    kept: Numbers,
}

impl<'s> Printer<'s> {
    fn new(package: &str, all: &'s Map<String, Value>, numbers: &'s Numbers) -> Self {
        let schemas = Schemas::new(all);
        let mut taken = BTreeSet::new();
        let mut names = BTreeMap::new();
        for name in schemas.messages() {
            names.insert(name, free(&mut taken, &pascal(name)));
        }
        Self {
            package: package.to_owned(),
            schemas,
            names,
            taken,
            imports: BTreeSet::new(),
            numbers,
            kept: Numbers::default(),
        }
    }

    fn head(&self, graph: &Graph, out: &mut Writer) {
        out.comment(&format!("{} {}.", head::title(graph), head::version(graph)));
        if let Some(description) = head::description(graph) {
            out.line("//");
            out.comment(&description);
        }
        out.line("syntax = \"proto3\";");
        out.line("");
        out.line(&format!("package {};", self.package));
        if !self.imports.is_empty() {
            out.line("");
        }
        for import in &self.imports {
            out.line(&format!("import \"{import}\";"));
        }
    }

    fn body(&mut self, graph: &Graph, calls: &[Call]) -> String {
        let mut out = Writer::default();
        let mut own: Vec<(String, Value)> = Vec::new();
        if !calls.is_empty() {
            let service = free(&mut self.taken, &format!("{}Service", pascal(&head::title(graph))));
            out.line("");
            if let Some(description) = head::description(graph) {
                out.comment(&description);
            }
            out.open(&format!("service {service}"));
            for call in calls {
                self.call(call, &mut own, &mut out);
            }
            out.close();
        }
        for (name, schema) in own {
            out.line("");
            let ready = self.schemas.ready(&schema, 0);
            self.message(&to_message(&name, &ready), &name, &[], &mut out);
        }
        let listed: Vec<(&str, String)> = self.names.iter().map(|(name, own)| (*name, own.clone())).collect();
        for (name, own) in listed {
            out.line("");
            let ready = self.schemas.get(name);
            self.message(&to_message(&own, &ready), &own, &[], &mut out);
        }
        out.finish()
    }

    fn call(&mut self, call: &Call, own: &mut Vec<(String, Value)>, out: &mut Writer) {
        out.gap();
        out.comment(&call.about);
        if let Some(place) = &call.place {
            out.comment(&format!("HTTP: {place}"));
        }
        let request = self.side(&call.request, own);
        let response = self.side(&call.response, own);
        let head = format!("rpc {}({request}) returns ({response})", call.name);
        match call.idempotency {
            Some(level) => {
                out.open(&head);
                out.line(&format!("option idempotency_level = {level};"));
                out.close();
            }
            None => out.line(&format!("{head};")),
        }
    }

    /// The message of a side: the one its schema is, or one that holds it.
    fn side(&mut self, side: &Side, own: &mut Vec<(String, Value)>) -> String {
        if let Some(name) = self.schemas.message_of(&side.schema).and_then(|name| self.names.get(name)) {
            return name.clone();
        }
        let is_object = side.schema.get("properties").is_some_and(Value::is_object)
            && side.schema.get("type").is_none_or(|kind| kind == "object")
            && !side.schema.get("additionalProperties").is_some_and(Value::is_object);
        let schema = match is_object {
            true => side.schema.clone(),
            false => json!({ "type": "object", "properties": { "body": side.schema }, "required": ["body"] }),
        };
        let name = free(&mut self.taken, &side.own);
        own.push((name.clone(), schema));
        name
    }

    fn message(&mut self, message: &ProtoMessage, name: &str, around: &[String], out: &mut Writer) {
        out.comment(message.annotations.get("description").and_then(Value::as_str).unwrap_or_default());
        if message.annotations.contains_key(WHOLE) {
            out.comment("Any value; its JSON Schema says more.");
        }
        out.open(&format!("message {name}"));
        let mut scope = around.to_vec();
        scope.push(name.to_owned());
        let full = format!("{}.{}", self.package, scope.join("."));
        let mut given = Given::of(self.numbers, &full);
        let numbered: Vec<i32> = message.fields.iter().map(|field| given.number(&field.name)).collect();
        let gone = given.gone();
        if !gone.is_empty() {
            let numbers: Vec<String> = gone.iter().map(|(_, number)| number.to_string()).collect();
            let names: Vec<String> = gone.iter().map(|(name, _)| format!("\"{name}\"")).collect();
            out.line(&format!("reserved {};", numbers.join(", ")));
            out.line(&format!("reserved {};", names.join(", ")));
        }
        given.keep(&mut self.kept);
        // Types in it have names of their own, free in this message.
        let mut inner: BTreeSet<String> = BTreeSet::new();
        let mut types: Vec<Option<String>> = Vec::new();
        for field in &message.fields {
            types.push(match &field.ty {
                ProtoType::Enum(name, _) => Some(free(&mut inner, name)),
                ProtoType::Message(message) => Some(free(&mut inner, &message.name)),
                ProtoType::Plain(_) | ProtoType::Reference(..) => None,
            });
        }
        for (field, own) in message.fields.iter().zip(&types) {
            if let (ProtoType::Enum(_, values), Some(own)) = (&field.ty, own) {
                self.enumeration(own, values, &scope, out);
            }
        }
        for (field, own) in message.fields.iter().zip(&types) {
            if let (ProtoType::Message(message), Some(own)) = (&field.ty, own) {
                out.gap();
                self.message(message, own, &scope, out);
            }
        }
        if !inner.is_empty() {
            out.gap();
        }
        self.fields(message, &numbered, &types, &inner, out);
        out.close();
    }

    fn fields(
        &mut self,
        message: &ProtoMessage,
        numbers: &[i32],
        types: &[Option<String>],
        inner: &BTreeSet<String>,
        out: &mut Writer,
    ) {
        let mut open: Option<&str> = None;
        for ((field, number), own) in message.fields.iter().zip(numbers).zip(types) {
            if open != field.oneof.as_deref() {
                if open.is_some() {
                    out.close();
                }
                if let Some(oneof) = &field.oneof {
                    out.open(&format!("oneof {oneof}"));
                }
                open = field.oneof.as_deref();
            }
            let ty = self.ty(&field.ty, own.as_deref(), inner);
            let label = match (field.label, &field.ty) {
                (Label::Repeated, _) => "repeated ",
                (Label::Optional, ProtoType::Plain(name)) if !name.contains('.') => "optional ",
                (Label::Optional, ProtoType::Enum(..)) => "optional ",
                _ => "",
            };
            let ty = if field.label == Label::Map { format!("map<string, {ty}>") } else { ty };
            about(field, out);
            out.line(&format!("{label}{ty} {} = {number}{};", field.name, json_name(field)));
        }
        if open.is_some() {
            out.close();
        }
    }

    fn ty(&mut self, ty: &ProtoType, own: Option<&str>, inner: &BTreeSet<String>) -> String {
        match ty {
            ProtoType::Plain(name) => {
                let import = STANDARD.iter().find(|(known, _)| known == name);
                self.imports.extend(import.map(|(_, path)| *path));
                (*name).to_owned()
            }
            ProtoType::Reference(_, reference) => {
                let name = reference.strip_prefix(BASE).and_then(|name| self.names.get(name)).cloned();
                match name {
                    // A type of that name inside the message would be taken for it.
                    Some(name) if inner.contains(&name) => format!(".{}.{name}", self.package),
                    Some(name) => name,
                    None => self.ty(&ProtoType::Plain("google.protobuf.Value"), None, inner),
                }
            }
            ProtoType::Enum(name, _) => own.unwrap_or(name).to_owned(),
            ProtoType::Message(message) => own.unwrap_or(&message.name).to_owned(),
        }
    }

    fn enumeration(&mut self, name: &str, values: &[(String, String)], scope: &[String], out: &mut Writer) {
        let full = format!("{}.{}.{name}", self.package, scope.join("."));
        let mut given = Given::of(self.numbers, &full);
        let prefix = snake(name).to_uppercase();
        let zero = format!("{prefix}_UNSPECIFIED");
        out.gap();
        out.open(&format!("enum {name}"));
        let numbered: Vec<i32> = values.iter().map(|(_, value)| given.number(value)).collect();
        let gone: Vec<String> = given.gone().iter().map(|(_, number)| number.to_string()).collect();
        if !gone.is_empty() {
            out.line(&format!("reserved {};", gone.join(", ")));
        }
        given.keep(&mut self.kept);
        out.comment("Not said.");
        out.line(&format!("{zero} = 0;"));
        for ((own, value), number) in values.iter().zip(numbered) {
            // The mapping names values for the member, which is this name but for a number at its end.
            let tail = own.strip_prefix(&format!("{prefix}_")).unwrap_or(own);
            let own = format!("{prefix}_{tail}");
            let own = if own == zero { format!("{zero}_VALUE") } else { own };
            out.comment(&format!("In JSON: {}.", quoted(value.as_bytes())));
            out.line(&format!("{own} = {number};"));
        }
        out.close();
    }
}

/// What is said of a field: its description, then the keywords that the language has no word for.
fn about(field: &ProtoField, out: &mut Writer) {
    let said = [&field.annotations, &field.value_annotations];
    let description = said.iter().find_map(|all| all.get("description")).and_then(Value::as_str);
    let description = description.or_else(|| match &field.annotations.get(WHOLE) {
        Some(whole) => whole.get("description").and_then(Value::as_str),
        None => None,
    });
    out.comment(description.unwrap_or_default());
    let rules = said.iter().flat_map(|all| all.iter()).filter(|(key, _)| !QUIET.contains(&key.as_str()));
    let mut rules: Vec<String> = rules.map(|(key, value)| format!("{key} {value}")).collect();
    if field.annotations.contains_key(NULLABLE) {
        rules.push("may be null".to_owned());
    }
    if !rules.is_empty() {
        out.comment(&format!("Rules: {}.", rules.join(", ")));
    }
}

/// The JSON name, where it is not what the language makes of the name.
fn json_name(field: &ProtoField) -> String {
    // Alternatives of one member share its name, which no two fields may.
    let wanted = if field.oneof.is_some() { field.name.as_str() } else { field.json_name.as_str() };
    if json_name_of(&field.name) == wanted {
        return String::new();
    }
    format!(" [json_name = {}]", quoted(wanted.as_bytes()))
}

/// A name that is free.
fn free(taken: &mut BTreeSet<String>, wanted: &str) -> String {
    let mut name = wanted.to_owned();
    let mut number = 2;
    while !taken.insert(name.clone()) {
        name = format!("{wanted}{number}");
        number += 1;
    }
    name
}
