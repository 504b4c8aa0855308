//! PB016 `package-with-several-swift-prefixes`.

use tenon_source::{Code, Finding, Level};

use super::support::same_option;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "PB016",
        name: "package-with-several-swift-prefixes",
        summary: "Files of one package set `swift_prefix` to different values",
        level: Level::Warning,
        aliases: &["buf:PACKAGE_SAME_SWIFT_PREFIX"],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("package_with_several_swift_prefixes.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    same_option(ctx, &RULE.code, "swift_prefix", out);
}
