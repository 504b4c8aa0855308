//! The messages of `google/protobuf/descriptor.proto` that options are fields of.

/// What kind of element an option belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OptionTarget {
    /// A file.
    File,
    /// A message.
    Message,
    /// A field or extension.
    Field,
    /// A oneof.
    Oneof,
    /// An extension range.
    ExtensionRange,
    /// An enum.
    Enum,
    /// A value of an enum.
    Value,
    /// A service.
    Service,
    /// An RPC.
    Rpc,
}

impl OptionTarget {
    /// Full name of the message that options of this kind are fields of.
    #[must_use]
    pub fn message(self) -> &'static str {
        match self {
            Self::File => "google.protobuf.FileOptions",
            Self::Message => "google.protobuf.MessageOptions",
            Self::Field => "google.protobuf.FieldOptions",
            Self::Oneof => "google.protobuf.OneofOptions",
            Self::ExtensionRange => "google.protobuf.ExtensionRangeOptions",
            Self::Enum => "google.protobuf.EnumOptions",
            Self::Value => "google.protobuf.EnumValueOptions",
            Self::Service => "google.protobuf.ServiceOptions",
            Self::Rpc => "google.protobuf.MethodOptions",
        }
    }

    /// What people call the element.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Message => "message",
            Self::Field => "field",
            Self::Oneof => "oneof",
            Self::ExtensionRange => "extension range",
            Self::Enum => "enum",
            Self::Value => "enum value",
            Self::Service => "service",
            Self::Rpc => "RPC",
        }
    }
}
