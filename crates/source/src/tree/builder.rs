//! Events of a parser to a tree.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::slot::{QUOTED, RAW, Slot, SlotKind};
use super::{Node, NodeId, Scalar, Tree, hash_text};
use crate::Span;
use crate::limits::WIDE_OBJECT_MIN;
use crate::text::to_u32;

/// Keys with equal hashes that are compared with each other, a count: a hostile file can make
/// many, and only equal keys are of interest, which all meet their neighbour.
const EQUAL_HASHES_MAX: usize = 8;

/// A container that is open.
#[derive(Debug, Clone, Copy)]
struct Open {
    id: u32,
    children: u32,
}

/// Builds a [`Tree`] from the events of a parser, in document order.
#[derive(Debug)]
pub struct TreeBuilder {
    tree: Tree,
    open: Vec<Open>,
}

impl TreeBuilder {
    /// A builder over a text.
    #[must_use]
    pub fn new(text: Arc<String>) -> Self {
        // Real contracts have a value or key every 20 to 30 bytes.
        let slots = text.len() / 20 + 1;
        Self::with_slots(text, slots)
    }

    /// A builder over a text that will have about so many values and keys.
    #[must_use]
    pub fn with_slots(text: Arc<String>, slots: usize) -> Self {
        let slots = Vec::with_capacity(slots);
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
        self.open.last().map(|open| self.tree.slot(open.id).is_object())
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

    fn push(&mut self, kind: SlotKind, span: Span, link: u32) -> u32 {
        let id = to_u32(self.tree.slots.len());
        let parent = match self.open.last_mut() {
            Some(open) => {
                open.children += u32::from(kind != SlotKind::Key);
                open.id
            }
            None => 0,
        };
        self.tree.slots.push(Slot::new(kind, span.start, span.end, parent, link));
        id
    }

    fn own(&mut self, text: String) -> u32 {
        self.tree.owned.push(text.into());
        to_u32(self.tree.owned.len() - 1)
    }

    /// Opens an object.
    pub fn open_object(&mut self, start: u32) -> NodeId {
        let id = self.push(SlotKind::Object, Span::point(start), 0);
        self.open.push(Open { id, children: 0 });
        NodeId(id)
    }

    /// Opens an array.
    pub fn open_array(&mut self, start: u32) -> NodeId {
        let id = self.push(SlotKind::Array, Span::point(start), 0);
        self.open.push(Open { id, children: 0 });
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
        if self.first_byte(span, data) == Some(b'$') {
            self.tree.dollars.push(id);
        }
    }

    /// The first byte of a key.
    fn first_byte(&self, span: Span, data: u32) -> Option<u8> {
        let text = self.tree.text.as_bytes();
        match data {
            RAW => text.get(span.start as usize).copied(),
            QUOTED => text.get(span.start as usize + 1).copied(),
            index => self.tree.owned.get(index as usize)?.as_bytes().first().copied(),
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
        let target = if slot.kind() == SlotKind::Alias { slot.link } else { target.0 };
        NodeId(self.push(SlotKind::Alias, span, target))
    }

    /// Adds a comment; they come in order.
    pub fn comment(&mut self, span: Span) {
        self.tree.comments.push(span);
    }

    /// Closes the container opened last. Returns the pairs of keys that are equal in it: the
    /// first one's span and the later one's.
    pub fn close(&mut self, end: u32) -> Vec<(Span, Span)> {
        let Some(Open { id, children }) = self.open.pop() else { return Vec::new() };
        let next = to_u32(self.tree.slots.len());
        let Some(slot) = self.tree.slots.get_mut(id as usize) else { return Vec::new() };
        let object = slot.is_object();
        let wide = object && children as usize >= WIDE_OBJECT_MIN;
        slot.close(end, next, wide);
        match (object, wide) {
            (false, _) => Vec::new(),
            (true, true) => self.index_wide(id, children),
            (true, false) => self.narrow_duplicates(id),
        }
    }

    /// The keys of the open or just closed object `id`, as slots.
    fn key_slots(&self, id: u32) -> impl Iterator<Item = u32> {
        let end = to_u32(self.tree.slots.len());
        let step = move |&at: &u32| Some(self.tree.next(at + 1));
        std::iter::successors(Some(id + 1), step).take_while(move |&at| at < end)
    }

    fn index_wide(&mut self, id: u32, children: u32) -> Vec<(Span, Span)> {
        let mut index: Vec<(u32, u32)> = Vec::with_capacity(children as usize);
        index.extend(self.key_slots(id).map(|key| (hash_text(self.tree.slice(self.tree.slot(key))), key)));
        index.sort_unstable();
        let mut duplicates = Vec::new();
        for (at, &(hash, second)) in index.iter().enumerate() {
            let before = index.get(at.saturating_sub(EQUAL_HASHES_MAX)..at).unwrap_or_default();
            let mut firsts = before.iter().filter(|&&(other, _)| other == hash);
            let second = self.tree.slot(second);
            let first = firsts.find_map(|&(_, first)| self.equal(self.tree.slot(first), second));
            duplicates.extend(first);
        }
        duplicates.sort_unstable_by_key(|&(_, second)| second);
        self.tree.wide.insert(id, index.into());
        duplicates
    }

    fn narrow_duplicates(&self, id: u32) -> Vec<(Span, Span)> {
        let mut duplicates = Vec::new();
        let mut keys = [Slot::NOTHING; WIDE_OBJECT_MIN];
        for (count, key) in self.key_slots(id).enumerate() {
            let key = self.tree.slot(key);
            let mut firsts = keys.get(..count).unwrap_or_default().iter();
            duplicates.extend(firsts.find_map(|&first| self.equal(first, key)));
            if let Some(place) = keys.get_mut(count) {
                *place = key;
            }
        }
        duplicates
    }

    /// The places of two keys if they are equal.
    fn equal(&self, first: Slot, second: Slot) -> Option<(Span, Span)> {
        // Keys written the same way and equal have the same length; this settles nearly all pairs.
        if first.link == second.link && first.end - first.start != second.end - second.start {
            return None;
        }
        let equal = self.tree.slice(first) == self.tree.slice(second);
        equal.then(|| (Span::new(first.start, first.end), Span::new(second.start, second.end)))
    }

    /// A value that was pushed before, with its key text if it is a member; for merge keys.
    #[must_use]
    pub fn peek(&self, id: NodeId) -> Node<'_> {
        self.tree.node(id)
    }

    /// The container opened last, or the root.
    #[must_use]
    pub fn innermost(&self) -> NodeId {
        NodeId(self.open.last().map_or(0, |open| open.id))
    }

    /// The members of an earlier object whose names the object opened last does not have yet; for
    /// merge keys.
    #[must_use]
    pub fn missing_members(&self, source: NodeId) -> Vec<(String, NodeId)> {
        let Some(&Open { id: open, .. }) = self.open.last() else { return Vec::new() };
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
