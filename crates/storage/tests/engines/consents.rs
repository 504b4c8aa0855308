//! Consent: nothing is overwritten, the latest word counts.

use tenon_storage::{ConsentChange, ConsentState, Found, Read, Transaction};

use crate::fixture::Fixture;

fn change(id: &str, tenant: &str, scope: &str, granted: bool) -> Transaction {
    let change = ConsentChange {
        id: id.into(),
        tenant: tenant.into(),
        subject: "lead-1".into(),
        scope: scope.into(),
        granted,
        source: "api".into(),
        evidence: granted.then(|| "form-7".into()),
        actor: "user:u1".into(),
        at_ms: 1_000,
    };
    Transaction { consents: vec![change], ..Transaction::default() }
}

fn states(fixture: &Fixture, tenant: &str, subject: &str) -> Vec<ConsentState> {
    match fixture.read(Read::Consent { tenant: tenant.into(), subject: subject.into() }) {
        Found::Consent(states) => states,
        other => panic!("{other:?}"),
    }
}

fn words(fixture: &Fixture, tenant: &str, subject: &str) -> Vec<(String, bool, String)> {
    let word = |state: ConsentState| (state.scope, state.granted, state.id);
    states(fixture, tenant, subject).into_iter().map(word).collect()
}

pub fn latest_word_counts(fixture: &mut Fixture) {
    fixture.done(change("1", "t1", "marketing", true));
    fixture.done(change("2", "t1", "communication", true));
    fixture.done(change("3", "t1", "marketing", false));
    fixture.reopen();
    let word = |scope: &str, granted, id: &str| (scope.to_owned(), granted, id.to_owned());
    let expected = [word("communication", true, "2"), word("marketing", false, "3")];
    assert_eq!(words(fixture, "t1", "lead-1"), expected);
    let found = states(fixture, "t1", "lead-1");
    assert_eq!((found[0].evidence.as_deref(), found[0].source.as_str()), (Some("form-7"), "api"));
    assert_eq!((found[1].evidence.as_deref(), found[1].at_ms), (None, 1_000));
    fixture.done(change("4", "t1", "marketing", true));
    assert_eq!(words(fixture, "t1", "lead-1")[1], word("marketing", true, "4"));
}

pub fn one_tenant_never_sees_another(fixture: &mut Fixture) {
    fixture.done(change("1", "t1", "marketing", true));
    assert!(words(fixture, "t2", "lead-1").is_empty());
    assert!(words(fixture, "t1", "lead-2").is_empty());
    fixture.done(change("2", "t2", "marketing", false));
    assert!(words(fixture, "t1", "lead-1")[0].1);
}
