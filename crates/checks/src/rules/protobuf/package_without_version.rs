//! PB007 `package-without-version`.

use tenon_graph::protobuf::stability_of;
use tenon_source::{Code, Finding, Level};

use super::support::{at_span, files};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "PB007",
        name: "package-without-version",
        summary: "The name of a package does not end in a version",
        level: Level::Info,
        aliases: &["buf:PACKAGE_VERSION_SUFFIX"],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("package_without_version.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for file in files(ctx).filter(|file| file.package.is_some()) {
        let package = file.package_name();
        if stability_of(package).is_none() {
            let message = format!("package `{package}` has no version at its end, such as `{package}.v1`");
            let finding = at_span(&RULE.code, file, file.package_span, message);
            out.push(
                finding
                    .with_help("a breaking change needs a package to go to: put `v1` at the end of this one"),
            );
        }
    }
}
