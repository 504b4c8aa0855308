//! Protobuf written anew means what it meant: the same descriptors, for every program a compiler takes.

use std::collections::BTreeMap;
use std::path::Path;

use tenon_emitters::descriptors::{descriptor_set, with_imports};
use tenon_emitters::{Input, target};
use tenon_graph::freeze::Numbers;
use tenon_graph::protobuf::ProtoFileId;
use tenon_graph::{Graph, ReferenceProblem, Resolver, link};
use tenon_readers::{Files, Root, load, read_all};

/// Files in memory.
struct Memory(BTreeMap<String, String>);

impl Files for Memory {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReferenceProblem> {
        let found = self.0.get(path).map(|text| text.clone().into_bytes());
        found.ok_or_else(|| ReferenceProblem::MissingFile(path.to_owned()))
    }

    fn folders(&self) -> Vec<String> {
        Vec::new()
    }
}

fn graph(files: &BTreeMap<String, String>) -> Graph {
    let roots: Vec<Root> = files.keys().map(|path| Root { path: path.clone(), named: false }).collect();
    let mut loaded = load(&roots, &Memory(files.clone()));
    let missing = std::mem::take(&mut loaded.missing);
    let parts = read_all(&loaded, &Resolver::new(&loaded.sources, missing));
    link(loaded.sources, parts).0
}

/// The descriptors of all files that were asked for.
fn descriptors(graph: &Graph) -> Vec<u8> {
    let mut ids: Vec<ProtoFileId> = graph.protobuf.target_files().map(|(id, _)| id).collect();
    ids.sort_by_key(|id| graph.protobuf.file(*id).name.clone());
    descriptor_set(&graph.protobuf, &with_imports(&graph.protobuf, &ids))
}

fn written(graph: &Graph) -> BTreeMap<String, String> {
    let target = target("proto").expect("it is known");
    let emission = (target.write)(&Input { graph, numbers: &Numbers::default() }).expect("it is written");
    emission.files.into_iter().map(|file| (file.path, file.text)).collect()
}

/// The programs that a compiler takes.
fn accepted() -> Vec<(String, BTreeMap<String, String>)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../readers/tests/protobuf/acceptance.md");
    let text = std::fs::read_to_string(path).unwrap();
    let mut programs = Vec::new();
    for section in text.split("\n## ").skip(1) {
        let (title, rest) = section.split_once('\n').unwrap();
        if !rest.trim_start().starts_with("accepted") {
            continue;
        }
        let mut files = BTreeMap::new();
        for block in rest.split("```proto file=").skip(1) {
            let (name, text) = block.split_once('\n').unwrap();
            files.insert(name.to_owned(), text.split_once("```").unwrap().0.to_owned());
        }
        programs.push((title.to_owned(), files));
    }
    programs
}

/// Programs whose nested messages come in another order: what is nested is written before the fields, so
/// that the entry of a map, which nobody writes, comes behind a message it stood in front of.
const REORDERED: [&str; 1] = ["Maps, oneofs and nesting"];

/// S1-62, S1-67: every program, written anew, has the descriptors it had; and writing it again
/// changes nothing.
#[test]
fn what_is_written_anew_has_the_same_descriptors() {
    let programs = accepted();
    assert!(programs.len() >= 31, "{}", programs.len());
    let mut different = Vec::new();
    for (title, files) in &programs {
        let before = graph(files);
        let text = written(&before);
        let after = graph(&text);
        assert_eq!(written(&after), text, "{title}");
        let (old, new) = (descriptors(&before), descriptors(&after));
        assert_eq!(old.len(), new.len(), "{title}");
        if old != new {
            different.push(title.as_str());
        }
    }
    assert_eq!(different, REORDERED);
}
