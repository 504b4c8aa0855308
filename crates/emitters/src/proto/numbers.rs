//! Numbers that never move.

use std::collections::{BTreeMap, BTreeSet};

use tenon_graph::freeze::Numbers;

/// Numbers that protobuf keeps to itself.
const RESERVED: std::ops::RangeInclusive<i32> = 19_000..=19_999;

/// The numbers of one message or enum.
pub(super) struct Given<'n> {
    owner: String,
    before: Option<&'n BTreeMap<String, i32>>,
    taken: BTreeSet<i32>,
    now: BTreeMap<String, i32>,
    last: i32,
}

impl<'n> Given<'n> {
    /// The numbers an owner had before; new ones come behind the largest.
    pub(super) fn of(numbers: &'n Numbers, owner: &str) -> Self {
        let before = numbers.of.get(owner);
        let taken: BTreeSet<i32> = before.into_iter().flat_map(BTreeMap::values).copied().collect();
        let last = taken.last().copied().unwrap_or(0);
        Self { owner: owner.to_owned(), before, taken, now: BTreeMap::new(), last }
    }

    /// The number of a name: the one it had, else the next.
    pub(super) fn number(&mut self, name: &str) -> i32 {
        let known = self.before.and_then(|before| before.get(name)).copied();
        let number = known.unwrap_or_else(|| self.next());
        self.now.insert(name.to_owned(), number);
        number
    }

    /// Names that are gone, with their numbers.
    pub(super) fn gone(&self) -> Vec<(&str, i32)> {
        let before = self.before.into_iter().flatten();
        let gone = before.filter(|(name, _)| !self.now.contains_key(*name));
        gone.map(|(name, number)| (name.as_str(), *number)).collect()
    }

    /// Adds what was given to the numbers that are kept.
    pub(super) fn keep(self, kept: &mut Numbers) {
        if self.now.is_empty() && self.before.is_none() {
            return;
        }
        let all = kept.of.entry(self.owner).or_default();
        all.extend(self.before.cloned().unwrap_or_default());
        all.extend(self.now);
    }

    fn next(&mut self) -> i32 {
        loop {
            self.last += 1;
            if RESERVED.contains(&self.last) {
                self.last = *RESERVED.end() + 1;
            }
            if self.taken.insert(self.last) {
                return self.last;
            }
        }
    }
}
