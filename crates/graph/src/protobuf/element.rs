//! Messages, fields, enums and services.

use std::borrow::Cow;

use tenon_source::{At, Span};

use super::{
    EnumId, Features, FieldId, FieldPresence, MessageId, OneofId, OptionValue, Options, ProtoFileId,
    RepeatedEncoding, RpcId, Run, ServiceId, ValueId,
};

/// A text and the bytes it was read from, in the element's own file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProtoName {
    /// The text.
    pub text: Box<str>,
    /// The bytes.
    pub span: Span,
}

/// Who may use a message or enum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Visibility {
    /// Whoever imports the file.
    #[default]
    Exported,
    /// Its own file only.
    Local,
}

/// What a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum MessageKind {
    /// Written as `message`.
    #[default]
    Plain,
    /// Written as `group`.
    Group,
    /// What one entry of a map field is; not written.
    MapEntry,
}

/// One message.
#[derive(Debug, Clone, Default)]
pub struct Message {
    /// The file.
    pub file: ProtoFileId,
    /// The declaration; of a map entry, the map field. The name is its key.
    pub at: At,
    /// Package, the messages around it, and the name, with dots between.
    pub full_name: Box<str>,
    /// The message it is nested in.
    pub parent: Option<MessageId>,
    /// What it is.
    pub kind: MessageKind,
    /// Who may use it.
    pub visibility: Visibility,
    /// Whether `export` or `local` is written.
    pub is_visibility_written: bool,
    /// Fields in order, those of oneofs too; no extensions of this message.
    pub fields: Run<FieldId>,
    /// Oneofs.
    pub oneofs: Run<OneofId>,
    /// Messages nested right in it, those of groups and maps too.
    pub messages: Run<MessageId>,
    /// Enums nested right in it.
    pub enums: Run<EnumId>,
    /// Extensions of other messages that are declared in it.
    pub extensions: Run<FieldId>,
    /// Reserved field numbers.
    pub reserved: Box<[ReservedRange]>,
    /// Reserved field names.
    pub reserved_names: Box<[ProtoName]>,
    /// Field numbers left to extensions.
    pub extension_ranges: Box<[ExtensionRange]>,
    /// Options.
    pub options: Options,
    /// What holds for it.
    pub features: Features,
    /// Where its `{` ends, a byte offset: what [`super::comments_of`] needs.
    pub head_end: u32,
}

impl Message {
    /// The name without package and parents.
    #[must_use]
    pub fn name(&self) -> &str {
        last_part(&self.full_name)
    }

    /// Whether it stands for one entry of a map field.
    #[must_use]
    pub fn is_map_entry(&self) -> bool {
        self.kind == MessageKind::MapEntry
    }
}

fn last_part(full_name: &str) -> &str {
    full_name.rsplit_once('.').map_or(full_name, |(_, name)| name)
}

/// Reserved numbers, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReservedRange {
    /// First number.
    pub start: i32,
    /// Last number.
    pub end: i32,
    /// The bytes.
    pub span: Span,
}

/// Numbers left to extensions, both ends included.
#[derive(Debug, Clone, PartialEq)]
pub struct ExtensionRange {
    /// First number.
    pub start: i32,
    /// Last number.
    pub end: i32,
    /// The bytes of the numbers.
    pub span: Span,
    /// Options.
    pub options: Options,
}

/// A type that is no message and no enum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "they are the words of the language")]
pub enum Scalar {
    Double,
    Float,
    Int64,
    Uint64,
    Int32,
    Fixed64,
    Fixed32,
    Bool,
    String,
    Bytes,
    Uint32,
    Sfixed32,
    Sfixed64,
    Sint32,
    Sint64,
}

/// The scalar types by their words.
const SCALARS: [(&str, Scalar); 15] = [
    ("double", Scalar::Double),
    ("float", Scalar::Float),
    ("int64", Scalar::Int64),
    ("uint64", Scalar::Uint64),
    ("int32", Scalar::Int32),
    ("fixed64", Scalar::Fixed64),
    ("fixed32", Scalar::Fixed32),
    ("bool", Scalar::Bool),
    ("string", Scalar::String),
    ("bytes", Scalar::Bytes),
    ("uint32", Scalar::Uint32),
    ("sfixed32", Scalar::Sfixed32),
    ("sfixed64", Scalar::Sfixed64),
    ("sint32", Scalar::Sint32),
    ("sint64", Scalar::Sint64),
];

impl Scalar {
    /// The type with a word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        SCALARS.iter().find(|(name, _)| *name == word).map(|&(_, scalar)| scalar)
    }

    /// The word of the language.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        SCALARS.iter().find(|(_, scalar)| *scalar == self).map_or("", |(name, _)| name)
    }

    /// Whether a list of such values can be sent packed: all but strings and bytes.
    #[must_use]
    pub fn is_packable(self) -> bool {
        !matches!(self, Self::String | Self::Bytes)
    }
}

/// The type of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum FieldType {
    /// A type of the language.
    Scalar(Scalar),
    /// A message, one entry of a map, or a group.
    Message(MessageId),
    /// An enum.
    Enum(EnumId),
    /// A name that stands for nothing; a finding says so.
    #[default]
    Unknown,
}

/// How many values a field has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Cardinality {
    /// None or one.
    #[default]
    Optional,
    /// One.
    Required,
    /// Any number; maps too.
    Repeated,
}

/// One field of a message, or one extension.
#[derive(Debug, Clone, Default)]
pub struct Field {
    /// The file.
    pub file: ProtoFileId,
    /// The declaration. The name is its key.
    pub at: At,
    /// The name.
    pub name: Box<str>,
    /// The number.
    pub number: i32,
    /// The message it is declared in; of an extension, the one around it, if any.
    pub scope: Option<MessageId>,
    /// Of an extension, the message that it extends.
    pub extendee: Option<MessageId>,
    /// Whether it is an extension.
    pub is_extension: bool,
    /// How many values it has.
    pub cardinality: Cardinality,
    /// Whether the word `optional` is written.
    pub is_optional_written: bool,
    /// The type.
    pub ty: FieldType,
    /// The oneof it belongs to.
    pub oneof: Option<OneofId>,
    /// The `json_name` that is written; see [`Field::json_name`].
    pub json_name_written: Option<Box<str>>,
    /// The default value that is written.
    pub default: Option<Box<OptionValue>>,
    /// Options; `json_name` and `default` too, as they are written.
    pub options: Options,
    /// What holds for it.
    pub features: Features,
    /// The bytes of the label, if there is one.
    pub label_span: Option<Span>,
    /// The bytes of the type; of a map, `map<…>`.
    pub type_span: Span,
    /// The bytes of the number.
    pub number_span: Span,
}

impl Field {
    /// The name in ProtoJSON.
    #[must_use]
    pub fn json_name(&self) -> Cow<'_, str> {
        self.json_name_written.as_deref().map_or_else(|| json_name_of(&self.name), Cow::Borrowed)
    }

    /// Whether it is a list or a map.
    #[must_use]
    pub fn is_repeated(&self) -> bool {
        self.cardinality == Cardinality::Repeated
    }

    /// Whether a receiver can tell if it was set.
    #[must_use]
    pub fn has_presence(&self) -> bool {
        !self.is_repeated()
            && (self.oneof.is_some()
                || self.is_extension
                || self.is_optional_written
                || matches!(self.ty, FieldType::Message(_))
                || self.features.field_presence != FieldPresence::Implicit)
    }

    /// Whether it is `optional` in proto3, which protoc turns into a oneof of its own.
    #[must_use]
    pub fn is_proto3_optional(&self, syntax: super::Syntax) -> bool {
        syntax == super::Syntax::Proto3 && self.is_optional_written && !self.is_extension
    }

    /// Whether its values are sent as one block.
    #[must_use]
    pub fn is_packed(&self) -> bool {
        let packable = match self.ty {
            FieldType::Scalar(scalar) => scalar.is_packable(),
            FieldType::Enum(_) => true,
            FieldType::Message(_) | FieldType::Unknown => false,
        };
        let by_feature = self.features.repeated_field_encoding == RepeatedEncoding::Packed;
        let written = self.options.get("packed").and_then(|option| option.value.as_bool());
        self.is_repeated() && packable && written.unwrap_or(by_feature)
    }
}

/// The name in ProtoJSON of a field that says none: `created_at` becomes `createdAt`.
#[must_use]
pub fn json_name_of(name: &str) -> Cow<'_, str> {
    if !name.contains('_') {
        return Cow::Borrowed(name);
    }
    let mut out = String::with_capacity(name.len());
    let mut capital = false;
    for letter in name.chars() {
        if letter == '_' {
            capital = true;
        } else {
            out.push(if capital { letter.to_ascii_uppercase() } else { letter });
            capital = false;
        }
    }
    Cow::Owned(out)
}

/// One oneof.
#[derive(Debug, Clone, Default)]
pub struct Oneof {
    /// The file.
    pub file: ProtoFileId,
    /// The declaration. The name is its key.
    pub at: At,
    /// The name.
    pub name: Box<str>,
    /// The message it stands in.
    pub message: MessageId,
    /// Options.
    pub options: Options,
    /// What holds for it.
    pub features: Features,
    /// Where its `{` ends, a byte offset.
    pub head_end: u32,
}

/// One enum.
#[derive(Debug, Clone, Default)]
pub struct Enum {
    /// The file.
    pub file: ProtoFileId,
    /// The declaration. The name is its key.
    pub at: At,
    /// Package, the messages around it, and the name, with dots between.
    pub full_name: Box<str>,
    /// The message it is nested in.
    pub parent: Option<MessageId>,
    /// Who may use it.
    pub visibility: Visibility,
    /// Whether `export` or `local` is written.
    pub is_visibility_written: bool,
    /// Values in order.
    pub values: Run<ValueId>,
    /// Reserved numbers.
    pub reserved: Box<[ReservedRange]>,
    /// Reserved names.
    pub reserved_names: Box<[ProtoName]>,
    /// Options.
    pub options: Options,
    /// What holds for it; `enum_type` says whether it is open.
    pub features: Features,
    /// Where its `{` ends, a byte offset.
    pub head_end: u32,
}

impl Enum {
    /// The name without package and parents.
    #[must_use]
    pub fn name(&self) -> &str {
        last_part(&self.full_name)
    }

    /// Whether several values may have the same number.
    #[must_use]
    pub fn allows_alias(&self) -> bool {
        self.options.flag("allow_alias")
    }
}

/// One value of an enum.
#[derive(Debug, Clone, Default)]
pub struct EnumValue {
    /// The declaration. The name is its key.
    pub at: At,
    /// The enum.
    pub parent: EnumId,
    /// The name.
    pub name: Box<str>,
    /// The number.
    pub number: i32,
    /// The bytes of the number.
    pub number_span: Span,
    /// Options.
    pub options: Options,
    /// What holds for it.
    pub features: Features,
}

/// One service.
#[derive(Debug, Clone, Default)]
pub struct Service {
    /// The file.
    pub file: ProtoFileId,
    /// The declaration. The name is its key.
    pub at: At,
    /// Package and name, with dots between.
    pub full_name: Box<str>,
    /// RPCs in order.
    pub rpcs: Run<RpcId>,
    /// Options.
    pub options: Options,
    /// What holds for it.
    pub features: Features,
    /// Where its `{` ends, a byte offset.
    pub head_end: u32,
}

impl Service {
    /// The name without package.
    #[must_use]
    pub fn name(&self) -> &str {
        last_part(&self.full_name)
    }
}

/// Whether an RPC may be sent twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum IdempotencyLevel {
    /// Not known.
    #[default]
    Unknown,
    /// It changes nothing.
    NoSideEffects,
    /// The second time changes nothing.
    Idempotent,
}

impl IdempotencyLevel {
    /// As it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "IDEMPOTENCY_UNKNOWN",
            Self::NoSideEffects => "NO_SIDE_EFFECTS",
            Self::Idempotent => "IDEMPOTENT",
        }
    }
}

/// One RPC of a service.
#[derive(Debug, Clone, Default)]
pub struct Rpc {
    /// The file.
    pub file: ProtoFileId,
    /// The declaration. The name is its key.
    pub at: At,
    /// The service.
    pub service: ServiceId,
    /// The name.
    pub name: Box<str>,
    /// What is sent, unless the name stands for nothing.
    pub request: Option<MessageId>,
    /// What comes back, unless the name stands for nothing.
    pub response: Option<MessageId>,
    /// The bytes of the request's type.
    pub request_span: Span,
    /// The bytes of the response's type.
    pub response_span: Span,
    /// Whether the client sends a stream.
    pub client_streaming: bool,
    /// Whether the server sends a stream.
    pub server_streaming: bool,
    /// Whether it ends with a body in braces and not with a `;`.
    pub has_body: bool,
    /// Whether it may be sent twice.
    pub idempotency: IdempotencyLevel,
    /// Options.
    pub options: Options,
    /// What holds for it.
    pub features: Features,
    /// Where its `;` or `{` ends, a byte offset.
    pub head_end: u32,
}

#[cfg(test)]
mod tests {
    use super::{Scalar, json_name_of};

    #[test]
    fn json_names_drop_underscores_as_protoc_does() {
        let cases = [
            ("id", "id"),
            ("created_at", "createdAt"),
            ("_hidden", "Hidden"),
            ("a__b", "aB"),
            ("field_1", "field1"),
            ("FOO_BAR", "FOOBAR"),
            ("trailing_", "trailing"),
        ];
        for (name, json) in cases {
            assert_eq!(json_name_of(name), json, "{name}");
        }
    }

    #[test]
    fn scalar_words_lead_back_to_themselves() {
        for word in ["double", "bytes", "sfixed64", "bool"] {
            assert_eq!(Scalar::parse(word).map(Scalar::as_str), Some(word));
        }
        assert_eq!(Scalar::parse("group"), None);
    }
}
