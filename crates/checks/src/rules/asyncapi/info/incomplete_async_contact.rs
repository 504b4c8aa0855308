//! AS041 `incomplete-async-contact`.

use tenon_source::{Code, Finding, Level};

use crate::rules::asyncapi::support::documents;
use crate::rules::openapi::support::{member, says};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "AS041",
        name: "incomplete-async-contact",
        summary: "A contact lacks its name, URL or email",
        level: Level::Off,
        aliases: &["spectral:asyncapi-info-contact-properties"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("incomplete_async_contact.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for info in documents(ctx).filter_map(|api| api.info) {
        let Some(contact) = member(ctx, info, "contact") else { continue };
        let lacking: Vec<String> = ["name", "url", "email"]
            .into_iter()
            .filter(|key| !says(ctx, contact, key))
            .map(|key| format!("`{key}`"))
            .collect();
        if !lacking.is_empty() {
            let message = format!("the contact has no {}", lacking.join(" and no "));
            let finding = ctx.graph.sources.finding(&RULE.code, contact, message);
            out.push(finding.with_help("add it, so that the team can be reached either way"));
        }
    }
}
