//! OA177 `non-ascii-name`.

use tenon_source::{At, Code, Finding, Level, SourceFile};

use crate::rules::openapi::support::{operations, parameters};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA177",
        name: "non-ascii-name",
        summary: "A path, parameter, operation id or component has a name with other letters than ASCII",
        level: Level::Off,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("non_ascii_name.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let is_ascii = |(_, file): (_, &SourceFile)| file.text().is_ascii() && !file.text().contains("\\u");
    if ctx.graph.sources.iter().all(is_ascii) {
        return;
    }
    for api in &ctx.graph.apis {
        for item in &api.paths {
            report(ctx, "path", &item.name.text, item.name.at, out);
        }
        for (parameter, _) in parameters(ctx, api) {
            if let Some(name) = &parameter.name {
                report(ctx, "parameter", &name.text, name.at, out);
            }
        }
        for id in operations(ctx, api).filter_map(|operation| operation.id.as_ref()) {
            report(ctx, "operation id", &id.text, id.at, out);
        }
        for component in &api.components {
            report(ctx, component.kind.as_str(), &component.name, component.at, out);
        }
    }
}

fn report(ctx: &Context<'_>, what: &str, name: &str, at: At, out: &mut Vec<Finding>) {
    if let Some(found) = name.chars().find(|letter| !letter.is_ascii()) {
        let message = format!("the name of the {what} `{name}` has the character `{found}`");
        let finding = ctx.graph.sources.finding_at_value(&RULE.code, at, message);
        out.push(finding.with_help("write it with the letters of ASCII"));
    }
}
