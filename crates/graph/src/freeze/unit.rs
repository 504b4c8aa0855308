//! The hash of each value that something refers to. Values that refer to each other in a circle are
//! told apart by what can be reached from them.

use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::{Value, json};
use tenon_source::At;

use super::value::{Skeleton, filled, skeleton};
use super::{ELEMENT_HASH_CHARACTERS, OWN_HASH_CHARACTERS};
use crate::{Graph, canonical_hash};

/// The hashes of all values that are referred to.
pub(super) struct Units<'g> {
    graph: &'g Graph,
    hashes: FxHashMap<At, String>,
}

/// A value that is referred to, while its hash is worked out.
struct Unit {
    at: At,
    skeleton: Skeleton,
    /// The units it refers to, in order.
    edges: Vec<usize>,
}

impl<'g> Units<'g> {
    /// The hashes of what some values refer to, and what that refers to.
    pub(super) fn of(graph: &'g Graph, skeletons: &[Skeleton]) -> Self {
        let mut units: Vec<Unit> = Vec::new();
        let mut index: FxHashMap<At, usize> = FxHashMap::default();
        let mut waiting: Vec<At> =
            skeletons.iter().flat_map(|skeleton| skeleton.targets.iter().copied()).collect();
        while let Some(at) = waiting.pop() {
            if index.contains_key(&at) {
                continue;
            }
            index.insert(at, units.len());
            let skeleton = skeleton(graph, at, &|_| false);
            waiting.extend(&skeleton.targets);
            units.push(Unit { at, skeleton, edges: Vec::new() });
        }
        for unit in &mut units {
            unit.edges = unit.skeleton.targets.iter().filter_map(|at| index.get(at).copied()).collect();
        }
        let mut hashes: Vec<Option<String>> = vec![None; units.len()];
        for circle in circles(&units) {
            settle(&units, &circle, &mut hashes);
        }
        let hashes = units.iter().zip(hashes).filter_map(|(unit, hash)| Some((unit.at, hash?))).collect();
        Self { graph, hashes }
    }

    /// The hash of a value.
    pub(super) fn hash(&self, skeleton: &Skeleton) -> String {
        let hash = |index: usize| {
            let target = skeleton.targets.get(index);
            let known = target.and_then(|target| self.hashes.get(target));
            // A target outside of what is known is a bug of the caller; its place is no meaning.
            known.cloned().unwrap_or_else(|| "unknown".to_owned())
        };
        debug_assert!(
            skeleton.targets.iter().all(|target| self.hashes.contains_key(&self.graph.follow(*target))),
            "every target has been hashed"
        );
        canonical_hash(&filled(&skeleton.value, &hash))
    }

    /// The hash of an element, as the lock has it: with what it refers to and, where it refers to
    /// anything, behind it that of the element alone.
    pub(super) fn element(&self, skeleton: &Skeleton) -> String {
        let mut hash = self.hash(skeleton);
        hash.truncate(ELEMENT_HASH_CHARACTERS);
        if !skeleton.targets.is_empty() {
            let mut own = canonical_hash(&filled(&skeleton.value, &|_| "elsewhere".to_owned()));
            own.truncate(OWN_HASH_CHARACTERS);
            hash = format!("{hash} {own}");
        }
        hash
    }
}

/// Works out the hashes of a circle, or of a single value; all it refers to beyond is settled.
fn settle(units: &[Unit], circle: &[usize], hashes: &mut [Option<String>]) {
    let within: FxHashSet<usize> = circle.iter().copied().collect();
    let own: Vec<(usize, String)> = circle
        .iter()
        .filter_map(|&number| {
            let unit = units.get(number)?;
            let hash = |index: usize| {
                let target = unit.edges.get(index).copied().unwrap_or(usize::MAX);
                if within.contains(&target) {
                    return "circle".to_owned();
                }
                hashes.get(target).cloned().flatten().unwrap_or_default()
            };
            Some((number, canonical_hash(&filled(&unit.skeleton.value, &hash))))
        })
        .collect();
    let mut now: FxHashMap<usize, String> = own.iter().cloned().collect();
    let refers = |number: usize| {
        let edges = units.get(number).map(|unit| unit.edges.as_slice()).unwrap_or_default();
        edges.iter().copied().filter(|edge| within.contains(edge)).collect::<Vec<usize>>()
    };
    if circle.iter().any(|&number| !refers(number).is_empty()) {
        let mut kinds = count(&now);
        loop {
            let next: FxHashMap<usize, String> = own
                .iter()
                .map(|(number, hash)| {
                    let seen: Vec<Value> = refers(*number).iter().map(|edge| json!(now.get(edge))).collect();
                    (*number, canonical_hash(&json!([hash, seen])))
                })
                .collect();
            let next_kinds = count(&next);
            now = next;
            // Each round tells apart what one step further away differs; when a round tells nothing
            // more apart, no later one will.
            if next_kinds == kinds {
                break;
            }
            kinds = next_kinds;
        }
    }
    for &number in circle {
        if let Some(slot) = hashes.get_mut(number) {
            *slot = now.remove(&number);
        }
    }
}

fn count(hashes: &FxHashMap<usize, String>) -> usize {
    hashes.values().collect::<FxHashSet<_>>().len()
}

/// The circles of values that refer to each other, each after those it refers to.
fn circles(units: &[Unit]) -> Vec<Vec<usize>> {
    let next = |unit: usize, place: usize| units.get(unit)?.edges.get(place).copied();
    let (group_of, count) = crate::groups(units.len(), next);
    let mut out: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (unit, group) in group_of.iter().enumerate() {
        if let Some(circle) = out.get_mut(*group as usize) {
            circle.push(unit);
        }
    }
    out
}
