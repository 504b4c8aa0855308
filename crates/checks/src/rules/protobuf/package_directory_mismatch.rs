//! PB003 `package-directory-mismatch`.

use tenon_source::{Code, Finding, Level};

use super::support::{at_span, files, folder};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "PB003",
        name: "package-directory-mismatch",
        summary: "A file lies in a folder that is not named for its package",
        level: Level::Warning,
        aliases: &["buf:PACKAGE_DIRECTORY_MATCH"],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("package_directory_mismatch.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for file in files(ctx).filter(|file| file.package.is_some()) {
        let wanted = file.package_name().replace('.', "/");
        let found = folder(file);
        if found != wanted {
            let message = format!(
                "package `{}` belongs in folder `{wanted}` of its module, and this file lies in `{found}`",
                file.package_name()
            );
            let finding = at_span(&RULE.code, file, file.package_span, message);
            out.push(finding.with_help("move the file, or name the package for its folder"));
        }
    }
}
