//! `$ref`s: which value of which file a reference stands for.

use rustc_hash::FxHashMap;
use tenon_source::{At, FileId, Node, NodeId, Sources};

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
    /// Absolute `$id`s (without fragment) to their schema.
    ids: FxHashMap<String, At>,
    /// `$anchor` and `$dynamicAnchor` by file.
    anchors: FxHashMap<(FileId, String), At>,
}

impl<'s> Resolver<'s> {
    /// A resolver over files that are all loaded. `missing` tells what was found of files that
    /// could not be loaded.
    #[must_use]
    pub fn new(sources: &'s Sources, missing: FxHashMap<String, ReferenceProblem>) -> Self {
        let files = sources.iter().map(|(id, file)| (file.path.as_str(), id)).collect();
        let mut resolver =
            Self { sources, files, missing, ids: FxHashMap::default(), anchors: FxHashMap::default() };
        for (file, source) in sources.iter() {
            for (key, value) in source.tree.dollar_members() {
                let (Some(text), Some(owner)) = (value.as_str(), value.parent()) else { continue };
                let at = At { file, node: owner.id() };
                match key {
                    "$id" => resolver.add_id(text, at),
                    "$anchor" | "$dynamicAnchor" => resolver.add_anchor(text, at),
                    _ => {}
                }
            }
        }
        resolver
    }

    /// The files.
    #[must_use]
    pub fn sources(&self) -> &'s Sources {
        self.sources
    }

    /// Notes that a schema bears an absolute `$id`.
    fn add_id(&mut self, id: &str, at: At) {
        let bare = id.split_once('#').map_or(id, |(bare, _)| bare);
        self.ids.entry(bare.to_owned()).or_insert(at);
    }

    /// Notes that a schema bears an anchor.
    fn add_anchor(&mut self, name: &str, at: At) {
        self.anchors.entry((at.file, name.to_owned())).or_insert(at);
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
        let (base, fragment) = text.split_once('#').unwrap_or((text, ""));
        let root = self.document(from, base)?;
        if fragment.is_empty() {
            return Ok(root);
        }
        let fragment =
            percent_decode(fragment).ok_or_else(|| ReferenceProblem::Malformed(text.to_owned()))?;
        let missing = || ReferenceProblem::MissingTarget(text.to_owned());
        if !fragment.starts_with('/') {
            return self.anchors.get(&(root.file, fragment)).copied().ok_or_else(missing);
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
            at = self.resolve(at.file, text)?;
        }
        Err(ReferenceProblem::Cycle)
    }

    fn document(&self, from: FileId, base: &str) -> Result<At, ReferenceProblem> {
        if base.is_empty() {
            return Ok(At { file: from, node: NodeId::ROOT });
        }
        if let Some(&at) = self.ids.get(base) {
            return Ok(at);
        }
        if is_url(base) {
            return Err(ReferenceProblem::Url(base.to_owned()));
        }
        let folder = self.sources.get(from).map_or("", |file| file.path.as_str());
        let decoded = percent_decode(base).ok_or_else(|| ReferenceProblem::Malformed(base.to_owned()))?;
        let path = join_path(folder, &decoded);
        match self.files.get(path.as_str()) {
            Some(&file) => Ok(At { file, node: NodeId::ROOT }),
            None => Err(self.missing.get(&path).cloned().unwrap_or(ReferenceProblem::MissingFile(path))),
        }
    }
}

/// Whether a reference names a URL and not a file.
#[must_use]
pub fn is_url(base: &str) -> bool {
    base.split_once(':').is_some_and(|(scheme, _)| {
        scheme.len() > 1 && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    })
}

/// The path of a file referred to as `reference` from the file `from`, without `.` and with `..`
/// resolved as far as there are folders to leave.
#[must_use]
pub fn join_path(from: &str, reference: &str) -> String {
    let absolute = reference.starts_with('/');
    let folder = if absolute { "" } else { from.rsplit_once('/').map_or("", |(folder, _)| folder) };
    let rooted = absolute || from.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(reference.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            _ => parts.push(part),
        }
    }
    let joined = parts.join("/");
    if rooted { format!("/{joined}") } else { joined }
}

/// The text with its `%XX` decoded; `None` if that is no UTF-8 text.
#[must_use]
pub fn percent_decode(text: &str) -> Option<String> {
    if !text.contains('%') {
        return Some(text.to_owned());
    }
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let high = char::from(bytes.next()?).to_digit(16)?;
            let low = char::from(bytes.next()?).to_digit(16)?;
            out.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            out.push(byte);
        }
    }
    String::from_utf8(out).ok()
}
