//! OA157 `missing-schemes`.

use tenon_graph::OpenApiVersion;
use tenon_source::{Code, Finding, Level, Node};

use crate::rules::openapi::support::document_finding;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA157",
        name: "missing-schemes",
        summary: "A Swagger 2 document does not say over which protocols it is served",
        level: Level::Warning,
        aliases: &["spectral:oas2-api-schemes"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("missing_schemes.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for api in ctx.graph.apis.iter().filter(|api| api.version == OpenApiVersion::V2) {
        if ctx.graph.node(api.root).get("schemes").is_none_or(Node::is_empty) {
            let message = "the document has no `schemes`, so clients have to guess the protocol".to_owned();
            out.push(document_finding(ctx, api, &RULE.code, message).with_help("add `schemes: [https]`"));
        }
    }
}
