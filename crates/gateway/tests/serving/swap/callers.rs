//! Who may call what, and where the operations are.

use serde_json::json;

use super::{ALL, Swap, asks, dispute, swap};
use crate::harness::{Ask, fits};

/// S0-85, S0-99: the six operations are at their methods and paths, and answer with what fits their
/// schemas.
#[tokio::test]
async fn six_operations_answer_where_they_are_said_to_be() {
    let Swap { gate, partner, .. } = swap();
    for (operation, schema, ask) in asks() {
        let answer = gate.call(ask.token(&partner)).await;
        let body = answer.expect(200);
        fits(&gate, schema, &body);
        assert_eq!(answer.header("content-type"), "application/json", "{operation}");
        assert_eq!(body["correlation_id"], answer.header("x-correlation-id"), "{operation}");
    }
    let audited: Vec<String> = gate.audit().await.into_iter().map(|link| link.entry.operation).collect();
    assert_eq!(
        audited,
        ["platform.connections.upsert", "inventory.snapshots.record", "disputes.create"],
        "changes are audited"
    );
    assert_eq!(gate.usage().await, [], "nothing is metered here");
}

/// S0-85: other paths are 404, other methods 405 with those there are.
#[tokio::test]
async fn other_paths_and_methods_are_refused() {
    let Swap { gate, partner, .. } = swap();
    let paths = ["/", "/dispute", "/disputes/a/b", "/inventory", "/platform-connections/x", "//disputes"];
    for path in paths {
        gate.call(Ask::get(path).token(&partner)).await.refused(404, "route_unknown");
    }
    let wrong = [
        ("DELETE", "/disputes/dispute_000001", "GET"),
        ("PUT", "/platform-connections", "GET, POST"),
        ("GET", "/inventory/snapshots", "POST"),
        ("POST", "/inventory/assets", "GET"),
        ("PATCH", "/disputes", "POST"),
    ];
    for (method, path, allowed) in wrong {
        let answer = gate.call(Ask::new(method, path).token(&partner)).await;
        answer.refused(405, "method_not_allowed");
        assert_eq!(answer.header("allow"), allowed, "{method} {path}");
    }
    // Whoever asks what there is, is told, and needs no token.
    let answer = gate.call(Ask::new("OPTIONS", "/platform-connections")).await;
    assert_eq!((answer.status, answer.header("allow")), (204, "GET, POST"));
    let head = gate.call(Ask::new("HEAD", "/platform-connections").token(&partner)).await;
    assert_eq!(head.status, 200);
}

/// S0-86: actors of another type get 403, and nothing is done.
#[tokio::test]
async fn actors_of_another_type_are_refused_before_anything_is_done() {
    let Swap { gate, user, .. } = swap();
    let acting = json!({ "type": "partner", "id": "partner_north" });
    let claims = json!({ "sub": "bot", "actor_type": "agent", "scope": ALL, "act_for": acting });
    let agent = gate.token(claims);
    let stranger = gate.somebody("service", "s1", ALL);
    let before = gate.kept().await;
    let mut refused = 0;
    for (operation, _, ask) in asks() {
        let allowed: &[&str] = match operation {
            "platform.connections.list" | "platform.connections.upsert" => &["user"],
            "inventory.assets.list" => &["agent"],
            _ => &[],
        };
        for (kind, token) in [("user", &user), ("agent", &agent), ("service", &stranger)] {
            if allowed.contains(&kind) {
                continue;
            }
            gate.call(ask.clone().token(token)).await.refused(403, "actor_not_allowed");
            refused += 1;
        }
    }
    assert_eq!(refused, 15);
    assert_eq!(gate.kept().await, before);
    // The key of a refused call is as good as new.
    let partner = gate.somebody("partner", "partner_north", ALL);
    gate.call(Ask::post("/disputes", &dispute()).key("a-3").token(&partner)).await.expect(200);
}

/// S0-87: every scope of the operation must be granted.
#[tokio::test]
async fn callers_without_the_scope_are_refused() {
    let Swap { gate, .. } = swap();
    let before = gate.kept().await;
    for (operation, _, ask) in asks() {
        let reads = ask.method == "GET";
        let (needed, other) = match reads {
            true => ("settlement:read", "settlement:write"),
            false => ("settlement:write", "settlement:read"),
        };
        for scope in [other, "", "settlement", "settlement:*", "SETTLEMENT:READ"] {
            let token = gate.somebody("partner", "partner_north", scope);
            let answer = gate.call(ask.clone().token(&token)).await;
            let body = answer.refused(403, "scope_missing");
            assert_eq!(body["errors"][0]["field"], needed, "{operation}");
            let challenge = answer.header("www-authenticate");
            assert_eq!(challenge, format!("Bearer error=\"insufficient_scope\", scope=\"{needed}\""));
        }
    }
    assert_eq!(gate.kept().await, before);
}

/// S0-88: nobody gets 401, and so does whoever brings a bad token.
#[tokio::test]
async fn callers_without_credentials_are_refused() {
    let Swap { gate, partner, .. } = swap();
    let before = gate.kept().await;
    let mut forged = partner.clone().into_bytes();
    let last = forged.len() - 2;
    forged[last] = if forged[last] == b'A' { b'B' } else { b'A' };
    let forged = String::from_utf8(forged).expect("text");
    for (operation, _, ask) in asks() {
        let answer = gate.call(ask.clone()).await;
        answer.refused(401, "unauthenticated");
        assert_eq!(answer.header("www-authenticate"), "Bearer", "{operation}");
        for bad in [forged.as_str(), "x", "a.b.c", ""] {
            let answer = gate.call(ask.clone().token(bad)).await;
            assert_eq!(answer.status, 401, "{operation} {bad:?}");
        }
        let basic = ask.header("authorization", "Basic dXNlcjpwYXNz");
        assert_eq!(gate.call(basic).await.status, 401, "{operation}");
    }
    assert_eq!(gate.kept().await, before);
}

/// Tokens that are over, not yet good, meant for others, or signed with `none`, are 401.
#[tokio::test]
async fn tokens_out_of_their_time_or_place_are_refused() {
    let Swap { gate, partner, .. } = swap();
    let ask = || Ask::get("/platform-connections");
    gate.call(ask().token(&partner)).await.expect(200);
    gate.clock.forward(3_600_000 + 31_000);
    gate.call(ask().token(&partner)).await.refused(401, "token_expired");
    let now_s = tenon_gateway::Clock::now_ms(&*gate.clock) / 1000;
    let base = json!({ "sub": "p", "actor_type": "partner", "scope": ALL });
    let with = |name: &str, value: serde_json::Value| {
        let mut claims = base.clone();
        claims[name] = value;
        gate.token(claims)
    };
    let cases = [
        ("nbf", json!(now_s + 600)),
        ("aud", json!("someone-else")),
        ("iss", json!("someone-else")),
        ("sub", json!("")),
        ("actor_type", json!(7)),
        ("sub", json!("line\nbreak")),
    ];
    for (name, value) in cases {
        let token = with(name, value.clone());
        gate.call(ask().token(&token)).await.refused(401, "token_invalid");
    }
    // {"alg":"none","typ":"JWT"} and the claims of a good token.
    let none = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0";
    let claims = partner.split('.').nth(1).expect("claims");
    for token in [format!("{none}.{claims}."), format!("{none}.{claims}.AAAA")] {
        gate.call(ask().token(&token)).await.refused(401, "token_invalid");
    }
}
