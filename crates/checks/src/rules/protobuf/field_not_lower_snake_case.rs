//! PB031 `field-not-lower-snake-case`.

use tenon_source::{Code, Finding, Level};

use super::case::lower_snake;
use super::support::{at_name, fields};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "PB031",
        name: "field-not-lower-snake-case",
        summary: "The name of a field is not lower_snake_case",
        level: Level::Warning,
        aliases: &["buf:FIELD_LOWER_SNAKE_CASE"],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("field_not_lower_snake_case.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for one in fields(ctx) {
        let name = &*one.name;
        let wanted = lower_snake(name);
        if name != wanted {
            let message = format!("field `{name}` is not in lower_snake_case, such as `{wanted}`");
            out.push(at_name(ctx, &RULE.code, one.at, message));
        }
    }
}
