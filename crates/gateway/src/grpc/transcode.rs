//! The message of a call, whatever it came as, and its answer over HTTP: JSON, or a stream of it.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::StreamExt as _;
use http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue};
use http::{Method, Response};
use http_body::Frame;
use http_body_util::{BodyExt as _, StreamBody};
use serde_json::{Map, Value, json};
use tenon_policies::request as checks;
use tenon_policies::{Condition, Refusal};

use super::frame::{self, Encoding, Wrapping};
use super::messages::{Messages, TextValue};
use super::{Message, MessageStream};
use crate::body;
use crate::call::Call;
use crate::limits::BODY_BYTES_MAX;
use crate::plan::Plan;
use crate::plan::rpc::{BodyOf, Bound, RpcPlan};
use crate::reply::{Body, Reply, ReplyBody};

/// How the message of an RPC stands in the body of a request.
#[derive(Debug, Clone, Default)]
pub(crate) enum Form {
    /// It is the body, as JSON.
    #[default]
    Json,
    /// The path says some of it.
    Bound(Box<Bound>),
    /// In a frame.
    Framed(Encoding, Wrapping),
}

/// A request at a path that a service gave one of its methods is one at the method's own.
pub(crate) fn rebind(plan: &Plan, call: &mut Call) {
    let Some(bound) = plan.rpcs.binding(&call.method, &call.path) else { return };
    let Some(operation) = plan.operations.get(bound.operation) else { return };
    call.method = Method::POST;
    call.path.clone_from(&operation.http.path.text);
    call.form = Form::Bound(Box::new(bound));
}

fn messages(plan: &Plan) -> Result<&Messages, Refusal> {
    plan.rpcs.messages.as_ref().ok_or_else(|| Refusal::new(Condition::Internal))
}

/// The message of a call as policies and handlers see it: JSON, see [`Messages`].
///
/// # Errors
/// `media_type_unsupported`, `body_too_large`, `request_timeout`, `body_malformed`,
/// `request_invalid`, `parameter_invalid`.
pub(crate) async fn request(plan: &Plan, rpc: &RpcPlan, call: &Call, body: Body) -> Result<Bytes, Refusal> {
    let messages = messages(plan)?;
    let there = body::announced(&body);
    if !matches!(call.form, Form::Framed(..)) {
        let rule = checks::RequestRule { body: Some(checks::BodyRule::default()), ..Default::default() };
        checks::content_type(&rule, call.header("content-type"), there)?;
    }
    body::acceptable(call, BODY_BYTES_MAX)?;
    let bytes = body::read(body).await?;
    let message = match &call.form {
        Form::Framed(encoding, wrapping) => {
            let message = frame::one(&wrapping.unwrap(bytes)?, *encoding)?;
            messages.decode(rpc.request, &message).map_err(|problem| {
                let what = messages.name(rpc.request);
                Refusal::new(Condition::BodyMalformed)
                    .with_message(format!("The message is no `{what}`: {problem}."))
            })?
        }
        Form::Json => read(messages, rpc, text(&bytes)?)?,
        Form::Bound(bound) => {
            let whole = assembled(messages, rpc, call, bound, text(&bytes)?)?;
            read(messages, rpc, &whole.to_string())?
        }
    };
    Ok(message.to_string().into())
}

fn text(bytes: &Bytes) -> Result<&str, Refusal> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        let message = format!("The body is not UTF-8: byte {at} starts no character.");
        Refusal::new(Condition::BodyMalformed).with_message(message)
    })?;
    Ok(if text.trim().is_empty() { "{}" } else { text })
}

fn read(messages: &Messages, rpc: &RpcPlan, json: &str) -> Result<Value, Refusal> {
    messages.read(rpc.request, json).map_err(|problem| {
        let what = messages.name(rpc.request);
        Refusal::new(Condition::RequestInvalid).with_message(format!("The body is no `{what}`: {problem}."))
    })
}

/// A message made of body, path and query, as `google.api.http` has it.
fn assembled(
    messages: &Messages,
    rpc: &RpcPlan,
    call: &Call,
    bound: &Bound,
    body: &str,
) -> Result<Value, Refusal> {
    let parsed = || {
        serde_json::from_str::<Value>(body).map_err(|problem| {
            Refusal::new(Condition::BodyMalformed).with_message(format!("The body is not JSON: {problem}."))
        })
    };
    let mut out = match &bound.body {
        BodyOf::Nothing => json!({}),
        BodyOf::Field(field) => json!({ field.as_str(): parsed()? }),
        BodyOf::All => parsed()?,
    };
    let mut wrong = Refusal::new(Condition::ParameterInvalid);
    let mut put = |path: &str, text: &str| {
        let parts: Vec<&str> = path.split('.').collect();
        match (messages.text_value(rpc.request, &parts, text), &mut out) {
            (Some(value), Value::Object(members)) => insert(members, &parts, value),
            _ => wrong.details.push(tenon_policies::Detail::new(path, "is not known")),
        }
    };
    if bound.body != BodyOf::All {
        for (name, value) in url::form_urlencoded::parse(call.query.as_deref().unwrap_or_default().as_bytes())
        {
            put(&name, &value);
        }
    }
    // What the path says counts.
    bound.fields.iter().for_each(|(name, value)| put(name, value));
    if wrong.details.is_empty() { Ok(out) } else { Err(wrong) }
}

fn insert(members: &mut Map<String, Value>, path: &[&str], value: TextValue) {
    let Some((first, rest)) = path.split_first() else { return };
    if !rest.is_empty() {
        let below = members.entry(*first).or_insert_with(|| json!({}));
        if let Value::Object(below) = below {
            insert(below, rest, value);
        }
        return;
    }
    match value {
        TextValue::One(value) => {
            members.insert((*first).to_owned(), value);
        }
        TextValue::Item(value) => match members.entry(*first).or_insert_with(|| json!([])) {
            Value::Array(items) => items.push(value),
            other => *other = json!([value]),
        },
    }
}

/// Whether an answer is the message it should be.
///
/// # Errors
/// `response_invalid`.
pub(crate) fn fits(plan: &Plan, rpc: &RpcPlan, body: &ReplyBody) -> Result<(), Refusal> {
    let messages = messages(plan)?;
    let ReplyBody::Whole(bytes) = body else { return Ok(()) };
    for message in several(rpc, bytes) {
        messages.encode(rpc.response, &message).map_err(|problem| {
            tracing::error!(message = messages.name(rpc.response), problem, "the reply is no such message");
            Refusal::new(Condition::ResponseInvalid)
        })?;
    }
    Ok(())
}

/// The messages of an answer that was made whole: of a stream, a list is many.
pub(crate) fn several(rpc: &RpcPlan, bytes: &Bytes) -> Vec<String> {
    let text = || String::from_utf8_lossy(bytes).into_owned();
    if !rpc.server_streaming {
        return vec![text()];
    }
    match serde_json::from_slice(bytes) {
        Ok(Value::Array(items)) => items.iter().map(Value::to_string).collect(),
        _ => vec![text()],
    }
}

/// An answer over HTTP: JSON as ProtoJSON writes it, or server-sent events of it.
pub(crate) fn response(plan: &Arc<Plan>, rpc: &RpcPlan, mut reply: Reply) -> Response<Body> {
    let Ok(messages) = messages(plan) else { return reply.into_response() };
    let response = rpc.response;
    reply.headers.remove(CONTENT_LENGTH);
    let stream = match reply.body {
        ReplyBody::Whole(bytes) if rpc.server_streaming => {
            let messages = several(rpc, &bytes).into_iter();
            MessageStream::of(messages.map(|json| Ok(Message { json, cursor: None })))
        }
        ReplyBody::Whole(bytes) => {
            let json = messages.canonical(response, &String::from_utf8_lossy(&bytes));
            reply.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            reply.body = ReplyBody::Whole(json.map_or(bytes, Bytes::from));
            return reply.into_response();
        }
        ReplyBody::Messages(stream) => stream,
        ReplyBody::Stream(body) => {
            reply.body = ReplyBody::Stream(body);
            return reply.into_response();
        }
    };
    let plan = Arc::clone(plan);
    let frames = stream.0.map(move |item| {
        let json = item.and_then(|message| {
            let messages = plan.rpcs.messages.as_ref().ok_or_else(|| Refusal::new(Condition::Internal))?;
            let json = messages.canonical(response, &message.json);
            json.map(|json| (json, message.cursor)).map_err(|_| Refusal::new(Condition::ResponseInvalid))
        });
        let event = match json {
            Ok((json, Some(cursor))) => format!("id: {cursor}\ndata: {json}\n\n"),
            Ok((json, None)) => format!("data: {json}\n\n"),
            Err(refusal) => {
                let told = json!({ "code": refusal.condition.name(), "message": refusal.message() });
                format!("event: error\ndata: {told}\n\n")
            }
        };
        Ok(Frame::data(Bytes::from(event)))
    });
    reply.headers.insert(CONTENT_TYPE, HeaderValue::from_static(crate::delivery::stream::MEDIA_TYPE));
    reply.headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // Proxies that collect answers would keep events back.
    reply.headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    reply.body = ReplyBody::Stream(StreamBody::new(frames).boxed_unsync());
    reply.into_response()
}
