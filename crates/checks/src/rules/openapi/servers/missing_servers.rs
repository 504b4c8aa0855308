//! OA150 `missing-servers`.

use tenon_graph::{HttpApi, OpenApiVersion, OperationKind};
use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::support::{document_finding, member};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA150",
        name: "missing-servers",
        summary: "The document names no server",
        level: Level::Warning,
        aliases: &["spectral:oas3-api-servers", "redocly:no-empty-servers"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("missing_servers.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for api in ctx.graph.apis.iter().filter(|api| api.version > OpenApiVersion::V2) {
        if !api.servers.is_empty() || api.paths.is_empty() || all_have_their_own(ctx, api) {
            continue;
        }
        let message = "the document names no server, so clients do not know where to call";
        let finding = match member(ctx, api.root, "servers") {
            Some(place) => ctx.graph.sources.finding(&RULE.code, place, message),
            None => document_finding(ctx, api, &RULE.code, message.to_owned()),
        };
        out.push(
            finding.with_help(
                "add `servers` with the URL of the API, or `/` if it is served beside its document",
            ),
        );
    }
}

fn all_have_their_own(ctx: &Context<'_>, api: &HttpApi) -> bool {
    let operations = ctx.graph.operations_of(api.file).iter();
    let mut offered = operations.filter(|operation| operation.kind == OperationKind::Offered).peekable();
    let item_has = |at| api.paths.iter().any(|item| Some(item.def) == at && !item.servers.is_empty());
    offered.peek().is_some()
        && offered
            .all(|operation| !operation.detail.servers.is_empty() || item_has(operation.detail.path_item))
}
