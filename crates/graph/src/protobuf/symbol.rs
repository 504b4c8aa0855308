//! Full names to elements.

use rustc_hash::FxHashMap;

use super::{EnumId, FieldId, MessageId, ServiceId, ValueId};

/// What a full name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Symbol {
    /// A package, or the beginning of one.
    Package,
    /// A message.
    Message(MessageId),
    /// An enum.
    Enum(EnumId),
    /// A service.
    Service(ServiceId),
    /// An extension: a field of another message.
    Extension(FieldId),
    /// A value of an enum that stands in no message.
    Value(ValueId),
}

impl Symbol {
    /// What people call it, with its article.
    #[must_use]
    pub fn kind(self) -> &'static str {
        match self {
            Self::Package => "a package",
            Self::Message(_) => "a message",
            Self::Enum(_) => "an enum",
            Self::Service(_) => "a service",
            Self::Extension(_) => "an extension",
            Self::Value(_) => "an enum value",
        }
    }
}

/// Packages, messages, enums, services, extensions and the values of enums outside messages, by
/// their full names. Of elements with the same name the first counts.
#[derive(Debug, Default)]
pub struct Symbols {
    by_name: FxHashMap<Box<str>, Symbol>,
}

impl Symbols {
    /// Names whose elements are known.
    #[must_use]
    pub fn new(by_name: FxHashMap<Box<str>, Symbol>) -> Self {
        Self { by_name }
    }

    /// What a full name stands for.
    #[must_use]
    pub fn get(&self, full_name: &str) -> Option<Symbol> {
        self.by_name.get(full_name).copied()
    }

    /// Every name, in no order: sort what is printed.
    #[expect(clippy::iter_over_hash_type, reason = "the caller is told that there is no order")]
    pub fn each(&self, mut visit: impl FnMut(&str, Symbol)) {
        for (name, symbol) in &self.by_name {
            visit(name, *symbol);
        }
    }

    /// How many names there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.by_name.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_name.is_empty()
    }
}
