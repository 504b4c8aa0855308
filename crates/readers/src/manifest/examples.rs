//! A list of example files, each with the schema it follows.

use tenon_graph::{Dialect, Example, ExampleOf, FileReference, Part, Resolver, join_path};
use tenon_source::{At, NodeId, Sources};

use super::files::{Files, path};
use crate::codes;
use crate::schema_walk::declared_dialect;
use crate::value::Value;

pub(super) fn read(root: Value<'_>, mut part: Part, resolver: &Resolver<'_>) -> Part {
    let sources = resolver.sources();
    let files = Files::new(root.file, sources);
    for entry in root.list("examples") {
        let (Some(file), Some(schema)) = (entry.name("file"), entry.name("schema")) else { continue };
        let found =
            (sources.find(&join_path(path(sources, root.file), &file.text)), files.find(&schema.text));
        let (value, schema) = match found {
            (Some(value), Some(schema)) => (value, schema),
            (None, _) => {
                part.findings.push(missing(sources, file.at, "example", &file.text));
                continue;
            }
            (_, None) => {
                part.findings.push(missing(sources, schema.at, "schema", &schema.text));
                continue;
            }
        };
        let at = |file| At { file, node: NodeId::ROOT };
        let dialect = declared_dialect(Value { file: schema, node: sources.node(at(schema)) });
        part.examples.push(Example {
            value: at(value),
            schema: at(schema),
            dialect: dialect.unwrap_or(Dialect::Draft202012),
            of: ExampleOf::File,
            request: None,
        });
    }
    part
}

fn missing(sources: &Sources, at: At, what: &str, name: &str) -> tenon_source::Finding {
    let message = format!("the {what} `{name}` is not there");
    sources
        .finding_at_value(&codes::UNRESOLVED_REFERENCE, at, message)
        .with_help(format!("add the file, or take its entry out of the list: no {what} is checked for it"))
}

/// The example files, and their schemas where they may stand.
pub(super) fn companions(root: Value<'_>, sources: &Sources) -> Vec<FileReference> {
    let from = path(sources, root.file);
    let mut found = Vec::new();
    for entry in root.list("examples") {
        if let Some(file) = entry.name("file") {
            found.push(FileReference { path: join_path(from, &file.text), at: file.at });
        }
        if let Some(schema) = entry.name("schema") {
            for folder in ["", "../schemas/", "../../schemas/"] {
                let name = format!("{folder}{}", schema.text);
                found.push(FileReference { path: join_path(from, &name), at: schema.at });
            }
        }
    }
    found.sort();
    found.dedup_by(|later, first| later.path == first.path);
    found
}
