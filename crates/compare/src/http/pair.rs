//! Which document, and which operation, takes the place of which.

use std::collections::{BTreeMap, VecDeque};

use rustc_hash::FxHashMap;
use tenon_graph::{Graph, HttpApi, Operation, OperationKind};
use tenon_source::FileId;

use crate::Versions;

/// An operation before the change and the one that takes its place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair<'g> {
    /// Before.
    pub(super) old: &'g Operation,
    /// After.
    pub(super) new: &'g Operation,
    /// The document of the operation before.
    pub(super) old_api: &'g HttpApi,
    /// The document of the operation after.
    pub(super) new_api: &'g HttpApi,
    /// Index of its name in [`Pairs::labels`].
    pub(super) label: u32,
    /// Whether it was found under another path, by its operation id.
    pub(super) moved: bool,
}

/// An operation that only one version has.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lone<'g> {
    /// The operation.
    pub(super) operation: &'g Operation,
    /// Its document.
    pub(super) api: &'g HttpApi,
    /// The document that takes the place of its own, if there is one.
    pub(super) other: Option<&'g HttpApi>,
}

/// What takes the place of what.
#[derive(Debug, Default)]
pub(super) struct Pairs<'g> {
    /// Documents of both versions.
    pub(super) apis: Vec<(&'g HttpApi, &'g HttpApi)>,
    /// Operations of both versions, in the order of the new one.
    pub(super) operations: Vec<Pair<'g>>,
    /// Operations that are gone, in their order.
    pub(super) removed: Vec<Lone<'g>>,
    /// Operations that are new, in their order.
    pub(super) added: Vec<Lone<'g>>,
    /// What people call each of `operations`.
    pub(super) labels: Vec<String>,
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
    /// The pairs of two versions.
    pub(super) fn of(versions: &Versions<'g>) -> Self {
        let apis = pair_apis(versions);
        let mut matcher = Matcher::new(versions);
        matcher.within(&apis, &|graph, _, operation| Some(route(graph, operation, Exactness::Exact)));
        matcher.within(&apis, &|graph, _, operation| Some(route(graph, operation, Exactness::Slash)));
        // Whatever file it stands in now: a change of layout is no change.
        matcher.anywhere(&|graph, _, operation| Some(route(graph, operation, Exactness::Exact)));
        matcher.anywhere(&|graph, api, operation| full_route(graph, api, operation));
        matcher.anywhere(&|graph, _, operation| {
            (operation.kind == OperationKind::Callback)
                .then(|| route(graph, operation, Exactness::Expression))
        });
        matcher.moved = true;
        matcher.within(&apis, &|_, _, operation| id_key(operation));
        matcher.anywhere(&|_, _, operation| id_key(operation));
        matcher.finish(apis)
    }
}

/// Documents with the same path; the only ones of both sides; documents with the same title.
fn pair_apis<'g>(versions: &Versions<'g>) -> Vec<(&'g HttpApi, &'g HttpApi)> {
    let path = |graph: &'g Graph, api: &HttpApi| graph.sources.get(api.file).map(|file| file.path.as_str());
    let title = |graph: &'g Graph, api: &HttpApi| graph.node(api.info?).get_str("title");
    if let ([old], [new]) = (versions.old.apis.as_slice(), versions.new.apis.as_slice()) {
        return vec![(old, new)];
    }
    let mut out: Vec<(&HttpApi, &HttpApi)> = Vec::new();
    let mut old: Vec<&HttpApi> = versions.old.apis.iter().collect();
    let mut new: Vec<&HttpApi> = versions.new.apis.iter().collect();
    let mut take = |key: &dyn Fn(&'g Graph, &HttpApi) -> Option<&'g str>| {
        let mut by_key: FxHashMap<&str, VecDeque<usize>> = FxHashMap::default();
        for (index, api) in old.iter().enumerate() {
            if let Some(key) = key(versions.old, api) {
                by_key.entry(key).or_default().push_back(index);
            }
        }
        let mut used = Vec::new();
        new.retain(|api| {
            let Some(key) = key(versions.new, api) else { return true };
            let Some(index) = by_key.get_mut(key).and_then(VecDeque::pop_front) else { return true };
            if let Some(before) = old.get(index) {
                out.push((before, api));
                used.push(index);
            }
            false
        });
        used.sort_unstable();
        for index in used.into_iter().rev() {
            old.remove(index);
        }
    };
    take(&path);
    take(&title);
    if let ([old], [new]) = (old.as_slice(), new.as_slice()) {
        out.push((old, new));
    }
    out.sort_by_key(|(_, new)| new.file);
    out
}

/// A way to recognise an operation.
type KeyOf<'k> = &'k dyn Fn(&Graph, &HttpApi, &Operation) -> Option<Key>;

/// Operations that wait for their pair.
struct Matcher<'g> {
    versions: Versions<'g>,
    old_apis: BTreeMap<FileId, &'g HttpApi>,
    new_apis: BTreeMap<FileId, &'g HttpApi>,
    old: Vec<Option<&'g Operation>>,
    new: Vec<Option<&'g Operation>>,
    pairs: Vec<(usize, Pair<'g>)>,
    moved: bool,
}

impl<'g> Matcher<'g> {
    fn new(versions: &Versions<'g>) -> Self {
        let by_file = |apis: &'g [HttpApi]| apis.iter().map(|api| (api.file, api)).collect();
        let of = |graph: &'g Graph| {
            let all = graph.apis.iter().flat_map(|api| graph.operations_of(api.file));
            all.filter(|operation| operation.http.is_some()).map(Some).collect()
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
    fn within(&mut self, apis: &[(&HttpApi, &HttpApi)], key: KeyOf<'_>) {
        let place: BTreeMap<FileId, usize> =
            apis.iter().enumerate().map(|(index, (old, _))| (old.file, index)).collect();
        let new_place: BTreeMap<FileId, usize> =
            apis.iter().enumerate().map(|(index, (_, new))| (new.file, index)).collect();
        self.take(&|file| place.get(&file).copied(), &|file| new_place.get(&file).copied(), key);
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
            let (Some(group), Some(api)) = (old_group(operation.file), self.old_apis.get(&operation.file))
            else {
                continue;
            };
            if let Some(key) = key(self.versions.old, api, operation) {
                waiting.entry((group, key)).or_default().push_back(index);
            }
        }
        if waiting.is_empty() {
            return;
        }
        for (index, slot) in self.new.iter_mut().enumerate() {
            let Some(new) = *slot else { continue };
            let (Some(group), Some(new_api)) = (new_group(new.file), self.new_apis.get(&new.file)) else {
                continue;
            };
            let Some(key) = key(self.versions.new, new_api, new) else { continue };
            let Some(found) = waiting.get_mut(&(group, key)).and_then(VecDeque::pop_front) else { continue };
            let Some(old) = self.old.get_mut(found).and_then(Option::take) else { continue };
            let Some(old_api) = self.old_apis.get(&old.file) else { continue };
            *slot = None;
            let pair = Pair { old, new, old_api, new_api, label: 0, moved: self.moved };
            self.pairs.push((index, pair));
        }
    }

    fn finish(mut self, apis: Vec<(&'g HttpApi, &'g HttpApi)>) -> Pairs<'g> {
        self.pairs.sort_by_key(|(index, _)| *index);
        let mut pairs = Pairs::default();
        for (index, (_, pair)) in self.pairs.into_iter().enumerate() {
            pairs.labels.push(pair.new.label());
            pairs.operations.push(Pair { label: u32::try_from(index).unwrap_or(u32::MAX), ..pair });
        }
        let before = |file: FileId| apis.iter().find(|(old, _)| old.file == file).map(|(_, new)| *new);
        let after = |file: FileId| apis.iter().find(|(_, new)| new.file == file).map(|(old, _)| *old);
        for operation in self.old.into_iter().flatten() {
            if let Some(api) = self.old_apis.get(&operation.file) {
                pairs.removed.push(Lone { operation, api, other: before(operation.file) });
            }
        }
        for operation in self.new.into_iter().flatten() {
            if let Some(api) = self.new_apis.get(&operation.file) {
                pairs.added.push(Lone { operation, api, other: after(operation.file) });
            }
        }
        pairs.apis = apis;
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

fn route(graph: &Graph, operation: &Operation, exactness: Exactness) -> Key {
    let (method, path) = match &operation.http {
        Some(http) => (http.method.as_str().to_owned(), http.path.text.as_str()),
        None => (String::new(), ""),
    };
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
    Key::Route { kind: kind_of(operation), owner, method, path }
}

/// A path with every parameter as `{}`.
pub(super) fn plain_path(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut rest = path;
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
    out
}

/// The route with the base path of its document's servers: `/v1` with `/pets` is the same as
/// nothing with `/v1/pets`.
fn full_route(graph: &Graph, api: &HttpApi, operation: &Operation) -> Option<Key> {
    if operation.kind != OperationKind::Offered {
        return None;
    }
    let base = base_path(api);
    match route(graph, operation, Exactness::Exact) {
        Key::Route { kind, owner, method, path } => {
            Some(Key::Route { kind, owner, method, path: format!("{base}{path}") })
        }
        other => Some(other),
    }
}

/// The path of the first server of a document, without a slash at its end.
pub(super) fn base_path(api: &HttpApi) -> String {
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
