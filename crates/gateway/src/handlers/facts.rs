//! What expressions of a handler see.

use serde_json::Value;
use tenon_policies::request::CheckedRequest;
use tenon_policies::{Identity, Scope};

use crate::call::Call;
use crate::plan::sees::Sees;

/// The variables of one request that are not the request itself.
#[derive(Debug)]
pub(crate) struct Facts {
    actor: Value,
    principal: Value,
    tenant: Value,
    now: Value,
    id: Value,
    correlation_id: Value,
    request_id: Value,
}

impl Facts {
    /// What no expression sees is `null`.
    pub(crate) fn new(sees: Sees, identity: &Identity, tenant: &str, id: &str, call: &Call) -> Self {
        let seen = |is_seen: bool, make: &dyn Fn() -> Value| if is_seen { make() } else { Value::Null };
        Self {
            actor: seen(sees.actor, &|| identity.actor_value()),
            principal: seen(sees.principal, &|| identity.principal_value()),
            tenant: tenant.into(),
            now: seen(sees.now, &|| rfc3339(call.received_ms).into()),
            id: id.into(),
            correlation_id: seen(sees.correlation_id, &|| call.correlation_id.as_str().into()),
            request_id: seen(sees.request_id, &|| call.request_id.as_str().into()),
        }
    }

    /// Sets the id that is counted only once it is needed.
    pub(crate) fn set_id(&mut self, id: &str) {
        self.id = id.into();
    }

    /// The id of the record this operation makes.
    pub(crate) fn id(&self) -> &str {
        self.id.as_str().unwrap_or_default()
    }

    /// Everything but records.
    pub(crate) fn scope<'a>(&'a self, request: &'a CheckedRequest) -> Scope<'a> {
        Scope::new()
            .with("request", request.body())
            .with("params", request.path())
            .with("query", request.query())
            .with("headers", request.headers())
            .with("actor", &self.actor)
            .with("principal", &self.principal)
            .with("tenant", &self.tenant)
            .with("now", &self.now)
            .with("id", &self.id)
            .with("correlation_id", &self.correlation_id)
            .with("request_id", &self.request_id)
    }
}

/// A moment as RFC 3339 writes it, in UTC, to the millisecond.
pub(crate) fn rfc3339(ms: i64) -> String {
    let moment = jiff::Timestamp::from_millisecond(ms).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    format!("{moment:.3}")
}
