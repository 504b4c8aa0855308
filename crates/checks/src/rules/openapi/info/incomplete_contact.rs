//! OA171 `incomplete-contact`.

use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::support::{member, says};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA171",
        name: "incomplete-contact",
        summary: "The contact lacks its name, its URL or its email address",
        level: Level::Off,
        aliases: &["spectral:contact-properties"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("incomplete_contact.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for info in ctx.graph.apis.iter().filter_map(|api| api.info) {
        let Some(contact) = member(ctx, info, "contact") else { continue };
        let missing: Vec<String> = ["name", "url", "email"]
            .iter()
            .filter(|key| !says(ctx, contact, key))
            .map(|key| format!("`{key}`"))
            .collect();
        if !missing.is_empty() {
            let message = format!("the contact has no {}", missing.join(" and "));
            let finding = ctx.graph.sources.finding(&RULE.code, contact, message);
            out.push(finding.with_help("add what is missing"));
        }
    }
}
