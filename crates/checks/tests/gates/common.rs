//! The gates' base contract and its mutants, as `gates/mutants.json` has them.

use std::collections::BTreeMap;

use serde_json::Value;
use tenon_checks::gates::{RepositoryFile, RepositoryFiles};
use tenon_graph::service::ScriptFacts;

/// The base contract with its mutants.
pub struct Suite {
    pub data: Value,
}

/// One mutant, ready to be looked at.
pub struct Mutant {
    pub name: String,
    pub data: Value,
    /// The text of the contract; `None` where there is no such file.
    pub contract: Option<String>,
    /// The manifests beside it, by file name.
    pub manifests: BTreeMap<String, String>,
    /// The files of the repository, by path.
    pub files: BTreeMap<String, String>,
}

pub fn suite() -> Suite {
    let data: Value = serde_json::from_str(include_str!("mutants.json")).unwrap();
    Suite { data }
}

pub fn texts(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().map(|text| text.as_str().unwrap().to_owned()).collect()
}

impl Suite {
    pub fn mutants(&self) -> Vec<Mutant> {
        let mutants: Vec<Mutant> =
            self.data["mutants"].as_array().unwrap().iter().map(|data| self.mutant(data)).collect();
        assert!(mutants.len() > 150, "only {} mutants were found", mutants.len());
        mutants
    }

    fn mutant(&self, data: &Value) -> Mutant {
        let base = &self.data["base"];
        let document = |name: &str, patch: &str| {
            let mut document = base[name].clone();
            for operation in data[patch].as_array().into_iter().flatten() {
                apply(&mut document, operation);
            }
            serde_json::to_string_pretty(&document).unwrap()
        };
        let contract = match (data["raw"].as_str(), data["contract"].as_str()) {
            (_, Some("absent")) => None,
            (Some(raw), _) => Some(raw.to_owned()),
            (None, _) => Some(document("contract", "patch")),
        };
        let manifests = [
            ("data-relationships.json", "data"),
            ("scope-manifest.json", "scope"),
            ("env-manifest.json", "env"),
        ];
        let manifests =
            manifests.into_iter().map(|(file, name)| (file.to_owned(), document(name, name))).collect();
        let mut files = BTreeMap::new();
        for (path, text) in
            [&base["files"], &data["files"]].into_iter().filter_map(Value::as_object).flatten()
        {
            match text.as_str() {
                Some(text) => drop(files.insert(path.clone(), text.to_owned())),
                None => drop(files.remove(path)),
            }
        }
        Mutant {
            name: data["name"].as_str().unwrap().to_owned(),
            data: data.clone(),
            contract,
            manifests,
            files,
        }
    }
}

impl Mutant {
    /// The files as the gates see them.
    pub fn repository(&self, read: &dyn Fn(&str, &str) -> Option<ScriptFacts>) -> RepositoryFiles {
        let mut files = RepositoryFiles::default();
        for (path, text) in &self.files {
            files.insert(path, RepositoryFile { text: text.clone(), script: read(path, text) });
        }
        files
    }
}

/// One operation of RFC 6902: `add`, `replace` or `remove`.
fn apply(document: &mut Value, operation: &Value) {
    let path = operation["path"].as_str().unwrap();
    let (parent, last) = path.rsplit_once('/').unwrap();
    let parent = document.pointer_mut(parent).unwrap_or_else(|| panic!("nothing at {path}"));
    let value = operation["value"].clone();
    match (operation["op"].as_str().unwrap(), parent) {
        ("add", Value::Array(items)) if last == "-" => items.push(value),
        ("add", Value::Array(items)) => items.insert(last.parse().unwrap(), value),
        ("remove", Value::Array(items)) => drop(items.remove(last.parse().unwrap())),
        ("replace", Value::Array(items)) => items[last.parse::<usize>().unwrap()] = value,
        ("remove", Value::Object(members)) => drop(members.shift_remove(last).unwrap()),
        ("replace", Value::Object(members)) => members[last] = value,
        ("add", Value::Object(members)) => drop(members.insert(last.to_owned(), value)),
        (name, _) => panic!("cannot {name} at {path}"),
    }
}
