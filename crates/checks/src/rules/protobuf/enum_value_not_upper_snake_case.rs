//! PB043 `enum-value-not-upper-snake-case`.

use tenon_source::{Code, Finding, Level};

use super::case::upper_snake;
use super::support::{at_name, values};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "PB043",
        name: "enum-value-not-upper-snake-case",
        summary: "The name of an enum value is not UPPER_SNAKE_CASE",
        level: Level::Warning,
        aliases: &["buf:ENUM_VALUE_UPPER_SNAKE_CASE"],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("enum_value_not_upper_snake_case.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for (_, value) in values(ctx) {
        let wanted = upper_snake(&value.name);
        if *value.name != *wanted {
            let message =
                format!("enum value `{}` is not in UPPER_SNAKE_CASE, such as `{wanted}`", value.name);
            out.push(at_name(ctx, &RULE.code, value.at, message));
        }
    }
}
