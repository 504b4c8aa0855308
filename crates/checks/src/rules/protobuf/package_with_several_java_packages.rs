//! PB013 `package-with-several-java-packages`.

use tenon_source::{Code, Finding, Level};

use super::support::same_option;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "PB013",
        name: "package-with-several-java-packages",
        summary: "Files of one package set `java_package` to different values",
        level: Level::Warning,
        aliases: &["buf:PACKAGE_SAME_JAVA_PACKAGE"],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("package_with_several_java_packages.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    same_option(ctx, &RULE.code, "java_package", out);
}
