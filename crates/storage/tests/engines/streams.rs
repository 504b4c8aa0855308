//! Streams: gapless numbers, resuming, trimming.

use tenon_storage::{
    Append, Expect, Found, NewEntry, PruneUntil, Read, StreamPage, StreamQuery, Transaction, Trim,
};

use crate::fixture::{Fixture, lead, records};

fn entries(texts: &[&str]) -> Vec<NewEntry> {
    texts.iter().map(|text| NewEntry { at_ms: 1_000, body: text.as_bytes().to_vec() }).collect()
}

fn append(tenant: &str, stream: &str, texts: &[&str]) -> Append {
    Append { tenant: tenant.into(), stream: stream.into(), entries: entries(texts) }
}

fn appends(appends: Vec<Append>) -> Transaction {
    Transaction { at_ms: 1_000, appends, ..Transaction::default() }
}

fn page(fixture: &Fixture, tenant: &str, stream: &str, after: u64, limit: u32) -> StreamPage {
    let query = StreamQuery { tenant: tenant.into(), stream: stream.into(), after, limit };
    match fixture.read(Read::Stream(query)) {
        Found::Stream(page) => page,
        other => panic!("{other:?}"),
    }
}

fn seqs(page: &StreamPage) -> Vec<(u64, String)> {
    let text = |body: &[u8]| String::from_utf8(body.to_vec()).expect("it is text");
    page.entries.iter().map(|entry| (entry.seq, text(&entry.body))).collect()
}

fn pairs(pairs: &[(u64, &str)]) -> Vec<(u64, String)> {
    pairs.iter().map(|(seq, text)| (*seq, (*text).to_owned())).collect()
}

/// S1-77: numbers grow by one, each stream has its own, and a tenant sees only its own streams.
pub fn are_numbered_from_one_without_a_gap(fixture: &mut Fixture) {
    assert_eq!(page(fixture, "t1", "j", 0, 9), StreamPage::default());
    let receipt = fixture.done(appends(vec![
        append("t1", "j", &["a", "b"]),
        append("t2", "j", &["x"]),
        append("t1", "j", &["c"]),
        append("t1", "k", &[]),
    ]));
    assert_eq!(receipt.streams, [2, 1, 3, 0]);
    fixture.reopen();
    assert_eq!(fixture.done(appends(vec![append("t1", "j", &["d"])])).streams, [4]);
    let found = page(fixture, "t1", "j", 0, 9);
    assert_eq!((found.first, found.last), (1, 4));
    assert_eq!(seqs(&found), pairs(&[(1, "a"), (2, "b"), (3, "c"), (4, "d")]));
    assert_eq!(seqs(&page(fixture, "t2", "j", 0, 9)), pairs(&[(1, "x")]));
    assert_eq!(page(fixture, "t3", "j", 0, 9), StreamPage::default());
}

/// S3-112: after a number come exactly the later ones.
pub fn resume_after_a_number(fixture: &mut Fixture) {
    fixture.done(appends(vec![append("t1", "j", &["a", "b", "c", "d", "e"])]));
    assert_eq!(seqs(&page(fixture, "t1", "j", 2, 2)), pairs(&[(3, "c"), (4, "d")]));
    assert_eq!(seqs(&page(fixture, "t1", "j", 4, 9)), pairs(&[(5, "e")]));
    assert!(seqs(&page(fixture, "t1", "j", 5, 9)).is_empty());
    assert!(seqs(&page(fixture, "t1", "j", u64::MAX, 9)).is_empty());
}

pub fn are_not_touched_by_what_is_refused(fixture: &mut Fixture) {
    fixture.done(Transaction {
        appends: vec![append("t1", "j", &["a"])],
        ..records(vec![lead("t1", "l", 0, "1")])
    });
    let refused = Transaction {
        appends: vec![append("t1", "j", &["b"])],
        ..records(vec![lead("t1", "m", 0, "1"), lead("t1", "l", 7, "2")])
    };
    fixture.refused(refused);
    assert_eq!(fixture.done(appends(vec![append("t1", "j", &["c"])])).streams, [2]);
    assert_eq!(seqs(&page(fixture, "t1", "j", 0, 9)), pairs(&[(1, "a"), (2, "c")]));
}

pub fn are_appended_once_where_that_is_expected(fixture: &mut Fixture) {
    let at = |stream: &str, last| Expect::StreamAt { tenant: "t1".into(), stream: stream.into(), last };
    let once = |last| Transaction {
        expect: vec![at("j", last), at("none", 0)],
        ..appends(vec![append("t1", "j", &["a", "b"])])
    };
    fixture.done(once(0));
    assert_eq!(fixture.refused(once(0)), tenon_storage::conflict::STREAM);
    assert_eq!(fixture.refused(once(1)), tenon_storage::conflict::STREAM);
    assert_eq!(fixture.done(once(2)).streams, [4]);
}

pub fn keep_their_numbers_when_trimmed(fixture: &mut Fixture) {
    fixture.done(appends(vec![append("t1", "j", &["a", "b", "c"])]));
    let trim = |stream: &str, keep_from| Transaction {
        at_ms: 1_000,
        trims: vec![Trim { tenant: "t1".into(), stream: stream.into(), keep_from }],
        ..Transaction::default()
    };
    fixture.done(trim("none", 3));
    fixture.done(trim("j", 3));
    let found = page(fixture, "t1", "j", 0, 9);
    assert_eq!((found.first, found.last, seqs(&found)), (3, 3, pairs(&[(3, "c")])));
    // What stays is not widened again.
    fixture.done(trim("j", 1));
    assert_eq!(page(fixture, "t1", "j", 0, 9).first, 3);
    fixture.done(trim("j", u64::MAX));
    fixture.reopen();
    let found = page(fixture, "t1", "j", 0, 9);
    assert_eq!((found.first, found.last, found.entries.len()), (4, 3, 0));
    assert_eq!(fixture.done(appends(vec![append("t1", "j", &["d"])])).streams, [4]);
    assert_eq!(seqs(&page(fixture, "t1", "j", 0, 9)), pairs(&[(4, "d")]));
}

pub fn are_pruned_when_they_have_been_quiet(fixture: &mut Fixture) {
    let at = |at_ms: i64, append: Append| Transaction { at_ms, ..appends(vec![append]) };
    let stamped = |at_ms: i64, stream: &str, texts: &[&str]| {
        let mut made = append("t1", stream, texts);
        for entry in &mut made.entries {
            entry.at_ms = at_ms;
        }
        at(at_ms, made)
    };
    fixture.done(stamped(1_000, "old", &["a", "b", "c"]));
    fixture.done(stamped(1_000, "grows", &["a"]));
    fixture.done(stamped(3_000, "grows", &["b"]));
    let until = |streams_ms, limit| PruneUntil {
        keys_ms: 0,
        delivered_ms: 0,
        dead_ms: 0,
        events_ms: 0,
        streams_ms,
        limit,
    };
    let pruned = |until| fixture.engine.prune(&until).expect("it prunes").entries;
    assert_eq!(pruned(until(999, 10)), 0);
    assert_eq!(pruned(until(2_000, 2)), 2);
    assert_eq!(page(fixture, "t1", "old", 0, 9).first, 3);
    assert_eq!(pruned(until(2_000, 10)), 1);
    assert_eq!(pruned(until(2_000, 10)), 0);
    let found = page(fixture, "t1", "old", 0, 9);
    assert_eq!((found.first, found.last), (4, 3));
    assert_eq!(seqs(&page(fixture, "t1", "grows", 0, 9)).len(), 2);
}
