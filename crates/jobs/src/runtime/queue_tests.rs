//! Fairness, priorities and limits of the queue.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{Entry, Queue};

fn entry(tenant: &str, job_id: &str, skill: &str, priority: u8, order_ms: i64) -> Entry {
    Entry { tenant: tenant.into(), job_id: job_id.into(), skill_id: skill.into(), priority, order_ms }
}

fn queue(running_max: usize, tenant_running_max: usize, skills: &[(&str, usize)]) -> Queue {
    let skills = skills.iter().map(|(skill, max)| ((*skill).to_owned(), *max)).collect();
    Queue::new(running_max, tenant_running_max, skills)
}

fn ids(queue: &mut Queue, count: usize) -> Vec<String> {
    (0..count).filter_map(|_| queue.next(0)).map(|entry| entry.job_id).collect()
}

#[test]
fn the_highest_priority_goes_first_and_then_the_earliest() {
    let mut queue = queue(9, 9, &[]);
    for (id, priority, at_ms) in [("late", 5, 3), ("early", 5, 1), ("low", 0, 0), ("high", 9, 9)] {
        queue.push(entry("t1", id, "s", priority, at_ms));
    }
    // One that waits already waits once.
    queue.push(entry("t1", "high", "s", 9, 9));
    assert_eq!(queue.len(), 4);
    assert_eq!(ids(&mut queue, 9), ["high", "early", "late", "low"]);
}

#[test]
fn priority_is_among_the_jobs_of_a_tenant_and_tenants_take_turns() {
    let mut queue = queue(99, 99, &[]);
    for number in 0..6 {
        queue.push(entry("loud", &format!("loud{number}"), "s", 9, number));
    }
    queue.push(entry("calm", "calm0", "s", 0, 100));
    queue.push(entry("calm", "calm1", "s", 0, 101));
    let first = ids(&mut queue, 4);
    assert_eq!(first.iter().filter(|id| id.starts_with("calm")).count(), 2, "{first:?}");
}

#[test]
fn limits_of_all_of_a_tenant_and_of_a_skill_hold_and_hide_nobody() {
    let mut queue = queue(4, 2, &[("one", 1)]);
    for (tenant, id, skill) in
        [("a", "a1", "one"), ("a", "a2", "one"), ("a", "a3", "any"), ("a", "a4", "any")]
    {
        queue.push(entry(tenant, id, skill, 5, 0));
    }
    queue.push(entry("b", "b1", "one", 5, 0));
    queue.push(entry("b", "b2", "any", 5, 0));
    // `one` runs once in all, `a` twice: what is behind them in no way waits for them.
    let first = ids(&mut queue, 9);
    assert_eq!(first.len(), 3, "{first:?}");
    assert!(first.contains(&"b2".to_owned()) && first.contains(&"a3".to_owned()), "{first:?}");
    let first_one = first.iter().find(|id| ["a1", "b1"].contains(&id.as_str())).cloned().expect("one runs");
    let tenant = first_one.get(..1).expect("it has a letter").to_owned();
    queue.done(&entry(&tenant, &first_one, "one", 5, 0));
    let next = ids(&mut queue, 9);
    assert_eq!(next.len(), 2, "{next:?}");
    assert_eq!(next.iter().filter(|id| ["a1", "a2", "b1"].contains(&id.as_str())).count(), 1, "{next:?}");
}

#[test]
fn later_ones_wait_are_hurried_and_are_taken_out() {
    let mut queue = queue(9, 9, &[]);
    queue.push_later(entry("t1", "a", "s", 5, 0), 100);
    queue.push_later(entry("t1", "b", "s", 5, 1), 200);
    queue.push(entry("t1", "c", "s", 5, 2));
    assert_eq!(queue.next_ready_ms(), Some(100));
    assert_eq!(queue.next(50).map(|one| one.job_id).as_deref(), Some("c"));
    assert_eq!(queue.next(50), None);
    assert_eq!(queue.next(100).map(|one| one.job_id).as_deref(), Some("a"));
    queue.hurry("b");
    assert_eq!(queue.next(100).map(|one| one.job_id).as_deref(), Some("b"));
    queue.push(entry("t1", "d", "s", 5, 2));
    queue.push_later(entry("t1", "e", "s", 5, 2), 300);
    queue.remove("t1", "d");
    queue.remove("t1", "e");
    assert_eq!((queue.len(), queue.next(999)), (0, None));
}

proptest! {
    /// Whatever comes: no limit is passed, nobody is left out while there is room, and of two
    /// tenants that wait all the time neither gets more than one more than the other.
    #[test]
    fn shares_are_even_and_limits_hold(
        jobs in proptest::collection::vec((0..3_u8, 0..3_u8, 0..10_u8), 1..60),
        running_max in 1..6_usize,
        tenant_max in 1..4_usize,
    ) {
        let mut queue = queue(running_max, tenant_max, &[("s0", 2)]);
        for (number, (tenant, skill, priority)) in jobs.iter().enumerate() {
            let id = format!("j{number}");
            queue.push(entry(&format!("t{tenant}"), &id, &format!("s{skill}"), *priority, 0));
        }
        let mut running: Vec<Entry> = Vec::new();
        let mut started = 0;
        while started < jobs.len() {
            while let Some(next) = queue.next(0) {
                running.push(next);
                started += 1;
                let mut tenants: BTreeMap<&str, usize> = BTreeMap::new();
                for one in &running {
                    *tenants.entry(&one.tenant).or_default() += 1;
                }
                prop_assert!(running.len() <= running_max);
                prop_assert!(tenants.values().all(|count| *count <= tenant_max));
                prop_assert!(running.iter().filter(|one| one.skill_id == "s0").count() <= 2);
            }
            prop_assert!(!running.is_empty(), "nobody runs, and {} wait", queue.len());
            let done = running.remove(0);
            queue.done(&done);
        }
        prop_assert_eq!(queue.len(), 0);
    }

    #[test]
    fn two_busy_tenants_get_the_same(first in 5..40_usize, second in 5..40_usize) {
        let mut queue = queue(1, 1, &[]);
        for (tenant, count) in [("a", first), ("b", second)] {
            for number in 0..count {
                queue.push(entry(tenant, &format!("{tenant}{number}"), "s", 5, 0));
            }
        }
        let mut got: BTreeMap<String, usize> = BTreeMap::new();
        for _ in 0..2 * first.min(second) {
            let next = queue.next(0).expect("somebody waits");
            *got.entry(next.tenant.clone()).or_default() += 1;
            let (a, b) = (got.get("a").copied().unwrap_or(0), got.get("b").copied().unwrap_or(0));
            prop_assert!(a.abs_diff(b) <= 1, "{got:?}");
            queue.done(&next);
        }
    }
}
