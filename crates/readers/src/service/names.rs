//! Reading texts and lists the way the manifests write them: plain, or as objects with a name.

use tenon_graph::Name;
use tenon_source::{At, FileId, Node};

/// The place of a value.
pub(super) fn at(file: FileId, node: Node<'_>) -> At {
    At { file, node: node.id() }
}

/// The text of a member.
pub(super) fn text(file: FileId, node: Node<'_>, key: &str) -> Option<Name> {
    Name::read(file, node.get(key)?)
}

/// The texts of an array member; `None` where it is no array.
pub(super) fn texts(file: FileId, node: Node<'_>, key: &str) -> Option<Vec<Name>> {
    let list = node.get(key).filter(|list| list.is_array())?;
    Some(Name::read_all(file, list))
}

/// The names of a list whose items are texts or objects with one of `keys`, or of an object whose
/// member names are the names.
pub(super) fn named(file: FileId, list: Node<'_>, keys: &[&str]) -> Vec<Name> {
    if list.is_object() {
        return list.members().map(|(name, value)| Name::new(name, at(file, value))).collect();
    }
    list.items()
        .filter_map(|item| {
            Name::read(file, item).or_else(|| keys.iter().find_map(|key| text(file, item, key)))
        })
        .collect()
}

/// The items of an array, or the values of an object, with the name an object gives them.
pub(super) fn entries<'t>(list: Node<'t>) -> impl Iterator<Item = (Option<&'t str>, Node<'t>)> {
    let items = list.items().map(|item| (None, item));
    items.chain(list.members().map(|(name, value)| (Some(name), value)))
}

/// A scalar as text: strings, numbers and booleans alike.
pub(super) fn scalar(file: FileId, node: Node<'_>) -> Option<Name> {
    let text = match (node.as_str(), node.number_text(), node.as_bool()) {
        (Some(text), _, _) | (None, Some(text), _) => text.to_owned(),
        (None, None, Some(value)) => value.to_string(),
        (None, None, None) => return None,
    };
    Some(Name::new(text, at(file, node)))
}
