//! RE001 `invalid-reuse-register`.

use tenon_graph::DocumentKind;
use tenon_schemas::{Failure, FailureKind, Official};
use tenon_source::{At, Code, Finding, Level, NodeId, Place};

use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "RE001",
        name: "invalid-reuse-register",
        summary: "A reuse register breaks its schema",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Error,
    strict: Level::Error,
    doc: include_str!("invalid_reuse_register.md"),
    check,
};

/// The published schema of the format.
const SCHEMA: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/schemas/reuse.v1.schema.json"));

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let kind = DocumentKind::ReuseRegister;
    let registers = ctx.graph.documents.iter().filter(|document| document.kind == kind);
    let roots: Vec<At> = registers.map(|document| At { file: document.file, node: NodeId::ROOT }).collect();
    if roots.is_empty() {
        return;
    }
    let official = Official::new(SCHEMA, &[]);
    for at in roots {
        match official.failures(ctx.graph.node(at)) {
            Ok(failures) => out.extend(failures.iter().map(|failure| finding(at, failure))),
            Err(problem) => {
                // A mistake of the program: it must be seen, not taken for a good register.
                let message = format!("the register was not checked, its schema is broken: {problem}");
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
