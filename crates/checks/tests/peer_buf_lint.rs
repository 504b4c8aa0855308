//! Our findings against those of `buf lint`, on the examples of the pages of our own rules.
//!
//! `TENON_BUF` names the program; without it nothing is compared, and that is said.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use tenon_checks::rules;
use tenon_source::Level;
use tenon_testkit::{MemoryFiles, parse_cases, run_files};

/// Rule, file and line of a finding.
type Found = BTreeSet<(String, String, u64)>;

/// Every rule of ours that is one of `buf lint`, by the name it has there.
fn names() -> Vec<(&'static str, &'static str)> {
    let name = |rule: &'static tenon_checks::Rule| {
        let alias = rule.code.aliases.iter().find_map(|alias| alias.strip_prefix("buf:"))?;
        Some((rule.code.id, alias))
    };
    rules::all().filter_map(name).filter(|(id, _)| id.starts_with("PB")).collect()
}

/// A `buf.yaml` that asks for all of them. `FIELD_NO_DESCRIPTOR` is known in the first version only.
fn all_rules() -> String {
    let names = names().into_iter().map(|(_, name)| name).filter(|name| *name != "FIELD_NO_DESCRIPTOR");
    format!("version: v2\nlint:\n  use: [{}]\n", names.collect::<Vec<_>>().join(", "))
}

fn write(folder: &Path, files: &MemoryFiles) {
    for (path, text) in &files.0 {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

/// What `buf` finds; `Err` with what it says where it cannot build the files or read its settings.
fn theirs(buf: &Path, folder: &Path) -> Result<Found, String> {
    let output =
        Command::new(buf).args(["lint", "--error-format", "json"]).current_dir(folder).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if !matches!(output.status.code(), Some(0 | 100)) {
        return Err(said);
    }
    let mut found = Found::new();
    for line in text.lines() {
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        let rule = value["type"].as_str().unwrap().to_owned();
        if rule == "COMPILE" {
            return Err(text);
        }
        let path = value["path"].as_str().unwrap_or_default().to_owned();
        found.insert((rule, path, value["start_line"].as_u64().unwrap_or(1)));
    }
    Ok(found)
}

#[test]
fn peer_buf_lint_finds_the_same_on_our_pages() {
    let Some(buf) = std::env::var_os("TENON_BUF").map(PathBuf::from) else {
        println!("did not run: TENON_BUF does not name the program `buf`");
        return;
    };
    let folder = std::env::temp_dir().join(format!("tenon-buf-lint-{}", std::process::id()));
    let names = names();
    let (mut compared, mut refused, mut findings) = (0, 0, 0);
    let mut differ = Vec::new();
    for rule in rules::all().filter(|rule| rule.code.id.starts_with("PB")) {
        for (index, mut case) in parse_cases(rule.doc).into_iter().enumerate() {
            // A plugin is a program of its own.
            let said = case.files.0.get("buf.yaml").map(|text| String::from_utf8_lossy(text).into_owned());
            if said.is_some_and(|text| text.contains("plugins:")) {
                continue;
            }
            if !case.files.0.keys().any(|path| path.ends_with("buf.yaml")) {
                case.files.0.insert("buf.yaml".to_owned(), all_rules().into_bytes());
            }
            if !case.files.0.keys().any(|path| path.ends_with(".proto")) {
                let text = "syntax = \"proto3\";\npackage acme.v1;\n";
                case.files.0.insert("acme/v1/empty.proto".to_owned(), text.as_bytes().to_vec());
            }
            let title = format!("{} {index} {}", rule.code.id, case.title);
            let outcome = run_files(&case.files, None, &|id| id.starts_with("PB"));
            let mut ours = Found::new();
            let mut errors = Vec::new();
            for finding in &outcome.findings {
                let file = outcome.graph.sources.get(finding.place.file).unwrap();
                let line = u64::from(file.locate(finding.place.span.start).line);
                match names.iter().find(|(id, _)| *id == finding.code.id) {
                    Some((_, name)) => drop(ours.insert(((*name).to_owned(), file.path.clone(), line))),
                    None if finding.level == Level::Error => errors.push(finding.code.id),
                    None => {}
                }
            }
            let own = folder.join(format!("{}-{index}", rule.code.id));
            write(&own, &case.files);
            match theirs(&buf, &own) {
                Ok(theirs) if errors.is_empty() => {
                    compared += 1;
                    findings += theirs.len();
                    let only = |a: &Found, b: &Found| a.difference(b).cloned().collect::<Vec<_>>();
                    if ours != theirs {
                        let (mine, other) = (only(&ours, &theirs), only(&theirs, &ours));
                        differ.push(format!("{title}\n  only here: {mine:?}\n  only buf: {other:?}"));
                    }
                }
                Ok(_) => differ.push(format!("{title}\n  buf takes it, here: {errors:?}")),
                Err(_) if !errors.is_empty() => refused += 1,
                Err(said) => differ.push(format!("{title}\n  taken here, buf: {said}")),
            }
        }
    }
    std::fs::remove_dir_all(&folder).unwrap();
    println!("{compared} examples compared, {findings} findings of buf; both refuse {refused} more");
    assert!(compared > 0, "no example was compared");
    assert!(differ.is_empty(), "{} differ:\n{}", differ.len(), differ.join("\n"));
}
