//! Graphs of one JSON text.

use tenon_graph::{Graph, Part};
use tenon_source::{At, FileId, SourceFile, Sources};

/// A graph of one file without operations.
pub fn graph(text: &str) -> Graph {
    let mut sources = Sources::default();
    let (file, findings) = SourceFile::parse(sources.next_id(), "test.json", text.as_bytes().to_vec());
    assert!(findings.is_empty(), "{findings:?}");
    sources.push(file);
    tenon_graph::link(sources, vec![Part::default()]).0
}

/// A place in a file.
pub fn at(graph: &Graph, file: u32, pointer: &str) -> At {
    let file = FileId(file);
    let root = graph.node(At { file, node: tenon_source::NodeId::ROOT });
    At { file, node: root.at(pointer).unwrap().id() }
}
