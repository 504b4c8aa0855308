//! One transaction, whole or not at all.

use super::state::{Place, State, Stored};
use crate::conflict;
use crate::{AuditLink, CommitError, Expect, IdempotencyState, Receipt, Record, RecordWrite, Transaction};

/// What a record was before it was written.
type Before = (Place, Option<Stored>);

impl State {
    pub(super) fn commit(&mut self, transaction: &Transaction) -> Result<Receipt, CommitError> {
        for expect in &transaction.expect {
            self.hold(expect, transaction.at_ms)?;
        }
        let mut before: Vec<Before> = Vec::new();
        for write in &transaction.records {
            if let Err(error) = self.write(write, transaction.at_ms, &mut before) {
                for (place, stored) in before.into_iter().rev() {
                    self.put(place, stored);
                }
                return Err(error);
            }
        }
        // Nothing from here on can be refused.
        for write in &transaction.records {
            if let Some(number) = write.sequence {
                let last =
                    self.sequences.entry((write.tenant.clone(), write.collection.clone())).or_default();
                *last = number.max(*last);
            }
        }
        self.apply(transaction);
        let streams = self.append(transaction);
        Ok(Receipt { last_event: self.last_event, streams })
    }

    /// The last number of each stream that grew.
    fn append(&mut self, transaction: &Transaction) -> Vec<u64> {
        let mut reached = Vec::with_capacity(transaction.appends.len());
        for append in &transaction.appends {
            let place = (append.tenant.clone(), append.stream.clone());
            if append.entries.is_empty() {
                reached.push(self.streams.get(&place).map_or(0, |stream| stream.last));
                continue;
            }
            let stream = self.streams.entry(place).or_default();
            for entry in &append.entries {
                stream.last += 1;
                stream.last_ms = entry.at_ms;
                stream.entries.insert(stream.last, entry.clone());
            }
            reached.push(stream.last);
        }
        for trim in &transaction.trims {
            let place = (trim.tenant.clone(), trim.stream.clone());
            if let Some(stream) = self.streams.get_mut(&place) {
                stream.entries = stream.entries.split_off(&trim.keep_from);
            }
        }
        reached
    }

    fn hold(&self, expect: &Expect, at_ms: i64) -> Result<(), CommitError> {
        let (holds, what) = match expect {
            Expect::KeyUnused(key) => {
                let is_unused = self.keys.get(key).is_none_or(|record| record.expires_ms <= at_ms);
                (is_unused, conflict::IDEMPOTENCY_KEY)
            }
            Expect::KeyReserved { key, reservation } => {
                let is_ours = self.keys.get(key).is_some_and(|record| match &record.state {
                    IdempotencyState::Reserved { reservation: found, .. } => found == reservation,
                    IdempotencyState::Settled(_) => false,
                });
                (is_ours, conflict::IDEMPOTENCY_KEY)
            }
            Expect::Version { tenant, collection, id, version } => {
                let place = (tenant.clone(), collection.clone(), id.clone());
                (self.version(&place) == *version, conflict::RECORD)
            }
            Expect::StreamAt { tenant, stream, last } => {
                let place = (tenant.clone(), stream.clone());
                (self.streams.get(&place).map_or(0, |stream| stream.last) == *last, conflict::STREAM)
            }
        };
        if holds { Ok(()) } else { Err(CommitError::Conflict(what)) }
    }

    fn version(&self, place: &Place) -> u64 {
        self.records.get(place).map_or(0, |stored| stored.record.version)
    }

    fn write(
        &mut self,
        write: &RecordWrite,
        at_ms: i64,
        before: &mut Vec<Before>,
    ) -> Result<(), CommitError> {
        let place = (write.tenant.clone(), write.collection.clone(), write.id.clone());
        let old = self.records.get(&place).cloned();
        if old.as_ref().map_or(0, |stored| stored.record.version) != write.expected_version {
            return Err(CommitError::Conflict(conflict::RECORD));
        }
        if let (Some(key), true) = (&write.natural_key, write.body.is_some()) {
            let place = (write.tenant.clone(), write.collection.clone(), key.clone());
            if self.natural_keys.get(&place).is_some_and(|holder| *holder != write.id) {
                return Err(CommitError::Conflict(conflict::NATURAL_KEY));
            }
        }
        let new = write.body.as_ref().map(|body| Stored {
            record: Record {
                tenant: write.tenant.clone(),
                collection: write.collection.clone(),
                id: write.id.clone(),
                version: write.expected_version + 1,
                body: body.clone(),
                created_ms: old.as_ref().map_or(at_ms, |stored| stored.record.created_ms),
                updated_ms: at_ms,
            },
            natural_key: write.natural_key.clone(),
            index: write.indexed().into_iter().map(|(f, v)| (f.to_owned(), v.to_owned())).collect(),
        });
        before.push((place.clone(), old));
        self.put(place, new);
        Ok(())
    }

    /// Puts a record in its place, or nothing.
    fn put(&mut self, place: Place, stored: Option<Stored>) {
        let key_place = |key: &String| (place.0.clone(), place.1.clone(), key.clone());
        if let Some(key) = self.records.get(&place).and_then(|old| old.natural_key.as_ref()) {
            self.natural_keys.remove(&key_place(key));
        }
        if let Some(key) = stored.as_ref().and_then(|new| new.natural_key.as_ref()) {
            self.natural_keys.insert(key_place(key), place.2.clone());
        }
        match stored {
            Some(stored) => self.records.insert(place, stored),
            None => self.records.remove(&place),
        };
    }

    fn apply(&mut self, transaction: &Transaction) {
        if let Some(key) = &transaction.release {
            let state = self.keys.get(key).map(|record| &record.state);
            if matches!(state, Some(IdempotencyState::Reserved { .. })) {
                self.keys.remove(key);
            }
        }
        if let Some((key, record)) = &transaction.idempotency {
            self.keys.insert(key.clone(), record.clone());
        }
        self.consents.extend(transaction.consents.iter().cloned());
        for subscription in &transaction.subscriptions {
            let place = (subscription.tenant.clone(), subscription.id.clone());
            self.subscriptions.insert(place, subscription.clone());
        }
        for usage in &transaction.usage {
            let same = (usage.tenant.clone(), usage.dimension.clone(), usage.at_ms, usage.id.clone());
            self.usage.entry(same).or_insert_with(|| usage.clone());
        }
        for entry in &transaction.audit {
            let heads = self.heads();
            self.audit.push(AuditLink::after(heads.audit_seq, &heads.audit_hash, entry.clone()));
        }
        for outcome in &transaction.deliveries {
            if let Some(row) = self.deliveries.get_mut(&outcome.id) {
                row.delivery.attempts = outcome.attempts;
                row.delivery.state = outcome.state;
                row.delivery.next_ms = outcome.next_ms;
                row.delivery.last.clone_from(&outcome.last);
                row.changed_ms = transaction.at_ms;
            }
        }
        for event in &transaction.events {
            self.add_event(event);
        }
    }
}
