//! The thread that writes: takes what waits, commits it as one group, answers.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use tokio::sync::{oneshot, watch};

use super::Counts;
use crate::limits::{COMMIT_GROUP_MAX, ENQUEUED_RETRY_MS, ENQUEUED_TRIES_AT_CLOSE_MAX, GROUP_YIELDS_MAX};
use crate::{CommitError, Engine, PruneUntil, Pruned, Receipt, StoreError, Transaction};

type Answer = oneshot::Sender<Result<Receipt, CommitError>>;

/// Something for the writer to do.
#[derive(Debug)]
pub(super) enum Job {
    /// Commit, and say how it went.
    Commit { transaction: Transaction, reply: Answer },
    /// Commit; nobody waits.
    Enqueue { transaction: Transaction },
    /// Remove what is kept no longer.
    Prune { until: PruneUntil, reply: oneshot::Sender<Result<Pruned, StoreError>> },
}

pub(super) struct Writer {
    engine: Arc<dyn Engine>,
    jobs: Receiver<Job>,
    events: watch::Sender<u64>,
    counts: Arc<Counts>,
    /// Enqueued transactions that met a failing engine.
    again: VecDeque<Transaction>,
    /// Whether the last group found the engine working.
    is_working: bool,
}

/// What is committed together.
#[derive(Default)]
struct Group {
    transactions: Vec<Transaction>,
    /// Who waits for each; nobody for what was enqueued.
    answers: Vec<Option<Answer>>,
    prunes: Vec<(PruneUntil, oneshot::Sender<Result<Pruned, StoreError>>)>,
}

impl Group {
    fn push(&mut self, transaction: Transaction, answer: Option<Answer>) {
        self.transactions.push(transaction);
        self.answers.push(answer);
    }

    fn add(&mut self, job: Job) {
        match job {
            Job::Commit { transaction, reply } => self.push(transaction, Some(reply)),
            Job::Enqueue { transaction } => self.push(transaction, None),
            Job::Prune { until, reply } => self.prunes.push((until, reply)),
        }
    }

    fn is_full(&self) -> bool {
        self.transactions.len() >= COMMIT_GROUP_MAX
    }
}

impl Writer {
    pub(super) fn new(
        engine: Arc<dyn Engine>,
        jobs: Receiver<Job>,
        events: watch::Sender<u64>,
        counts: Arc<Counts>,
    ) -> Self {
        Self { engine, jobs, events, counts, again: VecDeque::new(), is_working: true }
    }

    /// Works until the store is closed and nothing waits any more.
    pub(super) fn run(mut self) {
        while let Some(group) = self.next_group() {
            self.write(group);
        }
        for _ in 0..ENQUEUED_TRIES_AT_CLOSE_MAX {
            while !self.again.is_empty() {
                let waiting = self.again.len();
                let mut group = Group::default();
                self.take_again(&mut group);
                self.write(group);
                if self.again.len() >= waiting {
                    break;
                }
            }
        }
        for _ in self.again.drain(..) {
            self.counts.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Everything that waits, up to a full group; `None` when nothing will come any more.
    fn next_group(&mut self) -> Option<Group> {
        let mut group = Group::default();
        if self.again.is_empty() {
            group.add(self.jobs.recv().ok()?);
        } else {
            match self.jobs.recv_timeout(Duration::from_millis(ENQUEUED_RETRY_MS)) {
                Ok(job) => group.add(job),
                // Nobody waits for what is tried again, so it goes when nothing else does.
                Err(RecvTimeoutError::Timeout) => self.take_again(&mut group),
                Err(RecvTimeoutError::Disconnected) => return None,
            }
        }
        self.take_waiting(&mut group);
        // Where processors are few, those who are about to commit wait for this one. Let them go first
        // for as long as any of them comes: a group costs nearly the same however many are in it.
        for _ in 0..GROUP_YIELDS_MAX {
            let before = group.transactions.len();
            std::thread::yield_now();
            self.take_waiting(&mut group);
            if group.transactions.len() == before || group.is_full() {
                break;
            }
        }
        if self.is_working {
            self.take_again(&mut group);
        }
        Some(group)
    }

    fn take_waiting(&self, group: &mut Group) {
        while !group.is_full() {
            let Ok(job) = self.jobs.try_recv() else { break };
            group.add(job);
        }
    }

    fn take_again(&mut self, group: &mut Group) {
        while !group.is_full() {
            let Some(transaction) = self.again.pop_front() else { break };
            group.push(transaction, None);
        }
    }

    fn write(&mut self, group: Group) {
        let results = match group.transactions.is_empty() {
            true => Vec::new(),
            false => self.engine.commit(&group.transactions),
        };
        self.announce(&results);
        if !results.is_empty() {
            self.is_working = results.iter().any(|result| !matches!(result, Err(CommitError::Store(_))));
        }
        let mut results = results.into_iter();
        for (transaction, answer) in group.transactions.into_iter().zip(group.answers) {
            let missing = || Err(StoreError::Engine("the engine gave no answer".to_owned()).into());
            let result = results.next().unwrap_or_else(missing);
            match answer {
                // One who has stopped waiting does not want the answer.
                Some(answer) => drop(answer.send(result)),
                None => self.settle(transaction, result),
            }
        }
        for (until, reply) in group.prunes {
            drop(reply.send(self.engine.prune(&until)));
        }
    }

    /// Tells of new events before anybody is answered, so that who is answered finds them told.
    fn announce(&self, results: &[Result<Receipt, CommitError>]) {
        let last = results.iter().flatten().map(|receipt| receipt.last_event).max();
        if let Some(last) = last {
            self.events.send_if_modified(|known| {
                let is_new = last > *known;
                *known = last.max(*known);
                is_new
            });
        }
    }

    fn settle(&mut self, transaction: Transaction, result: Result<Receipt, CommitError>) {
        match result {
            // Where others of the group went well, it is not the engine that is at fault, and
            // trying again would go on for ever.
            Err(CommitError::Store(_)) if !self.is_working => self.again.push_back(transaction),
            Err(_) => {
                self.counts.enqueued.fetch_sub(1, Ordering::Relaxed);
                self.counts.dropped.fetch_add(1, Ordering::Relaxed);
            }
            Ok(_) => {
                self.counts.enqueued.fetch_sub(1, Ordering::Relaxed);
            }
        }
    }
}
