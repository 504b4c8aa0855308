//! PB051 `service-without-suffix`.

use tenon_source::{Code, Finding, Level};

use super::support::{at_name, lint, services};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "PB051",
        name: "service-without-suffix",
        summary: "The name of a service does not end in Service",
        level: Level::Info,
        aliases: &["buf:SERVICE_SUFFIX"],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("service_without_suffix.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for service in services(ctx) {
        let lint = lint(ctx, ctx.graph.protobuf.file(service.file));
        let suffix = &*lint.service_suffix;
        if !service.name().ends_with(suffix) {
            let message = format!("service `{}` does not end in `{suffix}`", service.name());
            out.push(at_name(ctx, &RULE.code, service.at, message));
        }
    }
}
