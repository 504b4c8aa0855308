//! Who calls, for whom, whether they may, and how often.

mod common;

use common::{caller, claims, code, nobody, shadow};
use serde_json::json;
use tenon_policies::access::{Access, AccessRule};
use tenon_policies::identity::{Credentials, IdentityRule};
use tenon_policies::rate::{self, RateClass, RateLeft, RateState};
use tenon_policies::tenancy::{TenancyRule, Tenant};
use tenon_policies::{Condition, Enforcement, Identity, access, identity, tenancy};

#[test]
fn credentials_are_looked_at_before_anything_else() {
    let rule = IdentityRule::default();
    let agent = claims(json!({ "sub": "a1", "actor_type": "agent" }));
    let full = claims(json!({ "sub": "u1", "actor_type": "user" }));
    // S0-88, S2-139, S2-171: no, bad and expired credentials are 401.
    let table = [
        (Credentials::None, false, "unauthenticated", 401),
        (Credentials::None, true, "ok", 200),
        (Credentials::Invalid, false, "token_invalid", 401),
        (Credentials::Invalid, true, "token_invalid", 401),
        (Credentials::Expired, false, "token_expired", 401),
        (Credentials::Expired, true, "token_expired", 401),
        (Credentials::Verified(&agent), false, "delegation_missing", 403),
        (Credentials::Verified(&full), false, "ok", 200),
    ];
    for (credentials, public, expected, status) in table {
        let decision = identity::decide(&rule, credentials, public);
        assert_eq!(code(&decision), expected, "{credentials:?} public: {public}");
        assert_eq!(decision.map_or_else(|refusal| refusal.http_status(), |_| 200), status);
    }
}

#[test]
fn claims_that_cannot_be_used_are_an_invalid_token() {
    let rule = IdentityRule::default();
    let table = [
        (json!({ "actor_type": "user" }), "token_invalid"),
        (json!({ "sub": "", "actor_type": "user" }), "token_invalid"),
        (json!({ "sub": 7, "actor_type": "user" }), "token_invalid"),
        (json!({ "sub": "u\u{1f}1", "actor_type": "user" }), "token_invalid"),
        (json!({ "sub": "x".repeat(257), "actor_type": "user" }), "token_invalid"),
        (json!({ "sub": "u1" }), "token_invalid"),
        (json!({ "sub": "u1", "actor_type": ["user"] }), "token_invalid"),
        (json!({ "sub": "u1", "actor_type": "user", "tenant_id": 5 }), "token_invalid"),
        (json!({ "sub": "u1", "actor_type": "user", "tenant_id": null }), "ok"),
        (json!({ "sub": "u1", "actor_type": "user", "act_for": "p1" }), "token_invalid"),
        (json!({ "sub": "u1", "actor_type": "user", "scope": { "a": 1 } }), "token_invalid"),
        (json!({ "sub": "u1", "actor_type": "user", "scope": ["a", 1] }), "token_invalid"),
        (json!({ "sub": "u1", "actor_type": "user", "scope": vec!["a"; 257] }), "token_invalid"),
    ];
    for (value, expected) in table {
        let claims = claims(value.clone());
        let decision = identity::decide(&rule, Credentials::Verified(&claims), false);
        assert_eq!(code(&decision), expected, "{value}");
    }
}

#[test]
fn an_agent_acts_for_another_and_both_are_known() {
    let agent = caller("agent", "a1", "b a  a");
    assert_eq!(agent.actor().to_string(), "agent:a1");
    assert_eq!(agent.principal().to_string(), "partner:p9");
    assert_eq!(
        agent.actor_value(),
        json!({ "type": "agent", "id": "a1", "scopes": ["a", "b"], "roles": [] })
    );
    assert_eq!(agent.principal_value(), json!({ "type": "partner", "id": "p9" }));
    let claims = claims(json!({ "sub": "u1", "actor_type": "user", "roles": ["admin"], "scp": ["x"] }));
    let user = identity::decide(&IdentityRule::default(), Credentials::Verified(&claims), false).unwrap();
    assert_eq!(user.principal(), user.actor());
    assert!(user.has_role("admin") && user.has_scope("x") && !user.has_scope("a"));
    assert!(nobody().is_anonymous() && !user.is_anonymous());
    assert_eq!(nobody().actor().to_string(), "anonymous");
}

fn of_no_tenant() -> Identity {
    let claims = claims(json!({ "sub": "u1", "actor_type": "user" }));
    identity::decide(&IdentityRule::default(), Credentials::Verified(&claims), false).unwrap()
}

#[test]
fn everyone_who_names_a_tenant_names_the_same() {
    let rule = TenancyRule {
        scoped: true,
        header: Some("X-Tenant-Id".to_owned()),
        header_required: false,
        path_parameter: None,
    };
    let required = TenancyRule { header_required: true, ..rule.clone() };
    let free = TenancyRule::default();
    // S2-136, S2-171, S2-174: claim, header and path agree, or it is refused.
    let t1 = caller("user", "u1", "");
    let long = "t".repeat(300);
    type Row<'r> = (&'r TenancyRule, &'r Identity, Option<&'r str>, Option<&'r str>, &'r str, &'r str);
    let table: [Row<'_>; 14] = [
        (&rule, &t1, None, None, "ok", "t1"),
        (&rule, &t1, Some("t1"), None, "ok", "t1"),
        (&rule, &t1, Some("t1"), Some("t1"), "ok", "t1"),
        (&rule, &t1, Some("t2"), None, "tenant_mismatch", ""),
        (&rule, &t1, None, Some("t2"), "tenant_mismatch", ""),
        (&rule, &t1, Some("t1"), Some("t2"), "tenant_mismatch", ""),
        (&required, &t1, None, None, "tenant_missing", ""),
        (&required, &t1, Some(""), None, "tenant_missing", ""),
        (&rule, &t1, Some(&long), None, "tenant_missing", ""),
        (&rule, &of_no_tenant(), Some("t1"), None, "tenant_mismatch", ""),
        (&rule, &of_no_tenant(), None, None, "tenant_missing", ""),
        (&rule, &nobody(), Some("t1"), None, "ok", "t1"),
        (&rule, &nobody(), None, None, "tenant_missing", ""),
        (&free, &t1, Some("t2"), None, "ok", ""),
    ];
    for (rule, identity, header, path, expected, tenant) in table {
        let decision = tenancy::decide(rule, identity, header, path);
        assert_eq!(code(&decision), expected, "{header:?} {path:?}");
        assert_eq!(decision.map(|tenant| tenant.id().to_owned()).unwrap_or_default(), tenant);
    }
}

#[test]
fn shadow_never_opens_the_tenant_a_request_names() {
    let rule = TenancyRule { scoped: true, ..TenancyRule::default() };
    let t1 = caller("user", "u1", "");
    let settled = shadow(tenancy::decide(&rule, &t1, Some("t2"), None), |waiver| Tenant::waived(&t1, waiver));
    assert_eq!(settled.proof.id(), "t1");
    assert_eq!(settled.shadowed.map(|refusal| refusal.condition), Some(Condition::TenantMismatch));
}

#[test]
fn type_then_scopes_then_role() {
    let rule = AccessRule {
        actors: Some(vec!["partner".to_owned(), "agent".to_owned()]),
        scopes: vec!["disputes:write".to_owned(), "disputes:read".to_owned()],
        role: Some("admin".to_owned()),
    };
    let table = [
        // S0-86: the type is not among the operation's actors.
        (caller("user", "u1", "disputes:write disputes:read"), "actor_not_allowed"),
        // S0-57: doubly wrong, and always the same code.
        (caller("user", "u1", ""), "actor_not_allowed"),
        // S0-87: every scope, not one of them.
        (caller("partner", "p1", "settlement:read"), "scope_missing"),
        (caller("partner", "p1", "disputes:write"), "scope_missing"),
        (caller("partner", "p1", "disputes:write disputes:read"), "role_missing"),
        (nobody(), "actor_not_allowed"),
    ];
    for (identity, expected) in &table {
        let first = access::decide(&rule, identity);
        assert_eq!(code(&first), *expected, "{:?}", identity.actor());
        assert_eq!(first.as_ref().map_err(tenon_policies::Refusal::http_status), Err(403));
        for _ in 0..100 {
            assert_eq!(access::decide(&rule, identity), first);
        }
    }
    let refusal = access::decide(&rule, &table[2].0).unwrap_err();
    let fields: Vec<_> = refusal.details.iter().map(|detail| detail.field.as_str()).collect();
    assert_eq!(fields, ["disputes:write", "disputes:read"]);
    assert!(access::decide(&AccessRule::default(), &nobody()).is_ok());
    let waived = shadow(access::decide(&rule, &nobody()), Access::waived);
    assert!(waived.shadowed.is_some());
    assert!(Enforcement::Enforce.settle(access::decide(&rule, &nobody()), Access::waived).is_err());
}

fn class(requests: u32, per_ms: u64, burst: u32) -> RateClass {
    RateClass { name: "lead_ingestion".to_owned(), requests, per_ms, burst }
}

#[test]
fn a_burst_is_let_through_then_a_steady_rate() {
    // S2-145, S2-178: a burst over the limit is 429 with the time to wait.
    let class = class(60, 60_000, 3);
    let now = 1_800_000_000_000;
    let table = [
        (0, Some((2, 1))),
        (0, Some((1, 2))),
        (0, Some((0, 3))),
        (0, None),
        (999, None),
        (1_000, Some((0, 3))),
        (1_000, None),
        (3_500, Some((1, 2))),
        (60_000, Some((2, 1))),
    ];
    let mut state = RateState::default();
    for (after, expected) in table {
        let step = rate::decide(&class, state, now + after);
        match expected {
            Some((remaining, reset_s)) => {
                assert_eq!(step.left, RateLeft { remaining, reset_s }, "{after}");
                assert_eq!(step.decision.unwrap().left(), Some(step.left));
            }
            None => {
                let refusal = step.decision.unwrap_err();
                assert_eq!((refusal.condition, refusal.http_status()), (Condition::RateLimited, 429));
                assert_eq!(refusal.retry_after_s, Some(1));
                assert_eq!(step.state, state, "a refusal is not counted");
                assert_eq!(step.left.remaining, 0);
            }
        }
        state = step.state;
    }
}

#[test]
fn no_caller_gets_more_than_the_rate_whatever_they_do() {
    let class = class(7, 1_000, 7);
    let (mut state, mut let_through) = (RateState::default(), 0_u32);
    for ms in 0..10_000 {
        let step = rate::decide(&class, state, 1_000_000 + ms);
        state = step.state;
        let_through += u32::from(step.decision.is_ok());
    }
    assert_eq!(let_through, 7 + 69);
    // Waiting as long as was advised is enough.
    let state = rate::decide(&class, state, 1_010_000).state;
    let refused = rate::decide(&class, state, 1_010_000).decision.unwrap_err();
    let wait = i64::from(refused.retry_after_s.unwrap()) * 1_000;
    assert!(rate::decide(&class, state, 1_010_000 + wait).decision.is_ok());
}

#[test]
fn strange_clocks_and_classes_do_no_harm() {
    let odd = class(0, 0, 0);
    assert!(rate::decide(&odd, RateState(i64::MAX), i64::MIN).decision.is_err());
    let huge = class(u32::MAX, u64::MAX, u32::MAX);
    let _ = rate::decide(&huge, RateState(i64::MAX), i64::MAX);
    // The clock went back by a day: the caller waits for a burst, not for a day.
    let class = class(60, 60_000, 60);
    let day = 86_400_000;
    let state = rate::decide(&class, RateState::default(), 10 * day).state;
    let refusal = rate::decide(&class, state, 9 * day).decision.unwrap_err();
    assert_eq!(refusal.retry_after_s, Some(1));
}

#[test]
fn the_header_fields_are_those_of_the_draft_and_the_older_ones() {
    // S2-145: limit, remaining and reset, the last as Unix time.
    let class = class(100, 60_000, 20);
    let left = RateLeft { remaining: 19, reset_s: 1 };
    assert_eq!(rate::policy_field(&class), "\"lead_ingestion\";q=100;w=60");
    assert_eq!(rate::limit_field(&class, left), "\"lead_ingestion\";r=19;t=1");
    let fields = rate::x_fields(&class, left, 1_800_000_000_500);
    assert_eq!(fields[0], ("x-ratelimit-limit", "100".to_owned()));
    assert_eq!(fields[1], ("x-ratelimit-remaining", "19".to_owned()));
    assert_eq!(fields[2], ("x-ratelimit-reset", "1800000001".to_owned()));
    let odd = RateClass { name: "a\"b\\c\r\nü".to_owned(), ..class };
    assert_eq!(rate::policy_field(&odd), "\"a\\\"b\\\\c\";q=100;w=60");
}
