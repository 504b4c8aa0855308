//! Events, their numbers, and their deliveries.

use tenon_storage::{Delivery, DeliveryOutcome, DeliveryState, DueQuery, EventQuery, Found, NewEvent, Read};
use tenon_storage::{Subscription, SubscriptionState, Transaction};

use crate::fixture::{Fixture, event, events, subscription};

pub fn are_numbered_in_commit_order(fixture: &mut Fixture) {
    assert_eq!(fixture.engine.heads().expect("it reads").last_event, 0);
    let first = fixture.done(events(vec![event("a", "t1", "x"), event("b", "t2", "y")]));
    assert_eq!(first.last_event, 2);
    // One without events says how far the store is.
    assert_eq!(fixture.done(Transaction::default()).last_event, 2);
    fixture.reopen();
    assert_eq!(fixture.done(events(vec![event("c", "t1", "x")])).last_event, 3);
    let found: Vec<(u64, String)> = fixture.events(0).into_iter().map(|e| (e.seq, e.event.id)).collect();
    assert_eq!(found, [(1, "a".into()), (2, "b".into()), (3, "c".into())]);
    assert_eq!(fixture.events(2)[0].event, event("c", "t1", "x"));
}

/// S0-102: replay from a checkpoint gives everything after it.
pub fn resume_after_a_number(fixture: &mut Fixture) {
    let kinds = ["x", "y", "x", "z", "x"];
    let made = kinds.iter().enumerate().map(|(n, kind)| event(&n.to_string(), tenant(n), kind));
    fixture.done(events(made.collect()));
    let ids = |query: EventQuery| match fixture.read(Read::Events(query)) {
        Found::Events(events) => events.into_iter().map(|e| e.event.id).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    let all = EventQuery { limit: 10, ..EventQuery::default() };
    assert_eq!(ids(EventQuery { after: 2, ..all.clone() }), ["2", "3", "4"]);
    assert_eq!(ids(EventQuery { after: 2, limit: 1, ..all.clone() }), ["2"]);
    assert_eq!(ids(EventQuery { types: vec!["x".into(), "z".into()], ..all.clone() }), ["0", "2", "3", "4"]);
    assert_eq!(ids(EventQuery { tenant: Some("t1".into()), ..all.clone() }), ["0", "2", "4"]);
    assert_eq!(ids(EventQuery { tenant: Some("t1".into()), after: 1, ..all.clone() }), ["2", "4"]);
    let both = EventQuery { tenant: Some("t2".into()), types: vec!["y".into()], ..all.clone() };
    assert_eq!(ids(both), ["1"]);
    assert!(ids(EventQuery { tenant: Some("t3".into()), ..all.clone() }).is_empty());
    assert!(ids(EventQuery { after: u64::MAX, ..all }).is_empty());
}

fn tenant(n: usize) -> &'static str {
    if n.is_multiple_of(2) { "t1" } else { "t2" }
}

pub fn numbers_are_never_given_twice(fixture: &mut Fixture) {
    fixture.done(events(vec![event("a", "t1", "x"), event("b", "t1", "x")]));
    let until = tenon_storage::PruneUntil {
        keys_ms: 0,
        delivered_ms: 5_000,
        dead_ms: 5_000,
        events_ms: 5_000,
        streams_ms: 5_000,
        limit: 10,
    };
    assert_eq!(fixture.engine.prune(&until).expect("it prunes").events, 2);
    fixture.reopen();
    assert!(fixture.events(0).is_empty());
    assert_eq!(fixture.done(events(vec![event("c", "t1", "x")])).last_event, 3);
}

fn all_deliveries(fixture: &Fixture) -> Vec<Delivery> {
    match fixture.read(Read::Deliveries { tenant: None, dead: false, limit: 100 }) {
        Found::Deliveries(deliveries) => deliveries,
        other => panic!("{other:?}"),
    }
}

/// S0-100: what is committed is delivered, for the delivery is committed with it.
pub fn deliveries_are_made_with_the_event(fixture: &mut Fixture) {
    let state = |id: &str, state| Subscription { state, ..subscription(id, "t1", &["x"]) };
    fixture.done(Transaction {
        subscriptions: vec![
            subscription("s1", "t1", &["x", "y"]),
            subscription("s2", "t1", &["y"]),
            subscription("s3", "t2", &["x"]),
            state("s4", SubscriptionState::Paused),
            state("s5", SubscriptionState::Disabled),
            subscription("s6", "t1", &["x"]),
        ],
        ..Transaction::default()
    });
    fixture.reopen();
    let private = NewEvent { public: false, ..event("p", "t1", "x") };
    fixture.done(events(vec![event("a", "t1", "x"), private, event("b", "t1", "none")]));
    let due = fixture.engine.due_deliveries(&DueQuery::all(1_000, 10)).expect("it reads");
    let made: Vec<(&str, &str, u64)> =
        due.iter().map(|d| (d.subscription.as_str(), d.event.event.id.as_str(), d.event.seq)).collect();
    assert_eq!(made, [("s1", "a", 1), ("s6", "a", 1)]);
    assert_eq!((due[0].attempts, due[0].state, due[0].tenant.as_str()), (0, DeliveryState::Pending, "t1"));
    assert_eq!(due[0].event.event, event("a", "t1", "x"));
    // One that is made with the event gets it; one that is paused in the same commit does not.
    fixture.done(Transaction {
        subscriptions: vec![subscription("s7", "t2", &["z"]), state("s1", SubscriptionState::Paused)],
        ..events(vec![event("c", "t2", "z"), event("d", "t1", "x")])
    });
    let newest: Vec<(String, String)> =
        all_deliveries(fixture).into_iter().map(|d| (d.subscription, d.event.event.id)).collect();
    let pair = |subscription: &str, event: &str| (subscription.to_owned(), event.to_owned());
    assert_eq!(newest, [pair("s6", "d"), pair("s7", "c"), pair("s6", "a"), pair("s1", "a")]);
    let found = fixture.read(Read::Subscription { tenant: "t1".into(), id: "s1".into() });
    assert_eq!(found, Found::Subscriptions(vec![state_of("s1", &["x"])]));
    let of = |tenant: Option<&str>| match fixture
        .read(Read::Subscriptions { tenant: tenant.map(str::to_owned) })
    {
        Found::Subscriptions(all) => all.into_iter().map(|one| one.id).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    assert_eq!(of(Some("t2")), ["s3", "s7"]);
    assert_eq!(of(None).len(), 7);
}

fn state_of(id: &str, kinds: &[&str]) -> Subscription {
    Subscription { state: SubscriptionState::Paused, ..subscription(id, "t1", kinds) }
}

pub fn deliveries_wait_fail_and_die(fixture: &mut Fixture) {
    fixture.done(Transaction {
        subscriptions: vec![subscription("s1", "t1", &["x"])],
        ..events(vec![event("a", "t1", "x"), event("b", "t1", "x"), event("c", "t1", "x")])
    });
    let outcome = |id, state, next_ms| {
        let last = Some("503".to_owned());
        let deliveries = vec![DeliveryOutcome { id, attempts: 1, state, next_ms, last }];
        Transaction { at_ms: 1_100, deliveries, ..Transaction::default() }
    };
    let due = |now_ms, limit| -> Vec<u64> {
        let due = fixture.engine.due_deliveries(&DueQuery::all(now_ms, limit)).expect("it reads");
        due.into_iter().map(|delivery| delivery.id).collect()
    };
    assert_eq!(due(999, 10), [0; 0]);
    assert_eq!(due(1_000, 2), [1, 2]);
    fixture.done(outcome(1, DeliveryState::Pending, 3_000));
    fixture.done(outcome(2, DeliveryState::Delivered, 0));
    fixture.done(outcome(3, DeliveryState::Dead, 0));
    // One that is there no more.
    fixture.done(outcome(77, DeliveryState::Dead, 0));
    assert_eq!(due(2_999, 10), [0; 0]);
    assert_eq!(due(3_000, 10), [1]);
    let dead = |tenant: &str| match fixture.read(Read::Deliveries {
        tenant: Some(tenant.into()),
        dead: true,
        limit: 10,
    }) {
        Found::Deliveries(dead) => dead,
        other => panic!("{other:?}"),
    };
    let found = dead("t1");
    assert_eq!((found.len(), found[0].id, found[0].last.as_deref()), (1, 3, Some("503")));
    assert!(dead("t2").is_empty());
    // A dead one is replayed: to be tried now.
    fixture.done(outcome(3, DeliveryState::Pending, 1_200));
    assert_eq!(due(3_000, 10), [3, 1]);
    assert!(dead("t1").is_empty());
}

pub fn due_deliveries_of_one_subscription_hide_no_others(fixture: &mut Fixture) {
    fixture.done(Transaction {
        subscriptions: vec![subscription("busy", "t1", &["x"]), subscription("calm", "t2", &["x"])],
        ..events((0..5).map(|n| event(&format!("e{n}"), "t1", "x")).collect())
    });
    fixture.done(events(vec![event("late", "t2", "x")]));
    let due = |per_subscription, limit, except: &[(&str, &str)]| -> Vec<u64> {
        let except = except.iter().map(|(tenant, id)| ((*tenant).to_owned(), (*id).to_owned())).collect();
        let query = DueQuery { now_ms: 9_000, per_subscription, limit, except };
        let due = fixture.engine.due_deliveries(&query).expect("it reads");
        due.into_iter().map(|delivery| delivery.id).collect()
    };
    assert_eq!(due(2, 10, &[]), [1, 2, 6]);
    assert_eq!(due(2, 2, &[]), [1, 2]);
    assert_eq!(due(2, 10, &[("t1", "busy")]), [6]);
    assert_eq!(due(9, 10, &[("t2", "busy")]), [1, 2, 3, 4, 5, 6]);
    let one = |tenant: Option<&str>, id| match fixture
        .read(Read::Delivery { tenant: tenant.map(Into::into), id })
    {
        Found::Deliveries(found) => found.into_iter().map(|one| one.event.event.id).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    assert_eq!(one(None, 6), ["late"]);
    assert_eq!(one(Some("t2"), 6), ["late"]);
    assert!(one(Some("t1"), 6).is_empty() && one(None, 7).is_empty());
}
