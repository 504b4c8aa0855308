//! Text, spans and span trees: every value of a file knows the bytes it came from.
//!
//! Holds: source text with its line index, one tree form for JSON, YAML and Protobuf ([`Tree`]), JSON
//! pointers, text edits, and [`Finding`], the one way the whole program says that something is
//! wrong at a place. It must never hold: knowledge of any contract format, file access, a clock.
//!
//! Start reading at [`SourceFile::parse`], then [`Node`].
#![forbid(unsafe_code)]

pub mod codes;
mod edit;
mod finding;
mod json;
pub mod limits;
mod nearest;
mod pointer;
pub mod proto;
mod sources;
mod span;
mod text;
mod tree;
mod words;
mod yaml;

pub use edit::{Edit, EditError, apply_edits};
pub use finding::{Code, Finding, Fix, Level, Place, Related};
pub use json::parse_text as parse_json;
pub use nearest::{nearest, nearest_within};
pub use pointer::{escape_token, split_pointer, unescape_token};
pub use sources::{At, FileId, SourceFile, Sources};
pub use span::Span;
pub use text::{Format, LineColumn, LineIndex, decode};
pub use tree::{Items, Kind, Members, Node, NodeId, Scalar, Tree, TreeBuilder};
