//! How many values a file stands for once its aliases are followed.

use crate::limits::{ALIAS_GROWTH_MAX, ALIAS_VALUES_FREE, MERGE_GROWTH_MAX, MERGE_MEMBERS_FREE};

/// Counts values, written ones and those that aliases stand for.
#[derive(Default)]
pub(super) struct Expansion {
    written: u64,
    followed: u64,
    merged: u64,
    refused: bool,
}

impl Expansion {
    /// A value was written.
    pub(super) fn written(&mut self) {
        self.written += 1;
    }

    /// Values so far, with those that aliases stand for.
    pub(super) fn total(&self) -> u64 {
        self.written + self.followed
    }

    /// Whether an alias to so many values still fits; it is counted if it does.
    pub(super) fn follow(&mut self, values: u64) -> bool {
        let followed = self.followed.saturating_add(values);
        let fits = followed <= ALIAS_VALUES_FREE.saturating_add(ALIAS_GROWTH_MAX * self.written);
        if fits {
            self.followed = followed;
        }
        fits
    }

    /// Whether so many merged members still fit; they are counted if they do.
    pub(super) fn merge(&mut self, members: u64) -> bool {
        let merged = self.merged.saturating_add(members);
        let fits = merged <= MERGE_MEMBERS_FREE.saturating_add(MERGE_GROWTH_MAX * self.written);
        if fits {
            self.merged = merged;
        }
        fits
    }

    /// Whether this is the first alias that does not fit: one finding says it for all.
    pub(super) fn first_refusal(&mut self) -> bool {
        !std::mem::replace(&mut self.refused, true)
    }
}
