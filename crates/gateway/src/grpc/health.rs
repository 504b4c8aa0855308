//! `grpc.health.v1.Health`: for load balancers that speak gRPC. Asks for no identity.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};

use super::descriptor::{self, Many, Type, field, message};
use super::frame::{self, Encoding, Wrapping};
use super::wire::{self, Writer};
use super::{Answers, Code, Status};
use crate::body;
use crate::gateway::Gateway;
use crate::plan::Plan;
use crate::reply::Body;

/// The service.
pub(super) const SERVICE: &str = "grpc.health.v1.Health";

/// The package of its messages.
pub(super) const PACKAGE: &str = "grpc.health.v1";

/// The file it is declared in.
pub(super) const FILE: &str = "grpc/health/v1/health.proto";

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

/// The file that declares the service, for reflection.
pub(super) fn file() -> Bytes {
    let mut status = Writer::default();
    status.text(1, "ServingStatus");
    for (number, name) in ["UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"].into_iter().enumerate() {
        let mut value = Writer::default();
        value.text(1, name).present(2, number as u64);
        status.message(2, &value);
    }
    let service = field("service", "service", 1, Type::Text, Many::No);
    let request = message("HealthCheckRequest", &[service]);
    let kind = Type::Enum(".grpc.health.v1.HealthCheckResponse.ServingStatus");
    let mut response = message("HealthCheckResponse", &[field("status", "status", 1, kind, Many::No)]);
    response.message(4, &status);
    let mut service = Writer::default();
    service.text(1, "Health");
    for (name, is_stream) in [("Check", 0), ("Watch", 1)] {
        let mut method = Writer::default();
        method.text(1, name).text(2, ".grpc.health.v1.HealthCheckRequest");
        method.text(3, ".grpc.health.v1.HealthCheckResponse").number(6, is_stream);
        service.message(2, &method);
    }
    let mut file = descriptor::file(FILE, PACKAGE, &[], &[request, response]);
    file.message(6, &service);
    file.finish().into()
}

fn response(status: u64) -> Bytes {
    let mut out = Writer::default();
    out.number(1, status);
    out.finish().into()
}
