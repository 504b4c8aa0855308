//! PB008 `stable-imports-unstable`.

use tenon_graph::protobuf::{Stability, stability_of};
use tenon_source::{Code, Finding, Level};

use super::support::{at_span, files};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "PB008",
        name: "stable-imports-unstable",
        summary: "A stable package imports an unstable one",
        level: Level::Off,
        aliases: &["buf:STABLE_PACKAGE_NO_IMPORT_UNSTABLE"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("stable_imports_unstable.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let protobuf = &ctx.graph.protobuf;
    for file in files(ctx).filter(|file| stability_of(file.package_name()) == Some(Stability::Stable)) {
        for import in &file.imports {
            let Some(other) = import.file.map(|id| protobuf.file(id)).filter(|other| other.is_target) else {
                continue;
            };
            if stability_of(other.package_name()) == Some(Stability::Unstable) {
                let message = format!(
                    "stable package `{}` needs `{}` of unstable package `{}`",
                    file.package_name(),
                    import.path,
                    other.package_name()
                );
                let finding = at_span(&RULE.code, file, Some(import.span), message);
                out.push(finding.with_help("make the other package stable first, or copy what is needed"));
            }
        }
    }
}
