//! What the engine in memory holds.

use std::collections::BTreeMap;

use crate::{
    AuditLink, ConsentChange, Delivery, DeliveryState, DueQuery, Heads, IdempotencyKey, IdempotencyRecord,
};
use crate::{NewEntry, NewEvent, PruneUntil, Pruned, Record, StoredEvent, Subscription, UsageEvent};

/// Tenant and collection.
pub(super) type Space = (String, String);

/// Tenant, collection and id, or natural key.
pub(super) type Place = (String, String, String);

#[derive(Debug, Clone)]
pub(super) struct Stored {
    pub(super) record: Record,
    pub(super) natural_key: Option<String>,
    pub(super) index: BTreeMap<String, String>,
}

#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) delivery: Delivery,
    pub(super) changed_ms: i64,
}

#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) records: BTreeMap<Place, Stored>,
    pub(super) natural_keys: BTreeMap<Place, String>,
    pub(super) sequences: BTreeMap<Space, u64>,
    pub(super) keys: BTreeMap<IdempotencyKey, IdempotencyRecord>,
    pub(super) consents: Vec<ConsentChange>,
    pub(super) subscriptions: BTreeMap<(String, String), Subscription>,
    /// By tenant, dimension, moment and id, which an event that comes again has in common.
    pub(super) usage: BTreeMap<(String, String, i64, String), UsageEvent>,
    pub(super) audit: Vec<AuditLink>,
    pub(super) events: BTreeMap<u64, NewEvent>,
    pub(super) last_event: u64,
    pub(super) deliveries: BTreeMap<u64, Row>,
    pub(super) last_delivery: u64,
    pub(super) streams: BTreeMap<Space, Stream>,
}

#[derive(Debug, Default)]
pub(super) struct Stream {
    pub(super) entries: BTreeMap<u64, NewEntry>,
    pub(super) last: u64,
    /// When it last grew.
    pub(super) last_ms: i64,
}

impl State {
    pub(super) fn heads(&self) -> Heads {
        let last = self.audit.last();
        Heads {
            last_event: self.last_event,
            audit_seq: last.map_or(0, |link| link.seq),
            audit_hash: last.map_or_else(|| AuditLink::FIRST_PREVIOUS.to_owned(), |link| link.hash.clone()),
        }
    }

    pub(super) fn due(&self, query: &DueQuery) -> Vec<Delivery> {
        let mut due: Vec<&Delivery> = self
            .deliveries
            .values()
            .map(|row| &row.delivery)
            .filter(|delivery| delivery.state == DeliveryState::Pending && delivery.next_ms <= query.now_ms)
            .collect();
        due.sort_by_key(|delivery| (delivery.next_ms, delivery.id));
        let mut taken: BTreeMap<(&str, &str), u32> = BTreeMap::new();
        due.retain(|delivery| {
            let count = taken.entry((&delivery.tenant, &delivery.subscription)).or_default();
            *count += 1;
            *count <= query.per_subscription
                && !query.except.contains(&(delivery.tenant.clone(), delivery.subscription.clone()))
        });
        due.into_iter().take(query.limit as usize).cloned().collect()
    }

    pub(super) fn prune(&mut self, until: &PruneUntil) -> Pruned {
        let limit = until.limit as usize;
        let mut keys: Vec<(i64, IdempotencyKey)> = self
            .keys
            .iter()
            .filter(|(_, record)| record.expires_ms <= until.keys_ms)
            .map(|(key, record)| (record.expires_ms, key.clone()))
            .collect();
        keys.sort();
        keys.truncate(limit);
        for (_, key) in &keys {
            self.keys.remove(key);
        }
        let deliveries: Vec<u64> = self
            .deliveries
            .values()
            .filter(|row| match row.delivery.state {
                DeliveryState::Pending => false,
                DeliveryState::Delivered => row.changed_ms <= until.delivered_ms,
                DeliveryState::Dead => row.changed_ms <= until.dead_ms,
            })
            .map(|row| row.delivery.id)
            .take(limit)
            .collect();
        for id in &deliveries {
            self.deliveries.remove(id);
        }
        // Deliveries are numbered in the order of their events, so the first one needs the oldest.
        let needed = self.deliveries.values().next().map_or(u64::MAX, |row| row.delivery.event.seq);
        let events: Vec<u64> = self
            .events
            .range(..needed)
            .take_while(|(_, event)| event.at_ms <= until.events_ms)
            .map(|(seq, _)| *seq)
            .take(limit)
            .collect();
        for seq in &events {
            self.events.remove(seq);
        }
        let count = |rows: usize| u64::try_from(rows).unwrap_or(u64::MAX);
        Pruned {
            keys: count(keys.len()),
            deliveries: count(deliveries.len()),
            events: count(events.len()),
            entries: self.prune_streams(until),
        }
    }

    pub(super) fn add_event(&mut self, event: &NewEvent) {
        self.last_event += 1;
        let stored = StoredEvent { seq: self.last_event, event: event.clone() };
        for subscription in self.subscriptions.values().filter(|one| one.wants(event)) {
            self.last_delivery += 1;
            let delivery = Delivery {
                id: self.last_delivery,
                subscription: subscription.id.clone(),
                tenant: event.tenant.clone(),
                event: stored.clone(),
                attempts: 0,
                state: DeliveryState::Pending,
                next_ms: event.at_ms,
                last: None,
            };
            self.deliveries.insert(delivery.id, Row { delivery, changed_ms: event.at_ms });
        }
        self.events.insert(stored.seq, stored.event);
    }

    /// Of the streams that have been quiet longest, then in the order of their entries.
    fn prune_streams(&mut self, until: &PruneUntil) -> u64 {
        let mut left = until.limit as usize;
        let mut removed = 0;
        let mut quiet: Vec<&mut Stream> = self
            .streams
            .values_mut()
            .filter(|stream| !stream.entries.is_empty() && stream.last_ms <= until.streams_ms)
            .collect();
        quiet.sort_by_key(|stream| stream.last_ms);
        for stream in quiet {
            while left > 0 && stream.entries.pop_first().is_some() {
                left -= 1;
                removed += 1;
            }
        }
        removed
    }
}
