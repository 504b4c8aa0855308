//! Which components something outside of the components leads to, over any number of steps.

use rustc_hash::FxHashSet;
use tenon_graph::Graph;
use tenon_source::{At, FileId, NodeId};

/// A walk over components, by their places.
pub struct Reached<'g> {
    graph: &'g Graph,
    /// Sorted.
    places: Vec<At>,
    reached: Vec<bool>,
    /// For each component, those that it leads to.
    leads_to: Vec<Vec<usize>>,
    pending: Vec<usize>,
}

impl<'g> Reached<'g> {
    /// A walk over components at some places, sorted, each once.
    #[must_use]
    pub fn new(graph: &'g Graph, places: Vec<At>) -> Self {
        let count = places.len();
        Self {
            graph,
            places,
            reached: vec![false; count],
            leads_to: vec![Vec::new(); count],
            pending: Vec::new(),
        }
    }

    /// The component a place lies in.
    #[must_use]
    pub fn owner(&self, place: At) -> Option<usize> {
        let index = self.places.partition_point(|component| *component <= place).checked_sub(1)?;
        let component = *self.places.get(index)?;
        let inside = component.file == place.file && {
            let outer = self.graph.node(component).span();
            outer.contains(self.graph.node(place).span().start) || component == place
        };
        inside.then_some(index)
    }

    /// Notes that a place leads to another: what stands outside of the components reaches it.
    pub fn add(&mut self, from: At, target: At) {
        let Some(target) = self.owner(target) else { return };
        match self.owner(from) {
            Some(owner) => self.lead(owner, target),
            None => self.reach(target),
        }
    }

    /// Notes that a component leads to another.
    pub fn lead(&mut self, from: usize, target: usize) {
        if let Some(list) = self.leads_to.get_mut(from) {
            list.push(target);
        }
    }

    fn reach(&mut self, component: usize) {
        if let Some(reached) = self.reached.get_mut(component)
            && !*reached
        {
            *reached = true;
            self.pending.push(component);
        }
    }

    /// Follows the references that were read.
    pub fn note_references(&mut self) {
        for reference in &self.graph.references {
            if let Ok(target) = reference.target {
                self.add(reference.at, target);
            }
        }
    }

    /// Follows `$ref`s in extensions and other places that are not read: what they lead to is used
    /// there. The only look at every key of the files.
    pub fn note_unread_references(&mut self) {
        let graph = self.graph;
        let files: FxHashSet<FileId> = self.places.iter().map(|place| place.file).collect();
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

    /// Whether each component is reached by what was noted so far.
    pub fn run(&mut self) -> &[bool] {
        // What was noted since the last run may start at what was reached then.
        let reached = self.reached.iter().enumerate().filter(|(_, reached)| **reached);
        self.pending = reached.map(|(index, _)| index).collect();
        while let Some(component) = self.pending.pop() {
            for target in self.leads_to.get(component).cloned().unwrap_or_default() {
                self.reach(target);
            }
        }
        &self.reached
    }
}
