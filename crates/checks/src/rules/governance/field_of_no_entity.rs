//! OP065 `field-of-no-entity`.

use tenon_source::{Code, Finding, Level};

use super::entities::unmapped;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP065",
        name: "field-of-no-entity",
        summary: "A field of a request or response is one of no entity",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("field_of_no_entity.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for field in unmapped(ctx) {
        let message = format!("`{}` is a field of no entity", field.field);
        let finding = ctx.graph.sources.finding(&RULE.code, field.at, message);
        let help = "name the field it stands for, as in `x-entity: Lead.title`, or say `x-entity: none`";
        out.push(finding.with_operation(field.operation).with_help(help));
    }
}
