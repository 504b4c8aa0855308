//! Whether an event may be published: its payload is held to its schema and its minimum fields,
//! before anything is committed.

use std::sync::Arc;

use serde_json::Value;
use tenon_graph::{Dialect, Event, Graph};
use tenon_policies::{Condition, Refusal};
use tenon_schemas::{Direction, Key, Validators};
use tenon_source::{At, parse_json};

/// Failures told of one payload, a count.
const DETAILS_MAX: usize = 20;

/// What a contract demands of the payload of an event. Made once, at start.
#[derive(Debug, Clone)]
pub struct PayloadRule {
    kind: String,
    schema: Option<Key>,
    minimum_fields: Vec<String>,
}

impl PayloadRule {
    /// What a contract demands.
    #[must_use]
    pub fn of(graph: &Graph, event: &Event) -> Self {
        let schema = event.payload_schema.as_ref().and_then(|schema| schema.as_ref().ok());
        let key =
            |at: &At| Key { at: *at, dialect: dialect(graph, event, *at), direction: Direction::Response };
        Self {
            kind: event.name.text.clone(),
            schema: schema.map(key),
            minimum_fields: event.minimum_fields.iter().map(|field| field.text.clone()).collect(),
        }
    }

    /// Checks a payload (S0-101).
    ///
    /// # Errors
    /// `event_invalid` where a minimum field is missing, or the schema is not met.
    pub fn check(&self, validators: &Validators<'_>, payload: &Value) -> Result<(), Refusal> {
        let mut refusal = Refusal::new(Condition::EventInvalid);
        for field in self.minimum_fields.iter().filter(|field| !has(payload, field)) {
            let reason = format!("is missing; every `{}` has it", self.kind);
            refusal = refusal.with_detail(format!("payload.{field}"), reason);
        }
        if let Some(key) = self.schema.filter(|key| !validators.accepts_value(*key, payload)) {
            let (tree, _) = parse_json(Arc::new(payload.to_string()));
            for failure in validators.failures_of(key, tree.root()).iter().take(DETAILS_MAX) {
                refusal = refusal.with_detail("payload", failure.message_below(tree.root()));
            }
        }
        match refusal.details.is_empty() {
            true => Ok(()),
            false => Err(refusal.with_message(format!("The event `{}` is not valid.", self.kind))),
        }
    }
}

/// Whether a field is there, by its name or its path with dots.
fn has(payload: &Value, path: &str) -> bool {
    let below = path.split('.').try_fold(payload, |node, name| node.get(name));
    payload.get(path).is_some() || below.is_some()
}

/// The dialect a payload schema is written in: what its document says, 2020-12 elsewhere.
fn dialect(graph: &Graph, event: &Event, schema: At) -> Dialect {
    let api = graph.async_apis.iter().find(|api| api.file == event.file);
    let message = api.and_then(|api| api.message(event.at));
    let of_message = message.and_then(|message| message.payload.as_ref()?.format.dialect());
    of_message
        .or_else(|| graph.schemas.iter().find(|one| one.at == schema).map(|one| one.dialect))
        .unwrap_or(Dialect::Draft202012)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONTRACT: &str = r#"{
        "version": 1,
        "id": "events-v1",
        "event_types": [
            {"type": "cycle.failed", "payload_schema": "CycleFailed.schema.json",
             "minimum_payload_fields": ["cycle_id", "reason_code"]}
        ]
    }"#;

    const SCHEMA: &str = r#"{
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://example.com/CycleFailed.schema.json",
        "title": "CycleFailed",
        "type": "object",
        "required": ["cycle_id"],
        "properties": {"cycle_id": {"type": "string"}, "reason_code": {"type": "string"}}
    }"#;

    fn check(payload: &str) -> Result<(), Refusal> {
        let files = [("manifest.v1.json", CONTRACT), ("schemas/CycleFailed.schema.json", SCHEMA)];
        let mut memory = tenon_testkit::MemoryFiles::default();
        for (path, text) in files {
            memory.0.insert(path.to_owned(), text.as_bytes().to_vec());
        }
        let (graph, _) = tenon_testkit::graph_of(&memory);
        let event = graph.events.iter().find(|event| event.name.text == "cycle.failed").expect("the event");
        let (rule, validators) = (PayloadRule::of(&graph, event), Validators::new(&graph));
        rule.check(&validators, &serde_json::from_str(payload).unwrap())
    }

    /// S0-101: a payload missing a minimum field is rejected at publish time.
    #[test]
    fn a_minimum_field_that_is_missing_is_refused() {
        assert_eq!(check(r#"{"cycle_id": "c1", "reason_code": "deposit_timeout"}"#), Ok(()));
        let refusal = check(r#"{"cycle_id": "c1"}"#).unwrap_err();
        assert_eq!(refusal.condition, Condition::EventInvalid);
        assert_eq!(refusal.details.len(), 1);
        assert_eq!(refusal.details[0].field, "payload.reason_code");
    }

    #[test]
    fn a_schema_that_is_not_met_is_refused() {
        let refusal = check(r#"{"cycle_id": 5, "reason_code": "x"}"#).unwrap_err();
        assert_eq!(refusal.details[0].reason, "`cycle_id` should be a string, not 5");
        assert!(check("[]").is_err());
    }
}
