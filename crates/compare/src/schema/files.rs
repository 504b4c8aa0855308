//! Schema files that no message has: they are compared for whoever uses them.

use std::collections::{BTreeMap, BTreeSet};

use tenon_graph::{Dialect, DocumentKind, Graph};
use tenon_source::{At, FileId, Node, NodeId};

use super::{Part, SchemaAt, Use, compare_uses, rules};
use crate::{Change, Direction, Spot, Versions};

/// Compares the files of both versions, by their `$id`, or else their path.
pub(super) fn compare(versions: &Versions<'_>, out: &mut Vec<Change>) {
    let (old, new) = (files(versions.old), files(versions.new));
    let mut uses = Vec::new();
    for (name, before) in &old {
        match new.get(name) {
            Some(after) => pair(versions, *before, *after, &mut uses),
            None => out.push(gone(versions, name, *before)),
        }
    }
    for (name, after) in new.iter().filter(|(name, _)| !old.contains_key(*name)) {
        let message = format!("the schema `{}` is new", stem(name));
        let at = At { file: *after, node: NodeId::ROOT };
        let change = Change::new(&rules::FILE_ADDED, None, stem(name), message);
        out.push(change.at_new(Spot::of(versions.new, at)));
    }
    compare_uses(versions, &[], &uses, out);
}

fn gone(versions: &Versions<'_>, name: &str, before: FileId) -> Change {
    let at = At { file: before, node: NodeId::ROOT };
    let message =
        format!("the schema `{}` is gone: whoever validates or generates with it fails", stem(name));
    let change = Change::new(&rules::FILE_REMOVED, None, stem(name), message);
    change.from_old(Spot::of(versions.old, at)).with_help("keep the file, and mark it as deprecated")
}

fn stem(name: &str) -> &str {
    let name = name.trim_end_matches(['#', '/']).rsplit('/').next().unwrap_or(name);
    let name = name.strip_suffix(".json").or_else(|| name.strip_suffix(".yaml")).unwrap_or(name);
    name.strip_suffix(".schema").unwrap_or(name)
}

/// The schema files that nothing but schema files refers to, by name.
fn files(graph: &Graph) -> BTreeMap<String, FileId> {
    let is_schema =
        |file: FileId| graph.document(file).is_some_and(|one| one.kind == DocumentKind::JsonSchema);
    let schemas: BTreeSet<FileId> = graph
        .documents
        .iter()
        .filter(|one| one.kind == DocumentKind::JsonSchema)
        .map(|one| one.file)
        .collect();
    let mut edges: BTreeMap<FileId, BTreeSet<FileId>> = BTreeMap::new();
    let mut reached: Vec<FileId> = Vec::new();
    for reference in &graph.references {
        if let Ok(target) = &reference.target
            && target.file != reference.at.file
        {
            if is_schema(reference.at.file) {
                edges.entry(reference.at.file).or_default().insert(target.file);
            } else {
                reached.push(target.file);
            }
        }
    }
    let mut used: BTreeSet<FileId> = BTreeSet::new();
    while let Some(file) = reached.pop() {
        if used.insert(file) {
            reached.extend(edges.get(&file).into_iter().flatten());
        }
    }
    let free = schemas.into_iter().filter(|file| !used.contains(file));
    free.filter_map(|file| {
        let source = graph.sources.get(file)?;
        let id = source.tree.root().get_str("$id").map(str::to_owned);
        Some((id.unwrap_or_else(|| source.path.clone()), file))
    })
    .collect()
}

/// The schema at the root of a file, and those that are kept in it for others.
fn pair(versions: &Versions<'_>, before: FileId, after: FileId, uses: &mut Vec<Use>) {
    let root = |file| At { file, node: NodeId::ROOT };
    let (old, new) = (dialect(versions.old, root(before)), dialect(versions.new, root(after)));
    let mut add = |before: At, after: At| {
        uses.push(Use {
            old: SchemaAt { at: before, dialect: old },
            new: SchemaAt { at: after, dialect: new },
            direction: Direction::Both,
            part: Part::File,
            operation: 0,
            what: String::new(),
        });
    };
    add(root(before), root(after));
    let (one, two) = (versions.old.node(root(before)), versions.new.node(root(after)));
    let kept = |node: Node<'_>, name: &str| -> Option<At> {
        let maps = ["$defs", "definitions"].into_iter().filter_map(|map| node.get(map));
        let schema = maps.filter_map(|map| map.get(name)).next()?;
        Some(At { file: after, node: schema.id() })
    };
    for map in ["$defs", "definitions"] {
        for (name, schema) in one.get(map).into_iter().flat_map(Node::members) {
            if let Some(other) = kept(two, name) {
                add(At { file: before, node: schema.id() }, other);
            }
        }
    }
}

fn dialect(graph: &Graph, at: At) -> Dialect {
    match graph.schemas.binary_search_by_key(&at, |schema| schema.at) {
        Ok(index) => graph.schemas.get(index).map_or(Dialect::Draft202012, |schema| schema.dialect),
        Err(_) => Dialect::Draft202012,
    }
}
