//! Values of a tree.

use super::slot::{Slot, SlotKind};
use super::{Kind, NodeId, Tree, hash_text};
use crate::Span;
use crate::pointer::{escape_token, split_pointer};

/// A value in its tree. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Node<'t> {
    pub(super) tree: &'t Tree,
    pub(super) id: u32,
}

impl<'t> Node<'t> {
    /// The value's id in its tree.
    #[must_use]
    pub fn id(self) -> NodeId {
        NodeId(self.id)
    }

    /// The tree the value stands in.
    #[must_use]
    pub fn tree(self) -> &'t Tree {
        self.tree
    }

    /// The value's slot, an alias followed to the value it stands for.
    fn target(self) -> (u32, Slot) {
        let slot = self.tree.slot(self.id);
        if slot.kind() == SlotKind::Alias { (slot.link, self.tree.slot(slot.link)) } else { (self.id, slot) }
    }

    /// The JSON type.
    #[must_use]
    pub fn kind(self) -> Kind {
        match self.target().1.kind() {
            SlotKind::Null | SlotKind::Alias => Kind::Null,
            SlotKind::False | SlotKind::True => Kind::Bool,
            SlotKind::Number => Kind::Number,
            SlotKind::String | SlotKind::Key => Kind::String,
            SlotKind::Array => Kind::Array,
            SlotKind::Object | SlotKind::WideObject => Kind::Object,
        }
    }

    /// The bytes of the value; of an alias, the alias itself.
    #[must_use]
    pub fn span(self) -> Span {
        let slot = self.tree.slot(self.id);
        Span::new(slot.start, slot.end)
    }

    /// The bytes of the member name in front of the value, if it is a member of an object.
    #[must_use]
    pub fn key_span(self) -> Option<Span> {
        let slot = self.key_slot()?;
        Some(Span::new(slot.start, slot.end))
    }

    /// The member name in front of the value, if it is a member of an object.
    #[must_use]
    pub fn key(self) -> Option<&'t str> {
        Some(self.tree.slice(self.key_slot()?))
    }

    /// The bytes of key and value, or of the value alone.
    #[must_use]
    pub fn member_span(self) -> Span {
        self.key_span().map_or(self.span(), |key| key.cover(self.span()))
    }

    /// The bytes to point at: a member's name, or the value where it has none. Containers can be
    /// large, and the name of a member is what people look for.
    #[must_use]
    pub fn head_span(self) -> Span {
        self.key_span().unwrap_or_else(|| self.span())
    }

    fn key_slot(self) -> Option<Slot> {
        let before = self.tree.slot(self.id.checked_sub(1)?);
        (before.kind() == SlotKind::Key).then_some(before)
    }

    /// The string, if the value is one.
    #[must_use]
    pub fn as_str(self) -> Option<&'t str> {
        let slot = self.target().1;
        (slot.kind() == SlotKind::String).then(|| self.tree.slice(slot))
    }

    /// The boolean, if the value is one.
    #[must_use]
    pub fn as_bool(self) -> Option<bool> {
        match self.target().1.kind() {
            SlotKind::True => Some(true),
            SlotKind::False => Some(false),
            _ => None,
        }
    }

    /// The number as it would be written in JSON, if the value is one.
    #[must_use]
    pub fn number_text(self) -> Option<&'t str> {
        let slot = self.target().1;
        (slot.kind() == SlotKind::Number).then(|| self.tree.slice(slot))
    }

    /// The number as a float, if the value is one.
    #[must_use]
    pub fn as_f64(self) -> Option<f64> {
        self.number_text()?.parse().ok()
    }

    /// The number, if it is a whole one that fits.
    #[must_use]
    pub fn as_i64(self) -> Option<i64> {
        self.number_text()?.parse().ok()
    }

    /// Whether the value is `null`.
    #[must_use]
    pub fn is_null(self) -> bool {
        self.kind() == Kind::Null
    }

    /// Whether the value is an object.
    #[must_use]
    pub fn is_object(self) -> bool {
        self.kind() == Kind::Object
    }

    /// Whether the value is an array.
    #[must_use]
    pub fn is_array(self) -> bool {
        self.kind() == Kind::Array
    }

    /// Members of an object or items of an array, a count; 0 for anything else.
    #[must_use]
    pub fn len(self) -> usize {
        let (id, slot) = self.target();
        match slot.kind() {
            SlotKind::WideObject => self.tree.wide.get(&id).map_or(0, |index| index.len()),
            SlotKind::Object => self.members().count(),
            SlotKind::Array => self.items().count(),
            _ => 0,
        }
    }

    /// Whether there is no member or item.
    #[must_use]
    pub fn is_empty(self) -> bool {
        let (id, slot) = self.target();
        !slot.is_container() || slot.next(id) == id + 1
    }

    /// The value of a member, if this is an object that has it.
    #[must_use]
    pub fn get(self, key: &str) -> Option<Node<'t>> {
        let (id, slot) = self.target();
        if !slot.is_object() {
            return None;
        }
        if slot.kind() == SlotKind::WideObject
            && let Some(index) = self.tree.wide.get(&id)
        {
            let hash = hash_text(key);
            let from = index.partition_point(|&(entry, _)| entry < hash);
            let hits = index.get(from..)?.iter().take_while(|&&(entry, _)| entry == hash);
            let mut keys = hits.map(|&(_, key_slot)| key_slot);
            let found = keys.find(|&key_slot| self.tree.slice(self.tree.slot(key_slot)) == key)?;
            return Some(Node { tree: self.tree, id: found + 1 });
        }
        let mut at = id + 1;
        while at < slot.link {
            if self.tree.key_is(at, key) {
                return Some(Node { tree: self.tree, id: at + 1 });
            }
            at = self.tree.next(at + 1);
        }
        None
    }

    /// The string value of a member.
    #[must_use]
    pub fn get_str(self, key: &str) -> Option<&'t str> {
        self.get(key)?.as_str()
    }

    /// The members of an object in order, names and values; nothing for anything else.
    #[must_use]
    pub fn members(self) -> Members<'t> {
        let (id, slot) = self.target();
        let end = if slot.is_object() { slot.link } else { id + 1 };
        Members { tree: self.tree, at: id + 1, end }
    }

    /// The items of an array in order; nothing for anything else.
    #[must_use]
    pub fn items(self) -> Items<'t> {
        let (id, slot) = self.target();
        let end = if slot.kind() == SlotKind::Array { slot.link } else { id + 1 };
        Items { tree: self.tree, at: id + 1, end }
    }

    /// The object or array the value stands in; `None` for the root.
    #[must_use]
    pub fn parent(self) -> Option<Node<'t>> {
        (self.id != 0).then(|| Node { tree: self.tree, id: self.tree.slot(self.id).parent() })
    }

    /// The value at a JSON pointer below this one.
    #[must_use]
    pub fn at(self, pointer: &str) -> Option<Node<'t>> {
        let mut node = self;
        for token in split_pointer(pointer)? {
            node = match node.kind() {
                Kind::Array => node.items().nth(token.parse().ok()?)?,
                _ => node.get(&token)?,
            };
        }
        Some(node)
    }

    /// The JSON pointer of the value from the root of its file.
    #[must_use]
    pub fn pointer(self) -> String {
        let mut tokens = Vec::new();
        let mut node = self;
        while let Some(parent) = node.parent() {
            tokens.push(match node.key() {
                Some(key) => escape_token(key).into_owned(),
                None => parent.items().take_while(|item| item.id < node.id).count().to_string(),
            });
            node = parent;
        }
        tokens.iter().rev().flat_map(|token| ["/", token]).collect()
    }

    /// Whether the value was written as a YAML alias of another.
    #[must_use]
    pub fn is_alias(self) -> bool {
        self.tree.slot(self.id).kind() == SlotKind::Alias
    }
}

impl PartialEq for Node<'_> {
    /// Whether both are the same place of the same tree.
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.tree, other.tree) && self.id == other.id
    }
}

impl Eq for Node<'_> {}

impl std::fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} at {}..{}", self.kind(), self.span().start, self.span().end)
    }
}

/// The members of an object, see [`Node::members`].
#[derive(Debug, Clone)]
pub struct Members<'t> {
    tree: &'t Tree,
    at: u32,
    end: u32,
}

impl<'t> Iterator for Members<'t> {
    type Item = (&'t str, Node<'t>);

    fn next(&mut self) -> Option<Self::Item> {
        if self.at >= self.end {
            return None;
        }
        let key = self.tree.slice(self.tree.slot(self.at));
        let value = Node { tree: self.tree, id: self.at + 1 };
        self.at = self.tree.next(self.at + 1);
        Some((key, value))
    }
}

/// The items of an array, see [`Node::items`].
#[derive(Debug, Clone)]
pub struct Items<'t> {
    tree: &'t Tree,
    at: u32,
    end: u32,
}

impl<'t> Iterator for Items<'t> {
    type Item = Node<'t>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.at >= self.end {
            return None;
        }
        let item = Node { tree: self.tree, id: self.at };
        self.at = self.tree.next(self.at);
        Some(item)
    }
}
