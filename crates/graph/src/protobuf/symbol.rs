//! Full names to elements.

use rustc_hash::FxHashMap;

use super::{EnumId, FieldId, MessageId, ProtoFileId, ServiceId, ValueId};

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
    by_name: FxHashMap<Box<str>, (Symbol, ProtoFileId)>,
    /// Further elements of a name, of files that are not compiled together with the first.
    further: FxHashMap<Box<str>, Vec<(Symbol, ProtoFileId)>>,
}

impl Symbols {
    /// Room for a number of names.
    #[must_use]
    pub fn with_capacity(names: usize) -> Self {
        let by_name = FxHashMap::with_capacity_and_hasher(names, rustc_hash::FxBuildHasher);
        Self { by_name, further: FxHashMap::default() }
    }

    /// Adds an element of a file. If the name is taken, the first element goes on to count.
    ///
    /// # Errors
    /// What has the name already.
    pub fn insert(
        &mut self,
        full_name: &str,
        symbol: Symbol,
        file: ProtoFileId,
    ) -> Result<(), (Symbol, ProtoFileId)> {
        if let Some(&taken) = self.by_name.get(full_name) {
            self.further.entry(full_name.into()).or_default().push((symbol, file));
            return Err(taken);
        }
        self.by_name.insert(full_name.into(), (symbol, file));
        Ok(())
    }

    /// Further elements of a name, with their files: those of files that are not compiled together
    /// with the first, or by mistake.
    #[must_use]
    pub fn further(&self, full_name: &str) -> &[(Symbol, ProtoFileId)] {
        if self.further.is_empty() {
            return &[];
        }
        self.further.get(full_name).map(Vec::as_slice).unwrap_or_default()
    }

    /// What a full name stands for, and the file that declares it; of a package, the first.
    #[must_use]
    pub fn entry(&self, full_name: &str) -> Option<(Symbol, ProtoFileId)> {
        self.by_name.get(full_name).copied()
    }

    /// What a full name stands for.
    #[must_use]
    pub fn get(&self, full_name: &str) -> Option<Symbol> {
        self.by_name.get(full_name).map(|entry| entry.0)
    }

    /// Every name, in no order: sort what is printed.
    #[expect(clippy::iter_over_hash_type, reason = "the caller is told that there is no order")]
    pub fn each(&self, mut visit: impl FnMut(&str, Symbol)) {
        for (name, (symbol, _)) in &self.by_name {
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
