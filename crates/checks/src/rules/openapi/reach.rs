//! Which components are reached from outside of the components.

use tenon_graph::{Component, ComponentKind};
use tenon_source::Node;

use super::support::at;
use crate::Context;
use crate::facts::reached::Reached;

/// The components of all documents that have paths or webhooks and that nothing leads to.
pub fn unreached<'g>(ctx: &Context<'g>) -> Vec<&'g Component> {
    let apis = ctx.graph.apis.iter().filter(|api| !api.paths.is_empty() || !api.webhooks.is_empty());
    let mut components: Vec<&Component> = apis.flat_map(|api| &api.components).collect();
    if components.is_empty() {
        return Vec::new();
    }
    components.sort_by_key(|component| component.at);
    components.dedup_by_key(|component| component.at);
    let mut walk = Reached::new(ctx.graph, components.iter().map(|component| component.at).collect());
    walk.note_references();
    note_subtypes(ctx, &components, &mut walk);
    if walk.run().iter().any(|reached| !reached) {
        // Seldom needed.
        walk.note_unread_references();
    }
    let all = components.into_iter().zip(walk.run());
    all.filter(|(_, reached)| !**reached).map(|(component, _)| component).collect()
}

/// A schema with a discriminator stands for all that extend it with `allOf`, named or not.
fn note_subtypes(ctx: &Context<'_>, components: &[&Component], walk: &mut Reached<'_>) {
    let graph = ctx.graph;
    for (index, component) in components.iter().enumerate() {
        if component.kind != ComponentKind::Schema {
            continue;
        }
        let bases = graph.node(component.at).get("allOf").into_iter().flat_map(Node::items);
        for base in bases.filter_map(|base| graph.target(at(component.at, base))) {
            if graph.node(base).get("discriminator").is_some()
                && let Some(owner) = walk.owner(base)
            {
                walk.lead(owner, index);
            }
        }
    }
}
