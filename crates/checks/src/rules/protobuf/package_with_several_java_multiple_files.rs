//! PB012 `package-with-several-java-multiple-files`.

use tenon_source::{Code, Finding, Level};

use super::support::same_option;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "PB012",
        name: "package-with-several-java-multiple-files",
        summary: "Files of one package set `java_multiple_files` to different values",
        level: Level::Warning,
        aliases: &["buf:PACKAGE_SAME_JAVA_MULTIPLE_FILES"],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("package_with_several_java_multiple_files.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    same_option(ctx, &RULE.code, "java_multiple_files", out);
}
