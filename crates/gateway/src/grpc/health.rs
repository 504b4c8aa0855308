//! `grpc.health.v1.Health`: for load balancers that speak gRPC. Asks for no identity.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};

use super::frame::{self, Encoding, Wrapping};
use super::wire::{self, Writer};
use super::{Answers, Code, Status};
use crate::body;
use crate::gateway::Gateway;
use crate::plan::Plan;
use crate::reply::Body;

/// The service.
pub(super) const SERVICE: &str = "grpc.health.v1.Health";

const SERVING: u64 = 1;
const NOT_SERVING: u64 = 2;
const SERVICE_UNKNOWN: u64 = 3;

/// A method of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Method {
    Check,
    Watch,
}

pub(super) fn method(path: &str) -> Option<Method> {
    match path.strip_prefix('/')?.strip_prefix(SERVICE)? {
        "/Check" => Some(Method::Check),
        "/Watch" => Some(Method::Watch),
        _ => None,
    }
}

pub(super) async fn answer(
    gateway: &Arc<Gateway>,
    plan: &Plan,
    method: Method,
    body: Body,
    (wrapping, encoding): (Wrapping, Encoding),
) -> Result<Answers, Status> {
    let malformed = |message: String| Status::new(Code::InvalidArgument, message);
    let read = async { frame::one(&wrapping.unwrap(body::read(body).await?)?, encoding) };
    let message = read.await.map_err(|refusal| malformed(refusal.message().to_owned()))?;
    let fields = wire::fields(&message).ok_or_else(|| malformed("The message cannot be read.".to_owned()))?;
    let service = fields.iter().find(|(field, _)| *field == 1).and_then(|(_, value)| value.text());
    let service = service.unwrap_or_default();
    let known =
        service.is_empty() || service == SERVICE || plan.rpcs.services().iter().any(|known| known == service);
    let now = if gateway.store().heads().is_ok() { SERVING } else { NOT_SERVING };
    match (method, known) {
        (Method::Check, true) => Ok(stream::iter([Ok(response(now))]).boxed()),
        (Method::Check, false) => {
            Err(Status::new(Code::NotFound, format!("There is no service `{service}`.")))
        }
        (Method::Watch, known) => {
            let first = if known { now } else { SERVICE_UNKNOWN };
            let stopped = gateway.stopped();
            let last = stream::once(async move {
                stopped.await;
                Ok(response(NOT_SERVING))
            });
            Ok(stream::iter([Ok(response(first))]).chain(last).boxed())
        }
    }
}

fn response(status: u64) -> Bytes {
    let mut out = Writer::default();
    out.number(1, status);
    out.finish().into()
}
