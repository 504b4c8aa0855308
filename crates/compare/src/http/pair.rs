//! Which document, and which operation, takes the place of which.

use std::collections::{BTreeSet, VecDeque};

use rustc_hash::FxHashMap;
use tenon_graph::{Document, DocumentKind, Graph, HttpApi, Name, Operation, OperationKind};
use tenon_source::FileId;

use crate::Versions;

/// An operation before the change and the one that takes its place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pair<'g> {
    /// Before.
    pub(crate) old: &'g Operation,
    /// After.
    pub(crate) new: &'g Operation,
    /// The API document of the operation before, if it is one.
    pub(crate) old_api: Option<&'g HttpApi>,
    /// The API document of the operation after, if it is one.
    pub(crate) new_api: Option<&'g HttpApi>,
    /// Index of its name in [`Pairs::labels`].
    pub(crate) label: u32,
    /// Whether it was found under another path, by its operation id.
    pub(crate) moved: bool,
}

impl<'g> Pair<'g> {
    /// The API documents, where both operations stand in one.
    pub(crate) fn apis(&self) -> Option<(&'g HttpApi, &'g HttpApi)> {
        Some((self.old_api?, self.new_api?))
    }
}

/// An operation that only one version has.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lone<'g> {
    /// The operation.
    pub(crate) operation: &'g Operation,
    /// The document that takes the place of its own, if there is one.
    pub(crate) other: Option<FileId>,
}

/// What takes the place of what.
#[derive(Debug, Default)]
pub(crate) struct Pairs<'g> {
    /// Documents of both versions, before and after.
    pub(crate) documents: Vec<(FileId, FileId)>,
    /// API documents of both versions.
    pub(crate) apis: Vec<(&'g HttpApi, &'g HttpApi)>,
    /// Operations of both versions, in the order of the new one.
    pub(crate) operations: Vec<Pair<'g>>,
    /// Operations that are gone, in their order.
    pub(crate) removed: Vec<Lone<'g>>,
    /// Operations that are new, in their order.
    pub(crate) added: Vec<Lone<'g>>,
    /// What people call each of `operations`.
    pub(crate) labels: Vec<String>,
}

/// What an operation is recognised by. Operations with equal keys pair in their order.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    /// Where it stands, with the names that only tell callbacks of the same expression apart.
    Route { kind: u8, owner: String, method: String, path: String },
    /// Its operation id and method.
    Id { kind: u8, method: String, id: String },
}

impl<'g> Pairs<'g> {
    /// The pairs of two versions, but those that have comparisons of their own.
    pub(crate) fn of(versions: &Versions<'g>) -> Self {
        Self::matched(versions, Which::Http)
    }

    /// The pairs of two versions, of every format.
    pub(crate) fn of_all(versions: &Versions<'g>) -> Self {
        Self::matched(versions, Which::All)
    }

    fn matched(versions: &Versions<'g>, which: Which) -> Self {
        let documents = pair_documents(versions, which);
        let mut matcher = Matcher::new(versions, which);
        matcher.within(&documents, &|graph, _, operation| route(graph, operation, Exactness::Exact));
        matcher.within(&documents, &|graph, _, operation| route(graph, operation, Exactness::Slash));
        // Whatever file it stands in now: a change of layout is no change.
        matcher.anywhere(&|graph, _, operation| route(graph, operation, Exactness::Exact));
        matcher.anywhere(&|graph, api, operation| full_route(graph, api?, operation));
        matcher.anywhere(&|graph, _, operation| {
            let is_callback = operation.kind == OperationKind::Callback;
            is_callback.then(|| route(graph, operation, Exactness::Expression))?
        });
        matcher.moved = true;
        matcher.within(&documents, &|_, _, operation| id_key(operation));
        matcher.anywhere(&|_, _, operation| id_key(operation));
        matcher.finish(documents)
    }
}

/// Which operations are paired.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    /// Those of no format that has a comparison of its own.
    Http,
    /// Those of every format.
    All,
}

/// The documents of a version that may have operations compared here.
fn documents(graph: &Graph, which: Which) -> Vec<FileId> {
    let is_ours = |document: &&Document| match document.kind {
        DocumentKind::Protobuf(_) | DocumentKind::AsyncApi(_) if which == Which::Http => false,
        DocumentKind::OpenApi(_) => true,
        _ => !graph.operations_of(document.file).is_empty(),
    };
    graph.documents.iter().filter(is_ours).map(|document| document.file).collect()
}

/// What people call a document.
fn title(graph: &Graph, file: FileId) -> Option<&str> {
    if let Some(api) = graph.apis.iter().find(|api| api.file == file) {
        return graph.node(api.info?).get_str("title");
    }
    let contract = graph.contracts.iter().find(|contract| contract.at.file == file);
    contract.and_then(|contract| contract.name.as_ref()).map(Name::as_str)
}

/// A way to recognise a document.
type NameOf<'k> = &'k dyn Fn(&Graph, FileId) -> Option<String>;

/// Documents with the same path; documents with the same title; the only ones left.
fn pair_documents(versions: &Versions<'_>, which: Which) -> Vec<(FileId, FileId)> {
    let (mut old, mut new) = (documents(versions.old, which), documents(versions.new, which));
    let mut out: Vec<(FileId, FileId)> = Vec::new();
    if let ([old], [new]) = (old.as_slice(), new.as_slice()) {
        return vec![(*old, *new)];
    }
    let path = |graph: &Graph, file: FileId| graph.sources.get(file).map(|file| file.path.clone());
    let name = |graph: &Graph, file: FileId| title(graph, file).map(str::to_owned);
    for key in [&path as NameOf<'_>, &name] {
        let mut by_key: FxHashMap<String, VecDeque<FileId>> = FxHashMap::default();
        for file in &old {
            if let Some(key) = key(versions.old, *file) {
                by_key.entry(key).or_default().push_back(*file);
            }
        }
        new.retain(|file| {
            let found = key(versions.new, *file).and_then(|key| by_key.get_mut(&key)?.pop_front());
            out.extend(found.map(|found| (found, *file)));
            found.is_none()
        });
        let taken: BTreeSet<FileId> = out.iter().map(|(taken, _)| *taken).collect();
        old.retain(|file| !taken.contains(file));
    }
    if let ([old], [new]) = (old.as_slice(), new.as_slice()) {
        out.push((*old, *new));
    }
    out.sort_by_key(|(_, new)| *new);
    out
}

/// A way to recognise an operation.
type KeyOf<'k> = &'k dyn Fn(&Graph, Option<&HttpApi>, &Operation) -> Option<Key>;

/// Operations that wait for their pair.
struct Matcher<'g> {
    versions: Versions<'g>,
    old_apis: FxHashMap<FileId, &'g HttpApi>,
    new_apis: FxHashMap<FileId, &'g HttpApi>,
    old: Vec<Option<&'g Operation>>,
    new: Vec<Option<&'g Operation>>,
    pairs: Vec<(usize, Pair<'g>)>,
    moved: bool,
}

impl<'g> Matcher<'g> {
    fn new(versions: &Versions<'g>, which: Which) -> Self {
        let by_file = |apis: &'g [HttpApi]| apis.iter().map(|api| (api.file, api)).collect();
        let of = |graph: &'g Graph| {
            let all = documents(graph, which).into_iter().flat_map(|file| graph.operations_of(file));
            all.filter(|operation| which == Which::All || operation.channel.is_none()).map(Some).collect()
        };
        Self {
            versions: *versions,
            old_apis: by_file(&versions.old.apis),
            new_apis: by_file(&versions.new.apis),
            old: of(versions.old),
            new: of(versions.new),
            pairs: Vec::new(),
            moved: false,
        }
    }

    /// Pairs what is left within documents that are paired.
    fn within(&mut self, documents: &[(FileId, FileId)], key: KeyOf<'_>) {
        let old: FxHashMap<FileId, usize> =
            documents.iter().enumerate().map(|(index, (old, _))| (*old, index)).collect();
        let new: FxHashMap<FileId, usize> =
            documents.iter().enumerate().map(|(index, (_, new))| (*new, index)).collect();
        self.take(&|file| old.get(&file).copied(), &|file| new.get(&file).copied(), key);
    }

    /// Pairs what is left, whatever document it stands in.
    fn anywhere(&mut self, key: KeyOf<'_>) {
        self.take(&|_| Some(0), &|_| Some(0), key);
    }

    fn take(
        &mut self,
        old_group: &dyn Fn(FileId) -> Option<usize>,
        new_group: &dyn Fn(FileId) -> Option<usize>,
        key: KeyOf<'_>,
    ) {
        let mut waiting: FxHashMap<(usize, Key), VecDeque<usize>> = FxHashMap::default();
        for (index, operation) in self.old.iter().enumerate() {
            let Some(operation) = operation else { continue };
            let Some(group) = old_group(operation.file) else { continue };
            let api = self.old_apis.get(&operation.file).copied();
            if let Some(key) = key(self.versions.old, api, operation) {
                waiting.entry((group, key)).or_default().push_back(index);
            }
        }
        if waiting.is_empty() {
            return;
        }
        for (index, slot) in self.new.iter_mut().enumerate() {
            let Some(new) = *slot else { continue };
            let Some(group) = new_group(new.file) else { continue };
            let new_api = self.new_apis.get(&new.file).copied();
            let Some(key) = key(self.versions.new, new_api, new) else { continue };
            let Some(found) = waiting.get_mut(&(group, key)).and_then(VecDeque::pop_front) else { continue };
            let Some(old) = self.old.get_mut(found).and_then(Option::take) else { continue };
            let old_api = self.old_apis.get(&old.file).copied();
            *slot = None;
            let pair = Pair { old, new, old_api, new_api, label: 0, moved: self.moved };
            self.pairs.push((index, pair));
        }
    }

    fn finish(mut self, documents: Vec<(FileId, FileId)>) -> Pairs<'g> {
        self.pairs.sort_by_key(|(index, _)| *index);
        let mut pairs = Pairs::default();
        for (index, (_, pair)) in self.pairs.into_iter().enumerate() {
            pairs.labels.push(pair.new.label());
            pairs.operations.push(Pair { label: u32::try_from(index).unwrap_or(u32::MAX), ..pair });
        }
        let after: FxHashMap<FileId, FileId> = documents.iter().copied().collect();
        let before: FxHashMap<FileId, FileId> = documents.iter().map(|(old, new)| (*new, *old)).collect();
        for operation in self.old.into_iter().flatten() {
            pairs.removed.push(Lone { operation, other: after.get(&operation.file).copied() });
        }
        for operation in self.new.into_iter().flatten() {
            pairs.added.push(Lone { operation, other: before.get(&operation.file).copied() });
        }
        let both = |(old, new): &(FileId, FileId)| Some((*self.old_apis.get(old)?, *self.new_apis.get(new)?));
        pairs.apis = documents.iter().filter_map(both).collect();
        pairs.documents = documents;
        pairs
    }
}

/// How much of a route must be the same.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Exactness {
    /// All but the names of parameters.
    Exact,
    /// All but a slash at the end.
    Slash,
    /// Of a callback only its expression and method, not the operation it belongs to.
    Expression,
}

fn kind_of(operation: &Operation) -> u8 {
    match operation.kind {
        OperationKind::Offered | OperationKind::Message => 0,
        OperationKind::Webhook => 1,
        OperationKind::Callback => 2,
    }
}

fn route(graph: &Graph, operation: &Operation, exactness: Exactness) -> Option<Key> {
    let kind = kind_of(operation);
    let Some(http) = &operation.http else {
        // Of operations without a route the RPC is the route, or else the id.
        let has_place = operation.rpc.is_some() || operation.channel.is_some() || operation.id.is_some();
        let path = has_place.then(|| operation.label())?;
        return Some(Key::Route { kind, owner: "rpc".to_owned(), method: String::new(), path });
    };
    let (method, path) = (http.method.as_str().to_owned(), http.path.text.as_str());
    let offered = operation.kind == OperationKind::Offered;
    let path = if offered { plain_path(path) } else { path.to_owned() };
    let path = match exactness {
        Exactness::Slash if path.len() > 1 => path.trim_end_matches('/').to_owned(),
        _ => path,
    };
    let owner = match operation.kind {
        OperationKind::Callback if exactness != Exactness::Expression => owner_of(graph, operation),
        _ => String::new(),
    };
    Some(Key::Route { kind, owner, method, path })
}

/// A path with every parameter, `{x}` or `:x`, as `{}`.
pub(crate) fn plain_path(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for (index, segment) in path.split('/').enumerate() {
        if index > 0 {
            out.push('/');
        }
        match segment.strip_prefix(':') {
            Some(name) if !name.is_empty() && !name.contains('{') => out.push_str("{}"),
            _ => plain_segment(segment, &mut out),
        }
    }
    out
}

fn plain_segment(segment: &str, out: &mut String) {
    let mut rest = segment;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        match after.split_once('}') {
            Some((_, after)) => {
                out.push_str("{}");
                rest = after;
            }
            None => {
                out.push('{');
                rest = after;
            }
        }
    }
    out.push_str(rest);
}

/// The route with the base path of its document's servers: `/v1` with `/pets` is the same as
/// nothing with `/v1/pets`.
fn full_route(graph: &Graph, api: &HttpApi, operation: &Operation) -> Option<Key> {
    if operation.kind != OperationKind::Offered {
        return None;
    }
    let base = base_path(api);
    match route(graph, operation, Exactness::Exact)? {
        Key::Route { kind, owner, method, path } => {
            Some(Key::Route { kind, owner, method, path: format!("{base}{path}") })
        }
        other => Some(other),
    }
}

/// The path of the first server of a document, without a slash at its end.
pub(crate) fn base_path(api: &HttpApi) -> String {
    let url = api.servers.first().and_then(|server| server.url.as_ref()).map_or("", |url| url.as_str());
    let (_, rest) = url.split_once("//").unwrap_or(("", ""));
    let path = if rest.is_empty() { url } else { rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("") };
    path.trim_end_matches('/').to_owned()
}

/// The names that lead to a callback: its own, and the operation it answers.
fn owner_of(graph: &Graph, operation: &Operation) -> String {
    let mut names = Vec::new();
    let place = operation.http.as_ref().map_or(operation.at, |http| http.path.at);
    let mut node = graph.node(place).parent();
    while let Some(here) = node {
        names.push(plain_path(here.key().unwrap_or_default()));
        node = here.parent();
    }
    names.join(" ")
}

fn id_key(operation: &Operation) -> Option<Key> {
    let (id, http) = (operation.id.as_ref()?, operation.http.as_ref()?);
    let method = http.method.as_str().to_owned();
    Some(Key::Id { kind: kind_of(operation), method, id: id.text.clone() })
}
