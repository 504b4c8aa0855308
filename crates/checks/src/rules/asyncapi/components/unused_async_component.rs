//! AS070 `unused-async-component`.

use tenon_source::{Code, Finding, Level};

use super::reach::unreached;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "AS070",
        name: "unused-async-component",
        summary: "A component is used by nothing",
        level: Level::Warning,
        aliases: &[
            "spectral:asyncapi-unused-components-schema",
            "spectral:asyncapi-unused-components-server",
        ],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("unused_async_component.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for component in unreached(ctx) {
        let message = format!("the {} `{}` is used by nothing", component.kind.as_str(), component.name);
        let finding = ctx.graph.sources.finding(&RULE.code, component.at, message);
        out.push(finding.with_help("remove it, or use it where a copy of it stands"));
    }
}
