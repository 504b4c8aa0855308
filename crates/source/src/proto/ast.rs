//! What a `.proto` file says, declaration by declaration. Texts are spans of the file; nothing is
//! looked up.

use crate::Span;
use crate::tree::NodeId;

/// A whole file.
#[derive(Debug, Clone, Default)]
pub struct File {
    /// `syntax = …;` or `edition = …;`.
    pub syntax: Option<SyntaxDecl>,
    /// Every `package …;`; more than one is wrong.
    pub packages: Vec<Package>,
    /// Imports.
    pub imports: Vec<Import>,
    /// Options.
    pub options: Vec<OptionDecl>,
    /// Messages, enums and extensions.
    pub scope: Scope,
    /// Services.
    pub services: Vec<Service>,
}

/// What files and messages both hold.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    /// Messages, those of groups and maps too, in order.
    pub messages: Vec<Message>,
    /// Enums.
    pub enums: Vec<Enum>,
    /// `extend` blocks.
    pub extends: Vec<Extend>,
}

/// `syntax = "proto3";`
#[derive(Debug, Clone)]
pub struct SyntaxDecl {
    /// The statement.
    pub span: Span,
    /// The string, with its quotes.
    pub value: Span,
    /// Whether the word was `edition`.
    pub is_edition: bool,
}

/// `package a.b;`
#[derive(Debug, Clone, Copy)]
pub struct Package {
    /// The statement.
    pub span: Span,
    /// The name.
    pub name: Span,
}

/// The word behind `import`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportWord {
    /// `public`.
    Public,
    /// `weak`.
    Weak,
    /// `option`.
    Option,
}

/// `import "a.proto";`
#[derive(Debug, Clone)]
pub struct Import {
    /// The statement.
    pub span: Span,
    /// The word in front of the path, if there is one.
    pub word: Option<(ImportWord, Span)>,
    /// The string, with its quotes.
    pub path: Span,
}

/// `export` or `local`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VisibilityWord {
    /// `export`.
    Export,
    /// `local`.
    Local,
}

/// How a message is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageForm {
    /// `message`.
    Plain,
    /// `group`.
    Group,
    /// Not at all: one entry of a map field, whose name is that of the field.
    MapEntry,
}

/// A message.
#[derive(Debug, Clone)]
pub struct Message {
    /// Its value in the tree; of a map entry, the map field's.
    pub node: NodeId,
    /// The declaration.
    pub span: Span,
    /// The name.
    pub name: Span,
    /// One past the `{`.
    pub head_end: u32,
    /// How it is written.
    pub form: MessageForm,
    /// `export` or `local`.
    pub visibility: Option<(VisibilityWord, Span)>,
    /// Fields, those of oneofs too.
    pub fields: Vec<Field>,
    /// Oneofs.
    pub oneofs: Vec<Oneof>,
    /// What is nested.
    pub scope: Scope,
    /// `reserved` numbers.
    pub reserved: Vec<Range>,
    /// `reserved` names.
    pub reserved_names: Vec<ReservedName>,
    /// `extensions`.
    pub extensions: Vec<ExtensionRange>,
    /// Options.
    pub options: Vec<OptionDecl>,
}

/// The word in front of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    /// `optional`.
    Optional,
    /// `required`.
    Required,
    /// `repeated`.
    Repeated,
}

/// The type of a field as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// A name: of a scalar type, a message or an enum.
    Named(Span),
    /// `map<…>`.
    Map {
        /// The key's type.
        key: Span,
        /// The value's type.
        value: Span,
        /// All of `map<…>`.
        span: Span,
        /// Index of the entry in the messages of the scope.
        entry: u32,
    },
    /// A group.
    Group {
        /// The word `group`.
        span: Span,
        /// Index in the messages of the scope.
        message: u32,
    },
}

impl Type {
    /// The bytes.
    #[must_use]
    pub fn span(self) -> Span {
        match self {
            Self::Named(span) | Self::Map { span, .. } | Self::Group { span, .. } => span,
        }
    }
}

/// A field.
#[derive(Debug, Clone)]
pub struct Field {
    /// Its value in the tree.
    pub node: NodeId,
    /// The declaration.
    pub span: Span,
    /// The name.
    pub name: Span,
    /// The label.
    pub label: Option<(Label, Span)>,
    /// The type.
    pub ty: Type,
    /// The number; 0 where it could not be read, which a finding says.
    pub number: i64,
    /// The bytes of the number.
    pub number_span: Span,
    /// Options in brackets.
    pub options: Box<[OptionDecl]>,
    /// Index of its oneof in the message.
    pub oneof: Option<u32>,
}

/// A oneof.
#[derive(Debug, Clone)]
pub struct Oneof {
    /// Its value in the tree.
    pub node: NodeId,
    /// The declaration.
    pub span: Span,
    /// The name.
    pub name: Span,
    /// One past the `{`.
    pub head_end: u32,
    /// Options.
    pub options: Vec<OptionDecl>,
}

/// An `extend` block.
#[derive(Debug, Clone)]
pub struct Extend {
    /// The declaration.
    pub span: Span,
    /// The name of the message that is extended.
    pub extendee: Span,
    /// The extensions.
    pub fields: Vec<Field>,
}

/// Numbers from `start` to `end`, both included.
#[derive(Debug, Clone, Copy)]
pub struct Range {
    /// The bytes.
    pub span: Span,
    /// First number.
    pub start: i64,
    /// Last number; `None` for `max`.
    pub end: Option<i64>,
}

/// A reserved name.
#[derive(Debug, Clone, Copy)]
pub struct ReservedName {
    /// The bytes; with quotes, if it is a string.
    pub span: Span,
    /// Whether it is a string.
    pub is_string: bool,
}

/// One range of an `extensions` statement.
#[derive(Debug, Clone)]
pub struct ExtensionRange {
    /// The numbers.
    pub range: Range,
    /// Options of the statement.
    pub options: Box<[OptionDecl]>,
}

/// An enum.
#[derive(Debug, Clone)]
pub struct Enum {
    /// Its value in the tree.
    pub node: NodeId,
    /// The declaration.
    pub span: Span,
    /// The name.
    pub name: Span,
    /// One past the `{`.
    pub head_end: u32,
    /// `export` or `local`.
    pub visibility: Option<(VisibilityWord, Span)>,
    /// Values.
    pub values: Vec<EnumValue>,
    /// `reserved` numbers.
    pub reserved: Vec<Range>,
    /// `reserved` names.
    pub reserved_names: Vec<ReservedName>,
    /// Options.
    pub options: Vec<OptionDecl>,
}

/// A value of an enum.
#[derive(Debug, Clone)]
pub struct EnumValue {
    /// Its value in the tree.
    pub node: NodeId,
    /// The declaration.
    pub span: Span,
    /// The name.
    pub name: Span,
    /// The number; 0 where it could not be read, which a finding says.
    pub number: i64,
    /// The bytes of the number.
    pub number_span: Span,
    /// Options in brackets.
    pub options: Box<[OptionDecl]>,
}

/// A service.
#[derive(Debug, Clone)]
pub struct Service {
    /// Its value in the tree.
    pub node: NodeId,
    /// The declaration.
    pub span: Span,
    /// The name.
    pub name: Span,
    /// One past the `{`.
    pub head_end: u32,
    /// RPCs.
    pub rpcs: Vec<Rpc>,
    /// Options.
    pub options: Vec<OptionDecl>,
}

/// An RPC.
#[derive(Debug, Clone)]
pub struct Rpc {
    /// Its value in the tree.
    pub node: NodeId,
    /// The declaration.
    pub span: Span,
    /// The name.
    pub name: Span,
    /// One past its `;` or `{`.
    pub head_end: u32,
    /// The request's type.
    pub request: Span,
    /// The response's type.
    pub response: Span,
    /// Whether `stream` stands before the request.
    pub client_streaming: bool,
    /// Whether `stream` stands before the response.
    pub server_streaming: bool,
    /// Options.
    pub options: Vec<OptionDecl>,
}

/// `(a.b).c = value`.
#[derive(Debug, Clone)]
pub struct OptionDecl {
    /// Name and value.
    pub span: Span,
    /// The name.
    pub parts: Box<[NamePart]>,
    /// The value.
    pub value: Value,
    /// The bytes of the value.
    pub value_span: Span,
}

/// One part of an option's name.
#[derive(Debug, Clone, Copy)]
pub struct NamePart {
    /// The bytes, with parentheses.
    pub span: Span,
    /// The name alone.
    pub name: Span,
    /// Whether it stands in parentheses.
    pub is_extension: bool,
}

/// The value of an option. Its bytes are known to whoever holds it.
#[derive(Debug, Clone)]
pub enum Value {
    /// A word.
    Word,
    /// `-` and a word: `-inf` or `-nan`.
    NegativeWord,
    /// A whole number, with its sign.
    Integer,
    /// Any other number, with its sign.
    Float,
    /// One string or several in a row.
    Text,
    /// A message.
    Message(Box<[Entry]>),
    /// A list.
    List(Box<[(Span, Value)]>),
}

/// One entry of a message.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The name; with brackets, if it has some.
    pub name: Span,
    /// Whether the name stands in brackets.
    pub is_bracketed: bool,
    /// The value.
    pub value: Value,
    /// The bytes of the value.
    pub value_span: Span,
}
