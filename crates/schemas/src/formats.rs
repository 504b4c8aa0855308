//! Which formats are checked.
//!
//! Checked: `date`, `date-time`, `time`, `duration`, `email`, `hostname`, `ipv4`, `ipv6`, `uri`,
//! `uri-reference`, `uri-template`, `iri`, `iri-reference`, `uuid`, `json-pointer`,
//! `relative-json-pointer`, `regex`, OpenAPI's `byte`, and the ranges of `int32` and `int64` (see
//! `lower`). Every other name is a note to the reader and checks nothing.

use std::sync::Arc;

use jsonschema::{Retrieve, ValidationOptions};

use crate::instance::SpanJson;

/// Names that are checked.
pub const CHECKED: &[&str] = &[
    "byte",
    "date",
    "date-time",
    "duration",
    "email",
    "hostname",
    "int32",
    "int64",
    "ipv4",
    "ipv6",
    "iri",
    "iri-reference",
    "json-pointer",
    "regex",
    "relative-json-pointer",
    "time",
    "uri",
    "uri-reference",
    "uri-template",
    "uuid",
];

/// Names that are known notes: of OpenAPI's format registry and of JSON Schema, and `idn-…`, whose
/// tables are not carried.
pub const NOTES: &[&str] = &[
    "base64url",
    "binary",
    "char",
    "commonmark",
    "decimal",
    "decimal128",
    "double",
    "double-int",
    "float",
    "html",
    "http-date",
    "idn-email",
    "idn-hostname",
    "int16",
    "int8",
    "media-range",
    "password",
    "sf-binary",
    "sf-boolean",
    "sf-decimal",
    "sf-integer",
    "sf-string",
    "sf-token",
    "uint16",
    "uint32",
    "uint64",
    "uint8",
    "unixtime",
];

type Options = ValidationOptions<'static, Arc<dyn Retrieve>, SpanJson>;

/// Adds the checks the validator does not bring.
pub(crate) fn register(options: Options) -> Options {
    options.with_format("byte", is_base64)
}

/// Base64 with either alphabet, padding at the end only; line breaks may be in it.
fn is_base64(text: &str) -> bool {
    let digits = text.bytes().filter(|byte| !byte.is_ascii_whitespace());
    let padding =
        text.bytes().rev().filter(|byte| !byte.is_ascii_whitespace()).take_while(|byte| *byte == b'=');
    let (count, padding) = (digits.clone().count(), padding.count());
    let good =
        digits.take(count - padding).all(|byte| byte.is_ascii_alphanumeric() || b"+/-_".contains(&byte));
    good && padding <= 2 && (padding == 0 || count % 4 == 0) && (count - padding) % 4 != 1
}
