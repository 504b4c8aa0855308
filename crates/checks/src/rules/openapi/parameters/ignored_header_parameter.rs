//! OA043 `ignored-header-parameter`.

use rustc_hash::FxHashSet;
use tenon_graph::{OpenApiVersion, ParameterIn};
use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::support::{operations, parameters, with_operation};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA043",
        name: "ignored-header-parameter",
        summary: "A header is declared that OpenAPI has tools ignore",
        level: Level::Warning,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("ignored_header_parameter.md"),
    check,
};

const IGNORED: &[(&str, &str)] = &[
    ("Accept", "`content` of the responses"),
    ("Content-Type", "`content`"),
    ("Authorization", "`security`"),
];

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let sources = &ctx.graph.sources;
    for api in ctx.graph.apis.iter().filter(|api| api.version > OpenApiVersion::V2) {
        for (parameter, operation) in parameters(ctx, api) {
            let Some(name) = parameter.name.as_ref().filter(|_| parameter.place == Some(ParameterIn::Header))
            else {
                continue;
            };
            let Some((_, instead)) =
                IGNORED.iter().find(|(header, _)| header.eq_ignore_ascii_case(&name.text))
            else {
                continue;
            };
            let message =
                format!("the header parameter `{}` is ignored by tools: {instead} says it", name.text);
            let finding = sources.finding(&RULE.code, parameter.def, message);
            out.push(with_operation(finding, operation).with_help(format!("remove it and use {instead}")));
        }
        let mut seen = FxHashSet::default();
        for header in
            operations(ctx, api).flat_map(|operation| &operation.detail.responses).flat_map(|it| &it.headers)
        {
            if header.name.eq_ignore_ascii_case("Content-Type") && seen.insert(header.at) {
                let message = "the response header `Content-Type` is ignored by tools: `content` says it";
                let finding = sources.finding(&RULE.code, header.at, message);
                out.push(finding.with_help("remove it: the keys of `content` are the media types"));
            }
        }
    }
}
