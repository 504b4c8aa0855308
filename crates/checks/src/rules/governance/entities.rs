//! How members of requests and responses fit the fields of entities.

use std::collections::BTreeSet;

use tenon_graph::{Contract, Entity, Operation};
use tenon_source::{At, Node};

use super::surface::{Member, governed, members};
use crate::Context;

/// How a member differs from the field it stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// It allows what the entity does not.
    Wider,
    /// It allows less.
    Narrower,
}

/// A member that differs.
pub struct Difference {
    /// How.
    pub fit: Fit,
    /// The member.
    pub field: String,
    /// The field of the entity.
    pub of: String,
    /// In what.
    pub what: String,
    /// The operation.
    pub operation: String,
    /// Where the member is written.
    pub at: At,
    /// Where the entity says otherwise.
    pub entity_at: At,
}

/// A member without a counterpart.
pub struct Unmapped {
    /// The member.
    pub field: String,
    /// The operation.
    pub operation: String,
    /// Where it is written.
    pub at: At,
}

/// A member on its way through an operation.
struct Visit<'g> {
    contract: &'g Contract,
    operation: &'g Operation,
    is_request: bool,
    member: Member<'g>,
    target: Target<'g>,
}

/// What a member stands for.
enum Target<'g> {
    Field(String, At, Node<'g>),
    Nothing,
    Unknown,
}

/// Every member that differs from the field it stands for. A response that allows less fits.
pub fn fits(ctx: &Context<'_>) -> Vec<Difference> {
    let mut out = Vec::new();
    let mut seen = BTreeSet::new();
    each(ctx, &mut |Visit { operation, is_request, member, target, .. }| {
        let Target::Field(of, entity_at, field) = target else { return };
        if !seen.insert((member.at, entity_at)) {
            return;
        }
        let counts = |fit: Fit| is_request || fit == Fit::Wider;
        for (fit, what) in compare(member.schema, field).into_iter().filter(|(fit, _)| counts(*fit)) {
            let operation = operation.label();
            let (field, of) = (member.name.to_owned(), of.clone());
            out.push(Difference { fit, field, of, what, operation, at: member.at, entity_at });
        }
    });
    out
}

/// Every member without a counterpart, where the contract asks for one.
pub fn unmapped(ctx: &Context<'_>) -> Vec<Unmapped> {
    let mut out = Vec::new();
    let mut seen = BTreeSet::new();
    each(ctx, &mut |Visit { contract, operation, member, target, .. }| {
        let asked = contract.surface.as_ref().is_some_and(|surface| surface.maps_fields);
        // An object with members of its own only groups them.
        let groups = member.schema.get("properties").is_some();
        if asked && !groups && matches!(target, Target::Unknown) && seen.insert(member.at) {
            let field = member.name.to_owned();
            out.push(Unmapped { field, operation: operation.label(), at: member.at });
        }
    });
    out
}

/// Visits the members of each operation that has an entity with a schema.
fn each<'g>(ctx: &Context<'g>, visit: &mut dyn FnMut(Visit<'g>)) {
    for contract in &ctx.graph.contracts {
        for operation in governed(ctx, contract) {
            let Some(entity) = &operation.governance.entity else { continue };
            let known = |name: &str| ctx.graph.entities.iter().any(|entity| entity.name.text == name);
            if !known(&entity.text) {
                continue;
            }
            for (is_request, schema) in
                [(true, &operation.request_schema), (false, &operation.response_schema)]
            {
                let Some(Ok(schema)) = schema else { continue };
                for member in members(ctx, *schema) {
                    let target = target(ctx, &entity.text, member);
                    visit(Visit { contract, operation, is_request, member, target });
                }
            }
        }
    }
}

/// The field a member stands for: the one it names, or the one of its name in the entity that
/// counts where it stands.
fn target<'g>(ctx: &Context<'g>, usual: &str, member: Member<'g>) -> Target<'g> {
    let named = member.entity.unwrap_or(usual);
    if named == "none" {
        return Target::Nothing;
    }
    let (entity, field) = named.split_once('.').unwrap_or((named, member.name));
    let same = |candidate: &&Entity| candidate.name.text == entity;
    let Some(found) = ctx.graph.entities.iter().find(same) else { return Target::Unknown };
    // An entity that is not described field by field asks for none.
    let Some(Ok(schema)) = found.storage.schema else { return Target::Nothing };
    let at = ctx.graph.follow(schema);
    let property = ctx.graph.node(at).get("properties").and_then(|all| all.get(field));
    match property {
        Some(property) => {
            let written = At { file: at.file, node: property.id() };
            let field_schema = ctx.graph.node(ctx.graph.follow(written));
            Target::Field(format!("{entity}.{field}"), written, field_schema)
        }
        None => Target::Unknown,
    }
}

/// In what a member differs from a field.
fn compare(member: Node<'_>, field: Node<'_>) -> Vec<(Fit, String)> {
    let mut out = Vec::new();
    let beyond: Vec<&str> = types(member).into_iter().filter(|ty| !allows(field, ty)).collect();
    if let Some(ty) = beyond.first() {
        out.push((Fit::Wider, format!("it may be {ty}")));
    }
    values(member, field, &mut out);
    bound(member, field, "maxLength", "up to {} characters", true, &mut out);
    bound(member, field, "minLength", "from {} characters on", false, &mut out);
    bound(member, field, "maximum", "up to {}", true, &mut out);
    bound(member, field, "minimum", "from {} on", false, &mut out);
    bound(member, field, "maxItems", "up to {} items", true, &mut out);
    bound(member, field, "minItems", "from {} items on", false, &mut out);
    let listed = !words(member).is_empty();
    for key in ["format", "pattern"] {
        match (member.get_str(key), field.get_str(key)) {
            (None, Some(wanted)) if !listed => {
                out.push((Fit::Wider, format!("it needs no {key} `{wanted}`")))
            }
            (Some(own), Some(wanted)) if own != wanted => {
                out.push((Fit::Wider, format!("its {key} is `{own}`, not `{wanted}`")));
            }
            (Some(own), None) => out.push((Fit::Narrower, format!("it needs the {key} `{own}`"))),
            _ => {}
        }
    }
    out
}

fn types(schema: Node<'_>) -> Vec<&str> {
    let Some(ty) = schema.get("type") else { return Vec::new() };
    ty.as_str().into_iter().chain(ty.items().filter_map(Node::as_str)).collect()
}

fn allows(field: Node<'_>, ty: &str) -> bool {
    let known = types(field);
    known.is_empty() || known.contains(&ty) || (ty == "integer" && known.contains(&"number"))
}

/// The words a schema lists: `enum`, or `const`.
fn words(schema: Node<'_>) -> Vec<&str> {
    let listed = schema.get("enum").into_iter().flat_map(Node::items);
    listed.chain(schema.get("const")).filter_map(Node::as_str).collect()
}

fn values(member: Node<'_>, field: Node<'_>, out: &mut Vec<(Fit, String)>) {
    let (own, known) = (words(member), words(field));
    match (own.is_empty(), known.is_empty()) {
        (true, false) => out.push((Fit::Wider, "it may be any text".to_owned())),
        (false, false) => {
            if let Some(other) = own.iter().find(|word| !known.contains(word)) {
                out.push((Fit::Wider, format!("it may be `{other}`")));
            } else if let Some(other) = known.iter().find(|word| !own.contains(word)) {
                out.push((Fit::Narrower, format!("it is never `{other}`")));
            }
        }
        _ => {}
    }
}

/// Compares a limit: an upper one is wider when it is larger or absent, a lower one when it is
/// smaller or absent.
fn bound(
    member: Node<'_>,
    field: Node<'_>,
    key: &str,
    form: &str,
    is_upper: bool,
    out: &mut Vec<(Fit, String)>,
) {
    // Listed words are compared one by one.
    if !words(member).is_empty() {
        return;
    }
    let number = |schema: Node<'_>| schema.get(key).and_then(Node::as_f64);
    let said = |limit: f64| form.replace("{}", &limit.to_string());
    match (number(member), number(field)) {
        (Some(own), Some(known)) if own != known => {
            let is_wider = (own > known) == is_upper;
            out.push((if is_wider { Fit::Wider } else { Fit::Narrower }, said(own)));
        }
        (None, Some(known)) => out.push((Fit::Wider, format!("it is not held to {}", said(known)))),
        (Some(own), None) => out.push((Fit::Narrower, said(own))),
        _ => {}
    }
}
