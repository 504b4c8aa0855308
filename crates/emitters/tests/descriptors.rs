//! Descriptors against protoc's, byte for byte.
//!
//! What protoc writes of the programs in `crates/readers/tests/protobuf/acceptance.md` is recorded
//! as hashes in `descriptors.txt`; `TENON_PROTOC` (a command, such as
//! `python -m grpc_tools.protoc`) compares with protoc itself, and with `TENON_BLESS` records anew.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use protox::Compiler;
use protox::file::{File, FileResolver, GoogleFileResolver};
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
    files_of(&set)
}

/// The files of a set, each with the tag and length in front.
fn files_of(set: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut rest: &[u8] = set;
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

/// Writes the files of a program into a folder of its own.
fn written(name: &str, index: usize, files: &BTreeMap<String, String>) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("tenon-{name}-{}-{index}", std::process::id()));
    for (name, text) in files {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

/// A program, and why another compiler does something else with it than protoc and we do.
type Known = (&'static str, &'static str);

const OTHER_IN_BUF: [Known; 2] = [
    ("Custom options of every kind", "the members of an option that is set in parts stand in another order"),
    ("The style is switched off", "a feature of a file that only the source is to keep is kept"),
];

const REFUSED_BY_BUF: [Known; 1] =
    [("Two files with extensions of one number", "it compiles the file that nothing imports, too")];

const OTHER_IN_PROTOX: [Known; 2] = [
    ("Services with streams", "the empty options of a method with empty braces are left out"),
    ("Extension declarations that are kept", "options that only the source is to keep are written"),
];

const REFUSED_BY_PROTOX: [Known; 2] = [
    ("Custom options of every kind", "`inf` is no value of an option"),
    ("Names that clash in JSON, in proto2", "protoc only warns of it"),
];

/// Holds the programs in which a peer differs to those that are known, both ways.
fn hold(what: &str, same: usize, found: &[(&str, String)], known: &[Known]) {
    println!("{what}: {same} programs are the same, {} are not, for known reasons", known.len());
    let is_known = |title: &str| known.iter().any(|(other, _)| *other == title);
    let wrong: Vec<String> = found
        .iter()
        .filter(|(title, _)| !is_known(title))
        .map(|(title, said)| format!("{title}\n{said}"))
        .collect();
    assert!(same > 0, "{what}: no program was compared");
    assert!(wrong.is_empty(), "{what}: {} more:\n{}", wrong.len(), wrong.join("\n"));
    for (title, why) in known {
        assert!(found.iter().any(|(other, _)| other == title), "{what}: {title} is the same now, not {why}");
    }
}

/// `TENON_BUF` names the program `buf`.
#[test]
fn peer_buf_build_writes_the_same_descriptors() {
    let Some(buf) = std::env::var_os("TENON_BUF").map(PathBuf::from) else {
        println!("did not run: TENON_BUF does not name the program `buf`");
        return;
    };
    // What only the source is to keep, protoc leaves out too.
    let without = ["--exclude-source-info", "--exclude-source-retention-options", "--exclude-imports"];
    let (mut same, mut refused, mut differ) = (0, Vec::new(), Vec::new());
    let programs = accepted();
    for (index, (title, files)) in programs.iter().enumerate() {
        let folder = written("buf", index, files);
        let out = folder.join("set.binpb");
        let output = Command::new(&buf)
            .args(["build", "--as-file-descriptor-set"])
            .args(without)
            .arg("-o")
            .arg(&out)
            .current_dir(&folder)
            .output()
            .unwrap();
        let set = std::fs::read(&out);
        std::fs::remove_dir_all(&folder).unwrap();
        if !output.status.success() {
            refused.push((title.as_str(), String::from_utf8_lossy(&output.stderr).trim().to_owned()));
            continue;
        }
        let theirs = files_of(&set.unwrap()).remove("a.proto").unwrap();
        let ours = own(files);
        if ours == theirs {
            same += 1;
        } else {
            differ.push((title.as_str(), format!("  ours   {}\n  theirs {}", shown(&ours), shown(&theirs))));
        }
    }
    hold("buf", same, &differ, &OTHER_IN_BUF);
    hold("buf refuses", same, &refused, &REFUSED_BY_BUF);
}

/// The files of a program, for protox.
struct Program(BTreeMap<String, String>);

impl FileResolver for Program {
    fn resolve_path(&self, path: &Path) -> Option<String> {
        path.to_str().map(str::to_owned)
    }

    fn open_file(&self, name: &str) -> Result<File, protox::Error> {
        match self.0.get(name) {
            Some(text) => File::from_source(name, text),
            None => GoogleFileResolver::new().open_file(name),
        }
    }
}

/// protox is a library: this runs wherever the tests do. It has no editions.
#[test]
fn peer_protox_writes_the_same_descriptors() {
    let (mut same, mut refused, mut differ) = (0, Vec::new(), Vec::new());
    let programs = accepted();
    for (title, files) in programs.iter().filter(|(_, files)| !files["a.proto"].contains("edition = ")) {
        let mut compiler = Compiler::with_file_resolver(Program(files.clone()));
        compiler.include_source_info(false).include_imports(false);
        if let Err(error) = compiler.open_file("a.proto") {
            refused.push((title.as_str(), error.to_string()));
            continue;
        }
        let theirs = compiler.encode_file_descriptor_set();
        let ours = own(files);
        if ours == theirs {
            same += 1;
        } else {
            differ.push((title.as_str(), format!("  ours   {}\n  theirs {}", shown(&ours), shown(&theirs))));
        }
    }
    hold("protox", same, &differ, &OTHER_IN_PROTOX);
    hold("protox refuses", same, &refused, &REFUSED_BY_PROTOX);
}
