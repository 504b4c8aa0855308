//! Imports to files: where each is looked for, and in which order.
//!
//! First the module the file belongs to and its neighbours (`buf.yaml`, `buf.work.yaml`), then the
//! folders asked for, then each folder above the file, the outermost first, then the well-known
//! files that come with this program.

use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};
use tenon_graph::join_path;
use tenon_source::proto::decode_text;
use tenon_source::{FileId, SourceFile, Sources};

use super::bundled;
use super::modules::{CONFIGS, Module, below, folder_of, inside, modules_of};

/// The file that every option is a field of a message of.
pub(super) const DESCRIPTOR: &str = "google/protobuf/descriptor.proto";

/// What is known of the imports of a run.
#[derive(Debug, Default)]
pub struct Imports {
    /// Folders asked for.
    asked: Vec<String>,
    pub(super) modules: Vec<Module>,
    /// Folders whose [`CONFIGS`] have been asked for.
    configured: FxHashSet<String>,
    by_path: FxHashMap<String, FileId>,
    /// Imports that are not found yet: file, place in its list, path.
    pending: Vec<(FileId, usize, Box<str>)>,
    /// The files each file imports.
    pub(super) found: FxHashMap<FileId, Vec<Option<FileId>>>,
    pub(super) descriptor: Option<FileId>,
    /// Files looked at so far.
    seen: usize,
    has_protos: bool,
}

/// Where the search for an import has got to.
enum Step {
    Found(FileId),
    Try(String),
    Nowhere,
}

impl Imports {
    /// Imports of files below some folders.
    pub(crate) fn new(asked: Vec<String>) -> Self {
        Self { asked, ..Self::default() }
    }

    /// Looks at the files that are new, and returns the paths that are to be read next. `known`
    /// are the paths that were read or tried before.
    pub(crate) fn next(&mut self, sources: &Sources, known: &FxHashSet<String>) -> Vec<String> {
        let mut wanted: BTreeSet<String> = BTreeSet::new();
        for (id, file) in sources.iter().skip(self.seen) {
            self.by_path.insert(file.path.clone(), id);
            self.modules.extend(modules_of(file));
            if let Some(proto) = &file.proto {
                self.has_protos = true;
                let paths = proto.imports.iter().map(|import| import_path(file, import.path));
                let pending = paths.enumerate().map(|(place, path)| (id, place, path));
                self.pending.extend(pending);
                self.found.insert(id, vec![None; proto.imports.len()]);
                if !bundled::is_bundled(&file.path) {
                    self.want_configs(&file.path, known, &mut wanted);
                }
            }
        }
        self.seen = sources.len();
        // Where modules are decides where imports are looked for.
        if !wanted.is_empty() {
            return wanted.into_iter().collect();
        }
        for (file, place, path) in std::mem::take(&mut self.pending) {
            match self.step(sources, file, &path, known) {
                Step::Found(target) => {
                    if &*path == DESCRIPTOR {
                        self.descriptor.get_or_insert(target);
                    }
                    let places = self.found.get_mut(&file);
                    if let Some(found) = places.and_then(|places| places.get_mut(place)) {
                        *found = Some(target);
                    }
                }
                Step::Try(candidate) => {
                    wanted.insert(candidate);
                    self.pending.push((file, place, path));
                }
                Step::Nowhere => {}
            }
        }
        if wanted.is_empty() && self.has_protos && self.descriptor.is_none() {
            let path = bundled::path_of(DESCRIPTOR);
            match self.by_path.get(&path) {
                Some(&file) => self.descriptor = Some(file),
                None if !known.contains(&path) => drop(wanted.insert(path)),
                None => {}
            }
        }
        wanted.into_iter().collect()
    }

    fn want_configs(&mut self, path: &str, known: &FxHashSet<String>, wanted: &mut BTreeSet<String>) {
        let mut folder = folder_of(path);
        while !self.configured.contains(folder) {
            self.configured.insert(folder.to_owned());
            // What lies in a folder asked for has been read already.
            if !self.asked.iter().any(|asked| asked == folder || below(folder, asked).is_some()) {
                let configs = CONFIGS.iter().map(|name| inside(folder, name));
                wanted.extend(configs.filter(|config| !known.contains(config)));
            }
            if folder.is_empty() {
                break;
            }
            folder = folder_of(folder);
        }
    }

    fn step(&self, sources: &Sources, file: FileId, path: &str, known: &FxHashSet<String>) -> Step {
        let Some(importer) = sources.get(file) else { return Step::Nowhere };
        for candidate in self.candidates(&importer.path, path) {
            match self.by_path.get(&candidate) {
                Some(&found) if sources.get(found).is_some_and(|file| file.proto.is_some()) => {
                    return Step::Found(found);
                }
                Some(_) => {}
                None if !known.contains(&candidate) => return Step::Try(candidate),
                None => {}
            }
        }
        Step::Nowhere
    }

    /// Where an import is looked for, in order.
    fn candidates(&self, importer: &str, path: &str) -> impl Iterator<Item = String> {
        let own = self.module_of(importer);
        let is_bundled = bundled::is_bundled(importer);
        let neighbours = self.modules.iter().filter(move |module| {
            own.is_some_and(|own| own.workspace == module.workspace && own.root != module.root)
        });
        let modules = own.into_iter().chain(neighbours).map(|module| module.root.clone());
        let asked = self.asked.iter().filter(move |_| !is_bundled).cloned();
        let ancestors = ancestors(if is_bundled { "" } else { importer });
        let path = path.to_owned();
        let bundled = bundled::text_of(&path).map(|_| bundled::path_of(&path));
        modules.chain(asked).chain(ancestors).map(move |folder| inside(&folder, &path)).chain(bundled)
    }

    /// The innermost module a file lies in.
    pub(super) fn module_of(&self, path: &str) -> Option<&Module> {
        let around = self.modules.iter().filter(|module| below(path, &module.root).is_some());
        around.max_by_key(|module| module.root.len())
    }

    /// The folders an import of a file was looked for in, each once, for messages.
    pub(super) fn folders_tried(&self, importer: &str) -> Vec<String> {
        let mut folders: Vec<String> = Vec::new();
        for candidate in self.candidates(importer, "*") {
            let folder = folder_of(&candidate).to_owned();
            let shown = if folder.is_empty() { ".".to_owned() } else { folder };
            if !folders.contains(&shown) {
                folders.push(shown);
            }
        }
        folders
    }

    /// The folder a file's name counts from.
    pub(super) fn root_of(&self, file: &SourceFile, used: &BTreeSet<String>) -> String {
        if bundled::is_bundled(&file.path) {
            return bundled::FOLDER.to_owned();
        }
        if let Some(module) = self.module_of(&file.path) {
            return module.root.clone();
        }
        let around = used.iter().filter(|root| below(&file.path, root).is_some());
        if let Some(root) = around.max_by_key(|root| root.len()) {
            return root.clone();
        }
        if let Some(root) = root_by_package(file) {
            return root;
        }
        let asked = self.asked.iter().filter(|asked| below(&file.path, asked).is_some());
        asked.max_by_key(|asked| asked.len()).cloned().unwrap_or_else(|| {
            if file.path.starts_with('/') || file.path.starts_with("../") {
                folder_of(&file.path).to_owned()
            } else {
                String::new()
            }
        })
    }
}

/// The path an `import` names, as a path of folders.
pub(super) fn import_path(file: &SourceFile, literal: tenon_source::Span) -> Box<str> {
    let text = file.text().get(literal.range()).unwrap_or_default();
    let decoded = decode_text(text);
    let path = String::from_utf8_lossy(&decoded);
    // `.` and `..` in an import lead nowhere, as with protoc.
    let is_plain = !path.split('/').any(|part| matches!(part, "" | "." | ".."));
    if is_plain { join_path("", &path).into() } else { path.into() }
}

/// The folder that is left when a file's folder ends with the parts of its package.
pub(super) fn root_by_package(file: &SourceFile) -> Option<String> {
    let package = file.proto.as_ref()?.packages.first()?;
    let name = file.text().get(package.name.range())?.replace('.', "/");
    let folder = folder_of(&file.path);
    if folder == name {
        return Some(String::new());
    }
    Some(folder.strip_suffix(&name)?.strip_suffix('/')?.to_owned())
}

/// The folders above a file, the outermost first.
fn ancestors(path: &str) -> impl Iterator<Item = String> {
    let slashes: Vec<usize> = path.match_indices('/').map(|(at, _)| at).collect();
    let above = slashes.into_iter().filter_map(|at| path.get(..at)).map(str::to_owned).collect::<Vec<_>>();
    // A path from the top of the disk has no current folder around it.
    let current = (!path.starts_with('/')).then(String::new);
    current.into_iter().chain(above.into_iter().filter(|folder| !folder.is_empty()))
}
