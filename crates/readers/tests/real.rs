//! Contracts of other teams, where they are at hand.
#![expect(clippy::unwrap_used, reason = "a failure here is a failed test")]

use std::path::{Path, PathBuf};

use tenon_graph::{ExampleOf, Graph, ReferenceProblem, Resolver, SchemaRole, link};
use tenon_readers::{Files, Root, load, read_all};
use tenon_source::Finding;

/// Files below a folder, by their path in it.
struct Disk(PathBuf);

impl Files for Disk {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReferenceProblem> {
        std::fs::read(self.0.join(path)).map_err(|_| ReferenceProblem::MissingFile(path.to_owned()))
    }
}

/// The folder of a pack; `None`, said aloud, where it is not there.
fn pack(name: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/real").join(name);
    if !folder.is_dir() {
        eprintln!("did not run: there is no folder {}", folder.display());
        return None;
    }
    Some(folder)
}

/// The JSON files in a folder of a pack, by their path in the pack.
fn json_files(pack: &Path, folder: &str) -> Vec<String> {
    let entries = std::fs::read_dir(pack.join(folder)).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut paths: Vec<String> =
        names.filter(|name| name.ends_with(".json")).map(|name| format!("{folder}/{name}")).collect();
    paths.sort();
    paths
}

fn read(pack: &Path, paths: Vec<String>) -> (Graph, Vec<Finding>) {
    let roots: Vec<Root> = paths.into_iter().map(|path| Root { path, named: false }).collect();
    let mut loaded = load(&roots, &Disk(pack.to_owned()));
    let missing = std::mem::take(&mut loaded.missing);
    let parts = read_all(&loaded, &Resolver::new(&loaded.sources, missing));
    let mut findings = loaded.findings;
    let (graph, said) = link(loaded.sources, parts);
    findings.extend(said);
    (graph, findings)
}

/// Every schema file is read, every reference between them leads somewhere, and every example
/// file with the name of a schema follows it.
fn check(name: &str, example_name: &dyn Fn(&str) -> String) {
    let Some(pack) = pack(name) else { return };
    let schemas = json_files(&pack, "schemas");
    let examples = json_files(&pack, "examples");
    let named = |schema: &String| {
        let stem = schema.strip_prefix("schemas/").unwrap().strip_suffix(".schema.json").unwrap();
        examples.contains(&format!("examples/{}", example_name(stem)))
    };
    let expected = schemas.iter().filter(|schema| named(schema)).count();
    let (graph, findings) = read(&pack, [schemas.clone(), examples.clone()].concat());
    let messages: Vec<&str> = findings.iter().map(|finding| finding.message.as_str()).collect();
    assert!(messages.is_empty(), "{messages:#?}");
    let files = graph.schemas.iter().filter(|schema| schema.role == SchemaRole::File).count();
    assert_eq!(files, schemas.len());
    let paired = graph.examples.iter().filter(|example| example.of == ExampleOf::File).count();
    assert!(expected > 0);
    assert_eq!(paired, expected, "of {} examples", examples.len());
    assert!(graph.references.iter().all(|reference| reference.target.is_ok()));
}

#[test]
fn real_swapgraph_schemas_and_examples() {
    check("swapgraph", &|stem| format!("{stem}.example.json"));
}

#[test]
fn real_dome_schemas_and_examples() {
    check("dome", &|stem| format!("{stem}.json"));
}
