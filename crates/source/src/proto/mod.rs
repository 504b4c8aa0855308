//! Protobuf files to what they declare ([`ast`]), and to a [`Tree`] of the declarations, with
//! recovery: one mistake hides neither the next nor the rest.
//!
//! The tree has a member for each declaration: the key is the name, the value the whole
//! declaration. So `/SearchRequest/query` is a field and `/Greeter/SayHello` an RPC, and findings,
//! suppressions and fingerprints work as they do for JSON and YAML. Unlike there, the name lies
//! inside the value's bytes.

pub mod ast;
mod decode;
mod enums;
mod file;
mod lexer;
mod message;
mod option;
mod parser;
mod service;
mod unclosed;

pub use decode::{decode_text, dotted, parse_float, parse_integer};
pub(crate) use parser::parse;
