//! Protobuf: files, messages, enums and services, resolved: every type name is an id, every
//! feature and presence is worked out, every option name is followed to its field.
//!
//! Everything of one run stands in flat lists inside [`Protobuf`]; an element names others by id,
//! and the children of an element are a [`Run`] of a list. Texts of comments are not kept: they
//! are read from the file where they are wanted, see [`comments_of`].

mod buf;
pub mod buf_breaking;
mod comments;
mod descriptor;
mod element;
mod features;
mod file;
mod option;
mod store;
mod symbol;

pub use buf::{
    BufBreaking, BufLint, BufModule, BufSelection, BufVersion, Stability, module_of, stability_of,
};
pub use comments::{Comments, comments_of, text_of};
pub use descriptor::OptionTarget;
pub use element::{
    Cardinality, Enum, EnumValue, ExtensionRange, Field, FieldType, IdempotencyLevel, Message, MessageKind,
    Oneof, ProtoName, ReservedRange, Rpc, Scalar, Service, Visibility, json_name_of,
};
pub use features::{
    DefaultVisibility, EnumType, Features, FieldPresence, JsonFormat, MessageEncoding, NamingStyle,
    RepeatedEncoding, Utf8Validation,
};
pub use file::{Import, ImportKind, ProtoFile, Syntax};
pub use option::{MessageEntry, OptionPart, OptionValue, Options, ProtoOption};
pub use store::{EnumId, FieldId, MessageId, OneofId, ProtoFileId, Protobuf, RpcId, Run, ServiceId, ValueId};
pub use symbol::{Symbol, Symbols};
