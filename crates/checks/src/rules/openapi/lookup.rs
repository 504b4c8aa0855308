//! Questions about a schema that its references and compositions help to answer.

use tenon_source::{At, Node};

use super::support::{at, is_schema};
use crate::Context;

/// Most schemas that one question looks at, a count: compositions of compositions multiply. Past
/// it the answer is yes, for none of the questions is worth a wrong finding.
const STEPS_MAX: usize = 1000;

/// What is asked of one schema object by itself.
type Question<'q> = &'q dyn Fn(Node<'_>) -> bool;

/// Whether the schema describes the property: itself, through its references, through some of
/// `allOf`, or through all of `anyOf` or `oneOf`.
pub fn declares(ctx: &Context<'_>, schema: At, name: &str) -> bool {
    let own = |node: Node<'_>| {
        node.get("properties").is_some_and(|properties| properties.get(name).is_some())
            || node.get("patternProperties").is_some()
            || node.get("additionalProperties").is_some_and(|schema| schema.is_object() && !schema.is_empty())
    };
    holds(ctx, schema, &own, &mut 0)
}

/// Whether every value of the schema must have the property, likewise.
pub fn requires(ctx: &Context<'_>, schema: At, name: &str) -> bool {
    let own = |node: Node<'_>| {
        node.get("required").is_some_and(|list| list.items().any(|item| item.as_str() == Some(name)))
    };
    holds(ctx, schema, &own, &mut 0)
}

fn holds(ctx: &Context<'_>, schema: At, own: Question<'_>, steps: &mut usize) -> bool {
    *steps += 1;
    if *steps > STEPS_MAX {
        return true;
    }
    let node = ctx.graph.node(schema);
    if own(node) {
        return true;
    }
    if let Some(target) = ctx.graph.target(schema)
        && holds(ctx, target, own, steps)
    {
        return true;
    }
    let members = |key| node.get(key).into_iter().flat_map(Node::items).map(|member| at(schema, member));
    if members("allOf").any(|member| holds(ctx, member, own, steps)) {
        return true;
    }
    ["anyOf", "oneOf"]
        .into_iter()
        .any(|key| members(key).next().is_some() && members(key).all(|member| holds(ctx, member, own, steps)))
}

/// The schema of which another one is a part that applies to the same value.
pub fn enclosing(ctx: &Context<'_>, schema: At) -> Option<At> {
    let node = ctx.graph.node(schema);
    let parent = node.parent()?;
    let owner = match (node.key(), parent.key()) {
        (None, Some("allOf" | "anyOf" | "oneOf")) | (Some(_), Some("dependentSchemas")) => parent.parent()?,
        (Some("not" | "if" | "then" | "else"), _) => parent,
        _ => return None,
    };
    let owner = at(schema, owner);
    is_schema(ctx, owner).then_some(owner)
}

/// The property a schema's discriminator names, and the place of the discriminator.
pub fn discriminator<'g>(ctx: &Context<'g>, schema: At) -> Option<(&'g str, At)> {
    let node = ctx.graph.node(schema).get("discriminator")?;
    // Swagger 2 has the name alone.
    let name = node.as_str().or_else(|| node.get_str("propertyName"))?;
    Some((name, at(schema, node)))
}

/// The first alternative of a schema, after its references, of which something does not hold.
pub fn lacking_alternative(ctx: &Context<'_>, schema: At, holds: impl Fn(At) -> bool) -> Option<At> {
    let node = ctx.graph.node(schema);
    let members = ["oneOf", "anyOf"].into_iter().filter_map(|key| node.get(key)).flat_map(Node::items);
    let mut targets = members.map(|member| ctx.graph.follow(at(schema, member)));
    targets.find(|&target| !holds(target))
}
