//! A value with its file: what every reader steps through.

use tenon_graph::Name;
use tenon_source::{At, FileId, Node};

/// A value and the file it stands in. Cheap to copy.
#[derive(Clone, Copy)]
pub(crate) struct Value<'s> {
    /// The file.
    pub(crate) file: FileId,
    /// The value.
    pub(crate) node: Node<'s>,
}

impl<'s> Value<'s> {
    /// The place.
    pub(crate) fn at(self) -> At {
        At { file: self.file, node: self.node.id() }
    }

    fn with(self, node: Node<'s>) -> Self {
        Self { file: self.file, node }
    }

    /// The value of a member.
    pub(crate) fn get(self, key: &str) -> Option<Self> {
        Some(self.with(self.node.get(key)?))
    }

    /// The value of a member, if it is an object.
    pub(crate) fn object(self, key: &str) -> Option<Self> {
        self.get(key).filter(|value| value.node.is_object())
    }

    /// Members of an object.
    pub(crate) fn members(self) -> impl Iterator<Item = (&'s str, Self)> {
        self.node.members().map(move |(key, node)| (key, self.with(node)))
    }

    /// Items of an array.
    pub(crate) fn items(self) -> impl Iterator<Item = Self> {
        self.node.items().map(move |node| self.with(node))
    }

    /// Items of the array under a key; none where there is no array.
    pub(crate) fn list(self, key: &str) -> impl Iterator<Item = Self> {
        self.get(key).into_iter().flat_map(Self::items)
    }

    /// Members of the object under a key; none where there is no object.
    pub(crate) fn map(self, key: &str) -> impl Iterator<Item = (&'s str, Self)> {
        self.get(key).into_iter().flat_map(Self::members)
    }

    /// The text, if it is a string.
    pub(crate) fn as_str(self) -> Option<&'s str> {
        self.node.as_str()
    }

    /// The text of a string, number or boolean with its place.
    pub(crate) fn scalar(self) -> Option<Name> {
        let text = match self.node.as_bool() {
            Some(flag) => {
                if flag {
                    "true"
                } else {
                    "false"
                }
            }
            None => self.node.as_str().or_else(|| self.node.number_text())?,
        };
        Some(Name::new(text, self.at()))
    }

    /// The text of a string with its place.
    pub(crate) fn text(self) -> Option<Name> {
        Some(Name::new(self.as_str()?, self.at()))
    }

    /// A string member with its place.
    pub(crate) fn name(self, key: &str) -> Option<Name> {
        self.get(key)?.text()
    }

    /// A boolean member; `false` where there is none.
    pub(crate) fn flag(self, key: &str) -> bool {
        self.node.get(key).and_then(Node::as_bool).unwrap_or(false)
    }

    /// The strings of an array; of a single string, that one; `None` for anything else.
    pub(crate) fn names(self) -> Option<Vec<Name>> {
        if self.node.is_array() {
            return Some(self.items().filter_map(Self::scalar).collect());
        }
        Some(vec![Name::new(self.as_str()?, self.at())])
    }

    /// The text of its `$ref`.
    pub(crate) fn reference(self) -> Option<&'s str> {
        self.node.get("$ref")?.as_str()
    }
}
