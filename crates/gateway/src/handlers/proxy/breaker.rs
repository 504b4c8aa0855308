//! A server that fails again and again is left alone for a while.

use std::collections::BTreeMap;

use parking_lot::Mutex;

use crate::plan::proxy::ProxyPlan;

/// How each server has done lately.
#[derive(Debug, Default)]
pub(crate) struct Breakers {
    servers: Mutex<BTreeMap<String, State>>,
}

#[derive(Debug, Default)]
struct State {
    /// Failures in a row, a count.
    failures: u32,
    /// Until when it is left alone, in milliseconds since 1970; after that one request tries.
    open_until_ms: i64,
}

impl Breakers {
    /// The seconds to wait, where a server is left alone.
    pub(crate) fn refuses(&self, plan: &ProxyPlan, now_ms: i64) -> Option<u32> {
        let mut servers = self.servers.lock();
        let state = servers.get_mut(plan.authority.as_str())?;
        if state.failures < plan.breaker_failures {
            return None;
        }
        let left_ms = state.open_until_ms.saturating_sub(now_ms);
        if left_ms <= 0 {
            // This one tries; the others wait for what becomes of it.
            state.open_until_ms = now_ms.saturating_add(cooldown(plan));
            return None;
        }
        u32::try_from(left_ms.saturating_add(999) / 1000).ok()
    }

    /// Notes a failure.
    pub(crate) fn failed(&self, plan: &ProxyPlan, now_ms: i64) {
        let mut servers = self.servers.lock();
        let state = servers.entry(plan.authority.to_string()).or_default();
        state.failures = state.failures.saturating_add(1);
        state.open_until_ms = now_ms.saturating_add(cooldown(plan));
    }

    /// Notes a success.
    pub(crate) fn succeeded(&self, plan: &ProxyPlan) {
        let mut servers = self.servers.lock();
        if let Some(state) = servers.get_mut(plan.authority.as_str()) {
            *state = State::default();
        }
    }
}

fn cooldown(plan: &ProxyPlan) -> i64 {
    i64::try_from(plan.cooldown_ms).unwrap_or(i64::MAX)
}
