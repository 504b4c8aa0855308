//! `tenon gen`: what is written from the packs is the same each time, passes the validators of each
//! format, and says what the pack says.
//!
//! The tests of `outside` install validators with `npm` and `python3 -m venv`; where they cannot, they
//! fail. Those of `pages` need `TENON_CHROMIUM`, and say that they did not run where it names none.

#[path = "../served/chromium.rs"]
mod chromium;
mod documents;
mod openapi;
mod outside;
mod pages;
mod pinned;
mod refusals;
mod round;
mod routes;
mod scripts;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The packs.
const PACKS: [&str; 4] = ["swap", "sales", "dome", "foundry"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn tenon(arguments: &[&str]) -> Output {
    tenon_in(&root(), arguments)
}

fn tenon_in(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tenon"))
        .current_dir(folder)
        .args(arguments)
        .output()
        .expect("tenon runs")
}

/// What a target prints, twice the same.
fn printed(target: &str, path: &str) -> String {
    let output = tenon(&["gen", target, path]);
    assert!(output.status.success(), "{target} of {path}: {}", stderr(&output));
    let again = tenon(&["gen", target, path]);
    assert_eq!(output.stdout, again.stdout, "{target} of {path}: the same graph gives the same bytes");
    String::from_utf8(output.stdout).expect("it is text")
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A copy of a pack that may be written into.
fn copy(pack: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    copy_into(&root().join("contracts").join(pack), folder.path());
    folder
}

fn copy_into(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("it is made");
    for entry in std::fs::read_dir(from).expect("it is there").flatten() {
        let target = to.join(entry.file_name());
        match entry.path().is_dir() {
            true => copy_into(&entry.path(), &target),
            false => drop(std::fs::copy(entry.path(), target).expect("it is copied")),
        }
    }
}

/// Every file below a folder, by its path from there.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut out = BTreeMap::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(next) = open.pop() {
        for entry in std::fs::read_dir(&next).expect("it is there").flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let name = path.strip_prefix(folder).expect("it is below").to_string_lossy().into_owned();
            out.insert(name, std::fs::read(&path).expect("it is read"));
        }
    }
    out
}

/// Everything that can be written of a pack, in a folder that goes away with the value.
fn everything(pack: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = copy(pack);
    let out = folder.path().join("generated");
    let output = tenon_in(folder.path(), &["gen", "all", "--output", "generated"]);
    assert!(output.status.success(), "{pack}: {}", stderr(&output));
    (folder, out)
}
