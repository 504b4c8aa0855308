//! The native contract: what no standard format says, and the binding of operations to HTTP and
//! RPC. `docs/contract.md` describes the form for people, `docs/schemas/contract.v1.schema.json`
//! for machines.
//!
//! What has the wrong type is passed over here; a rule holds the file to its schema.

mod operations;
mod rpc;
pub(crate) mod surface;

use tenon_graph::{
    Dialect, Document, DocumentKind, Event, FileReference, Name, Part, Reference, Resolver, SchemaRole,
    join_path,
};
use tenon_source::{At, FileId, SourceFile, Sources};

use crate::Reader;
use crate::governance::{read_contract, read_entities, read_errors};
use crate::schema_walk::SchemaWalk;
use crate::value::Value;

/// What the member `tenon` of a native contract says.
const MARK: &str = "contract/v1";

/// The native contract.
pub struct ContractReader;

impl Reader for ContractReader {
    fn name(&self) -> &'static str {
        "contract"
    }

    fn recognise(&self, file: &SourceFile) -> Option<DocumentKind> {
        let mark = file.tree.root().get_str("tenon")?;
        mark.starts_with("contract/").then_some(DocumentKind::Contract)
    }

    fn read(&self, file: FileId, kind: DocumentKind, resolver: &Resolver<'_>) -> Part {
        let Some(source) = resolver.sources().get(file) else { return Part::default() };
        let root = Value { file, node: source.tree.root() };
        let mut part = Part { document: Some(Document { file, kind }), ..Part::default() };
        let mut walk = SchemaWalk::new(resolver, file, false);
        walk_schemas(root, &mut walk);
        while walk.drain() {}
        walk.finish(&mut part);
        unknown_version(root, &mut part);
        let schemas = Schemas { resolver, file };
        let mut contract = read_contract(root);
        contract.sources = operations::sources(root, &schemas);
        let rpc = root.object("rpc");
        contract.rpc = rpc.map(|rpc| Box::new(rpc::read(rpc, contract.sources.clone(), &schemas)));
        part.contracts.push(contract);
        part.errors = root.get("errors").map(read_errors).unwrap_or_default();
        part.entities = root.get("entities").map(read_entities).unwrap_or_default();
        entity_schemas(root, &schemas, &mut part);
        operations::read(root, &schemas, &mut part);
        part.events = read_events(root, &schemas);
        part
    }

    fn companions(&self, file: FileId, sources: &Sources) -> Vec<FileReference> {
        let Some(source) = sources.get(file) else { return Vec::new() };
        let root = Value { file, node: source.tree.root() };
        let mut found = Vec::new();
        let catalogues = root.object("rpc");
        let catalogues = catalogues.iter().flat_map(|rpc| rpc.list("reason_catalogues"));
        for value in root.list("sources").chain(catalogues) {
            add(&mut found, &source.path, value, &[""]);
        }
        for (_, operation) in root.map("operations") {
            for key in ["request", "response"] {
                add(&mut found, &source.path, operation.get(key).unwrap_or(root), FOLDERS);
            }
        }
        for (_, entity) in root.map("entities") {
            add(&mut found, &source.path, entity.get("schema").unwrap_or(root), FOLDERS);
        }
        for (_, event) in root.map("events") {
            add(&mut found, &source.path, event.get("payload").unwrap_or(root), FOLDERS);
        }
        found.sort();
        found.dedup_by(|later, first| later.path == first.path);
        found
    }
}

/// Folders a schema is looked for in, from the contract's own.
const FOLDERS: &[&str] = &["", "schemas/"];

/// Adds the files a value names, if it is a text: every place the file may be at.
fn add(found: &mut Vec<FileReference>, from: &str, value: Value<'_>, folders: &[&str]) {
    let Some(text) = value.as_str() else { return };
    let base = text.split_once('#').map_or(text, |(base, _)| base);
    if base.is_empty() || tenon_graph::is_url(base) {
        return;
    }
    let paths = folders.iter().map(|folder| join_path(from, &format!("{folder}{base}")));
    found.extend(paths.map(|path| FileReference { path, at: value.at() }));
}

fn unknown_version(root: Value<'_>, part: &mut Part) {
    let Some(mark) = root.name("tenon") else { return };
    if mark.text != MARK {
        let message = format!("`{}` is no version of the contract format that is known", mark.text);
        let place = tenon_source::Place {
            file: root.file,
            span: root.get("tenon").map_or(root.node.span(), |value| value.node.span()),
        };
        part.findings.push(
            tenon_source::Finding::new(&crate::codes::UNKNOWN_VERSION, place, message)
                .with_pointer("/tenon")
                .with_help(format!("write `tenon: {MARK}`")),
        );
    }
}

/// Finds the schema of each entity.
fn entity_schemas(root: Value<'_>, schemas: &Schemas<'_, '_>, part: &mut Part) {
    let mut entities = std::mem::take(&mut part.entities);
    for ((_, value), entity) in root.map("entities").zip(&mut entities) {
        entity.storage.schema = schemas.find(value, "schema", Some(part));
    }
    part.entities = entities;
}

/// Visits the schemas written in the contract itself: under `schemas`, and in place of a name.
fn walk_schemas<'s>(root: Value<'s>, walk: &mut SchemaWalk<'s>) {
    for (_, schema) in root.map("schemas") {
        walk.schema(schema, DIALECT, SchemaRole::Component);
    }
    for (_, operation) in root.map("operations") {
        for key in ["request", "response"] {
            if let Some(schema) = operation.object(key) {
                walk.schema(schema, DIALECT, SchemaRole::Body);
            }
        }
        for (_, parameter) in operation.map("parameters") {
            if let Some(schema) = parameter.object("schema") {
                walk.schema(schema, DIALECT, SchemaRole::Parameter);
            }
        }
    }
    for (_, entity) in root.map("entities") {
        if let Some(schema) = entity.object("schema") {
            walk.schema(schema, DIALECT, SchemaRole::Component);
        }
    }
    for (_, event) in root.map("events") {
        if let Some(schema) = event.object("payload") {
            walk.schema(schema, DIALECT, SchemaRole::Body);
        }
    }
}

/// The dialect of schemas written in a contract.
const DIALECT: Dialect = Dialect::Draft202012;

/// Names of schemas to their places.
pub(crate) struct Schemas<'r, 's> {
    resolver: &'r Resolver<'s>,
    file: FileId,
}

impl Schemas<'_, '_> {
    /// The schema a member names: a path from the contract's folder or from `schemas/` in it, or
    /// a schema written in place. Where there is none, the name.
    pub(crate) fn find(
        &self,
        owner: Value<'_>,
        key: &str,
        part: Option<&mut Part>,
    ) -> Option<Result<At, Name>> {
        let value = owner.get(key)?;
        let Some(name) = value.as_str().map(|text| Name::new(text, value.at())) else {
            return value.node.is_object().then(|| Ok(value.at()));
        };
        let hits =
            FOLDERS.iter().map(|folder| self.resolver.resolve(self.file, &format!("{folder}{}", name.text)));
        let target = hits.flatten().next();
        if let (Some(target), Some(part)) = (target, part) {
            part.references.push(Reference { at: value.at(), target: Ok(target) });
        }
        Some(target.ok_or(name))
    }
}

fn read_events(root: Value<'_>, schemas: &Schemas<'_, '_>) -> Vec<Event> {
    let shared = root.get("delivery");
    let word = |event: Value<'_>, key: &str| {
        let own = event.get(key).and_then(Value::scalar);
        own.or_else(|| shared?.get(key)?.scalar())
    };
    let read = |(name, event): (&str, Value<'_>)| Event {
        file: root.file,
        at: event.at(),
        name: Name::new(name, event.at()),
        payload_schema: schemas.find(event, "payload", None),
        minimum_fields: event.get("minimum").and_then(Value::names).unwrap_or_default(),
        delivery: word(event, "guarantee"),
        deduplication_key: word(event, "deduplication_key"),
        ordering: word(event, "ordering"),
        public: event.get("public").and_then(|value| value.node.as_bool()),
        declared: true,
    };
    root.map("events").map(read).collect()
}
