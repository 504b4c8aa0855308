//! Lists of events by cursor, which wait for the next event where there is none yet.

use std::sync::Arc;
use std::time::Duration;

use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use tenon_policies::{Condition, Refusal};

use super::feed::{Batch, Feed, Filter};
use super::limits::{LIST_DEFAULT, LIST_MAX, LIST_WAIT_MS_MAX, TYPES_MAX};
use super::{Body, whole};

/// What a reader of events asks for, in the query of its request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The number of the last event already seen.
    pub after: Option<u64>,
    /// How many events at most.
    pub limit: u32,
    /// How long to wait for one, in milliseconds.
    pub wait_ms: u64,
    /// Types wanted; all where it is empty.
    pub types: Vec<String>,
}

impl Asked {
    /// Reads `after`, `limit`, `wait` (seconds) and `types` (with commas, or repeated) of a query.
    /// Streams take `after` and `types`; `Last-Event-ID` counts before `after`, because a client
    /// that comes again sends both.
    ///
    /// # Errors
    /// `cursor_invalid`, `page_size_invalid` and `parameter_invalid`.
    pub fn read(query: Option<&str>, last_event_id: Option<&str>) -> Result<Self, Refusal> {
        let mut asked = Self { after: None, limit: LIST_DEFAULT, wait_ms: 0, types: Vec::new() };
        for (name, value) in url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
            match &*name {
                "after" => asked.after = Some(cursor("after", &value)?),
                "limit" => asked.limit = limit(&value)?,
                "wait" => asked.wait_ms = wait_ms(&value)?,
                "types" => asked.types.extend(
                    value.split(',').map(str::trim).filter(|kind| !kind.is_empty()).map(str::to_owned),
                ),
                _ => {
                    return Err(Refusal::new(Condition::ParameterInvalid).with_detail(
                        name,
                        "is not known here; known are `after`, `limit`, `wait` and `types`",
                    ));
                }
            }
        }
        if asked.types.len() > TYPES_MAX {
            let reason = format!("names more than {TYPES_MAX} types");
            return Err(Refusal::new(Condition::ParameterInvalid).with_detail("types", reason));
        }
        if let Some(id) = last_event_id.filter(|id| !id.trim().is_empty()) {
            asked.after = Some(cursor("Last-Event-ID", id)?);
        }
        Ok(asked)
    }
}

fn cursor(name: &str, text: &str) -> Result<u64, Refusal> {
    text.trim().parse().map_err(|_| {
        let reason =
            "should be the number of an event, as `id` of a stream or `next_cursor` of a list tells it";
        Refusal::new(Condition::CursorInvalid).with_detail(name, reason)
    })
}

fn limit(text: &str) -> Result<u32, Refusal> {
    text.parse().ok().filter(|limit| (1..=LIST_MAX).contains(limit)).ok_or_else(|| {
        let reason = format!("should be a number from 1 to {LIST_MAX}");
        Refusal::new(Condition::PageSizeInvalid).with_detail("limit", reason)
    })
}

fn wait_ms(text: &str) -> Result<u64, Refusal> {
    let seconds = text.strip_suffix('s').unwrap_or(text);
    let ms = seconds.parse::<u64>().ok().and_then(|seconds| seconds.checked_mul(1_000));
    ms.filter(|ms| *ms <= LIST_WAIT_MS_MAX).ok_or_else(|| {
        let reason = format!("should be a number of seconds, {} at most", LIST_WAIT_MS_MAX / 1_000);
        Refusal::new(Condition::ParameterInvalid).with_detail("wait", reason)
    })
}

/// A list of what comes after a cursor, from the oldest event that is kept where there is none:
/// `{"items": […], "next_cursor": "7"}`. Where there is nothing it waits as long as it was asked
/// to; the cursor to go on with is there in every case.
///
/// # Errors
/// `cursor_invalid` where the cursor leads nowhere (410 where events after it are kept no longer),
/// `store_unavailable`.
pub async fn list(feed: &Arc<Feed>, filter: &Filter, asked: &Asked) -> Result<http::Response<Body>, Refusal> {
    let after = asked.after.unwrap_or_default();
    feed.check(after).map_err(super::unavailable)??;
    let waited = Duration::from_millis(asked.wait_ms);
    let mut found = Batch { cursor: after, ..Batch::default() };
    let searching = search(feed, filter, asked.limit as usize, &mut found);
    if let Ok(ended) = tokio::time::timeout(waited, searching).await {
        ended?;
    }
    let mut body =
        Vec::with_capacity(64 + found.items.iter().map(|item| item.envelope.len() + 1).sum::<usize>());
    body.extend_from_slice(b"{\"items\":[");
    for (index, item) in found.items.iter().enumerate() {
        if index > 0 {
            body.push(b',');
        }
        body.extend_from_slice(&item.envelope);
    }
    body.extend_from_slice(format!("],\"next_cursor\":\"{}\"}}", found.cursor).as_bytes());
    let mut response = http::Response::new(whole(body));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// Searches until something is found; `found` tells how far it has come, whenever it is stopped.
async fn search(feed: &Arc<Feed>, filter: &Filter, limit: usize, found: &mut Batch) -> Result<(), Refusal> {
    let mut head = feed.watch();
    loop {
        head.mark_unchanged();
        loop {
            let left = limit.saturating_sub(found.items.len());
            let batch = feed.after(found.cursor, filter, left).map_err(super::unavailable)?;
            found.cursor = batch.cursor;
            found.items.extend(batch.items);
            if batch.is_last || found.items.len() >= limit {
                break;
            }
        }
        if !found.items.is_empty() || head.changed().await.is_err() {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_read_and_held_to_limits() {
        let asked = Asked::read(Some("after=7&limit=2&wait=5s&types=a.b,c&types=d"), None).unwrap();
        let types = ["a.b", "c", "d"].map(str::to_owned).to_vec();
        assert_eq!(asked, Asked { after: Some(7), limit: 2, wait_ms: 5_000, types });
        assert_eq!(
            Asked::read(Some("after=7"), Some("9")).unwrap().after,
            Some(9),
            "the header counts first"
        );
        assert_eq!(Asked::read(None, Some("")).unwrap().after, None);
        let refused = |query| Asked::read(Some(query), None).unwrap_err().condition;
        assert_eq!(refused("after=x"), Condition::CursorInvalid);
        assert_eq!(refused("after=-1"), Condition::CursorInvalid);
        assert_eq!(refused("limit=0"), Condition::PageSizeInvalid);
        assert_eq!(refused("limit=501"), Condition::PageSizeInvalid);
        assert_eq!(refused("wait=31"), Condition::ParameterInvalid);
        assert_eq!(refused("wait=18446744073709551615"), Condition::ParameterInvalid);
        assert_eq!(refused("since=1"), Condition::ParameterInvalid);
        assert_eq!(refused(&format!("types={}", "a,".repeat(101))), Condition::ParameterInvalid);
    }
}
