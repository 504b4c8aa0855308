//! OP003 `idempotency-on-read`.

use tenon_source::{Code, Finding, Level};

use super::declared;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP003",
        name: "idempotency-on-read",
        summary: "An operation that only reads asks for an idempotency key",
        level: Level::Warning,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("idempotency_on_read.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for operation in declared(ctx).filter(|operation| operation.http.is_some() && !operation.is_mutating()) {
        let Some(idempotency) = &operation.governance.idempotency else { continue };
        if idempotency.required {
            let message = format!("{} only reads, yet it asks for an idempotency key", operation.label());
            let finding = ctx.graph.sources.finding(&RULE.code, idempotency.at, message);
            out.push(
                finding
                    .with_operation(operation.label())
                    .with_help("remove it: reads may be repeated as they are"),
            );
        }
    }
}
