//! OA130 `unused-component`.

use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::reach::unreached;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA130",
        name: "unused-component",
        summary: "A component is reached from no operation",
        level: Level::Warning,
        aliases: &[
            "spectral:oas3-unused-component",
            "spectral:oas2-unused-definition",
            "redocly:no-unused-components",
        ],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("unused_component.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for component in unreached(ctx) {
        let message =
            format!("the {} `{}` is reached from no operation", component.kind.as_str(), component.name);
        let finding = ctx.graph.sources.finding(&RULE.code, component.at, message);
        out.push(finding.with_help("remove it, or use it where a copy of it stands"));
    }
}
