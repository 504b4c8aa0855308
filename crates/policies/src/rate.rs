//! Whether a caller calls too often. See `rate.md`.

use crate::{Condition, Refusal, Waiver};

const NANOSECONDS_PER_MS: i64 = 1_000_000;
const NANOSECONDS_PER_S: i64 = 1_000_000_000;

/// How often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateClass {
    /// The name, as contracts and header fields have it.
    pub name: String,
    /// Requests in the time below, a count; at least 1.
    pub requests: u32,
    /// The time, in milliseconds; at least 1.
    pub per_ms: u64,
    /// Requests at once, a count; at least 1.
    pub burst: u32,
}

impl RateClass {
    /// What a contract says of a class; `None` where it does not say how many in which time.
    #[must_use]
    pub fn of(class: &tenon_graph::serving::RateClass) -> Option<Self> {
        let count = |value: u64| u32::try_from(value).ok().filter(|count| *count > 0);
        let requests = count(class.requests?)?;
        let per_ms = crate::duration::duration_ms(&class.per.as_ref()?.text).filter(|ms| *ms > 0)?;
        let burst = class.burst.and_then(count).unwrap_or(requests);
        Some(Self { name: class.name.text.clone(), requests, per_ms, burst })
    }

    /// Time between requests at the steady rate, in nanoseconds.
    fn interval_ns(&self) -> i64 {
        let per = i64::try_from(self.per_ms).unwrap_or(i64::MAX).saturating_mul(NANOSECONDS_PER_MS);
        (per / i64::from(self.requests.max(1))).max(1)
    }

    fn burst(&self) -> i64 {
        i64::from(self.burst.max(1))
    }

    fn window_s(&self) -> u64 {
        self.per_ms.div_ceil(1000).max(1)
    }
}

/// All that is kept of a caller: when the next request would be due at the steady rate, in
/// nanoseconds since 1970. 0 is a caller not seen before. It fits an atomic integer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RateState(pub i64);

/// What is left to a caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLeft {
    /// Requests that would be let through at once now, a count.
    pub remaining: u32,
    /// Until all of the burst is there again, in seconds.
    pub reset_s: u32,
}

/// That the caller does not call too often. Only [`decide`] and [`unlimited`] make one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    left: Option<RateLeft>,
}

impl Rate {
    /// What is left; `None` where nothing is counted.
    #[must_use]
    pub fn left(&self) -> Option<RateLeft> {
        self.left
    }

    /// For a refusal that was let through.
    #[must_use]
    pub fn waived(_: &Waiver) -> Self {
        Self { left: Some(RateLeft { remaining: 0, reset_s: 1 }) }
    }
}

/// For an operation without a rate class.
#[must_use]
pub fn unlimited() -> Rate {
    Rate { left: None }
}

/// What one request makes of the state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateStep {
    /// What to keep now; unchanged by a refusal.
    pub state: RateState,
    /// What is left, for the header fields of either outcome.
    pub left: RateLeft,
    /// The decision.
    pub decision: Result<Rate, Refusal>,
}

/// Counts one request: the generic cell rate algorithm. The refusal is `rate_limited`, with the
/// seconds to wait.
#[must_use]
pub fn decide(class: &RateClass, state: RateState, now_ms: i64) -> RateStep {
    let interval = class.interval_ns();
    let now = now_ms.saturating_mul(NANOSECONDS_PER_MS);
    let tolerance = interval.saturating_mul(class.burst());
    // A clock that went back must not lock a caller out for longer than a full burst.
    let due = state.0.max(now).min(now.saturating_add(tolerance));
    let next = due.saturating_add(interval);
    let over = next.saturating_sub(now).saturating_sub(tolerance);
    if over > 0 {
        let wait = seconds(over);
        let left = RateLeft { remaining: 0, reset_s: seconds(due - now) };
        let refusal = Refusal::new(Condition::RateLimited).with_retry_after(wait).with_message(format!(
            "More than {} requests in {} s; try again in {wait} s.",
            class.requests,
            class.window_s()
        ));
        return RateStep { state, left, decision: Err(refusal) };
    }
    let remaining = u32::try_from(-over / interval).unwrap_or(u32::MAX);
    let left = RateLeft { remaining, reset_s: seconds(next - now) };
    RateStep { state: RateState(next), left, decision: Ok(Rate { left: Some(left) }) }
}

fn seconds(nanoseconds: i64) -> u32 {
    let whole = nanoseconds.saturating_add(NANOSECONDS_PER_S - 1) / NANOSECONDS_PER_S;
    u32::try_from(whole.max(1)).unwrap_or(u32::MAX)
}

/// `RateLimit-Policy` of draft-ietf-httpapi-ratelimit-headers-11: `"name";q=100;w=60`.
#[must_use]
pub fn policy_field(class: &RateClass) -> String {
    format!("{};q={};w={}", quoted(&class.name), class.requests, class.window_s())
}

/// `RateLimit` of the same draft: `"name";r=50;t=30`.
#[must_use]
pub fn limit_field(class: &RateClass, left: RateLeft) -> String {
    format!("{};r={};t={}", quoted(&class.name), left.remaining, left.reset_s)
}

/// `X-RateLimit-Limit`, `-Remaining` and `-Reset`, the last in seconds since 1970.
#[must_use]
pub fn x_fields(class: &RateClass, left: RateLeft, now_ms: i64) -> [(&'static str, String); 3] {
    let reset = now_ms.div_euclid(1000).saturating_add(i64::from(left.reset_s));
    [
        ("x-ratelimit-limit", class.requests.to_string()),
        ("x-ratelimit-remaining", left.remaining.to_string()),
        ("x-ratelimit-reset", reset.to_string()),
    ]
}

/// A name as a Structured Field String: what is not printable ASCII is left out.
fn quoted(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 2);
    out.push('"');
    for letter in name.chars().filter(|letter| matches!(letter, ' '..='~')) {
        if matches!(letter, '"' | '\\') {
            out.push('\\');
        }
        out.push(letter);
    }
    out.push('"');
    out
}
