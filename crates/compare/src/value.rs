//! Values of two trees that say the same.

use std::collections::BTreeMap;

use tenon_source::{Kind, Node};

/// Most values looked at to tell whether two are the same, a count: aliases can make a short file
/// stand for more values than any machine could look at. What is larger counts as changed.
const STEPS_MAX: usize = 1_000_000;

/// Whether two values are the same, whatever their layout and the order of their members.
pub(crate) fn same_value(old: Node<'_>, new: Node<'_>) -> bool {
    let mut steps = STEPS_MAX;
    same(old, new, &mut steps)
}

fn same(old: Node<'_>, new: Node<'_>, steps: &mut usize) -> bool {
    let Some(rest) = steps.checked_sub(1) else { return false };
    *steps = rest;
    if old.is_object() && new.is_object() {
        if old.len() != new.len() {
            return false;
        }
        // Mostly the order is the same; else names are looked up in a map.
        if old.members().zip(new.members()).all(|((one, _), (other, _))| one == other) {
            return old.members().zip(new.members()).all(|((_, one), (_, other))| same(one, other, steps));
        }
        let by_name: BTreeMap<&str, Node<'_>> = new.members().collect();
        return old
            .members()
            .all(|(name, one)| by_name.get(name).is_some_and(|other| same(one, *other, steps)));
    }
    if old.is_array() && new.is_array() {
        return old.len() == new.len()
            && old.items().zip(new.items()).all(|(one, other)| same(one, other, steps));
    }
    let number = |node: Node<'_>| matches!(node.kind(), Kind::Number);
    if number(old) && number(new) {
        return old.number_text() == new.number_text() || old.as_f64() == new.as_f64();
    }
    old.kind() == new.kind() && old.as_str() == new.as_str() && old.as_bool() == new.as_bool()
}
