//! PB034 `field-called-descriptor`.

use tenon_source::{Code, Finding, Level};

use super::support::{at_name, fields};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "PB034",
        name: "field-called-descriptor",
        summary: "The name of a field is that of an accessor of generated code",
        level: Level::Off,
        aliases: &["buf:FIELD_NO_DESCRIPTOR"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("field_called_descriptor.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for field in fields(ctx).filter(|field| field.name.trim_matches('_').eq_ignore_ascii_case("descriptor")) {
        let message =
            format!("field `{}` has the name of what generated code calls its descriptor", field.name);
        out.push(at_name(ctx, &RULE.code, field.at, message));
    }
}
