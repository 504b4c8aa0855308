//! Who is next: fair between tenants, by priority within each, never past a limit.

use std::collections::{BTreeMap, BTreeSet};

use crate::limits::PRIORITY_MAX;

/// A job that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) tenant: String,
    pub(super) job_id: String,
    pub(super) skill_id: String,
    pub(super) priority: u8,
    /// When it was accepted: the earlier goes first.
    pub(super) order_ms: i64,
}

/// Priority turned round, time, id: the order within a tenant's skill.
type Place = (u8, i64, String);

impl Entry {
    fn place(&self) -> Place {
        (PRIORITY_MAX.saturating_sub(self.priority), self.order_ms, self.job_id.clone())
    }
}

#[derive(Debug, Default)]
struct Lane {
    /// By skill, for one skill that is at its limit must not hide the others.
    waiting: BTreeMap<String, BTreeMap<Place, Entry>>,
    running: usize,
    /// Counts everybody's starts; the lane that was served longest ago goes first.
    served: u64,
}

/// Everything that waits, and how much runs.
#[derive(Debug)]
pub(super) struct Queue {
    lanes: BTreeMap<String, Lane>,
    known: BTreeSet<String>,
    delayed: BTreeMap<(i64, String), Entry>,
    running_of_skill: BTreeMap<String, usize>,
    skill_max: BTreeMap<String, usize>,
    running: usize,
    running_max: usize,
    tenant_running_max: usize,
    turn: u64,
}

impl Queue {
    pub(super) fn new(
        running_max: usize,
        tenant_running_max: usize,
        skill_max: BTreeMap<String, usize>,
    ) -> Self {
        Self {
            lanes: BTreeMap::new(),
            known: BTreeSet::new(),
            delayed: BTreeMap::new(),
            running_of_skill: BTreeMap::new(),
            skill_max,
            running: 0,
            running_max,
            tenant_running_max,
            turn: 0,
        }
    }

    /// Jobs that wait, a count.
    pub(super) fn len(&self) -> usize {
        self.known.len()
    }

    pub(super) fn running(&self) -> usize {
        self.running
    }

    /// Adds a job; one that waits already waits once.
    pub(super) fn push(&mut self, entry: Entry) {
        if self.known.insert(entry.job_id.clone()) {
            self.add(entry);
        }
    }

    /// Adds a job that is not to start before a moment.
    pub(super) fn push_later(&mut self, entry: Entry, ready_ms: i64) {
        if self.known.insert(entry.job_id.clone()) {
            self.delayed.insert((ready_ms, entry.job_id.clone()), entry);
        }
    }

    fn add(&mut self, entry: Entry) {
        let lane = self.lanes.entry(entry.tenant.clone()).or_default();
        lane.waiting.entry(entry.skill_id.clone()).or_default().insert(entry.place(), entry);
    }

    /// Makes a job that is to start later start as soon as it can.
    pub(super) fn hurry(&mut self, job_id: &str) {
        let found = self.delayed.iter().find(|(_, entry)| entry.job_id == job_id).map(|(key, _)| key.clone());
        if let Some(entry) = found.and_then(|key| self.delayed.remove(&key)) {
            self.add(entry);
        }
    }

    /// Takes out a job that waits.
    pub(super) fn remove(&mut self, tenant: &str, job_id: &str) {
        if !self.known.remove(job_id) {
            return;
        }
        self.delayed.retain(|_, entry| entry.job_id != job_id);
        if let Some(lane) = self.lanes.get_mut(tenant) {
            lane.waiting.retain(|_, waiting| {
                waiting.retain(|_, entry| entry.job_id != job_id);
                !waiting.is_empty()
            });
        }
        self.forget_idle(tenant);
    }

    /// When the next job is ready that is not yet; `None` where there is none.
    pub(super) fn next_ready_ms(&self) -> Option<i64> {
        self.delayed.keys().next().map(|(ready_ms, _)| *ready_ms)
    }

    /// The next to start, counted as running from now on.
    pub(super) fn next(&mut self, now_ms: i64) -> Option<Entry> {
        while let Some(first) = self.delayed.first_entry().filter(|first| first.key().0 <= now_ms) {
            let entry = first.remove();
            self.add(entry);
        }
        if self.running >= self.running_max {
            return None;
        }
        let mut order: Vec<(usize, u64, &String)> = self
            .lanes
            .iter()
            .filter(|(_, lane)| lane.running < self.tenant_running_max && !lane.waiting.is_empty())
            .map(|(tenant, lane)| (lane.running, lane.served, tenant))
            .collect();
        order.sort_unstable();
        let (tenant, skill) = order.into_iter().find_map(|(_, _, tenant)| {
            let lane = self.lanes.get(tenant)?;
            let heads = lane.waiting.iter().filter(|(skill, _)| self.has_room(skill));
            let first = heads.filter_map(|(skill, waiting)| Some((waiting.keys().next()?, skill))).min()?;
            Some((tenant.clone(), first.1.clone()))
        })?;
        self.take(&tenant, &skill)
    }

    fn has_room(&self, skill: &str) -> bool {
        let running = self.running_of_skill.get(skill).copied().unwrap_or(0);
        self.skill_max.get(skill).is_none_or(|max| running < *max)
    }

    fn take(&mut self, tenant: &str, skill: &str) -> Option<Entry> {
        let lane = self.lanes.get_mut(tenant)?;
        let waiting = lane.waiting.get_mut(skill)?;
        let (_, entry) = waiting.pop_first()?;
        if waiting.is_empty() {
            lane.waiting.remove(skill);
        }
        self.turn += 1;
        lane.served = self.turn;
        lane.running += 1;
        self.running += 1;
        *self.running_of_skill.entry(skill.to_owned()).or_default() += 1;
        self.known.remove(&entry.job_id);
        Some(entry)
    }

    /// A job that ran does so no more.
    pub(super) fn done(&mut self, entry: &Entry) {
        self.running = self.running.saturating_sub(1);
        if let Some(running) = self.running_of_skill.get_mut(&entry.skill_id) {
            *running = running.saturating_sub(1);
        }
        if let Some(lane) = self.lanes.get_mut(&entry.tenant) {
            lane.running = lane.running.saturating_sub(1);
        }
        self.forget_idle(&entry.tenant);
    }

    fn forget_idle(&mut self, tenant: &str) {
        let is_idle = |lane: &Lane| lane.running == 0 && lane.waiting.is_empty();
        if self.lanes.get(tenant).is_some_and(is_idle) {
            self.lanes.remove(tenant);
        }
    }
}

#[cfg(test)]
#[path = "queue_tests.rs"]
mod tests;
