//! What is found in the maps.

use std::collections::BTreeMap;
use std::ops::Bound;

use super::state::{State, Stored};
use crate::{ConsentState, Delivery, DeliveryState, EventQuery, Found, ListQuery, Read, Record};
use crate::{StoredEvent, StreamEntry, StreamPage, StreamQuery, UsageEvent, UsageQuery, UsageTotal};

impl State {
    pub(super) fn find(&self, read: &Read) -> Found {
        match read {
            Read::Record { tenant, collection, id } => Found::Record(self.record(tenant, collection, id)),
            Read::NaturalKey { tenant, collection, natural_key } => {
                let place = (tenant.clone(), collection.clone(), natural_key.clone());
                let id = self.natural_keys.get(&place);
                Found::Record(id.and_then(|id| self.record(tenant, collection, id)))
            }
            Read::List(query) => Found::Records(self.list(query)),
            Read::Idempotency(key) => Found::Idempotency(self.keys.get(key).cloned()),
            Read::Consent { tenant, subject } => Found::Consent(self.consent(tenant, subject)),
            Read::Events(query) => Found::Events(self.events(query)),
            Read::Subscription { tenant, id } => {
                let place = (tenant.clone(), id.clone());
                Found::Subscriptions(self.subscriptions.get(&place).cloned().into_iter().collect())
            }
            Read::Subscriptions { tenant } => Found::Subscriptions(
                self.subscriptions
                    .values()
                    .filter(|one| tenant.as_ref().is_none_or(|tenant| *tenant == one.tenant))
                    .cloned()
                    .collect(),
            ),
            Read::Deliveries { tenant, dead, limit } => {
                Found::Deliveries(self.deliveries(tenant.as_deref(), *dead, *limit))
            }
            Read::Delivery { tenant, id } => {
                let found = self.deliveries.get(id).map(|row| &row.delivery);
                let is_theirs = |one: &&Delivery| tenant.as_ref().is_none_or(|tenant| *tenant == one.tenant);
                Found::Deliveries(found.filter(is_theirs).cloned().into_iter().collect())
            }
            Read::Usage(query) => Found::Usage(self.usage(query)),
            Read::UsageEvents { query, after, limit } => {
                let from = after.clone().map_or(Bound::Unbounded, Bound::Excluded);
                let found = self.usage.range((from, Bound::Unbounded)).map(|(_, usage)| usage);
                let found = found.filter(|usage| is_metered(query, usage)).take(*limit as usize);
                Found::UsageEvents(found.cloned().collect())
            }
            Read::Stream(query) => Found::Stream(self.stream(query)),
            Read::Audit { from, limit } => {
                let links = self.audit.iter().filter(|link| link.seq >= *from);
                Found::Audit(links.take(*limit as usize).cloned().collect())
            }
        }
    }

    fn record(&self, tenant: &str, collection: &str, id: &str) -> Option<Record> {
        let place = (tenant.to_owned(), collection.to_owned(), id.to_owned());
        self.records.get(&place).map(|stored| stored.record.clone())
    }

    fn list(&self, query: &ListQuery) -> Vec<Record> {
        let has = |stored: &Stored| {
            let is_equal = |(field, value): &(String, String)| stored.index.get(field) == Some(value);
            query.equal.iter().all(is_equal)
        };
        let place = |stored: &Stored| -> Vec<String> {
            let values = query.order.iter().map(|field| stored.index.get(field).cloned().unwrap_or_default());
            values.chain([stored.record.id.clone()]).collect()
        };
        let mut found: Vec<(Vec<String>, &Stored)> = self
            .records
            .values()
            .filter(|one| one.record.tenant == query.tenant && one.record.collection == query.collection)
            .filter(|stored| has(stored))
            .map(|stored| (place(stored), stored))
            .filter(|(place, _)| query.after.as_ref().is_none_or(|after| place > after))
            .collect();
        found.sort_by(|one, other| one.0.cmp(&other.0));
        found.into_iter().take(query.limit as usize).map(|(_, stored)| stored.record.clone()).collect()
    }

    fn consent(&self, tenant: &str, subject: &str) -> Vec<ConsentState> {
        let mut latest: BTreeMap<&str, ConsentState> = BTreeMap::new();
        for change in self.consents.iter().filter(|one| one.tenant == tenant && one.subject == subject) {
            let state = ConsentState {
                scope: change.scope.clone(),
                granted: change.granted,
                id: change.id.clone(),
                evidence: change.evidence.clone(),
                source: change.source.clone(),
                at_ms: change.at_ms,
            };
            latest.insert(&change.scope, state);
        }
        latest.into_values().collect()
    }

    fn events(&self, query: &EventQuery) -> Vec<StoredEvent> {
        self.events
            .range(query.after.saturating_add(1)..)
            .filter(|(_, event)| query.tenant.as_ref().is_none_or(|tenant| *tenant == event.tenant))
            .filter(|(_, event)| query.types.is_empty() || query.types.contains(&event.kind))
            .take(query.limit as usize)
            .map(|(seq, event)| StoredEvent { seq: *seq, event: event.clone() })
            .collect()
    }

    fn stream(&self, query: &StreamQuery) -> StreamPage {
        let place = (query.tenant.clone(), query.stream.clone());
        let Some(stream) = self.streams.get(&place) else { return StreamPage::default() };
        let entries = stream.entries.range(query.after.saturating_add(1)..).take(query.limit as usize);
        StreamPage {
            first: stream.entries.keys().next().copied().unwrap_or(stream.last + 1),
            last: stream.last,
            entries: entries
                .map(|(seq, entry)| StreamEntry { seq: *seq, at_ms: entry.at_ms, body: entry.body.clone() })
                .collect(),
        }
    }

    fn deliveries(&self, tenant: Option<&str>, dead: bool, limit: u32) -> Vec<Delivery> {
        self.deliveries
            .values()
            .rev()
            .map(|row| &row.delivery)
            .filter(|delivery| tenant.is_none_or(|tenant| tenant == delivery.tenant))
            .filter(|delivery| !dead || delivery.state == DeliveryState::Dead)
            .take(limit as usize)
            .cloned()
            .collect()
    }

    fn usage(&self, query: &UsageQuery) -> Vec<UsageTotal> {
        let mut totals: BTreeMap<(&str, &str, bool), (u64, u64)> = BTreeMap::new();
        let wanted = self.usage.values().filter(|usage| is_metered(query, usage));
        for usage in wanted {
            let total = totals.entry((&usage.tenant, &usage.dimension, usage.billable)).or_default();
            total.0 = total.0.saturating_add(usage.quantity);
            total.1 += 1;
        }
        let total =
            |((tenant, dimension, billable), (quantity, events)): ((&str, &str, bool), (u64, u64))| {
                UsageTotal {
                    tenant: tenant.to_owned(),
                    dimension: dimension.to_owned(),
                    billable,
                    quantity,
                    events,
                }
            };
        totals.into_iter().map(total).collect()
    }
}

/// Whether usage is asked for.
fn is_metered(query: &UsageQuery, usage: &UsageEvent) -> bool {
    query.tenant.as_ref().is_none_or(|tenant| *tenant == usage.tenant)
        && query.dimension.as_ref().is_none_or(|dimension| *dimension == usage.dimension)
        && (query.from_ms..query.until_ms).contains(&usage.at_ms)
}
