//! What no operation may cause. See `boundary.md`.

use crate::{Condition, Refusal};

/// States and events past the boundary of a contract.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BoundaryRule {
    /// States or events no operation may cause.
    pub forbidden: Vec<String>,
    /// Events that are only announced, by their owner through the publishing door.
    pub notify_only: Vec<String>,
}

impl BoundaryRule {
    /// What a contract says.
    #[must_use]
    pub fn of(boundary: &tenon_graph::Boundary) -> Self {
        let texts = |names: &[tenon_graph::Name]| names.iter().map(|name| name.text.clone()).collect();
        Self { forbidden: texts(&boundary.forbidden), notify_only: texts(&boundary.notify_only) }
    }
}

/// Who causes an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// An operation, as an effect of its own.
    Operation,
    /// Somebody who may publish, through the publishing door.
    Publisher,
}

/// That states and events lie within the boundary. Only [`decide`] makes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Within {
    _private: (),
}

/// Whether what a call would cause lies within the boundary. Everything is looked at before
/// anything is written; the refusal is a fault of the contract, so it is `internal`, except where a
/// publisher asked for it.
///
/// # Errors
/// `internal` for operations, `event_invalid` for publishers.
pub fn decide<'a>(
    rule: &BoundaryRule,
    cause: Cause,
    states: impl IntoIterator<Item = &'a str>,
    events: impl IntoIterator<Item = &'a str>,
) -> Result<Within, Refusal> {
    for state in states {
        if rule.forbidden.iter().any(|name| name == state) {
            return Err(refusal(cause, state, "is a state that no operation may set"));
        }
    }
    for event in events {
        if rule.forbidden.iter().any(|name| name == event) {
            return Err(refusal(cause, event, "is an event that nothing here may cause"));
        }
        if cause == Cause::Operation && rule.notify_only.iter().any(|name| name == event) {
            return Err(refusal(cause, event, "is an event that may only be announced, not caused"));
        }
    }
    Ok(Within { _private: () })
}

fn refusal(cause: Cause, what: &str, reason: &str) -> Refusal {
    match cause {
        Cause::Publisher => Refusal::new(Condition::EventInvalid).with_detail(what, reason),
        // What operations cause is the contract's doing: the caller cannot help it, and is not told.
        Cause::Operation => Refusal::new(Condition::Internal).with_logged(what, reason),
    }
}
