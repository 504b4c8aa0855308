//! OP005 `scopes-missing`.

use tenon_source::{Code, Finding, Level};

use super::{declared, report};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP005",
        name: "scopes-missing",
        summary: "An operation does not say which scopes may call it",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("scopes_missing.md"),
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
        let empty = governance.scopes.as_ref().is_none_or(Vec::is_empty);
        if empty {
            let message = format!("{} does not say which scopes may call it", operation.label());
            let help = "list the scopes, as in `scopes: [pets:read]`, or say `auth: public`";
            out.push(report(ctx, &RULE.code, operation, message).with_help(help));
        }
    }
}
