//! The first pass over an AsyncAPI document: every element once, where it is written.
//!
//! Finds schemas, references and examples. What the elements say is read by the modules beside
//! this one.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use tenon_graph::{
    AsyncApiVersion, AsyncComponentKind as Element, AvroType, Dialect, Example, ExampleOf, Part, Resolver,
    SchemaFormat, SchemaRole,
};
use tenon_source::{At, FileId};

use super::formats;
use super::traits::Merged;
use crate::codes;
use crate::schema_walk::SchemaWalk;
use crate::value::Value;

/// Most elements that others may be given by shared references, as a multiple of the values and
/// keys in all files.
const SHARED_GROWTH_MAX: usize = 4;

/// Elements that may be shared whatever the document's size, a count.
const SHARED_FREE: usize = 100_000;

/// Members of bindings that are schemas.
const BINDING_SCHEMAS: [&str; 6] = ["query", "headers", "key", "groupId", "clientId", "correlationData"];

/// The walk over one document.
pub(super) struct Walk<'s> {
    pub(super) schemas: SchemaWalk<'s>,
    pub(super) version: AsyncApiVersion,
    /// The content type of messages that name none.
    pub(super) content_type: Option<&'s str>,
    /// Avro schemas read so far: many messages may share one.
    pub(super) avro: FxHashMap<At, Arc<AvroType>>,
    queue: Vec<(Element, Value<'s>)>,
    /// Elements that may still be given to others, a count.
    budget: usize,
}

impl<'s> Walk<'s> {
    pub(super) fn new(resolver: &'s Resolver<'s>, root: FileId, version: AsyncApiVersion) -> Self {
        let slots: usize = resolver.sources().iter().map(|(_, file)| file.tree.slot_count()).sum();
        Self {
            schemas: SchemaWalk::new(resolver, root, true),
            version,
            content_type: None,
            avro: FxHashMap::default(),
            queue: Vec::new(),
            budget: slots.saturating_mul(SHARED_GROWTH_MAX).saturating_add(SHARED_FREE),
        }
    }

    /// Moves everything found into a part.
    pub(super) fn finish(self, part: &mut Part) {
        self.schemas.finish(part);
    }

    pub(super) fn is_v2(&self) -> bool {
        self.version == AsyncApiVersion::V2
    }

    pub(super) fn follow(&mut self, value: Value<'s>) -> Value<'s> {
        self.schemas.references.follow(value)
    }

    /// The map or list itself, or the one its `$ref` leads to. No standard allows a reference
    /// here, but split documents are often written like this.
    pub(super) fn container(&mut self, value: Value<'s>) -> Value<'s> {
        let Some(text) = value.reference() else { return value };
        if self.schemas.visited.insert(value.at()) {
            self.schemas.references.note(value, text);
        }
        self.follow(value)
    }

    /// The objects of the list under a key, as far as they may be given.
    pub(super) fn objects(&mut self, owner: Value<'s>, key: &str) -> Vec<Value<'s>> {
        let Some(list) = owner.get(key) else { return Vec::new() };
        let list = self.container(list);
        if !self.spend(list) {
            return Vec::new();
        }
        list.items().filter(|item| item.node.is_object()).collect()
    }

    /// The objects of the map under a key, extensions left out, as far as they may be given.
    pub(super) fn entries(&mut self, owner: Value<'s>, key: &str) -> Vec<(&'s str, Value<'s>)> {
        let Some(map) = owner.get(key) else { return Vec::new() };
        let map = self.container(map);
        if !self.spend(map) {
            return Vec::new();
        }
        map.members().filter(|(name, value)| value.node.is_object() && !is_extension(name)).collect()
    }

    /// Takes the members of a container from the budget. Whether they may be given; where they
    /// may not, it is reported, once.
    fn spend(&mut self, container: Value<'s>) -> bool {
        if let Some(rest) = self.budget.checked_sub(container.node.len()) {
            self.budget = rest;
            return true;
        }
        if self.budget > 0 {
            self.budget = 0;
            let message = "references stand for far more elements than the document has; from here on they \
                           are left out";
            let references = &mut self.schemas.references;
            let finding = references
                .finding(&codes::REFERENCE_GROWTH, container, message.to_owned())
                .with_help("share fewer traits, bindings and parameters among so many elements");
            references.report(finding);
        }
        false
    }

    /// Visits what references to elements lead to, until nothing is new.
    pub(super) fn drain_elements(&mut self) {
        while let Some((element, value)) = self.queue.pop() {
            self.element(element, value);
        }
    }

    /// Visits what references lead to, until nothing is new.
    pub(super) fn drain(&mut self) {
        loop {
            self.drain_elements();
            if !self.schemas.drain() {
                return;
            }
        }
    }

    /// Visits the elements of a map.
    pub(super) fn elements(&mut self, element: Element, map: Option<Value<'s>>) {
        let Some(map) = map else { return };
        let map = self.container(map);
        for (_, value) in map.members().filter(|(name, _)| !is_extension(name)) {
            self.element(element, value);
        }
    }

    /// Visits the elements of a list.
    pub(super) fn list(&mut self, element: Element, list: Option<Value<'s>>) {
        let Some(list) = list else { return };
        let list = self.container(list);
        list.items().for_each(|value| self.element(element, value));
    }

    /// Visits an element.
    pub(super) fn element(&mut self, element: Element, value: Value<'s>) {
        if !value.node.is_object() || !self.schemas.visited.insert(value.at()) {
            return;
        }
        if let Some(text) = value.reference() {
            let references = &mut self.schemas.references;
            if let Some(target) = references.note(value, text)
                && references.is_kind(value, target, element.as_str())
            {
                self.queue.push((element, target));
            }
            // A channel of version 2 may say more beside its reference.
            if element != Element::Channel || !self.is_v2() {
                return;
            }
        }
        match element {
            Element::Server => {
                self.elements(Element::ServerVariable, value.get("variables"));
                self.common(value, Element::ServerBindings);
                self.schemes(value);
            }
            Element::Channel => self.channel(value),
            Element::Operation | Element::OperationTrait => self.operation(value),
            Element::Message | Element::MessageTrait => self.message(value),
            Element::Parameter => {
                if let Some(schema) = value.get("schema") {
                    self.schemas.schema(schema, Dialect::Draft7, SchemaRole::Parameter);
                }
            }
            Element::Reply => {
                self.one(Element::ReplyAddress, value.get("address"));
                self.one(Element::Channel, value.get("channel"));
                self.list(Element::Message, value.get("messages"));
            }
            Element::Tag => self.one(Element::ExternalDocs, value.get("externalDocs")),
            Element::ServerBindings
            | Element::ChannelBindings
            | Element::OperationBindings
            | Element::MessageBindings => self.bindings(value),
            Element::Schema => self.maybe_multi(value, SchemaRole::Component),
            Element::ServerVariable
            | Element::SecurityScheme
            | Element::CorrelationId
            | Element::ReplyAddress
            | Element::ExternalDocs => {}
        }
    }

    fn one(&mut self, element: Element, value: Option<Value<'s>>) {
        if let Some(value) = value {
            self.element(element, value);
        }
    }

    /// What servers, channels, operations and messages all have.
    fn common(&mut self, value: Value<'s>, bindings: Element) {
        self.list(Element::Tag, value.get("tags"));
        self.one(Element::ExternalDocs, value.get("externalDocs"));
        self.one(bindings, value.get("bindings"));
    }

    /// In version 3 a need for security is a scheme; in version 2 it names one.
    fn schemes(&mut self, value: Value<'s>) {
        if !self.is_v2() {
            self.list(Element::SecurityScheme, value.get("security"));
        }
    }

    fn channel(&mut self, channel: Value<'s>) {
        self.elements(Element::Parameter, channel.get("parameters"));
        self.common(channel, Element::ChannelBindings);
        if self.is_v2() {
            for word in ["subscribe", "publish"] {
                self.one(Element::Operation, channel.get(word));
            }
        } else {
            self.elements(Element::Message, channel.get("messages"));
            self.list(Element::Server, channel.get("servers"));
        }
    }

    fn operation(&mut self, operation: Value<'s>) {
        self.list(Element::OperationTrait, operation.get("traits"));
        self.common(operation, Element::OperationBindings);
        self.schemes(operation);
        if self.is_v2() {
            if let Some(message) = operation.get("message") {
                match message.get("oneOf") {
                    Some(list) => self.list(Element::Message, Some(list)),
                    None => self.element(Element::Message, message),
                }
            }
        } else {
            self.one(Element::Channel, operation.get("channel"));
            self.list(Element::Message, operation.get("messages"));
            self.one(Element::Reply, operation.get("reply"));
        }
    }

    fn message(&mut self, message: Value<'s>) {
        // What a reference to several messages leads to.
        if self.is_v2()
            && let Some(list) = message.get("oneOf")
        {
            return self.list(Element::Message, Some(list));
        }
        self.list(Element::MessageTrait, message.get("traits"));
        self.common(message, Element::MessageBindings);
        self.one(Element::CorrelationId, message.get("correlationId"));
        let merged = Merged::new(self, message);
        let format = merged.get("schemaFormat").filter(|_| self.is_v2()).and_then(Value::as_str);
        if let Some(payload) = message.get("payload") {
            match format.map(formats::parse) {
                Some(format) => self.foreign(payload, format),
                None => self.maybe_multi(payload, SchemaRole::Body),
            }
        }
        if let Some(headers) = message.get("headers") {
            self.maybe_multi(headers, SchemaRole::Body);
        }
        self.message_examples(message, &merged);
    }

    /// A schema in a language that is named.
    fn foreign(&mut self, schema: Value<'s>, format: SchemaFormat) {
        match format.dialect() {
            Some(dialect) => self.schemas.schema(schema, dialect, SchemaRole::Body),
            None => {
                // It must not be taken for a JSON Schema where others find it.
                let new = self.schemas.visited.insert(schema.at());
                if new && let Some(text) = schema.reference() {
                    self.schemas.references.note(schema, text);
                }
                let def = self.follow(schema);
                self.schemas.visited.insert(def.at());
            }
        }
    }

    /// A schema, or, in version 3, an object that names the language of its schema.
    pub(super) fn maybe_multi(&mut self, value: Value<'s>, role: SchemaRole) {
        let def = if self.is_v2() { value } else { self.follow(value) };
        let Some(format) = multi_format(def).filter(|_| !self.is_v2()) else {
            self.schemas.schema(value, Dialect::Draft7, role);
            return;
        };
        if def.at() != value.at()
            && self.schemas.visited.insert(value.at())
            && let Some(text) = value.reference()
        {
            self.schemas.references.note(value, text);
        }
        self.schemas.visited.insert(def.at());
        if let Some(schema) = def.get("schema") {
            self.foreign(schema, formats::parse(format));
        }
    }

    fn message_examples(&mut self, message: Value<'s>, merged: &Merged<'s>) {
        let Some(examples) = message.get("examples") else { return };
        let examples = self.container(examples);
        let content_type = merged.get("contentType").and_then(Value::as_str).or(self.content_type);
        let payload = merged.get("payload").and_then(|payload| {
            let named = merged.get("schemaFormat").filter(|_| self.is_v2()).and_then(Value::as_str);
            self.schema_of(payload, named)
        });
        let headers: Vec<_> =
            merged.all("headers").filter_map(|headers| self.schema_of(headers, None)).collect();
        // Schemas of several traits add to each other: none of them alone knows all names.
        let headers = if headers.len() == 1 { headers } else { Vec::new() };
        for example in examples.items() {
            if let Some(value) = example.get("payload")
                && (formats::is_json(content_type) || value.as_str().is_none())
            {
                self.example(value, payload);
            }
            if let Some(value) = example.get("headers") {
                headers.iter().for_each(|&headers| self.example(value, Some(headers)));
            }
        }
    }

    /// The schema of a payload or of headers with its dialect, if it is a JSON Schema.
    fn schema_of(&mut self, value: Value<'s>, named: Option<&str>) -> Option<(At, Dialect)> {
        if let Some(named) = named {
            return Some((value.at(), formats::parse(named).dialect()?));
        }
        let def = self.follow(value);
        match multi_format(def).filter(|_| !self.is_v2()) {
            Some(format) => Some((def.get("schema")?.at(), formats::parse(format).dialect()?)),
            None => Some((value.at(), Dialect::Draft7)),
        }
    }

    fn example(&mut self, value: Value<'s>, schema: Option<(At, Dialect)>) {
        let Some((schema, dialect)) = schema else { return };
        let example = Example { value: value.at(), schema, dialect, of: ExampleOf::Message, request: None };
        self.schemas.example(example);
    }

    /// The schemas in what protocols add.
    fn bindings(&mut self, bindings: Value<'s>) {
        for (_, binding) in bindings.members().filter(|(protocol, _)| !is_extension(protocol)) {
            for key in BINDING_SCHEMAS {
                if let Some(schema) = binding.object(key) {
                    self.schemas.schema(schema, Dialect::Draft7, SchemaRole::Parameter);
                }
            }
        }
    }
}

/// The `schemaFormat` of an object that names the language of its schema.
pub(super) fn multi_format(value: Value<'_>) -> Option<&str> {
    value.get("schema")?;
    value.get("schemaFormat")?.as_str()
}

/// Whether a member of a map is an extension.
pub(super) fn is_extension(key: &str) -> bool {
    key.starts_with("x-")
}
