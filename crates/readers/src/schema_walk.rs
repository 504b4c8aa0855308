//! Every schema below a schema, whatever format it stands in.
//!
//! Only keywords whose values are schemas are stepped into: what stands in an example, an enum or
//! a default is data, even if it looks like a schema. Places a `$ref` leads to are queued, each
//! visited once, so that neither recursive schemas nor long chains of files deepen the stack.

use tenon_graph::{Dialect, Example, ExampleOf, Part, Resolver, Schema, SchemaRole};
use tenon_source::{At, FileId, NodeId};

use crate::references::References;
use crate::value::Value;

/// Levels of schemas that are walked by recursion, a count; deeper ones go through the queue.
const RECURSION_MAX: usize = 64;

/// Places that were visited: a bit for each value of each file.
#[derive(Default)]
pub(crate) struct Visited {
    files: Vec<Vec<u64>>,
}

impl Visited {
    /// Marks a place. Whether it was not marked before.
    pub(crate) fn insert(&mut self, at: At) -> bool {
        let file = at.file.0 as usize;
        if self.files.len() <= file {
            self.files.resize_with(file + 1, Vec::new);
        }
        let Some(bits) = self.files.get_mut(file) else { return false };
        let index = at.node.index() as usize;
        if bits.len() <= index / 64 {
            // Grown in large steps: most files are walked to their end.
            bits.resize((index / 64 + 1).next_power_of_two(), 0);
        }
        let Some(word) = bits.get_mut(index / 64) else { return false };
        let bit = 1 << (index % 64);
        let new = *word & bit == 0;
        *word |= bit;
        new
    }
}

/// Collects the schemas, references and examples of a document.
pub(crate) struct SchemaWalk<'s> {
    pub(crate) references: References<'s>,
    pub(crate) visited: Visited,
    schemas: Vec<Schema>,
    examples: Vec<Example>,
    queue: Vec<(Value<'s>, Dialect, SchemaRole)>,
    root: FileId,
    /// Whether the schemas are those of an API document, which know `example` and
    /// `discriminator`.
    in_api: bool,
}

impl<'s> SchemaWalk<'s> {
    pub(crate) fn new(resolver: &'s Resolver<'s>, root: FileId, in_api: bool) -> Self {
        Self {
            references: References::new(resolver),
            visited: Visited::default(),
            schemas: Vec::new(),
            examples: Vec::new(),
            queue: Vec::new(),
            root,
            in_api,
        }
    }

    /// Moves everything found into a part.
    pub(crate) fn finish(self, part: &mut Part) {
        part.schemas = self.schemas;
        part.examples = self.examples;
        (part.references, part.findings) = self.references.finish();
    }

    /// Adds an example.
    pub(crate) fn example(&mut self, example: Example) {
        self.examples.push(example);
    }

    /// Walks a schema and everything below it.
    pub(crate) fn schema(&mut self, value: Value<'s>, dialect: Dialect, role: SchemaRole) {
        self.visit(value, dialect, role, 0);
    }

    /// Walks the schemas that references lead to. Whether there was any.
    pub(crate) fn drain(&mut self) -> bool {
        let mut any = false;
        while let Some((value, dialect, role)) = self.queue.pop() {
            any = true;
            self.visit(value, dialect, role, 0);
        }
        any
    }

    fn visit(&mut self, value: Value<'s>, dialect: Dialect, role: SchemaRole, depth: usize) {
        if !value.node.is_object() {
            return;
        }
        if depth > RECURSION_MAX {
            self.queue.push((value, dialect, role));
            return;
        }
        if !self.visited.insert(value.at()) {
            return;
        }
        let declared = if dialect >= Dialect::Draft4 { declared_dialect(value) } else { None };
        let dialect = declared.unwrap_or(dialect);
        self.schemas.push(Schema { at: value.at(), dialect, role });
        if ignores_siblings(dialect)
            && let Some(text) = value.reference()
        {
            self.refer(value, text, dialect);
            // What is merely kept there is no part of the schema, but has a place.
            for (key, child) in value.members() {
                if dialect >= Dialect::Draft4 && matches!(key, "definitions" | "$defs") {
                    self.schema_map(child, dialect, depth + 1);
                }
            }
            return;
        }
        for (key, child) in value.members() {
            self.keyword(value, key, child, dialect, depth + 1);
        }
    }

    fn keyword(&mut self, owner: Value<'s>, key: &str, child: Value<'s>, dialect: Dialect, depth: usize) {
        match key {
            "properties" | "patternProperties" | "$defs" | "definitions" | "dependentSchemas"
            | "dependencies" => self.schema_map(child, dialect, depth),
            "allOf" | "anyOf" | "oneOf" | "prefixItems" => self.schema_list(child, dialect, depth),
            "items" if child.node.is_array() => self.schema_list(child, dialect, depth),
            "items"
            | "additionalItems"
            | "additionalProperties"
            | "not"
            | "if"
            | "then"
            | "else"
            | "contains"
            | "propertyNames"
            | "unevaluatedItems"
            | "unevaluatedProperties"
            | "contentSchema" => {
                self.visit(child, dialect, SchemaRole::Sub, depth);
            }
            "default" => self.own_example(owner, child, dialect, ExampleOf::Default),
            "example" if self.in_api => self.own_example(owner, child, dialect, ExampleOf::Schema),
            "examples" if dialect >= Dialect::Draft6 => {
                for item in child.items() {
                    self.own_example(owner, item, dialect, ExampleOf::Schema);
                }
            }
            "$ref" => {
                if let Some(text) = child.as_str() {
                    self.refer(owner, text, dialect);
                }
            }
            // Both start where a `$ref` of the same text leads.
            "$dynamicRef" if dialect == Dialect::Draft202012 && owner.node.get("$ref").is_none() => {
                if let Some(text) = child.as_str() {
                    self.refer(owner, text, dialect);
                }
            }
            "$recursiveRef" if dialect == Dialect::Draft201909 && owner.node.get("$ref").is_none() => {
                if let Some(text) = child.as_str() {
                    self.refer(owner, text, dialect);
                }
            }
            "discriminator" if self.in_api => self.mapping(child, dialect),
            _ => {}
        }
    }

    fn schema_map(&mut self, map: Value<'s>, dialect: Dialect, depth: usize) {
        let mut next = Some(map);
        while let Some(map) = next.take() {
            for (key, child) in map.members() {
                match child.as_str() {
                    // No standard allows it here, but split documents are often written like this.
                    Some(text) if key == "$ref" => {
                        if self.visited.insert(map.at()) {
                            next = self.references.note(map, text);
                        }
                    }
                    _ => self.visit(child, dialect, SchemaRole::Sub, depth),
                }
            }
        }
    }

    fn schema_list(&mut self, list: Value<'s>, dialect: Dialect, depth: usize) {
        for child in list.items() {
            self.visit(child, dialect, SchemaRole::Sub, depth);
        }
    }

    fn own_example(&mut self, owner: Value<'s>, value: Value<'s>, dialect: Dialect, of: ExampleOf) {
        self.examples.push(Example { value: value.at(), schema: owner.at(), dialect, of, request: None });
    }

    fn refer(&mut self, owner: Value<'s>, text: &'s str, dialect: Dialect) {
        if let Some(target) = self.references.note(owner, text) {
            self.enqueue(owner, target, dialect);
        }
    }

    fn enqueue(&mut self, owner: Value<'s>, target: Value<'s>, dialect: Dialect) {
        if self.in_api && !self.references.is_kind(owner, target, "schema") {
            return;
        }
        let whole = target.at().node == NodeId::ROOT;
        let role = if whole { SchemaRole::File } else { SchemaRole::Component };
        let dialect = if owner.file == target.file {
            dialect
        } else {
            let root = self.references.value(At { file: target.file, node: NodeId::ROOT });
            declared_dialect(root).unwrap_or(dialect)
        };
        self.queue.push((target, dialect, role));
    }

    /// The values of a discriminator's `mapping`: schema names or references.
    fn mapping(&mut self, discriminator: Value<'s>, dialect: Dialect) {
        for (_, value) in discriminator.map("mapping") {
            let Some(text) = value.as_str() else { continue };
            if self.references.note_schema_name(value, self.root, text) {
                continue;
            }
            if !text.contains(['#', '/', '.']) {
                self.references.report_schema_name(value, self.root, text);
            } else if let Some(target) = self.references.note(value, text) {
                self.enqueue(value, target, dialect);
            }
        }
    }
}

/// Whether everything beside a `$ref` is ignored.
fn ignores_siblings(dialect: Dialect) -> bool {
    dialect < Dialect::Draft201909
}

/// The dialect a schema names in `$schema`, if it is known.
pub(crate) fn declared_dialect(schema: Value<'_>) -> Option<Dialect> {
    dialect_of(schema.node.get_str("$schema")?)
}

/// The dialect with that URI.
pub(crate) fn dialect_of(uri: &str) -> Option<Dialect> {
    let (_, rest) = uri.trim_end_matches('#').split_once("json-schema.org/")?;
    Some(match rest {
        "draft-04/schema" => Dialect::Draft4,
        "draft-06/schema" => Dialect::Draft6,
        "draft-07/schema" => Dialect::Draft7,
        "draft/2019-09/schema" => Dialect::Draft201909,
        "draft/2020-12/schema" => Dialect::Draft202012,
        _ => return None,
    })
}
