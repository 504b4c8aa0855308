//! How firmly each place is promised: by the contract that governs it.

use std::collections::{BTreeMap, BTreeSet};

use tenon_graph::{Graph, Tier};
use tenon_source::FileId;

use crate::Change;

/// The tiers of one version, by operation and by file.
#[derive(Debug, Default)]
pub struct Tiers {
    operations: BTreeMap<String, Tier>,
    files: BTreeMap<FileId, Tier>,
}

impl Tiers {
    /// The tiers a version declares. Of a place that several contracts govern, the firmest counts.
    #[must_use]
    pub fn of(graph: &Graph) -> Self {
        let mut tiers = Self::default();
        let tier_of = |name: Option<&tenon_graph::Name>| Tier::parse(name?.as_str());
        let mut edges: BTreeMap<FileId, BTreeSet<FileId>> = BTreeMap::new();
        let across =
            graph.references.iter().filter_map(|found| Some((found.at.file, found.target.as_ref().ok()?)));
        for (from, target) in across.filter(|(from, target)| *from != target.file) {
            edges.entry(from).or_default().insert(target.file);
        }
        for contract in &graph.contracts {
            let Some(tier) = tier_of(contract.tier.as_ref()) else { continue };
            let mut waiting = vec![contract.at.file];
            waiting.extend(&contract.sources);
            let mut seen = BTreeSet::new();
            while let Some(file) = waiting.pop() {
                if seen.insert(file) {
                    tiers.files.entry(file).and_modify(|known| *known = tier.min(*known)).or_insert(tier);
                    waiting.extend(edges.get(&file).into_iter().flatten());
                }
            }
        }
        for family in graph.reuse_registers.iter().flat_map(|register| &register.families) {
            let Some(tier) = tier_of(family.stability_tier.as_ref()) else { continue };
            for target in family.schemas.iter().filter_map(|schema| schema.target) {
                tiers.files.entry(target.file).and_modify(|known| *known = tier.min(*known)).or_insert(tier);
            }
        }
        for operation in &graph.operations {
            if let Some(tier) = tier_of(operation.governance.tier.as_ref()) {
                tiers.operations.insert(operation.label(), tier);
            }
        }
        tiers
    }

    fn at(&self, operation: Option<&str>, file: Option<FileId>) -> Option<Tier> {
        let by_operation = operation.and_then(|name| self.operations.get(name));
        by_operation.or_else(|| self.files.get(&file?)).copied()
    }
}

/// The tier under which a change is judged: its own where it says one; else what was promised before it counts, and of what is new,
/// what is promised now. `None` where nobody said.
#[must_use]
pub fn tier_of(change: &Change, old: &Tiers, new: &Tiers) -> Option<Tier> {
    let file = |spot: &Option<crate::Spot>| spot.as_ref().map(|spot| spot.place.file);
    let operation = change.operation.as_deref();
    if let Some(own) = change.tier {
        return Some(own);
    }
    let before = if change.old.is_some() { old.at(operation, file(&change.old)) } else { None };
    before.or_else(|| new.at(operation, file(&change.new))).or_else(|| old.at(operation, None))
}
