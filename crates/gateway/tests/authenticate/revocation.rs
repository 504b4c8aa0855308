//! S2-171: tokens can be taken back at once.

use serde_json::json;
use tenon_gateway::authenticate::{Problem, Revocation, Revoked, Verified};
use tenon_policies::Condition;

use crate::made::{ISSUER, NOW_MS, NOW_S, assert_refused, claims, good, good_but, hs256, look, with_secret};

fn by_id(id: &str, issuer: Option<&str>) -> Revocation {
    Revocation { issuer: issuer.map(str::to_owned), revoked: Revoked::Id(id.to_owned()), forget_ms: None }
}

/// S2-171: the very next call with a revoked token is 401, though it was remembered as good.
#[test]
fn a_token_is_revoked_by_its_id() {
    let door = with_secret();
    let (token, other) = (hs256(good()), hs256(good_but(json!({ "jti": "j-2" }))));
    claims(&look(&door, &token));
    door.revoke(by_id("j-1", Some("https://other.example.com/")), NOW_MS).unwrap();
    claims(&look(&door, &token));
    door.revoke(by_id("j-1", Some(ISSUER)), NOW_MS).unwrap();
    assert_refused(&look(&door, &token), Problem::Revoked);
    let refusal = look(&door, &token).refusal().unwrap();
    assert_eq!((refusal.condition, refusal.condition.http_status()), (Condition::TokenInvalid, 401));
    claims(&look(&door, &other));
    door.revoke(by_id("j-2", None), NOW_MS).unwrap();
    assert_refused(&look(&door, &other), Problem::Revoked);
}

/// All tokens of a subject until now; those made later are good.
#[test]
fn a_subject_is_revoked_until_a_moment() {
    let door = with_secret();
    let revoked = Revoked::Subject { subject: "acme".to_owned(), until_ms: NOW_MS };
    let revocation = Revocation { issuer: None, revoked, forget_ms: None };
    door.revoke(revocation, NOW_MS).unwrap();
    let at = |changes| look(&door, &hs256(good_but(changes)));
    assert_refused(&at(json!({})), Problem::Revoked);
    assert_refused(&at(json!({ "iat": null })), Problem::Revoked);
    claims(&at(json!({ "iat": NOW_S + 1 })));
    claims(&at(json!({ "sub": "others" })));
    // A shorter one does not undo it.
    let revoked = Revoked::Subject { subject: "acme".to_owned(), until_ms: NOW_MS - 60_000 };
    door.revoke(Revocation { issuer: None, revoked, forget_ms: Some(NOW_MS) }, NOW_MS).unwrap();
    assert_refused(&at(json!({})), Problem::Revoked);
}

/// More than can be held is said, and what has ended makes room.
#[test]
fn revocations_have_a_limit() {
    let door = with_secret();
    let max = tenon_gateway::authenticate::REVOCATIONS_MAX;
    let ending = |number: usize, forget_ms| Revocation { forget_ms, ..by_id(&format!("x-{number}"), None) };
    for number in 0..max {
        door.revoke(ending(number, Some(NOW_MS + 1000)), NOW_MS).unwrap();
    }
    let error = door.revoke(by_id("j-1", None), NOW_MS).unwrap_err();
    assert!(error.to_string().contains("200000 revocations are held"), "{error}");
    assert!(matches!(look(&door, &hs256(good())), Verified::Claims(_)));
    door.revoke(by_id("j-1", None), NOW_MS + 60_000).unwrap();
    assert_refused(&look(&door, &hs256(good())), Problem::Revoked);
}
