//! `$ref`s: which value of which file a reference stands for.

use rustc_hash::{FxHashMap, FxHashSet};
use tenon_source::{At, FileId, Node, NodeId, Sources};

use crate::uri::{is_url, join_path, join_uri, percent_decode, sibling_path};

/// Most references followed in a row, a count; more are a cycle.
pub const CHAIN_MAX: usize = 64;

/// A `$ref` and what it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The object that has the `$ref`.
    pub at: At,
    /// The value it stands for, or why there is none.
    pub target: Result<At, ReferenceProblem>,
}

/// Why a reference cannot be followed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReferenceProblem {
    /// There is no such file.
    MissingFile(String),
    /// The path is a folder.
    Folder(String),
    /// The path leaves the root folder.
    OutsideRoot(String),
    /// A URL, which is not fetched.
    Url(String),
    /// The file has no value at the pointer or anchor.
    MissingTarget(String),
    /// The text is no reference at all.
    Malformed(String),
    /// The reference leads back to itself without any value in between.
    Cycle,
    /// The file could not be read; said elsewhere.
    Unreadable(String),
}

/// A file that another one refers to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileReference {
    /// The path, joined to the folder of the file that refers to it, with `/` and without `.` and
    /// `..` where they can be resolved.
    pub path: String,
    /// The first reference to it.
    pub at: At,
}

/// Resolves references over loaded files.
#[derive(Debug)]
pub struct Resolver<'s> {
    sources: &'s Sources,
    files: FxHashMap<&'s str, FileId>,
    /// Files that are not there, and why.
    missing: FxHashMap<String, ReferenceProblem>,
    /// The URI each `$id` stands for, with the schema that bears it.
    ids: FxHashMap<String, At>,
    /// The URIs of the schemas that bear an `$id`: references below are relative to it.
    bases: FxHashMap<At, String>,
    /// Files with an `$id` below their root.
    divided: FxHashSet<FileId>,
    /// `$anchor` and `$dynamicAnchor` by the schema or file whose name they add to.
    anchors: FxHashMap<(At, &'s str), At>,
}

impl<'s> Resolver<'s> {
    /// A resolver over files that are all loaded. `missing` tells what was found of files that
    /// could not be loaded.
    #[must_use]
    pub fn new(sources: &'s Sources, missing: FxHashMap<String, ReferenceProblem>) -> Self {
        let mut resolver = Self {
            sources,
            files: sources.iter().map(|(id, file)| (file.path.as_str(), id)).collect(),
            missing,
            ids: FxHashMap::default(),
            bases: FxHashMap::default(),
            divided: FxHashSet::default(),
            anchors: FxHashMap::default(),
        };
        for (file, source) in sources.iter() {
            let named = |wanted: &'static [&str]| {
                let members = source.tree.dollar_members().filter(|(key, _)| wanted.contains(key));
                members.filter_map(move |(_, value)| {
                    Some((value.as_str()?, At { file, node: value.parent()?.id() }))
                })
            };
            // Outer ids come first, and inner ones are relative to them.
            named(&["$id"]).for_each(|(text, at)| resolver.add_id(text, at));
            named(&["$anchor", "$dynamicAnchor"]).for_each(|(text, at)| resolver.add_anchor(text, at));
        }
        resolver
    }

    /// The files.
    #[must_use]
    pub fn sources(&self) -> &'s Sources {
        self.sources
    }

    fn add_id(&mut self, id: &'s str, at: At) {
        let (bare, fragment) = id.split_once('#').unwrap_or((id, ""));
        if bare.is_empty() {
            // Until draft 7 this was how an anchor was written.
            if !fragment.is_empty() {
                self.add_anchor(fragment, at);
            }
            return;
        }
        let uri = join_uri(self.base(self.resource_of(at)), bare);
        if at.node != NodeId::ROOT {
            self.divided.insert(at.file);
        }
        self.ids.entry(uri.clone()).or_insert(at);
        self.bases.insert(at, uri);
    }

    fn add_anchor(&mut self, name: &'s str, at: At) {
        self.anchors.entry((self.resource_of(at), name)).or_insert(at);
    }

    /// The schema whose `$id` names what a value stands in, or the root of its file.
    #[must_use]
    pub fn resource_of(&self, at: At) -> At {
        if self.divided.contains(&at.file) {
            let mut node = Some(self.sources.node(at));
            while let Some(here) = node {
                let place = At { file: at.file, node: here.id() };
                if self.bases.contains_key(&place) {
                    return place;
                }
                node = here.parent();
            }
        }
        At { file: at.file, node: NodeId::ROOT }
    }

    /// The URI of a schema with an `$id`, or the path of its file.
    fn base(&self, resource: At) -> &str {
        match self.bases.get(&resource) {
            Some(uri) => uri,
            None => self.sources.get(resource.file).map_or("", |file| file.path.as_str()),
        }
    }

    /// The value of the `$ref` member of an object, if it has a string there.
    #[must_use]
    pub fn reference_text(node: Node<'s>) -> Option<&'s str> {
        node.get("$ref")?.as_str()
    }

    /// The place a reference text stands for, seen from a file. One step: the place may hold a
    /// reference itself.
    ///
    /// # Errors
    /// Why there is no such place.
    pub fn resolve(&self, from: FileId, text: &str) -> Result<At, ReferenceProblem> {
        self.resolve_in(At { file: from, node: NodeId::ROOT }, text)
    }

    /// The place a reference text stands for, seen from a file or from a schema with an `$id`
    /// (see [`Resolver::resource_of`]).
    ///
    /// # Errors
    /// Why there is no such place.
    pub fn resolve_in(&self, resource: At, text: &str) -> Result<At, ReferenceProblem> {
        let (base, fragment) = text.split_once('#').unwrap_or((text, ""));
        let root = self.document(resource, base)?;
        if fragment.is_empty() {
            return Ok(root);
        }
        let fragment =
            percent_decode(fragment).ok_or_else(|| ReferenceProblem::Malformed(text.to_owned()))?;
        let missing = || ReferenceProblem::MissingTarget(text.to_owned());
        if !fragment.starts_with('/') {
            return self.anchors.get(&(root, fragment.as_str())).copied().ok_or_else(missing);
        }
        let node = self.sources.node(root).at(&fragment).ok_or_else(missing)?;
        Ok(At { file: root.file, node: node.id() })
    }

    /// Follows an object's `$ref`, and those it leads to. An object without one is its own target.
    ///
    /// # Errors
    /// Why the reference cannot be followed.
    pub fn follow(&self, at: At) -> Result<At, ReferenceProblem> {
        let mut at = at;
        for _ in 0..CHAIN_MAX {
            let Some(text) = Self::reference_text(self.sources.node(at)) else { return Ok(at) };
            at = self.resolve_in(self.resource_of(at), text)?;
        }
        Err(ReferenceProblem::Cycle)
    }

    fn document(&self, resource: At, base: &str) -> Result<At, ReferenceProblem> {
        if base.is_empty() {
            return Ok(resource);
        }
        if let Some(&at) = self.ids.get(&join_uri(self.base(resource), base)) {
            return Ok(at);
        }
        let root = |file: &FileId| At { file: *file, node: NodeId::ROOT };
        let from = self.sources.get(resource.file).map_or("", |file| file.path.as_str());
        if is_url(base) {
            let id = self.base(At { file: resource.file, node: NodeId::ROOT });
            let sibling = sibling_path(from, id, base).and_then(|path| self.files.get(path.as_str()));
            return sibling.map(root).ok_or_else(|| ReferenceProblem::Url(base.to_owned()));
        }
        let decoded = percent_decode(base).ok_or_else(|| ReferenceProblem::Malformed(base.to_owned()))?;
        let path = join_path(from, &decoded);
        match self.files.get(path.as_str()) {
            Some(file) => Ok(root(file)),
            None => Err(self.missing.get(&path).cloned().unwrap_or(ReferenceProblem::MissingFile(path))),
        }
    }
}
