//! Connections, assets and disputes as they are kept and shown.

use serde_json::{Value, json};

use super::{ALL, Swap, connection, dispute, snapshot, swap};
use crate::harness::{Ask, Gate};

async fn record(gate: &Gate, token: &str, key: &str, body: &Value) -> Value {
    gate.call(Ask::post("/inventory/snapshots", body).key(key).token(token)).await.expect(200)
}

/// Assets as a caller sees them: platform, asset, quantity.
async fn assets(gate: &Gate, token: &str, query: &str) -> Vec<(String, String, u64)> {
    let body = gate.call(Ask::get(&format!("/inventory/assets{query}")).token(token)).await.expect(200);
    let text = |item: &Value, name: &str| item[name].as_str().expect("text").to_owned();
    let items = body["assets"].as_array().expect("a list").iter();
    items
        .map(|item| {
            (text(item, "platform"), text(item, "asset_id"), item["quantity"].as_u64().expect("a count"))
        })
        .collect()
}

fn asset(platform: &str, id: &str, quantity: u64) -> (String, String, u64) {
    (platform.to_owned(), id.to_owned(), quantity)
}

/// S0-93: assets are those of the caller's own snapshots.
#[tokio::test]
async fn partners_see_their_own_assets_only() {
    let Swap { gate, partner, other, .. } = swap();
    record(&gate, &partner, "1", &snapshot("2026-02-15T10:00:00Z", &[("north-only", 1)])).await;
    record(&gate, &other, "1", &snapshot("2026-02-15T10:00:00Z", &[("south-only", 2), ("both", 3)])).await;
    assert_eq!(assets(&gate, &partner, "").await, [asset("steam", "north-only", 1)]);
    assert_eq!(
        assets(&gate, &other, "?platform=steam").await,
        [asset("steam", "both", 3), asset("steam", "south-only", 2)]
    );
    assert_eq!(assets(&gate, &other, "?platform=xbox").await, []);
    // The partner's id stays inside.
    let body = gate.call(Ask::get("/inventory/assets").token(&partner)).await.expect(200);
    assert!(!body["assets"].to_string().contains("partner_north"), "{body}");
}

/// S0-93: an agent sees those of the partner it acts for; without one it gets 403.
#[tokio::test]
async fn agents_see_what_their_partner_sees() {
    let Swap { gate, partner, other, .. } = swap();
    record(&gate, &partner, "1", &snapshot("2026-02-15T10:00:00Z", &[("north-only", 1)])).await;
    record(&gate, &other, "1", &snapshot("2026-02-15T10:00:00Z", &[("south-only", 2)])).await;
    let agent = |act_for: Option<Value>| {
        let mut claims = json!({ "sub": "bot", "actor_type": "agent", "scope": ALL });
        if let Some(act_for) = act_for {
            claims["act_for"] = act_for;
        }
        gate.token(claims)
    };
    let north = agent(Some(json!({ "type": "partner", "id": "partner_north" })));
    assert_eq!(assets(&gate, &north, "").await, [asset("steam", "north-only", 1)]);
    let none = agent(None);
    gate.call(Ask::get("/inventory/assets").token(&none)).await.refused(403, "delegation_missing");
    let user = agent(Some(json!({ "type": "user", "id": "partner_north" })));
    gate.call(Ask::get("/inventory/assets").token(&user)).await.refused(403, "delegation_missing");
    let broken = agent(Some(json!({ "type": "partner" })));
    assert_eq!(gate.call(Ask::get("/inventory/assets").token(&broken)).await.status, 401);
}

/// S0-94: the latest capture wins, whenever it was told; of one moment, the one told later.
#[tokio::test]
async fn the_latest_capture_of_an_asset_wins() {
    let Swap { gate, partner, .. } = swap();
    record(&gate, &partner, "1", &snapshot("2026-02-15T10:00:00Z", &[("sword", 1), ("tape", 5)])).await;
    let later = record(&gate, &partner, "2", &snapshot("2026-02-15T12:00:00Z", &[("sword", 2)])).await;
    record(&gate, &partner, "3", &snapshot("2026-02-15T11:00:00Z", &[("sword", 9), ("axe", 1)])).await;
    let seen = [asset("steam", "axe", 1), asset("steam", "sword", 2), asset("steam", "tape", 5)];
    assert_eq!(assets(&gate, &partner, "").await, seen);
    let body = gate.call(Ask::get("/inventory/assets").token(&partner)).await.expect(200);
    assert_eq!(body["assets"][1]["snapshot_id"], later["snapshot"]["snapshot_id"]);
    assert_eq!(body["assets"][1]["captured_at"], "2026-02-15T12:00:00Z");
    // The same moment, written in another zone.
    record(&gate, &partner, "4", &snapshot("2026-02-15T14:00:00+02:00", &[("sword", 3)])).await;
    assert_eq!(assets(&gate, &partner, "").await[1], asset("steam", "sword", 3));
    record(&gate, &partner, "5", &snapshot("2026-02-15T14:30:00+03:00", &[("sword", 4)])).await;
    assert_eq!(assets(&gate, &partner, "").await[1], asset("steam", "sword", 3), "that is half past eleven");
    // Twice in one snapshot is one asset.
    let twice = snapshot("2026-02-15T15:00:00Z", &[("sword", 5), ("sword", 6)]);
    record(&gate, &partner, "6", &twice).await;
    assert_eq!(assets(&gate, &partner, "").await[1], asset("steam", "sword", 6));
    assert_eq!(gate.records("", "InventoryAsset").len(), 3);
}

/// S0-94: the order is by platform, then asset, whatever the order they came in.
#[tokio::test]
async fn assets_have_one_order() {
    let Swap { gate, partner, .. } = swap();
    let mut seen = Vec::new();
    for (at, (platform, ids)) in
        [("xbox", ["b", "a"]), ("steam", ["z", "10"]), ("epic", ["9", "B"])].into_iter().enumerate()
    {
        let mut body = snapshot("2026-02-15T10:00:00Z", &[(ids[0], 1), (ids[1], 1)]);
        body["snapshot"]["platform"] = platform.into();
        record(&gate, &partner, &format!("k{at}"), &body).await;
        seen.extend(ids.map(|id| asset(platform, id, 1)));
    }
    seen.sort();
    for _ in 0..3 {
        assert_eq!(assets(&gate, &partner, "").await, seen);
    }
}

/// S0-95: connections are the caller's own, with their status.
#[tokio::test]
async fn callers_see_their_own_connections_only() {
    let Swap { gate, partner, user, .. } = swap();
    let second = gate.somebody("user", "u2", ALL);
    // The same id, and another type: another party.
    let namesake = gate.somebody("user", "partner_north", ALL);
    for (at, token) in [&partner, &user].into_iter().enumerate() {
        let ask = Ask::post("/platform-connections", &connection()).key(&format!("k{at}"));
        gate.call(ask.token(token)).await.expect(200);
    }
    let list = async |token: &str| {
        let body = gate.call(Ask::get("/platform-connections").token(token)).await.expect(200);
        body["connections"].as_array().expect("a list").clone()
    };
    let own = list(&user).await;
    assert_eq!(own.len(), 1);
    assert_eq!(own[0]["actor"], json!({ "type": "user", "id": "u1" }));
    assert_eq!(own[0]["status"], "connected");
    assert_eq!(own[0]["metadata"], json!({}));
    assert_eq!(own[0]["updated_at"], "2026-02-16T00:00:00.000Z");
    assert_eq!(list(&second).await, Vec::<Value>::new());
    assert_eq!(list(&namesake).await, Vec::<Value>::new());
}

/// S0-95, S0-96: told again, a connection is changed: the same id, what is not told stays.
#[tokio::test]
async fn a_connection_that_is_told_again_is_changed() {
    let Swap { gate, user, .. } = swap();
    let mut body = connection();
    body["connection"]["connected_at"] = "2026-02-15T09:00:00Z".into();
    body["connection"]["metadata"] = json!({ "region": "eu" });
    let first = gate.call(Ask::post("/platform-connections", &body).key("1").token(&user)).await.expect(200);
    gate.clock.forward(60_000);
    let mut body = connection();
    body["connection"]["status"] = "degraded".into();
    let second = gate.call(Ask::post("/platform-connections", &body).key("2").token(&user)).await.expect(200);
    let mut expected = first["connection"].clone();
    expected["status"] = "degraded".into();
    expected["updated_at"] = "2026-02-16T00:01:00.000Z".into();
    assert_eq!(second["connection"], expected);
    assert_eq!(gate.records("", "PlatformConnection").len(), 1);
}

/// S0-96: a connection is kept and nobody is called: there is no proxy in the pack, no event, no
/// subscription, and an address in the metadata is just kept.
#[tokio::test]
async fn upserting_a_connection_calls_nobody() {
    let Swap { gate, user, .. } = swap();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.set_nonblocking(true).expect("a socket");
    let url = format!("http://{}/callback", listener.local_addr().expect("an address"));
    let mut body = connection();
    body["connection"]["metadata"] = json!({ "callback_url": url, "webhook": url });
    let answer = gate.call(Ask::post("/platform-connections", &body).key("1").token(&user)).await.expect(200);
    assert_eq!(answer["connection"]["metadata"]["callback_url"], url);
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    assert_eq!(
        listener.accept().map(|_| ()).map_err(|error| error.kind()),
        Err(std::io::ErrorKind::WouldBlock)
    );
    assert_eq!(gate.events().len(), 0);
    let plan = gate.gateway.plan();
    let proxies = plan.operations.iter().filter(|operation| {
        matches!(operation.handler, tenon_gateway::plan::operation::HandlerPlan::Proxy(_))
    });
    assert_eq!(proxies.count(), 0);
}

/// S0-97: a dispute is shown as it was made, from one store; another's is as if it were not there.
#[tokio::test]
async fn disputes_are_made_and_shown_from_one_store() {
    let Swap { gate, partner, other, .. } = swap();
    let made = gate.call(Ask::post("/disputes", &dispute()).key("1").token(&partner)).await.expect(200);
    let id = made["dispute"]["dispute_id"].as_str().expect("an id").to_owned();
    assert_eq!(id, "dispute_000001");
    let path = format!("/disputes/{id}");
    let shown = gate.call(Ask::get(&path).token(&partner)).await.expect(200);
    assert_eq!(shown["dispute"], made["dispute"]);
    assert_eq!(shown["dispute"]["status"], "open");
    assert_eq!(shown["dispute"]["resolved_at"], Value::Null);
    assert_eq!(shown["dispute"]["evidence_items"], json!([]));
    assert_eq!(gate.records("", "partner_disputes").len(), 1);
    assert_eq!(gate.records("", "Dispute").len(), 0, "there is no second store");
    let foreign = gate.call(Ask::get(&path).token(&other)).await.refused(404, "dispute_not_found");
    let absent = gate.call(Ask::get("/disputes/dispute_000002").token(&other)).await;
    let absent = absent.refused(404, "dispute_not_found");
    assert_eq!(foreign["detail"], absent["detail"], "nothing tells that there is one");
    assert_eq!(foreign.get("errors"), absent.get("errors"));
    gate.call(Ask::get("/disputes/%20").token(&partner)).await.refused(400, "dispute_facade_invalid");
}

/// S0-97: a dispute the partner programme has resolved is shown so.
#[tokio::test]
async fn a_dispute_that_was_resolved_is_shown_so() {
    let Swap { gate, partner, .. } = swap();
    gate.call(Ask::post("/disputes", &dispute()).key("1").token(&partner)).await.expect(200);
    let mut record = gate.records("", "partner_disputes").remove(0);
    record["status"] = "resolved".into();
    record["resolved_at"] = "2026-02-16T01:00:00Z".into();
    record["resolution"] = json!({ "code": "refunded" });
    let write = tenon_storage::RecordWrite {
        tenant: String::new(),
        collection: "partner_disputes".to_owned(),
        id: "dispute_000001".to_owned(),
        expected_version: 1,
        body: Some(record.to_string().into_bytes()),
        natural_key: None,
        index: vec![("partner_id".to_owned(), "partner_north".to_owned())],
        sequence: None,
    };
    let transaction = tenon_storage::Transaction {
        at_ms: 1,
        records: vec![write],
        ..tenon_storage::Transaction::default()
    };
    gate.gateway.store().commit(transaction).await.expect("a commit");
    let answer = gate.call(Ask::get("/disputes/dispute_000001").token(&partner)).await;
    let shown = answer.expect(200);
    assert_eq!(shown["dispute"]["status"], "resolved");
    assert_eq!(shown["dispute"]["resolution"], json!({ "code": "refunded" }));
    assert_eq!(answer.header("etag"), "\"2\"");
    let same = Ask::get("/disputes/dispute_000001").token(&partner).header("if-none-match", "\"2\"");
    assert_eq!(gate.call(same).await.status, 304);
}
