//! OP058 `usage-as-gate`.

use tenon_graph::serving::Template;
use tenon_graph::{Name, Operation};
use tenon_source::At;
use tenon_source::{Code, Finding, Level};

use super::declared;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP058",
        name: "usage-as-gate",
        summary: "What is metered decides whether an operation runs",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("usage_as_gate.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let dimensions: Vec<&str> = ctx
        .graph
        .contracts
        .iter()
        .filter_map(|contract| contract.usage_dimensions.as_ref())
        .flatten()
        .map(Name::as_str)
        .collect();
    if dimensions.is_empty() {
        return;
    }
    for operation in declared(ctx) {
        for (word, at) in gates(operation, &dimensions) {
            let message = format!("{} is let through or refused by usage: `{word}`", operation.label());
            let finding = ctx.graph.sources.finding_at_value(&RULE.code, at, message);
            let help = "usage is counted, never asked; limits belong to rate classes and entitlements";
            out.push(finding.with_operation(operation.label()).with_help(help));
        }
    }
}

/// What of an operation lets it through or refuses it, and speaks of usage.
fn gates(operation: &Operation, dimensions: &[&str]) -> Vec<(String, At)> {
    let facts = &operation.governance;
    let consent = facts.consent.iter().flat_map(|consent| &consent.scopes);
    let names = facts.scopes.iter().flatten().chain(consent);
    let names = names.filter(|name| dimensions.contains(&name.as_str()));
    let mut found: Vec<(String, At)> = names.map(|name| (name.text.clone(), name.at)).collect();
    let serving = facts.serving.as_deref();
    let needs = serving.into_iter().flat_map(|serving| serving.consent_needs.iter().map(|(_, when)| when));
    let handler = serving.and_then(|serving| serving.handler.as_ref());
    let guards = handler.into_iter().flat_map(|handler| handler.guards.iter().map(|guard| &guard.when));
    let visible = handler.and_then(|handler| handler.visible.as_ref());
    for template in needs.chain(guards).chain(visible) {
        let Template::Expression(expression) = template else { continue };
        if let Some(word) = speaks_of_usage(&expression.text, dimensions) {
            found.push((word, expression.at));
        }
    }
    found
}

/// The dimension, or the variable `usage`, that an expression has.
fn speaks_of_usage(expression: &str, dimensions: &[&str]) -> Option<String> {
    let quoted = |dimension: &&&str| {
        expression.contains(&format!("'{dimension}'")) || expression.contains(&format!("\"{dimension}\""))
    };
    if let Some(dimension) = dimensions.iter().find(quoted) {
        return Some((*dimension).to_owned());
    }
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    let mut rest = expression;
    while let Some(at) = rest.find("usage") {
        let (before, after) = (rest.get(..at)?, rest.get(at + "usage".len()..)?);
        let starts = !before.ends_with(|letter: char| is_part(letter) || letter == '.');
        if starts && !after.starts_with(is_part) {
            return Some("usage".to_owned());
        }
        rest = after;
    }
    None
}
