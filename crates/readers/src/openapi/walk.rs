//! The first pass over an API document: every element once, where it is written.
//!
//! Finds schemas, references and examples. What the elements say is read by [`super::read`].

use tenon_graph::{Dialect, Example, ExampleOf, OpenApiVersion, Part, Resolver, SchemaRole};
use tenon_source::{At, FileId};

use crate::codes;
use crate::schema_walk::SchemaWalk;
use crate::value::Value;

/// The elements of an API document that a `$ref` may stand for, beside schemas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Element {
    /// A path item, with its operations.
    PathItem,
    /// An operation. No standard allows a reference here, but split documents have them.
    Operation,
    /// A parameter.
    Parameter,
    /// A request body.
    RequestBody,
    /// A response.
    Response,
    /// A header.
    Header,
    /// A media type object.
    MediaType,
    /// A map of expressions to path items.
    Callback,
    /// An example object; found where it is used.
    Example,
    /// A link.
    Link,
    /// A security scheme: nothing below it refers to anything.
    SecurityScheme,
}

impl Element {
    /// What messages call one, as [`tenon_graph::ComponentKind::as_str`] does.
    fn as_str(self) -> &'static str {
        match self {
            Self::PathItem => "path item",
            Self::Operation => "operation",
            Self::Parameter => "parameter",
            Self::RequestBody => "request body",
            Self::Response => "response",
            Self::Header => "header",
            Self::MediaType => "media type",
            Self::Callback => "callback",
            Self::Example => "example",
            Self::Link => "link",
            Self::SecurityScheme => "security scheme",
        }
    }
}

/// An element with what is known of its surroundings.
#[derive(Clone, Copy)]
pub(super) struct Item<'s> {
    pub(super) element: Element,
    pub(super) value: Value<'s>,
    /// Whether it is part of a request or of a response.
    pub(super) request: Option<bool>,
}

/// The methods an operation may stand under, in every version.
pub(super) const METHODS: [&str; 9] =
    ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];

/// Most elements that operations may be given by shared references and inherited parameters, as a
/// multiple of the values and keys in all files. Real ones stay below a tenth of it.
const SHARED_GROWTH_MAX: usize = 4;

/// Elements that may be shared whatever the document's size, a count.
const SHARED_FREE: usize = 100_000;

/// The walk over one document.
pub(super) struct Walk<'s> {
    pub(super) schemas: SchemaWalk<'s>,
    pub(super) version: OpenApiVersion,
    pub(super) dialect: Dialect,
    queue: Vec<Item<'s>>,
    /// Elements that may still be given to operations, a count.
    budget: usize,
    /// Callbacks found so far, in the order they were met: their operations are read later.
    pub(super) callbacks: Vec<Value<'s>>,
}

impl<'s> Walk<'s> {
    pub(super) fn new(resolver: &'s Resolver<'s>, root: FileId, version: OpenApiVersion) -> Self {
        let dialect = match version {
            OpenApiVersion::V2 => Dialect::Swagger2,
            OpenApiVersion::V3_0 => Dialect::OpenApi30,
            OpenApiVersion::V3_1 | OpenApiVersion::V3_2 => Dialect::Draft202012,
        };
        let schemas = SchemaWalk::new(resolver, root, true);
        let slots: usize = resolver.sources().iter().map(|(_, file)| file.tree.slot_count()).sum();
        let budget = slots.saturating_mul(SHARED_GROWTH_MAX).saturating_add(SHARED_FREE);
        Self { schemas, version, dialect, queue: Vec::new(), budget, callbacks: Vec::new() }
    }

    /// Moves everything found into a part.
    pub(super) fn finish(self, part: &mut Part) {
        self.schemas.finish(part);
    }

    /// Takes a number of elements for an operation from the budget. Whether they may be given;
    /// where they may not, it is reported, once.
    pub(super) fn spend(&mut self, owner: Value<'s>, count: usize) -> bool {
        if let Some(rest) = self.budget.checked_sub(count) {
            self.budget = rest;
            return true;
        }
        if self.budget > 0 {
            self.budget = 0;
            let message = "references and inherited parameters stand for far more elements than the \
                           document has; from here on they are left out";
            let references = &mut self.schemas.references;
            let finding = references
                .finding(&codes::REFERENCE_GROWTH, owner, message.to_owned())
                .with_help("share fewer headers, media types and parameters among so many operations");
            references.report(finding);
        }
        false
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

    /// Visits what references lead to, until nothing is new.
    pub(super) fn drain(&mut self) {
        loop {
            if let Some(item) = self.queue.pop() {
                self.visit(item);
            } else if !self.schemas.drain() {
                return;
            }
        }
    }

    /// Visits an element.
    pub(super) fn element(&mut self, element: Element, value: Value<'s>, request: Option<bool>) {
        self.visit(Item { element, value, request });
    }

    /// Visits the elements of a map; its extensions are none.
    pub(super) fn elements(&mut self, element: Element, map: Option<Value<'s>>, request: Option<bool>) {
        let Some(map) = map else { return };
        let map = self.container(map);
        for (key, value) in map.members() {
            if !(is_extension(key) && matches!(element, Element::Response | Element::PathItem)) {
                self.element(element, value, request);
            }
        }
    }

    fn visit(&mut self, item: Item<'s>) {
        let value = item.value;
        if !value.node.is_object() || !self.schemas.visited.insert(value.at()) {
            return;
        }
        if let Some(text) = value.reference() {
            let references = &mut self.schemas.references;
            if let Some(target) = references.note(value, text)
                && references.is_kind(value, target, item.element.as_str())
            {
                self.queue.push(Item { value: target, ..item });
            }
            if item.element != Element::PathItem {
                return;
            }
        }
        match item.element {
            Element::PathItem => self.path_item(value),
            Element::Operation => self.operation(value),
            Element::Parameter => self.parameter(value, Some(true)),
            Element::Header => self.parameter(value, item.request),
            Element::RequestBody => self.elements(Element::MediaType, value.get("content"), Some(true)),
            Element::Response => self.response(value),
            Element::MediaType => self.media_type(value, item.request),
            Element::Callback => self.callbacks.push(value),
            Element::Link => self.link(value),
            Element::Example | Element::SecurityScheme => {}
        }
    }

    fn path_item(&mut self, item: Value<'s>) {
        for (key, member) in item.members() {
            match key {
                "parameters" => self.list(Element::Parameter, member),
                "additionalOperations" => self.elements(Element::Operation, Some(member), None),
                _ if METHODS.contains(&key) => self.element(Element::Operation, member, None),
                _ => {}
            }
        }
    }

    fn operation(&mut self, operation: Value<'s>) {
        for (key, member) in operation.members() {
            match key {
                "parameters" => self.list(Element::Parameter, member),
                "requestBody" => self.element(Element::RequestBody, member, Some(true)),
                "responses" => self.elements(Element::Response, Some(member), Some(false)),
                "callbacks" => self.elements(Element::Callback, Some(member), None),
                _ => {}
            }
        }
    }

    fn list(&mut self, element: Element, list: Value<'s>) {
        let list = self.container(list);
        list.items().for_each(|value| self.element(element, value, None));
    }

    fn response(&mut self, response: Value<'s>) {
        self.elements(Element::Header, response.get("headers"), Some(false));
        if self.version == OpenApiVersion::V2 {
            return self.response_v2(response);
        }
        self.elements(Element::MediaType, response.get("content"), Some(false));
        self.elements(Element::Link, response.get("links"), None);
    }

    /// A link names an operation by its id, or refers to it; one of another document need not be
    /// at hand.
    fn link(&mut self, link: Value<'s>) {
        let Some(operation) = link.get("operationRef") else { return };
        if let Some(text) = operation.as_str().filter(|text| text.starts_with('#')) {
            self.schemas.references.note(operation, text);
        }
    }

    fn response_v2(&mut self, response: Value<'s>) {
        let Some(schema) = response.get("schema") else { return };
        self.schemas.schema(schema, self.dialect, SchemaRole::Body);
        for (mime, value) in response.map("examples") {
            self.body_example(mime, value, schema.at(), Some(false));
        }
    }

    /// A parameter or header: with a schema, with content, or, in Swagger 2, as a schema.
    fn parameter(&mut self, parameter: Value<'s>, request: Option<bool>) {
        if let Some(schema) = parameter.get("schema") {
            let body = self.version == OpenApiVersion::V2;
            let role = if body { SchemaRole::Body } else { SchemaRole::Parameter };
            self.schemas.schema(schema, self.dialect, role);
            self.examples_of(parameter, schema.at(), ExampleOf::Parameter, request, None);
        } else if self.version == OpenApiVersion::V2 {
            if let Some(items) = parameter.get("items") {
                self.schemas.schema(items, self.dialect, SchemaRole::Parameter);
            }
            if let Some(value) = parameter.get("default") {
                self.push_example(value, parameter.at(), ExampleOf::Default, request);
            }
        }
        self.elements(Element::MediaType, parameter.get("content"), request);
    }

    fn media_type(&mut self, media: Value<'s>, request: Option<bool>) {
        let (mut schema, mut has_examples) = (None, false);
        for (key, member) in media.members() {
            match key {
                "schema" => schema = Some(member),
                "itemSchema" => self.schemas.schema(member, self.dialect, SchemaRole::Body),
                "example" | "examples" => has_examples = true,
                "encoding" => member.members().for_each(|(_, part)| self.encoding(part, request)),
                "prefixEncoding" => member.items().for_each(|part| self.encoding(part, request)),
                "itemEncoding" => self.encoding(member, request),
                _ => {}
            }
        }
        let Some(schema) = schema else { return };
        self.schemas.schema(schema, self.dialect, SchemaRole::Body);
        if has_examples {
            self.examples_of(media, schema.at(), ExampleOf::Media, request, media.node.key());
        }
    }

    /// Encodings nest (3.2); trees are at most 255 levels deep, and each level here takes two.
    fn encoding(&mut self, encoding: Value<'s>, request: Option<bool>) {
        if !encoding.node.is_object() || !self.schemas.visited.insert(encoding.at()) {
            return;
        }
        self.elements(Element::Header, encoding.get("headers"), request);
        for (_, nested) in encoding.map("encoding") {
            self.encoding(nested, request);
        }
        for nested in encoding.list("prefixEncoding").chain(encoding.get("itemEncoding")) {
            self.encoding(nested, request);
        }
    }

    /// `example` and `examples` beside a schema.
    fn examples_of(
        &mut self,
        owner: Value<'s>,
        schema: At,
        of: ExampleOf,
        request: Option<bool>,
        mime: Option<&str>,
    ) {
        let mime = mime.unwrap_or("application/json");
        if let Some(value) = owner.get("example") {
            self.add_example(value, schema, of, request, mime);
        }
        let Some(examples) = owner.get("examples") else { return };
        let examples = self.container(examples);
        for (_, example) in examples.members() {
            self.element(Element::Example, example, request);
            let example = self.follow(example);
            if let Some(value) = example.get("dataValue").or_else(|| example.get("value")) {
                self.add_example(value, schema, of, request, mime);
            }
        }
    }

    fn body_example(&mut self, mime: &str, value: Value<'s>, schema: At, request: Option<bool>) {
        self.add_example(value, schema, ExampleOf::Media, request, mime);
    }

    fn add_example(
        &mut self,
        value: Value<'s>,
        schema: At,
        of: ExampleOf,
        request: Option<bool>,
        mime: &str,
    ) {
        // Beside JSON a string is the body as text, such as an XML document, not a value.
        if is_json(mime) || value.as_str().is_none() {
            self.push_example(value, schema, of, request);
        }
    }

    fn push_example(&mut self, value: Value<'s>, schema: At, of: ExampleOf, request: Option<bool>) {
        let dialect = self.dialect;
        self.schemas.example(Example { value: value.at(), schema, dialect, of, request });
    }
}

/// Whether a member of a map is an extension.
pub(super) fn is_extension(key: &str) -> bool {
    key.starts_with("x-")
}

/// Whether bodies of a media type are JSON.
pub(super) fn is_json(mime: &str) -> bool {
    let bare = mime.split(';').next().unwrap_or(mime).trim();
    bare.ends_with("/json") || bare.ends_with("+json") || bare == "*/*" || bare == "application/*"
}
