//! One tree form for JSON and YAML: a flat, pre-order array of slots, each with its bytes.
//!
//! An object member is two slots, the key and then the value's subtree; a container knows where
//! its subtree ends, so that children are reached by stepping over each other. Strings borrow
//! from the text unless they had to be decoded.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::pointer::{escape_token, split_pointer};
use crate::text::to_u32;
use crate::{Span, limits::WIDE_OBJECT_MIN};

/// The index of a value in its [`Tree`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(u32);

impl NodeId {
    /// The root value of every tree.
    pub const ROOT: Self = Self(0);

    /// The id with an index that [`NodeId::index`] told.
    #[must_use]
    pub fn from_index(index: u32) -> Self {
        Self(index)
    }

    /// The index as a number: unique within the tree, in document order.
    #[must_use]
    pub fn index(self) -> u32 {
        self.0
    }
}

/// The JSON type of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// `null`, and what stands for a missing value.
    Null,
    /// `true` or `false`.
    Bool,
    /// A number.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

impl Kind {
    /// The type's name in JSON Schema.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "boolean",
            Self::Number => "number",
            Self::String => "string",
            Self::Array => "array",
            Self::Object => "object",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SlotKind {
    Null,
    False,
    True,
    Number,
    /// The text is the span, or the entry `data` of `owned`.
    String,
    Array,
    Object,
    Key,
    /// Stands for the value at `data`.
    Alias,
}

#[derive(Debug, Clone, Copy)]
struct Slot {
    start: u32,
    end: u32,
    /// One past the last slot of the subtree.
    next: u32,
    parent: u32,
    /// Strings and numbers: index into `owned` or [`RAW`]/[`QUOTED`]. Containers: child count.
    data: u32,
    kind: SlotKind,
}

/// The string is the span itself.
const RAW: u32 = u32::MAX;
/// The string is the span without its first and last byte.
const QUOTED: u32 = u32::MAX - 1;

/// The values of one file, with their places.
#[derive(Debug)]
pub struct Tree {
    text: Arc<str>,
    slots: Vec<Slot>,
    owned: Vec<Box<str>>,
    /// Wide objects: key slots sorted by the hash of their text.
    wide: FxHashMap<u32, Box<[(u32, u32)]>>,
    comments: Vec<Span>,
    /// Keys that start with `$`.
    dollars: Vec<u32>,
}

/// A value in its tree. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Node<'t> {
    tree: &'t Tree,
    id: u32,
}

/// A scalar as the parsers hand it to [`TreeBuilder::scalar`].
#[derive(Debug, Clone, PartialEq)]
pub enum Scalar {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number whose JSON text is the span.
    Number,
    /// A number with another spelling than JSON's; its JSON text is given.
    NumberText(String),
    /// A string whose text is the span.
    Raw,
    /// A string whose text is the span without its quotes.
    Quoted,
    /// A string that had to be decoded.
    Text(String),
}

impl Tree {
    /// The tree of a text without any value: a `null` at the start.
    #[must_use]
    pub fn empty(text: Arc<str>) -> Self {
        let mut builder = TreeBuilder::new(text);
        builder.scalar(Scalar::Null, Span::default());
        builder.finish()
    }

    /// The root value.
    #[must_use]
    pub fn root(&self) -> Node<'_> {
        Node { tree: self, id: 0 }
    }

    /// The value with an id that came from this tree; the root for one that did not.
    #[must_use]
    pub fn node(&self, id: NodeId) -> Node<'_> {
        Node { tree: self, id: if (id.0 as usize) < self.slots.len() { id.0 } else { 0 } }
    }

    /// The text the tree was read from.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The comments of the file in order, with their `#` (YAML only).
    #[must_use]
    pub fn comments(&self) -> &[Span] {
        &self.comments
    }

    /// Values and keys in the tree; an upper bound for every [`NodeId::index`].
    #[must_use]
    pub fn slot_count(&self) -> usize {
        self.slots.len()
    }

    /// Whether any object of the file is empty of keys and values, that is, nothing was read.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.slots.len() <= 1 && self.root().is_null()
    }

    /// Every member whose name starts with `$`, in document order: references, ids and anchors.
    /// They were noted when the file was read.
    pub fn dollar_members(&self) -> impl Iterator<Item = (&str, Node<'_>)> {
        self.dollars.iter().map(|&id| (self.slice(self.slot(id)), Node { tree: self, id: id + 1 }))
    }

    /// The values of every member that has one of some names, in document order.
    pub fn members_named<'t>(&'t self, names: &'static [&'static str]) -> impl Iterator<Item = Node<'t>> {
        let keys = self.slots.iter().enumerate().filter(|(_, slot)| slot.kind == SlotKind::Key);
        keys.filter(|(_, slot)| names.contains(&self.slice(**slot)))
            .map(|(id, _)| Node { tree: self, id: to_u32(id) + 1 })
    }

    fn slot(&self, id: u32) -> Slot {
        const NOTHING: Slot = Slot { start: 0, end: 0, next: 1, parent: 0, data: 0, kind: SlotKind::Null };
        self.slots.get(id as usize).copied().unwrap_or(NOTHING)
    }

    fn slice(&self, slot: Slot) -> &str {
        let range = match slot.data {
            RAW => slot.start as usize..slot.end as usize,
            QUOTED => slot.start as usize + 1..(slot.end as usize).saturating_sub(1),
            index => return self.owned.get(index as usize).map_or("", |text| text),
        };
        self.text.get(range).unwrap_or("")
    }
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
        if slot.kind == SlotKind::Alias { (slot.data, self.tree.slot(slot.data)) } else { (self.id, slot) }
    }

    /// The JSON type.
    #[must_use]
    pub fn kind(self) -> Kind {
        match self.target().1.kind {
            SlotKind::Null | SlotKind::Alias => Kind::Null,
            SlotKind::False | SlotKind::True => Kind::Bool,
            SlotKind::Number => Kind::Number,
            SlotKind::String | SlotKind::Key => Kind::String,
            SlotKind::Array => Kind::Array,
            SlotKind::Object => Kind::Object,
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
        (before.kind == SlotKind::Key).then_some(before)
    }

    /// The string, if the value is one.
    #[must_use]
    pub fn as_str(self) -> Option<&'t str> {
        let slot = self.target().1;
        (slot.kind == SlotKind::String).then(|| self.tree.slice(slot))
    }

    /// The boolean, if the value is one.
    #[must_use]
    pub fn as_bool(self) -> Option<bool> {
        match self.target().1.kind {
            SlotKind::True => Some(true),
            SlotKind::False => Some(false),
            _ => None,
        }
    }

    /// The number as it would be written in JSON, if the value is one.
    #[must_use]
    pub fn number_text(self) -> Option<&'t str> {
        let slot = self.target().1;
        (slot.kind == SlotKind::Number).then(|| self.tree.slice(slot))
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
        let slot = self.target().1;
        if matches!(slot.kind, SlotKind::Object | SlotKind::Array) { slot.data as usize } else { 0 }
    }

    /// Whether there is no member or item.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The value of a member, if this is an object that has it.
    #[must_use]
    pub fn get(self, key: &str) -> Option<Node<'t>> {
        let (id, slot) = self.target();
        if slot.kind != SlotKind::Object {
            return None;
        }
        if slot.data as usize >= WIDE_OBJECT_MIN
            && let Some(index) = self.tree.wide.get(&id)
        {
            let hash = hash_text(key);
            let from = index.partition_point(|&(entry, _)| entry < hash);
            let hits = index.get(from..)?.iter().take_while(|&&(entry, _)| entry == hash);
            let mut keys = hits.map(|&(_, key_slot)| key_slot);
            let found = keys.find(|&key_slot| self.tree.slice(self.tree.slot(key_slot)) == key)?;
            return Some(Node { tree: self.tree, id: found + 1 });
        }
        self.members().find(|(name, _)| *name == key).map(|(_, value)| value)
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
        let end = if slot.kind == SlotKind::Object { slot.next } else { id + 1 };
        Members { tree: self.tree, at: id + 1, end }
    }

    /// The items of an array in order; nothing for anything else.
    #[must_use]
    pub fn items(self) -> Items<'t> {
        let (id, slot) = self.target();
        let end = if slot.kind == SlotKind::Array { slot.next } else { id + 1 };
        Items { tree: self.tree, at: id + 1, end }
    }

    /// The object or array the value stands in; `None` for the root.
    #[must_use]
    pub fn parent(self) -> Option<Node<'t>> {
        (self.id != 0).then(|| Node { tree: self.tree, id: self.tree.slot(self.id).parent })
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
        self.tree.slot(self.id).kind == SlotKind::Alias
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
        self.at = self.tree.slot(self.at + 1).next;
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
        self.at = self.tree.slot(self.at).next;
        Some(item)
    }
}

/// Builds a [`Tree`] from the events of a parser, in document order.
#[derive(Debug)]
pub struct TreeBuilder {
    tree: Tree,
    open: Vec<u32>,
}

impl TreeBuilder {
    /// A builder over a text.
    #[must_use]
    pub fn new(text: Arc<str>) -> Self {
        // Real contracts have a value or key about every 20 bytes.
        let slots = Vec::with_capacity(text.len() / 20 + 1);
        let wide = FxHashMap::default();
        let tree = Tree { text, slots, owned: Vec::new(), wide, comments: Vec::new(), dollars: Vec::new() };
        Self { tree, open: Vec::new() }
    }

    /// Containers that are open.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.open.len()
    }

    /// Whether a container is open, and if it is an object.
    #[must_use]
    pub fn in_object(&self) -> Option<bool> {
        self.open.last().map(|&id| self.tree.slot(id).kind == SlotKind::Object)
    }

    /// The id the next value will get if it is pushed now.
    #[must_use]
    pub fn next_id(&self) -> NodeId {
        NodeId(to_u32(self.tree.slots.len()))
    }

    /// Slots so far, a count.
    #[must_use]
    pub fn slot_count(&self) -> usize {
        self.tree.slots.len()
    }

    fn push(&mut self, kind: SlotKind, span: Span, data: u32) -> u32 {
        let id = to_u32(self.tree.slots.len());
        let parent = self.open.last().copied().unwrap_or(0);
        self.tree.slots.push(Slot { start: span.start, end: span.end, next: id + 1, parent, data, kind });
        if kind != SlotKind::Key
            && let Some(&container) = self.open.last()
            && let Some(slot) = self.tree.slots.get_mut(container as usize)
        {
            slot.data += 1;
        }
        id
    }

    fn own(&mut self, text: String) -> u32 {
        self.tree.owned.push(text.into());
        to_u32(self.tree.owned.len() - 1)
    }

    /// Opens an object.
    pub fn open_object(&mut self, start: u32) -> NodeId {
        let id = self.push(SlotKind::Object, Span::point(start), 0);
        self.open.push(id);
        NodeId(id)
    }

    /// Opens an array.
    pub fn open_array(&mut self, start: u32) -> NodeId {
        let id = self.push(SlotKind::Array, Span::point(start), 0);
        self.open.push(id);
        NodeId(id)
    }

    /// Adds a member name; a value must follow.
    pub fn key(&mut self, text: Scalar, span: Span) {
        let data = match text {
            Scalar::Quoted => QUOTED,
            Scalar::Text(text) | Scalar::NumberText(text) => self.own(text),
            _ => RAW,
        };
        let id = self.push(SlotKind::Key, span, data);
        if self.tree.slice(self.tree.slot(id)).starts_with('$') {
            self.tree.dollars.push(id);
        }
    }

    /// Adds a scalar value.
    pub fn scalar(&mut self, scalar: Scalar, span: Span) -> NodeId {
        let (kind, data) = match scalar {
            Scalar::Null => (SlotKind::Null, 0),
            Scalar::Bool(false) => (SlotKind::False, 0),
            Scalar::Bool(true) => (SlotKind::True, 0),
            Scalar::Number => (SlotKind::Number, RAW),
            Scalar::NumberText(text) => (SlotKind::Number, self.own(text)),
            Scalar::Raw => (SlotKind::String, RAW),
            Scalar::Quoted => (SlotKind::String, QUOTED),
            Scalar::Text(text) => (SlotKind::String, self.own(text)),
        };
        NodeId(self.push(kind, span, data))
    }

    /// Adds a value that stands for an earlier, closed one.
    pub fn alias(&mut self, target: NodeId, span: Span) -> NodeId {
        let slot = self.tree.slot(target.0);
        let target = if slot.kind == SlotKind::Alias { slot.data } else { target.0 };
        NodeId(self.push(SlotKind::Alias, span, target))
    }

    /// Adds a comment; they come in order.
    pub fn comment(&mut self, span: Span) {
        self.tree.comments.push(span);
    }

    /// Closes the container opened last. Returns the pairs of keys that are equal in it: the
    /// first one's span and the later one's.
    pub fn close(&mut self, end: u32) -> Vec<(Span, Span)> {
        let Some(id) = self.open.pop() else { return Vec::new() };
        let next = to_u32(self.tree.slots.len());
        let Some(slot) = self.tree.slots.get_mut(id as usize) else { return Vec::new() };
        slot.end = end;
        slot.next = next;
        let slot = *slot;
        if slot.kind != SlotKind::Object {
            Vec::new()
        } else if slot.data as usize >= WIDE_OBJECT_MIN {
            self.index_wide(id, slot)
        } else {
            self.narrow_duplicates(id)
        }
    }

    /// The keys of the open or just closed object `id`, as slots.
    fn key_slots(&self, id: u32) -> impl Iterator<Item = u32> {
        let end = to_u32(self.tree.slots.len());
        let step = move |&at: &u32| Some(self.tree.slot(at + 1).next);
        std::iter::successors(Some(id + 1), step).take_while(move |&at| at < end)
    }

    fn index_wide(&mut self, id: u32, slot: Slot) -> Vec<(Span, Span)> {
        let mut index: Vec<(u32, u32)> = Vec::with_capacity(slot.data as usize);
        index.extend(self.key_slots(id).map(|key| (hash_text(self.tree.slice(self.tree.slot(key))), key)));
        index.sort_unstable();
        let mut duplicates = Vec::new();
        for pair in index.windows(2) {
            if let [(hash, first), (other, second)] = pair
                && hash == other
            {
                self.note_if_equal(*first, *second, &mut duplicates);
            }
        }
        self.tree.wide.insert(id, index.into());
        duplicates
    }

    fn narrow_duplicates(&self, id: u32) -> Vec<(Span, Span)> {
        let mut duplicates = Vec::new();
        for second in self.key_slots(id) {
            for first in self.key_slots(id).take_while(|&first| first < second) {
                self.note_if_equal(first, second, &mut duplicates);
            }
        }
        duplicates
    }

    fn note_if_equal(&self, first: u32, second: u32, duplicates: &mut Vec<(Span, Span)>) {
        let (a, b) = (self.tree.slot(first), self.tree.slot(second));
        // Keys written the same way and equal have the same length; this settles nearly all pairs.
        if a.data == b.data && a.end - a.start != b.end - b.start {
            return;
        }
        if self.tree.slice(a) == self.tree.slice(b) {
            duplicates.push((Span::new(a.start, a.end), Span::new(b.start, b.end)));
        }
    }

    /// A value that was pushed before, with its key text if it is a member; for merge keys.
    #[must_use]
    pub fn peek(&self, id: NodeId) -> Node<'_> {
        self.tree.node(id)
    }

    /// The container opened last, or the root.
    #[must_use]
    pub fn innermost(&self) -> NodeId {
        NodeId(self.open.last().copied().unwrap_or(0))
    }

    /// The members of an earlier object whose names the object opened last does not have yet; for
    /// merge keys.
    #[must_use]
    pub fn missing_members(&self, source: NodeId) -> Vec<(String, NodeId)> {
        let Some(&open) = self.open.last() else { return Vec::new() };
        let mut present: FxHashSet<&str> =
            self.key_slots(open).map(|key| self.tree.slice(self.tree.slot(key))).collect();
        let members = self.tree.node(source).members();
        let missing = members.filter(|(name, _)| present.insert(name));
        missing.map(|(name, value)| (name.to_owned(), value.id())).collect()
    }

    /// The finished tree. Containers still open end where the text ends.
    #[must_use]
    pub fn finish(mut self) -> Tree {
        let end = to_u32(self.tree.text.len());
        while !self.open.is_empty() {
            self.close(end);
        }
        self.tree
    }
}

fn hash_text(text: &str) -> u32 {
    use std::hash::Hasher;
    let mut hasher = rustc_hash::FxHasher::default();
    hasher.write(text.as_bytes());
    // The upper half is the better mixed one.
    (hasher.finish() >> 32) as u32
}
