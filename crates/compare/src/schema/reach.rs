//! Which messages reach which schemas, over schemas that refer to each other in circles.

use tenon_source::Node;

/// The messages something is true of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Mask(u8);

impl Mask {
    pub(super) const NONE: Self = Self(0);
    /// What consumers send.
    pub(super) const REQUEST: Self = Self(1);
    /// What the provider sends.
    pub(super) const RESPONSE: Self = Self(2);
    /// Values of a schema that is used by itself.
    pub(super) const WHOLE: Self = Self(4);
    pub(super) const ALL: Self = Self(7);

    pub(super) const EACH: [Self; 3] = [Self::REQUEST, Self::RESPONSE, Self::WHOLE];

    /// The messages a property is in: those that only responses have are in no request, and the
    /// other way round.
    pub(super) fn of_flags(property: Node<'_>) -> Self {
        let flag = |name| property.get(name).and_then(Node::as_bool) == Some(true);
        let request = if flag("readOnly") { Self::NONE } else { Self::REQUEST };
        let response = if flag("writeOnly") { Self::NONE } else { Self::RESPONSE };
        request.or(response).or(Self::WHOLE)
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(super) fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub(super) fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// From a pair of schemas to one below it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edge {
    pub(super) from: u32,
    pub(super) to: u32,
    /// The messages that get there.
    pub(super) mask: Mask,
}

/// A graph as lists of neighbours, one after the other.
pub(super) struct Neighbours {
    starts: Vec<usize>,
    list: Vec<u32>,
}

impl Neighbours {
    pub(super) fn new(count: usize, edges: impl Iterator<Item = (u32, u32)> + Clone) -> Self {
        let mut starts = vec![0usize; count + 1];
        for (from, _) in edges.clone() {
            if let Some(start) = starts.get_mut(from as usize + 1) {
                *start += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut next = starts.clone();
        let mut list = vec![0u32; sum];
        for (from, to) in edges {
            if let Some(next) = next.get_mut(from as usize) {
                if let Some(slot) = list.get_mut(*next) {
                    *slot = to;
                }
                *next += 1;
            }
        }
        Self { starts, list }
    }

    pub(super) fn of(&self, from: u32) -> &[u32] {
        let from = from as usize;
        let start = self.starts.get(from).copied().unwrap_or_default();
        let end = self.starts.get(from + 1).copied().unwrap_or(start);
        self.list.get(start..end).unwrap_or_default()
    }
}

/// The groups of nodes that reach each other: the group of each node, and how many there are.
/// A group has a greater number than those it leads to.
pub(super) fn groups(count: usize, next: &Neighbours) -> (Vec<u32>, usize) {
    tenon_graph::groups(count, |node, place| {
        let next = next.of(u32::try_from(node).ok()?).get(place)?;
        Some(*next as usize)
    })
}

/// Sets of small numbers, one for each of many nodes.
pub(super) struct BitSets {
    words: usize,
    bits: Vec<u64>,
}

impl BitSets {
    pub(super) fn new(nodes: usize, size: usize) -> Self {
        let words = size.div_ceil(64);
        Self { words, bits: vec![0; nodes * words] }
    }

    pub(super) fn insert(&mut self, node: usize, number: usize) {
        if let Some(word) = self.bits.get_mut(node * self.words + number / 64) {
            *word |= 1 << (number % 64);
        }
    }

    /// Adds the set of one node to that of another.
    pub(super) fn add(&mut self, to: usize, from: usize) {
        for word in 0..self.words {
            let bits = self.bits.get(from * self.words + word).copied().unwrap_or_default();
            if let Some(slot) = self.bits.get_mut(to * self.words + word) {
                *slot |= bits;
            }
        }
    }

    pub(super) fn numbers(&self, node: usize) -> impl Iterator<Item = usize> + '_ {
        let words = self.bits.get(node * self.words..(node + 1) * self.words).unwrap_or_default();
        words.iter().enumerate().flat_map(|(index, word)| {
            (0..64).filter(move |bit| word & (1 << bit) != 0).map(move |bit| index * 64 + bit)
        })
    }
}
