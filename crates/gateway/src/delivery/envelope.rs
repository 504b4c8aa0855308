//! The envelope of an event as it leaves: a CloudEvent 1.0 in structured JSON.
//!
//! Two vocabularies must hold. Contracts promise an envelope with `event_id`, `type`,
//! `occurred_at`, `correlation_id`, `actor` and `payload` (S0-67, A000-12). CloudEvents allows
//! only lower-case letters and digits in names of attributes, so these cannot stand beside `id`
//! and `time`: they are its `data`. A reader of CloudEvents sees `id`, `type`, `time` and
//! `correlationid`; a reader of the contract looks into `data`. The same facts, never two.
//!
//! The bytes are canonical: members sorted, no blanks (RFC 8785), save that integers keep all
//! their digits: a payload must not change on its way. The same facts are the same bytes.

use serde_json::{Map, Number, Value};
use tenon_graph::canonical_json;

/// The media type of an envelope.
pub const CONTENT_TYPE: &str = "application/cloudevents+json";

/// Who caused an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Actor<'a> {
    /// What it is: `user`, `partner`, `agent`, `service`.
    pub kind: &'a str,
    /// Which one.
    pub id: &'a str,
}

/// What an envelope says.
#[derive(Debug, Clone, Copy)]
pub struct Envelope<'a> {
    /// Tells a repeated delivery from a new event.
    pub id: &'a str,
    /// Where it arose: the name of the contract, or any other URI reference.
    pub source: &'a str,
    /// Its type, such as `lead.created`.
    pub kind: &'a str,
    /// Whose it is; empty where there are no tenants.
    pub tenant: &'a str,
    /// What it is about, such as the id of a record.
    pub subject: Option<&'a str>,
    /// When it happened, in milliseconds since 1970.
    pub occurred_ms: i64,
    /// The correlation id of the call that caused it.
    pub correlation_id: &'a str,
    /// Who caused it.
    pub actor: Actor<'a>,
    /// What happened.
    pub payload: &'a Value,
}

impl Envelope<'_> {
    /// The envelope as it is kept, signed and sent.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let at = time_text(self.occurred_ms);
        let mut out = Vec::with_capacity(512);
        let mut members = Members::begin(&mut out);
        members.text_if_any("correlationid", self.correlation_id);
        members.name("data");
        self.write_data(members.out, &at);
        members.text("datacontenttype", "application/json");
        members.text("id", self.id);
        members.text("source", self.source);
        members.text("specversion", "1.0");
        members.text_if_any("subject", self.subject.unwrap_or_default());
        members.text_if_any("tenant", self.tenant);
        members.text("time", &at);
        members.text("type", self.kind);
        members.end();
        out
    }

    fn write_data(&self, out: &mut Vec<u8>, at: &str) {
        let mut members = Members::begin(out);
        members.name("actor");
        let mut actor = Members::begin(members.out);
        actor.text("id", self.actor.id);
        actor.text("type", self.actor.kind);
        actor.end();
        members.text("correlation_id", self.correlation_id);
        members.text("event_id", self.id);
        members.text("occurred_at", at);
        members.name("payload");
        write_value(members.out, self.payload);
        members.text("type", self.kind);
        members.end();
    }
}

/// An object that is being written; its members must come sorted.
struct Members<'o> {
    out: &'o mut Vec<u8>,
    is_first: bool,
}

impl<'o> Members<'o> {
    fn begin(out: &'o mut Vec<u8>) -> Self {
        out.push(b'{');
        Self { out, is_first: true }
    }

    fn name(&mut self, name: &str) {
        if !self.is_first {
            self.out.push(b',');
        }
        self.is_first = false;
        write_text(self.out, name);
        self.out.push(b':');
    }

    fn text(&mut self, name: &str, value: &str) {
        self.name(name);
        write_text(self.out, value);
    }

    /// Attributes of CloudEvents are never empty: one that is would be left out.
    fn text_if_any(&mut self, name: &str, value: &str) {
        if !value.is_empty() {
            self.text(name, value);
        }
    }

    fn end(self) {
        self.out.push(b'}');
    }
}

fn write_value(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Object(members) => write_object(out, members),
        Value::Array(items) => {
            out.push(b'[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                write_value(out, item);
            }
            out.push(b']');
        }
        Value::Number(number) => write_number(out, number),
        Value::String(text) => write_text(out, text),
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(true) => out.extend_from_slice(b"true"),
        Value::Bool(false) => out.extend_from_slice(b"false"),
    }
}

fn write_object(out: &mut Vec<u8>, members: &Map<String, Value>) {
    let mut sorted: Vec<(&String, &Value)> = members.iter().collect();
    match sorted.iter().all(|(name, _)| name.is_ascii()) {
        true => sorted.sort_unstable_by_key(|(name, _)| *name),
        false => sorted.sort_by(|(one, _), (other, _)| one.encode_utf16().cmp(other.encode_utf16())),
    }
    let mut object = Members::begin(out);
    for (name, value) in sorted {
        object.name(name);
        write_value(object.out, value);
    }
    object.end();
}

fn write_number(out: &mut Vec<u8>, number: &Number) {
    match number.is_i64() || number.is_u64() {
        true => out.extend(number.to_string().bytes()),
        false => out.extend(canonical_json(&Value::Number(number.clone()))),
    }
}

fn write_text(out: &mut Vec<u8>, text: &str) {
    tenon_graph::write_canonical_text(out, text);
}

/// A moment as RFC 3339 text, in UTC, with milliseconds.
#[must_use]
pub fn time_text(at_ms: i64) -> String {
    let at = jiff::Timestamp::from_millisecond(at_ms).unwrap_or_default();
    format!("{at:.3}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn envelope(payload: &Value) -> Envelope<'_> {
        Envelope {
            id: "0199-1",
            source: "swap",
            kind: "cycle.failed",
            tenant: "acme",
            subject: Some("cycle_1"),
            occurred_ms: 1_771_200_000_123,
            correlation_id: "corr_1",
            actor: Actor { kind: "partner", id: "p1" },
            payload,
        }
    }

    /// S0-67, S0-100, A000-12: what contracts promise of the envelope, and CloudEvents 1.0.
    #[test]
    fn both_vocabularies_hold() {
        let payload = json!({"cycle_id": "cycle_1", "reason_code": "deposit_timeout"});
        let bytes = envelope(&payload).to_bytes();
        let read: Value = serde_json::from_slice(&bytes).unwrap();
        let expected = json!({
            "specversion": "1.0", "id": "0199-1", "source": "swap", "type": "cycle.failed",
            "subject": "cycle_1", "time": "2026-02-16T00:00:00.123Z", "tenant": "acme",
            "datacontenttype": "application/json", "correlationid": "corr_1",
            "data": {
                "event_id": "0199-1", "type": "cycle.failed", "occurred_at": "2026-02-16T00:00:00.123Z",
                "correlation_id": "corr_1", "actor": {"type": "partner", "id": "p1"},
                "payload": {"cycle_id": "cycle_1", "reason_code": "deposit_timeout"},
            },
        });
        assert_eq!(read, expected);
        let is_attribute =
            |name: &String| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        assert!(read.as_object().unwrap().keys().all(is_attribute), "{read}");
    }

    /// A000-12: deterministic is canonical JSON for the same input and clock.
    #[test]
    fn the_same_facts_are_the_same_bytes() {
        let one = json!({"b": [1, {"y": null, "x": 1.50}], "a": "\u{1}é"});
        let other: Value =
            serde_json::from_str("{\"a\":\"\\u0001é\",\"b\":[1,{\"x\":1.5,\"y\":null}]}").unwrap();
        assert_eq!(envelope(&one).to_bytes(), envelope(&other).to_bytes());
        let read: Value = serde_json::from_slice(&envelope(&one).to_bytes()).unwrap();
        assert_eq!(envelope(&one).to_bytes(), canonical_json(&read), "sorted and without blanks");
    }

    #[test]
    fn integers_keep_their_digits() {
        let payload = json!({"amount": 9_007_199_254_740_993_i64});
        let text = String::from_utf8(envelope(&payload).to_bytes()).unwrap();
        assert!(text.contains("\"amount\":9007199254740993"), "{text}");
    }

    #[test]
    fn attributes_that_would_be_empty_are_not_there() {
        let payload = json!({});
        let bytes = Envelope { tenant: "", subject: None, ..envelope(&payload) }.to_bytes();
        let read: Value = serde_json::from_slice(&bytes).unwrap();
        assert!(read.get("tenant").is_none() && read.get("subject").is_none(), "{read}");
    }
}
