//! One transaction of a group.

use std::sync::Arc;

use rusqlite::OptionalExtension as _;

use super::super::seen::Seen;
use super::super::values::{Digest, int, json, state_of_delivery, state_of_subscription};
use super::records;
use super::state::State;
use super::statements::Statements;
use super::streams;
use crate::{
    AuditEntry, AuditLink, CommitError, Expect, IdempotencyKey, IdempotencyRecord, IdempotencyState,
};
use crate::{NewEvent, Receipt, StoreError, Subscription, Transaction, conflict};

pub(super) fn write(
    statements: &mut Statements<'_>,
    state: &mut State,
    transaction: &Transaction,
) -> Result<Receipt, CommitError> {
    let mut key = Key::new(transaction, &state.seen);
    for expect in &transaction.expect {
        hold(statements, &mut key, expect, transaction.at_ms)?;
    }
    for write in &transaction.records {
        records::write(statements, state, write, transaction.at_ms)?;
    }
    write_rest(statements, state, &mut key, transaction)?;
    let streams = streams::write(statements, transaction)?;
    Ok(Receipt { last_event: state.heads.last_event, streams })
}

/// The key a transaction writes, which is nearly always the one it expects something of: its digest
/// is made once, and where it stands is looked for once, or not at all where nobody has used it.
struct Key<'t> {
    written: Option<(&'t IdempotencyKey, Digest)>,
    /// The number of the row of the written key, and when it runs out; `None` until it was looked for.
    found: Option<Option<(i64, i64)>>,
}

impl<'t> Key<'t> {
    fn new(transaction: &'t Transaction, seen: &Seen) -> Self {
        let written = transaction.idempotency.as_ref().map(|(key, _)| (key, Digest::of(key)));
        let is_new = written.as_ref().is_some_and(|(_, digest)| !seen.may_have(digest));
        Self { written, found: is_new.then_some(None) }
    }

    fn digest_of(&self, key: &IdempotencyKey) -> Digest {
        match &self.written {
            Some((known, digest)) if *known == key => *digest,
            _ => Digest::of(key),
        }
    }

    /// The number of a key's row, and when it runs out.
    fn find(
        &mut self,
        statements: &mut Statements<'_>,
        key: &IdempotencyKey,
    ) -> Result<Option<(i64, i64)>, StoreError> {
        let is_written = self.written.as_ref().is_some_and(|(written, _)| *written == key);
        if let (true, Some(found)) = (is_written, self.found) {
            return Ok(found);
        }
        let digest = self.digest_of(key);
        let place = (digest.start(), digest.bytes());
        let row = statements.find_key()?.query_row(place, |row| Ok((row.get(0)?, row.get(1)?)));
        let found = row.optional()?;
        if is_written {
            self.found = Some(found);
        }
        Ok(found)
    }
}

fn hold(
    statements: &mut Statements<'_>,
    written: &mut Key<'_>,
    expect: &Expect,
    at_ms: i64,
) -> Result<(), CommitError> {
    let (holds, what) = match expect {
        Expect::KeyUnused(key) => {
            let found = written.find(statements, key)?;
            (found.is_none_or(|(_, expires_ms)| expires_ms <= at_ms), conflict::IDEMPOTENCY_KEY)
        }
        Expect::KeyReserved { key, reservation } => {
            let digest = written.digest_of(key);
            let found = statements
                .find_reservation()?
                .query_row((digest.start(), digest.bytes()), |row| row.get::<_, Option<String>>(0));
            let holder = found.optional().map_err(StoreError::from)?.flatten();
            (holder.as_ref() == Some(reservation), conflict::IDEMPOTENCY_KEY)
        }
        Expect::Version { tenant, collection, id, version } => {
            let found =
                statements.find_version()?.query_row((tenant, collection, id), |row| row.get::<_, i64>(0));
            let found = found.optional().map_err(StoreError::from)?;
            (found.unwrap_or(0) == int(*version), conflict::RECORD)
        }
        Expect::StreamAt { tenant, stream, last } => {
            let found = statements.find_stream()?.query_row((tenant, stream), |row| row.get::<_, i64>(2));
            let found = found.optional().map_err(StoreError::from)?;
            (found.unwrap_or(0) == int(*last), conflict::STREAM)
        }
    };
    if holds { Ok(()) } else { Err(CommitError::Conflict(what)) }
}

/// Everything that cannot be refused.
fn write_rest(
    statements: &mut Statements<'_>,
    state: &mut State,
    key: &mut Key<'_>,
    transaction: &Transaction,
) -> Result<(), StoreError> {
    if let Some(released) = &transaction.release {
        let digest = key.digest_of(released);
        statements.release_key()?.execute((digest.start(), digest.bytes()))?;
        // It may be the one that is written next.
        key.found = None;
    }
    if let Some((name, record)) = &transaction.idempotency {
        let n = key.find(statements, name)?.map(|(n, _)| n);
        let digest = key.digest_of(name);
        state.seen.add(&digest);
        write_key(statements, n, digest, record)?;
    }
    for one in &transaction.consents {
        statements.add_consent()?.execute((
            &one.id,
            &one.tenant,
            &one.subject,
            &one.scope,
            one.granted,
            &one.source,
            &one.evidence,
            &one.actor,
            one.at_ms,
        ))?;
    }
    for subscription in &transaction.subscriptions {
        write_subscription(statements, state, subscription)?;
    }
    for one in &transaction.usage {
        statements.add_usage()?.execute((
            &one.id,
            &one.tenant,
            &one.dimension,
            one.quantity.cast_signed(),
            one.billable,
            &one.operation,
            &one.actor,
            &one.correlation_id,
            one.at_ms,
        ))?;
    }
    for entry in &transaction.audit {
        write_audit(statements, state, entry)?;
    }
    for one in &transaction.deliveries {
        statements.settle_delivery()?.execute((
            int(one.id),
            one.attempts,
            state_of_delivery(one.state),
            one.next_ms,
            &one.last,
            transaction.at_ms,
        ))?;
    }
    for event in &transaction.events {
        write_event(statements, state, event)?;
    }
    Ok(())
}

fn write_key(
    statements: &mut Statements<'_>,
    n: Option<i64>,
    digest: Digest,
    record: &IdempotencyRecord,
) -> Result<(), StoreError> {
    let (reservation, lease_until_ms, reply) = match &record.state {
        IdempotencyState::Reserved { reservation, lease_until_ms } => {
            (Some(reservation), Some(*lease_until_ms), None)
        }
        IdempotencyState::Settled(reply) => (None, None, Some(reply)),
    };
    let headers = reply
        .map(|reply| serde_json::to_string(&reply.headers))
        .transpose()
        .map_err(|error| StoreError::Engine(error.to_string()))?;
    let status = reply.map(|reply| reply.status);
    let body = reply.map(|reply| reply.body.as_slice());
    match n {
        Some(n) => statements.change_key()?.execute((
            n,
            &record.fingerprint,
            reservation,
            lease_until_ms,
            status,
            headers,
            body,
            record.accepted_ms,
            record.expires_ms,
        ))?,
        None => statements.add_key()?.execute((
            digest.start(),
            digest.bytes(),
            &record.fingerprint,
            reservation,
            lease_until_ms,
            status,
            headers,
            body,
            record.accepted_ms,
            record.expires_ms,
        ))?,
    };
    Ok(())
}

fn write_subscription(
    statements: &mut Statements<'_>,
    state: &mut State,
    one: &Subscription,
) -> Result<(), StoreError> {
    statements.write_subscription()?.execute((
        &one.tenant,
        &one.id,
        &one.url,
        json(&one.events)?,
        json(&one.secrets)?,
        state_of_subscription(one.state),
        one.created_ms,
    ))?;
    let of_tenant = Arc::make_mut(&mut state.subscriptions).entry(one.tenant.clone()).or_default();
    of_tenant.insert(one.id.clone(), one.clone());
    Ok(())
}

fn write_audit(
    statements: &mut Statements<'_>,
    state: &mut State,
    entry: &AuditEntry,
) -> Result<(), StoreError> {
    let (seq, hash) = (state.heads.audit_seq + 1, AuditLink::hash_after(&state.heads.audit_hash, entry));
    statements.add_audit()?.execute((
        int(seq),
        &state.heads.audit_hash,
        &hash,
        entry.at_ms,
        &entry.tenant,
        &entry.actor,
        &entry.operation,
        &entry.outcome,
        &entry.code,
        &entry.correlation_id,
        &entry.detail,
    ))?;
    state.heads.audit_seq = seq;
    state.heads.audit_hash = hash;
    Ok(())
}

fn write_event(
    statements: &mut Statements<'_>,
    state: &mut State,
    event: &NewEvent,
) -> Result<(), StoreError> {
    let seq = state.heads.last_event + 1;
    statements.add_event()?.execute((
        int(seq),
        &event.id,
        &event.tenant,
        &event.kind,
        event.envelope.as_slice(),
        event.public,
        event.at_ms,
    ))?;
    state.heads.last_event = seq;
    let Some(subscriptions) = state.subscriptions.get(&event.tenant) else { return Ok(()) };
    for subscription in subscriptions.values().filter(|one| one.wants(event)) {
        let id = state.heads.last_delivery + 1;
        let row = (int(id), &subscription.id, &event.tenant, int(seq), event.at_ms);
        statements.add_delivery()?.execute(row)?;
        state.heads.last_delivery = id;
    }
    Ok(())
}
