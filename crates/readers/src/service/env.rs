//! The environment manifest: version 1 with a list for each need, version 2 with one list.

use tenon_graph::Name;
use tenon_graph::service::{EnvManifest, EnvVariable};
use tenon_source::{FileId, Sources};

use super::names::{at, entries, scalar, text};

/// The members that hold variables.
const LISTS: &[&str] = &["variables", "required", "conditionallyRequired", "optional"];

/// Reads a manifest.
pub(super) fn read(file: FileId, sources: &Sources) -> Option<EnvManifest> {
    let root = sources.get(file)?.tree.root();
    let lists = LISTS.iter().filter_map(|key| root.get(key)).flat_map(entries);
    let variables = lists
        .filter_map(|(key, entry)| {
            let name = match key {
                Some(key) => Name::new(key, at(file, entry)),
                None => text(file, entry, "name").or_else(|| Name::read(file, entry))?,
            };
            let default = entry.get("default").or_else(|| entry.get("defaultValue"));
            Some(EnvVariable {
                at: at(file, entry),
                name,
                default: default.and_then(|value| scalar(file, value)),
            })
        })
        .collect();
    Some(EnvManifest { file, root: at(file, root), variables })
}
