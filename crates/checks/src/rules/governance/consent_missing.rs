//! OP034 `consent-missing`.

use tenon_source::{Code, Finding, Level};

use super::surface::members;
use super::{declared, report};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP034",
        name: "consent-missing",
        summary: "An operation takes personal data and does not say which consent it needs",
        level: Level::Warning,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("consent_missing.md"),
    check,
};

/// Property names that hold a way to reach a person (A002-09).
const PERSONAL: &[&str] =
    &["email", "email_address", "emailaddress", "phone", "phone_number", "phonenumber", "mobile"];

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    if !ctx.graph.contracts.iter().any(|contract| contract.consent_scopes.is_some()) {
        return;
    }
    for operation in declared(ctx).filter(|operation| operation.governance.consent.is_none()) {
        let Some(Ok(schema)) = operation.request_schema else { continue };
        let is_personal = |name: &&str| PERSONAL.contains(&name.to_ascii_lowercase().as_str());
        if let Some(name) = members(ctx, schema).iter().map(|member| member.name).find(is_personal) {
            let message =
                format!("{} takes `{name}` but does not say which consent it needs", operation.label());
            let help = "name the consent, as in `consent: [communication]`, or say `consent: none`";
            out.push(report(ctx, &RULE.code, operation, message).with_help(help));
        }
    }
}
