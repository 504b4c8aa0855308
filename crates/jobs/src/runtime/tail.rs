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
    /// Grows whenever there may be something to read.
    changed: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct Recent {
    events: VecDeque<JobEvent>,
    bytes: usize,
}

impl Tail {
    pub(super) fn new() -> Self {
        Self { recent: Mutex::default(), changed: watch::channel(0).0 }
    }

    pub(super) fn watch(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// Whether somebody follows.
    pub(super) fn is_followed(&self) -> bool {
        self.changed.receiver_count() > 0
    }

    /// Tells that there may be something new.
    pub(super) fn wake(&self) {
        self.changed.send_modify(|count| *count += 1);
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
        self.wake();
    }

    /// Events right after a number; nothing where the next one is not here.
    pub(super) fn after(&self, seq: u64, limit: usize) -> Vec<JobEvent> {
        let recent = self.recent.lock();
        let Some(first) = recent.events.front().map(|event| event.seq) else { return Vec::new() };
        let Some(skip) = (seq + 1).checked_sub(first) else { return Vec::new() };
        let skip = usize::try_from(skip).unwrap_or(usize::MAX);
        recent.events.iter().skip(skip).take(limit).cloned().collect()
    }
}
