//! OP010 `operation-id-taken`.

use tenon_source::{Code, Finding, Level};

use super::{declared, first_of_each};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP010",
        name: "operation-id-taken",
        summary: "Two operations of one run have the same id",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Error,
    strict: Level::Error,
    doc: include_str!("operation_id_taken.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let named = declared(ctx).filter_map(|operation| {
        let id = operation.id.as_ref()?;
        // Method names of service code repeat from file to file.
        operation.service.is_none().then(|| (id.text.clone(), id.at, Some(operation.label())))
    });
    first_of_each(ctx, &RULE.code, named, "operation id", out);
}
