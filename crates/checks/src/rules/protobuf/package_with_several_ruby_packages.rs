//! PB015 `package-with-several-ruby-packages`.

use tenon_source::{Code, Finding, Level};

use super::support::same_option;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "PB015",
        name: "package-with-several-ruby-packages",
        summary: "Files of one package set `ruby_package` to different values",
        level: Level::Warning,
        aliases: &["buf:PACKAGE_SAME_RUBY_PACKAGE"],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("package_with_several_ruby_packages.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    same_option(ctx, &RULE.code, "ruby_package", out);
}
