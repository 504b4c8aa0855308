//! OP024 `unknown-consent-scope`.

use tenon_source::{Code, Finding, Level};

use super::{declared, unknown_words, vocabulary};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP024",
        name: "unknown-consent-scope",
        summary: "An operation names a consent scope that no contract declares",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("unknown_consent_scope.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let Some(known) = vocabulary(ctx, |contract| contract.consent_scopes.as_ref()) else { return };
    for operation in declared(ctx) {
        let used = operation.governance.consent.iter().flat_map(|consent| &consent.scopes);
        unknown_words(ctx, &RULE.code, operation, used, &known, "consent scope", out);
    }
}
