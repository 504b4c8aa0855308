//! Which components are reached from outside of the components.

use rustc_hash::{FxHashMap, FxHashSet};
use tenon_graph::{Component, ComponentKind};
use tenon_source::{At, FileId, Node, NodeId};

use super::support::at;
use crate::Context;

/// The components of all documents that have paths or webhooks and that nothing leads to.
pub fn unreached<'g>(ctx: &Context<'g>) -> Vec<&'g Component> {
    let mut walk = Walk::new(ctx);
    if walk.components.is_empty() {
        return Vec::new();
    }
    walk.start_from_references();
    walk.run();
    if walk.reached.iter().any(|reached| !reached) {
        // Seldom needed, and the only look at every key of the files.
        walk.start_from_extensions();
        walk.run();
    }
    let all = walk.components.iter().zip(&walk.reached);
    all.filter(|(_, reached)| !**reached).map(|(component, _)| *component).collect()
}

struct Walk<'g> {
    ctx: Context<'g>,
    /// By place.
    components: Vec<&'g Component>,
    reached: Vec<bool>,
    /// For each component, those that its references lead to.
    leads_to: Vec<Vec<usize>>,
    /// For each discriminated component, those that extend it.
    extended_by: FxHashMap<usize, Vec<usize>>,
    pending: Vec<usize>,
}

impl<'g> Walk<'g> {
    fn new(ctx: &Context<'g>) -> Self {
        let apis = ctx.graph.apis.iter().filter(|api| !api.paths.is_empty() || !api.webhooks.is_empty());
        let mut components: Vec<&Component> = apis.flat_map(|api| &api.components).collect();
        components.sort_by_key(|component| component.at);
        components.dedup_by_key(|component| component.at);
        let count = components.len();
        Self {
            ctx: *ctx,
            components,
            reached: vec![false; count],
            leads_to: vec![Vec::new(); count],
            extended_by: FxHashMap::default(),
            pending: Vec::new(),
        }
    }

    /// The component a place lies in.
    fn owner(&self, place: At) -> Option<usize> {
        let index = self.components.partition_point(|component| component.at <= place).checked_sub(1)?;
        let component = self.components.get(index)?;
        let inside = component.at.file == place.file && {
            let outer = self.ctx.graph.node(component.at).span();
            outer.contains(self.ctx.graph.node(place).span().start) || component.at == place
        };
        inside.then_some(index)
    }

    fn reach(&mut self, component: usize) {
        if let Some(reached) = self.reached.get_mut(component)
            && !*reached
        {
            *reached = true;
            self.pending.push(component);
        }
    }

    fn add(&mut self, from: At, target: At) {
        let Some(target) = self.owner(target) else { return };
        match self.owner(from) {
            Some(owner) => {
                if let Some(list) = self.leads_to.get_mut(owner) {
                    list.push(target);
                }
            }
            None => self.reach(target),
        }
    }

    fn start_from_references(&mut self) {
        for reference in &self.ctx.graph.references {
            if let Ok(target) = reference.target {
                self.add(reference.at, target);
            }
        }
        self.note_subtypes();
    }

    /// A schema with a discriminator stands for all that extend it with `allOf`, named or not.
    fn note_subtypes(&mut self) {
        let graph = self.ctx.graph;
        for (index, component) in self.components.iter().enumerate() {
            if component.kind != ComponentKind::Schema {
                continue;
            }
            let bases = graph.node(component.at).get("allOf").into_iter().flat_map(Node::items);
            for base in bases.filter_map(|base| graph.target(at(component.at, base))) {
                if graph.node(base).get("discriminator").is_some()
                    && let Some(owner) = self.owner(base)
                {
                    self.extended_by.entry(owner).or_default().push(index);
                }
            }
        }
    }

    /// What `$ref`s in extensions and other places that are not read lead to is used there.
    fn start_from_extensions(&mut self) {
        let graph = self.ctx.graph;
        let files: FxHashSet<FileId> = self.components.iter().map(|component| component.at.file).collect();
        for (file, source) in graph.sources.iter().filter(|(file, _)| files.contains(file)) {
            let root = graph.node(At { file, node: NodeId::ROOT });
            for (key, value) in source.tree.dollar_members() {
                let (Some(text), Some(owner)) = (value.as_str(), value.parent()) else { continue };
                let from = At { file, node: owner.id() };
                if key != "$ref" || graph.target(from).is_some() {
                    continue;
                }
                if let Some(target) = text.strip_prefix('#').and_then(|pointer| root.at(pointer)) {
                    self.add(from, At { file, node: target.id() });
                }
            }
        }
        let again: Vec<usize> = self
            .reached
            .iter()
            .enumerate()
            .filter(|(_, reached)| **reached)
            .map(|(index, _)| index)
            .collect();
        self.pending.extend(again);
    }

    fn run(&mut self) {
        while let Some(component) = self.pending.pop() {
            let next = self.leads_to.get(component).cloned().unwrap_or_default();
            let subtypes = self.extended_by.get(&component).cloned().unwrap_or_default();
            for target in next.into_iter().chain(subtypes) {
                self.reach(target);
            }
        }
    }
}
