//! The official JSON Schema test suite through our trees, lowering and references.
//!
//! The suite is not kept here. `TENON_JSON_SCHEMA_TEST_SUITE` names a checkout of
//! json-schema-org/JSON-Schema-Test-Suite; without it the test says that it did not run. Tests
//! that fail are listed in `suite_xfail.md` with the reason, and the score is the last section
//! there: a test that starts or stops failing fails this one.

#![expect(clippy::unwrap_used, reason = "a checkout of the suite that cannot be read fails the test")]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tenon_graph::Dialect;
use tenon_schemas::{Direction, Key, Validators};

const DRAFTS: [(&str, Dialect); 5] = [
    ("draft4", Dialect::Draft4),
    ("draft6", Dialect::Draft6),
    ("draft7", Dialect::Draft7),
    ("draft2019-09", Dialect::Draft201909),
    ("draft2020-12", Dialect::Draft202012),
];

#[test]
fn official_suite() {
    let Some(suite) = std::env::var_os("TENON_JSON_SCHEMA_TEST_SUITE").map(PathBuf::from) else {
        println!("not run: TENON_JSON_SCHEMA_TEST_SUITE names no checkout of the suite");
        return;
    };
    let remotes = remotes(&suite.join("remotes"));
    let mut failed: BTreeSet<String> = BTreeSet::new();
    let mut score = String::new();
    for (name, dialect) in DRAFTS {
        let (mut passed, mut total) = (0_usize, 0_usize);
        for (file, groups) in groups(&suite.join("tests").join(name)) {
            for group in groups.as_array().unwrap() {
                for (test, good) in run(group, dialect, &remotes) {
                    total += 1;
                    passed += usize::from(good);
                    if !good {
                        failed.insert(format!("{name}/{file}: {}: {test}", text(group, "description")));
                    }
                }
            }
        }
        writeln!(score, "{name} {passed}/{total}").unwrap();
    }
    let page =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite_xfail.md")).unwrap();
    let known: BTreeSet<String> =
        page.lines().filter_map(|line| line.strip_prefix("- ")).map(str::to_owned).collect();
    let new: Vec<&String> = failed.difference(&known).collect();
    let gone: Vec<&String> = known.difference(&failed).collect();
    assert!(new.is_empty() && gone.is_empty(), "fails now:\n{new:#?}\npasses now:\n{gone:#?}\n{score}");
    assert!(page.contains(&score), "the score is now:\n{score}");
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn groups(folder: &Path) -> BTreeMap<String, Value> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = entries.filter(|path| path.extension().is_some_and(|extension| extension == "json"));
    files
        .map(|path| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            (name, serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap())
        })
        .collect()
}

/// The suite's remote schemas, each with the URL it is served under as its `$id`.
fn remotes(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder_now) = open.pop() {
        for path in std::fs::read_dir(&folder_now).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let relative = path.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
            let mut schema: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
            if let Some(object) = schema.as_object_mut()
                && !object.contains_key("$id")
                && !object.contains_key("id")
            {
                object.insert("$id".to_owned(), Value::from(format!("http://localhost:1234/{relative}")));
            }
            found.push((format!("remotes/{relative}"), schema.to_string()));
        }
    }
    found.sort();
    found
}

/// The tests of a group, and whether each comes out as the suite says.
fn run(group: &Value, dialect: Dialect, remotes: &[(String, String)]) -> Vec<(String, bool)> {
    let schema = group.get("schema").unwrap().to_string();
    let tests = group.get("tests").and_then(Value::as_array).unwrap();
    let mut files = vec![("schema.json".to_owned(), schema.clone())];
    for (index, test) in tests.iter().enumerate() {
        files.push((format!("value{index}.json"), test.get("data").unwrap().to_string()));
    }
    if schema.contains("localhost:1234") {
        files.extend(remotes.iter().cloned());
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let graph = common::graph(&files);
    let validators = Validators::new(&graph);
    let key = Key { at: common::at(&graph, 0, ""), dialect, direction: Direction::Whole };
    let outcome = |(index, test): (usize, &Value)| {
        let value = common::at(&graph, u32::try_from(index).unwrap() + 1, "");
        let valid = validators.is_valid(key, value);
        assert_eq!(valid, validators.failures(key, value).is_empty(), "{group}");
        (text(test, "description").to_owned(), Some(valid) == test.get("valid").and_then(Value::as_bool))
    };
    tests.iter().enumerate().map(outcome).collect()
}
