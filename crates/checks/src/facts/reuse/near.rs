//! Structures that are nearly equal, without comparing all pairs.
//!
//! Each structure is the set of its members' names and types. Structures are taken from the
//! largest to the smallest; each joins the most similar leader so far, or becomes one. Leaders are
//! found through the rarest features of their sets: two sets that share at least a part `t` of
//! their features must share one of the first `n - ⌈t·n⌉ + 1` of each, in any one order of all
//! features (the prefix filter of set-similarity joins). The order is that of rarity, so few
//! leaders share what is looked up.

use rustc_hash::FxHashMap;

/// Leaders that one feature leads to, a count: features in more are too common to find anything
/// by; what is found by a rarer one is still compared.
const LEADERS_MAX: usize = 64;

/// One structure.
#[derive(Debug, Clone)]
pub(super) struct Features {
    /// Sorted, each once.
    pub(super) all: Vec<u64>,
    /// Tells equally large structures apart, whatever the order of files.
    pub(super) colour: u64,
}

/// What became of each structure.
#[derive(Debug, Clone, Default)]
pub(super) struct Clusters {
    /// The leader of each structure: an index; its own for a leader.
    pub(super) leader: Vec<usize>,
    /// Features that lead to more leaders than are looked at.
    pub(super) common: usize,
}

/// How much two structures have in common: the part of all features that both have.
pub(super) fn similarity(a: &[u64], b: &[u64]) -> f64 {
    let shared = shared(a, b);
    let all = a.len() + b.len() - shared;
    if all == 0 { 1.0 } else { ratio(shared, all) }
}

fn ratio(part: usize, whole: usize) -> f64 {
    // Sets of features are far smaller than what a double holds exactly.
    f64::from(u32::try_from(part).unwrap_or(u32::MAX)) / f64::from(u32::try_from(whole).unwrap_or(u32::MAX))
}

fn shared(a: &[u64], b: &[u64]) -> usize {
    let (mut left, mut right) = (a.iter().peekable(), b.iter().peekable());
    let mut count = 0;
    while let (Some(one), Some(other)) = (left.peek(), right.peek()) {
        match one.cmp(other) {
            std::cmp::Ordering::Less => drop(left.next()),
            std::cmp::Ordering::Greater => drop(right.next()),
            std::cmp::Ordering::Equal => {
                count += 1;
                left.next();
                right.next();
            }
        }
    }
    count
}

/// Groups structures whose similarity to a leader is `threshold` or more.
pub(super) fn cluster(structures: &[Features], threshold: f64) -> Clusters {
    let mut frequency: FxHashMap<u64, u32> = FxHashMap::default();
    for feature in structures.iter().flat_map(|one| &one.all) {
        *frequency.entry(*feature).or_default() += 1;
    }
    let mut order: Vec<usize> = (0..structures.len()).collect();
    let key =
        |index: &usize| structures.get(*index).map(|one| (std::cmp::Reverse(one.all.len()), one.colour));
    order.sort_by_key(key);
    let mut clusters = Clusters { leader: (0..structures.len()).collect(), common: 0 };
    let mut index = Index { by_feature: FxHashMap::default(), seen: vec![usize::MAX; structures.len()] };
    for at in order {
        let Some(one) = structures.get(at) else { continue };
        let prefix = prefix(&one.all, &frequency, threshold);
        match index.best(at, one, &prefix, structures, threshold) {
            Some(leader) => {
                if let Some(own) = clusters.leader.get_mut(at) {
                    *own = leader;
                }
            }
            None => index.add(at, &prefix, &frequency),
        }
    }
    clusters.common = index.by_feature.values().filter(|leaders| leaders.len() >= LEADERS_MAX).count();
    clusters
}

/// The rarest features, as many as two similar sets cannot both do without.
fn prefix(all: &[u64], frequency: &FxHashMap<u64, u32>, threshold: f64) -> Vec<u64> {
    let mut rare: Vec<u64> = all.to_vec();
    rare.sort_unstable_by_key(|feature| (frequency.get(feature).copied().unwrap_or_default(), *feature));
    let length = ratio(all.len(), 1);
    // Rounding must never make the prefix shorter than it has to be.
    let kept = (threshold * length - 1e-9).ceil().max(0.0);
    let kept = (0..=all.len()).find(|&count| ratio(count, 1) >= kept).unwrap_or(all.len());
    rare.truncate(all.len() - kept + 1);
    rare
}

/// Leaders by the features they are found by.
struct Index {
    by_feature: FxHashMap<u64, Vec<usize>>,
    /// The structure each leader was last compared with.
    seen: Vec<usize>,
}

impl Index {
    /// The most similar leader that is similar enough.
    fn best(
        &mut self,
        at: usize,
        one: &Features,
        prefix: &[u64],
        structures: &[Features],
        threshold: f64,
    ) -> Option<usize> {
        let mut best: Option<(f64, usize)> = None;
        for leader in prefix.iter().filter_map(|feature| self.by_feature.get(feature)).flatten() {
            match self.seen.get_mut(*leader) {
                Some(seen) if *seen != at => *seen = at,
                _ => continue,
            }
            let Some(other) = structures.get(*leader) else { continue };
            // Leaders are at least as large: one that is far larger cannot be similar.
            if ratio(one.all.len(), other.all.len().max(1)) < threshold {
                continue;
            }
            let found = similarity(&one.all, &other.all);
            let better = best.is_none_or(|(so_far, leader_so_far)| {
                found > so_far || (found >= so_far && precedes(structures, *leader, leader_so_far))
            });
            if found >= threshold && better {
                best = Some((found, *leader));
            }
        }
        best.map(|(_, leader)| leader)
    }

    fn add(&mut self, at: usize, prefix: &[u64], frequency: &FxHashMap<u64, u32>) {
        for feature in prefix {
            // What one structure alone has leads to nobody.
            if frequency.get(feature).copied().unwrap_or_default() > 1 {
                let leaders = self.by_feature.entry(*feature).or_default();
                if leaders.len() < LEADERS_MAX {
                    leaders.push(at);
                }
            }
        }
    }
}

fn precedes(structures: &[Features], a: usize, b: usize) -> bool {
    let colour = |index: usize| structures.get(index).map(|one| one.colour);
    colour(a) < colour(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn structure(features: &[u64]) -> Features {
        let colour =
            features.iter().fold(7, |hash: u64, feature| hash.wrapping_mul(31).wrapping_add(*feature));
        Features { all: features.to_vec(), colour }
    }

    #[test]
    fn similarity_is_the_part_that_both_have() {
        assert!((similarity(&[1, 2, 3, 4], &[2, 3, 4, 5]) - 0.6).abs() < 1e-9);
        assert!((similarity(&[], &[]) - 1.0).abs() < 1e-9);
        assert!(similarity(&[1], &[2]).abs() < 1e-9);
    }

    #[test]
    fn a_nearly_equal_structure_joins_the_larger_one() {
        let list = [
            structure(&[1, 2, 3, 4]),
            structure(&[1, 2, 3, 4, 5]),
            structure(&[9, 10, 11]),
            structure(&[1, 9, 20]),
        ];
        assert_eq!(cluster(&list, 0.8).leader, [1, 1, 2, 3]);
    }

    /// Against comparing all pairs, on structures made by chance: whoever has a similar leader
    /// finds one.
    #[test]
    fn nothing_similar_is_missed() {
        let mut state = 88_172_645_463_325_252_u64;
        let mut next = |limit: u64| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state % limit
        };
        let mut list: Vec<Features> = Vec::new();
        for _ in 0..400 {
            let mut all: Vec<u64> = match list.get(usize::try_from(next(800)).unwrap_or(0)) {
                Some(other) => other.all.iter().copied().filter(|feature| feature % 11 != next(11)).collect(),
                None => (0..3 + next(20)).map(|_| next(300)).collect(),
            };
            all.sort_unstable();
            all.dedup();
            list.push(structure(&all));
        }
        let clusters = cluster(&list, 0.8);
        let leaders: Vec<usize> = (0..list.len()).filter(|at| clusters.leader[*at] == *at).collect();
        for (at, one) in list.iter().enumerate() {
            let leader = clusters.leader[at];
            assert!(leader == at || similarity(&one.all, &list[leader].all) >= 0.8);
            for other in leaders.iter().filter(|other| leader == at && **other != at) {
                let found = similarity(&one.all, &list[*other].all);
                assert!(found < 0.8, "{at} and {other} are both leaders, and alike: {found}");
            }
        }
        assert!(clusters.common == 0 && leaders.len() < list.len());
    }
}
