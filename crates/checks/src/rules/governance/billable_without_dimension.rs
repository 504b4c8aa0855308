//! OP026 `billable-without-dimension`.

use tenon_source::{Code, Finding, Level};

use super::declared;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP026",
        name: "billable-without-dimension",
        summary: "An operation is billable but does not say what is counted",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("billable_without_dimension.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for operation in declared(ctx) {
        let Some(usage) = &operation.governance.usage else { continue };
        if usage.billable == Some(true) && usage.dimension.is_none() {
            let message = format!("{} is billable but does not say what is counted", operation.label());
            let finding = ctx.graph.sources.finding(&RULE.code, usage.at, message);
            out.push(
                finding.with_operation(operation.label()).with_help(
                    "name the dimension, as in `usage: {dimension: lead.created, billable: true}`",
                ),
            );
        }
    }
}
