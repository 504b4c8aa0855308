//! Committed events for many readers at once.
//!
//! A reader has a cursor and nothing else: it takes what comes after, a batch at a time, when it
//! has room for it. What readers at the head of the store read, they share: the first that finds
//! there is more reads it for all. A reader that is behind what is shared reads the store itself.

use std::collections::VecDeque;
use std::sync::Arc;

use bytes::Bytes;
use parking_lot::{Mutex, RwLock};
use tenon_policies::{Condition, Refusal};
use tenon_storage::{EventQuery, Found, Read, Store, StoreError, StoredEvent};
use tokio::sync::watch;

use super::limits::{BATCH_EVENTS_MAX, RECENT_BYTES_MAX, RECENT_EVENTS_MAX};

/// Which events a reader wants.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// Whose they are; every tenant's where it is `None`.
    pub tenant: Option<String>,
    /// Types wanted; all where it is empty.
    pub types: Vec<String>,
    /// Whether events that are not public are wanted too.
    pub internal: bool,
}

impl Filter {
    fn wants(&self, item: &Item) -> bool {
        (self.internal || item.public)
            && self.tenant.as_ref().is_none_or(|tenant| *tenant == item.tenant)
            && (self.types.is_empty() || self.types.contains(&item.kind))
    }
}

/// An event, ready to leave.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) seq: u64,
    tenant: String,
    kind: String,
    public: bool,
    /// The envelope, JSON.
    pub(super) envelope: Bytes,
    /// The event as a stream has it.
    pub(super) frame: Bytes,
}

impl From<StoredEvent> for Item {
    fn from(stored: StoredEvent) -> Self {
        let event = stored.event;
        let frame = super::stream::frame(stored.seq, &event.kind, &event.envelope);
        Self {
            seq: stored.seq,
            tenant: event.tenant,
            kind: event.kind,
            public: event.public,
            envelope: Bytes::from(event.envelope),
            frame,
        }
    }
}

/// Why a cursor leads nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CursorProblem {
    /// Events after it are kept no longer: going on would leave some out, silently.
    Gone {
        /// The cursor.
        after: u64,
        /// The number of the oldest event that is kept.
        oldest: u64,
    },
    /// There was never such an event: the cursor is another store's.
    Ahead {
        /// The cursor.
        after: u64,
        /// The number of the last event.
        last: u64,
    },
}

impl From<CursorProblem> for Refusal {
    fn from(problem: CursorProblem) -> Self {
        match problem {
            CursorProblem::Gone { after, oldest } => Self::new(Condition::CursorInvalid)
                .with_status(http::StatusCode::GONE.as_u16())
                .with_message(format!(
                    "Some events after {after} are kept no longer; the oldest that is kept is {oldest}. Begin \
                     again after {}, or without a cursor.",
                    oldest.saturating_sub(1)
                )),
            CursorProblem::Ahead { after, last } => Self::new(Condition::CursorInvalid).with_message(format!(
                "There is no event {after} yet; the last is {last}. Begin again without a cursor."
            )),
        }
    }
}

/// The events of a store, for its readers. One is made a store.
#[derive(Debug)]
pub struct Feed {
    store: Arc<Store>,
    head: watch::Receiver<u64>,
    recent: RwLock<Recent>,
    /// Held while the store is read for all.
    reading: Mutex<()>,
}

/// The events after one number up to another.
#[derive(Debug, Default)]
struct Recent {
    /// The number before the first.
    after: u64,
    /// The number of the last.
    until: u64,
    items: VecDeque<Arc<Item>>,
    bytes: usize,
}

/// What a reader finds.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub(super) items: Vec<Arc<Item>>,
    /// Where to go on.
    pub(super) cursor: u64,
    /// Whether there is nothing more for now.
    pub(super) is_last: bool,
}

impl Feed {
    /// The feed of a store.
    #[must_use]
    pub fn new(store: Arc<Store>) -> Self {
        let head = store.events();
        Self { store, head, recent: RwLock::default(), reading: Mutex::new(()) }
    }

    /// The number of the last event.
    #[must_use]
    pub fn last(&self) -> u64 {
        *self.head.borrow()
    }

    /// Told of every new event.
    pub(super) fn watch(&self) -> watch::Receiver<u64> {
        self.head.clone()
    }

    /// Whether a cursor leads somewhere. 0 always does: it is before whatever is kept.
    ///
    /// # Errors
    /// [`CursorProblem`] where events after it are gone, or it is ahead of the store.
    pub(super) fn check(&self, after: u64) -> Result<Result<(), CursorProblem>, StoreError> {
        let last = self.last();
        if after > last {
            return Ok(Err(CursorProblem::Ahead { after, last }));
        }
        if after == 0 || after == last {
            return Ok(Ok(()));
        }
        let query = EventQuery { limit: 1, ..EventQuery::default() };
        let oldest = self.read(query)?.first().map_or(last.saturating_add(1), |event| event.seq);
        Ok(if after.saturating_add(1) < oldest { Err(CursorProblem::Gone { after, oldest }) } else { Ok(()) })
    }

    /// What comes after a cursor: at most so many items.
    pub(super) fn after(&self, cursor: u64, filter: &Filter, limit: usize) -> Result<Batch, StoreError> {
        if cursor >= self.last() {
            return Ok(Batch { items: Vec::new(), cursor, is_last: true });
        }
        if let Some(batch) = self.recent.read().after(cursor, filter, limit) {
            return Ok(batch);
        }
        if cursor >= self.recent.read().until {
            self.read_for_all(cursor)?;
            if let Some(batch) = self.recent.read().after(cursor, filter, limit) {
                return Ok(batch);
            }
        }
        self.read_alone(cursor, filter, limit)
    }

    /// Reads what comes after a cursor that is at the end of what is shared, or past it.
    fn read_for_all(&self, cursor: u64) -> Result<(), StoreError> {
        let _reading = self.reading.lock();
        let until = self.recent.read().until;
        if until > cursor {
            // Another reader was here first.
            return Ok(());
        }
        let head = self.last();
        let query = EventQuery { after: cursor, limit: BATCH_EVENTS_MAX, ..EventQuery::default() };
        let found = self.read(query)?;
        let is_all = found.len() < BATCH_EVENTS_MAX as usize;
        let items: Vec<Arc<Item>> = found.into_iter().map(|event| Arc::new(Item::from(event))).collect();
        let mut recent = self.recent.write();
        if until < cursor {
            // Nobody has read for a while: what is between is not shared.
            *recent = Recent { after: cursor, until: cursor, ..Recent::default() };
        }
        recent.add(items, if is_all { head } else { cursor });
        Ok(())
    }

    fn read_alone(&self, cursor: u64, filter: &Filter, limit: usize) -> Result<Batch, StoreError> {
        let head = self.last();
        let limit = limit.min(BATCH_EVENTS_MAX as usize);
        let query = EventQuery {
            tenant: filter.tenant.clone(),
            types: filter.types.clone(),
            after: cursor,
            limit: u32::try_from(limit).unwrap_or(BATCH_EVENTS_MAX),
        };
        let found = self.read(query)?;
        let is_all = found.len() < limit;
        let seen = found.last().map_or(cursor, |event| event.seq);
        let items = found.into_iter().map(Item::from).filter(|item| filter.wants(item)).map(Arc::new);
        let cursor = if is_all { seen.max(head) } else { seen };
        Ok(Batch { items: items.collect(), cursor, is_last: is_all })
    }

    fn read(&self, query: EventQuery) -> Result<Vec<StoredEvent>, StoreError> {
        Ok(match self.store.read(&[Read::Events(query)])?.into_iter().next() {
            Some(Found::Events(events)) => events,
            _ => Vec::new(),
        })
    }
}

impl Recent {
    /// What comes after a cursor; `None` where that is not all here.
    fn after(&self, cursor: u64, filter: &Filter, limit: usize) -> Option<Batch> {
        if cursor < self.after || cursor >= self.until {
            return None;
        }
        let first = self.items.partition_point(|item| item.seq <= cursor);
        let mut batch = Batch { items: Vec::new(), cursor: self.until, is_last: false };
        for item in self.items.range(first..) {
            if batch.items.len() >= limit {
                batch.cursor = batch.items.last().map_or(cursor, |last| last.seq);
                break;
            }
            if filter.wants(item) {
                batch.items.push(Arc::clone(item));
            }
        }
        Some(batch)
    }

    fn add(&mut self, items: Vec<Arc<Item>>, until: u64) {
        for item in items {
            self.until = item.seq;
            self.bytes += item.size();
            self.items.push_back(item);
        }
        self.until = self.until.max(until);
        while self.items.len() > RECENT_EVENTS_MAX || self.bytes > RECENT_BYTES_MAX {
            let Some(oldest) = self.items.pop_front() else { break };
            self.bytes = self.bytes.saturating_sub(oldest.size());
            self.after = oldest.seq;
        }
    }
}

impl Item {
    fn size(&self) -> usize {
        self.frame.len() + self.envelope.len() + self.kind.len() + self.tenant.len()
    }
}
