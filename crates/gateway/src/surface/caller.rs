//! Who asks the gateway itself, and what they may see.

use http::HeaderMap;
use tenon_policies::identity::{Identity, IdentityRule};
use tenon_policies::{Condition, Refusal};

use super::OPERATOR;
use crate::call::Call;
use crate::gateway::Gateway;

/// A caller of the gateway's own surface.
pub(super) struct Caller {
    pub(super) identity: Identity,
}

impl Caller {
    /// A caller with a scope, or an operator.
    ///
    /// # Errors
    /// As for every operation: `unauthenticated`, `token_invalid`, `scope_missing`.
    pub(super) async fn of(gateway: &Gateway, call: &Call, scope: &str) -> Result<Self, Refusal> {
        let caller = Self::anyone(gateway, call).await?;
        if caller.identity.has_scope(scope) || caller.identity.has_scope(OPERATOR) {
            return Ok(caller);
        }
        Err(Refusal::new(Condition::ScopeMissing).with_detail(scope, "is not granted"))
    }

    /// Any caller with good credentials.
    ///
    /// # Errors
    /// As for every operation.
    pub(super) async fn anyone(gateway: &Gateway, call: &Call) -> Result<Self, Refusal> {
        Self::with(gateway, &call.headers, call.received_ms).await
    }

    /// Whoever the credentials of some header fields are of.
    ///
    /// # Errors
    /// As for every operation.
    pub(super) async fn with(gateway: &Gateway, headers: &HeaderMap, now_ms: i64) -> Result<Self, Refusal> {
        let verified = gateway.authenticator().verify(headers, now_ms).await;
        let plan = gateway.plan();
        let usual = IdentityRule::default();
        let rule = plan.contract().map_or(&usual, |contract| &contract.identity);
        Ok(Self { identity: verified.identity(rule, false)? })
    }

    /// Whose data the caller sees: its tenant's; every tenant's, as an operator.
    pub(super) fn tenant(&self) -> Option<&str> {
        match self.identity.has_scope(OPERATOR) {
            true => None,
            false => Some(self.identity.tenant().unwrap_or_default()),
        }
    }
}
