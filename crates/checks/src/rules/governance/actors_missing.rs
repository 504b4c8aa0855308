//! OP004 `actors-missing`.

use tenon_source::{Code, Finding, Level};

use super::{declared, report};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP004",
        name: "actors-missing",
        summary: "An operation does not say which actor types may call it",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("actors_missing.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for operation in declared(ctx) {
        let governance = &operation.governance;
        // A role, where a format has roles, is the same promise in other words.
        if governance.auth_required == Some(false) || governance.role.is_some() || operation.service.is_some()
        {
            continue;
        }
        let empty = governance.actors.as_ref().is_none_or(Vec::is_empty);
        if empty {
            let message = format!("{} does not say which actor types may call it", operation.label());
            let help = "list the actor types, as in `actors: [partner]`, or say `auth: public`";
            out.push(report(ctx, &RULE.code, operation, message).with_help(help));
        }
    }
}
