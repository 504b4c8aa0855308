//! `architecture.toml` and the manifests of the workspace say the same.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask stands in the workspace").to_path_buf()
}

fn parse(path: &Path) -> toml::Table {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.parse().unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn text<'t>(table: &'t toml::Value, key: &str) -> &'t str {
    table.get(key).and_then(toml::Value::as_str).unwrap_or_else(|| panic!("`{key}` is missing in {table:?}"))
}

struct Crate {
    floor: i64,
    imports: BTreeSet<String>,
}

fn declared() -> (BTreeMap<String, Crate>, BTreeSet<String>) {
    let table = parse(&root().join("architecture.toml"));
    let mut crates = BTreeMap::new();
    for entry in table["crate"].as_array().expect("`crate` is an array") {
        assert!(!text(entry, "why").is_empty(), "every crate has a reason");
        let mut imports = BTreeSet::new();
        for import in entry["imports"].as_array().expect("`imports` is an array") {
            assert!(!text(import, "why").is_empty(), "every edge has a reason");
            imports.insert(text(import, "to").to_owned());
        }
        let floor = entry["floor"].as_integer().expect("`floor` is a number");
        crates.insert(text(entry, "name").to_owned(), Crate { floor, imports });
    }
    let development = table["development"]["crates"].as_array().expect("`crates` is an array");
    (crates, development.iter().map(|name| name.as_str().expect("a name").to_owned()).collect())
}

/// The workspace's own crates a manifest imports in a section.
fn imports(manifest: &toml::Table, section: &str) -> BTreeSet<String> {
    let Some(table) = manifest.get(section).and_then(toml::Value::as_table) else { return BTreeSet::new() };
    table.keys().filter(|name| name.starts_with("tenon")).cloned().collect()
}

fn manifests() -> BTreeMap<String, toml::Table> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(root().join("crates")).expect("crates/ is there") {
        let manifest = parse(&entry.expect("an entry").path().join("Cargo.toml"));
        found.insert(text(&manifest["package"], "name").to_owned(), manifest);
    }
    found.insert("xtask".to_owned(), parse(&root().join("xtask/Cargo.toml")));
    found
}

#[test]
fn edges_are_as_declared() {
    let (crates, development) = declared();
    for (name, manifest) in manifests() {
        if development.contains(&name) {
            continue;
        }
        let entry = crates.get(&name).unwrap_or_else(|| panic!("{name} is not in architecture.toml"));
        let found: BTreeSet<String> = imports(&manifest, "dependencies").into_iter().collect();
        assert_eq!(found, entry.imports, "imports of {name} (left: Cargo.toml, right: architecture.toml)");
    }
}

#[test]
fn edges_go_down() {
    let (crates, development) = declared();
    for (name, entry) in &crates {
        for import in &entry.imports {
            assert!(!development.contains(import), "{name} imports {import}, which is for tests");
            let below = crates.get(import).unwrap_or_else(|| panic!("{import} is not declared"));
            assert!(
                below.floor < entry.floor,
                "{name} (floor {}) imports {import} (floor {})",
                entry.floor,
                below.floor
            );
        }
    }
}

#[test]
fn no_crate_is_missing_or_left_over() {
    let (crates, development) = declared();
    let found: BTreeSet<String> = manifests().into_keys().collect();
    let named: BTreeSet<String> = crates.into_keys().chain(development).collect();
    assert_eq!(found, named, "crates (left: on disk, right: architecture.toml)");
}
