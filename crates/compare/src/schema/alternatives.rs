//! `anyOf` and `oneOf` that say something simpler: a schema or `null`, a list of values, a list of
//! types.

use tenon_schemas::asserts;
use tenon_source::{At, Kind, Node};

use super::kinds::{Kinds, Num, kind_of, value_key};
use super::nulls::is_only_null;
use super::view::{Entry, Listed, Side, Union, Values};

/// What alternatives come down to.
pub(super) enum Simple<'g> {
    /// Nothing but `null`.
    Nothing,
    /// One schema.
    Schema(Entry),
    /// Some values.
    Values(Values),
    /// All values of some kinds.
    Kinds(Kinds),
    /// What they are.
    Union(Union<'g>),
}

/// Alternatives, said the simplest way there is; `null` is seen to elsewhere.
pub(super) fn simplify<'g>(side: Side<'g>, mut union: Union<'g>) -> Simple<'g> {
    union.branches.retain(|branch| !is_only_null(side, *branch));
    match union.branches.as_slice() {
        [] => return Simple::Nothing,
        [only] => return Simple::Schema(*only),
        _ => {}
    }
    if let Some(values) = union_values(side, &union) {
        return Simple::Values(values);
    }
    match union_kinds(side, &union) {
        Some(kinds) => Simple::Kinds(kinds),
        None => Simple::Union(union),
    }
}

/// The values of alternatives that only list some.
fn union_values(side: Side<'_>, union: &Union<'_>) -> Option<Values> {
    let mut list: Vec<Listed> = Vec::new();
    for branch in &union.branches {
        let node = side.node(branch.at);
        let constant = node.get("const").filter(|_| asserts("const", branch.dialect));
        let values = match (constant, node.get("enum")) {
            (Some(value), None) => vec![value],
            (None, Some(values)) if values.is_array() => values.items().collect(),
            _ => return None,
        };
        let (kinds, known) = node.get("type").map_or((Kinds::ALL, true), types_of);
        let plain = |name: &str| matches!(name, "const" | "enum" | "type") || !is_assertion(name, *branch);
        if !known || !node.members().all(|(name, _)| plain(name)) {
            return None;
        }
        for value in values.into_iter().filter(|value| !value.is_null()) {
            let Some(value) = listed(*branch, value).filter(|value| kinds.has(value.kind)) else { continue };
            match list.iter().any(|known| known.key == value.key) {
                // Of `oneOf`, a value that two list is not right.
                true if union.is_one => return None,
                true => {}
                false => list.push(value),
            }
        }
    }
    Some(Values { list, at: union.at, is_const: false })
}

/// The kinds of alternatives that only name types.
fn union_kinds(side: Side<'_>, union: &Union<'_>) -> Option<Kinds> {
    let mut all = Kinds::NONE;
    for branch in &union.branches {
        let node = side.node(branch.at);
        // A number that is a multiple of 1 is an integer.
        let is_whole = node.get("multipleOf").and_then(Num::of) == Some(Num::ONE);
        let plain =
            |name: &str| name == "type" || (name == "multipleOf" && is_whole) || !is_assertion(name, *branch);
        let (kinds, known) = types_of(node.get("type")?);
        let kinds = if is_whole { kinds.without(Kinds::FRACTION) } else { kinds };
        let overlap = union.is_one && all.has(kinds);
        if !known || overlap || !node.members().all(|(name, _)| plain(name)) {
            return None;
        }
        all = all.or(kinds);
    }
    Some(all)
}

/// The kinds that `type` names, and whether all of its names are known.
pub(super) fn types_of(value: Node<'_>) -> (Kinds, bool) {
    let is_known = |name: &str| name == "null" || Kinds::named(name) != Kinds::NONE;
    match value.kind() {
        Kind::String => {
            let name = value.as_str().unwrap_or_default();
            (Kinds::named(name), is_known(name))
        }
        Kind::Array if !value.is_empty() => {
            let names = || value.items().map(|item| item.as_str().unwrap_or_default());
            (names().fold(Kinds::NONE, |all, name| all.or(Kinds::named(name))), names().all(is_known))
        }
        _ => (Kinds::ALL, false),
    }
}

pub(super) fn listed(entry: Entry, value: Node<'_>) -> Option<Listed> {
    let at = At { file: entry.at.file, node: value.id() };
    (!value.is_null()).then(|| Listed { key: value_key(value), kind: kind_of(value), at })
}

/// Whether a keyword of a schema says what is right.
fn is_assertion(name: &str, entry: Entry) -> bool {
    name == "$ref" || name == "$dynamicRef" || asserts(name, entry.dialect) || name.ends_with("nullable")
}
