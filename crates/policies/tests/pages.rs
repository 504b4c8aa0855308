//! The table of conditions, and the page beside each policy.

use std::collections::BTreeSet;
use std::path::Path;

use tenon_policies::refusal::conditions_page;
use tenon_policies::{Condition, Enforcement, Refusal, Stage, duration, enforcement};

#[test]
fn every_condition_is_whole_and_stands_in_the_order_of_the_checks() {
    let mut names = BTreeSet::new();
    let mut last = Stage::Door;
    for condition in Condition::ALL {
        let facts = condition.facts();
        assert!(names.insert(facts.name), "{} stands twice", facts.name);
        assert_eq!(Condition::from_name(facts.name), Some(*condition));
        assert!((400..600).contains(&facts.http_status), "{}", facts.name);
        assert!(facts.title.ends_with('.'), "{}", facts.name);
        assert!(facts.stage >= last, "{} stands out of order", facts.name);
        last = facts.stage;
        assert!(facts.grpc_status.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_'));
        assert!(conditions_page().contains(&format!("| `{}` | {} |", facts.name, facts.http_status)));
    }
    assert_eq!(names.len(), Condition::ALL.len());
    assert_eq!(Condition::from_name("no_such"), None);
}

#[test]
fn a_refusal_says_its_own_message_or_that_of_its_condition() {
    let refusal = Refusal::new(Condition::GuardRefused);
    assert_eq!(refusal.message(), "A rule of the operation does not hold.");
    assert_eq!(refusal.clone().with_message("No.").message(), "No.");
    assert_eq!(
        refusal.clone().with_code("LEAD_NOT_QUALIFIED").code_override.as_deref(),
        Some("LEAD_NOT_QUALIFIED")
    );
    assert_eq!((refusal.http_status(), refusal.with_status(422).http_status()), (409, 422));
}

#[test]
fn enforcement_is_named_by_policy_or_for_all() {
    use tenon_graph::Name;
    let names = |list: &[&str]| -> Vec<Name> {
        list.iter().map(|name| Name::new(*name, tenon_source::At::default())).collect()
    };
    assert_eq!(Enforcement::of(&names(&["rate"]), "rate"), Enforcement::Shadow);
    assert_eq!(Enforcement::of(&names(&["rate"]), "consent"), Enforcement::Enforce);
    assert_eq!(Enforcement::of(&names(&["all"]), "consent"), Enforcement::Shadow);
    assert_eq!(Enforcement::of(&[], "consent"), Enforcement::Enforce);
    assert_eq!(Enforcement::from_name("shadow"), Some(Enforcement::Shadow));
    assert_eq!(Enforcement::from_name("loud"), None);
}

#[test]
fn durations_are_read() {
    for (text, ms) in [
        ("500ms", Some(500)),
        ("5s", Some(5_000)),
        ("15m", Some(900_000)),
        ("1h30m", Some(5_400_000)),
        (" 24h ", Some(86_400_000)),
        ("7d", Some(604_800_000)),
        ("0s", Some(0)),
        ("", None),
        ("5", None),
        ("m", None),
        ("5 m", None),
        ("5y", None),
        ("-5m", None),
        ("99999999999999999999s", None),
        ("99999999d", None),
        ("5ü", None),
    ] {
        assert_eq!(duration::duration_ms(text), ms, "{text}");
    }
}

/// The policies that have a page, each with the conditions it can refuse with.
fn pages() -> Vec<(&'static str, Vec<&'static str>)> {
    vec![
        ("identity", vec!["unauthenticated", "token_invalid", "token_expired", "delegation_missing"]),
        ("tenancy", vec!["tenant_missing", "tenant_mismatch"]),
        ("access", vec!["actor_not_allowed", "scope_missing", "role_missing"]),
        ("rate", vec!["rate_limited"]),
        ("request", vec!["media_type_unsupported", "parameter_invalid", "body_malformed", "request_invalid"]),
        (
            "idempotency",
            vec![
                "idempotency_key_missing",
                "idempotency_key_invalid",
                "idempotency_key_reused",
                "idempotency_in_progress",
                "outcome_unknown",
            ],
        ),
        ("consent", vec!["consent_denied"]),
        ("precondition", vec!["precondition_failed", "precondition_required"]),
        ("transition", vec!["transition_not_allowed"]),
        ("page", vec!["page_size_invalid", "cursor_invalid"]),
        ("boundary", vec!["event_invalid", "internal"]),
        ("response", vec!["response_invalid"]),
        ("usage", vec![]),
        ("webhook_url", vec!["webhook_url_refused"]),
        ("sniff", vec!["upload_type_refused"]),
        ("enforcement", vec![]),
    ]
}

#[test]
fn every_policy_has_a_page_that_tells_its_codes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for (policy, conditions) in pages() {
        let page = std::fs::read_to_string(folder.join(format!("{policy}.md"))).expect(policy);
        let told: BTreeSet<&str> = page
            .lines()
            .filter_map(|line| line.strip_prefix("| `"))
            .filter_map(|line| line.split('`').next())
            .collect();
        assert_eq!(told, conditions.iter().copied().collect(), "the table of {policy}.md");
        for name in conditions {
            let status = Condition::from_name(name).expect(name).http_status();
            assert!(page.contains(&format!("| `{name}` | {status} |")), "{policy}.md: {name}");
        }
        for heading in ["## What it does", "## When it refuses", "## In shadow"] {
            assert!(page.contains(heading), "{policy}.md has no `{heading}`");
        }
    }
    assert_eq!(enforcement::POLICIES.len(), 8);
}
