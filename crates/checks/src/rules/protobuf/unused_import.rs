//! PB023 `unused-import`.

use tenon_source::{Code, Finding, Level};

use super::support::{at_span, files};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "PB023",
        name: "unused-import",
        summary: "Nothing of an imported file is used",
        level: Level::Warning,
        aliases: &["buf:IMPORT_USED"],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("unused_import.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for file in files(ctx) {
        for import in file.imports.iter().filter(|import| import.file.is_some() && !import.is_used) {
            let message = format!("nothing of `{}` is used here", import.path);
            let finding = at_span(&RULE.code, file, Some(import.span), message);
            out.push(finding.with_help("remove the import"));
        }
    }
}
