//! The Protobuf reader: what is taken and what is refused, as protoc does it.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use tenon_graph::{Graph, ReferenceProblem, Resolver, link};
use tenon_readers::{Files, Root, load, read_all};
use tenon_source::{Finding, Level};

/// Files in memory, by path.
struct Memory(BTreeMap<String, String>);

impl Files for Memory {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReferenceProblem> {
        let missing = || ReferenceProblem::MissingFile(path.to_owned());
        self.0.get(path).map(|text| text.clone().into_bytes()).ok_or_else(missing)
    }
}

/// Reads some of the files, and what they import.
fn read(files: &BTreeMap<String, String>, roots: &[&str]) -> (Graph, Vec<Finding>) {
    let roots: Vec<Root> = roots.iter().map(|path| Root { path: (*path).to_owned(), named: true }).collect();
    let mut loaded = load(&roots, &Memory(files.clone()));
    let missing = std::mem::take(&mut loaded.missing);
    let parts = read_all(&loaded, &Resolver::new(&loaded.sources, missing));
    let (graph, said) = link(loaded.sources, parts);
    let mut findings = loaded.findings;
    findings.extend(said);
    (graph, findings)
}

/// A program and what is to be said of it.
struct Program {
    title: String,
    /// The code it is refused with, if it is.
    refused: Option<String>,
    files: BTreeMap<String, String>,
}

fn programs() -> Vec<Program> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/protobuf/acceptance.md");
    let text = std::fs::read_to_string(path).unwrap();
    text.split("\n## ").skip(1).map(program).collect()
}

fn program(section: &str) -> Program {
    let (title, rest) = section.split_once('\n').unwrap();
    let (head, _) = rest.split_once("```").unwrap();
    let refused = match head.trim() {
        "accepted" => None,
        verdict => Some(verdict.strip_prefix("refused: ").expect(title).to_owned()),
    };
    let mut files = BTreeMap::new();
    for block in rest.split("```proto file=").skip(1) {
        let (info, text) = block.split_once('\n').unwrap();
        let (text, _) = text.split_once("```").unwrap();
        let (name, cut) = info.split_once(' ').map_or((info, false), |(name, _)| (name, true));
        let text = if cut { text.trim_end_matches('\n') } else { text };
        files.insert(name.to_owned(), text.to_owned());
    }
    Program { title: title.to_owned(), refused, files }
}

/// S1-62, S1-63: proto2, proto3 and both editions are read, and what no compiler takes is refused.
#[test]
fn programs_are_taken_or_refused() {
    let mut wrong = Vec::new();
    let programs = programs();
    assert!(programs.len() > 100, "{}", programs.len());
    for program in &programs {
        let (graph, findings) = read(&program.files, &["a.proto"]);
        let errors: Vec<String> = findings
            .iter()
            .filter(|finding| finding.level == Level::Error)
            .map(|finding| {
                let file = graph.sources.get(finding.place.file).unwrap();
                let line = file.locate(finding.place.span.start).line;
                assert!(file.text().get(finding.place.span.range()).is_some());
                format!("{}:{line} {} {}", file.path, finding.code.id, finding.message)
            })
            .collect();
        let said = |code: &String| errors.iter().any(|error| error.contains(&format!(" {code} ")));
        let right = program.refused.as_ref().map_or(errors.is_empty(), said);
        if !right {
            wrong.push(format!("{} ({:?}): {errors:#?}", program.title, program.refused));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), programs.len(), wrong.join("\n"));
}

/// The same verdict by protoc itself, where `TENON_PROTOC` says how to call it, such as
/// `python -m grpc_tools.protoc`.
#[test]
fn real_protoc_says_the_same() {
    let Some(command) = std::env::var("TENON_PROTOC").ok().filter(|command| !command.is_empty()) else {
        println!("did not run: TENON_PROTOC is not set");
        return;
    };
    let mut words = command.split_whitespace();
    let name = words.next().unwrap();
    let arguments: Vec<&str> = words.collect();
    for (index, program) in programs().iter().enumerate() {
        let folder = std::env::temp_dir().join(format!("tenon-protoc-{}-{index}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        for (name, text) in &program.files {
            std::fs::write(folder.join(name), text).unwrap();
        }
        let mut run = Command::new(name);
        run.args(&arguments).arg("-I").arg(&folder).args(["-o", "/dev/null", "a.proto"]);
        let output = run.output().expect("protoc runs");
        std::fs::remove_dir_all(&folder).unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.success(), program.refused.is_none(), "{}: {said}", program.title);
    }
}
