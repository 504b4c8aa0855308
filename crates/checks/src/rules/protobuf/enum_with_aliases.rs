//! PB042 `enum-with-aliases`.

use tenon_source::{Code, Finding, Level};

use super::support::{at_span, enums, option_span};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "PB042",
        name: "enum-with-aliases",
        summary: "Several values of an enum may have one number",
        level: Level::Warning,
        aliases: &["buf:ENUM_NO_ALLOW_ALIAS"],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("enum_with_aliases.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for one in enums(ctx).filter(|one| one.allows_alias()) {
        let message = format!("enum `{}` lets several values have one number", one.name());
        let file = ctx.graph.protobuf.file(one.file);
        let span = option_span(ctx, file, &one.options, "allow_alias");
        out.push(at_span(&RULE.code, file, span, message));
    }
}
