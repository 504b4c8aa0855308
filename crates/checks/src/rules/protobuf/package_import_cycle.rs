//! PB004 `package-import-cycle`.

use std::collections::{BTreeMap, BTreeSet};

use tenon_source::{Code, Finding, Level};

use super::support::at_span;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "PB004",
        name: "package-import-cycle",
        summary: "Packages import each other",
        level: Level::Error,
        aliases: &["buf:PACKAGE_NO_IMPORT_CYCLE"],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("package_import_cycle.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let protobuf = &ctx.graph.protobuf;
    let mut imported: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for file in &protobuf.files {
        let others =
            file.imports.iter().filter_map(|import| import.file).map(|id| protobuf.file(id).package_name());
        let of_package = imported.entry(file.package_name()).or_default();
        of_package.extend(others.filter(|other| !other.is_empty() && *other != file.package_name()));
    }
    // What no one in a cycle can reach is looked at once.
    let mut reached: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (_, file) in protobuf.target_files().filter(|(_, file)| !file.package_name().is_empty()) {
        let own = file.package_name();
        for import in &file.imports {
            let Some(other) = import.file.map(|id| protobuf.file(id).package_name()) else { continue };
            if other.is_empty() || other == own {
                continue;
            }
            if reached.entry(other).or_insert_with(|| reach(&imported, other)).contains(own) {
                let message = format!("package `{own}` imports `{other}`, which imports it in turn");
                let finding = at_span(&RULE.code, file, Some(import.span), message);
                out.push(finding.with_help("move what both need to a package of its own"));
            }
        }
    }
}

/// The packages that one imports, and those that these import, and so on.
fn reach<'p>(imported: &BTreeMap<&'p str, BTreeSet<&'p str>>, from: &str) -> BTreeSet<&'p str> {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut stack: Vec<&str> = imported.get(from).into_iter().flatten().copied().collect();
    while let Some(package) = stack.pop() {
        if seen.insert(package) {
            stack.extend(imported.get(package).into_iter().flatten().copied());
        }
    }
    seen
}
