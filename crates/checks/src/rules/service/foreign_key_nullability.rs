//! SC21 `foreign-key-nullability`.

use tenon_graph::service::Column;
use tenon_source::{Code, Finding, Level};

use crate::facts::service::services;
use crate::facts::service::{Endpoint, NullableKey, ServiceFacts};
use crate::facts::words::{fold, has_word, speaks_of, words};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "SC21",
        name: "foreign-key-nullability",
        summary: "An endpoint demands a foreign key that may be null, or relies on one without saying what happens when it is",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("foreign_key_nullability.md"),
    check,
};

/// Words that say what happens without the key.
const REJECTS: &[&str] = &[
    "reject",
    "refus",
    "400",
    "409",
    "412",
    "422",
    "error",
    "fail",
    "must be set",
    "when null",
    "if null",
    "is null",
];

/// First words of actions that work with what a record refers to.
const WORKING: &[&str] = &[
    "start", "process", "run", "execute", "launch", "trigger", "generate", "publish", "submit", "finalise",
    "finalize",
];

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for facts in services(ctx) {
        for endpoint in &facts.endpoints {
            if facts.is_create(endpoint) {
                for key in facts.nullable_keys(endpoint) {
                    creates(&facts, endpoint, &key, out);
                }
            } else {
                dependent_action(&facts, endpoint, out);
            }
        }
    }
}

fn creates(facts: &ServiceFacts<'_>, endpoint: &Endpoint<'_>, key: &NullableKey<'_>, out: &mut Vec<Finding>) {
    let field = key.field;
    let declared = facts.graph.sources.place(key.column.at);
    if !is_optional(endpoint, field) {
        let message = format!("`{field}` is demanded at creation, and the data model lets it be null");
        out.push(
            facts
                .finding_in(&RULE.code, endpoint, Some(key.name.at), message)
                .with_related(declared, "nullable here")
                .with_help(format!("write it as `{field}?` in the signature, or set it by a later endpoint")),
        );
    } else if !has_word(endpoint.notes(), field) {
        let message =
            format!("`{field}` may be left out at creation, and the notes do not say when it must be set");
        let at = endpoint.inner_at(facts.graph, "notes");
        out.push(
            facts
                .finding_in(&RULE.code, endpoint, at, message)
                .with_related(declared, "nullable here")
                .with_help(format!(
                    "add to `notes` how and when `{field}` is set before an operation that depends on it"
                )),
        );
    }
}

/// Whether the parameter that takes a body field may be left out.
fn is_optional(endpoint: &Endpoint<'_>, field: &str) -> bool {
    let Some(Ok(signature)) = endpoint.signature() else { return true };
    let index = endpoint.arguments().iter().position(|argument| argument.body_field() == Some(field));
    let by_name = signature.parameters.iter().find(|parameter| fold(&parameter.name) == fold(field));
    by_name.or_else(|| signature.parameters.get(index?)).is_none_or(|parameter| parameter.optional)
}

/// An action that works with a key which may be null says what happens then.
fn dependent_action(facts: &ServiceFacts<'_>, endpoint: &Endpoint<'_>, out: &mut Vec<Finding>) {
    let Some(target) = facts.target(endpoint) else { return };
    let Some(action) = target.action.filter(|_| endpoint.method() == "POST") else { return };
    let works = words(action).first().is_some_and(|first| WORKING.contains(&first.as_str()));
    if !works {
        return;
    }
    let notes = endpoint.notes();
    let keys =
        target.table.columns.iter().filter(|one| one.nullable && one.foreign_key.is_some() && !is_audit(one));
    for column in keys {
        let name = &column.name.text;
        // A key the caller passes is no matter of what was set before.
        let passed = endpoint.body_fields().iter().any(|(field, _)| field == name);
        if passed || (has_word(notes, name) && speaks_of(notes, REJECTS)) {
            continue;
        }
        let message = format!(
            "`{action}` may meet a record whose `{name}` is null, and the notes do not say that it is refused then"
        );
        let at = endpoint.inner_at(facts.graph, "notes");
        out.push(
            facts
                .finding_in(&RULE.code, endpoint, at, message)
                .with_related(facts.graph.sources.place(column.at), "nullable here")
                .with_help(format!(
                    "add to `notes`: \"Rejects with 409 when {name} is null\", or that it is not needed"
                )),
        );
    }
}

/// `createdByUserId` and its like say who did something and are needed by nothing.
fn is_audit(column: &Column) -> bool {
    let words = words(&column.name.text);
    words.get(1).is_some_and(|second| second == "by")
}
