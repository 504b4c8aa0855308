//! How a call ended: the trailers, with the details of `google.rpc.Status`.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::json;
use tenon_policies::{Condition, Detail, Refusal};

use super::code::Code;
use super::messages::Messages;
use super::wire::Writer;
use crate::plan::catalogue::Told;
use crate::plan::operation::OperationPlan;

/// What types of details begin with.
const TYPE_URL: &str = "type.googleapis.com/";

/// Longest text of a status, in bytes: it stands in a header field.
const MESSAGE_BYTES_MAX: usize = 4096;

/// Fields that are wrong and told, a count: all of a status stands in header fields, which clients
/// take 8 KiB of.
const VIOLATIONS_MAX: usize = 16;

/// How a call ended.
#[derive(Debug, Clone)]
pub(crate) struct Status {
    pub(crate) code: Code,
    pub(crate) message: String,
    /// `google.rpc.Status`, where there is more to tell.
    pub(crate) details: Option<Vec<u8>>,
}

impl Status {
    pub(crate) fn ok() -> Self {
        Self { code: Code::Ok, message: String::new(), details: None }
    }

    /// A status that no contract has a code for.
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), details: None }
    }

    /// A refusal as gRPC tells it: the code of the contract is the reason of an `ErrorInfo`.
    pub(crate) fn of(
        refusal: &Refusal,
        told: &Told,
        operation: Option<&OperationPlan>,
        messages: Option<&Messages>,
        correlation_id: &str,
    ) -> Self {
        let mut all = Vec::new();
        let domain = operation.map_or("tenon", |operation| operation.domain());
        all.push(("google.rpc.ErrorInfo".to_owned(), error_info(refusal, told, domain, correlation_id)));
        if let Some(seconds) = refusal.retry_after_s {
            let (mut duration, mut retry) = (Writer::default(), Writer::default());
            duration.number(1, u64::from(seconds));
            retry.message(1, &duration);
            all.push(("google.rpc.RetryInfo".to_owned(), retry.finish()));
        }
        // Fields are told as fields where the request is wrong, and as facts where it is not.
        if !refusal.details.is_empty() && told.grpc == Code::InvalidArgument {
            all.push(("google.rpc.BadRequest".to_owned(), bad_request(&refusal.details)));
        }
        if let (Some(messages), Some(rpc)) = (messages, operation.and_then(|one| one.rpc.as_ref()))
            && let Some(status) = rpc.refusal
        {
            let told = json!({
                "ok": false, "code": told.code, "message": told.message, "retryable": told.retryable,
            });
            // A condition that the contract has no code for is no value of its enum.
            if let Ok(bytes) = messages.encode(status, &told.to_string()) {
                all.push((messages.name(status).to_owned(), bytes));
            }
        }
        let mut status = Writer::default();
        status.number(1, told.grpc as u64).text(2, &told.message);
        for (name, bytes) in &all {
            let mut any = Writer::default();
            any.text(1, &format!("{TYPE_URL}{name}")).bytes(2, bytes);
            status.message(3, &any);
        }
        Self { code: told.grpc, message: told.message.clone(), details: Some(status.finish()) }
    }

    /// As trailers, or as header fields of a reply that has no message.
    pub(crate) fn write(&self, to: &mut HeaderMap) {
        to.insert(HeaderName::from_static("grpc-status"), HeaderValue::from(self.code as u16));
        if !self.message.is_empty()
            && let Ok(message) = HeaderValue::from_str(&escaped(&self.message))
        {
            to.insert(HeaderName::from_static("grpc-message"), message);
        }
        let details = self.details.as_ref().map(|details| STANDARD_NO_PAD.encode(details));
        if let Some(Ok(details)) = details.map(|details| HeaderValue::from_str(&details)) {
            to.insert(HeaderName::from_static("grpc-status-details-bin"), details);
        }
    }
}

fn error_info(refusal: &Refusal, told: &Told, domain: &str, correlation_id: &str) -> Vec<u8> {
    let mut info = Writer::default();
    info.text(1, &told.code).text(2, domain);
    let mut metadata = vec![
        ("condition", refusal.condition.name()),
        ("correlation_id", correlation_id),
        ("retryable", if told.retryable { "true" } else { "false" }),
    ];
    if told.grpc != Code::InvalidArgument {
        let facts = refusal.details.iter().take(VIOLATIONS_MAX);
        metadata.extend(facts.map(|detail| (detail.field.as_str(), detail.reason.as_str())));
    }
    for (name, value) in metadata {
        let mut entry = Writer::default();
        entry.text(1, name).text(2, value);
        info.message(3, &entry);
    }
    info.finish()
}

fn bad_request(details: &[Detail]) -> Vec<u8> {
    let mut out = Writer::default();
    for detail in details.iter().take(VIOLATIONS_MAX) {
        let mut violation = Writer::default();
        violation.text(1, &detail.field).text(2, &detail.reason);
        out.message(1, &violation);
    }
    out.finish()
}

/// Percent-encoded, as `grpc-message` is: what is not printable ASCII, and `%`.
fn escaped(message: &str) -> String {
    let mut out = String::with_capacity(message.len());
    for byte in message.bytes().take(MESSAGE_BYTES_MAX) {
        match byte {
            b' '..=b'~' if byte != b'%' => out.push(char::from(byte)),
            _ => {
                // Writing to a text cannot fail.
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

/// A call that no operation answers.
pub(crate) fn unknown_method(path: &str) -> Status {
    Status::new(Code::Unimplemented, format!("There is no method `{}`.", path.trim_start_matches('/')))
}

/// The refusal of a call that took longer than the caller would wait.
pub(crate) fn deadline() -> Refusal {
    Refusal::new(Condition::RequestTimeout).with_message("It took longer than the deadline of the call.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_escaped() {
        assert_eq!(escaped("a%b\n\u{e4}"), "a%25b%0A%C3%A4");
        let mut headers = HeaderMap::new();
        Status::new(Code::NotFound, "no").write(&mut headers);
        assert_eq!(headers.get("grpc-status").unwrap(), "5");
        assert_eq!(headers.get("grpc-message").unwrap(), "no");
    }
}
