//! Handlers that ask another server: what is enforced here is enforced around it.

mod breaker;
mod payload;
mod upstream;

use http::header::{self, HeaderName, HeaderValue};
use http::{HeaderMap, Request, Uri};
use http_body_util::BodyExt;
use tenon_policies::{Condition, Permit, Refusal};

pub(crate) use breaker::Breakers;
use payload::Payload;
pub(crate) use payload::Sending;
pub(crate) use upstream::Upstream;

use crate::ask::cause;
use crate::call::{Call, TRACEPARENT};
use crate::gateway::Gateway;
use crate::limits::REPLY_BYTES_MAX;
use crate::plan::operation::OperationPlan;
use crate::plan::proxy::ProxyPlan;
use crate::reply::{Reply, ReplyBody};

/// Fields that belong to one connection (RFC 9110, section 7.6.1), and are not passed on.
const HOP_BY_HOP: [HeaderName; 8] = [
    header::CONNECTION,
    header::PROXY_AUTHENTICATE,
    header::PROXY_AUTHORIZATION,
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
    HeaderName::from_static("keep-alive"),
];

/// What the other server is told of the caller begins with this; callers cannot send it.
const TOLD: &str = "x-tenon-";

/// Why there is no answer, and whether the other server may have done something.
#[derive(Debug)]
pub(crate) struct Unanswered {
    pub(crate) refusal: Refusal,
    pub(crate) may_have_acted: bool,
}

/// How often a request may be sent in all, a count. Whoever reserves a key for it needs to know.
pub(crate) fn attempts(plan: &ProxyPlan) -> u32 {
    plan.retries.saturating_add(1)
}

/// Asks the other server. What it may have done already is asked for again only where doing it
/// twice is doing it once: by the method (RFC 9110, section 9.2.2), whatever key there is, since
/// the other server need not know of keys.
pub(crate) async fn forward(
    gateway: &Gateway,
    operation: &OperationPlan,
    plan: &ProxyPlan,
    permit: &Permit,
    call: &Call,
    mut body: Sending,
) -> Result<Reply, Unanswered> {
    let idempotent = call.method.is_idempotent();
    let attempts = if body.lasts() { attempts(plan) } else { 1 };
    let breakers = gateway.breakers();
    let mut last: Option<Result<Reply, Unanswered>> = None;
    for attempt in 1..=attempts {
        let now_ms = gateway.world().now_ms();
        if let Some(wait_s) = breakers.refuses(plan, now_ms) {
            let refusal = Refusal::new(Condition::UpstreamOpen).with_retry_after(wait_s);
            return last.unwrap_or(Err(Unanswered { refusal, may_have_acted: false }));
        }
        let Some(payload) = body.next() else { break };
        let outcome = once(gateway, operation, plan, permit, call, payload).await;
        let again = match &outcome {
            Ok(reply) if !reply.status.is_server_error() => {
                breakers.succeeded(plan);
                return outcome;
            }
            Ok(_) => idempotent,
            Err(unanswered) => idempotent || !unanswered.may_have_acted,
        };
        breakers.failed(plan, gateway.world().now_ms());
        if !again || attempt == attempts {
            return outcome;
        }
        last = Some(outcome);
    }
    last.unwrap_or(Err(Unanswered { refusal: unreachable(), may_have_acted: false }))
}

fn unreachable() -> Refusal {
    Refusal::new(Condition::UpstreamUnreachable)
}

/// One attempt: what is checked or stored comes whole within the time, everything else is passed on
/// from its first byte.
async fn once(
    gateway: &Gateway,
    operation: &OperationPlan,
    plan: &ProxyPlan,
    permit: &Permit,
    call: &Call,
    payload: Payload,
) -> Result<Reply, Unanswered> {
    let request = request(operation, plan, permit, call, payload)
        .ok_or_else(|| Unanswered { refusal: unreachable(), may_have_acted: false })?;
    let timeout = std::time::Duration::from_millis(plan.timeout_ms);
    let late = |_| Unanswered { refusal: Refusal::new(Condition::UpstreamTimeout), may_have_acted: true };
    tokio::time::timeout(timeout, exchange(gateway, operation, permit, request)).await.map_err(late)?
}

async fn exchange(
    gateway: &Gateway,
    operation: &OperationPlan,
    permit: &Permit,
    request: Request<Payload>,
) -> Result<Reply, Unanswered> {
    let response = gateway.upstream().send(request).await.map_err(|error| {
        let why = cause(&error);
        tracing::warn!(operation = operation.id, why, "the other server cannot be reached");
        Unanswered { refusal: unreachable(), may_have_acted: !error.is_connect() }
    })?;
    let (head, stream) = response.into_parts();
    if head.status.is_informational() {
        tracing::warn!(operation = operation.id, status = %head.status, "nobody asked for another protocol");
        return Err(Unanswered { refusal: unreachable(), may_have_acted: true });
    }
    let mut reply = Reply::empty(head.status);
    reply.headers = end_to_end(&head.headers);
    let kept = operation.reply_schema(head.status.as_u16()).is_some() || permit.fresh().key().is_some();
    if !kept {
        reply.body = ReplyBody::Stream(stream.map_err(Into::into).boxed_unsync());
        return Ok(reply);
    }
    let collected = http_body_util::Limited::new(stream, REPLY_BYTES_MAX).collect().await;
    let bytes = collected.map_err(|error| {
        tracing::warn!(operation = operation.id, %error, "the answer of the other server broke off");
        Unanswered { refusal: unreachable(), may_have_acted: true }
    })?;
    reply.headers.remove(header::CONTENT_LENGTH);
    reply.body = ReplyBody::Whole(bytes.to_bytes());
    Ok(reply)
}

fn request(
    operation: &OperationPlan,
    plan: &ProxyPlan,
    permit: &Permit,
    call: &Call,
    payload: Payload,
) -> Option<Request<Payload>> {
    let query = call.query.as_ref().map(|query| format!("?{query}")).unwrap_or_default();
    let uri = Uri::builder()
        .scheme(plan.scheme.clone())
        .authority(plan.authority.clone())
        .path_and_query(format!("{}{}{query}", plan.base, call.path))
        .build()
        .ok()?;
    let mut request = Request::new(payload);
    *request.method_mut() = call.method.clone();
    *request.uri_mut() = uri;
    let mut headers = end_to_end(&call.headers);
    if let Some(forward) = &plan.forward {
        headers = named(&headers, forward);
    }
    let forged: Vec<HeaderName> =
        headers.keys().filter(|name| name.as_str().starts_with(TOLD)).cloned().collect();
    for name in forged {
        headers.remove(name);
    }
    headers.remove(header::HOST);
    headers.remove(header::CONTENT_LENGTH);
    // The gateway has asked for the body itself.
    headers.remove(header::EXPECT);
    if operation.replies.iter().any(|(_, key)| key.is_some()) || permit.fresh().key().is_some() {
        // The answer is checked or stored, so it must come as it is.
        headers.remove(header::ACCEPT_ENCODING);
    }
    let identity = permit.identity();
    let (actor, principal) = (identity.actor_text(), identity.principal().to_string());
    let scopes = identity.scopes().join(" ");
    let told = [
        (HeaderName::from_static("x-tenon-actor"), &**actor),
        (HeaderName::from_static("x-tenon-principal"), principal.as_str()),
        (HeaderName::from_static("x-tenon-tenant"), permit.tenant().id()),
        (HeaderName::from_static("x-tenon-scopes"), scopes.as_str()),
        (HeaderName::from_static("x-tenon-operation"), operation.id.as_str()),
        (operation.contract.correlation().clone(), call.correlation_id.as_str()),
        (TRACEPARENT.clone(), call.traceparent.as_str()),
    ];
    for (name, value) in told {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    }
    *request.headers_mut() = headers;
    Some(request)
}

/// Whether a field of the caller never reaches the other server.
pub(crate) fn is_kept_back(name: &HeaderName) -> bool {
    HOP_BY_HOP.contains(name)
        || [header::HOST, header::CONTENT_LENGTH, header::EXPECT].contains(name)
        || name.as_str().starts_with(TOLD)
}

/// The fields that are named, and those that say what the body is.
fn named(headers: &HeaderMap, forward: &[HeaderName]) -> HeaderMap {
    let of_the_body = [header::CONTENT_TYPE, header::CONTENT_ENCODING, header::CONTENT_LANGUAGE];
    let mut out = HeaderMap::new();
    for name in forward.iter().chain(&of_the_body) {
        for value in headers.get_all(name) {
            if !out.get_all(name).iter().any(|known| known == value) {
                out.append(name, value.clone());
            }
        }
    }
    out
}

/// The fields that are for the other end; what `Connection` names is for this one too.
fn end_to_end(headers: &HeaderMap) -> HeaderMap {
    let mut out = headers.clone();
    let named: Vec<String> = headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(',').map(|name| name.trim().to_ascii_lowercase()))
        .collect();
    for name in named {
        out.remove(name);
    }
    for name in &HOP_BY_HOP {
        out.remove(name);
    }
    out
}
