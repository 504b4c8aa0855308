//! OP056 `forbidden-behaviour`.

use tenon_graph::{Forbids, Name, Operation};
use tenon_source::{At, Node};
use tenon_source::{Code, Finding, Level};

use super::surface::{governed, id_of, members, says, words};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP056",
        name: "forbidden-behaviour",
        summary: "A request, response or effect has what the contract forbids the operation",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("forbidden_behaviour.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for contract in &ctx.graph.contracts {
        let categories = contract.surface.iter().flat_map(|surface| &surface.categories);
        let categories: Vec<_> = categories.collect();
        for operation in governed(ctx, contract) {
            let inside = |names: &[Name]| names.iter().any(|name| name.text == id_of(operation));
            let shared = categories.iter().filter(|category| inside(&category.operations));
            let own = operation.governance.forbids.as_deref();
            for forbids in shared.map(|category| &category.forbids).chain(own) {
                look(ctx, operation, forbids, out);
            }
        }
    }
}

/// Reports every name and value of an operation that has a forbidden word.
fn look(ctx: &Context<'_>, operation: &Operation, forbids: &Forbids, out: &mut Vec<Finding>) {
    let facts = &operation.governance;
    let words_of = |own: &[Name]| -> Vec<Name> { forbids.all.iter().chain(own).cloned().collect() };
    let (request, response) = (words_of(&forbids.request), words_of(&forbids.response));
    let mut all: Vec<(String, At)> = operation.id.iter().map(|id| (id.text.clone(), operation.at)).collect();
    let path =
        operation.http.iter().flat_map(|http| http.path.text.split('/').map(|part| (part, http.path.at)));
    all.extend(path.map(|(part, at)| (part.to_owned(), at)));
    let effects = facts.emits.iter().chain(&facts.side_effects).flatten();
    all.extend(effects.map(|effect| (effect.text.clone(), effect.at)));
    report(ctx, operation, &forbids.all, all, out);
    let parameters = operation.detail.parameters.iter();
    let names =
        parameters.filter_map(|parameter| Some((parameter.name.as_ref()?.text.clone(), parameter.at)));
    report(ctx, operation, &request, names.collect(), out);
    report(ctx, operation, &request, said(ctx, operation.request_schema.as_ref()), out);
    report(ctx, operation, &response, said(ctx, operation.response_schema.as_ref()), out);
}

/// Names of members and the words their values may be.
fn said(ctx: &Context<'_>, schema: Option<&Result<At, Name>>) -> Vec<(String, At)> {
    let Some(Ok(schema)) = schema else { return Vec::new() };
    let mut out = Vec::new();
    for member in members(ctx, *schema) {
        out.push((member.name.to_owned(), member.at));
        let listed = member.schema.get("enum").into_iter().flat_map(Node::items);
        let items = member.schema.get("items").and_then(|items| items.get("enum"));
        let values = listed.chain(items.into_iter().flat_map(Node::items));
        out.extend(values.filter_map(Node::as_str).map(|value| (value.to_owned(), member.at)));
    }
    out
}

fn report(
    ctx: &Context<'_>,
    operation: &Operation,
    forbidden: &[Name],
    names: Vec<(String, At)>,
    out: &mut Vec<Finding>,
) {
    if forbidden.is_empty() {
        return;
    }
    for (name, at) in names {
        let words = words(&name);
        let Some(word) = forbidden.iter().find(|word| says(&words, &word.text)) else { continue };
        let message = format!("{} must not do this: `{name}` says `{}`", operation.label(), word.text);
        let finding = ctx.graph.sources.finding(&RULE.code, at, message).with_operation(operation.label());
        let place = ctx.graph.sources.place(word.at);
        out.push(finding.with_related(place, "forbidden here").with_help("take it out of the operation"));
    }
}
