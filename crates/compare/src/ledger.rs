//! Changes as they are found, operation by operation: what is the same change is kept once, with
//! every operation it reaches.

use std::fmt::Write as _;

use rustc_hash::FxHashMap;
use tenon_source::Place;

use crate::{Change, Reach};

/// What makes two changes found at two operations one change.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Key {
    rule: &'static str,
    subject: String,
    message: String,
    old: Option<Place>,
    new: Option<Place>,
}

/// A change with the operations it reaches, by their index.
#[derive(Debug)]
struct Entry {
    change: Change,
    operations: Vec<u32>,
    /// Whether it is about something that is gone.
    removed: bool,
}

/// The changes so far.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    changes: Vec<Entry>,
    by_key: FxHashMap<Key, usize>,
}

impl Ledger {
    /// Adds a change that reaches an operation, by its index among the labels.
    pub(crate) fn add(&mut self, change: Change, operation: u32) {
        let new = change.new.as_ref().map(|spot| spot.place);
        self.insert(change, new, operation, false);
    }

    /// Adds a change of something that is gone. What is left around it differs from operation to
    /// operation and does not tell such changes apart.
    pub(crate) fn add_removed(&mut self, change: Change, operation: u32) {
        self.insert(change, None, operation, true);
    }

    fn insert(&mut self, change: Change, new: Option<Place>, operation: u32, removed: bool) {
        let key = Key {
            rule: change.rule.code.id,
            subject: change.subject.clone(),
            message: change.message.clone(),
            old: change.old.as_ref().map(|spot| spot.place),
            new,
        };
        let index = *self.by_key.entry(key).or_insert(self.changes.len());
        match self.changes.get_mut(index) {
            Some(Entry { change: known, operations, .. }) => {
                known.class = known.class.min(change.class);
                if let (Some(one), Some(other)) = (known.direction, change.direction) {
                    known.direction = Some(one.and(other));
                }
                operations.push(operation);
            }
            None => self.changes.push(Entry { change, operations: vec![operation], removed }),
        }
    }

    /// The changes, each with the operations it reaches.
    pub(crate) fn finish(self, labels: &[String], out: &mut Vec<Change>) {
        for Entry { mut change, mut operations, removed } in self.changes {
            operations.sort_unstable();
            operations.dedup();
            let name = |index: &u32| labels.get(usize::try_from(*index).ok()?).cloned();
            let names: Vec<String> = operations.iter().filter_map(name).collect();
            if let [only] = names.as_slice() {
                change.operation = Some(only.clone());
            }
            // What came or went by a reference is told apart by the operations it came to.
            let is_shared = names.iter().all(|name| !change.subject.contains(name.as_str()));
            if (change.old.is_none() || removed) && is_shared {
                let _ = match names.as_slice() {
                    [] => Ok(()),
                    [only] => write!(change.subject, " at {only}"),
                    several => write!(change.subject, " at {} operations", several.len()),
                };
            }
            if !names.is_empty() {
                change.reach = Reach::of(names);
            }
            out.push(change);
        }
    }
}
