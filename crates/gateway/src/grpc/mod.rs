//! The gRPC door: calls of services to requests of the pipeline, and replies to messages, statuses
//! and trailers.
//!
//! It shares the port with HTTP and knows a call by its content type: `application/grpc` over
//! HTTP/2, and gRPC-Web (`application/grpc-web`, `application/grpc-web-text`) over any. Identity,
//! tenants, rates, audit and all else are the pipeline's.

pub mod client;
mod code;
mod descriptor;
mod frame;
mod health;
mod messages;
mod reflection;
mod status;
pub(crate) mod transcode;
mod wire;

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, stream};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue};
use http::{HeaderMap, Method, Response, StatusCode, Version};
use http_body::Frame;
use http_body_util::{BodyExt as _, StreamBody};
use tenon_policies::Refusal;
use tokio::time::Instant;

pub use code::Code;
pub use messages::Messages;
pub(crate) use transcode::Form;

use crate::call::Call;
use crate::gateway::Gateway;
use crate::http::carry_out;
use crate::plan::Plan;
use crate::plan::operation::OperationPlan;
use crate::reply::{Body, BodyError, Reply, ReplyBody};
use frame::{Encoding, Wrapping};
use status::Status;

/// Longest deadline that is kept, in milliseconds: past a year it is none.
const DEADLINE_MS_MAX: u64 = 365 * 86_400_000;

/// A message of a stream.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    /// The form inside, see [`Messages`].
    pub(crate) json: String,
    /// What to come again with, where the stream can be gone on with.
    pub(crate) cursor: Option<u64>,
}

/// Messages, one after the other. Nothing is made before the one ahead was taken.
pub(crate) struct MessageStream(
    pub(crate) Pin<Box<dyn Stream<Item = Result<Message, Refusal>> + Send + 'static>>,
);

impl MessageStream {
    /// Messages that are there already.
    pub(crate) fn of(items: impl Iterator<Item = Result<Message, Refusal>> + Send + 'static) -> Self {
        Self(Box::pin(stream::iter(items)))
    }
}

impl std::fmt::Debug for MessageStream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MessageStream(..)")
    }
}

/// What the frames of a call are wrapped in, where it is one of gRPC at all.
pub(crate) fn asked(call: &Call) -> Option<Result<Wrapping, String>> {
    let content_type = call.header(CONTENT_TYPE)?;
    Wrapping::of(content_type).map(|wrapping| wrapping.map_err(str::to_owned))
}

/// A call on its way through the door.
struct Answering {
    gateway: Arc<Gateway>,
    plan: Arc<Plan>,
    wrapping: Wrapping,
    /// How the caller likes its messages packed.
    encoding: Encoding,
    correlation_id: String,
    deadline: Option<Instant>,
}

/// Answers a call.
pub(crate) async fn answer(
    gateway: &Arc<Gateway>,
    plan: Arc<Plan>,
    call: Call,
    wrapping: Result<Wrapping, String>,
    body: Body,
) -> Response<Body> {
    let wrapping = match wrapping {
        Ok(wrapping) => wrapping,
        Err(form) => {
            return Reply::whole(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "text/plain; charset=utf-8",
                format!("messages are taken as Protobuf, not as `{form}`\n"),
            )
            .into_response();
        }
    };
    if call.method != Method::POST {
        return Reply::empty(StatusCode::METHOD_NOT_ALLOWED).into_response();
    }
    if wrapping == Wrapping::Grpc && call.version < Version::HTTP_2 {
        return Reply::whole(
            StatusCode::HTTP_VERSION_NOT_SUPPORTED,
            "text/plain; charset=utf-8",
            "gRPC is spoken over HTTP/2; over HTTP/1.1 there is gRPC-Web\n",
        )
        .into_response();
    }
    let answering = Answering {
        gateway: Arc::clone(gateway),
        plan,
        wrapping,
        encoding: Encoding::of_reply(&call.headers),
        correlation_id: call.correlation_id.clone(),
        deadline: None,
    };
    answering.call(call, body).await
}

impl Answering {
    async fn call(mut self, mut call: Call, body: Body) -> Response<Body> {
        let encoding = match Encoding::of_request(&call.headers) {
            Ok(encoding) => encoding,
            Err(name) => {
                let message = format!("Messages packed with `{name}` are not read.");
                let mut headers = HeaderMap::new();
                let accepted = HeaderValue::from_static(Encoding::ACCEPTED);
                headers.insert(HeaderName::from_static("grpc-accept-encoding"), accepted);
                return self.ended(headers, &Status::new(Code::Unimplemented, message));
            }
        };
        match deadline(&call.headers) {
            Ok(within) => self.deadline = within.and_then(|within| Instant::now().checked_add(within)),
            Err(status) => return self.ended(HeaderMap::new(), &status),
        }
        if let Some(service) = reflection::version(&call.path) {
            let answers = reflection::answer(Arc::clone(&self.plan), service, body, self.wrapping, encoding);
            return self.streamed(HeaderMap::new(), answers);
        }
        if let Some(method) = health::method(&call.path) {
            return match health::answer(&self.gateway, &self.plan, method, body, (self.wrapping, encoding))
                .await
            {
                Ok(answers) => self.streamed(HeaderMap::new(), answers),
                Err(status) => self.ended(HeaderMap::new(), &status),
            };
        }
        let Some(index) = self.plan.rpcs.method(&call.path) else {
            return self.ended(HeaderMap::new(), &status::unknown_method(&call.path));
        };
        let plan = Arc::clone(&self.plan);
        let Some(operation) = plan.operations.get(index) else {
            return self.ended(HeaderMap::new(), &status::unknown_method(&call.path));
        };
        if operation.rpc.as_ref().is_some_and(|rpc| rpc.client_streaming) {
            let message = "Methods that take a stream are not served.";
            return self.ended(HeaderMap::new(), &Status::new(Code::Unimplemented, message));
        }
        call.form = Form::Framed(encoding, self.wrapping);
        // What is over already is not begun.
        if self.deadline.is_some_and(|deadline| deadline <= Instant::now()) {
            let status = self.told(Some(operation), &status::deadline());
            return self.ended(HeaderMap::new(), &status);
        }
        let carried = carry_out(&self.gateway, &self.plan, call, body);
        let reply = match self.deadline {
            Some(deadline) => tokio::time::timeout_at(deadline, carried).await,
            None => Ok(carried.await),
        };
        match reply {
            Ok((reply, _)) => self.reply(index, reply),
            Err(_) => {
                let status = self.told(Some(operation), &status::deadline());
                self.ended(HeaderMap::new(), &status)
            }
        }
    }

    /// A reply of the pipeline.
    fn reply(self, index: usize, reply: Reply) -> Response<Body> {
        let plan = Arc::clone(&self.plan);
        let operation = plan.operations.get(index);
        if let Some(refused) = &reply.refused {
            let (refusal, told) = &**refused;
            let messages = plan.rpcs.messages.as_ref();
            let status = Status::of(refusal, told, operation, messages, &self.correlation_id);
            return self.ended(reply.headers, &status);
        }
        let Some(rpc) = operation.and_then(|operation| operation.rpc.as_ref()) else {
            return self.ended(reply.headers, &Status::new(Code::Internal, ""));
        };
        let stream = match reply.body {
            ReplyBody::Messages(stream) => stream,
            ReplyBody::Whole(bytes) if reply.status.is_success() => {
                let whole = transcode::several(rpc, &bytes).into_iter();
                MessageStream::of(whole.map(|json| Ok(Message { json, cursor: None })))
            }
            // Another server's refusal.
            ReplyBody::Whole(_) | ReplyBody::Stream(_) => {
                let code = Code::of_http(reply.status);
                let code = if code == Code::Ok { Code::Internal } else { code };
                let message = format!("The service behind the method answered {}.", reply.status.as_u16());
                return self.ended(reply.headers, &Status::new(code, message));
            }
        };
        let response = rpc.response;
        let (plan, correlation_id) = (Arc::clone(&self.plan), self.correlation_id.clone());
        let answers = stream.0.map(move |item| {
            let messages = plan.rpcs.messages.as_ref();
            let encoded = item.and_then(|message| {
                let encoded = messages.map(|messages| messages.encode(response, &message.json));
                match encoded {
                    Some(Ok(bytes)) => Ok(Bytes::from(bytes)),
                    _ => Err(Refusal::new(tenon_policies::Condition::ResponseInvalid)),
                }
            });
            encoded.map_err(|refusal| told(&plan, plan.operations.get(index), &refusal, &correlation_id))
        });
        self.streamed(reply.headers, answers.boxed())
    }

    fn told(&self, operation: Option<&OperationPlan>, refusal: &Refusal) -> Status {
        told(&self.plan, operation, refusal, &self.correlation_id)
    }

    fn head(&self, mut headers: HeaderMap) -> HeaderMap {
        headers.remove(CONTENT_LENGTH);
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.wrapping.content_type()));
        let encoding = HeaderValue::from_static(self.encoding.name());
        headers.insert(HeaderName::from_static("grpc-encoding"), encoding);
        let accepted = HeaderValue::from_static(Encoding::ACCEPTED);
        headers.insert(HeaderName::from_static("grpc-accept-encoding"), accepted);
        headers
    }

    /// An answer without a message.
    fn ended(&self, headers: HeaderMap, status: &Status) -> Response<Body> {
        let mut headers = self.head(headers);
        let mut trailers = HeaderMap::new();
        status.write(&mut trailers);
        let body = match self.wrapping {
            // Trailers alone are header fields.
            Wrapping::Grpc => {
                headers.extend(trailers);
                crate::http::empty()
            }
            Wrapping::Web | Wrapping::WebText => {
                let block = self.wrapping.trailers(&trailers);
                http_body_util::Full::new(block).map_err(|never| match never {}).boxed_unsync()
            }
        };
        let mut response = Response::new(body);
        *response.headers_mut() = headers;
        response
    }

    /// Messages, then how it ended.
    fn streamed(self, headers: HeaderMap, answers: Answers) -> Response<Body> {
        let headers = self.head(headers);
        let sending = Sending { answers: Some(answers), answering: self };
        let frames = stream::unfold(sending, |mut sending| async move {
            let frame = sending.next().await?;
            Some((Ok::<_, BodyError>(frame), sending))
        });
        let mut response = Response::new(StreamBody::new(frames).boxed_unsync());
        *response.headers_mut() = headers;
        response
    }
}

/// A refusal as its contract tells it.
fn told(plan: &Plan, operation: Option<&OperationPlan>, refusal: &Refusal, correlation_id: &str) -> Status {
    let none = std::collections::BTreeMap::new();
    let (catalogue, refusals) = match operation {
        Some(operation) => (&operation.contract.catalogue, &operation.refusals),
        None => return Status::new(Code::Internal, refusal.message()),
    };
    let refusals = if refusals.is_empty() { &none } else { refusals };
    let told = catalogue.tell(refusals, refusal);
    Status::of(refusal, &told, operation, plan.rpcs.messages.as_ref(), correlation_id)
}

/// Messages on the wire, unframed, or how it ended instead.
pub(crate) type Answers = Pin<Box<dyn Stream<Item = Result<Bytes, Status>> + Send + 'static>>;

/// An answer that is being sent.
struct Sending {
    answers: Option<Answers>,
    answering: Answering,
}

impl Sending {
    /// The next frame: a message, or the trailers, once.
    async fn next(&mut self) -> Option<Frame<Bytes>> {
        let answers = self.answers.as_mut()?;
        let next = match self.answering.deadline {
            Some(deadline) => tokio::time::timeout_at(deadline, answers.next()).await,
            None => Ok(answers.next().await),
        };
        let status = match next {
            Ok(Some(Ok(message))) => {
                let frame = frame::write(&message, self.answering.encoding);
                return Some(Frame::data(self.answering.wrapping.wrap(frame)));
            }
            Ok(Some(Err(status))) => status,
            Ok(None) => Status::ok(),
            Err(_) => Status::new(Code::DeadlineExceeded, status::deadline().message()),
        };
        self.answers = None;
        let mut trailers = HeaderMap::new();
        status.write(&mut trailers);
        Some(match self.answering.wrapping {
            Wrapping::Grpc => Frame::trailers(trailers),
            wrapping => Frame::data(wrapping.trailers(&trailers)),
        })
    }
}

/// How long the caller waits: `grpc-timeout`, up to eight digits and a unit.
fn deadline(headers: &HeaderMap) -> Result<Option<Duration>, Status> {
    let Some(field) = headers.get("grpc-timeout") else { return Ok(None) };
    let wrong = || Status::new(Code::InvalidArgument, "`grpc-timeout` is no time, such as `10S` or `500m`.");
    let text = field.to_str().map_err(|_| wrong())?;
    let (digits, unit) = text.split_at_checked(text.len().saturating_sub(1)).ok_or_else(wrong)?;
    if digits.is_empty() || digits.len() > 8 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(wrong());
    }
    let count: u64 = digits.parse().map_err(|_| wrong())?;
    let within = match unit {
        "H" => Duration::from_secs(count.saturating_mul(3600)),
        "M" => Duration::from_secs(count.saturating_mul(60)),
        "S" => Duration::from_secs(count),
        "m" => Duration::from_millis(count),
        "u" => Duration::from_micros(count),
        "n" => Duration::from_nanos(count),
        _ => return Err(wrong()),
    };
    Ok(Some(within.min(Duration::from_millis(DEADLINE_MS_MAX))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deadlines_are_read() {
        let read = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("grpc-timeout", HeaderValue::from_str(text).unwrap());
            deadline(&headers).map_err(|status| status.code)
        };
        assert_eq!(read("10S"), Ok(Some(Duration::from_secs(10))));
        assert_eq!(read("500m"), Ok(Some(Duration::from_millis(500))));
        assert_eq!(read("99999999H"), Ok(Some(Duration::from_millis(DEADLINE_MS_MAX))));
        for wrong in ["", "S", "10", "-1S", "123456789S", "1x", "1.5S"] {
            assert_eq!(read(wrong), Err(Code::InvalidArgument), "{wrong:?}");
        }
    }
}
