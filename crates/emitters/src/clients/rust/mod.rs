//! Clients in Rust: serde types, blocking calls over `ureq`.
//!
//! Why `ureq`: no asynchronous run time and no C of its own, ten small crates with TLS; the standard
//! library has no HTTP.

mod methods;
mod types;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::HEADER;
use super::model::{Api, Field, Presence, Shape, Type, TypeId};
use super::names::{Names, pascal, snake, words};
use super::text::{Quoting, lines, quoted};
use crate::target::GeneratedFile;

/// Not `.rs`: it is no module of ours, but a file of what is written.
const RUNTIME: &str = include_str!("runtime.rs.in");

/// Words of the language.
const TAKEN: &[&str] = &[
    "as",
    "async",
    "await",
    "break",
    "const",
    "continue",
    "crate",
    "dyn",
    "else",
    "enum",
    "extern",
    "false",
    "fn",
    "for",
    "gen",
    "if",
    "impl",
    "in",
    "let",
    "loop",
    "match",
    "mod",
    "move",
    "mut",
    "pub",
    "ref",
    "return",
    "self",
    "static",
    "struct",
    "super",
    "trait",
    "true",
    "type",
    "unsafe",
    "use",
    "where",
    "while",
    "abstract",
    "become",
    "box",
    "do",
    "final",
    "macro",
    "override",
    "priv",
    "try",
    "typeof",
    "unsized",
    "virtual",
    "yield",
    "union",
    "additional",
];

/// What the printers of types and calls look at.
pub(super) struct Package<'a> {
    pub(super) api: &'a Api,
    /// For each type, the types it must hold in a box.
    pub(super) direct: Vec<BTreeSet<TypeId>>,
    /// Enums that have a value which stands for nothing.
    pub(super) defaulted: BTreeSet<TypeId>,
}

/// Every file of the client.
#[must_use]
pub fn write(api: &Api) -> Vec<GeneratedFile> {
    let package = Package { api, direct: super::cycles::direct(api), defaulted: defaulted(api) };
    vec![
        GeneratedFile::new("Cargo.toml", manifest(api)),
        GeneratedFile::new("src/lib.rs", library(api)),
        GeneratedFile::new("src/client.rs", format!("// {HEADER}\n\n{}", methods::client(&package))),
        GeneratedFile::new("src/errors.rs", format!("// {HEADER}\n\n{}", errors(api))),
        GeneratedFile::new("src/models.rs", format!("// {HEADER}\n\n{}", types::models(&package))),
        GeneratedFile::new("src/runtime.rs", format!("// {HEADER}\n\n{RUNTIME}")),
    ]
}

fn manifest(api: &Api) -> String {
    let name = words(&api.name).join("-");
    let name =
        if name.starts_with(|first: char| first.is_ascii_alphabetic()) { name } else { format!("x{name}") };
    let parts: Vec<&str> = api.version.split('.').collect();
    let is_plain = |part: &&str| {
        !part.is_empty()
            && part.len() < 10
            && part.bytes().all(|byte| byte.is_ascii_digit())
            && (*part == "0" || !part.starts_with('0'))
    };
    let version = if parts.len() == 3 && parts.iter().all(is_plain) { api.version.as_str() } else { "0.0.0" };
    format!(
        "# {HEADER}\n\n[package]\nname = \"{name}-client\"\nversion = \"{version}\"\nedition = \"2021\"\n\
         rust-version = \"1.85\"\npublish = false\n\n\
         [features]\ndefault = [\"tls\"]\n# HTTPS; without it, for services behind a proxy on the same machine.\n\
         tls = [\"ureq/rustls\"]\n\n[dependencies]\n\
         serde = {{ version = \"1\", features = [\"derive\"] }}\nserde_json = \"1\"\n\
         ureq = {{ version = \"3\", default-features = false }}\n\n[workspace]\n"
    )
}

fn library(api: &Api) -> String {
    let mut out = format!("// {HEADER}\n\n");
    for line in lines(&format!("{}\n\n{}", api.name, api.description)) {
        let _ = writeln!(out, "{}", format!("//! {line}").trim_end());
    }
    out.push_str(
        "\n#![forbid(unsafe_code)]\n#![allow(clippy::all, unknown_lints, dead_code, nonstandard_style, unused_imports)]\n\nmod client;\nmod errors;\npub mod models;\nmod runtime;\n\n\
         pub use client::*;\npub use errors::ErrorCode;\n\
         pub use runtime::{\n    CallOptions, ClientOptions, Error, Int64, Items, Pages, Refusal, Reply, Stream, Token, Uint64,\n};\n",
    );
    out
}

fn string(text: &str) -> String {
    quoted(text, Quoting::Braces)
}

/// Documentation; nothing in it ends it.
fn doc(out: &mut String, indent: &str, text: &str) {
    for line in lines(text) {
        let _ = writeln!(out, "{}", format!("{indent}/// {line}").trim_end());
    }
}

/// The names of an object's members, in its order.
fn members(fields: &[Field]) -> Vec<String> {
    let mut names = Names::without(TAKEN);
    fields.iter().map(|field| names.give(&snake(&words(&field.wire)), "_")).collect()
}

/// Enums whose first value is what is left out.
fn defaulted(api: &Api) -> BTreeSet<TypeId> {
    let mut out = BTreeSet::new();
    for one in &api.types {
        let Shape::Object { fields, .. } = &one.shape else { continue };
        for field in fields.iter().filter(|field| field.presence == Presence::Defaulted) {
            if let Type::Named(id) = api.resolve(&field.ty) {
                out.insert(*id);
            }
        }
    }
    out
}

/// The codes of the catalogue.
fn errors(api: &Api) -> String {
    let mut names = Names::without(&["Other", "Self"]);
    let given: Vec<String> =
        api.errors.iter().map(|one| names.give(&pascal(&words(&one.code)), "_")).collect();
    let mut out = String::from(
        "/// Why a call was refused: the codes of the contract.\n#[derive(Debug, Clone, PartialEq, Eq, Hash)]\n\
         #[non_exhaustive]\npub enum ErrorCode {\n",
    );
    for (one, name) in api.errors.iter().zip(&given) {
        doc(&mut out, "    ", if one.doc.is_empty() { &one.code } else { &one.doc });
        let _ = writeln!(out, "    {name},");
    }
    out.push_str("    /// Another one; empty where the answer does not say.\n    Other(String),\n}\n\nimpl ErrorCode {\n");
    out.push_str("    /// The code of a name.\n    #[must_use]\n    pub fn of(name: &str) -> Self {\n        match name {\n");
    for (one, name) in api.errors.iter().zip(&given) {
        let _ = writeln!(out, "            {} => Self::{name},", string(&one.code));
    }
    out.push_str("            _ => Self::Other(name.to_owned()),\n        }\n    }\n\n    /// Its name.\n    #[must_use]\n    pub fn as_str(&self) -> &str {\n        match self {\n");
    for (one, name) in api.errors.iter().zip(&given) {
        let _ = writeln!(out, "            Self::{name} => {},", string(&one.code));
    }
    out.push_str("            Self::Other(name) => name,\n        }\n    }\n\n    /// Whether the same call may succeed later, where the catalogue says so.\n    #[must_use]\n    pub fn retryable(&self) -> Option<bool> {\n        match self {\n");
    for (one, name) in api.errors.iter().zip(&given) {
        let _ = writeln!(out, "            Self::{name} => Some({}),", one.retryable);
    }
    out.push_str("            Self::Other(_) => None,\n        }\n    }\n}\n");
    out
}

impl Package<'_> {
    /// A type; `holder` is what holds it directly.
    pub(super) fn typed(&self, ty: &Type, space: &str, holder: Option<TypeId>) -> String {
        match ty {
            Type::Any => "serde_json::Value".to_owned(),
            Type::Bool => "bool".to_owned(),
            Type::Int { bits, signed } => format!("{}{bits}", if *signed { "i" } else { "u" }),
            Type::IntText { signed: true } => "crate::runtime::Int64".to_owned(),
            Type::IntText { signed: false } => "crate::runtime::Uint64".to_owned(),
            Type::Float => "f64".to_owned(),
            Type::Text | Type::Literal(_) => "String".to_owned(),
            Type::List(inner) => format!("Vec<{}>", self.typed(inner, space, None)),
            Type::Map(inner) => {
                format!("std::collections::BTreeMap<String, {}>", self.typed(inner, space, None))
            }
            Type::Named(id) => {
                let name = format!("{space}{}", self.api.type_name(*id));
                let is_cyclic =
                    holder.and_then(|holder| self.direct.get(holder.0)).is_some_and(|all| all.contains(id));
                if is_cyclic { format!("Box<{name}>") } else { name }
            }
            Type::Nullable(inner) => format!("Option<{}>", self.typed(inner, space, holder)),
            Type::Raw => "Vec<u8>".to_owned(),
            Type::Void => "()".to_owned(),
        }
    }
}
