//! Descriptors against protoc's, byte for byte.
//!
//! What protoc writes of the programs in `crates/readers/tests/protobuf/acceptance.md` is recorded
//! as hashes in `descriptors.txt`; `TENON_PROTOC` (a command, such as
//! `python -m grpc_tools.protoc`) compares with protoc itself, and with `TENON_BLESS` records anew.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest, Sha256};
use tenon_emitters::descriptors::descriptor_set;
use tenon_graph::{Graph, ReferenceProblem, Resolver, link};
use tenon_readers::{Files, Root, load, read_all};

/// Files on disk or in memory.
struct Source {
    memory: BTreeMap<String, String>,
    folders: Vec<String>,
}

impl Files for Source {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReferenceProblem> {
        let missing = || ReferenceProblem::MissingFile(path.to_owned());
        match self.memory.get(path) {
            Some(text) => Ok(text.clone().into_bytes()),
            None if self.folders.is_empty() => Err(missing()),
            None => std::fs::read(path).map_err(|_| missing()),
        }
    }

    fn folders(&self) -> Vec<String> {
        self.folders.clone()
    }
}

fn graph(files: &Source, roots: &[String]) -> Graph {
    let roots: Vec<Root> = roots.iter().map(|path| Root { path: path.clone(), named: false }).collect();
    let mut loaded = load(&roots, files);
    let missing = std::mem::take(&mut loaded.missing);
    let parts = read_all(&loaded, &Resolver::new(&loaded.sources, missing));
    link(loaded.sources, parts).0
}

/// The descriptor of one file, by what it is imported by.
fn descriptor(graph: &Graph, name: &str) -> Vec<u8> {
    let id = graph.protobuf.file_named(name).expect(name);
    descriptor_set(&graph.protobuf, &[id])
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

fn own(files: &BTreeMap<String, String>) -> Vec<u8> {
    let source = Source { memory: files.clone(), folders: Vec::new() };
    descriptor(&graph(&source, &["a.proto".to_owned()]), "a.proto")
}

fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn recorded() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/descriptors.txt")
}

/// S1-62, S1-67: names and numbers reach the descriptors unchanged.
#[test]
fn descriptors_are_those_of_protoc() {
    let text = std::fs::read_to_string(recorded()).unwrap();
    let known: BTreeMap<&str, &str> = text.lines().filter_map(|line| line.rsplit_once(": ")).collect();
    let programs = accepted();
    assert_eq!(known.len(), programs.len());
    let differ: Vec<&str> = programs
        .iter()
        .filter(|(title, files)| known.get(title.as_str()).copied() != Some(&*hash(&own(files))))
        .map(|(title, _)| title.as_str())
        .collect();
    assert!(differ.is_empty(), "{differ:#?}");
}

fn protoc() -> Option<Command> {
    let command = std::env::var("TENON_PROTOC").ok().filter(|command| !command.is_empty())?;
    let mut words = command.split_whitespace();
    let mut run = Command::new(words.next()?);
    run.args(words);
    Some(run)
}

#[test]
fn real_protoc_writes_the_same_descriptors() {
    let mut lines = String::new();
    let mut differ = Vec::new();
    for (index, (title, files)) in accepted().iter().enumerate() {
        let Some(mut run) = protoc() else {
            println!("did not run: TENON_PROTOC is not set");
            return;
        };
        let folder = std::env::temp_dir().join(format!("tenon-descriptors-{}-{index}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        for (name, text) in files {
            std::fs::write(folder.join(name), text).unwrap();
        }
        let out = folder.join("set.bin");
        let output = run.arg("-I").arg(&folder).arg("-o").arg(&out).arg("a.proto").output().unwrap();
        assert!(output.status.success(), "{title}: {}", String::from_utf8_lossy(&output.stderr));
        let theirs = std::fs::read(&out).unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        lines.push_str(&format!("{title}: {}\n", hash(&theirs)));
        let ours = own(files);
        if ours != theirs {
            differ.push(format!("{title}\n  ours   {}\n  theirs {}", shown(&ours), shown(&theirs)));
        }
    }
    if std::env::var_os("TENON_BLESS").is_some() {
        std::fs::write(recorded(), lines).unwrap();
    }
    assert!(differ.is_empty(), "{} differ:\n{}", differ.len(), differ.join("\n"));
}

fn shown(bytes: &[u8]) -> String {
    let one = |byte: &u8| match byte {
        0x20..0x7f => (*byte as char).to_string(),
        _ => format!("\\{byte:02x}"),
    };
    bytes.iter().map(one).collect()
}

/// Every file of a tree: `TENON_PROTO_TREE` is a folder that imports count from, such as a copy of
/// googleapis.
#[test]
fn real_tree_has_the_descriptors_of_protoc() {
    let (Some(run), Ok(tree)) = (protoc(), std::env::var("TENON_PROTO_TREE")) else {
        println!("did not run: TENON_PROTOC or TENON_PROTO_TREE is not set");
        return;
    };
    let mut names = Vec::new();
    find(Path::new(&tree), Path::new(&tree), &mut names);
    // googleapis keeps a second copy of some files there.
    names.retain(|name| !name.starts_with("preview/"));
    names.sort();
    let theirs = theirs(run, &tree, &names);
    let roots: Vec<String> = names.iter().map(|name| format!("{tree}/{name}")).collect();
    let graph = graph(&Source { memory: BTreeMap::new(), folders: vec![tree] }, &roots);
    let mut differ = Vec::new();
    for name in &names {
        let ours = descriptor(&graph, name);
        let other = theirs.get(name).map(Vec::as_slice);
        if other != Some(&*ours) {
            let other = other.unwrap_or_default();
            let at = ours.iter().zip(other).take_while(|(a, b)| a == b).count();
            let part = |bytes: &[u8]| {
                shown(&bytes[at.saturating_sub(60).min(bytes.len())..(at + 60).min(bytes.len())])
            };
            differ.push(format!("{name} at {at}\n  ours   {}\n  theirs {}", part(&ours), part(other)));
        }
    }
    println!("{} files compared", names.len());
    let some = differ.iter().take(8).cloned().collect::<Vec<_>>().join("\n");
    assert!(differ.is_empty(), "{} of {} differ:\n{some}", differ.len(), names.len());
}

fn find(folder: &Path, root: &Path, out: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            find(&path, root, out);
        } else if path.extension().is_some_and(|extension| extension == "proto") {
            out.push(path.strip_prefix(root).unwrap().to_string_lossy().into_owned());
        }
    }
}

/// What protoc writes of each file.
fn theirs(mut run: Command, tree: &str, names: &[String]) -> BTreeMap<String, Vec<u8>> {
    let folder = std::env::temp_dir().join(format!("tenon-tree-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let (list, out) = (folder.join("names"), folder.join("set.bin"));
    std::fs::write(&list, names.join("\n")).unwrap();
    let output =
        run.arg("-I").arg(tree).arg("-o").arg(&out).arg(format!("@{}", list.display())).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let set = std::fs::read(&out).unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    let mut files = BTreeMap::new();
    let mut rest: &[u8] = &set;
    while !rest.is_empty() {
        // Tag, length, and the file, which starts with the tag, length and text of its name.
        let (length, head) = varint(&rest[1..]);
        let end = 1 + head + length;
        let file = &rest[1 + head..end];
        let (name_length, name_head) = varint(&file[1..]);
        let name = &file[1 + name_head..1 + name_head + name_length];
        files.insert(String::from_utf8(name.to_vec()).unwrap(), rest[..end].to_vec());
        rest = &rest[end..];
    }
    files
}

fn varint(bytes: &[u8]) -> (usize, usize) {
    let mut value = 0;
    for (index, byte) in bytes.iter().enumerate() {
        value |= usize::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            return (value, index + 1);
        }
    }
    panic!("the set is cut off");
}
