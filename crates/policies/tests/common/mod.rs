//! What several tests need.
#![allow(dead_code, reason = "each test uses a part")]

use serde_json::{Map, Value, json};
use tenon_policies::enforcement::Settled;
use tenon_policies::identity::{Credentials, IdentityRule};
use tenon_policies::{Enforcement, Identity, Refusal, identity};

/// The claims of a JSON object.
pub fn claims(value: Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

/// Somebody with these scopes, of tenant `t1`.
pub fn caller(kind: &str, id: &str, scopes: &str) -> Identity {
    let claims = claims(
        json!({ "sub": id, "actor_type": kind, "tenant_id": "t1", "scope": scopes, "act_for": { "type": "partner", "id": "p9" } }),
    );
    identity::decide(&IdentityRule::default(), Credentials::Verified(&claims), false).unwrap()
}

/// Nobody.
pub fn nobody() -> Identity {
    identity::decide(&IdentityRule::default(), Credentials::None, true).unwrap()
}

/// The name of the condition of a refusal, `ok` for none.
pub fn code<T>(decision: &Result<T, Refusal>) -> &'static str {
    match decision {
        Ok(_) => "ok",
        Err(refusal) => refusal.condition.name(),
    }
}

/// A decision in shadow mode.
pub fn shadow<P>(
    decision: Result<P, Refusal>,
    waive: impl FnOnce(&tenon_policies::Waiver) -> P,
) -> Settled<P> {
    Enforcement::Shadow.settle(decision, waive).unwrap()
}
