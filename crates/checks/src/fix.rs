//! Edits that add or remove members and items and keep a file's own formatting.
//!
//! Only containers in brackets are edited; a YAML block has none, and gets no fix.

use tenon_source::{At, Edit, Node, Sources, Span};

/// Adds an item at the end of an array.
pub(crate) fn append_item(sources: &Sources, array: At, item: &str) -> Option<Edit> {
    let node = sources.node(array);
    let last = node.items().last().map(|item| item.span());
    append(sources, array, node, last, item)
}

/// Adds a member at the end of an object.
pub(crate) fn append_member(sources: &Sources, object: At, key: &str, value: &str) -> Option<Edit> {
    let node = sources.node(object);
    let last = node.members().last().map(|(_, value)| value.member_span());
    append(sources, object, node, last, &format!("\"{key}\": {value}"))
}

fn append(sources: &Sources, at: At, node: Node<'_>, last: Option<Span>, new: &str) -> Option<Edit> {
    let text = sources.slice(at.file, node.span());
    if !text.starts_with(['[', '{']) {
        return None;
    }
    let Some(last) = last else { return Some(Edit::insert(node.span().start + 1, new)) };
    let file = sources.get(at.file)?.text();
    let before = file.get(..last.start as usize)?;
    // What stands between the line's start and the last entry is its indentation, if it is blank.
    let line = before.rfind('\n').map_or(before, |end| before.get(end + 1..).unwrap_or_default());
    let own_line = line.chars().all(char::is_whitespace) && before.contains('\n');
    let separator = if own_line { format!(",\n{line}") } else { ", ".to_owned() };
    Some(Edit::insert(last.end, format!("{separator}{new}")))
}

/// Removes an item of an array, with the comma that goes with it.
pub(crate) fn remove_item(sources: &Sources, item: At) -> Option<Edit> {
    let node = sources.node(item);
    let parent = node.parent().filter(|parent| parent.is_array())?;
    if !sources.slice(item.file, parent.span()).starts_with('[') {
        return None;
    }
    let items: Vec<Node<'_>> = parent.items().collect();
    let index = items.iter().position(|other| *other == node)?;
    let before = index.checked_sub(1).and_then(|before| items.get(before));
    let span = match (before, items.get(index + 1)) {
        (Some(before), _) => Span::new(before.span().end, node.span().end),
        (None, Some(next)) => Span::new(node.span().start, next.span().start),
        (None, None) => node.span(),
    };
    Some(Edit::replace(span, ""))
}
