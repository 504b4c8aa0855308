//! PB040 `enum-not-pascal-case`.

use tenon_source::{Code, Finding, Level};

use super::case::pascal;
use super::support::{at_name, enums};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "PB040",
        name: "enum-not-pascal-case",
        summary: "The name of an enum is not PascalCase",
        level: Level::Warning,
        aliases: &["buf:ENUM_PASCAL_CASE"],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("enum_not_pascal_case.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for one in enums(ctx) {
        let name = one.name();
        let wanted = pascal(name);
        if name != wanted {
            let message = format!("enum `{name}` is not in PascalCase, such as `{wanted}`");
            out.push(at_name(ctx, &RULE.code, one.at, message));
        }
    }
}
