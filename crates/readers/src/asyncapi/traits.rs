//! An operation or message together with its traits.

use tenon_graph::TraitUse;

use super::walk::Walk;
use crate::value::Value;

/// A value with its traits, those that count first in front: in version 2 a trait is merged into
/// what has it and says more, in version 3 it must not override what is there. Of two traits the
/// later one counts in both.
pub(super) struct Merged<'s> {
    parts: Vec<Value<'s>>,
    /// The traits in document order, as written and after their references.
    pub(super) traits: Vec<TraitUse>,
}

impl<'s> Merged<'s> {
    /// An element and what its `traits` lead to.
    pub(super) fn new(walk: &mut Walk<'s>, value: Value<'s>) -> Self {
        let written = walk.objects(value, "traits");
        let mut parts = Vec::with_capacity(written.len() + 1);
        let mut traits = Vec::with_capacity(written.len());
        for one in written {
            let def = walk.follow(one);
            traits.push(TraitUse { at: one.at(), def: def.at() });
            parts.push(def);
        }
        if walk.is_v2() {
            parts.insert(0, value);
        } else {
            parts.push(value);
        }
        parts.reverse();
        Self { parts, traits }
    }

    /// The value of a member that counts.
    pub(super) fn get(&self, key: &str) -> Option<Value<'s>> {
        self.parts.iter().find_map(|part| part.get(key))
    }

    /// The values of a member in every part that has it.
    pub(super) fn all(&self, key: &str) -> impl Iterator<Item = Value<'s>> {
        self.parts.iter().filter_map(move |part| part.get(key))
    }
}
