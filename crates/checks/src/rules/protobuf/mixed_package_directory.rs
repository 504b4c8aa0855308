//! PB001 `mixed-package-directory`.

use tenon_source::{Code, Finding, Level};

use super::support::{at_span, folder, grouped, listed};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "PB001",
        name: "mixed-package-directory",
        summary: "Files of one folder are in different packages",
        level: Level::Warning,
        aliases: &["buf:DIRECTORY_SAME_PACKAGE"],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("mixed_package_directory.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for ((_, folder), files) in grouped(ctx, folder) {
        let mut packages: Vec<&str> = files.iter().map(|file| file.package_name()).collect();
        packages.sort_unstable();
        packages.dedup();
        if packages.len() < 2 {
            continue;
        }
        let name =
            |package: &&str| if package.is_empty() { "none".to_owned() } else { format!("`{package}`") };
        let list = listed(packages.iter().map(name));
        for file in files {
            let message = format!("files of folder `{folder}` are in several packages: {list}");
            let finding = at_span(&RULE.code, file, file.package_span, message);
            out.push(finding.with_help("keep one package a folder, with the folder named for it"));
        }
    }
}
