//! Records, versions, natural keys, sequences.

use tenon_storage::{Expect, Found, Read, RecordWrite, Transaction, conflict};

use crate::fixture::{Fixture, event, keyed, lead, records, removal};

pub fn are_made_changed_and_removed(fixture: &mut Fixture) {
    fixture.done(records(vec![lead("t1", "a", 0, "one")]));
    fixture.done(Transaction { at_ms: 2_000, ..records(vec![lead("t1", "a", 1, "two")]) });
    fixture.reopen();
    let record = fixture.record("t1", "a").expect("it is there");
    assert_eq!((record.version, record.body.as_slice()), (2, b"two".as_slice()));
    assert_eq!((record.created_ms, record.updated_ms), (1_000, 2_000));
    fixture.done(records(vec![removal("t1", "a", 2)]));
    assert_eq!(fixture.record("t1", "a"), None);
    fixture.done(records(vec![lead("t1", "a", 0, "three")]));
    assert_eq!(fixture.record("t1", "a").expect("it is there").version, 1);
}

pub fn versions_must_match(fixture: &mut Fixture) {
    fixture.done(records(vec![lead("t1", "a", 0, "one")]));
    assert_eq!(fixture.refused(records(vec![lead("t1", "a", 0, "two")])), conflict::RECORD);
    assert_eq!(fixture.refused(records(vec![lead("t1", "a", 2, "two")])), conflict::RECORD);
    assert_eq!(fixture.refused(records(vec![lead("t1", "b", 1, "two")])), conflict::RECORD);
    assert_eq!(fixture.refused(records(vec![removal("t1", "a", 2)])), conflict::RECORD);
    assert_eq!(fixture.body("t1", "a").as_deref(), Some("one"));
    // One transaction may write a record twice, one version after the other.
    fixture.done(records(vec![lead("t1", "a", 1, "two"), lead("t1", "a", 2, "three")]));
    assert_eq!(fixture.record("t1", "a").expect("it is there").version, 3);
    // To remove what is not there, and is expected not to be, changes nothing.
    fixture.done(records(vec![removal("t1", "never", 0)]));
}

pub fn one_tenant_never_sees_another(fixture: &mut Fixture) {
    fixture.done(records(vec![keyed("k", lead("t1", "a", 0, "one"))]));
    assert_eq!(fixture.record("t2", "a"), None);
    assert_eq!(fixture.record("", "a"), None);
    fixture.done(records(vec![keyed("k", lead("t2", "a", 0, "other"))]));
    assert_eq!(fixture.body("t1", "a").as_deref(), Some("one"));
    assert_eq!(fixture.body("t2", "a").as_deref(), Some("other"));
    let elsewhere = Read::Record { tenant: "t1".into(), collection: "cases".into(), id: "a".into() };
    assert_eq!(fixture.read(elsewhere), Found::Record(None));
}

fn holder(fixture: &Fixture, natural_key: &str) -> Option<String> {
    let (tenant, collection) = ("t1".into(), "leads".into());
    match fixture.read(Read::NaturalKey { tenant, collection, natural_key: natural_key.into() }) {
        Found::Record(record) => record.map(|record| record.id),
        other => panic!("{other:?}"),
    }
}

pub fn natural_keys_are_unique_in_their_collection(fixture: &mut Fixture) {
    fixture.done(records(vec![keyed("k", lead("t1", "a", 0, "one"))]));
    let other = || keyed("k", lead("t1", "b", 0, "two"));
    assert_eq!(fixture.refused(records(vec![other()])), conflict::NATURAL_KEY);
    fixture.done(records(vec![lead("t1", "b", 0, "two")]));
    let taking = RecordWrite { expected_version: 1, ..other() };
    assert_eq!(fixture.refused(records(vec![taking])), conflict::NATURAL_KEY);
    // Where both are wrong, it is always the version that is said.
    let stale = RecordWrite { expected_version: 7, ..other() };
    assert_eq!(fixture.refused(records(vec![stale])), conflict::RECORD);
    let elsewhere = RecordWrite { collection: "cases".into(), ..other() };
    fixture.done(records(vec![elsewhere]));
    assert_eq!(holder(fixture, "k").as_deref(), Some("a"));
    assert_eq!(holder(fixture, "none"), None);
    // Within one transaction too.
    let both = vec![keyed("m", lead("t1", "c", 0, "")), keyed("m", lead("t1", "d", 0, ""))];
    assert_eq!(fixture.refused(records(both)), conflict::NATURAL_KEY);
    assert_eq!(fixture.record("t1", "c"), None);
}

pub fn natural_keys_are_free_again(fixture: &mut Fixture) {
    fixture.done(records(vec![keyed("k", lead("t1", "a", 0, "one")), keyed("l", lead("t1", "b", 0, ""))]));
    // Given up by a change, and taken by another in the same transaction.
    fixture.done(records(vec![keyed("m", lead("t1", "a", 1, "")), keyed("k", lead("t1", "b", 1, ""))]));
    assert_eq!(holder(fixture, "k").as_deref(), Some("b"));
    assert_eq!(holder(fixture, "m").as_deref(), Some("a"));
    assert_eq!(holder(fixture, "l"), None);
    fixture.done(records(vec![removal("t1", "b", 2)]));
    fixture.reopen();
    assert_eq!(holder(fixture, "k"), None);
    fixture.done(records(vec![keyed("k", lead("t1", "c", 0, ""))]));
    assert_eq!(holder(fixture, "k").as_deref(), Some("c"));
}

pub fn expected_versions_of_what_is_only_read(fixture: &mut Fixture) {
    fixture.done(records(vec![lead("t1", "a", 0, "one")]));
    let expecting = |id: &str, version: u64, tenant: &str| {
        let (tenant, collection, id) = (tenant.to_owned(), "leads".to_owned(), id.to_owned());
        let expect = vec![Expect::Version { tenant, collection, id, version }];
        Transaction { expect, ..records(vec![lead("t1", &format!("made-when-{version}"), 0, "")]) }
    };
    fixture.done(expecting("a", 1, "t1"));
    assert_eq!(fixture.refused(expecting("a", 2, "t1")), conflict::RECORD);
    assert_eq!(fixture.refused(expecting("a", 0, "t1")), conflict::RECORD);
    assert_eq!(fixture.refused(expecting("a", 1, "t2")), conflict::RECORD);
    fixture.done(expecting("none", 0, "t1"));
    // What is expected is held against what was there before the transaction.
    let expect =
        vec![Expect::Version { tenant: "t1".into(), collection: "leads".into(), id: "a".into(), version: 1 }];
    fixture.done(Transaction { expect, ..records(vec![lead("t1", "a", 1, "two")]) });
}

pub fn a_conflict_undoes_its_transaction_alone(fixture: &mut Fixture) {
    let good = |id: &str| Transaction {
        events: vec![event(id, "t1", "lead.created")],
        ..records(vec![keyed(id, lead("t1", id, 0, id))])
    };
    // The second writes something before it meets the conflict.
    let bad = Transaction {
        events: vec![event("bad", "t1", "lead.created")],
        ..records(vec![
            keyed("x", lead("t1", "x", 0, "x")),
            keyed("y", lead("t1", "a", 1, "y")),
            lead("t1", "z", 4, "z"),
        ])
    };
    let results = fixture.engine.commit(&[good("a"), bad, good("b"), good("x")]);
    let done: Vec<bool> = results.iter().map(Result::is_ok).collect();
    assert_eq!(done, [true, false, true, true]);
    fixture.reopen();
    assert_eq!(fixture.body("t1", "a").as_deref(), Some("a"));
    assert_eq!(fixture.body("t1", "x").as_deref(), Some("x"));
    assert_eq!(holder(fixture, "a").as_deref(), Some("a"));
    assert_eq!(holder(fixture, "y"), None);
    let numbers: Vec<(u64, String)> = fixture.events(0).into_iter().map(|e| (e.seq, e.event.id)).collect();
    assert_eq!(numbers, [(1, "a".into()), (2, "b".into()), (3, "x".into())]);
    assert_eq!(results[3].as_ref().map(|receipt| receipt.last_event), Ok(3));
}

pub fn sequences_keep_their_highest_number(fixture: &mut Fixture) {
    assert_eq!(fixture.engine.sequence("t1", "leads"), Ok(0));
    let numbered = |id: &str, number| RecordWrite { sequence: Some(number), ..lead("t1", id, 0, "") };
    fixture.done(records(vec![numbered("a", 1)]));
    fixture.done(records(vec![numbered("c", 3)]));
    fixture.done(records(vec![numbered("b", 2)]));
    fixture.refused(records(vec![numbered("b", 9)]));
    fixture.done(records(vec![removal("t1", "c", 1)]));
    fixture.reopen();
    assert_eq!(fixture.engine.sequence("t1", "leads"), Ok(3));
    assert_eq!(fixture.engine.sequence("t2", "leads"), Ok(0));
    assert_eq!(fixture.engine.sequence("t1", "cases"), Ok(0));
}

pub fn reads_answer_in_order(fixture: &mut Fixture) {
    fixture.done(records(vec![lead("t1", "a", 0, "one"), lead("t1", "b", 0, "two")]));
    let one = |id: &str| Read::Record { tenant: "t1".into(), collection: "leads".into(), id: id.into() };
    let found = fixture.engine.read(&[one("b"), one("none"), one("a")]).expect("it reads");
    let ids: Vec<Option<String>> = found
        .into_iter()
        .map(|found| match found {
            Found::Record(record) => record.map(|record| record.id),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(ids, [Some("b".to_owned()), None, Some("a".to_owned())]);
    assert_eq!(fixture.engine.read(&[]), Ok(Vec::new()));
}
