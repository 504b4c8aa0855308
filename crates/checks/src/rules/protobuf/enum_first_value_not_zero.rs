//! PB041 `enum-first-value-not-zero`.

use tenon_source::{Code, Finding, Level};

use super::support::{at_span, enums};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "PB041",
        name: "enum-first-value-not-zero",
        summary: "The first value of an enum is not 0",
        level: Level::Warning,
        aliases: &["buf:ENUM_FIRST_VALUE_ZERO"],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("enum_first_value_not_zero.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let protobuf = &ctx.graph.protobuf;
    for one in enums(ctx) {
        if let Some(first) = protobuf.values_of(one.values).first().filter(|first| first.number != 0) {
            let message = format!("the first value of enum `{}` is {}, not 0", one.name(), first.number);
            let file = protobuf.file(one.file);
            let finding = at_span(&RULE.code, file, Some(first.number_span), message);
            out.push(finding.with_help("put a value `…_UNSPECIFIED = 0` first"));
        }
    }
}
