//! PB044 `enum-value-without-prefix`.

use tenon_source::{Code, Finding, Level};

use super::case::upper_snake;
use super::support::{at_name, values};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "PB044",
        name: "enum-value-without-prefix",
        summary: "The name of an enum value does not start with that of its enum",
        level: Level::Warning,
        aliases: &["buf:ENUM_VALUE_PREFIX"],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("enum_value_without_prefix.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for (one, value) in values(ctx) {
        let prefix = format!("{}_", upper_snake(one.name()));
        if !value.name.starts_with(&prefix) {
            let message = format!("enum value `{}` does not start with `{prefix}`", value.name);
            out.push(at_name(ctx, &RULE.code, value.at, message));
        }
    }
}
