//! PB011 `package-with-several-go-packages`.

use tenon_source::{Code, Finding, Level};

use super::support::same_option;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "PB011",
        name: "package-with-several-go-packages",
        summary: "Files of one package set `go_package` to different values",
        level: Level::Warning,
        aliases: &["buf:PACKAGE_SAME_GO_PACKAGE"],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("package_with_several_go_packages.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    same_option(ctx, &RULE.code, "go_package", out);
}
