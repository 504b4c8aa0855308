//! Files.

use tenon_source::{FileId, Span};

use super::{EnumId, Features, FieldId, MessageId, Options, ProtoFileId, ProtoName, Run, ServiceId};

/// The dialect a file is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Syntax {
    /// `syntax = "proto2"`, or none is written.
    #[default]
    Proto2,
    /// `syntax = "proto3"`.
    Proto3,
    /// `edition = "2023"`.
    Edition2023,
    /// `edition = "2024"`.
    Edition2024,
}

impl Syntax {
    /// As it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Proto2 => "proto2",
            Self::Proto3 => "proto3",
            Self::Edition2023 => "2023",
            Self::Edition2024 => "2024",
        }
    }

    /// Whether it is an edition.
    #[must_use]
    pub fn is_edition(self) -> bool {
        matches!(self, Self::Edition2023 | Self::Edition2024)
    }

    /// What holds for its elements where they say nothing.
    #[must_use]
    pub fn features(self) -> Features {
        match self {
            Self::Proto2 => Features::PROTO2,
            Self::Proto3 => Features::PROTO3,
            Self::Edition2023 => Features::EDITION_2023,
            Self::Edition2024 => Features::EDITION_2024,
        }
    }
}

/// How a file is imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ImportKind {
    /// For its types.
    Plain,
    /// And whoever imports the importing file sees it too.
    Public,
    /// May be missing when the program runs.
    Weak,
    /// For its custom options only (edition 2024).
    Option,
}

/// One `import`.
#[derive(Debug, Clone)]
pub struct Import {
    /// The path as it is written.
    pub path: Box<str>,
    /// The string, with its quotes.
    pub path_span: Span,
    /// The whole statement.
    pub span: Span,
    /// How.
    pub kind: ImportKind,
    /// The file, unless it was not found.
    pub file: Option<ProtoFileId>,
    /// Whether anything of it is used; of a public import, always.
    pub is_used: bool,
}

/// One `.proto` file.
#[derive(Debug, Clone, Default)]
pub struct ProtoFile {
    /// The file.
    pub source: FileId,
    /// What others import it by: its path from its module's root.
    pub name: Box<str>,
    /// The folder [`ProtoFile::name`] counts from; empty for the current one.
    pub root: Box<str>,
    /// Whether it was asked for, as opposed to being merely imported.
    pub is_target: bool,
    /// Whether it is one of the well-known files that come with this program.
    pub is_bundled: bool,
    /// The dialect.
    pub syntax: Syntax,
    /// The statement that names the dialect, if there is one.
    pub syntax_span: Option<Span>,
    /// The package.
    pub package: Option<ProtoName>,
    /// The statement `package …;`.
    pub package_span: Option<Span>,
    /// Imports in order.
    pub imports: Vec<Import>,
    /// Options of the file.
    pub options: Options,
    /// What holds for its elements where they say nothing.
    pub features: Features,
    /// Messages that are not nested.
    pub messages: Run<MessageId>,
    /// Enums that are not nested.
    pub enums: Run<EnumId>,
    /// Services.
    pub services: Run<ServiceId>,
    /// Extensions outside messages.
    pub extensions: Run<FieldId>,
    /// Every message of the file, nested ones too.
    pub all_messages: Run<MessageId>,
    /// Every enum of the file, nested ones too.
    pub all_enums: Run<EnumId>,
    /// Every field and extension of the file.
    pub all_fields: Run<FieldId>,
}

impl ProtoFile {
    /// The package; empty where there is none.
    #[must_use]
    pub fn package_name(&self) -> &str {
        self.package.as_ref().map_or("", |package| &package.text)
    }
}
