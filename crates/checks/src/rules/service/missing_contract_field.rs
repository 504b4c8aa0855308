//! SC31 `missing-contract-field`.

use tenon_source::{At, Code, Finding, Level, Node};

use super::fields::{self, Field, Need};
use crate::facts::service::services;
use crate::facts::service::{Endpoint, ServiceFacts};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "SC31",
        name: "missing-contract-field",
        summary: "A mandatory field is missing",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Error,
    strict: Level::Error,
    doc: include_str!("missing_contract_field.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for facts in services(ctx).iter().filter(|facts| facts.is_v2()) {
        for field in missing(facts.root(), fields::Level::Root) {
            let message = format!("the mandatory field `{}` is missing at the root", field.name);
            let help = format!("add `{}`: {}", field.name, field.shape.describe());
            out.push(facts.finding(&RULE.code, facts.contract.root, message).with_help(help));
        }
        for endpoint in &facts.endpoints {
            for field in missing(endpoint.node(facts.graph), fields::Level::Endpoint) {
                let finding = finding(facts, endpoint, None, field);
                // Rule 18 lets endpoints of our own systems leave it out.
                let may_be_left_out = field.name == "authentication"
                    && endpoint.service.auth_required == Some(false)
                    && !endpoint.is_public_by_nature();
                let level = if may_be_left_out { Level::Warning } else { finding.level };
                out.push(finding.at_level(level));
            }
            let Some(contract) = endpoint.service.contract else { continue };
            for field in missing(facts.graph.node(contract), fields::Level::Contract) {
                out.push(finding(facts, endpoint, Some(contract), field));
            }
        }
    }
}

fn missing<'t>(owner: Node<'t>, level: fields::Level) -> impl Iterator<Item = &'static Field> + 't {
    // Presence is the key's: false, null and the empty list are values.
    fields::of(level).filter(move |field| field.need == Need::Always && owner.get(field.name).is_none())
}

fn finding(facts: &ServiceFacts<'_>, endpoint: &Endpoint<'_>, at: Option<At>, field: &Field) -> Finding {
    let place = field.level.as_str();
    let message = format!("the mandatory field `{}` of {place} is missing", field.name);
    let finding = facts.finding_in(&RULE.code, endpoint, at, message);
    finding.with_help(format!("add `{}`: {}", field.name, field.shape.describe()))
}
