//! What is kept of jobs, beside their events.

use serde::{Deserialize, Serialize};
use tenon_storage::{Expect, Found, ListQuery, Read, Record, RecordWrite, Store};

use super::files::Ended;
use super::queue::Entry;
use crate::job::JOBS;
use crate::{Job, JobError};

/// Entries of jobs that have not ended, or whose files are not all written; they belong to no tenant, for they are listed at the start.
const QUEUE: &str = "domed.queue";

/// Jobs that have ended, and whose files are written, in the order of their ends.
const ENDED: &str = "domed.ended";

/// Runtimes, and until when each is taken to be alive.
const RUNNERS: &str = "domed.runners";

/// Entries read at once at the start.
const PAGE: u32 = 1_000;

#[derive(Debug, Serialize, Deserialize)]
struct Waiting {
    tenant: String,
    skill_id: String,
    priority: u8,
    order_ms: i64,
}

#[derive(Debug, Serialize, Deserialize)]
struct Over {
    tenant: String,
}

/// A job that ended long ago, and the id of its entry.
#[derive(Debug, Clone)]
pub(super) struct Old {
    pub(super) id: String,
    pub(super) tenant: String,
    pub(super) job_id: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct Lease {
    until_ms: i64,
}

/// Reads a job.
pub(super) fn read(tenant: &str, job_id: &str) -> Read {
    Read::Record { tenant: tenant.to_owned(), collection: JOBS.to_owned(), id: job_id.to_owned() }
}

/// A job and the version of its record.
pub(super) fn job(store: &Store, tenant: &str, job_id: &str) -> Result<Option<(Job, u64)>, JobError> {
    let Some(Found::Record(found)) = store.read(&[read(tenant, job_id)])?.into_iter().next() else {
        return Err(JobError::internal("the store gave no answer"));
    };
    found.map(|record| Ok((parse(&record)?, record.version))).transpose()
}

/// The job of a record.
pub(super) fn parse(record: &Record) -> Result<Job, JobError> {
    serde_json::from_slice(&record.body)
        .map_err(|error| JobError::internal(format!("the record of `{}` is damaged: {error}", record.id)))
}

fn write(tenant: &str, collection: &str, id: &str, version: u64, body: Option<Vec<u8>>) -> RecordWrite {
    RecordWrite {
        tenant: tenant.to_owned(),
        collection: collection.to_owned(),
        id: id.to_owned(),
        expected_version: version,
        body,
        natural_key: None,
        index: Vec::new(),
        sequence: None,
    }
}

fn json(value: &impl Serialize) -> Result<Option<Vec<u8>>, JobError> {
    serde_json::to_vec(value).map(Some).map_err(|error| JobError::internal(error.to_string()))
}

/// The record of a job, after the version that was read.
pub(super) fn write_job(job: &Job, version: u64) -> Result<RecordWrite, JobError> {
    Ok(write(&job.tenant, JOBS, &job.job_id, version, json(job)?))
}

/// The place of a new job in the queue. It is written once and removed once.
pub(super) fn enter(job: &Job) -> Result<RecordWrite, JobError> {
    let waiting = Waiting {
        tenant: job.tenant.clone(),
        skill_id: job.skill_id.clone(),
        priority: job.constraints.priority,
        order_ms: job.created_ms,
    };
    Ok(write("", QUEUE, &place(&job.job_id, job.created_ms), 0, json(&waiting)?))
}

/// A job that has ended, and whose files are written, leaves the queue, and is noted by its end.
pub(super) fn leave(ended: &Ended) -> Result<[RecordWrite; 2], JobError> {
    let over = json(&Over { tenant: ended.tenant.clone() })?;
    Ok([
        write("", QUEUE, &place(&ended.job_id, ended.created_ms), 1, None),
        write("", ENDED, &place(&ended.job_id, ended.ended_ms), 0, over),
    ])
}

/// The id of an entry about a job at a time. Those of one time are beside each other, so that a
/// store writes them together and finds the earliest.
fn place(job_id: &str, at_ms: i64) -> String {
    format!("{at_ms:015}.{job_id}")
}

fn job_of(place: &str) -> &str {
    place.split_once('.').map_or(place, |(_, job_id)| job_id)
}

/// Jobs that ended before a moment, the earliest first.
pub(super) fn ended_before(store: &Store, before_ms: i64, limit: u32) -> Result<Vec<Old>, JobError> {
    let query = ListQuery { collection: ENDED.to_owned(), limit, ..ListQuery::default() };
    let Some(Found::Records(page)) = store.read(&[Read::List(query)])?.into_iter().next() else {
        return Ok(Vec::new());
    };
    let before = place("", before_ms);
    let old = |record: Record| {
        let over: Over = serde_json::from_slice(&record.body)
            .map_err(|error| JobError::internal(format!("`{}` is damaged: {error}", record.id)))?;
        Ok(Old { tenant: over.tenant, job_id: job_of(&record.id).to_owned(), id: record.id })
    };
    page.into_iter().take_while(|record| record.id < before).map(old).collect()
}

/// Removes what is known of a job that ended long ago: its entry, and its record where there is one.
pub(super) fn forget(old: &Old, version: Option<u64>) -> Vec<RecordWrite> {
    let entry = write("", ENDED, &old.id, 1, None);
    let record = version.map(|version| write(&old.tenant, JOBS, &old.job_id, version, None));
    [entry].into_iter().chain(record).collect()
}

/// That there is no such job.
pub(super) fn is_absent(tenant: &str, job_id: String) -> Expect {
    Expect::Version { tenant: tenant.to_owned(), collection: JOBS.to_owned(), id: job_id, version: 0 }
}

/// Every job in the queue.
pub(super) fn open(store: &Store) -> Result<Vec<Entry>, JobError> {
    let mut entries = Vec::new();
    let mut after = None;
    loop {
        let query = ListQuery {
            collection: QUEUE.to_owned(),
            after: after.take(),
            limit: PAGE,
            ..ListQuery::default()
        };
        let Some(Found::Records(page)) = store.read(&[Read::List(query)])?.into_iter().next() else { break };
        let Some(last) = page.last() else { break };
        after = Some(vec![last.id.clone()]);
        for record in page {
            let waiting: Waiting = serde_json::from_slice(&record.body)
                .map_err(|error| JobError::internal(format!("the queue is damaged: {error}")))?;
            entries.push(Entry {
                tenant: waiting.tenant,
                job_id: job_of(&record.id).to_owned(),
                skill_id: waiting.skill_id,
                priority: waiting.priority,
                order_ms: waiting.order_ms,
            });
        }
    }
    Ok(entries)
}

/// Until when a runtime is taken to be alive, and the version of that; zeros where nothing is known.
pub(super) fn lease(store: &Store, runner: &str) -> Result<(i64, u64), JobError> {
    let read = Read::Record { tenant: String::new(), collection: RUNNERS.to_owned(), id: runner.to_owned() };
    let Some(Found::Record(Some(record))) = store.read(&[read])?.into_iter().next() else {
        return Ok((0, 0));
    };
    let until_ms = serde_json::from_slice::<Lease>(&record.body).map_or(0, |lease| lease.until_ms);
    Ok((until_ms, record.version))
}

pub(super) fn write_lease(runner: &str, until_ms: i64, version: u64) -> Result<RecordWrite, JobError> {
    Ok(write("", RUNNERS, runner, version, json(&Lease { until_ms })?))
}

/// Removes the lease of a runtime that ends.
pub(super) fn end_lease(runner: &str, version: u64) -> RecordWrite {
    write("", RUNNERS, runner, version, None)
}
