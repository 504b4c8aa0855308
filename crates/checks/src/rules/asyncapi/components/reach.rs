//! Which components something outside of the components leads to.

use rustc_hash::{FxHashMap, FxHashSet};
use tenon_graph::{AsyncApi, AsyncComponent, SecurityUse};
use tenon_source::{At, FileId, NodeId};

use crate::Context;
use crate::rules::asyncapi::support::documents;

/// The components of all documents that have channels or operations and that nothing leads to.
pub fn unreached<'g>(ctx: &Context<'g>) -> Vec<&'g AsyncComponent> {
    let mut walk = Walk::new(ctx);
    if walk.components.is_empty() {
        return Vec::new();
    }
    walk.note_references();
    walk.note_names();
    walk.run();
    let all = walk.components.iter().zip(&walk.reached);
    all.filter(|(_, reached)| !**reached).map(|(component, _)| *component).collect()
}

struct Walk<'g> {
    ctx: Context<'g>,
    apis: Vec<&'g AsyncApi>,
    /// By place.
    components: Vec<&'g AsyncComponent>,
    reached: Vec<bool>,
    /// For each component, those that its references lead to.
    leads_to: Vec<Vec<usize>>,
    pending: Vec<usize>,
}

impl<'g> Walk<'g> {
    fn new(ctx: &Context<'g>) -> Self {
        let is_used = |api: &&AsyncApi| {
            !api.operations.is_empty() || api.channels.iter().any(|channel| !channel.is_component)
        };
        let apis: Vec<&AsyncApi> = documents(ctx).filter(is_used).collect();
        let mut components: Vec<&AsyncComponent> = apis.iter().flat_map(|api| &api.components).collect();
        components.sort_by_key(|component| component.at);
        components.dedup_by_key(|component| component.at);
        let count = components.len();
        Self {
            ctx: *ctx,
            apis,
            components,
            reached: vec![false; count],
            leads_to: vec![Vec::new(); count],
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

    /// References that were read, and those in places that are not: what an extension refers to is
    /// used there.
    fn note_references(&mut self) {
        let graph = self.ctx.graph;
        for reference in &graph.references {
            if let Ok(target) = reference.target {
                self.add(reference.at, target);
            }
        }
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
    }

    /// Version 2 names security schemes.
    fn note_names(&mut self) {
        let mut named: Vec<(At, At)> = Vec::new();
        for api in &self.apis {
            let schemes = api.security_schemes.iter();
            let schemes: FxHashMap<&str, At> =
                schemes.map(|scheme| (scheme.name.as_str(), scheme.at)).collect();
            let servers = api.servers.iter().flat_map(|server| server.security.iter().flatten());
            let own = api.operations.iter().flat_map(|operation| operation.security.iter().flatten());
            for one in servers.chain(own) {
                let SecurityUse::Named(requirement) = one else { continue };
                for (name, _) in &requirement.schemes {
                    named.extend(schemes.get(name.as_str()).map(|&scheme| (requirement.at, scheme)));
                }
            }
        }
        for (from, scheme) in named {
            self.add(from, scheme);
        }
    }

    fn run(&mut self) {
        while let Some(component) = self.pending.pop() {
            for target in self.leads_to.get(component).cloned().unwrap_or_default() {
                self.reach(target);
            }
        }
    }
}
