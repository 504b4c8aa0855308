//! The pack `swap`: rows S0-57 and S0-85 to S0-102.

mod callers;
mod events;
mod keys;
mod records;
mod refusals;

use serde_json::{Value, json};

use crate::harness::{Ask, Gate};

/// Who calls.
pub struct Swap {
    pub gate: Gate,
    /// A partner that may do everything.
    pub partner: String,
    /// Another.
    pub other: String,
    /// A user that may do everything.
    pub user: String,
}

pub const ALL: &str = "settlement:read settlement:write";

pub fn swap() -> Swap {
    let gate = Gate::new("swap");
    let partner = gate.somebody("partner", "partner_north", ALL);
    let other = gate.somebody("partner", "partner_south", ALL);
    let user = gate.somebody("user", "u1", ALL);
    Swap { gate, partner, other, user }
}

pub fn connection() -> Value {
    json!({ "connection": { "platform": "steam", "account_ref": "steam:north-01", "status": "connected" } })
}

pub fn snapshot(captured_at: &str, assets: &[(&str, u32)]) -> Value {
    let assets: Vec<Value> =
        assets.iter().map(|(id, count)| json!({ "asset_id": id, "quantity": count })).collect();
    json!({ "snapshot": { "platform": "steam", "captured_at": captured_at, "assets": assets } })
}

pub fn dispute() -> Value {
    json!({ "dispute": {
        "dispute_type": "delivery", "severity": "medium", "subject_ref": "cycle_81",
        "reason_code": "delivery_late", "opened_at": "2026-02-15T11:00:00Z",
    } })
}

/// Each of the six operations as it succeeds, without a token: operation, the schema of its answer.
/// The dispute must be there already.
pub fn asks() -> Vec<(&'static str, &'static str, Ask)> {
    let snapshot = snapshot("2026-02-15T10:00:00Z", &[("sword-7", 1)]);
    vec![
        ("platform.connections.list", "PlatformConnectionListResponse", Ask::get("/platform-connections")),
        (
            "platform.connections.upsert",
            "PlatformConnectionUpsertResponse",
            Ask::post("/platform-connections", &connection()).key("a-1"),
        ),
        (
            "inventory.snapshots.record",
            "InventorySnapshotRecordResponse",
            Ask::post("/inventory/snapshots", &snapshot).key("a-2"),
        ),
        ("inventory.assets.list", "InventoryAssetListResponse", Ask::get("/inventory/assets")),
        ("disputes.create", "DisputeCreateResponse", Ask::post("/disputes", &dispute()).key("a-3")),
        ("disputes.get", "DisputeGetResponse", Ask::get("/disputes/dispute_000001")),
    ]
}
