//! OP001 `invalid-contract`.

use tenon_graph::DocumentKind;
use tenon_schemas::{Failure, FailureKind, Official};
use tenon_source::{At, Code, Finding, Level, NodeId, Place};

use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP001",
        name: "invalid-contract",
        summary: "A native contract or codegen manifest breaks its schema",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Error,
    strict: Level::Error,
    doc: include_str!("invalid_contract.md"),
    check,
};

/// The published schema of the format.
const SCHEMA: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/schemas/contract.v1.schema.json"));

/// The published schema of codegen manifests.
const CODEGEN: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/schemas/codegen.v1.schema.json"));

/// The part of the schema that `x-tenon` of an operation follows.
const FACTS: &str = r#"{"$ref": "urn:tenon:contract:v1#/$defs/facts", "$defs": {}}"#;

/// The part of the schema that `x-tenon` of a document follows.
const HEAD: &str = r#"{"$ref": "urn:tenon:contract:v1#/$defs/head", "$defs": {}}"#;

/// The part of the schema that `x-tenon` of a message follows.
const EVENT: &str = r#"{"$ref": "urn:tenon:contract:v1#/$defs/event", "$defs": {}}"#;

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let graph = ctx.graph;
    for (kind, schema) in [(DocumentKind::Contract, SCHEMA), (DocumentKind::CodegenManifest, CODEGEN)] {
        let files = graph.documents.iter().filter(|document| document.kind == kind);
        let roots = files.map(|document| At { file: document.file, node: NodeId::ROOT });
        hold(ctx, schema, &[], roots.collect(), out);
    }
    let inline = |at: At| Some(At { file: at.file, node: graph.node(at).get("x-tenon")?.id() });
    let parts = [("contract", SCHEMA)];
    let roots = graph.apis.iter().map(|api| api.root).chain(graph.async_apis.iter().map(|api| api.root));
    hold(ctx, HEAD, &parts, roots.filter_map(inline).collect(), out);
    let messages = graph.async_apis.iter().flat_map(|api| &api.messages);
    hold(ctx, EVENT, &parts, messages.filter_map(|message| inline(message.def)).collect(), out);
    let operations = graph.operations.iter().filter_map(|operation| inline(operation.at));
    hold(ctx, FACTS, &parts, operations.collect(), out);
}

/// Holds values to a schema, which is read only if there is any value.
fn hold(
    ctx: &Context<'_>,
    schema: &'static str,
    parts: &[(&'static str, &'static str)],
    values: Vec<At>,
    out: &mut Vec<Finding>,
) {
    if values.is_empty() {
        return;
    }
    let official = Official::new(schema, parts);
    for at in values {
        match official.failures(ctx.graph.node(at)) {
            Ok(failures) => out.extend(failures.iter().map(|failure| finding(at, failure))),
            Err(problem) => {
                // A mistake of the program: it must be seen, not taken for a good contract.
                let message = format!("the contract was not checked, its schema is broken: {problem}");
                out.push(ctx.graph.sources.finding(&RULE.code, at, message));
                return;
            }
        }
    }
}

fn finding(at: At, failure: &Failure<'_>) -> Finding {
    let place = Place { file: at.file, span: failure.span() };
    let finding = Finding::new(&RULE.code, place, failure.message()).with_pointer(failure.node.pointer());
    match failure.kind {
        FailureKind::Unexpected => {
            finding.with_help("correct its name or take it out; names of your own start with `x-`")
        }
        FailureKind::Missing => finding.with_help("add it: the format requires it here"),
        _ => finding,
    }
}
