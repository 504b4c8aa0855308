//! Successes and refusals as they leave: wrapped as the contract says, with the fields every reply
//! has.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderMap, StatusCode};
use serde_json::{Map, Value, json};
use tenon_policies::rate::{self, RateClass, RateLeft};
use tenon_policies::{Condition, ExpressionFailure, Refusal, Scope};

use crate::call::{Call, TRACEPARENT};
use crate::handlers::facts::rfc3339;
use crate::plan::contract::ContractPlan;
use crate::plan::operation::OperationPlan;
use crate::reply::{Reply, ReplyBody};

/// The problem type of a quota (draft-ietf-httpapi-ratelimit-headers-11).
const QUOTA_EXCEEDED: &str = "https://iana.org/assignments/http-problem-types#quota-exceeded";

/// Header of the id a request has here.
static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

static RATE_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

static RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");

/// The values an envelope sees.
struct Wrapping {
    now: Value,
    correlation_id: Value,
    request_id: Value,
    elapsed_ms: Value,
    this: Value,
    status: Value,
}

impl Wrapping {
    fn new(call: &Call, status: StatusCode, now_ms: i64) -> Self {
        Self {
            now: rfc3339(now_ms).into(),
            correlation_id: call.correlation_id.as_str().into(),
            request_id: call.request_id.as_str().into(),
            elapsed_ms: now_ms.saturating_sub(call.received_ms).max(0).into(),
            this: call.path.as_str().into(),
            status: status.as_u16().into(),
        }
    }

    fn scope<'a>(&'a self, base: Scope<'a>) -> Scope<'a> {
        base.with("now", &self.now)
            .with("correlation_id", &self.correlation_id)
            .with("request_id", &self.request_id)
            .with("elapsed_ms", &self.elapsed_ms)
            .with("self", &self.this)
            .with("status", &self.status)
    }
}

/// The body of a success, wrapped as the contract says. `base` is what handlers see.
pub(crate) fn wrap(
    contract: &ContractPlan,
    call: &Call,
    base: &Scope<'_>,
    status: StatusCode,
    body: Value,
    now_ms: impl FnOnce() -> i64,
) -> Result<Value, ExpressionFailure> {
    let Some(envelope) = &contract.success else { return Ok(body) };
    let wrapping = Wrapping::new(call, status, now_ms());
    envelope.render(&wrapping.scope(base.clone()).with("body", &body))
}

/// A refusal as a reply.
pub(crate) fn refuse(
    contract: &ContractPlan,
    operation: Option<&OperationPlan>,
    call: &Call,
    refusal: &Refusal,
    now_ms: i64,
) -> (String, Reply) {
    let none = std::collections::BTreeMap::new();
    let told = contract.catalogue.tell(operation.map_or(&none, |operation| &operation.refusals), refusal);
    let details = details(refusal);
    let wrapping = Wrapping::new(call, told.status, now_ms);
    let code = Value::from(told.code.as_str());
    let message = Value::from(told.message.as_str());
    let retryable = Value::Bool(told.retryable);
    let wrapped = contract.error.as_ref().and_then(|envelope| {
        let scope = wrapping.scope(Scope::new()).with("code", &code).with("message", &message);
        let scope = scope.with("details", &details).with("retryable", &retryable);
        envelope
            .render(&scope)
            .inspect_err(|failure| tracing::error!(%failure, "the error envelope failed"))
            .ok()
    });
    let mut reply = match wrapped {
        Some(body) => Reply::json(told.status, &body),
        None => {
            let body = problem(refusal, operation, call, &told, &details);
            let body = serde_json::to_vec(&body).unwrap_or_default();
            Reply::whole(told.status, "application/problem+json", body)
        }
    };
    if let Some(seconds) = refusal.retry_after_s {
        reply.headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    if let Some(challenge) = challenge(refusal)
        && let Ok(challenge) = HeaderValue::from_str(&challenge)
    {
        reply.headers.insert(WWW_AUTHENTICATE, challenge);
    }
    let code = told.code.clone();
    reply.refused = Some(Box::new((refusal.clone(), told)));
    (code, reply)
}

fn details(refusal: &Refusal) -> Value {
    let one = |detail: &tenon_policies::Detail| json!({ "field": detail.field, "reason": detail.reason });
    refusal.details.iter().map(one).collect()
}

/// RFC 9457, with the stable code.
fn problem(
    refusal: &Refusal,
    operation: Option<&OperationPlan>,
    call: &Call,
    told: &crate::plan::catalogue::Told,
    details: &Value,
) -> Value {
    let mut out = Map::new();
    let limited = refusal.condition == Condition::RateLimited;
    let kind = if limited { QUOTA_EXCEEDED.to_owned() } else { format!("urn:tenon:problem:{}", told.code) };
    out.insert("type".to_owned(), kind.into());
    out.insert("title".to_owned(), refusal.condition.facts().title.into());
    out.insert("status".to_owned(), told.status.as_u16().into());
    out.insert("detail".to_owned(), told.message.as_str().into());
    out.insert("instance".to_owned(), format!("urn:uuid:{}", call.request_id).into());
    out.insert("code".to_owned(), told.code.as_str().into());
    out.insert("correlation_id".to_owned(), call.correlation_id.as_str().into());
    out.insert("retryable".to_owned(), told.retryable.into());
    if !refusal.details.is_empty() {
        out.insert("errors".to_owned(), details.clone());
    }
    let class = operation.and_then(|operation| operation.rate.as_ref()).filter(|_| limited);
    if let Some(class) = class {
        out.insert("violated-policies".to_owned(), json!([class.name]));
    }
    Value::Object(out)
}

/// `WWW-Authenticate` as RFC 6750 has it.
fn challenge(refusal: &Refusal) -> Option<String> {
    Some(match refusal.condition {
        Condition::Unauthenticated => "Bearer".to_owned(),
        Condition::TokenInvalid | Condition::TokenExpired => {
            let why = refusal.message().replace(['"', '\\'], "'");
            format!("Bearer error=\"invalid_token\", error_description=\"{why}\"")
        }
        Condition::ScopeMissing => {
            let scopes: Vec<&str> = refusal.details.iter().map(|detail| detail.field.as_str()).collect();
            format!("Bearer error=\"insufficient_scope\", scope=\"{}\"", scopes.join(" "))
        }
        _ => return None,
    })
}

/// The fields every reply of an operation has.
pub(crate) fn fields(
    headers: &mut HeaderMap,
    contract: &ContractPlan,
    operation: Option<&OperationPlan>,
    call: &Call,
    left: Option<RateLeft>,
) {
    let mut set = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    set(contract.correlation().clone(), &call.correlation_id);
    set(REQUEST_ID.clone(), &call.request_id);
    set(TRACEPARENT.clone(), &call.traceparent);
    let Some(operation) = operation else { return };
    for (name, value) in &operation.farewell {
        set(HeaderName::from_static(name), value);
    }
    if let (Some(class), Some(left)) = (&operation.rate, left) {
        limits(&mut set, class, left, contract.x_rate_limit, call.received_ms);
    }
}

fn limits(set: &mut impl FnMut(HeaderName, &str), class: &RateClass, left: RateLeft, x: bool, now_ms: i64) {
    set(RATE_POLICY.clone(), &rate::policy_field(class));
    set(RATE_LIMIT.clone(), &rate::limit_field(class, left));
    if x {
        for (name, value) in rate::x_fields(class, left, now_ms) {
            set(HeaderName::from_static(name), &value);
        }
    }
}

/// A reply that was stored, sent again.
pub(crate) fn replay(stored: &tenon_storage::StoredReply) -> Reply {
    let mut reply = Reply::empty(StatusCode::from_u16(stored.status).unwrap_or(StatusCode::OK));
    for (name, value) in &stored.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name.as_str()), HeaderValue::from_str(value)) {
            reply.headers.append(name, value);
        }
    }
    reply.headers.insert(HeaderName::from_static("idempotent-replayed"), HeaderValue::from_static("true"));
    reply.body = ReplyBody::Whole(Bytes::copy_from_slice(&stored.body));
    reply
}

/// A success as it is stored under its key.
pub(crate) fn stored(reply: &Reply) -> tenon_storage::StoredReply {
    let kept = |(name, value): (&HeaderName, &HeaderValue)| {
        Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
    };
    tenon_storage::StoredReply {
        status: reply.status.as_u16(),
        headers: reply.headers.iter().filter_map(kept).collect(),
        body: match &reply.body {
            ReplyBody::Whole(bytes) => bytes.to_vec(),
            ReplyBody::Stream(_) | ReplyBody::Messages(_) => Vec::new(),
        },
    }
}

/// A success with a JSON body, or none.
pub(crate) fn success(status: StatusCode, body: Option<&Value>) -> Reply {
    let Some(body) = body else { return Reply::empty(status) };
    let mut reply = Reply::empty(status);
    reply.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    reply.body = ReplyBody::Whole(serde_json::to_vec(body).unwrap_or_default().into());
    reply
}
