//! Handlers that ask another server: what is enforced here is enforced around it.

mod breaker;
mod upstream;

use bytes::Bytes;
use http::header::{self, HeaderName, HeaderValue};
use http::{HeaderMap, Request, Uri};
use http_body_util::{BodyExt, Full};
use tenon_policies::{Condition, Permit, Refusal};

pub(crate) use breaker::Breakers;
pub(crate) use upstream::Upstream;

use crate::call::Call;
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

/// Asks the other server. Only operations that may be repeated are asked for again.
pub(crate) async fn forward(
    gateway: &Gateway,
    operation: &OperationPlan,
    plan: &ProxyPlan,
    permit: &Permit,
    call: &Call,
    body: &Bytes,
) -> Result<Reply, Unanswered> {
    let repeatable = !operation.mutating || permit.fresh().key().is_some();
    let attempts = if repeatable { plan.retries.saturating_add(1) } else { 1 };
    let breakers = gateway.breakers();
    let mut last = None;
    for _ in 0..attempts {
        let now_ms = gateway.world().now_ms();
        if let Some(wait_s) = breakers.refuses(plan, now_ms) {
            let refusal = Refusal::new(Condition::UpstreamOpen).with_retry_after(wait_s);
            let may_have_acted = last.as_ref().is_some_and(|last: &Unanswered| last.may_have_acted);
            return Err(Unanswered { refusal, may_have_acted });
        }
        match once(gateway, operation, plan, permit, call, body).await {
            Ok(reply) if reply.status.is_server_error() && repeatable => {
                breakers.failed(plan, gateway.world().now_ms());
                if attempts == 1 {
                    return Ok(reply);
                }
                let refusal = Refusal::new(Condition::UpstreamUnreachable);
                last = Some(Unanswered { refusal, may_have_acted: true });
            }
            Ok(reply) => {
                breakers.succeeded(plan);
                return Ok(reply);
            }
            Err(unanswered) => {
                breakers.failed(plan, gateway.world().now_ms());
                last = Some(unanswered);
            }
        }
    }
    let usual =
        || Unanswered { refusal: Refusal::new(Condition::UpstreamUnreachable), may_have_acted: false };
    Err(last.unwrap_or_else(usual))
}

async fn once(
    gateway: &Gateway,
    operation: &OperationPlan,
    plan: &ProxyPlan,
    permit: &Permit,
    call: &Call,
    body: &Bytes,
) -> Result<Reply, Unanswered> {
    let unreachable = || Refusal::new(Condition::UpstreamUnreachable);
    let request = request(operation, plan, permit, call, body)
        .ok_or_else(|| Unanswered { refusal: unreachable(), may_have_acted: false })?;
    let timeout = std::time::Duration::from_millis(plan.timeout_ms);
    let late = || Unanswered { refusal: Refusal::new(Condition::UpstreamTimeout), may_have_acted: true };
    let answered = tokio::time::timeout(timeout, gateway.upstream().send(request)).await;
    let response = answered.map_err(|_| late())?.map_err(|error| {
        tracing::warn!(operation = operation.id, %error, "the other server cannot be reached");
        Unanswered { refusal: unreachable(), may_have_acted: !error.is_connect() }
    })?;
    let (head, stream) = response.into_parts();
    let mut reply = Reply::empty(head.status);
    reply.headers = end_to_end(&head.headers);
    // What is checked or stored must be here whole; everything else is passed on as it comes.
    let kept = operation.reply_schema(head.status.as_u16()).is_some() || permit.fresh().key().is_some();
    if !kept {
        reply.body = ReplyBody::Stream(stream.map_err(Into::into).boxed_unsync());
        return Ok(reply);
    }
    let limited = http_body_util::Limited::new(stream, REPLY_BYTES_MAX);
    let collected = tokio::time::timeout(timeout, limited.collect()).await.map_err(|_| late())?;
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
    body: &Bytes,
) -> Option<Request<Full<Bytes>>> {
    let query = call.query.as_ref().map(|query| format!("?{query}")).unwrap_or_default();
    let uri = Uri::builder()
        .scheme(plan.scheme.clone())
        .authority(plan.authority.clone())
        .path_and_query(format!("{}{}{query}", plan.base, call.path))
        .build()
        .ok()?;
    let mut request = Request::new(Full::new(body.clone()));
    *request.method_mut() = call.method.clone();
    *request.uri_mut() = uri;
    let mut headers = end_to_end(&call.headers);
    let forged: Vec<HeaderName> =
        headers.keys().filter(|name| name.as_str().starts_with(TOLD)).cloned().collect();
    for name in forged {
        headers.remove(name);
    }
    headers.remove(header::HOST);
    headers.remove(header::CONTENT_LENGTH);
    // The answer is checked, so it must come as it is.
    headers.remove(header::ACCEPT_ENCODING);
    let identity = permit.identity();
    let told = [
        ("x-tenon-actor", identity.actor().to_string()),
        ("x-tenon-principal", identity.principal().to_string()),
        ("x-tenon-tenant", permit.tenant().id().to_owned()),
        ("x-tenon-scopes", identity.scopes().join(" ")),
        ("x-tenon-operation", operation.id.clone()),
        (operation.contract.correlation(), call.correlation_id.clone()),
        ("traceparent", call.traceparent.clone()),
    ];
    for (name, value) in told {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::from_str(&value)) {
            headers.insert(name, value);
        }
    }
    *request.headers_mut() = headers;
    Some(request)
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
