//! OA042 `several-bodies`.

use tenon_graph::ParameterIn;
use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::support::operations;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA042",
        name: "several-bodies",
        summary: "A Swagger 2 operation has more than one body",
        level: Level::Error,
        aliases: &["spectral:operation-parameters"],
    },
    minimal: Level::Error,
    strict: Level::Error,
    doc: include_str!("several_bodies.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for operation in ctx.graph.apis.iter().flat_map(|api| operations(ctx, api)) {
        let bodies =
            operation.detail.parameters.iter().filter(|parameter| parameter.place == Some(ParameterIn::Body));
        for body in bodies.skip(1) {
            out.push(
                ctx.graph
                    .sources
                    .finding(&RULE.code, body.at, "a second body: a request has one")
                    .with_operation(operation.label())
                    .with_help("merge the schemas into one"),
            );
        }
    }
}
