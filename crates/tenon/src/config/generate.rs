//! The entries `gen` of `tenon.toml`: what is written from the contracts.

use tenon_source::Span;
use toml::de::DeTable;

use super::read::{Wrong, text, texts};
use crate::catalogue;
use crate::commands::generate::ALL;

/// An output as configured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generate {
    /// The target.
    pub target: String,
    /// Its file or folder, from the folder of the configuration.
    pub output: String,
    /// The contracts, from there; empty for all of them.
    pub paths: Vec<String>,
}

impl Generate {
    /// Whether a file is one that the entry writes; `path` is relative to the configuration.
    pub fn writes(&self, path: &str) -> bool {
        let own = self.output.trim_end_matches('/');
        path.strip_prefix(own).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

/// What the entries say, and what is wrong with them.
pub(super) fn read(root: &DeTable<'_>) -> (Vec<Generate>, Vec<Wrong>) {
    let mut entries: Vec<Generate> = Vec::new();
    let mut wrong = Vec::new();
    let list = root.get("gen").and_then(|value| value.get_ref().as_array());
    let tables = list.into_iter().flat_map(|list| list.iter()).filter_map(|item| item.get_ref().as_table());
    for table in tables {
        let (Some((target, at)), Some((output, place))) = (text(table, "target"), text(table, "output"))
        else {
            continue;
        };
        if target != ALL && tenon_emitters::target(target).is_none() {
            wrong.push(unknown(target, at));
            continue;
        }
        let output = tenon_graph::join_path("", output);
        let is_outside =
            output.is_empty() || output == ".." || output.starts_with("../") || output.starts_with('/');
        if is_outside {
            let message = "`output` is no place below the folder of this file".to_owned();
            wrong.push((place, message, "such as `gen/openapi.json`".to_owned()));
            continue;
        }
        let is_shared = |other: &Generate| {
            let tables = [(&other.output, &output), (&output, &other.output)];
            tables.iter().any(|(own, path)| {
                path.strip_prefix(own.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            })
        };
        if let Some(other) = entries.iter().find(|other| is_shared(other)) {
            let message = format!("`{output}` is written by `{}` already", other.target);
            wrong.push((place, message, "give each output a place of its own".to_owned()));
            continue;
        }
        let paths = texts(table, "paths").into_iter().map(|(path, _)| path.to_owned()).collect();
        entries.push(Generate { target: target.to_owned(), output, paths });
    }
    (entries, wrong)
}

fn unknown(target: &str, at: Span) -> Wrong {
    let names = || tenon_emitters::TARGETS.iter().map(|target| target.name).chain([ALL]);
    let help = catalogue::nearest(target, names()).map_or_else(
        || format!("known are {}", names().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")),
        |near| format!("did you mean `{near}`?"),
    );
    (at, format!("there is no target `{target}`"), help)
}
