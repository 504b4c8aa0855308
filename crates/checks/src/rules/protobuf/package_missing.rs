//! PB002 `package-missing`.

use tenon_source::{Code, Finding, Level};

use super::support::{at_span, files};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "PB002",
        name: "package-missing",
        summary: "A file has no package",
        level: Level::Warning,
        aliases: &["buf:PACKAGE_DEFINED"],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("package_missing.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for file in files(ctx).filter(|file| file.package.is_none()) {
        let message = format!("`{}` has no package: its names are everybody's", file.name);
        let finding = at_span(&RULE.code, file, None, message);
        out.push(finding.with_help("write `package company.product.v1;`"));
    }
}
