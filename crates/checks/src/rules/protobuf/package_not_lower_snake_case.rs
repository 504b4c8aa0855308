//! PB006 `package-not-lower-snake-case`.

use tenon_source::{Code, Finding, Level};

use super::case::lower_snake;
use super::support::{at_span, files};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "PB006",
        name: "package-not-lower-snake-case",
        summary: "The name of a package is not lower_snake.case",
        level: Level::Warning,
        aliases: &["buf:PACKAGE_LOWER_SNAKE_CASE"],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("package_not_lower_snake_case.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for file in files(ctx).filter(|file| file.package.is_some()) {
        let wanted = file.package_name().split('.').map(lower_snake).collect::<Vec<_>>().join(".");
        if file.package_name() != wanted {
            let message =
                format!("package `{}` is not in lower_snake.case, such as `{wanted}`", file.package_name());
            out.push(at_span(&RULE.code, file, file.package_span, message));
        }
    }
}
