//! OP033 `operation-not-in-sources`.

use tenon_source::{Code, Finding, Level};

use super::report;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP033",
        name: "operation-not-in-sources",
        summary: "A contract speaks of an operation that none of its sources has",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Error,
    strict: Level::Error,
    doc: include_str!("operation_not_in_sources.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for operation in &ctx.graph.unmatched {
        let id = operation.id.as_ref().map_or("", |id| id.text.as_str());
        let message = format!("no file in `sources` has the operation `{id}`");
        let ids =
            ctx.graph.operations.iter().filter_map(|other| other.id.as_ref()).map(|id| id.text.as_str());
        let help = match tenon_source::nearest(id, ids) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "name it by its operation id, or give its `http: METHOD /path`".to_owned(),
        };
        out.push(report(ctx, &RULE.code, operation, message).with_help(help));
    }
}
