//! OP069 `path-without-version`.

use tenon_source::{Code, Finding, Level};

use super::report;
use super::surface::{governed, surfaces};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP069",
        name: "path-without-version",
        summary: "A path does not begin with the version its contract promises",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("path_without_version.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for (contract, surface) in surfaces(ctx) {
        let Some(prefix) = surface.versions.as_ref().and_then(|versions| versions.prefix.as_ref()) else {
            continue;
        };
        for operation in governed(ctx, contract) {
            let path = operation.http.as_ref().map(|http| http.path.text.as_str());
            if path.is_some_and(|path| !path.starts_with(prefix.as_str())) {
                let message = format!("{} does not begin with `{}`", operation.label(), prefix.text);
                let help = "a version of its own needs a contract of its own";
                out.push(report(ctx, &RULE.code, operation, message).with_help(help));
            }
        }
    }
}
