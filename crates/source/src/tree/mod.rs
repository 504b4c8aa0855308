//! One tree form for JSON and YAML: a flat, pre-order array of slots, each with its bytes.
//!
//! An object member is two slots, the key and then the value's subtree; a container knows where
//! its subtree ends, so that children are reached by stepping over each other. Strings borrow
//! from the text unless they had to be decoded.

mod builder;
mod node;
mod slot;

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::Span;
use crate::text::to_u32;
use slot::{QUOTED, RAW, Slot, SlotKind};

pub use builder::TreeBuilder;
pub use node::{Items, Members, Node};

/// The index of a value in its [`Tree`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
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

/// The values of one file, with their places.
#[derive(Debug)]
pub struct Tree {
    text: Arc<String>,
    slots: Vec<Slot>,
    owned: Vec<Box<str>>,
    /// Wide objects: key slots sorted by the hash of their text.
    wide: FxHashMap<u32, Box<[(u32, u32)]>>,
    comments: Vec<Span>,
    /// Keys that start with `$`.
    dollars: Vec<u32>,
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
    pub fn empty(text: Arc<String>) -> Self {
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
        let keys = self.slots.iter().enumerate().filter(|(_, slot)| slot.kind() == SlotKind::Key);
        keys.filter(|(_, slot)| names.contains(&self.slice(**slot)))
            .map(|(id, _)| Node { tree: self, id: to_u32(id) + 1 })
    }

    fn slot(&self, id: u32) -> Slot {
        self.slots.get(id as usize).copied().unwrap_or(Slot::NOTHING)
    }

    /// One past the last slot of a value's subtree.
    fn next(&self, id: u32) -> u32 {
        self.slot(id).next(id)
    }

    /// The text of a string, number or key.
    fn slice(&self, slot: Slot) -> &str {
        let range = match slot.link {
            RAW => slot.start as usize..slot.end as usize,
            QUOTED => slot.start as usize + 1..(slot.end as usize).saturating_sub(1),
            index => return self.owned.get(index as usize).map_or("", |text| text),
        };
        self.text.get(range).unwrap_or("")
    }

    /// Whether a key has a text. The text is looked at only where its length is right: most of it
    /// is far away in memory.
    fn key_is(&self, id: u32, key: &str) -> bool {
        let slot = self.slot(id);
        let (start, end) = match slot.link {
            RAW => (slot.start, slot.end),
            QUOTED => (slot.start + 1, slot.end.saturating_sub(1)),
            _ => return self.slice(slot) == key,
        };
        let range = start as usize..end as usize;
        range.len() == key.len() && self.text.as_bytes().get(range) == Some(key.as_bytes())
    }
}

fn hash_text(text: &str) -> u32 {
    use std::hash::Hasher;
    let mut hasher = rustc_hash::FxHasher::default();
    hasher.write(text.as_bytes());
    // The upper half is the better mixed one.
    (hasher.finish() >> 32) as u32
}
