//! Descriptors of the files this program declares itself, for reflection: `grpc.health.v1`, and the
//! messages of `google.rpc` that statuses have as details.

use bytes::Bytes;

use super::wire::Writer;

/// Types of fields, as descriptors number them.
#[derive(Debug, Clone, Copy)]
pub(super) enum Type<'a> {
    Int32,
    Int64,
    Text,
    Bytes,
    /// A message, such as `.google.protobuf.Any`.
    Message(&'a str),
    /// An enum.
    Enum(&'a str),
}

/// Whether a field is a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Many {
    No,
    Yes,
}

/// A field of a message.
pub(super) fn field(name: &str, json: &str, number: u64, kind: Type<'_>, many: Many) -> Writer {
    let (kind, type_name) = match kind {
        Type::Int64 => (3, ""),
        Type::Int32 => (5, ""),
        Type::Text => (9, ""),
        Type::Message(name) => (11, name),
        Type::Bytes => (12, ""),
        Type::Enum(name) => (14, name),
    };
    let mut out = Writer::default();
    out.text(1, name).number(3, number).number(4, if many == Many::Yes { 3 } else { 1 });
    out.number(5, kind).text(6, type_name).text(10, json);
    out
}

/// A message of fields.
pub(super) fn message(name: &str, fields: &[Writer]) -> Writer {
    let mut out = Writer::default();
    out.text(1, name);
    for field in fields {
        out.message(2, field);
    }
    out
}

/// A file with what it imports.
pub(super) fn file(name: &str, package: &str, imports: &[&str], messages: &[Writer]) -> Writer {
    let mut out = Writer::default();
    out.text(1, name).text(2, package);
    for import in imports {
        out.text(3, import);
    }
    for message in messages {
        out.message(4, message);
    }
    out.text(12, "proto3");
    out
}

const STATUS: &str = "google/rpc/status.proto";
const DETAILS: &str = "google/rpc/error_details.proto";
const ANY: &str = "google/protobuf/any.proto";
const DURATION: &str = "google/protobuf/duration.proto";

/// What of [`DETAILS`] this gateway sends, and what it is made of.
const OF_DETAILS: [&str; 6] = [
    "google.rpc.ErrorInfo",
    "google.rpc.ErrorInfo.MetadataEntry",
    "google.rpc.RetryInfo",
    "google.rpc.BadRequest",
    "google.rpc.BadRequest.FieldViolation",
    "google.rpc.LocalizedMessage",
];

/// A file of the details of a status, by its name.
pub(super) fn file_named(name: &str) -> Option<Bytes> {
    let file = match name {
        STATUS => status(),
        DETAILS => details(),
        ANY => {
            let url = field("type_url", "typeUrl", 1, Type::Text, Many::No);
            let value = field("value", "value", 2, Type::Bytes, Many::No);
            file(ANY, "google.protobuf", &[], &[message("Any", &[url, value])])
        }
        DURATION => {
            let seconds = field("seconds", "seconds", 1, Type::Int64, Many::No);
            let nanos = field("nanos", "nanos", 2, Type::Int32, Many::No);
            file(DURATION, "google.protobuf", &[], &[message("Duration", &[seconds, nanos])])
        }
        _ => return None,
    };
    Some(file.finish().into())
}

/// The file that declares a message of the details of a status, or a field of it.
pub(super) fn file_of(symbol: &str) -> Option<Bytes> {
    let of = |message: &str| symbol == message || symbol.strip_prefix(message).is_some_and(is_member);
    let name = match () {
        () if of("google.rpc.Status") => STATUS,
        () if OF_DETAILS.into_iter().any(of) => DETAILS,
        () if of("google.protobuf.Any") => ANY,
        () if of("google.protobuf.Duration") => DURATION,
        () => return None,
    };
    file_named(name)
}

/// Whether a text is a dot and one name.
fn is_member(rest: &str) -> bool {
    rest.strip_prefix('.').is_some_and(|name| !name.is_empty() && !name.contains('.'))
}

fn status() -> Writer {
    let code = field("code", "code", 1, Type::Int32, Many::No);
    let text = field("message", "message", 2, Type::Text, Many::No);
    let any = Type::Message(".google.protobuf.Any");
    let details = field("details", "details", 3, any, Many::Yes);
    file(STATUS, "google.rpc", &[ANY], &[message("Status", &[code, text, details])])
}

/// The numbers are those of the public file of this name; what the gateway never sends is left out.
fn details() -> Writer {
    let text = |name: &str, number| field(name, name, number, Type::Text, Many::No);
    let entry = Type::Message(".google.rpc.ErrorInfo.MetadataEntry");
    let metadata = field("metadata", "metadata", 3, entry, Many::Yes);
    let mut info = message("ErrorInfo", &[text("reason", 1), text("domain", 2), metadata]);
    let mut pair = message("MetadataEntry", &[text("key", 1), text("value", 2)]);
    let mut is_map = Writer::default();
    is_map.number(7, 1);
    pair.message(7, &is_map);
    info.message(3, &pair);
    let duration = Type::Message(".google.protobuf.Duration");
    let retry = message("RetryInfo", &[field("retry_delay", "retryDelay", 1, duration, Many::No)]);
    let violation = Type::Message(".google.rpc.BadRequest.FieldViolation");
    let mut bad =
        message("BadRequest", &[field("field_violations", "fieldViolations", 1, violation, Many::Yes)]);
    let localized = Type::Message(".google.rpc.LocalizedMessage");
    let violation = message(
        "FieldViolation",
        &[
            text("field", 1),
            text("description", 2),
            text("reason", 3),
            field("localized_message", "localizedMessage", 4, localized, Many::No),
        ],
    );
    bad.message(3, &violation);
    let localized = message("LocalizedMessage", &[text("locale", 1), text("message", 2)]);
    file(DETAILS, "google.rpc", &[DURATION], &[info, retry, bad, localized])
}

#[cfg(test)]
mod tests {
    use super::super::wire::{Value, fields};
    use super::*;

    /// A set of descriptors is the files one after the other, each field 1.
    #[test]
    fn the_files_link() {
        let mut set = Writer::default();
        for name in [ANY, DURATION, STATUS, DETAILS] {
            let file = file_named(name).unwrap();
            let said = fields(&file).unwrap();
            assert_eq!(
                said.first().map(|(field, value)| (*field, *value)),
                Some((1, Value::Bytes(name.as_bytes())))
            );
            set.bytes(1, &file);
        }
        let messages = super::super::Messages::new(&set.finish()).unwrap();
        let json = r#"{"reason":"E_NOT_FOUND","domain":"domed.v1","metadata":{"retryable":"false"}}"#;
        let wire = messages.to_wire("google.rpc.ErrorInfo", json).unwrap();
        assert_eq!(
            messages.of_wire("google.rpc.ErrorInfo", &wire).unwrap()["metadata"]["retryable"],
            "false"
        );
        for known in
            ["google.rpc.Status", "google.rpc.RetryInfo", "google.protobuf.Any", "google.protobuf.Duration"]
        {
            assert!(messages.index(known).is_some() && file_of(known).is_some(), "{known}");
        }
        assert!(OF_DETAILS.into_iter().all(|name| messages.index(name).is_some() && file_of(name).is_some()));
    }

    #[test]
    fn symbols_are_found_by_what_they_stand_in() {
        assert!(file_of("google.rpc.ErrorInfo.reason").is_some());
        for other in ["google.rpc.ErrorInfos", "google.rpc.Help", "google.rpc", "google.rpc.Status.a.b", ""] {
            assert!(file_of(other).is_none(), "{other}");
        }
    }
}
