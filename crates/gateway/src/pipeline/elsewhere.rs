//! Operations another server does: outside our transaction, so their keys are reserved before and
//! settled after.

use tenon_policies::{Condition, Permit, Refusal};
use tenon_storage::{CommitError, Expect, Transaction};

use super::Request;
use crate::body::Sent;
use crate::handlers::facts::Facts;
use crate::handlers::proxy;
use crate::handlers::resource;
use crate::limits::LEASE_MS_EXTRA;
use crate::plan::proxy::ProxyPlan;
use crate::render;
use crate::reply::Reply;
use crate::trail::Trail;

impl Request<'_> {
    /// Reserve ▸ act ▸ settle: the other server acts outside our transaction. `None` where someone
    /// else has reserved the key meanwhile; it is never asked twice for that.
    pub(super) async fn proxied(
        &self,
        upstream: &ProxyPlan,
        permit: &Permit,
        facts: &Facts,
        sent: &mut Sent,
        trail: &mut Trail,
    ) -> Result<Option<Reply>, Refusal> {
        let (operation, call) = (self.operation, self.call);
        let key = permit.fresh().key().map(|(key, _)| key.clone());
        if let (Some(rule), Some(key)) = (&operation.idempotency, &key) {
            let asked_ms = upstream.timeout_ms.saturating_mul(u64::from(proxy::attempts(upstream)));
            let lease = i64::try_from(asked_ms.saturating_add(LEASE_MS_EXTRA)).unwrap_or(i64::MAX);
            let lease_until_ms = call.received_ms.saturating_add(lease);
            let transaction = Transaction {
                at_ms: call.received_ms,
                expect: vec![Expect::KeyUnused(key.clone())],
                idempotency: permit.fresh().reserved(
                    rule,
                    &call.request_id,
                    lease_until_ms,
                    call.received_ms,
                ),
                ..Transaction::default()
            };
            match self.gateway.store().commit(transaction).await {
                Ok(_) => {}
                Err(CommitError::Conflict(_)) => return Ok(None),
                Err(CommitError::Store(error)) => return Err(resource::store_failed(&error)),
                Err(_) => return Err(Refusal::new(Condition::Internal)),
            }
        }
        let answered = proxy::forward(self.gateway, operation, upstream, permit, call, sent.sending()).await;
        let release = |key: &Option<tenon_storage::IdempotencyKey>| Transaction {
            at_ms: call.received_ms,
            release: key.clone(),
            ..Transaction::default()
        };
        let reply = match answered {
            Ok(reply) => reply,
            Err(unanswered) => {
                // What was surely not done can be tried again under the same key.
                if key.is_some() && !unanswered.may_have_acted {
                    let _ = self.gateway.store().commit(release(&key)).await;
                }
                return Err(unanswered.refusal);
            }
        };
        let failed = reply.status.is_client_error() || reply.status.is_server_error();
        if !failed {
            self.fits(&reply, trail)?;
        }
        let mut transaction = if failed { release(&key) } else { Transaction::default() };
        transaction.at_ms = call.received_ms;
        if let (Some(rule), Some(key), false) = (&operation.idempotency, key, failed) {
            let reservation = call.request_id.clone();
            transaction.expect.push(Expect::KeyReserved { key, reservation });
            transaction.idempotency = permit.fresh().settled(rule, render::stored(&reply), call.received_ms);
        }
        if failed {
            transaction.audit.push(trail.audit(call, "failed"));
        } else {
            self.observe(permit, facts, trail, "ok", &mut transaction);
        }
        match self.commit(transaction).await {
            Ok(()) => Ok(Some(reply)),
            // The lease ran out while the other server was at it: it is told, and never asked again.
            Err(CommitError::Conflict(_)) => Err(Refusal::new(Condition::OutcomeUnknown)),
            Err(CommitError::Store(error)) => Err(resource::store_failed(&error)),
            Err(_) => Err(Refusal::new(Condition::Internal)),
        }
    }
}
