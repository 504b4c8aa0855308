//! PB045 `enum-zero-value-without-suffix`.

use tenon_source::{Code, Finding, Level};

use super::support::{at_name, lint, values};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "PB045",
        name: "enum-zero-value-without-suffix",
        summary: "The zero value of an enum is not called unspecified",
        level: Level::Warning,
        aliases: &["buf:ENUM_ZERO_VALUE_SUFFIX"],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("enum_zero_value_without_suffix.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let protobuf = &ctx.graph.protobuf;
    for (one, value) in values(ctx).filter(|(_, value)| value.number == 0) {
        let lint = lint(ctx, protobuf.file(one.file));
        let suffix = &*lint.enum_zero_value_suffix;
        if !value.name.ends_with(suffix) {
            let message = format!(
                "value 0 of enum `{}` is `{}`, which does not end in `{suffix}`",
                one.name(),
                value.name
            );
            let finding = at_name(ctx, &RULE.code, value.at, message);
            out.push(
                finding.with_help("0 is what a field has that nobody set: give it no meaning of its own"),
            );
        }
    }
}
