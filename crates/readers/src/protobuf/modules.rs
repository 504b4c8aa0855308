//! Module roots as `buf.yaml` and `buf.work.yaml` name them.

use tenon_graph::join_path;
use tenon_source::SourceFile;

/// Names of the files that say where modules are.
pub(super) const CONFIGS: [&str; 2] = ["buf.yaml", "buf.work.yaml"];

/// A folder that imports count from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Module {
    /// The folder; empty for the current one.
    pub(super) root: String,
    /// The folder of the file that names it: modules of one file see each other.
    pub(super) workspace: String,
    /// Folders below it that do not belong to it.
    pub(super) excludes: Vec<String>,
}

/// The folder of a path.
pub(super) fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// A path seen from a folder, if it lies below it.
pub(super) fn below<'p>(path: &'p str, folder: &str) -> Option<&'p str> {
    if folder.is_empty() {
        return (!path.starts_with('/')).then_some(path);
    }
    path.strip_prefix(folder)?.strip_prefix('/')
}

/// A path below a folder.
pub(super) fn inside(folder: &str, path: &str) -> String {
    if folder.is_empty() { path.to_owned() } else { [folder, "/", path].concat() }
}

/// The modules a file names, if it is one of [`CONFIGS`].
pub(super) fn modules_of(file: &SourceFile) -> Vec<Module> {
    let name = file.path.rsplit_once('/').map_or(file.path.as_str(), |(_, name)| name);
    let workspace = folder_of(&file.path).to_owned();
    let at = |folder: &str| trimmed(join_path(&file.path, folder));
    let root = file.tree.root();
    let module =
        |path: &str, excludes: Vec<String>| Module { root: at(path), workspace: workspace.clone(), excludes };
    match name {
        "buf.work.yaml" => {
            let directories = root.get("directories").into_iter().flat_map(|list| list.items());
            directories.filter_map(|item| Some(module(item.as_str()?, Vec::new()))).collect()
        }
        "buf.yaml" if root.get_str("version") == Some("v2") => {
            let listed: Vec<Module> = root
                .get("modules")
                .into_iter()
                .flat_map(|list| list.items())
                .map(|item| {
                    let excludes = item.get("excludes").into_iter().flat_map(|list| list.items());
                    let excludes = excludes.filter_map(|item| Some(at(item.as_str()?))).collect();
                    module(item.get_str("path").unwrap_or("."), excludes)
                })
                .collect();
            if listed.is_empty() { vec![module(".", Vec::new())] } else { listed }
        }
        "buf.yaml" if root.is_object() || root.is_null() => {
            let build = root.get("build");
            let list = |key: &str| -> Vec<String> {
                let items = build.and_then(|build| build.get(key)).into_iter().flat_map(|list| list.items());
                items.filter_map(|item| Some(item.as_str()?.to_owned())).collect()
            };
            let mut roots = list("roots");
            if roots.is_empty() {
                roots.push(".".to_owned());
            }
            let excludes: Vec<String> = list("excludes").iter().map(|folder| at(folder)).collect();
            roots.iter().map(|root| module(root, excludes.clone())).collect()
        }
        _ => Vec::new(),
    }
}

fn trimmed(mut path: String) -> String {
    while path.len() > 1 && path.ends_with('/') {
        path.pop();
    }
    path
}
