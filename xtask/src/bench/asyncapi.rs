//! Writes AsyncAPI documents of any size, always the same bytes for the same size.

use std::fmt::Write as _;

const HEAD: &str = r#"{
"asyncapi": "3.0.0",
"info": {"title": "Generated", "version": "1.0.0", "description": "Generated for a benchmark.",
 "contact": {"name": "Bench", "url": "https://bench.test", "email": "bench@bench.test"},
 "license": {"name": "MIT", "url": "https://opensource.org/license/mit"}, "tags": [{"name": "a", "description": "A"}]},
"defaultContentType": "application/json",
"servers": {"broker": {"host": "broker.test:9092", "protocol": "kafka"}},
"#;

/// A document of at least `bytes_min` bytes, and at most one channel more: for each channel an
/// address with a parameter, a message with headers, an example and a trait, two schemas of which
/// one refers to the other and to one of the channel before it, and an operation.
pub fn document(bytes_min: usize) -> String {
    let (mut channels, mut operations) = (String::new(), String::new());
    let (mut messages, mut schemas) = (String::new(), String::new());
    let mut number = 0_usize;
    while HEAD.len() + channels.len() + operations.len() + messages.len() + schemas.len() < bytes_min {
        let comma = if number == 0 { "" } else { ",\n" };
        let before = number.saturating_sub(1);
        // Writing to a string cannot fail.
        let _ = write!(channels, "{comma}{}", channel(number));
        let _ = write!(operations, "{comma}{}", operation(number));
        let _ = write!(messages, "{comma}{}", message(number));
        let _ = write!(schemas, "{comma}{}", schema(number, before));
        number += 1;
    }
    format!(
        "{HEAD}\"channels\": {{{channels}}},\n\"operations\": {{{operations}}},\n\"components\": {{\n\
         \"messageTraits\": {{\"common\": {{\"headers\": {{\"type\": \"object\", \"required\": [\"event_id\"], \
         \"properties\": {{\"event_id\": {{\"type\": \"string\", \"format\": \"uuid\"}}}}}}}}}},\n\
         \"messages\": {{{messages}}},\n\"schemas\": {{{schemas}}}\n}}\n}}\n"
    )
}

fn channel(number: usize) -> String {
    format!(
        r##""events{number}": {{"address": "tenants/{{tenantId}}/events{number}", "description": "Events of kind {number}.",
 "servers": [{{"$ref": "#/servers/broker"}}],
 "parameters": {{"tenantId": {{"description": "Whose events they are."}}}},
 "messages": {{"changed": {{"$ref": "#/components/messages/changed{number}"}}}},
 "bindings": {{"kafka": {{"topic": "events{number}", "partitions": 12}}}}}}"##
    )
}

fn operation(number: usize) -> String {
    format!(
        r##""announce{number}": {{"action": "send", "description": "Announces a change of kind {number}.",
 "channel": {{"$ref": "#/channels/events{number}"}},
 "messages": [{{"$ref": "#/channels/events{number}/messages/changed"}}]}}"##
    )
}

fn message(number: usize) -> String {
    format!(
        r##""changed{number}": {{"name": "thing{number}.changed", "title": "Thing {number} changed",
 "traits": [{{"$ref": "#/components/messageTraits/common"}}],
 "correlationId": {{"location": "$message.header#/event_id"}},
 "payload": {{"$ref": "#/components/schemas/Thing{number}"}},
 "examples": [{{"payload": {{"id": "5f0c", "state": "open", "amount": 3, "changed_at": "2026-01-01T00:00:00Z"}}}}]}}"##
    )
}

fn schema(number: usize, before: usize) -> String {
    format!(
        r##""Thing{number}": {{"type": "object", "required": ["id", "state", "changed_at"], "additionalProperties": false,
 "properties": {{
  "id": {{"type": "string", "minLength": 1, "maxLength": 64, "description": "What it is."}},
  "state": {{"type": "string", "enum": ["open", "closed", "gone"]}},
  "amount": {{"type": "integer", "minimum": 0, "maximum": 1000000, "default": 0}},
  "changed_at": {{"type": "string", "format": "date-time"}},
  "before": {{"$ref": "#/components/schemas/Part{before}"}},
  "parts": {{"type": "array", "items": {{"$ref": "#/components/schemas/Part{number}"}}}}}}}},
"Part{number}": {{"oneOf": [
  {{"type": "object", "required": ["kind"], "properties": {{"kind": {{"const": "a"}}, "size": {{"type": "number"}}}}}},
  {{"type": "object", "required": ["kind"], "properties": {{"kind": {{"const": "b"}}, "colour": {{"type": "string"}}}}}}]}}"##
    )
}

#[cfg(test)]
mod tests {
    use super::document;

    #[test]
    fn a_document_is_json_as_large_as_asked_and_always_the_same() {
        let text = document(50_000);
        assert!(text.len() >= 50_000 && text.len() < 60_000, "{} bytes", text.len());
        assert_eq!(text, document(50_000));
        let value: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        assert!(value["channels"].as_object().expect("channels").len() > 5);
    }
}
