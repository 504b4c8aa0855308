//! SC32 `mistyped-contract-field`.

use tenon_source::{At, Code, Finding, Kind, Level, Node};

use super::fields::{self, Field, Shape};
use crate::facts::service::services;
use crate::facts::service::{Endpoint, ServiceFacts};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "SC32",
        name: "mistyped-contract-field",
        summary: "A field has another type or value than the format gives it",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Error,
    strict: Level::Error,
    doc: include_str!("mistyped_contract_field.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for facts in services(ctx) {
        let root = facts.root();
        for (field, value) in mistyped(root, fields::Level::Root) {
            // Entries of another type are reported one by one, and this value by the rule on deferred routes.
            let by_rule =
                field.name == "deferredRouteHandling" && facts.endpoints.iter().any(Endpoint::is_deferred);
            let by_entry = value.is_array() && field.name == "endpoints";
            if !by_rule && !by_entry {
                let at = At { file: facts.contract.file, node: value.id() };
                out.push(facts.finding(&RULE.code, at, message(field, value)).with_help(help(field)));
            }
        }
        let entries = root.get("endpoints").filter(|list| list.is_array());
        for entry in entries.into_iter().flat_map(|list| list.items()).filter(|entry| !entry.is_object()) {
            let at = At { file: facts.contract.file, node: entry.id() };
            let message = format!("an endpoint is an object, and this is {}", of_kind(entry.kind()));
            out.push(facts.finding(&RULE.code, at, message).with_help("write it as an object, or remove it"));
        }
        for endpoint in &facts.endpoints {
            check_endpoint(&facts, endpoint, out);
        }
    }
}

fn check_endpoint(facts: &ServiceFacts<'_>, endpoint: &Endpoint<'_>, out: &mut Vec<Finding>) {
    let outer = endpoint.node(facts.graph);
    let inner = endpoint.service.contract.map(|at| facts.graph.node(at));
    let found = mistyped(outer, fields::Level::Endpoint)
        .chain(inner.into_iter().flat_map(|inner| mistyped(inner, fields::Level::Contract)));
    for (field, value) in found {
        let is_other_status = field.name == "status" && !facts.is_v2() && endpoint.operation.status.is_some();
        let by_body_rule = field.name == "acceptsBody" && endpoint.may_carry_body();
        if is_other_status || by_body_rule {
            continue;
        }
        // The one entry that is wrong, where only one is.
        let entry = value.items().find(|item| item.as_str().is_none());
        let value = match (field.shape, entry) {
            (Shape::Texts, Some(entry)) => entry,
            _ => value,
        };
        let at = At { file: facts.contract.file, node: value.id() };
        let finding = facts.finding_in(&RULE.code, endpoint, Some(at), message(field, value));
        out.push(finding.with_help(help(field)));
    }
}

fn mistyped<'t>(owner: Node<'t>, level: fields::Level) -> impl Iterator<Item = (&'static Field, Node<'t>)> {
    owner.members().filter_map(move |(name, value)| {
        let field = fields::find(level, name)?;
        (!field.shape.admits(value)).then_some((field, value))
    })
}

fn message(field: &Field, value: Node<'_>) -> String {
    let shown = match value.as_str() {
        Some(text) => format!("the text `{text}`"),
        None => of_kind(value.kind()).to_owned(),
    };
    let is_entry = matches!(field.shape, Shape::Texts) && !value.is_array() && value.key().is_none();
    if is_entry {
        return format!("an entry of `{}` is a text, and this is {shown}", field.name);
    }
    format!("`{}` is {}, and this is {shown}", field.name, field.shape.describe())
}

fn help(field: &Field) -> String {
    format!("write `{}` as {}", field.name, field.shape.describe())
}

fn of_kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Null => "null",
        Kind::Bool => "a boolean",
        Kind::Number => "a number",
        Kind::String => "a text",
        Kind::Array => "an array",
        Kind::Object => "an object",
    }
}
