//! PB022 `public-import`.

use tenon_graph::protobuf::ImportKind;
use tenon_source::{Code, Finding, Level};

use super::support::{at_span, files};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "PB022",
        name: "public-import",
        summary: "An import is public",
        level: Level::Warning,
        aliases: &["buf:IMPORT_NO_PUBLIC"],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("public_import.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for file in files(ctx) {
        for import in file.imports.iter().filter(|import| import.kind == ImportKind::Public) {
            let message = format!(
                "`{}` is imported publicly: who imports this file depends on that one unseen",
                import.path
            );
            out.push(at_span(&RULE.code, file, Some(import.span), message));
        }
    }
}
