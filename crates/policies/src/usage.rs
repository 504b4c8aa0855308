//! What a call is metered as. See `usage.md`.

use tenon_storage::UsageEvent;

use crate::{Identity, Permit};

/// What an operation meters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageRule {
    /// What is counted.
    pub dimension: String,
    /// Whether it is charged for.
    pub billable: bool,
}

impl UsageRule {
    /// What the contract says of an operation, where it names a dimension.
    #[must_use]
    pub fn of(usage: &tenon_graph::Usage) -> Option<Self> {
        let dimension = usage.dimension.as_ref()?.text.clone();
        Some(Self { dimension, billable: usage.billable.unwrap_or_default() })
    }
}

/// What the gateway knows of the call.
#[derive(Debug, Clone, Copy)]
pub struct UsageCall<'a> {
    /// A fresh id: the same event twice counts once.
    pub id: &'a str,
    /// The operation.
    pub operation: &'a str,
    /// The correlation id.
    pub correlation_id: &'a str,
    /// Now, in milliseconds since 1970.
    pub now_ms: i64,
}

/// The usage of one call that succeeded. It takes the permit, so that neither a refusal nor a
/// replay can be metered, and it never fails: a quantity that is no count is 1 where the contract's
/// expression gives nothing usable, because usage must never change what a caller gets.
#[must_use]
pub fn event(
    rule: &UsageRule,
    permit: &Permit,
    call: UsageCall<'_>,
    quantity: Option<&serde_json::Value>,
) -> UsageEvent {
    let identity: &Identity = permit.identity();
    let quantity = quantity.map_or(Some(1), |value| {
        value.as_u64().or_else(|| value.as_f64().filter(|number| *number >= 0.0).map(|number| number as u64))
    });
    UsageEvent {
        id: call.id.to_owned(),
        tenant: permit.tenant().id().to_owned(),
        dimension: rule.dimension.clone(),
        quantity: quantity.unwrap_or(1),
        billable: rule.billable,
        operation: call.operation.to_owned(),
        actor: identity.actor().to_string(),
        correlation_id: call.correlation_id.to_owned(),
        at_ms: call.now_ms,
    }
}
