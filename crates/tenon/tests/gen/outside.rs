//! The validators of others.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use serde_json::Value;

use super::{PACKS, everything, root};

/// The validator of OpenAPI that is installed, with its version.
const OPENAPI: &str = "openapi-spec-validator==0.7.2";

/// The parser of the AsyncAPI initiative.
const ASYNCAPI: &str = "@asyncapi/parser@3.6.3";

/// Where validators are installed; kept between runs.
fn place(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

/// Runs a command that must succeed.
fn must(command: &mut Command, what: &str) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{what}: {error}"));
    let said =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{what}: {said}");
    said
}

/// Python with the validator of OpenAPI.
fn python() -> &'static Path {
    static PYTHON: OnceLock<PathBuf> = OnceLock::new();
    PYTHON.get_or_init(|| {
        let folder = place("openapi-validator");
        let python = folder.join("bin/python");
        let mark = folder.join(OPENAPI);
        if !mark.is_file() {
            must(Command::new("python3").args(["-m", "venv"]).arg(&folder), "a Python environment");
            let mut pip = Command::new(&python);
            must(
                pip.args(["-m", "pip", "install", "--quiet", OPENAPI]),
                "installing the validator of OpenAPI",
            );
            fs::write(&mark, "").expect("it is written");
        }
        python
    })
}

/// A folder of Node with the parser of AsyncAPI.
fn node() -> &'static Path {
    static NODE: OnceLock<PathBuf> = OnceLock::new();
    NODE.get_or_init(|| {
        let folder = place("asyncapi-parser");
        let mark = folder.join("installed");
        if fs::read_to_string(&mark).ok().as_deref() != Some(ASYNCAPI) {
            fs::create_dir_all(&folder).expect("it is made");
            fs::write(folder.join("package.json"), "{\"private\": true}").expect("it is written");
            let mut npm = Command::new("npm");
            npm.current_dir(&folder).args([
                "install",
                "--no-audit",
                "--no-fund",
                "--ignore-scripts",
                ASYNCAPI,
            ]);
            must(&mut npm, "installing the parser of AsyncAPI");
            fs::write(&mark, ASYNCAPI).expect("it is written");
        }
        fs::write(
            folder.join("parse.cjs"),
            "const { Parser, fromFile } = require('@asyncapi/parser');\n\
             (async () => {\n\
               const { document, diagnostics } = await fromFile(new Parser(), process.argv[2]).parse();\n\
               const errors = diagnostics.filter((one) => one.severity === 0);\n\
               for (const one of errors) console.log(one.code, one.path.join('.'), one.message);\n\
               if (!document || errors.length > 0) process.exit(1);\n\
               console.log('channels', document.channels().length, 'messages', document.messages().length);\n\
             })();\n",
        )
        .expect("it is written");
        folder
    })
}

/// The schema that the OpenAPI initiative publishes for version 3.1.
fn official(document: &Value) {
    let path = root().join("crates/checks/tests/official/openapi-3.1.json");
    let schema: Value = serde_json::from_slice(&fs::read(path).expect("it is there")).expect("it is JSON");
    let validator = jsonschema::validator_for(&schema).expect("it is a schema");
    let errors: Vec<String> =
        validator.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert_eq!(errors, Vec::<String>::new());
}

/// Issue 5: emitted OpenAPI passes the official schema and a validator of others.
#[test]
fn openapi_passes() {
    let mut count = 0;
    for pack in PACKS {
        let (_folder, out) = everything(pack);
        let path = out.join("openapi.json");
        if !path.is_file() {
            assert_eq!(pack, "dome", "only `dome` has no HTTP binding");
            continue;
        }
        official(&serde_json::from_slice(&fs::read(&path).expect("it is read")).expect("it is JSON"));
        let mut validator = Command::new(python());
        must(validator.args(["-m", "openapi_spec_validator"]).arg(&path), pack);
        count += 1;
    }
    assert_eq!(count, 3);
}

/// Issue 5: emitted AsyncAPI passes the parser of the AsyncAPI initiative.
#[test]
fn asyncapi_passes() {
    let wanted = [
        ("swap", "channels 3 messages 3"),
        ("sales", "channels 7 messages 7"),
        ("dome", "channels 1 messages 1"),
    ];
    for (pack, said) in wanted {
        let (_folder, out) = everything(pack);
        let mut parser = Command::new("node");
        let parser = parser.current_dir(node()).arg("parse.cjs").arg(out.join("asyncapi.json"));
        assert!(must(parser, pack).contains(said), "{pack}");
    }
}

/// S1-62, issue 5: emitted Protobuf compiles with the compiler of others.
#[test]
fn protobuf_compiles() {
    for pack in PACKS {
        let (_folder, out) = everything(pack);
        assert_eq!(compiled(&out.join("proto")), 1, "{pack}");
    }
}

/// How many files below a folder compile: all of them must.
pub(super) fn compiled(folder: &Path) -> usize {
    let files = super::files(folder);
    let names = files.keys().filter(|name| name.ends_with(".proto"));
    let names: Vec<PathBuf> = names.map(|name| folder.join(name)).collect();
    let mut compiler = protox::Compiler::new([folder]).expect("a folder");
    compiler.open_files(&names).unwrap_or_else(|error| panic!("{}: {error:?}", folder.display()));
    names.len()
}

/// The documents of real projects, written in every format there is something for.
#[test]
fn real_projects_pass_too() {
    let real = root().join("../shared/real");
    if !real.is_dir() {
        println!("did not run: {} is not there", real.display());
        return;
    }
    let projects =
        ["swapgraph", "dome/schemas", "service-contracts/foundry-v45", "service-contracts/foundry-v47"];
    for project in projects {
        let folder = tempfile::tempdir().expect("a folder");
        super::copy_into(&real.join(project), &folder.path().join("project"));
        let output = super::tenon_in(folder.path(), &["gen", "all", "project", "--output", "out"]);
        assert!(output.status.success(), "{project}: {}", super::stderr(&output));
        let out = folder.path().join("out");
        if out.join("openapi.json").is_file() {
            let text = fs::read(out.join("openapi.json")).expect("it is read");
            official(&serde_json::from_slice(&text).expect("it is JSON"));
            let mut validator = Command::new(python());
            must(validator.args(["-m", "openapi_spec_validator"]).arg(out.join("openapi.json")), project);
        }
        if out.join("asyncapi.json").is_file() {
            let mut parser = Command::new("node");
            must(parser.current_dir(node()).arg("parse.cjs").arg(out.join("asyncapi.json")), project);
        }
        if out.join("proto").is_dir() {
            assert_eq!(compiled(&out.join("proto")), 1, "{project}");
        }
        assert!(out.join("html/index.html").is_file(), "{project}");
        for (target, name) in
            [("openapi", "openapi.json"), ("asyncapi", "asyncapi.json"), ("jsonschema", "schemas.json")]
        {
            if out.join(name).is_file() {
                super::round::again(target, &out.join(name));
            }
        }
    }
}
