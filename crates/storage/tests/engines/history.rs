//! Random histories: whatever is done, an engine that keeps things says what the engine in memory
//! says, and says it again after it was opened anew.

use proptest::prelude::*;
use tenon_storage::{Append, NewEntry, StreamQuery, Trim};
use tenon_storage::{
    ConsentChange, Delivery, DeliveryOutcome, DeliveryState, DueQuery, Engine, EventQuery, Expect,
};
use tenon_storage::{Found, IdempotencyKey, ListQuery, NewEvent, PruneUntil, Read, RecordWrite};
use tenon_storage::{Subscription, SubscriptionState, Transaction, UsageEvent, UsageQuery};

use crate::fixture::{self, Fixture, entry, event, lead, reserved, settled, subscription, usage};

const TENANTS: [&str; 2] = ["t1", "t2"];
const IDS: [&str; 4] = ["a", "b", "c", "d"];
const VALUES: [&str; 4] = ["", "blue", "red", "größer\"\\"];

#[derive(Debug, Clone)]
enum Step {
    Commit(Vec<Transaction>),
    Prune(i64),
}

fn pick(from: &'static [&'static str]) -> impl Strategy<Value = String> {
    proptest::sample::select(from).prop_map(str::to_owned)
}

fn index() -> impl Strategy<Value = Vec<(String, String)>> {
    let field = pick(&["colour", "size", "shape.of"]);
    proptest::collection::vec((field, pick(&VALUES)), 0..4)
}

fn record_write() -> impl Strategy<Value = RecordWrite> {
    let natural_key = proptest::option::of(pick(&["k", "l"]));
    let version = prop_oneof![5 => Just(0), 4 => Just(1), 2 => Just(2), 1 => Just(3)];
    let rest = (version, any::<bool>(), natural_key, index(), proptest::option::of(1..9_u64));
    (pick(&TENANTS), pick(&IDS), rest).prop_map(
        |(tenant, id, (version, is_there, natural_key, index, sequence))| {
            let write = lead(&tenant, &id, version, &format!("{version}"));
            let body = write.body.clone().filter(|_| is_there || version == 0);
            RecordWrite { body, natural_key, index, sequence, ..write }
        },
    )
}

fn key() -> impl Strategy<Value = IdempotencyKey> {
    pick(&["k1", "k2"]).prop_map(|name| fixture::key(&name))
}

fn expect() -> impl Strategy<Value = Expect> {
    let version = (pick(&TENANTS), pick(&IDS), 0..3_u64).prop_map(|(tenant, id, version)| Expect::Version {
        tenant,
        collection: "leads".into(),
        id,
        version,
    });
    prop_oneof![
        key().prop_map(Expect::KeyUnused),
        (key(), pick(&["r1", "r2"])).prop_map(|(key, reservation)| Expect::KeyReserved { key, reservation }),
        version,
        (pick(&TENANTS), pick(&["s", "z"]), 0..4_u64).prop_map(|(tenant, stream, last)| Expect::StreamAt {
            tenant,
            stream,
            last
        }),
    ]
}

fn one_subscription() -> impl Strategy<Value = Subscription> {
    let state = prop_oneof![
        Just(SubscriptionState::Active),
        Just(SubscriptionState::Paused),
        Just(SubscriptionState::Disabled)
    ];
    (pick(&["s1", "s2"]), pick(&TENANTS), pick(&["x", "y"]), state).prop_map(|(id, tenant, kind, state)| {
        Subscription { state, ..subscription(&id, &tenant, &[&kind, "z"]) }
    })
}

fn one_event() -> impl Strategy<Value = NewEvent> {
    (pick(&TENANTS), pick(&["x", "y", "z"]), any::<bool>(), 0..3_000_i64)
        .prop_map(|(tenant, kind, public, at_ms)| NewEvent { public, at_ms, ..event("e", &tenant, &kind) })
}

fn outcome() -> impl Strategy<Value = DeliveryOutcome> {
    let state =
        prop_oneof![Just(DeliveryState::Pending), Just(DeliveryState::Delivered), Just(DeliveryState::Dead)];
    (1..12_u64, 0..5_u32, state, 0..3_000_i64).prop_map(|(id, attempts, state, next_ms)| DeliveryOutcome {
        id,
        attempts,
        state,
        next_ms,
        last: (attempts > 2).then(|| "503".to_owned()),
    })
}

fn one_usage() -> impl Strategy<Value = UsageEvent> {
    (pick(&["u1", "u2", "u3", "u4"]), pick(&TENANTS), any::<u64>(), any::<bool>())
        .prop_map(|(id, tenant, quantity, billable)| UsageEvent { tenant, billable, ..usage(&id, quantity) })
}

fn consent() -> impl Strategy<Value = ConsentChange> {
    (pick(&TENANTS), pick(&["m", "n"]), any::<bool>()).prop_map(|(tenant, scope, granted)| ConsentChange {
        id: format!("{scope}{granted}"),
        tenant,
        subject: "p".into(),
        scope,
        granted,
        source: "api".into(),
        evidence: None,
        actor: "user:u1".into(),
        at_ms: 1_000,
    })
}

fn append() -> impl Strategy<Value = Append> {
    let entries = proptest::collection::vec(0..3_000_i64, 0..4);
    (pick(&TENANTS), pick(&["s", "z"]), entries).prop_map(|(tenant, stream, times)| {
        let entry = |at_ms: i64| NewEntry { at_ms, body: at_ms.to_string().into_bytes() };
        Append { tenant, stream, entries: times.into_iter().map(entry).collect() }
    })
}

fn trim() -> impl Strategy<Value = Trim> {
    (pick(&TENANTS), pick(&["s", "z"]), 0..9_u64).prop_map(|(tenant, stream, keep_from)| Trim {
        tenant,
        stream,
        keep_from,
    })
}

fn transaction() -> impl Strategy<Value = Transaction> {
    use proptest::collection::vec;
    let idempotency = (key(), any::<bool>(), 500..3_000_i64).prop_map(|(key, is_settled, expires_ms)| {
        (key, if is_settled { settled("x", expires_ms) } else { reserved("r1", expires_ms) })
    });
    let expects = prop_oneof![3 => Just(Vec::new()), 1 => vec(expect(), 1..3)];
    let one = (expects, vec(record_write(), 0..3), proptest::option::of(idempotency));
    let two = (proptest::option::of(key()), vec(consent(), 0..2), vec(one_subscription(), 0..2));
    let three = (vec(one_usage(), 0..3), vec(pick(&["one", "two"]), 0..3), vec(one_event(), 0..3));
    let four = (vec(outcome(), 0..2), vec(append(), 0..3), vec(trim(), 0..2));
    (0..3_000_i64, one, two, three, four).prop_map(
        |(at_ms, (expect, records, idempotency), (release, consents, subscriptions), three, four)| {
            let (usage, audit, events) = three;
            let (deliveries, appends, trims) = four;
            let audit = audit.iter().map(|operation| entry(operation)).collect();
            Transaction {
                at_ms,
                expect,
                records,
                release,
                idempotency,
                consents,
                subscriptions,
                usage,
                audit,
                deliveries,
                events,
                appends,
                trims,
            }
        },
    )
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        9 => proptest::collection::vec(transaction(), 1..4).prop_map(Step::Commit),
        1 => (0..3_000_i64).prop_map(Step::Prune),
    ]
}

/// Everything that can be asked.
fn everything() -> Vec<Read> {
    let mut reads = Vec::new();
    for tenant in TENANTS.map(str::to_owned) {
        let collection = "leads".to_owned();
        for id in IDS.map(str::to_owned) {
            reads.push(Read::Record { tenant: tenant.clone(), collection: collection.clone(), id });
        }
        for natural_key in ["k", "l"].map(str::to_owned) {
            reads.push(Read::NaturalKey {
                tenant: tenant.clone(),
                collection: collection.clone(),
                natural_key,
            });
        }
        for (stream, after, limit) in [("s", 0, 99), ("z", 0, 2), ("s", 2, 3), ("none", 0, 9)] {
            let (tenant, stream) = (tenant.clone(), stream.to_owned());
            reads.push(Read::Stream(StreamQuery { tenant, stream, after, limit }));
        }
        reads.extend(lists(&tenant));
        reads.push(Read::Consent { tenant: tenant.clone(), subject: "p".into() });
        reads.push(Read::Subscription { tenant: tenant.clone(), id: "s1".into() });
        reads.push(Read::Deliveries { tenant: Some(tenant.clone()), dead: true, limit: 99 });
        let types = vec!["x".into(), "z".into()];
        reads.push(Read::Events(EventQuery { tenant: Some(tenant), types, after: 1, limit: 4 }));
    }
    reads.extend(["k1", "k2"].map(|name| Read::Idempotency(fixture::key(name))));
    reads.push(Read::Events(EventQuery { limit: 999, ..EventQuery::default() }));
    reads.push(Read::Subscriptions { tenant: None });
    reads.push(Read::Deliveries { tenant: None, dead: false, limit: 999 });
    reads.push(Read::Delivery { tenant: None, id: 1 });
    reads.push(Read::Usage(UsageQuery { until_ms: i64::MAX, ..UsageQuery::default() }));
    reads.push(Read::Audit { from: 1, limit: 999 });
    reads
}

fn lists(tenant: &str) -> Vec<Read> {
    let orders: [&[&str]; 4] = [&[], &["colour"], &["size", "colour"], &["colour", "shape.of", "size"]];
    let equals: [&[(&str, &str)]; 3] = [&[], &[("colour", "red")], &[("size", "blue"), ("colour", "")]];
    let mut reads = Vec::new();
    for order in orders {
        for equal in equals {
            for (cursor, limit) in [(None, 99), (None, 2), (Some("blue"), 2)] {
                let after = cursor.map(|value| {
                    let values = order.iter().map(|_| value.to_owned());
                    values.chain(["b".to_owned()]).collect()
                });
                reads.push(Read::List(ListQuery {
                    tenant: tenant.to_owned(),
                    collection: "leads".into(),
                    equal: equal.iter().map(|(f, v)| ((*f).into(), (*v).into())).collect(),
                    order: order.iter().map(|field| (*field).into()).collect(),
                    after,
                    limit,
                }));
            }
        }
    }
    reads
}

type View = (Vec<Found>, tenon_storage::Heads, Vec<Delivery>, u64);

fn view(engine: &dyn Engine) -> View {
    (
        engine.read(&everything()).expect("it reads"),
        engine.heads().expect("it reads"),
        engine.due_deliveries(&DueQuery::all(1_500, 99)).expect("it reads"),
        engine.sequence("t1", "leads").expect("it reads"),
    )
}

fn run(history: &[Step], fixture: &mut Fixture, is_reopened: bool) -> Result<(), TestCaseError> {
    let model = fixture::memory();
    for step in history {
        match step {
            Step::Commit(group) => {
                prop_assert_eq!(fixture.engine.commit(group), model.engine.commit(group));
            }
            Step::Prune(at_ms) => {
                let until = PruneUntil {
                    keys_ms: *at_ms,
                    delivered_ms: *at_ms,
                    dead_ms: *at_ms,
                    events_ms: *at_ms,
                    streams_ms: *at_ms,
                    limit: 99,
                };
                prop_assert_eq!(fixture.engine.prune(&until), model.engine.prune(&until));
            }
        }
        if is_reopened {
            fixture.reopen();
        }
        prop_assert_eq!(view(&*fixture.engine), view(&*model.engine));
    }
    let report = tenon_storage::verify_audit(&*fixture.engine).expect("it reads");
    prop_assert_eq!(report.broken, None);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    /// Any history on SQLite ends as it ends in memory, and looks the same after every step.
    #[test]
    fn sqlite_says_what_memory_says(history in proptest::collection::vec(step(), 1..12)) {
        run(&history, &mut fixture::sqlite(), false)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    /// And again when the file is closed and opened after every step.
    #[test]
    fn sqlite_says_the_same_when_opened_again(history in proptest::collection::vec(step(), 1..10)) {
        run(&history, &mut fixture::sqlite(), true)?;
    }
}

/// The histories do reach what they are to show: commits and conflicts of every kind.
#[test]
fn histories_reach_commits_and_conflicts() {
    use proptest::strategy::ValueTree as _;
    use proptest::test_runner::{Config, TestRunner};
    let mut runner = TestRunner::new_with_rng(
        Config::default(),
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    let mut seen = std::collections::BTreeMap::new();
    for _ in 0..60 {
        let history =
            proptest::collection::vec(step(), 6..12).new_tree(&mut runner).expect("it is made").current();
        let model = fixture::memory();
        for step in &history {
            let Step::Commit(group) = step else { continue };
            for result in model.engine.commit(group) {
                *seen
                    .entry(result.map(|_| "done").unwrap_or_else(|error| match error {
                        tenon_storage::CommitError::Conflict(what) => what,
                        other => panic!("{other:?}"),
                    }))
                    .or_insert(0_u32) += 1;
            }
        }
        *seen.entry("deliveries").or_insert(0) += u32::from(!view(&*model.engine).2.is_empty());
    }
    for what in
        ["done", "deliveries", "a record", "the holder of a natural key", "an idempotency key", "a stream"]
    {
        assert!(seen.get(what).copied().unwrap_or(0) >= 5, "{what}: {seen:?}");
    }
}
