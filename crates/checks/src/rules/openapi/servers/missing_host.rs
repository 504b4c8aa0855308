//! OA156 `missing-host`.

use tenon_graph::OpenApiVersion;
use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::support::{document_finding, says};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA156",
        name: "missing-host",
        summary: "A Swagger 2 document has no host",
        level: Level::Warning,
        aliases: &["spectral:oas2-api-host"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("missing_host.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for api in ctx.graph.apis.iter().filter(|api| api.version == OpenApiVersion::V2) {
        if !says(ctx, api.root, "host") {
            let message = "the document has no `host`, so clients do not know where to call".to_owned();
            let finding = document_finding(ctx, api, &RULE.code, message);
            out.push(finding.with_help("add `host` with the API's name, such as `api.pets.test`"));
        }
    }
}
