//! Webhooks: each delivery in the store is attempted until an endpoint accepts it or its schedule
//! ends.
//!
//! A delivery is made by the commit that made its event, and by nothing else, so there is none
//! before the commit and always one after it. What is attempted stays pending in the store until
//! the outcome is kept: a gateway that dies in between attempts it again, with the same id.

mod client;
mod connector;
mod queue;
mod retry_after;
mod schedule;
mod signature;
mod verdict;

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use parking_lot::Mutex;
use tenon_policies::Refusal;
use tenon_policies::webhook_url::check_url;
use tenon_storage::{
    Delivery, DeliveryOutcome, DeliveryState, DueQuery, Found, Read, Store, StoreError, Subscription,
    SubscriptionState, Transaction,
};
use tokio::sync::Notify;
use tokio::task::{Id, JoinSet};

pub use client::Reach;
pub use connector::{ConnectError, Resolver, Resolving, SystemResolver};
pub use schedule::Schedule;
pub use signature::{Secret, new_secret, secret_problem, sign};

use crate::World;
use crate::delivery::limits::{
    DRAIN_MS_MAX, GIVEN_UP_MAX, KEEP_AGAIN_MS, KEEP_TRIES_MAX, PAUSED_MS, TICK_MS, WAITING_MAX,
    WAITING_PER_SUBSCRIPTION_MAX,
};
use crate::http::tls::TlsProblem;
use client::{Answer, Message, WebhookClient};
use queue::{Queue, Ticket};
use verdict::Verdict;

/// How deliveries are made.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How endpoints are reached.
    pub reach: Reach,
    /// When attempts follow each other.
    pub schedule: Schedule,
    /// How often the store is asked for what is due, in milliseconds.
    pub tick_ms: u64,
}

impl Settings {
    /// The standard's schedule, public endpoints; in development this machine too.
    #[must_use]
    pub fn new(development: bool) -> Self {
        Self { reach: Reach::new(development), schedule: Schedule::STANDARD, tick_ms: TICK_MS }
    }
}

/// What was done since the start, each a count.
#[derive(Debug, Default)]
pub struct Counts {
    /// Attempts.
    pub attempts: AtomicU64,
    /// Those that were accepted.
    pub delivered: AtomicU64,
    /// Those that were not.
    pub failed: AtomicU64,
    /// Deliveries given up.
    pub dead: AtomicU64,
    /// Attempts under way now.
    pub running: AtomicU64,
}

/// Makes the deliveries of a store. Cheap to copy; copies are one deliverer.
#[derive(Debug, Clone)]
pub struct Deliverer {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    store: Arc<Store>,
    world: World,
    settings: Settings,
    client: WebhookClient,
    counts: Counts,
    wake: Notify,
    /// Deliveries given up in a row, by tenant and subscription. Not kept: a start begins anew.
    given_up: Mutex<BTreeMap<(String, String), u32>>,
}

/// What one attempt showed, for whoever asked for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    /// Whether the endpoint accepted.
    pub accepted: bool,
    /// What the attempt met: a status, or why there was none.
    pub met: String,
}

impl Deliverer {
    /// A deliverer that does nothing until [`Self::run`].
    ///
    /// # Errors
    /// When an authority's certificate is none.
    pub fn new(store: Arc<Store>, world: World, settings: Settings) -> Result<Self, TlsProblem> {
        let client = WebhookClient::new(&settings.reach)?;
        let (counts, wake) = (Counts::default(), Notify::new());
        Ok(Self {
            inner: Arc::new(Inner {
                store,
                world,
                settings,
                client,
                counts,
                wake,
                given_up: Mutex::default(),
            }),
        })
    }

    /// What was done since the start.
    #[must_use]
    pub fn counts(&self) -> &Counts {
        &self.inner.counts
    }

    /// Looks at the store at once, not at the next tick: something was made due by hand.
    pub fn wake(&self) {
        self.inner.wake.notify_one();
    }

    /// Makes deliveries until told to stop, then lets attempts under way end. One at a time should
    /// run on a store; two would make every delivery twice.
    pub async fn run(&self, stop: impl Future<Output = ()> + Send) {
        let mut stop = std::pin::pin!(stop);
        let mut events = self.inner.store.events();
        let mut round = Round::default();
        loop {
            self.fill(&mut round);
            let tick = tokio::time::sleep(Duration::from_millis(self.inner.settings.tick_ms));
            tokio::select! {
                biased;
                () = &mut stop => break,
                Some(ended) = round.attempts.join_next_with_id() => round.ended(ended),
                Ok(()) = events.changed() => round.is_stale = true,
                () = self.inner.wake.notified() => round.is_stale = true,
                () = tick => round.is_stale = true,
            }
            while let Some(ended) = round.attempts.try_join_next_with_id() {
                round.ended(ended);
            }
        }
        let drain = Duration::from_millis(DRAIN_MS_MAX);
        let rest = async { while round.attempts.join_next().await.is_some() {} };
        if tokio::time::timeout(drain, rest).await.is_err() {
            tracing::warn!(
                attempts = round.attempts.len(),
                "webhook attempts were broken off; they are made again"
            );
        }
    }

    /// Starts what can be started.
    fn fill(&self, round: &mut Round) {
        if std::mem::take(&mut round.is_stale) && round.queue.has_room() {
            match self.inner.due(&round.queue) {
                Ok(due) => round.queue.offer(due),
                Err(error) => tracing::error!(%error, "deliveries that are due cannot be read"),
            }
        }
        while let Some((ticket, delivery)) = round.queue.next() {
            let inner = Arc::clone(&self.inner);
            let handle = round.attempts.spawn(async move { inner.deliver(delivery).await });
            round.tickets.insert(handle.id(), ticket);
        }
        self.inner.counts.running.store(round.queue.running() as u64, Ordering::Relaxed);
    }

    /// Sends an event that is in no store to a subscription, to show whether it gets there.
    pub async fn try_out(&self, subscription: &Subscription, event_id: &str, envelope: Vec<u8>) -> Trial {
        let answer = self.inner.send(subscription, event_id, Bytes::from(envelope)).await;
        match answer {
            Answer::Status { status, .. } => {
                Trial { accepted: status.is_success(), met: status.as_u16().to_string() }
            }
            Answer::None(why) => Trial { accepted: false, met: why },
        }
    }

    /// The world it runs in.
    pub(super) fn world(&self) -> &World {
        &self.inner.world
    }

    /// The store it drains.
    pub(super) fn store(&self) -> &Arc<Store> {
        &self.inner.store
    }
}

/// What a run keeps.
struct Round {
    queue: Queue,
    attempts: JoinSet<bool>,
    tickets: BTreeMap<Id, Ticket>,
    /// Whether the store may have deliveries the queue has not seen.
    is_stale: bool,
}

impl Default for Round {
    fn default() -> Self {
        Self { queue: Queue::default(), attempts: JoinSet::new(), tickets: BTreeMap::new(), is_stale: true }
    }
}

impl Round {
    fn ended(&mut self, ended: Result<(Id, bool), tokio::task::JoinError>) {
        let (id, went_well) = match ended {
            Ok(ended) => ended,
            Err(error) => {
                crate::never::check(error.is_cancelled(), "an attempt does not panic");
                (error.id(), false)
            }
        };
        if let Some(ticket) = self.tickets.remove(&id) {
            self.is_stale |= self.queue.done(&ticket, went_well);
        }
    }
}

impl Inner {
    fn due(&self, queue: &Queue) -> Result<Vec<Delivery>, StoreError> {
        self.store.due_deliveries(&DueQuery {
            now_ms: self.world.now_ms(),
            per_subscription: WAITING_PER_SUBSCRIPTION_MAX,
            limit: WAITING_MAX,
            except: queue.well_filled(),
        })
    }

    /// One delivery, once; whether it went well.
    async fn deliver(&self, delivery: Delivery) -> bool {
        let subscription = match self.subscription(&delivery) {
            Ok(subscription) => subscription,
            Err(error) => {
                tracing::error!(%error, "a subscription cannot be read");
                return false;
            }
        };
        let now_ms = self.world.now_ms();
        let state = subscription.as_ref().map(|one| one.state);
        let without = |state, next_ms, why: &str| verdict::without_attempt(&delivery, state, next_ms, why);
        let Some(subscription) = subscription.filter(|_| state == Some(SubscriptionState::Active)) else {
            let outcome = match state {
                Some(SubscriptionState::Paused) => without(
                    DeliveryState::Pending,
                    now_ms.saturating_add(PAUSED_MS),
                    "the subscription is paused",
                ),
                Some(_) => without(DeliveryState::Dead, now_ms, "the subscription is disabled"),
                None => without(DeliveryState::Dead, now_ms, "the subscription is gone"),
            };
            self.keep(outcome, None).await;
            return true;
        };
        let body = Bytes::from(delivery.event.event.envelope.clone());
        let answer = self.send(&subscription, &delivery.event.event.id, body).await;
        let verdict = verdict::judge(&delivery, &answer, &self.settings.schedule, &self.world);
        let verdict = self.weighed(verdict, &subscription);
        let went_well = verdict.outcome.state == DeliveryState::Delivered;
        self.count(&verdict.outcome, &subscription);
        let disabled = verdict.disables.then_some(subscription);
        self.keep(verdict.outcome, disabled).await;
        went_well
    }

    /// An outcome beside those before it: what takes nothing for too long is switched off.
    fn weighed(&self, verdict: Verdict, subscription: &Subscription) -> Verdict {
        let whose = (subscription.tenant.clone(), subscription.id.clone());
        let mut given_up = self.given_up.lock();
        match verdict.outcome.state {
            DeliveryState::Delivered => {
                given_up.remove(&whose);
            }
            DeliveryState::Dead if !verdict.disables => {
                let count = given_up.entry(whose.clone()).or_default();
                *count += 1;
                if *count >= GIVEN_UP_MAX {
                    given_up.remove(&whose);
                    tracing::warn!(
                        subscription = subscription.id,
                        "a webhook subscription takes nothing any more and is disabled; `tenon webhooks enable` \
                         switches it on again"
                    );
                    return verdict.switching_off();
                }
            }
            _ => {}
        }
        verdict
    }

    fn subscription(&self, delivery: &Delivery) -> Result<Option<Subscription>, StoreError> {
        subscription(&self.store, &delivery.tenant, &delivery.subscription)
    }

    async fn send(&self, subscription: &Subscription, id: &str, body: Bytes) -> Answer {
        let url = match check_url(&subscription.url, self.settings.reach.development) {
            Ok(url) => url.as_str().to_owned(),
            Err(refusal) => return Answer::None(format!("refused: {}", reason(&refusal))),
        };
        let now_ms = self.world.now_ms();
        let timestamp_s = now_ms.div_euclid(1_000);
        let secrets: Vec<Secret> = subscription.secrets.iter().map(|text| Secret::of(text)).collect();
        let signature = sign(&secrets, id, timestamp_s, &body);
        let message = Message { url, id: id.to_owned(), timestamp_s, signature, body };
        self.client.send(message, now_ms).await
    }

    fn count(&self, outcome: &DeliveryOutcome, subscription: &Subscription) {
        let add = |count: &AtomicU64| count.fetch_add(1, Ordering::Relaxed);
        add(&self.counts.attempts);
        match outcome.state {
            DeliveryState::Delivered => add(&self.counts.delivered),
            DeliveryState::Pending => add(&self.counts.failed),
            DeliveryState::Dead => {
                add(&self.counts.failed);
                tracing::warn!(
                    delivery = outcome.id,
                    subscription = subscription.id,
                    met = outcome.last,
                    "a webhook delivery was given up; `tenon webhooks replay` makes it again"
                );
                add(&self.counts.dead)
            }
        };
    }

    /// Keeps an outcome. Until it is kept the delivery is not attempted again, so that a store that
    /// fails for a moment does not make an endpoint get everything many times.
    async fn keep(&self, outcome: DeliveryOutcome, disabled: Option<Subscription>) {
        let mut transaction =
            Transaction { at_ms: self.world.now_ms(), deliveries: vec![outcome], ..Transaction::default() };
        for _ in 0..KEEP_TRIES_MAX {
            if let Some(old) = &disabled {
                // Read again: its secrets may have been changed while the attempt was under way.
                let newest = subscription(&self.store, &old.tenant, &old.id).ok().flatten();
                let newest = newest.unwrap_or_else(|| old.clone());
                transaction.subscriptions =
                    vec![Subscription { state: SubscriptionState::Disabled, ..newest }];
            }
            match self.store.commit(transaction.clone()).await {
                Ok(_) => return,
                Err(tenon_storage::CommitError::Store(StoreError::Closed)) => return,
                Err(error) => tracing::warn!(%error, "the outcome of a delivery cannot be kept"),
            }
            tokio::time::sleep(Duration::from_millis(KEEP_AGAIN_MS)).await;
        }
    }
}

/// One subscription of a store.
pub(super) fn subscription(
    store: &Store,
    tenant: &str,
    id: &str,
) -> Result<Option<Subscription>, StoreError> {
    let read = Read::Subscription { tenant: tenant.to_owned(), id: id.to_owned() };
    let found = store.read(&[read])?.into_iter().next();
    Ok(match found {
        Some(Found::Subscriptions(found)) => found.into_iter().next(),
        _ => None,
    })
}

/// Why a policy refused, in one sentence.
fn reason(refusal: &Refusal) -> String {
    match refusal.details.first() {
        Some(detail) => format!("the {} {}", detail.field, detail.reason),
        None => refusal.message().to_owned(),
    }
}
