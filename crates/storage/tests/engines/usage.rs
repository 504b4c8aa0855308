//! Usage.

use tenon_storage::{Found, Read, Transaction, UsageEvent, UsageQuery, UsageTotal};

use crate::fixture::{Fixture, usage};

fn used(usage: Vec<UsageEvent>) -> Transaction {
    Transaction { usage, ..Transaction::default() }
}

fn totals(fixture: &Fixture, query: UsageQuery) -> Vec<UsageTotal> {
    match fixture.read(Read::Usage(query)) {
        Found::Usage(totals) => totals,
        other => panic!("{other:?}"),
    }
}

fn ever() -> UsageQuery {
    UsageQuery { tenant: None, dimension: None, from_ms: 0, until_ms: i64::MAX }
}

/// S2-176: a usage event that comes twice is one. S2-177: and it stops nothing.
pub fn same_id_counts_once(fixture: &mut Fixture) {
    fixture.done(used(vec![usage("u1", 3)]));
    fixture.done(used(vec![usage("u1", 3), usage("u2", 1)]));
    fixture.done(used(vec![usage("u3", 1), usage("u3", 1)]));
    fixture.reopen();
    fixture.done(used(vec![usage("u2", 1)]));
    let total =
        UsageTotal { tenant: "t1".into(), dimension: "leads".into(), billable: true, quantity: 5, events: 3 };
    assert_eq!(totals(fixture, ever()), [total]);
}

/// Page after page, each event once, in the order of tenant, dimension, moment and id.
pub fn is_told_event_by_event(fixture: &mut Fixture) {
    let one =
        |id: &str, tenant: &str, at_ms| UsageEvent { tenant: tenant.into(), at_ms, ..usage(id, u64::MAX) };
    let all =
        vec![one("1", "", 5), one("1", "t1", 1), one("2", "t1", 1), one("0", "t1", 2), one("1", "t2", 1)];
    fixture.done(used(all.iter().rev().cloned().collect()));
    fixture.reopen();
    let pages = |query: UsageQuery, limit| {
        let (mut out, mut after) = (Vec::new(), None);
        loop {
            let read = Read::UsageEvents { query: query.clone(), after: after.take(), limit };
            let Found::UsageEvents(page) = fixture.read(read) else { panic!("it finds something else") };
            assert!(page.len() <= limit as usize);
            let Some(last) = page.last().cloned() else { return out };
            after = Some((last.tenant, last.dimension, last.at_ms, last.id));
            out.extend(page);
        }
    };
    for limit in [1, 2, 10] {
        assert_eq!(pages(ever(), limit), all, "{limit}");
    }
    assert_eq!(pages(UsageQuery { tenant: Some("t1".into()), until_ms: 2, ..ever() }, 10), all[1..3]);
    assert_eq!(pages(UsageQuery { dimension: Some("none".into()), ..ever() }, 10), []);
}

pub fn is_summed_by_window_dimension_and_charge(fixture: &mut Fixture) {
    let one = |id: &str, tenant: &str, dimension: &str, billable, at_ms| UsageEvent {
        tenant: tenant.into(),
        dimension: dimension.into(),
        billable,
        at_ms,
        ..usage(id, 2)
    };
    fixture.done(used(vec![
        one("1", "t1", "b", true, 1_000),
        one("2", "t1", "b", false, 1_500),
        one("3", "t1", "b", true, 2_000),
        one("4", "t2", "b", true, 1_000),
        one("5", "t1", "a", true, 1_000),
        UsageEvent { quantity: u64::MAX, ..one("6", "t3", "a", true, 1_000) },
        UsageEvent { quantity: u64::MAX, ..one("7", "t3", "a", true, 1_000) },
    ]));
    let rows = |query| -> Vec<(String, String, bool, u64, u64)> {
        let row = |t: UsageTotal| (t.tenant, t.dimension, t.billable, t.quantity, t.events);
        totals(fixture, query).into_iter().map(row).collect()
    };
    let row = |tenant: &str, dimension: &str, billable, quantity, events| {
        (tenant.to_owned(), dimension.to_owned(), billable, quantity, events)
    };
    let tenant = |tenant: &str| UsageQuery { tenant: Some(tenant.into()), ..ever() };
    let all = [row("t1", "a", true, 2, 1), row("t1", "b", false, 2, 1), row("t1", "b", true, 4, 2)];
    assert_eq!(rows(tenant("t1")), all);
    let window = UsageQuery { from_ms: 1_000, until_ms: 2_000, ..tenant("t1") };
    assert_eq!(rows(window)[2], row("t1", "b", true, 2, 1));
    let dimension = UsageQuery { dimension: Some("b".into()), until_ms: 1_500, ..ever() };
    assert_eq!(rows(dimension), [row("t1", "b", true, 2, 1), row("t2", "b", true, 2, 1)]);
    // Too much to count is the most there is, not an error.
    let most = rows(tenant("t3"));
    assert_eq!((most.len(), most[0].4), (1, 2));
    assert_eq!(most[0].3, u64::MAX);
}
