//! Rate classes.

use super::{lead, sales, subscription};
use crate::harness::{Ask, NORTH};

/// S2-145, S2-178: the burst of a class, then 429 with the time to wait; another tenant, another
/// caller and another class are not concerned; and later it goes on.
#[tokio::test]
async fn classes_are_held_per_tenant() {
    let sales = sales();
    let ask = |at: usize| {
        let mut body = subscription();
        body["subscription"]["url"] = format!("https://crm.example/hooks/{at}").into();
        Ask::post("/api/v1/webhooks/subscriptions", &body)
    };
    let start_s = crate::harness::START_MS / 1000;
    // 20 a minute, 10 at once.
    for at in 0..10_i64 {
        let answer = sales.call(ask(usize::try_from(at).expect("small"))).await;
        answer.expect(201);
        assert_eq!(answer.header("x-ratelimit-limit"), "20");
        assert_eq!(answer.header("x-ratelimit-remaining"), (9 - at).to_string());
        assert_eq!(answer.header("x-ratelimit-reset"), (start_s + 3 * (at + 1)).to_string());
        assert_eq!(answer.header("ratelimit-policy"), "\"configuration_operations\";q=20;w=60");
        assert_eq!(
            answer.header("ratelimit"),
            format!("\"configuration_operations\";r={};t={}", 9 - at, 3 * (at + 1))
        );
    }
    let kept = sales.gate.kept().await;
    let answer = sales.call(ask(10)).await;
    let told = answer.refused(429, "RATE_LIMITED");
    assert_eq!(answer.header("retry-after"), "3");
    assert_eq!(answer.header("x-ratelimit-remaining"), "0");
    assert_eq!(answer.header("x-ratelimit-limit"), "20");
    assert!(told["error"]["message"].as_str().expect("text").contains("try again in 3 s"), "{told}");
    assert_eq!(sales.gate.kept().await, kept);
    sales.gate.call(sales.south(ask(10))).await.expect(201);
    sales.lead("crm-1").await;
    sales.gate.clock.forward(2_999);
    sales.call(ask(10)).await.refused(429, "RATE_LIMITED");
    sales.gate.clock.forward(1);
    sales.call(ask(10)).await.expect(201);
    sales.call(ask(11)).await.refused(429, "RATE_LIMITED");
}

/// S2-178: refusals before the class are not counted, those after it are; so are replays.
#[tokio::test]
async fn what_counts_is_what_was_let_in() {
    let sales = sales();
    let ask = sales.ask(Ask::post("/api/v1/leads", &lead("crm-1")));
    for _ in 0..60 {
        sales.gate.call(ask.clone().without("authorization")).await.refused(401, "UNAUTHENTICATED");
        sales
            .gate
            .call(ask.clone().header("x-tenant-id", crate::harness::SOUTH))
            .await
            .refused(403, "TENANT_MISMATCH");
    }
    // 50 at once.
    assert_eq!(sales.gate.call(ask.clone()).await.header("x-ratelimit-remaining"), "49");
    assert_eq!(sales.gate.call(ask.clone()).await.header("x-ratelimit-remaining"), "48");
    assert_eq!(sales.gate.call(ask.clone().bytes("{")).await.header("x-ratelimit-remaining"), "47");
}

/// S2-169: the seven classes, as the contract has them, each held by the operations that name it.
#[tokio::test]
async fn seven_classes_are_held() {
    let sales = sales();
    let plan = sales.gate.gateway.plan();
    let mut classes: Vec<(&str, u32, u32)> = plan
        .operations
        .iter()
        .map(|operation| operation.rate.as_ref().expect("a class"))
        .map(|class| (class.name.as_str(), class.requests, class.burst))
        .collect();
    classes.sort_unstable();
    classes.dedup();
    let expected = [
        ("appointment_operations", 60, 30),
        ("configuration_operations", 20, 10),
        ("lead_ingestion", 100, 50),
        ("payment_operations", 30, 10),
        ("read_operations", 600, 200),
        ("routing_operations", 60, 30),
        ("scoring_operations", 60, 30),
    ];
    assert_eq!(classes, expected);
    let path = format!("/api/v1/leads/{NORTH}/status");
    for left in (0..200).rev() {
        let answer = sales.call(Ask::get(&path)).await;
        assert_eq!(answer.header("x-ratelimit-remaining"), left.to_string());
    }
    sales.call(Ask::get(&path)).await.refused(429, "RATE_LIMITED");
}
