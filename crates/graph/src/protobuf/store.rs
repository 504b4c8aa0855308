//! The lists of one run, and ids into them.

use std::marker::PhantomData;
use std::sync::OnceLock;

use tenon_source::FileId;

use super::{Enum, EnumValue, Field, Message, Oneof, ProtoFile, Rpc, Service, Symbol, Symbols};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {
        $($(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $name(pub u32);

        impl From<usize> for $name {
            fn from(index: usize) -> Self {
                Self(u32::try_from(index).unwrap_or(u32::MAX))
            }
        })*
    };
}

ids! {
    /// Index in [`Protobuf::files`].
    ProtoFileId
    /// Index in [`Protobuf::messages`].
    MessageId
    /// Index in [`Protobuf::fields`].
    FieldId
    /// Index in [`Protobuf::oneofs`].
    OneofId
    /// Index in [`Protobuf::enums`].
    EnumId
    /// Index in [`Protobuf::values`].
    ValueId
    /// Index in [`Protobuf::services`].
    ServiceId
    /// Index in [`Protobuf::rpcs`].
    RpcId
}

/// Neighbours in one of the lists: the children of an element, in the order they are declared.
#[derive(Debug, PartialEq, Eq)]
pub struct Run<Id> {
    /// Index of the first.
    pub start: u32,
    /// How many.
    pub len: u32,
    of: PhantomData<Id>,
}

impl<Id> Clone for Run<Id> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<Id> Copy for Run<Id> {}

impl<Id> Default for Run<Id> {
    fn default() -> Self {
        Self { start: 0, len: 0, of: PhantomData }
    }
}

impl<Id: From<usize>> Run<Id> {
    /// The elements from one index up to another.
    #[must_use]
    pub fn between(start: usize, end: usize) -> Self {
        let number = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
        Self { start: number(start), len: number(end.saturating_sub(start)), of: PhantomData }
    }

    /// The same elements, in a list that has `offset` more in front.
    #[must_use]
    pub fn moved(self, offset: u32) -> Self {
        Self { start: self.start.saturating_add(offset), ..self }
    }

    /// The ids.
    pub fn ids(self) -> impl DoubleEndedIterator<Item = Id> + Clone {
        (self.start..self.start.saturating_add(self.len)).map(|index| Id::from(index as usize))
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.len == 0
    }

    fn slice<T>(self, list: &[T]) -> &[T] {
        let end = self.start as usize + self.len as usize;
        list.get(self.start as usize..end).unwrap_or_default()
    }
}

/// Everything one run knows about Protobuf.
#[derive(Debug, Default)]
pub struct Protobuf {
    /// Files, in the order of their [`FileId`]: those asked for, and those they import.
    pub files: Vec<ProtoFile>,
    /// Messages of all files, nested ones and map entries too.
    pub messages: Vec<Message>,
    /// Fields of messages, and extensions.
    pub fields: Vec<Field>,
    /// Oneofs that are written; those that `optional` stands for are not.
    pub oneofs: Vec<Oneof>,
    /// Enums, nested ones too.
    pub enums: Vec<Enum>,
    /// Values of enums.
    pub values: Vec<EnumValue>,
    /// Services.
    pub services: Vec<Service>,
    /// RPCs of services.
    pub rpcs: Vec<Rpc>,
    /// Full names to elements.
    pub symbols: Symbols,
}

macro_rules! lists {
    ($($(#[$doc:meta])* $one:ident, $(#[$doc_of:meta])* $many:ident: $list:ident [$id:ident] $type:ident;)*) => {
        $($(#[$doc])*
        #[must_use]
        pub fn $one(&self, id: $id) -> &$type {
            static NOWHERE: OnceLock<$type> = OnceLock::new();
            self.$list.get(id.0 as usize).unwrap_or_else(|| NOWHERE.get_or_init($type::default))
        }

        $(#[$doc_of])*
        #[must_use]
        pub fn $many(&self, run: Run<$id>) -> &[$type] {
            run.slice(&self.$list)
        })*
    };
}

/// An id of another graph yields an empty element; that is a bug of the caller which must not take
/// the run down.
impl Protobuf {
    lists! {
        /// The file with an id.
        file, /// Neighbouring files.
        files_of: files [ProtoFileId] ProtoFile;
        /// The message with an id.
        message, /// Neighbouring messages.
        messages_of: messages [MessageId] Message;
        /// The field with an id.
        field, /// Neighbouring fields.
        fields_of: fields [FieldId] Field;
        /// The oneof with an id.
        oneof, /// Neighbouring oneofs.
        oneofs_of: oneofs [OneofId] Oneof;
        /// The enum with an id.
        enumeration, /// Neighbouring enums.
        enums_of: enums [EnumId] Enum;
        /// The enum value with an id.
        value, /// Neighbouring enum values.
        values_of: values [ValueId] EnumValue;
        /// The service with an id.
        service, /// Neighbouring services.
        services_of: services [ServiceId] Service;
        /// The RPC with an id.
        rpc, /// Neighbouring RPCs.
        rpcs_of: rpcs [RpcId] Rpc;
    }

    /// What a full name such as `acme.v1.Order` stands for.
    #[must_use]
    pub fn find(&self, full_name: &str) -> Option<Symbol> {
        self.symbols.get(full_name)
    }

    /// The message with a full name.
    #[must_use]
    pub fn find_message(&self, full_name: &str) -> Option<MessageId> {
        match self.find(full_name) {
            Some(Symbol::Message(id)) => Some(id),
            _ => None,
        }
    }

    /// The enum with a full name.
    #[must_use]
    pub fn find_enum(&self, full_name: &str) -> Option<EnumId> {
        match self.find(full_name) {
            Some(Symbol::Enum(id)) => Some(id),
            _ => None,
        }
    }

    /// The service with a full name.
    #[must_use]
    pub fn find_service(&self, full_name: &str) -> Option<ServiceId> {
        match self.find(full_name) {
            Some(Symbol::Service(id)) => Some(id),
            _ => None,
        }
    }

    /// The field of a message with a name.
    #[must_use]
    pub fn field_named(&self, message: MessageId, name: &str) -> Option<FieldId> {
        let fields = self.message(message).fields;
        fields.ids().find(|&id| &*self.field(id).name == name)
    }

    /// The Protobuf file that was read from a file.
    #[must_use]
    pub fn file_at(&self, file: FileId) -> Option<ProtoFileId> {
        let index = self.files.binary_search_by_key(&file, |proto| proto.source).ok()?;
        Some(ProtoFileId::from(index))
    }

    /// The file that is imported by a path, such as `google/protobuf/any.proto`.
    #[must_use]
    pub fn file_named(&self, name: &str) -> Option<ProtoFileId> {
        self.files.iter().position(|file| &*file.name == name).map(ProtoFileId::from)
    }

    /// The files that were asked for, as opposed to those that are merely imported: what rules
    /// judge.
    pub fn target_files(&self) -> impl Iterator<Item = (ProtoFileId, &ProtoFile)> {
        let all = self.files.iter().enumerate().map(|(index, file)| (ProtoFileId::from(index), file));
        all.filter(|(_, file)| file.is_target)
    }

    /// The oneof a field belongs to, and the fields it has.
    pub fn fields_of_oneof(&self, id: OneofId) -> impl Iterator<Item = &Field> {
        let message = self.message(self.oneof(id).message);
        self.fields_of(message.fields).iter().filter(move |field| field.oneof == Some(id))
    }

    /// Full name of a field or extension, such as `acme.v1.Order.id`.
    #[must_use]
    pub fn field_full_name(&self, field: &Field) -> String {
        let scope = match field.scope {
            Some(message) => &*self.message(message).full_name,
            None => self.file(field.file).package_name(),
        };
        if scope.is_empty() { field.name.to_string() } else { format!("{scope}.{}", field.name) }
    }

    /// The key and value fields of a map field's entry, if the field is a map.
    #[must_use]
    pub fn map_entry(&self, field: &Field) -> Option<(&Field, &Field)> {
        let super::FieldType::Message(id) = field.ty else { return None };
        let entry = self.message(id);
        match self.fields_of(entry.fields) {
            [key, value] if entry.is_map_entry() => Some((key, value)),
            _ => None,
        }
    }
}
