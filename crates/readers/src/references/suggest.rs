//! What a broken reference may mean.

use tenon_source::{Node, Sources, escape_token, nearest};

/// Where schemas are kept, by the standard.
const SCHEMA_HOMES: [&str; 3] = ["components/schemas", "definitions", "$defs"];

/// Where other elements are kept: OpenAPI, then Swagger 2, then AsyncAPI.
const OTHER_HOMES: [&str; 21] = [
    "components/parameters",
    "components/responses",
    "components/requestBodies",
    "components/headers",
    "components/examples",
    "components/links",
    "components/callbacks",
    "components/pathItems",
    "parameters",
    "responses",
    "components/messages",
    "components/messageTraits",
    "components/operationTraits",
    "components/channels",
    "components/operations",
    "components/servers",
    "components/securitySchemes",
    "components/correlationIds",
    "channels",
    "operations",
    "servers",
];

/// A component or definition of a document with that name, or one close to it, as a reference.
/// `section` is the member that was asked for it; one of another known section is no answer.
pub(super) fn similar_component(root: Node<'_>, section: &str, name: &str) -> Option<String> {
    let last = |home: &'static str| home.rsplit('/').next().unwrap_or(home);
    let homes = || SCHEMA_HOMES.into_iter().chain(OTHER_HOMES);
    let wants_schema = SCHEMA_HOMES.into_iter().any(|home| last(home) == section);
    let known = wants_schema || homes().any(|home| last(home) == section);
    let fits = |home: &&'static str| match known {
        true if wants_schema => SCHEMA_HOMES.contains(home),
        true => last(home) == section,
        false => true,
    };
    let maps = || homes().filter(fits).filter_map(|home| Some((home, root.at(&format!("/{home}"))?)));
    let reference = |home: &str, name: &str| format!("#/{home}/{}", escape_token(name));
    if let Some((home, _)) = maps().find(|(_, map)| map.get(name).is_some()) {
        return Some(reference(home, name));
    }
    maps().find_map(|(home, map)| {
        let found = nearest(name, map.members().map(|(name, _)| name))?;
        Some(reference(home, found))
    })
}

/// A file of the same name in another folder, or one with a similar name in the same folder.
pub(super) fn similar_file<'s>(sources: &'s Sources, path: &str) -> Option<&'s str> {
    let (folder, name) = split(path);
    let files = || sources.iter().map(|(_, file)| file.path.as_str());
    if let Some(elsewhere) = files().find(|file| split(file).1 == name) {
        return Some(elsewhere);
    }
    let neighbours = || files().filter(|file| split(file).0 == folder);
    let found = nearest(stem(name), neighbours().map(|file| stem(split(file).1)))?;
    neighbours().find(|file| stem(split(file).1) == found)
}

/// Folder and name of a path.
fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

/// A file name without its extensions.
fn stem(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}
