//! Deliveries in memory, in turns: a subscription with much to send, or a slow endpoint, does not
//! hold up the others.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use tenon_storage::Delivery;

use crate::delivery::limits::{
    ATTEMPTS_AT_ONCE_MAX, ATTEMPTS_PER_SUBSCRIPTION_MAX, WAITING_MAX, WAITING_PER_SUBSCRIPTION_MAX,
};

/// Tenant and subscription.
type Lane = (String, String);

/// Which delivery runs where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ticket {
    lane: Lane,
    id: u64,
}

#[derive(Debug, Default)]
struct LaneState {
    waiting: VecDeque<Delivery>,
    running: usize,
    /// Whether the last attempt failed: then there is one at a time, until one goes well.
    is_failing: bool,
    /// Whether the store gave as many as may be in memory, so that it may have more.
    may_have_more: bool,
}

impl LaneState {
    fn has_turn(&self) -> bool {
        let most = if self.is_failing { 1 } else { ATTEMPTS_PER_SUBSCRIPTION_MAX };
        !self.waiting.is_empty() && self.running < most
    }

    /// Whether the next ones need not be asked for yet.
    fn is_well_filled(&self) -> bool {
        self.waiting.len() >= ATTEMPTS_PER_SUBSCRIPTION_MAX
    }
}

/// What waits and what runs.
#[derive(Debug, Default)]
pub(super) struct Queue {
    lanes: BTreeMap<Lane, LaneState>,
    /// The lane that had the last turn.
    last: Option<Lane>,
    known: BTreeSet<u64>,
    running: usize,
}

impl Queue {
    /// Takes deliveries that are due, save those it has already.
    pub(super) fn offer(&mut self, due: Vec<Delivery>) {
        let mut given: BTreeMap<Lane, u32> = BTreeMap::new();
        for delivery in due {
            let lane = (delivery.tenant.clone(), delivery.subscription.clone());
            *given.entry(lane.clone()).or_default() += 1;
            if self.known.insert(delivery.id) {
                self.lanes.entry(lane).or_default().waiting.push_back(delivery);
            }
        }
        for (lane, count) in given {
            if let Some(state) = self.lanes.get_mut(&lane) {
                state.may_have_more = count >= WAITING_PER_SUBSCRIPTION_MAX;
            }
        }
    }

    /// Whether it may take more deliveries.
    pub(super) fn has_room(&self) -> bool {
        self.known.len() < WAITING_MAX as usize
    }

    /// The lanes that need no more for now.
    pub(super) fn well_filled(&self) -> BTreeSet<Lane> {
        let filled = self.lanes.iter().filter(|(_, state)| state.is_well_filled());
        filled.map(|(lane, _)| lane.clone()).collect()
    }

    /// The next delivery to attempt: lanes take turns.
    pub(super) fn next(&mut self) -> Option<(Ticket, Delivery)> {
        if self.running >= ATTEMPTS_AT_ONCE_MAX {
            return None;
        }
        let lane = self.next_lane()?;
        let state = self.lanes.get_mut(&lane)?;
        let delivery = state.waiting.pop_front()?;
        state.running += 1;
        self.running += 1;
        self.last = Some(lane.clone());
        Some((Ticket { lane, id: delivery.id }, delivery))
    }

    fn next_lane(&self) -> Option<Lane> {
        use std::ops::Bound::{Excluded, Unbounded};
        let ready = |(lane, state): (&Lane, &LaneState)| state.has_turn().then(|| lane.clone());
        let after = self
            .last
            .as_ref()
            .and_then(|last| self.lanes.range::<Lane, _>((Excluded(last), Unbounded)).find_map(ready));
        after.or_else(|| self.lanes.iter().find_map(ready))
    }

    /// Takes back the ticket of an attempt that is over; whether the store should be asked for
    /// more.
    pub(super) fn done(&mut self, ticket: &Ticket, went_well: bool) -> bool {
        self.known.remove(&ticket.id);
        self.running = self.running.saturating_sub(1);
        let Some(state) = self.lanes.get_mut(&ticket.lane) else { return true };
        state.running = state.running.saturating_sub(1);
        state.is_failing = !went_well;
        let asks = state.may_have_more && !state.is_well_filled();
        if went_well && state.running == 0 && state.waiting.is_empty() {
            self.lanes.remove(&ticket.lane);
        }
        asks
    }

    /// How many deliveries run.
    pub(super) fn running(&self) -> usize {
        self.running
    }
}

#[cfg(test)]
mod tests {
    use tenon_storage::{DeliveryState, NewEvent, StoredEvent};

    use super::*;

    fn delivery(id: u64, subscription: &str) -> Delivery {
        let event = NewEvent {
            id: format!("e{id}"),
            tenant: "t".to_owned(),
            kind: "k".to_owned(),
            envelope: Vec::new(),
            public: true,
            at_ms: 0,
        };
        Delivery {
            id,
            subscription: subscription.to_owned(),
            tenant: "t".to_owned(),
            event: StoredEvent { seq: id, event },
            attempts: 0,
            state: DeliveryState::Pending,
            next_ms: 0,
            last: None,
        }
    }

    #[test]
    fn lanes_take_turns() {
        let mut queue = Queue::default();
        let mut due: Vec<Delivery> = (1..=10).map(|id| delivery(id, "busy")).collect();
        due.push(delivery(11, "calm"));
        queue.offer(due);
        let order: Vec<u64> = std::iter::from_fn(|| queue.next()).take(4).map(|(_, one)| one.id).collect();
        assert_eq!(order, [1, 11, 2, 3]);
    }

    #[test]
    fn what_runs_is_not_taken_again() {
        let mut queue = Queue::default();
        queue.offer(vec![delivery(1, "s")]);
        let (ticket, one) = queue.next().unwrap();
        queue.offer(vec![one.clone()]);
        assert!(queue.next().is_none(), "it runs already");
        queue.done(&ticket, true);
        queue.offer(vec![one]);
        assert!(queue.next().is_some(), "due again after it is done");
    }

    #[test]
    fn one_subscription_never_takes_every_place() {
        let mut queue = Queue::default();
        queue.offer((1..=100).map(|id| delivery(id, "s")).collect());
        let running = std::iter::from_fn(|| queue.next()).count();
        assert_eq!(running, ATTEMPTS_PER_SUBSCRIPTION_MAX);
    }

    #[test]
    fn what_fails_gets_one_place_until_it_goes_well() {
        let mut queue = Queue::default();
        queue.offer((1..=100).map(|id| delivery(id, "s")).collect());
        let (first, _) = queue.next().unwrap();
        queue.done(&first, false);
        let (second, _) = queue.next().unwrap();
        assert!(queue.next().is_none());
        queue.done(&second, true);
        assert_eq!(std::iter::from_fn(|| queue.next()).count(), ATTEMPTS_PER_SUBSCRIPTION_MAX);
    }

    #[test]
    fn the_store_is_asked_for_more_when_a_lane_runs_low_and_not_before() {
        let mut queue = Queue::default();
        queue.offer((1..=u64::from(WAITING_PER_SUBSCRIPTION_MAX)).map(|id| delivery(id, "s")).collect());
        assert_eq!(queue.well_filled().len(), 1);
        let mut done = 0;
        while let Some((ticket, _)) = queue.next() {
            done += 1;
            let asks = queue.done(&ticket, true);
            assert_eq!(
                asks,
                done > WAITING_PER_SUBSCRIPTION_MAX as usize - ATTEMPTS_PER_SUBSCRIPTION_MAX,
                "{done}"
            );
        }
        assert!(queue.well_filled().is_empty());
    }
}
