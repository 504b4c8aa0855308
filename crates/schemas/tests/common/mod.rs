//! A graph from texts, with every `$ref` resolved, as the readers make it.

use tenon_graph::{Graph, Part, Reference, Resolver};
use tenon_source::{At, FileId, NodeId, SourceFile, Sources};

/// A graph of files, by path and text.
pub fn graph(files: &[(&str, &str)]) -> Graph {
    let mut sources = Sources::default();
    for (path, text) in files {
        let (file, findings) = SourceFile::parse(sources.next_id(), path, text.as_bytes().to_vec());
        assert!(findings.is_empty(), "{path}: {findings:?}");
        sources.push(file);
    }
    let mut part = Part::default();
    let resolver = Resolver::new(&sources, rustc_hash::FxHashMap::default());
    for (file, source) in sources.iter() {
        for (name, value) in source.tree.dollar_members() {
            if let ("$ref", Some(text), Some(owner)) = (name, value.as_str(), value.parent()) {
                let at = At { file, node: owner.id() };
                part.references.push(Reference { at, target: resolver.resolve(file, text) });
            }
        }
    }
    drop(resolver);
    tenon_graph::link(sources, vec![part]).0
}

/// The value at a pointer of the file with an index.
pub fn at(graph: &Graph, file: u32, pointer: &str) -> At {
    let root = At { file: FileId(file), node: NodeId::ROOT };
    let found = graph.node(root).at(pointer);
    assert!(found.is_some(), "nothing at {pointer}");
    let node = found.unwrap_or(graph.node(root));
    At { file: FileId(file), node: node.id() }
}
