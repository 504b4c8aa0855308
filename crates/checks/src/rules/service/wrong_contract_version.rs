//! SC30 `wrong-contract-version`.

use tenon_source::{Code, Finding, Level};

use crate::facts::service::services;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "SC30",
        name: "wrong-contract-version",
        summary: "The document does not bear the name of service-contracts v2",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Error,
    strict: Level::Error,
    doc: include_str!("wrong_contract_version.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for facts in services(ctx) {
        let said = facts.root().get("$schema");
        if said.and_then(|node| node.as_str()) == Some("service-contracts-v2") {
            continue;
        }
        let at = facts.root_member("$schema");
        let message = match said.and_then(|node| node.as_str()) {
            Some(text) => format!("`$schema` is `{text}`, and the rules are those of `service-contracts-v2`"),
            None => "`$schema` does not say `service-contracts-v2`".to_owned(),
        };
        let help = "set `\"$schema\": \"service-contracts-v2\"` and bring the document to that shape";
        out.push(facts.finding(&RULE.code, at, message).with_help(help));
    }
}
