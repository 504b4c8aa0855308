//! PB005 `package-in-several-directories`.

use tenon_source::{Code, Finding, Level};

use super::support::{at_span, folder, grouped, listed};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "PB005",
        name: "package-in-several-directories",
        summary: "Files of one package lie in different folders",
        level: Level::Warning,
        aliases: &["buf:PACKAGE_SAME_DIRECTORY"],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("package_in_several_directories.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for ((_, package), files) in grouped(ctx, |file| file.package_name()) {
        let mut folders: Vec<&str> = files.iter().map(|file| folder(file)).collect();
        folders.sort_unstable();
        folders.dedup();
        if folders.len() < 2 {
            continue;
        }
        let list = listed(folders.iter().map(|folder| format!("`{folder}`")));
        for file in files {
            let message = format!("files of package `{package}` lie in several folders: {list}");
            let finding = at_span(&RULE.code, file, file.package_span, message);
            out.push(finding.with_help("keep the files of a package in one folder"));
        }
    }
}
