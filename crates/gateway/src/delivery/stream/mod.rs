//! Streams of events as server-sent events.
//!
//! A stream holds a cursor and one batch; it takes the next one when the client has taken this
//! one. A client that reads slowly falls behind and costs nothing more: there is no queue.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::stream;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue};
use http_body::Frame;
use http_body_util::{BodyExt as _, StreamBody};
use tenon_policies::{Condition, Refusal};
use tokio::sync::watch;

use super::feed::{Feed, Filter};
use super::limits::{BATCH_EVENTS_MAX, FOLLOWERS_MAX, HEARTBEAT_MS, RETRY_MS};
use super::{Body, BodyError};

/// The media type of streams.
pub const MEDIA_TYPE: &str = "text/event-stream";

/// Makes streams of a feed. One is made a gateway.
#[derive(Debug, Clone)]
pub struct Streams {
    feed: Arc<Feed>,
    /// Streams now, a count.
    open: Arc<AtomicUsize>,
    stop: watch::Receiver<bool>,
    heartbeat: Duration,
}

impl Streams {
    /// Streams of a feed, which end when `stop` becomes true.
    #[must_use]
    pub fn new(feed: Arc<Feed>, stop: watch::Receiver<bool>) -> Self {
        let heartbeat = Duration::from_millis(HEARTBEAT_MS);
        Self { feed, open: Arc::default(), stop, heartbeat }
    }

    /// The same, silent for so long before a stream says that it is still there.
    #[must_use]
    pub fn with_heartbeat(self, heartbeat: Duration) -> Self {
        Self { heartbeat, ..self }
    }

    /// How many streams are open.
    #[must_use]
    pub fn open(&self) -> usize {
        self.open.load(Ordering::Relaxed)
    }

    /// A stream of what comes after a cursor; after now, where there is none.
    ///
    /// # Errors
    /// `cursor_invalid` where the cursor leads nowhere (410 where events after it are kept no
    /// longer), `overloaded` where there are too many streams, `store_unavailable`.
    pub fn follow(&self, filter: Filter, after: Option<u64>) -> Result<http::Response<Body>, Refusal> {
        let place = Place::take(&self.open)
            .ok_or_else(|| Refusal::new(Condition::Overloaded).with_message("Too many streams are open."))?;
        let cursor = match after {
            Some(after) => {
                self.feed.check(after).map_err(super::unavailable)??;
                after
            }
            None => self.feed.last(),
        };
        let follower = Follower {
            feed: Arc::clone(&self.feed),
            filter,
            cursor,
            head: self.feed.watch(),
            stop: self.stop.clone(),
            heartbeat: self.heartbeat,
            // Tells the client that it is connected, and what to come again with.
            ready: VecDeque::from([Bytes::from(format!("retry: {RETRY_MS}\nid: {cursor}\n\n"))]),
            _place: place,
        };
        let frames = stream::unfold(follower, |mut follower| async move {
            let chunk = follower.next().await?;
            Some((chunk.map(Frame::data), follower))
        });
        let mut response = http::Response::new(StreamBody::new(frames).boxed_unsync());
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        // Proxies that collect answers would keep events back.
        headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
        Ok(response)
    }
}

/// A place among the streams, given back when the stream ends.
#[derive(Debug)]
struct Place {
    open: Arc<AtomicUsize>,
}

impl Place {
    fn take(open: &Arc<AtomicUsize>) -> Option<Self> {
        // Counted first; where there are too many, dropping the place counts it back.
        let place = Self { open: Arc::clone(open) };
        (open.fetch_add(1, Ordering::Relaxed) < FOLLOWERS_MAX).then_some(place)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.open.fetch_sub(1, Ordering::Relaxed);
    }
}

struct Follower {
    feed: Arc<Feed>,
    filter: Filter,
    cursor: u64,
    head: watch::Receiver<u64>,
    stop: watch::Receiver<bool>,
    heartbeat: Duration,
    ready: VecDeque<Bytes>,
    _place: Place,
}

impl Follower {
    /// What to send next; `None` when the stream ends.
    async fn next(&mut self) -> Option<Result<Bytes, BodyError>> {
        if let Some(chunk) = self.ready.pop_front() {
            return Some(Ok(chunk));
        }
        let beat = tokio::time::Instant::now() + self.heartbeat;
        loop {
            if *self.stop.borrow() {
                return None;
            }
            // What becomes new from here on wakes us below.
            self.head.mark_unchanged();
            match self.take() {
                Ok(true) => return self.ready.pop_front().map(Ok),
                Ok(false) => {}
                Err(error) => return Some(Err(error)),
            }
            if !self.wait(beat).await? {
                return Some(Ok(Bytes::from_static(b": still here\n\n")));
            }
        }
    }

    /// Takes a batch; whether there is anything to send.
    fn take(&mut self) -> Result<bool, BodyError> {
        loop {
            let batch = self.feed.after(self.cursor, &self.filter, BATCH_EVENTS_MAX as usize)?;
            self.cursor = batch.cursor;
            self.ready.extend(batch.items.iter().map(|item| item.frame.clone()));
            if !self.ready.is_empty() || batch.is_last {
                return Ok(!self.ready.is_empty());
            }
        }
    }

    /// Waits for new events until a moment; whether there are any. `None` when the stream ends.
    async fn wait(&mut self, until: tokio::time::Instant) -> Option<bool> {
        tokio::select! {
            // A sender that is gone can tell nothing any more: the gateway ends.
            _ = self.stop.wait_for(|stop| *stop) => None,
            changed = self.head.changed() => changed.ok().map(|()| true),
            () = tokio::time::sleep_until(until) => Some(false),
        }
    }
}

/// An event as a stream has it.
pub(super) fn frame(seq: u64, kind: &str, envelope: &[u8]) -> Bytes {
    let mut out = BytesMut::with_capacity(envelope.len() + kind.len() + 48);
    out.extend_from_slice(format!("id: {seq}\n").as_bytes());
    if !kind.contains(['\r', '\n']) {
        out.extend_from_slice(format!("event: {kind}\n").as_bytes());
    }
    for line in envelope.split(|byte| *byte == b'\n') {
        out.extend_from_slice(b"data: ");
        out.extend_from_slice(line.strip_suffix(b"\r").unwrap_or(line));
        out.extend_from_slice(b"\n");
    }
    out.extend_from_slice(b"\n");
    out.freeze()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_have_their_number_type_and_data() {
        assert_eq!(frame(7, "a.b", b"{\"x\":1}"), "id: 7\nevent: a.b\ndata: {\"x\":1}\n\n");
    }

    #[test]
    fn nothing_in_an_event_ends_its_frame() {
        assert_eq!(frame(1, "a\nid: 9", b"{\r\n\"x\":\n1}"), "id: 1\ndata: {\ndata: \"x\":\ndata: 1}\n\n");
    }
}
