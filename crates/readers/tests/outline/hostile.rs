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

fn asyncapi(rest: &str) -> String {
    format!(r#"{{"asyncapi": "3.0.0", "info": {{"title": "a", "version": "1"}}, {rest}}}"#)
}

#[test]
fn shared_servers_and_bindings_do_not_multiply_without_limit() {
    let variables: Vec<String> = (0..MANY).map(|n| format!(r#""v{n}": {{}}"#)).collect();
    let servers: Vec<String> =
        (0..MANY).map(|n| format!(r##""s{n}": {{"$ref": "#/components/servers/one"}}"##)).collect();
    let (graph, findings) = read(asyncapi(&format!(
        r#""servers": {{{}}}, "components": {{"servers": {{"one": {{"variables": {{{}}}}}}}}}"#,
        servers.join(","),
        variables.join(",")
    )));
    assert_eq!(codes(&findings), ["IN029"]);
    let given: usize = graph.async_apis[0].servers.iter().map(|server| server.variables.len()).sum();
    assert!(given < 200_000, "{given}");
}

#[test]
fn operations_that_mean_all_messages_of_a_channel_copy_none() {
    let messages: Vec<String> = (0..MANY).map(|n| format!(r#""m{n}": {{"payload": {{}}}}"#)).collect();
    let operations: Vec<String> = (0..MANY)
        .map(|n| format!(r##""o{n}": {{"action": "send", "channel": {{"$ref": "#/channels/c"}}}}"##))
        .collect();
    let (graph, findings) = read(asyncapi(&format!(
        r#""channels": {{"c": {{"messages": {{{}}}}}}}, "operations": {{{}}}"#,
        messages.join(","),
        operations.join(",")
    )));
    assert!(findings.is_empty(), "{:?}", codes(&findings));
    let api = &graph.async_apis[0];
    assert_eq!(api.operations.len(), MANY);
    assert!(api.operations.iter().all(|operation| operation.messages.is_empty()));
    assert_eq!(api.messages_of(&api.operations[0]).len(), MANY);
    assert_eq!(graph.events.len(), MANY);
}

#[test]
fn an_avro_schema_that_many_messages_share_is_read_once() {
    let fields: Vec<String> = (0..MANY).map(|n| format!(r#"{{"name": "f{n}", "type": "int"}}"#)).collect();
    let payload =
        r##"{"schemaFormat": "application/vnd.apache.avro;version=1.9.0", "schema": {"$ref": "#/x"}}"##;
    let messages: Vec<String> = (0..MANY).map(|n| format!(r#""m{n}": {{"payload": {payload}}}"#)).collect();
    let (graph, findings) = read(asyncapi(&format!(
        r#""channels": {{"c": {{"messages": {{{}}}}}}}, "x": {{"type": "record", "fields": [{}]}}"#,
        messages.join(","),
        fields.join(",")
    )));
    assert!(findings.is_empty(), "{:?}", codes(&findings));
    let mut read = graph.async_apis[0].messages.iter().map(|message| message.payload.as_ref().unwrap());
    let first = read.next().unwrap().avro.clone().unwrap();
    assert!(read.all(|payload| std::sync::Arc::ptr_eq(payload.avro.as_ref().unwrap(), &first)));
}

#[test]
fn references_among_channels_and_messages_in_circles_end() {
    let (graph, findings) = read(asyncapi(
        r##""channels": {"a": {"$ref": "#/channels/b"}, "b": {"$ref": "#/channels/a"}},
            "operations": {"o": {"action": "send", "channel": {"$ref": "#/channels/a"},
              "messages": [{"$ref": "#/operations/o/messages/0"}], "traits": [{"$ref": "#/operations/o"}]}}"##,
    ));
    assert_eq!(codes(&findings), ["IN021", "IN021", "IN028"]);
    assert!(graph.async_apis[0].messages.is_empty());
}
