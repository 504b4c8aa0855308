//! Features of editions, as they hold for one element. For proto2 and proto3 they are what those
//! syntaxes always meant.

macro_rules! features {
    ($($(#[$doc:meta])* $name:ident { $($(#[$value_doc:meta])* $value:ident = $word:literal,)* })*) => {
        $($(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$value_doc])* $value,)* }

        impl $name {
            /// The value with a name such as it is written in `features`.
            #[must_use]
            pub fn parse(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$value),)* _ => None }
            }

            /// The name as it is written in `features`.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$value => $word,)* }
            }
        })*
    };
}

features! {
    /// Whether a field knows if it was set.
    FieldPresence {
        /// It does.
        Explicit = "EXPLICIT",
        /// It does not: the default value is not sent.
        Implicit = "IMPLICIT",
        /// It must be set.
        LegacyRequired = "LEGACY_REQUIRED",
    }
    /// Whether an enum takes numbers that it does not name.
    EnumType {
        /// It does.
        Open = "OPEN",
        /// It does not.
        Closed = "CLOSED",
    }
    /// How repeated numbers are sent.
    RepeatedEncoding {
        /// All in one.
        Packed = "PACKED",
        /// Each for itself.
        Expanded = "EXPANDED",
    }
    /// Whether strings must be UTF-8.
    Utf8Validation {
        /// They must.
        Verify = "VERIFY",
        /// Not checked.
        None = "NONE",
    }
    /// How messages in fields are sent.
    MessageEncoding {
        /// With their length in front.
        LengthPrefixed = "LENGTH_PREFIXED",
        /// Between a start and an end tag, as groups were.
        Delimited = "DELIMITED",
    }
    /// Whether the ProtoJSON form must be sound.
    JsonFormat {
        /// It must.
        Allow = "ALLOW",
        /// As far as it goes.
        LegacyBestEffort = "LEGACY_BEST_EFFORT",
    }
    /// Whether names must follow the style guide.
    NamingStyle {
        /// They must follow the one of 2024.
        Style2024 = "STYLE2024",
        /// They need not.
        Legacy = "STYLE_LEGACY",
    }
    /// What other files see where neither `export` nor `local` is written.
    DefaultVisibility {
        /// Everything.
        ExportAll = "EXPORT_ALL",
        /// What is not nested.
        ExportTopLevel = "EXPORT_TOP_LEVEL",
        /// Nothing.
        LocalAll = "LOCAL_ALL",
        /// Nothing, and nested ones cannot be exported.
        Strict = "STRICT",
    }
}

/// The features that hold for one element.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Features {
    /// Whether fields know if they were set.
    pub field_presence: FieldPresence,
    /// Whether enums take unknown numbers.
    pub enum_type: EnumType,
    /// How repeated numbers are sent.
    pub repeated_field_encoding: RepeatedEncoding,
    /// Whether strings must be UTF-8.
    pub utf8_validation: Utf8Validation,
    /// How messages in fields are sent.
    pub message_encoding: MessageEncoding,
    /// Whether the ProtoJSON form must be sound.
    pub json_format: JsonFormat,
    /// Whether names must follow the style guide.
    pub enforce_naming_style: NamingStyle,
    /// What other files see by default.
    pub default_symbol_visibility: DefaultVisibility,
}

impl Features {
    /// What `syntax = "proto2"` means.
    pub const PROTO2: Self = Self {
        field_presence: FieldPresence::Explicit,
        enum_type: EnumType::Closed,
        repeated_field_encoding: RepeatedEncoding::Expanded,
        utf8_validation: Utf8Validation::None,
        message_encoding: MessageEncoding::LengthPrefixed,
        json_format: JsonFormat::LegacyBestEffort,
        enforce_naming_style: NamingStyle::Legacy,
        default_symbol_visibility: DefaultVisibility::ExportAll,
    };

    /// What `syntax = "proto3"` means.
    pub const PROTO3: Self = Self {
        field_presence: FieldPresence::Implicit,
        enum_type: EnumType::Open,
        repeated_field_encoding: RepeatedEncoding::Packed,
        utf8_validation: Utf8Validation::Verify,
        json_format: JsonFormat::Allow,
        ..Self::PROTO2
    };

    /// The defaults of edition 2023.
    pub const EDITION_2023: Self = Self { field_presence: FieldPresence::Explicit, ..Self::PROTO3 };

    /// The defaults of edition 2024.
    pub const EDITION_2024: Self = Self {
        enforce_naming_style: NamingStyle::Style2024,
        default_symbol_visibility: DefaultVisibility::ExportTopLevel,
        ..Self::EDITION_2023
    };
}

impl Default for Features {
    fn default() -> Self {
        Self::PROTO2
    }
}
