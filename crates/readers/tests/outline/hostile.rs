//! Documents made to hurt: long chains, wide sharing. Time and memory stay small.

use tenon_graph::Graph;
use tenon_source::Finding;

use super::{Memory, graph_of};

/// Far more than any limit, and small enough to be quick.
const MANY: usize = 3_000;

fn read(text: String) -> (Graph, Vec<Finding>) {
    let path = "openapi.json".to_owned();
    let files = Memory([(path.clone(), text)].into());
    graph_of(&files, &[path])
}

fn codes(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|finding| finding.code.id).collect()
}

fn document(rest: &str) -> String {
    format!(r#"{{"openapi": "3.1.0", "info": {{"title": "a", "version": "1"}}, {rest}}}"#)
}

#[test]
fn chains_of_references_end() {
    let links: String =
        (0..MANY).map(|n| format!(r##""s{n}": {{"$ref": "#/components/schemas/s{}"}},"##, n + 1)).collect();
    let last = format!(r#""s{MANY}": {{}}"#);
    let (graph, findings) = read(document(&format!(r#""components": {{"schemas": {{{links}{last}}}}}"#)));
    assert_eq!(codes(&findings), ["IN021"]);
    assert_eq!(graph.schemas.len(), MANY + 1);
}

#[test]
fn chains_of_maps_do_not_deepen_the_stack() {
    let links: String = (0..MANY).map(|n| format!(r##""m{n}": {{"$ref": "#/x/m{}"}},"##, n + 1)).collect();
    let last = format!(r#""m{MANY}": {{"end": {{"type": "string"}}}}"#);
    let schemas = r##""components": {"schemas": {"a": {"properties": {"$ref": "#/x/m0"}}}}"##;
    let (_, findings) = read(document(&format!(r#"{schemas}, "x": {{{links}{last}}}"#)));
    assert_eq!(codes(&findings), ["IN021"]);
}

#[test]
fn shared_parameters_and_responses_do_not_multiply_without_limit() {
    let parameters: Vec<String> =
        (0..MANY).map(|n| format!(r#"{{"name": "p{n}", "in": "query"}}"#)).collect();
    let operations: Vec<String> = (0..MANY).map(|n| format!(r#""m{n}": {{}}"#)).collect();
    let (graph, findings) = read(document(&format!(
        r#""paths": {{"/a": {{"parameters": [{}], "additionalOperations": {{{}}}}}}}"#,
        parameters.join(","),
        operations.join(",")
    )));
    assert_eq!(codes(&findings), ["IN029"]);
    let given: usize = graph.operations.iter().map(|operation| operation.detail.parameters.len()).sum();
    assert_eq!(graph.operations.len(), MANY);
    assert!(given < 200_000, "{given}");
}
