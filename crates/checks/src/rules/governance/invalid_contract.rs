//! OP001 `invalid-contract`.

use tenon_graph::{Document, DocumentKind};
use tenon_schemas::{FailureKind, Official};
use tenon_source::{At, Code, Finding, Level, NodeId, Place};

use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP001",
        name: "invalid-contract",
        summary: "A native contract breaks its schema",
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

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let is_contract = |document: &&Document| document.kind == DocumentKind::Contract;
    let mut contracts = ctx.graph.documents.iter().filter(is_contract).peekable();
    let Some(first) = contracts.peek() else { return };
    let root = |document: &Document| At { file: document.file, node: NodeId::ROOT };
    let official = match Official::compile(SCHEMA, &[]) {
        Ok(official) => official,
        Err(problem) => {
            // A mistake of the program: it must be seen, not taken for a good contract.
            let message = format!("the contract was not checked, its schema is broken: {problem}");
            out.push(ctx.graph.sources.finding(&RULE.code, root(first), message));
            return;
        }
    };
    for document in contracts {
        for failure in official.failures(ctx.graph.node(root(document))) {
            let place = Place { file: document.file, span: failure.span() };
            let finding =
                Finding::new(&RULE.code, place, failure.message()).with_pointer(failure.node.pointer());
            out.push(match failure.kind {
                FailureKind::Unexpected => {
                    finding.with_help("correct its name or take it out; names of your own start with `x-`")
                }
                FailureKind::Missing => finding.with_help("add it: the format requires it here"),
                _ => finding,
            });
        }
    }
}
