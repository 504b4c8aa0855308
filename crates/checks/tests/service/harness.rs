//! The pack `foundry` in memory, and changes of it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tenon_checks::{Context, Settings};
use tenon_graph::Graph;
use tenon_source::Level;
use tenon_testkit::{MemoryFiles, run_files};

/// The project's root.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The files of a pack by their short names: `contract`, `scope`, `model`, `env`.
#[derive(Clone)]
pub struct Pack {
    pub files: BTreeMap<&'static str, Value>,
    pub previous: Option<Value>,
}

/// Short name and path of each file.
const FILES: [(&str, &str); 4] = [
    ("contract", "docs/service-contracts.json"),
    ("scope", "docs/scope-manifest.json"),
    ("model", "docs/data-relationships.json"),
    ("env", "docs/env-manifest.json"),
];

impl Pack {
    /// The pack as it is committed.
    pub fn foundry() -> Self {
        let folder = root().join("contracts/foundry");
        let files = FILES.iter().map(|(name, path)| {
            let text = std::fs::read_to_string(folder.join(path)).expect("the pack is there");
            (*name, serde_json::from_str(&text).expect("the pack is JSON"))
        });
        Self { files: files.collect(), previous: None }
    }

    fn memory(&self) -> MemoryFiles {
        let files = FILES.iter().filter_map(|(name, path)| {
            let value = self.files.get(name)?;
            Some(((*path).to_owned(), serde_json::to_vec_pretty(value).expect("JSON")))
        });
        MemoryFiles(files.collect())
    }

    /// Every finding as `SC01 POST /api/users`, with its level in front unless it is an error (S4-136: each
    /// has a stable id, a level, a pointer and a help text);
    /// sorted.
    pub fn findings(&self) -> Vec<String> {
        let previous = self.previous.as_ref().map(|value| {
            let bytes = serde_json::to_vec_pretty(value).expect("JSON");
            MemoryFiles(BTreeMap::from([("docs/service-contracts.json".to_owned(), bytes)]))
        });
        let outcome = run_files(&self.memory(), previous.as_ref(), &|id| id.starts_with("SC"));
        let mut out: Vec<String> = outcome
            .findings
            .iter()
            .map(|finding| {
                let level = match finding.level {
                    Level::Error => String::new(),
                    level => format!("{} ", level.as_str()),
                };
                let at = finding.operation.clone().or(finding.pointer.clone()).unwrap_or_default();
                assert!(finding.help.is_some(), "{} has no help: {}", finding.code.id, finding.message);
                assert!(finding.pointer.is_some(), "{} has no pointer", finding.code.id);
                format!("{level}{} {}", finding.code.id, if at.is_empty() { "/" } else { &at })
            })
            .collect();
        out.sort();
        out
    }

    /// The graph of the pack.
    pub fn graph(&self) -> Graph {
        run_files(&self.memory(), None, &|_| false).graph
    }

    /// The scans of the pack.
    pub fn scans(&self) -> tenon_checks::scans::Scans {
        let graph = self.graph();
        let settings = Settings::default();
        tenon_checks::scans::run(&Context::new(&graph, None, &settings))
    }

    /// Does one change: `set`, `del` or `add`, at a place, with a value.
    pub fn change(&mut self, verb: &str, file: &str, place: &str, value: Option<Value>) {
        if verb == "keep-previous" {
            self.previous = self.files.get("contract").cloned();
            return;
        }
        if verb == "drop-file" {
            self.files.retain(|name, _| *name != file);
            return;
        }
        let document = self.files.get_mut(file).unwrap_or_else(|| panic!("no file {file}"));
        let pointer = pointer(document, place);
        let (parent, last) = pointer.rsplit_once('/').expect("a pointer below the root");
        let owner = document.pointer_mut(parent).unwrap_or_else(|| panic!("nothing at {parent} for {place}"));
        match (verb, owner) {
            ("set", Value::Object(members)) => drop(members.insert(last.to_owned(), value.expect("a value"))),
            ("set", Value::Array(items)) => {
                let index: usize = last.parse().expect("an index");
                *items.get_mut(index).unwrap_or_else(|| panic!("no item {place}")) = value.expect("a value");
            }
            ("add", Value::Array(items)) => items.push(value.expect("a value")),
            ("del", Value::Object(members)) => {
                assert!(members.shift_remove(last).is_some(), "nothing to delete at {place}");
            }
            ("del", Value::Array(items)) => drop(items.remove(last.parse().expect("an index"))),
            (verb, _) => panic!("cannot {verb} at {place}"),
        }
    }
}

/// `POST /api/users@status` is a member of that endpoint, `POST /api/users#rbac` one of its
/// `serviceContract`, `POST /api/users` itself; `users.role/type` a member of that column; all else
/// is a pointer.
fn pointer(document: &Value, place: &str) -> String {
    if place.starts_with('/') {
        return place.to_owned();
    }
    if let Some((method, rest)) = place.split_once(' ') {
        let (path, member) = match rest.find(['@', '#']) {
            Some(at) => rest.split_at(at),
            None => (rest, ""),
        };
        let endpoints = document["endpoints"].as_array().expect("endpoints");
        let index = endpoints.iter().position(|one| one["method"] == method && one["path"] == path);
        let index = index.unwrap_or_else(|| panic!("no endpoint {method} {path}"));
        let below = member.replacen('@', "/", 1).replacen('#', "/serviceContract/", 1);
        return format!("/endpoints/{index}{below}");
    }
    let (table, rest) = place.split_once('.').unwrap_or_else(|| panic!("what is {place}?"));
    let (column, member) =
        rest.split_once('/').map_or((rest, String::new()), |(column, member)| (column, format!("/{member}")));
    let tables = document["tables"].as_array().expect("tables");
    let t = tables.iter().position(|one| one["name"] == table).unwrap_or_else(|| panic!("no table {table}"));
    let columns = tables[t]["columns"].as_array().expect("columns");
    let c =
        columns.iter().position(|one| one["name"] == column).unwrap_or_else(|| panic!("no column {column}"));
    format!("/tables/{t}/columns/{c}{member}")
}
