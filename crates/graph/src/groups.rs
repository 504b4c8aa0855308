//! Which things lead to each other in circles.

/// The groups of nodes that lead to each other, over any number of steps: the group of each node,
/// and how many there are. A group has a greater number than those it leads to. `next` is where
/// a node leads, place by place.
#[must_use]
pub fn groups(count: usize, next: impl Fn(usize, usize) -> Option<usize>) -> (Vec<u32>, usize) {
    let mut walk = Walk {
        index: vec![NONE; count],
        low: vec![NONE; count],
        group: vec![NONE; count],
        stack: Vec::new(),
        counter: 0,
        groups: 0,
    };
    for node in 0..count {
        if get(&walk.index, node) == NONE {
            walk.visit(node, &next);
        }
    }
    (walk.group, walk.groups as usize)
}

/// Not settled yet.
const NONE: u32 = u32::MAX;

/// Tarjan's algorithm with a stack of its own: what people write nests deeper than ours.
struct Walk {
    /// When each node was entered.
    index: Vec<u32>,
    /// The earliest node that each leads back to.
    low: Vec<u32>,
    group: Vec<u32>,
    /// Nodes whose group is not settled.
    stack: Vec<usize>,
    counter: u32,
    groups: u32,
}

impl Walk {
    fn visit(&mut self, root: usize, next: &impl Fn(usize, usize) -> Option<usize>) {
        let mut open: Vec<(usize, usize)> = vec![(root, 0)];
        self.enter(root);
        while let Some(&mut (node, ref mut place)) = open.last_mut() {
            if let Some(next) = next(node, *place) {
                *place += 1;
                if get(&self.index, next) == NONE {
                    self.enter(next);
                    open.push((next, 0));
                } else if get(&self.group, next) == NONE {
                    let low = get(&self.low, node).min(get(&self.index, next));
                    set(&mut self.low, node, low);
                }
                continue;
            }
            open.pop();
            if let Some(&(above, _)) = open.last() {
                let low = get(&self.low, above).min(get(&self.low, node));
                set(&mut self.low, above, low);
            }
            if get(&self.low, node) == get(&self.index, node) {
                while let Some(member) = self.stack.pop() {
                    set(&mut self.group, member, self.groups);
                    if member == node {
                        break;
                    }
                }
                self.groups += 1;
            }
        }
    }

    fn enter(&mut self, node: usize) {
        set(&mut self.index, node, self.counter);
        set(&mut self.low, node, self.counter);
        self.counter += 1;
        self.stack.push(node);
    }
}

fn get(list: &[u32], at: usize) -> u32 {
    list.get(at).copied().unwrap_or(NONE)
}

fn set(list: &mut [u32], at: usize, value: u32) {
    if let Some(slot) = list.get_mut(at) {
        *slot = value;
    }
}

#[cfg(test)]
mod tests {
    use super::groups;

    #[test]
    fn circles_are_groups_and_come_after_what_they_lead_to() {
        // 0 → 1 ⇄ 2 → 3, 4 → 4, and 5 alone.
        let next: [&[usize]; 6] = [&[1], &[2], &[1, 3], &[], &[4], &[]];
        let (of, count) = groups(next.len(), |node, place| next[node].get(place).copied());
        assert_eq!(count, 5);
        assert_eq!(of[1], of[2]);
        assert!(of[0] > of[1] && of[2] > of[3], "{of:?}");
        assert!(of.iter().filter(|group| **group == of[4]).count() == 1);
    }

    #[test]
    fn a_long_way_takes_no_stack() {
        let last = 1_000_000;
        let (of, count) = groups(last + 1, |node, place| (place == 0 && node < last).then_some(node + 1));
        assert_eq!((count, of[0], of[last]), (last + 1, last as u32, 0));
    }
}
