//! What the payload of an event is made of, whatever language its schema is in.

use std::collections::BTreeSet;
use std::rc::Rc;

use rustc_hash::FxHashMap;
use tenon_graph::{AvroField, AvroKind, AvroType, Event, Message};
use tenon_source::{At, Node};

use crate::Context;

/// The fields of a payload, of headers or of an envelope.
#[derive(Default)]
pub struct Fields<'g> {
    /// The names of those that are always there.
    pub required: BTreeSet<&'g str>,
    /// Those that are described.
    pub all: Vec<Field<'g>>,
}

/// One field.
pub struct Field<'g> {
    /// Its name.
    pub name: &'g str,
    /// Where it is described.
    pub at: At,
    /// What is said of its values.
    pub kind: FieldKind<'g>,
}

/// What is said of a field's values.
pub enum FieldKind<'g> {
    /// A JSON Schema, after references.
    Json(Node<'g>),
    /// An Avro type.
    Avro(&'g AvroType),
}

impl<'g> Fields<'g> {
    /// Whether there is such a field.
    pub fn has(&self, name: &str) -> bool {
        self.required.contains(name) || self.all.iter().any(|field| field.name == name)
    }

    /// The fields of a JSON Schema, those of its `allOf` branches too.
    pub fn of_schema(ctx: &Context<'g>, schema: At) -> Self {
        let mut found = Self::default();
        let mut seen = BTreeSet::new();
        let mut open = vec![schema];
        while let Some(at) = open.pop() {
            let at = ctx.graph.follow(at);
            if !seen.insert(at) {
                continue;
            }
            let node = ctx.graph.node(at);
            let required = node.get("required").into_iter().flat_map(Node::items);
            found.required.extend(required.filter_map(Node::as_str));
            for (name, property) in node.get("properties").into_iter().flat_map(Node::members) {
                let written = At { file: at.file, node: property.id() };
                let kind = FieldKind::Json(ctx.graph.node(ctx.graph.follow(written)));
                found.all.push(Field { name, at: written, kind });
            }
            let branches = node.get("allOf").into_iter().flat_map(Node::items);
            open.extend(branches.map(|branch| At { file: at.file, node: branch.id() }));
        }
        found
    }

    fn of_avro(avro: &'g AvroType) -> Self {
        let mut found = Self::default();
        if let AvroKind::Record { fields, .. } = &avro.kind {
            for field in fields {
                if is_always_there(field) {
                    found.required.insert(field.name.as_str());
                }
                let kind = FieldKind::Avro(&field.kind);
                found.all.push(Field { name: field.name.as_str(), at: field.at, kind });
            }
        }
        found
    }
}

/// Every message has every field; what `null` may stand in for is not there in any useful sense.
fn is_always_there(field: &AvroField) -> bool {
    match &field.kind.kind {
        AvroKind::Union(branches) => {
            branches.iter().all(|branch| !matches!(branch.kind, AvroKind::Primitive("null")))
        }
        _ => true,
    }
}

/// The message of an AsyncAPI document that an event was read from.
pub fn message_of<'g>(ctx: &Context<'g>, event: &Event) -> Option<&'g Message> {
    let api = ctx.graph.async_apis.iter().find(|api| api.file == event.file)?;
    api.message(event.at)
}

/// The place of an event's payload schema.
pub fn payload_of(event: &Event) -> Option<At> {
    event.payload_schema.as_ref()?.as_ref().ok().copied()
}

/// The fields of payloads and headers, each schema looked into once however many events have it.
pub struct Payloads<'g> {
    ctx: Context<'g>,
    known: FxHashMap<At, Option<Rc<Fields<'g>>>>,
}

impl<'g> Payloads<'g> {
    /// Nothing is known yet.
    pub fn new(ctx: &Context<'g>) -> Self {
        Self { ctx: *ctx, known: FxHashMap::default() }
    }

    /// The fields of an event's payload; `None` where its schema is missing or is not read.
    pub fn of(&mut self, event: &Event) -> Option<Rc<Fields<'g>>> {
        let Some(Ok(schema)) = event.payload_schema else { return None };
        let ctx = self.ctx;
        let read = || match message_of(&ctx, event) {
            None => Some(Fields::of_schema(&ctx, schema)),
            Some(message) => {
                let payload = message.payload.as_ref()?;
                match &payload.avro {
                    Some(avro) => Some(Fields::of_avro(avro)),
                    None => payload.format.dialect().map(|_| Fields::of_schema(&ctx, schema)),
                }
            }
        };
        self.known.entry(schema).or_insert_with(|| read().map(Rc::new)).clone()
    }

    /// The fields of a JSON Schema.
    pub fn of_schema(&mut self, schema: At) -> Option<Rc<Fields<'g>>> {
        let ctx = self.ctx;
        let schema = ctx.graph.follow(schema);
        let read = || Some(Rc::new(Fields::of_schema(&ctx, schema)));
        self.known.entry(schema).or_insert_with(read).clone()
    }
}
