//! Documents that are hard on a language: names that mean something in it, texts that would end a
//! comment or a string, types that hold themselves; and real ones, where they are here.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::drive::{generate, hostile, packs, run};
use crate::{go, python, rust, typescript};

/// What is written of a contract, by path.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut out = BTreeMap::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else {
                out.insert(path.display().to_string(), std::fs::read(&path).expect("a file"));
            }
        }
    }
    out
}

/// S1-35: the same contract gives the same bytes, each time and in any folder; no tool path and no
/// time stands in them.
#[test]
fn clients_are_the_same_each_time() {
    for (name, contract) in packs().into_iter().chain([("hostile", hostile())]) {
        let (one, other) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        for language in ["typescript", "python", "go", "rust"] {
            let (one, other) = (one.path().join(language), other.path().join(language));
            generate(language, &contract, &one);
            generate(language, &contract, &other);
            let strip = |folder: &Path| -> BTreeMap<String, Vec<u8>> {
                let all = files(folder).into_iter();
                let base = folder.display().to_string();
                all.map(|(path, bytes)| (path.replace(&base, ""), bytes)).collect()
            };
            let (one, other) = (strip(&one), strip(&other));
            assert_eq!(one, other, "{name} in {language}");
            assert!(!one.is_empty());
            for (path, bytes) in &one {
                let text = String::from_utf8_lossy(bytes);
                assert!(!text.contains(env!("CARGO_MANIFEST_DIR")), "{path} names a place of this machine");
                assert!(path.ends_with("py.typed") || !text.is_empty(), "{path} is empty");
            }
        }
    }
}

#[test]
fn hostile_names_compile_in_typescript() {
    let folder = tempfile::tempdir().expect("a folder");
    typescript::install(folder.path());
    generate("typescript", &hostile(), &folder.path().join("hostile"));
    typescript::compile(folder.path(), "hostile");
    // Loading it runs nothing of what the texts say.
    let script =
        "import('./hostile/dist/index.js').then((all) => { if (typeof all.Client !== 'function') throw 1; })";
    run(Command::new("node").current_dir(folder.path()).args(["-e", script]));
}

#[test]
fn hostile_names_compile_in_python() {
    let folder = tempfile::tempdir().expect("a folder");
    python::install(folder.path());
    generate("python", &hostile(), folder.path());
    run(Command::new(folder.path().join("tools/bin/mypy"))
        .current_dir(folder.path())
        .args(["--strict", "class_client"]));
    run(Command::new("python3")
        .current_dir(folder.path())
        .args(["-c", "import class_client; class_client.Client"]));
}

#[test]
fn hostile_names_compile_in_go() {
    let folder = tempfile::tempdir().expect("a folder");
    generate("go", &hostile(), folder.path());
    run(go::go(folder.path()).args(["vet", "./..."]));
}

#[test]
fn hostile_names_compile_in_rust() {
    let folder = tempfile::tempdir().expect("a folder");
    generate("rust", &hostile(), folder.path());
    run(rust::cargo(folder.path()).args(["check", "--quiet", "--no-default-features"]));
}

/// Documents of others: those in the folder `TENON_REAL_DOCUMENTS`, with names that end in `.json` or
/// `.yaml`.
fn real() -> Vec<PathBuf> {
    let Some(folder) = std::env::var_os("TENON_REAL_DOCUMENTS").map(PathBuf::from) else {
        println!("not run: TENON_REAL_DOCUMENTS does not name a folder of OpenAPI documents");
        return Vec::new();
    };
    let entries = std::fs::read_dir(&folder).expect("the folder can be read").flatten();
    let mut out: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|end| end == "json" || end == "yaml"))
        .collect();
    out.sort();
    out
}

#[test]
fn real_documents_compile_in_every_language() {
    for document in real() {
        let folder = tempfile::tempdir().expect("a folder");
        let folder = folder.path();
        for language in ["typescript", "python", "go", "rust"] {
            generate(language, &document, &folder.join(language));
        }
        typescript::install(folder);
        typescript::compile(folder, "typescript");
        run(Command::new("python3").current_dir(folder).args(["-m", "compileall", "-q", "python"]));
        run(go::go(&folder.join("go")).args(["vet", "./..."]));
        run(rust::cargo(&folder.join("rust")).args(["check", "--quiet", "--no-default-features"]));
        println!("compiled in every language: {}", document.display());
    }
}
