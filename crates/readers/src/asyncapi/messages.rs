//! Messages, each once, with their traits applied.

use std::collections::BTreeMap;
use std::sync::Arc;

use tenon_graph::{AvroType, Correlation, Message, MessageExample, MessageUse, Name, Payload, SchemaFormat};
use tenon_source::At;

use super::channels::{read_bindings, read_tags};
use super::traits::Merged;
use super::walk::{Walk, multi_format};
use super::{avro, formats};
use crate::value::Value;

/// The messages found so far, by the place of their definition.
#[derive(Default)]
pub(super) struct Messages {
    found: BTreeMap<At, Message>,
}

impl Messages {
    /// The messages, by place.
    pub(super) fn finish(self) -> Vec<Message> {
        self.found.into_values().collect()
    }

    /// The message that is defined at a place.
    pub(super) fn get(&self, def: At) -> Option<&Message> {
        self.found.get(&def)
    }

    /// A message where it is used, under a name of the place or of `components`.
    pub(super) fn add<'s>(&mut self, walk: &mut Walk<'s>, value: Value<'s>, key: Option<Name>) -> MessageUse {
        let def = walk.follow(value);
        let at = def.at();
        // A reference that leads nowhere, or to itself, is no message.
        if !self.found.contains_key(&at) && def.reference().is_none() {
            let message = read(walk, def, key.clone());
            self.found.insert(at, message);
        }
        MessageUse { key, at: value.at(), def: at }
    }

    /// The messages of a channel of version 3.
    pub(super) fn of_channel<'s>(&mut self, walk: &mut Walk<'s>, channel: Value<'s>) -> Vec<MessageUse> {
        let mut out = Vec::new();
        for (name, value) in walk.entries(channel, "messages") {
            out.push(self.add(walk, value, Some(Name::new(name, value.at()))));
        }
        out
    }

    /// The messages of a list.
    pub(super) fn of_list<'s>(
        &mut self,
        walk: &mut Walk<'s>,
        owner: Value<'s>,
        key: &str,
    ) -> Vec<MessageUse> {
        let mut out = Vec::new();
        for value in walk.objects(owner, key) {
            out.push(self.add(walk, value, None));
        }
        out
    }

    /// The message of an operation of version 2, or its alternatives.
    pub(super) fn of_operation<'s>(&mut self, walk: &mut Walk<'s>, operation: Value<'s>) -> Vec<MessageUse> {
        let Some(message) = operation.object("message") else { return Vec::new() };
        let def = walk.follow(message);
        if def.get("oneOf").is_some() {
            return self.of_list(walk, def, "oneOf");
        }
        vec![self.add(walk, message, None)]
    }
}

fn read<'s>(walk: &mut Walk<'s>, def: Value<'s>, key: Option<Name>) -> Message {
    let merged = Merged::new(walk, def);
    let text = |name: &str| merged.get(name).and_then(Value::text);
    let content_type = text("contentType");
    let format = merged.get("schemaFormat").filter(|_| walk.is_v2());
    let payload = merged.get("payload").map(|payload| read_payload(walk, payload, format));
    let mut headers = Vec::new();
    for value in merged.all("headers") {
        headers.push(read_payload(walk, value, None));
    }
    let correlation = merged.get("correlationId").filter(|value| value.node.is_object()).map(|written| {
        let def = walk.follow(written);
        Correlation { at: written.at(), def: def.at(), location: def.name("location") }
    });
    let tags =
        merged.get("tags").and_then(|tags| tags.node.parent().map(|owner| Value { node: owner, ..tags }));
    Message {
        def: def.at(),
        key,
        name: text("name"),
        id: text("messageId"),
        title: text("title"),
        summary: text("summary"),
        description: text("description"),
        content_type,
        payload,
        headers,
        correlation,
        tags: tags.map(|owner| read_tags(walk, owner)).unwrap_or_default(),
        bindings: read_bindings(walk, merged.all("bindings")),
        examples: read_examples(walk, def),
        traits: merged.traits,
    }
}

fn read_examples<'s>(walk: &mut Walk<'s>, message: Value<'s>) -> Vec<MessageExample> {
    let examples = walk.objects(message, "examples").into_iter();
    let read = |example: Value<'s>| MessageExample {
        at: example.at(),
        payload: example.get("payload").map(Value::at),
        headers: example.get("headers").map(Value::at),
    };
    examples.map(read).collect()
}

/// A payload or headers. `format` is what the message says of its language in version 2.
fn read_payload<'s>(walk: &mut Walk<'s>, value: Value<'s>, format: Option<Value<'s>>) -> Payload {
    let def = walk.follow(value);
    let multi = (!walk.is_v2() && multi_format(def).is_some()).then(|| def.get("schema")).flatten();
    let (schema, format_text) = match multi {
        Some(schema) => (schema, def.name("schemaFormat")),
        None => (value, format.and_then(Value::text)),
    };
    let format = format_text.as_ref().map_or(SchemaFormat::AsyncApi, |text| formats::parse(&text.text));
    let avro = (format == SchemaFormat::Avro).then(|| read_avro(walk, schema));
    Payload { at: value.at(), schema: schema.at(), format, format_text, avro }
}

/// An Avro schema, read once however many messages have it.
fn read_avro<'s>(walk: &mut Walk<'s>, schema: Value<'s>) -> Arc<AvroType> {
    let def = walk.follow(schema);
    let known = walk.avro.entry(def.at()).or_insert_with(|| Arc::new(avro::read(def)));
    Arc::clone(known)
}
