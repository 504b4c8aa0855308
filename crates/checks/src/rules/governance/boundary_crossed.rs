//! OP027 `boundary-crossed`.

use tenon_graph::serving::{EffectKind, Template};
use tenon_graph::{Name, Operation};
use tenon_source::{At, Code, Finding, Level};

use super::declared;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP027",
        name: "boundary-crossed",
        summary: "An operation causes what the contract's boundary forbids",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Error,
    strict: Level::Error,
    doc: include_str!("boundary_crossed.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for boundary in ctx.graph.contracts.iter().filter_map(|contract| contract.boundary.as_ref()) {
        for operation in declared(ctx) {
            for effect in effects(operation) {
                let limit = boundary.forbidden.iter().chain(&boundary.notify_only);
                let Some(limit) = limit.into_iter().find(|name| name.text == effect.text) else { continue };
                let forbidden = boundary.forbidden.iter().any(|name| name.at == limit.at);
                let said = match forbidden {
                    true => "no operation may cause it",
                    false => "it may be announced, never caused",
                };
                out.push(crossed(ctx, operation, &effect, limit, said));
            }
            let written = written(operation);
            for limit in &boundary.forbidden {
                if let Some(word) = written.iter().find(|word| word.text == limit.text) {
                    out.push(crossed(ctx, operation, word, limit, "no operation may cause it"));
                }
            }
        }
    }
}

fn crossed(ctx: &Context<'_>, operation: &Operation, effect: &Name, limit: &Name, said: &str) -> Finding {
    let label = operation.label();
    let message = format!("{label} causes `{}`, which lies beyond the contract's boundary", effect.text);
    let finding = ctx.graph.sources.finding_at_value(&RULE.code, effect.at, message);
    finding
        .with_operation(label)
        .with_related(ctx.graph.sources.place(limit.at), said)
        .with_help("leave it to the system that owns it")
}

/// What an operation says it causes, and the events its handler does cause.
fn effects(operation: &Operation) -> Vec<Name> {
    let facts = &operation.governance;
    let mut found: Vec<Name> = facts.emits.iter().chain(&facts.side_effects).flatten().cloned().collect();
    let handler = facts.serving.as_ref().and_then(|serving| serving.handler.as_ref());
    for emit in handler.iter().flat_map(|handler| &handler.emits) {
        if !found.iter().any(|said| said.text == emit.event.text) {
            found.push(emit.event.clone());
        }
    }
    found
}

/// The words a handler writes into records.
fn written(operation: &Operation) -> Vec<Name> {
    let serving = operation.governance.serving.as_ref();
    let Some(handler) = serving.and_then(|serving| serving.handler.as_ref()) else { return Vec::new() };
    let effects = handler.effects.iter().filter_map(|effect| match &effect.kind {
        EffectKind::Record { set, .. } => set.as_ref(),
        EffectKind::Consent(_) | EffectKind::Subscribe(_) => None,
    });
    let mut found = Vec::new();
    for set in handler.set.iter().chain(effects) {
        words(set, handler.at, &mut found);
    }
    found
}

/// The words that a template may give.
fn words(template: &Template, at: At, found: &mut Vec<Name>) {
    match template {
        Template::Value(value) => found.extend(value.as_str().map(|word| Name::new(word, at))),
        Template::Expression(expression) => {
            let mut before = "";
            // Every second part between quotes is a text; one that is compared with is not given.
            for (index, part) in expression.text.split(['\'', '"']).enumerate() {
                let compared = before.trim_end().ends_with("==") || before.trim_end().ends_with("!=");
                if index % 2 == 1 && !compared {
                    found.push(Name::new(part, expression.at));
                }
                before = part;
            }
        }
        Template::Object(members) => members.iter().for_each(|(_, member)| words(member, at, found)),
        Template::Array(items) => items.iter().for_each(|item| words(item, at, found)),
    }
}
