//! PB030 `message-not-pascal-case`.

use tenon_source::{Code, Finding, Level};

use super::case::pascal;
use super::support::{at_name, messages};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "PB030",
        name: "message-not-pascal-case",
        summary: "The name of a message is not PascalCase",
        level: Level::Warning,
        aliases: &["buf:MESSAGE_PASCAL_CASE"],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("message_not_pascal_case.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for one in messages(ctx) {
        let name = one.name();
        let wanted = pascal(name);
        if name != wanted {
            let message = format!("message `{name}` is not in PascalCase, such as `{wanted}`");
            out.push(at_name(ctx, &RULE.code, one.at, message));
        }
    }
}
