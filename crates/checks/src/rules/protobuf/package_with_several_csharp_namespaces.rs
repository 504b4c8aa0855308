//! PB010 `package-with-several-csharp-namespaces`.

use tenon_source::{Code, Finding, Level};

use super::support::same_option;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "PB010",
        name: "package-with-several-csharp-namespaces",
        summary: "Files of one package set `csharp_namespace` to different values",
        level: Level::Warning,
        aliases: &["buf:PACKAGE_SAME_CSHARP_NAMESPACE"],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("package_with_several_csharp_namespaces.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    same_option(ctx, &RULE.code, "csharp_namespace", out);
}
