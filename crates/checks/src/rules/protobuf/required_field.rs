//! PB033 `required-field`.

use tenon_graph::protobuf::{Cardinality, FieldPresence};
use tenon_source::{Code, Finding, Level};

use super::support::{at_name, fields};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "PB033",
        name: "required-field",
        summary: "A field must always be sent",
        level: Level::Warning,
        aliases: &["buf:FIELD_NOT_REQUIRED"],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("required_field.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let is_required = |presence, cardinality| {
        cardinality == Cardinality::Required
            || (presence == FieldPresence::LegacyRequired && cardinality != Cardinality::Repeated)
    };
    for field in fields(ctx).filter(|field| is_required(field.features.field_presence, field.cardinality)) {
        let message =
            format!("field `{}` is required: it can never be removed, nor left out by anyone", field.name);
        let finding = at_name(ctx, &RULE.code, field.at, message);
        out.push(
            finding.with_help("make it `optional`, and refuse requests without it where they are handled"),
        );
    }
}
