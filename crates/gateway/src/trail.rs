//! What is known of a request when it ends.

use std::sync::Arc;

use serde_json::{Value, json};
use tenon_policies::Refusal;
use tenon_policies::rate::RateLeft;
use tenon_storage::AuditEntry;

use crate::call::Call;
use crate::plan::operation::OperationPlan;

/// What became known of a request on its way, told in logs, metrics and the audit.
#[derive(Debug, Default)]
pub(crate) struct Trail {
    /// The operation's id.
    pub(crate) operation: String,
    /// Which one of the plan it is.
    pub(crate) matched: Option<usize>,
    pub(crate) actor: Option<Arc<str>>,
    pub(crate) tenant: String,
    pub(crate) left: Option<RateLeft>,
    /// What a policy in shadow would have refused: policy, code.
    pub(crate) shadowed: Vec<(&'static str, String)>,
    /// The code of the refusal.
    pub(crate) code: Option<String>,
    pub(crate) replayed: bool,
    /// Consents that were asked for: the scope, and what it rests on.
    pub(crate) consents: Vec<(String, &'static str)>,
}

impl Trail {
    /// Goes on with the proof of a decision, or with a waiver where the policy is in shadow.
    pub(crate) fn settle<P>(
        &mut self,
        operation: &OperationPlan,
        policy: &'static str,
        decision: Result<P, Refusal>,
        waive: impl FnOnce(&tenon_policies::Waiver) -> P,
    ) -> Result<P, Refusal> {
        let settled = operation.shadow.of(policy).settle(decision, waive)?;
        if let Some(refusal) = settled.shadowed {
            let told = operation.contract.catalogue.tell(&operation.refusals, &refusal);
            tracing::warn!(operation = operation.id, policy, code = told.code, "would have been refused");
            self.shadowed.push((policy, told.code));
        }
        Ok(settled.proof)
    }

    /// A trail of the gateway's own surface.
    pub(crate) fn of(operation: &str, actor: String, tenant: &str) -> Self {
        Self {
            operation: operation.to_owned(),
            actor: Some(actor.into()),
            tenant: tenant.to_owned(),
            ..Self::default()
        }
    }

    pub(crate) fn audit(&self, call: &Call, outcome: &str) -> AuditEntry {
        let mut detail = serde_json::Map::new();
        if !self.consents.is_empty() {
            let checks = self.consents.iter().map(|(scope, basis)| json!({ "scope": scope, "basis": basis }));
            detail.insert("consent".to_owned(), checks.collect());
        }
        if !self.shadowed.is_empty() {
            let shadowed =
                self.shadowed.iter().map(|(policy, code)| json!({ "policy": policy, "code": code }));
            detail.insert("shadowed".to_owned(), shadowed.collect());
        }
        AuditEntry {
            at_ms: call.received_ms,
            tenant: self.tenant.clone(),
            actor: self.actor.as_deref().unwrap_or("anonymous").to_owned(),
            operation: self.operation.clone(),
            outcome: outcome.to_owned(),
            code: self.code.clone(),
            correlation_id: call.correlation_id.clone(),
            detail: (!detail.is_empty()).then(|| Value::Object(detail).to_string()),
        }
    }
}
