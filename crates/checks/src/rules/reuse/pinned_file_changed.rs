//! RE015 `pinned-file-changed`.

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use tenon_source::{Code, Finding, Level};

use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "RE015",
        name: "pinned-file-changed",
        summary: "A pinned file is missing, or is not what was pinned",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Error,
    strict: Level::Error,
    doc: include_str!("pinned_file_changed.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let sources = &ctx.graph.sources;
    for pin in ctx.graph.pin_manifests.iter().flat_map(|manifest| &manifest.artifacts) {
        let path = &pin.path.text;
        let Some(file) = pin.target.and_then(|file| sources.get(file)) else {
            let message = format!("the pinned file `{path}` is not there");
            let finding = sources.finding_at_value(&RULE.code, pin.path.at, message);
            out.push(finding.with_help("bring the file back, or take it out of the manifest"));
            continue;
        };
        let Some(wanted) = &pin.sha256 else {
            let message = format!("the pinned file `{path}` has no `sha256`");
            out.push(
                sources.finding(&RULE.code, pin.at, message).with_help("write the SHA-256 of its bytes"),
            );
            continue;
        };
        let found: String = HEXLOWER.encode(&Sha256::digest(file.text().as_bytes()));
        if !wanted.text.trim().eq_ignore_ascii_case(&found) {
            let message = format!("`{path}` is not what was pinned: its SHA-256 is {found}");
            let finding = sources.finding_at_value(&RULE.code, wanted.at, message);
            out.push(finding.with_help("bring back the bytes that were pinned; if the new ones are meant, pin them and say why in the change"));
        }
    }
}
