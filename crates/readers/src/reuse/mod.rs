//! The reuse register and pin manifests. `docs/reuse.md` describes the register for people,
//! `docs/schemas/reuse.v1.schema.json` for machines.
//!
//! What has the wrong type is passed over here; a rule holds the file to its schema.

mod pins;
mod rows;

use tenon_graph::{
    Document, DocumentKind, FileReference, Name, Part, Reference, RegisterPlace, Resolver, ReuseRegister,
    join_path,
};
use tenon_source::{FileId, SourceFile, Sources};

use crate::Reader;
use crate::value::Value;

pub use pins::PinManifestReader;

/// What the member `tenon` of a register says.
const MARK: &str = "reuse/v1";

/// Folders a file is looked for in, from the register's own.
const FOLDERS: &[&str] = &["", "schemas/"];

/// The reuse register.
pub struct ReuseRegisterReader;

impl Reader for ReuseRegisterReader {
    fn name(&self) -> &'static str {
        "reuse register"
    }

    fn recognise(&self, file: &SourceFile) -> Option<DocumentKind> {
        let mark = file.tree.root().get_str("tenon")?;
        mark.starts_with("reuse/").then_some(DocumentKind::ReuseRegister)
    }

    fn read(&self, file: FileId, kind: DocumentKind, resolver: &Resolver<'_>) -> Part {
        let Some(source) = resolver.sources().get(file) else { return Part::default() };
        let root = Value { file, node: source.tree.root() };
        let mut part = Part { document: Some(Document { file, kind }), ..Part::default() };
        if let Some(mark) = root.name("tenon").filter(|mark| mark.text != MARK) {
            let message = format!("`{}` is no version of the reuse register that is known", mark.text);
            let finding =
                resolver.sources().finding_at_value(&crate::codes::UNKNOWN_VERSION, mark.at, message);
            part.findings.push(finding.with_help(format!("write `tenon: {MARK}`")));
        }
        let mut places = Places { resolver, file, references: Vec::new() };
        part.reuse_registers.push(read_register(root, &mut places));
        part.references = places.references;
        part
    }

    fn companions(&self, file: FileId, sources: &Sources) -> Vec<FileReference> {
        let Some(source) = sources.get(file) else { return Vec::new() };
        let root = Value { file, node: source.tree.root() };
        let mut found = Vec::new();
        for name in named_places(root) {
            let base = name.text.split_once('#').map_or(name.text.as_str(), |(base, _)| base);
            if base.is_empty() || tenon_graph::is_url(base) {
                continue;
            }
            let paths = FOLDERS.iter().map(|folder| join_path(&source.path, &format!("{folder}{base}")));
            found.extend(paths.map(|path| FileReference { path, at: name.at }));
        }
        found.sort();
        found.dedup_by(|later, first| later.path == first.path);
        found
    }
}

fn read_register(root: Value<'_>, places: &mut Places<'_, '_>) -> ReuseRegister {
    ReuseRegister {
        file: root.file,
        at: root.at(),
        name: text(root, "name"),
        issue: text(root, "issue"),
        date: text(root, "date"),
        depends_on: root.list("depends_on").map(rows::upstream).collect(),
        inventory: root.get("inventory").and_then(Value::names),
        families: root.map("families").map(|row| rows::family(row, places)).collect(),
        deltas: root.map("deltas").map(rows::delta).collect(),
        work_packages: root.map("work_packages").map(rows::work_package).collect(),
        handoffs: root.map("handoffs").map(rows::handoff).collect(),
        identifiers: root.map("identifiers").map(|row| rows::identifier(row, places)).collect(),
        provenance: root.object("provenance").map(|row| rows::provenance(row, places)),
        error_mapping: root.object("error_mapping").map(|row| rows::error_mapping(row, places)),
        capabilities: root.map("capabilities").map(|row| rows::capability(row, places)).collect(),
        surfaces: root.map("surfaces").map(rows::surface).collect(),
        intents: root.map("intents").map(rows::intent).collect(),
    }
}

/// Every name in a register that stands for a file or a part of one.
fn named_places(root: Value<'_>) -> Vec<Name> {
    let mut out = Vec::new();
    let mut add = |value: Option<Value<'_>>| out.extend(value.and_then(Value::names).unwrap_or_default());
    for (_, family) in root.map("families") {
        add(family.get("schemas"));
    }
    for (_, identifier) in root.map("identifiers") {
        add(identifier.get("schemas"));
    }
    for (_, tool) in root.map("capabilities") {
        add(tool.get("manifest"));
    }
    if let Some(provenance) = root.object("provenance") {
        add(provenance.get("schema"));
        add(provenance.get("records"));
    }
    if let Some(mapping) = root.object("error_mapping") {
        add(mapping.get("reasons"));
        add(mapping.get("errors"));
    }
    out
}

/// The text of a string, number or boolean member.
fn text(owner: Value<'_>, key: &str) -> Option<Name> {
    owner.get(key).and_then(Value::scalar)
}

/// The texts of a list, or the one text that stands in its place.
fn texts(owner: Value<'_>, key: &str) -> Vec<Name> {
    let value = owner.get(key);
    value.and_then(Value::names).or_else(|| Some(vec![value?.scalar()?])).unwrap_or_default()
}

/// Names of files, and of parts of files, to their places.
struct Places<'r, 's> {
    resolver: &'r Resolver<'s>,
    file: FileId,
    references: Vec<Reference>,
}

impl Places<'_, '_> {
    /// The places a member names.
    fn all(&mut self, owner: Value<'_>, key: &str) -> Vec<RegisterPlace> {
        texts(owner, key).into_iter().map(|name| self.find(name)).collect()
    }

    /// The one place a member names.
    fn one(&mut self, owner: Value<'_>, key: &str) -> Option<RegisterPlace> {
        text(owner, key).map(|name| self.find(name))
    }

    fn find(&mut self, name: Name) -> RegisterPlace {
        let hits =
            FOLDERS.iter().map(|folder| self.resolver.resolve(self.file, &format!("{folder}{}", name.text)));
        let target = if name.text.trim().is_empty() { None } else { hits.flatten().next() };
        if let Some(target) = target {
            self.references.push(Reference { at: name.at, target: Ok(target) });
        }
        RegisterPlace { name, target }
    }
}
