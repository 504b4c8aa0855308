//! PB014 `package-with-several-php-namespaces`.

use tenon_source::{Code, Finding, Level};

use super::support::same_option;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "PB014",
        name: "package-with-several-php-namespaces",
        summary: "Files of one package set `php_namespace` to different values",
        level: Level::Warning,
        aliases: &["buf:PACKAGE_SAME_PHP_NAMESPACE"],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("package_with_several_php_namespaces.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    same_option(ctx, &RULE.code, "php_namespace", out);
}
