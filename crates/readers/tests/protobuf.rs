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

#[path = "protobuf/sound.rs"]
mod sound;

/// Cut off anywhere, or with a token less, nothing panics and every place lies in the text.
#[test]
fn files_that_are_cut_off_are_read_to_their_end() {
    // Every third: the machine has more to do, and a fuzz target does the same all day.
    for program in programs().iter().step_by(3) {
        for text in program.files.values() {
            let ends: Vec<usize> = (0..=text.len()).filter(|end| text.is_char_boundary(*end)).collect();
            let step = (ends.len() / 6).max(1);
            for end in ends.into_iter().step_by(step) {
                sound::assert_sound(&text.as_bytes()[..end]);
                let rest = text.get(end + 1..).unwrap_or_default();
                sound::assert_sound([&text[..end], rest].concat().as_bytes());
            }
        }
    }
}

/// Twenty thousand declarations of different names.
fn many(before: &str, after: &str) -> String {
    (0..20_000).map(|index| format!("{before}{index}{after} ")).collect()
}

/// Nesting without end, and very many declarations and mistakes, take no stack and little time.
#[test]
fn hostile_files_are_read() {
    let deep = [
        "message A {".repeat(10_000),
        format!("option (a) = {}", "{ a ".repeat(10_000)),
        format!("option (a) = {{ a: {}", "[".repeat(10_000)),
        format!("option (a) = {{ a {}", "<b ".repeat(10_000)),
        "{".repeat(100_000),
        "}".repeat(100_000),
        "/*".repeat(100_000),
        "\"\\".repeat(100_000),
        "message A { oneof a {".repeat(5_000),
        format!("message A {{ {} }}", "int32 a = 1;".repeat(20_000)),
        format!("enum A {{ {} }}", "A = 1;".repeat(20_000)),
        format!("message A {{ {} }}", "map<int32, A> a = 1;".repeat(5_000)),
        format!("message A {{ reserved {}0; }}", "1,".repeat(20_000)),
        format!("{}message A {{}}", "import \"a.proto\";".repeat(2_000)),
        // The next free number lies behind half a thousand million that are taken.
        format!("message A {{ {} extensions 1000 to max; }}", "int32 a = 2000;".repeat(200)),
        format!("message A {{ reserved {}\"a\"; }}", "\"a\",".repeat(20_000)),
        format!("message A {{ {} }}", "oneof a {}".repeat(20_000)),
        format!("message A {{ {} }}", many("B", " b = 1;")),
        format!("message A {{}} service B {{ {} }}", many("rpc B", "(A) returns (A);")),
        format!("message A {{ {} }}", many("int32 a_", "__B = 1; int32 aB = 1;")),
    ];
    for text in deep {
        sound::assert_sound(text.as_bytes());
    }
}

/// Files that import each other in a row, each with a message of its own package that uses that
/// of the file before it, and `far` ones if it sees them all.
fn chain(count: usize, word: &str, far: bool) -> BTreeMap<String, String> {
    let one = |index: usize| {
        let (mut import, mut fields) = (String::new(), String::new());
        if let Some(before) = index.checked_sub(1) {
            import = format!("import {word}\"f{before}.proto\";\n");
            fields = format!("p{before}.M before = 1;");
        }
        if far && index > 1 {
            fields += &format!(" p0.M first = 2; p{}.M middle = 3;", index / 2);
        }
        let text = format!("syntax = \"proto3\";\npackage p{index};\n{import}message M {{ {fields} }}\n");
        (format!("f{index}.proto"), text)
    };
    (0..count).map(one).collect()
}

/// S1-63: ten thousand files that import each other in a row are linked, and so are those that
/// pass on all they import: each sees all before it.
#[test]
fn ten_thousand_files() {
    for (word, far) in [("", false), ("public ", true)] {
        let files = chain(10_000, word, far);
        let names: Vec<&str> = files.keys().map(String::as_str).collect();
        let (graph, findings) = read(&files, &names);
        assert!(findings.is_empty(), "{word}: {:?}", findings.first());
        assert_eq!(graph.protobuf.target_files().count(), files.len());
    }
}

/// What lies beyond an import that is not public is not seen, whatever way leads there.
#[test]
fn only_public_imports_pass_on() {
    let mut files = chain(40, "public ", true);
    let text = files.get_mut("f20.proto").unwrap();
    *text = text.replace("import public", "import");
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    let (graph, mut findings) = read(&files, &names);
    findings.sort_by_key(|finding| finding.place);
    let mut said: Vec<String> = Vec::new();
    for finding in &findings {
        let path = &graph.sources.get(finding.place.file).unwrap().path;
        said.push(format!("{path}: {} {}", finding.code.id, finding.message));
    }
    // `f20` sees what `f19` passes on; `f21` and all after it see nothing before `f20`.
    let mut expected: Vec<String> = Vec::new();
    for index in 21..40 {
        let far: &[usize] = if index / 2 < 20 { &[0, index / 2] } else { &[0] };
        for far in far {
            let text = format!("`p{far}.M` is declared in `f{far}.proto`, which this file does not import");
            expected.push(format!("f{index}.proto: IN045 {text}"));
        }
    }
    said.sort();
    expected.sort();
    assert_eq!(said, expected);
}

/// Files that import each other publicly in a circle see each other, and the circle is told.
#[test]
fn circles_of_public_imports_are_one() {
    let mut files = chain(6, "public ", true);
    let text = files.get_mut("f1.proto").unwrap();
    *text = text.replace("message M {", "import public \"f4.proto\";\nmessage M { p3.M ahead = 9;");
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    let (_, findings) = read(&files, &names);
    let codes: Vec<&str> = findings.iter().map(|finding| finding.code.id).collect();
    assert_eq!(codes, ["IN041"], "{findings:#?}");
}

/// The first finding of a program, as people see it.
fn first(files: &[(&str, &str)]) -> (String, u32, String, Option<String>) {
    let files: BTreeMap<String, String> =
        files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    let (graph, mut findings) = read(&files, &["a.proto"]);
    findings.sort_by_key(|finding| finding.place);
    let finding = findings.first().expect("there is a finding");
    let file = graph.sources.get(finding.place.file).unwrap();
    let line = file.locate(finding.place.span.start).line;
    (format!("{} {}", finding.code.id, file.path), line, finding.message.clone(), finding.help.clone())
}

/// Messages name the cause, at its place.
#[test]
fn findings_name_the_cause() {
    let (code, line, message, _) =
        first(&[("a.proto", "syntax = \"proto3\";\nmessage A {\n  int32 a = 1\n  int32 b = 2;\n}\n")]);
    assert_eq!((code.as_str(), line), ("IN001 a.proto", 3));
    assert_eq!(message, "field `a` does not end: a `;` is missing");
    let (_, line, message, _) = first(&[(
        "a.proto",
        "syntax = \"proto3\";\nmessage A {\n  int32 a = 1;\n\nmessage B {\n  int32 b = 1;\n}\n",
    )]);
    assert_eq!((line, message.contains("never closed")), (2, true), "{message}");
    let (_, _, message, help) =
        first(&[("a.proto", "syntax = \"proto3\";\nimport \"google/protobuf/timestmap.proto\";\n")]);
    assert!(message.contains("is not found; looked for in `.`"), "{message}");
    assert_eq!(help.as_deref(), Some("did you mean `google/protobuf/timestamp.proto`?"));
    // What is far off is not what was meant, though most of its letters are the same.
    let text = "syntax = \"proto3\";\nimport \"google/protobuf/extra.proto\";\n";
    let (_, _, _, help) = first(&[("a.proto", text)]);
    assert!(help.unwrap().starts_with("name the folder it counts from"));
    let text = "syntax = \"proto3\";\nimport \"protobuf/any.proto\";\n";
    let (_, _, _, help) = first(&[("a.proto", text)]);
    assert_eq!(help.as_deref(), Some("did you mean `google/protobuf/any.proto`?"));
    let (_, _, _, help) =
        first(&[("a.proto", "syntax = \"proto3\";\nmessage Order {}\nmessage A { Ordr o = 1; }\n")]);
    assert_eq!(help.as_deref(), Some("did you mean `Order`?"));
    let (_, _, message, _) = first(&[
        ("a.proto", "syntax = \"proto3\";\nimport \"b.proto\";\n"),
        ("b.proto", "syntax = \"proto3\";\nimport \"c.proto\";\n"),
        ("c.proto", "syntax = \"proto3\";\nimport \"a.proto\";\n"),
    ]);
    assert!(message.contains("a.proto → b.proto → c.proto → a.proto"), "{message}");
}

/// Modules of `buf.yaml` and `buf.work.yaml` say where imports count from.
#[test]
fn imports_count_from_modules() {
    let a = "syntax = \"proto3\";\nimport \"acme/v1/b.proto\";\nmessage A { B b = 1; }\n";
    let b = "syntax = \"proto3\";\nmessage B {}\n";
    for (config, text) in [
        ("buf.yaml", "version: v2\nmodules:\n  - path: proto\n  - path: vendor\n"),
        ("buf.work.yaml", "version: v1\ndirectories:\n  - proto\n  - vendor\n"),
        ("proto/x/buf.yaml", "version: v1\n"),
    ] {
        let home =
            if config.starts_with("proto/x") { "proto/x/acme/v1/b.proto" } else { "vendor/acme/v1/b.proto" };
        let files: BTreeMap<String, String> = [(config, text), ("proto/x/a.proto", a), (home, b)]
            .map(|(name, text)| (name.to_owned(), text.to_owned()))
            .into();
        let (graph, findings) = read(&files, &["proto/x/a.proto"]);
        assert!(findings.is_empty(), "{config}: {:?}", findings.first());
        assert!(graph.protobuf.file_named("acme/v1/b.proto").is_some(), "{config}");
        let targets: Vec<&str> = graph.protobuf.target_files().map(|(_, file)| &*file.name).collect();
        assert_eq!(targets.len(), 1, "{targets:?}");
    }
}

/// RPCs are operations that contracts speak of, and pointers name declarations.
#[test]
fn rpcs_are_operations() {
    let proto = "syntax = \"proto3\";\npackage a.v1;\n// Says hello.\nmessage Hello {}\nservice Greeter {\n  rpc SayHello(Hello) returns (stream Hello);\n}\n";
    let contract = "tenon: contract/v1\nname: a\nsources: [a.proto]\noperations:\n  hello:\n    rpc: a.v1.Greeter/SayHello\n    owner: team\n";
    let files: BTreeMap<String, String> = [("a.proto", proto), ("contract.yaml", contract)]
        .map(|(name, text)| (name.to_owned(), text.to_owned()))
        .into();
    let (graph, _) = read(&files, &["a.proto", "contract.yaml"]);
    let operation =
        graph.operations.iter().find(|operation| operation.label() == "a.v1.Greeter/SayHello").unwrap();
    assert_eq!(graph.node(operation.at).pointer(), "/Greeter/SayHello");
    assert!(operation.rpc.as_ref().unwrap().types.unwrap().server_streaming);
    assert_eq!(operation.governance.owner.as_ref().map(|owner| owner.text.as_str()), Some("team"));
    let hello = graph.protobuf.message(graph.protobuf.find_message("a.v1.Hello").unwrap());
    let span = graph.node(hello.at).span();
    let file = graph.sources.get(hello.at.file).unwrap();
    let comments = tenon_graph::protobuf::comments_of(file, span.start, hello.head_end);
    assert_eq!(comments.leading_text(file), " Says hello.\n");
}
