//! The newest events of a job that somebody follows, so that a thousand readers read the store once.

use std::collections::VecDeque;

use parking_lot::Mutex;
use tokio::sync::watch;

use crate::JobEvent;
use crate::limits::{TAIL_BYTES_MAX, TAIL_EVENTS_MAX};

/// Shared by whoever writes a job's events and whoever follows them.
#[derive(Debug)]
pub(super) struct Tail {
    recent: Mutex<Recent>,
    /// Changes whenever there may be something to read.
    changed: watch::Sender<Told>,
}

/// How often followers were told that there may be something to read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Told {
    /// Of events that are here.
    published: u64,
    /// Of events only the store has.
    pub(super) stored: u64,
}

#[derive(Debug, Default)]
struct Recent {
    events: VecDeque<JobEvent>,
    bytes: usize,
}

impl Tail {
    pub(super) fn new() -> Self {
        Self { recent: Mutex::default(), changed: watch::channel(Told::default()).0 }
    }

    pub(super) fn watch(&self) -> watch::Receiver<Told> {
        self.changed.subscribe()
    }

    /// Whether somebody follows.
    pub(super) fn is_followed(&self) -> bool {
        self.changed.receiver_count() > 0
    }

    /// Tells that the store may have something new.
    pub(super) fn wake(&self) {
        self.changed.send_modify(|told| told.stored += 1);
    }

    /// Adds committed events, in order.
    pub(super) fn publish(&self, events: Vec<JobEvent>) {
        let mut recent = self.recent.lock();
        for event in events {
            match recent.events.back().map(|last| last.seq + 1) {
                Some(next) if event.seq < next => continue,
                // Somebody else wrote in between: what is before a gap is read from the store.
                Some(next) if event.seq > next => {
                    recent.events.clear();
                    recent.bytes = 0;
                }
                _ => {}
            }
            recent.bytes += event.payload_json.len();
            recent.events.push_back(event);
            while recent.events.len() > TAIL_EVENTS_MAX || recent.bytes > TAIL_BYTES_MAX {
                let Some(oldest) = recent.events.pop_front() else { break };
                recent.bytes = recent.bytes.saturating_sub(oldest.payload_json.len());
            }
        }
        drop(recent);
        self.changed.send_modify(|told| told.published += 1);
    }

    /// Events right after a number, none where there are none yet; `None` where the next one was here
    /// and is gone.
    pub(super) fn after(&self, seq: u64, limit: usize) -> Option<Vec<JobEvent>> {
        let recent = self.recent.lock();
        let Some(first) = recent.events.front().map(|event| event.seq) else { return Some(Vec::new()) };
        let skip = usize::try_from((seq + 1).checked_sub(first)?).unwrap_or(usize::MAX);
        Some(recent.events.iter().skip(skip).take(limit).cloned().collect())
    }
}
