//! PB004 `package-import-cycle`.

use std::collections::{BTreeMap, BTreeSet};

use tenon_graph::groups;
use tenon_graph::protobuf::ProtoFile;
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
    // Files without a package are no package.
    let named = |name: &str| !name.is_empty();
    let names: BTreeSet<&str> =
        protobuf.files.iter().map(ProtoFile::package_name).filter(|name| named(name)).collect();
    let numbers: BTreeMap<&str, usize> = names.into_iter().zip(0..).collect();
    let mut imported: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); numbers.len()];
    for file in &protobuf.files {
        let others = file.imports.iter().filter_map(|import| import.file);
        let others = others.filter_map(|id| numbers.get(protobuf.file(id).package_name()));
        let own = numbers.get(file.package_name()).and_then(|own| imported.get_mut(*own));
        if let Some(imported) = own {
            imported.extend(others);
        }
    }
    let imported: Vec<Vec<usize>> = imported.into_iter().map(|set| set.into_iter().collect()).collect();
    // Packages that reach each other are one group, however long the way.
    let (groups, _) = groups(imported.len(), |package, place| imported.get(package)?.get(place).copied());
    let group = |name: &str| groups.get(*numbers.get(name)?);
    for (_, file) in protobuf.target_files().filter(|(_, file)| named(file.package_name())) {
        let own = file.package_name();
        for import in &file.imports {
            let Some(other) = import.file.map(|id| protobuf.file(id).package_name()) else { continue };
            if named(other) && other != own && group(other) == group(own) {
                let message = format!("package `{own}` imports `{other}`, which imports it in turn");
                let finding = at_span(&RULE.code, file, Some(import.span), message);
                out.push(finding.with_help("move what both need to a package of its own"));
            }
        }
    }
}
