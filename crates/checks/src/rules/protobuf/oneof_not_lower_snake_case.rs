//! PB032 `oneof-not-lower-snake-case`.

use tenon_source::{Code, Finding, Level};

use super::case::lower_snake;
use super::support::{at_name, oneofs};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "PB032",
        name: "oneof-not-lower-snake-case",
        summary: "The name of a oneof is not lower_snake_case",
        level: Level::Warning,
        aliases: &["buf:ONEOF_LOWER_SNAKE_CASE"],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("oneof_not_lower_snake_case.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for one in oneofs(ctx) {
        let name = &*one.name;
        let wanted = lower_snake(name);
        if name != wanted {
            let message = format!("oneof `{name}` is not in lower_snake_case, such as `{wanted}`");
            out.push(at_name(ctx, &RULE.code, one.at, message));
        }
    }
}
