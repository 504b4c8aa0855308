//! The gateway's own surface, under `/_tenon/`.
//!
//! | path | what |
//! |---|---|
//! | `health`, `ready` | for whoever watches the process |
//! | `openapi.json` | the contracts as OpenAPI 3.1 |
//! | `metrics` | for Prometheus: OpenMetrics text |
//! | `events` | committed events: a stream, or a list that waits; `POST` publishes one |
//! | `consents` | what people agreed to |
//! | `revocations` | tokens taken back before their time |
//! | `usage` | what was metered, summed; `usage/events`, each use as a CloudEvent |
//! | `audit` | who did what: the links of the chain, and whether it holds |
//! | `webhooks…` | deliveries and dead letters |
//! | nothing, `console…` | all of it for people, as pages |

pub mod audit;
mod caller;
mod consents;
mod console;
mod events;
pub(crate) mod tokens;
pub mod usage;

use std::sync::Arc;

use http::StatusCode;
use serde_json::json;
use tenon_policies::{Condition, Refusal};

use crate::call::Call;
use crate::delivery::admin::{self, Admin};
use crate::gateway::Gateway;
use crate::render;
use crate::reply::{Body, Reply};
use crate::trail::Trail;

use caller::Caller;

/// What paths of the gateway itself begin with.
pub const BASE: &str = "/_tenon/";

/// Scope of operators: they see every tenant.
pub const OPERATOR: &str = "tenon:operator";

/// Answers a request to the gateway itself.
pub(crate) async fn answer(gateway: &Arc<Gateway>, call: &Call, body: Body) -> Reply {
    let path = call.path.strip_prefix(BASE).unwrap_or_default();
    match route(gateway, call, path, body).await {
        Ok(reply) => reply,
        Err(refusal) => refuse(gateway, call, &refusal),
    }
}

async fn route(gateway: &Arc<Gateway>, call: &Call, path: &str, body: Body) -> Result<Reply, Refusal> {
    let (first, rest) = path.split_once('/').unwrap_or((path, ""));
    match first {
        "health" => Ok(Reply::json(StatusCode::OK, &json!({ "status": "ok" }))),
        "ready" => Ok(ready(gateway)),
        "openapi.json" => {
            let text = gateway.openapi().as_bytes().to_vec();
            Ok(Reply::whole(StatusCode::OK, "application/json", text))
        }
        "metrics" => Ok(metrics(gateway)),
        "events" => events::answer(gateway, call, body).await,
        "consents" => consents::answer(gateway, call, body).await,
        "revocations" => tokens::answer(gateway, call, body).await,
        "usage" => usage::answer(gateway, call, rest).await,
        "audit" => audit::answer(gateway, call, rest).await,
        "" | "console" => Ok(console::answer(gateway, call, rest, body).await),
        "webhooks" => {
            let caller = Caller::of(gateway, call, "tenon:webhooks").await?;
            let admin = Admin::new(gateway.deliverer().clone());
            let actor = caller.identity.actor().to_string();
            let asked = admin::Caller {
                tenant: caller.tenant(),
                actor: &actor,
                correlation_id: &call.correlation_id,
            };
            admin.answer(&call.method, rest, call.query.as_deref(), asked).await.map(Reply::of)
        }
        _ => Err(Refusal::new(Condition::RouteUnknown)),
    }
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

fn metrics(gateway: &Gateway) -> Reply {
    match gateway.metrics().text(gateway) {
        Ok(text) => Reply::whole(StatusCode::OK, crate::metrics::MEDIA_TYPE, text),
        Err(_) => Reply::empty(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

fn refuse(gateway: &Gateway, call: &Call, refusal: &Refusal) -> Reply {
    let plan = gateway.plan();
    let usual = Arc::default();
    let contract = plan.contract().unwrap_or(&usual);
    let (_, mut reply) = render::refuse(contract, None, call, refusal, gateway.world().now_ms());
    render::fields(&mut reply.headers, contract, None, call, Trail::default().left);
    reply
}
