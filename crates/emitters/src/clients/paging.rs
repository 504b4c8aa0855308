//! Lists that come in pages: what takes the cursor, and where the next one and the items are.

use tenon_graph::serving::{Handler, Template};
use tenon_graph::{Contract, Graph, Operation};

use super::model::{Call, Cursor, Field, Paging, Place, Type};
use super::names::words;
use super::schemas::Types;

/// Names of query parameters that take a cursor, as words.
const CURSORS: [&str; 7] = [
    "cursor",
    "page cursor",
    "page token",
    "continuation token",
    "next token",
    "starting after",
    "after cursor",
];

/// Names of members that give the next cursor, as words.
const NEXT: [&str; 5] =
    ["next cursor", "next page token", "next token", "next page cursor", "continuation token"];

/// The pages of an operation over HTTP: as its handler makes them, else as its names tell.
pub(super) fn find(
    _graph: &Graph,
    operation: &Operation,
    contract: Option<&Contract>,
    call: &Call,
    types: &Types<'_>,
) -> Option<Paging> {
    let handler = operation.governance.serving.as_ref().and_then(|serving| serving.handler.as_ref());
    let by_handler = handler.and_then(|handler| of_handler(handler, contract, call, types));
    by_handler.or_else(|| by_names(call, types))
}

fn of_handler(
    handler: &Handler,
    contract: Option<&Contract>,
    call: &Call,
    types: &Types<'_>,
) -> Option<Paging> {
    let Template::Expression(cursor) = handler.page.as_ref()?.cursor.as_ref()? else { return None };
    let wire = cursor.text.trim().strip_prefix("query.")?.to_owned();
    let known = |one: &&super::model::Parameter| one.place == Place::Query && one.wire == wire;
    call.parameters.iter().find(known)?;
    let envelope = contract.and_then(|contract| contract.serving.success_envelope.as_ref());
    let mut around = Vec::new();
    if let Some(envelope) = envelope {
        way(envelope, "body", &mut around).then_some(())?;
    }
    let (mut next, mut items) = (around.clone(), around);
    let respond = handler.respond.as_ref()?;
    if !way(respond, "next_cursor", &mut next) || !way(respond, "records", &mut items) {
        return None;
    }
    let Type::List(item) = types.at(&call.answer.ty, &items)? else { return None };
    types.at(&call.answer.ty, &next)?;
    Some(Paging { cursor: Cursor::Query(wire), next, items, item: *item })
}

/// The way to an expression in a template; whether there is one.
pub(super) fn way(template: &Template, wanted: &str, out: &mut Vec<String>) -> bool {
    match template {
        Template::Expression(text) => text.text.trim() == wanted,
        Template::Object(members) => members.iter().any(|(name, inner)| {
            out.push(name.clone());
            let found = way(inner, wanted, out);
            if !found {
                out.pop();
            }
            found
        }),
        Template::Value(_) | Template::Array(_) => false,
    }
}

fn by_names(call: &Call, types: &Types<'_>) -> Option<Paging> {
    let takes = |one: &&super::model::Parameter| {
        one.place == Place::Query && CURSORS.contains(&words(&one.wire).join(" ").as_str())
    };
    let cursor = Cursor::Query(call.parameters.iter().find(takes)?.wire.clone());
    by_members(cursor, &call.answer.ty, types)
}

/// The pages of an RPC, by the names AIP-158 gives.
pub(super) fn of_messages(request: &Type, response: &Type, types: &Types<'_>) -> Option<Paging> {
    let takes = |one: &&Field| CURSORS.contains(&words(&one.wire).join(" ").as_str());
    let cursor = Cursor::Field(types.fields(request)?.iter().find(takes)?.wire.clone());
    by_members(cursor, response, types)
}

/// One member gives the next cursor and one is a list: at the top, or below one member.
fn by_members(cursor: Cursor, answer: &Type, types: &Types<'_>) -> Option<Paging> {
    let fields = types.fields(answer)?;
    let gives = |one: &&Field| NEXT.contains(&words(&one.wire).join(" ").as_str());
    let next = fields.iter().find(gives)?.wire.clone();
    let mut lists = fields.iter().filter_map(|one| match types.plain(&one.ty) {
        Type::List(item) => Some((one.wire.clone(), item.as_ref().clone())),
        _ => None,
    });
    match (lists.next(), lists.next()) {
        (Some((items, item)), None) => Some(Paging { cursor, next: vec![next], items: vec![items], item }),
        // Which of two lists is meant, nobody says.
        _ => None,
    }
}
