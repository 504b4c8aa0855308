//! The gateway's own surface, under `/_tenon/`.

use std::sync::Arc;

use http::StatusCode;
use serde_json::json;

use crate::call::Call;
use crate::gateway::Gateway;
use crate::reply::Reply;

/// What paths of the gateway itself begin with.
pub const BASE: &str = "/_tenon/";

/// Answers a request to the gateway itself; `None` for every other.
pub(crate) fn answer(gateway: &Arc<Gateway>, call: &Call) -> Option<Reply> {
    let path = call.path.strip_prefix(BASE)?;
    Some(match path {
        "health" => Reply::json(StatusCode::OK, &json!({ "status": "ok" })),
        "ready" => ready(gateway),
        _ => Reply::empty(StatusCode::NOT_FOUND),
    })
}

/// Ready as long as the store can be read.
fn ready(gateway: &Gateway) -> Reply {
    match gateway.store().heads() {
        Ok(_) => Reply::json(StatusCode::OK, &json!({ "status": "ready" })),
        Err(error) => {
            let body = json!({ "status": "not ready", "reason": error.to_string() });
            Reply::json(StatusCode::SERVICE_UNAVAILABLE, &body)
        }
    }
}
