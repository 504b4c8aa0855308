//! The audit chain (S2-184: one entry per operation, with actor, tenant, correlation id, outcome).

use tenon_storage::{AuditEntry, AuditLink, Found, Read, Transaction, verify_audit};

use crate::fixture::{Fixture, entry, lead, records};

fn links(fixture: &Fixture, from: u64, limit: u32) -> Vec<AuditLink> {
    match fixture.read(Read::Audit { from, limit }) {
        Found::Audit(links) => links,
        other => panic!("{other:?}"),
    }
}

fn entries(entries: Vec<AuditEntry>) -> Transaction {
    Transaction { audit: entries, ..Transaction::default() }
}

pub fn chain_holds_and_has_no_gaps(fixture: &mut Fixture) {
    assert_eq!(verify_audit(&*fixture.engine).map(|report| (report.links, report.broken)), Ok((0, None)));
    fixture.done(entries(vec![entry("one"), entry("two")]));
    let refused = Transaction { audit: vec![entry("never")], ..records(vec![lead("t1", "a", 7, "")]) };
    let group = [entries(vec![entry("three")]), refused, entries(vec![entry("four")])];
    fixture.engine.commit(&group);
    fixture.reopen();
    fixture.done(entries(vec![AuditEntry {
        code: Some("c".into()),
        detail: Some("{}".into()),
        ..entry("5")
    }]));
    let found = links(fixture, 1, 100);
    let names: Vec<(u64, &str)> =
        found.iter().map(|link| (link.seq, link.entry.operation.as_str())).collect();
    assert_eq!(names, [(1, "one"), (2, "two"), (3, "three"), (4, "four"), (5, "5")]);
    // S2-184: everything that was said is there.
    assert_eq!(found[0].entry, entry("one"));
    assert_eq!(found[4].entry.code.as_deref(), Some("c"));
    assert!(found.windows(2).all(|pair| pair[1].previous == pair[0].hash));
    assert_eq!(links(fixture, 3, 2).len(), 2);
    assert_eq!(verify_audit(&*fixture.engine).map(|report| (report.links, report.broken)), Ok((5, None)));
}

pub fn hash_is_made_of_the_hash_before_and_canonical_json(fixture: &mut Fixture) {
    let odd = AuditEntry { actor: "user:\"ü\"\n\u{1}".into(), code: Some("C".into()), ..entry("x") };
    fixture.done(entries(vec![odd]));
    let link = links(fixture, 1, 1).remove(0);
    assert_eq!(link.previous, "0".repeat(64));
    // What another program made of 64 zeros and
    // {"actor":"user:\"ü\"\n\u0001","at_ms":1000,"code":"C","correlation_id":"c1","detail":null,
    // "operation":"x","outcome":"ok","tenant":"t1"}
    assert_eq!(link.hash, "d2d8df6062f7507f4294f295c99ffc064c2e608020fd3c76d39cd7dd86a78028");
}

pub fn pages_are_followed_to_the_end(fixture: &mut Fixture) {
    let many: Vec<AuditEntry> = (0..2_500).map(|n| entry(&n.to_string())).collect();
    fixture.done(entries(many));
    let report = verify_audit(&*fixture.engine).expect("it reads");
    assert_eq!((report.links, report.broken), (2_500, None));
}
