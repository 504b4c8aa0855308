//! OA048 `misused-query-string`.

use tenon_graph::ParameterIn;
use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::support::operations;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA048",
        name: "misused-query-string",
        summary: "A `querystring` parameter stands beside another one",
        level: Level::Error,
        aliases: &["redocly:spec-querystring-parameters"],
    },
    minimal: Level::Error,
    strict: Level::Error,
    doc: include_str!("misused_query_string.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for operation in ctx.graph.apis.iter().flat_map(|api| operations(ctx, api)) {
        let parameters = &operation.detail.parameters;
        let is_whole = |place| place == Some(ParameterIn::QueryString);
        let Some(whole) = parameters.iter().find(|parameter| is_whole(parameter.place)) else { continue };
        let others = parameters.iter().filter(|other| other.at != whole.at);
        for other in others.filter(|other| is_whole(other.place) || other.place == Some(ParameterIn::Query)) {
            let sources = &ctx.graph.sources;
            out.push(
                sources
                    .finding(
                        &RULE.code,
                        other.at,
                        "a parameter beside `querystring`, which is the whole query",
                    )
                    .with_operation(operation.label())
                    .with_related(sources.place(whole.at), "the whole query")
                    .with_help("move the parameter into the schema of the `querystring`"),
            );
        }
    }
}
