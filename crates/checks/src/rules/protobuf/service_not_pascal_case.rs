//! PB050 `service-not-pascal-case`.

use tenon_source::{Code, Finding, Level};

use super::case::pascal;
use super::support::{at_name, services};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "PB050",
        name: "service-not-pascal-case",
        summary: "The name of a service is not PascalCase",
        level: Level::Warning,
        aliases: &["buf:SERVICE_PASCAL_CASE"],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("service_not_pascal_case.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for one in services(ctx) {
        let name = one.name();
        let wanted = pascal(name);
        if name != wanted {
            let message = format!("service `{name}` is not in PascalCase, such as `{wanted}`");
            out.push(at_name(ctx, &RULE.code, one.at, message));
        }
    }
}
