//! `grpc.reflection.v1.ServerReflection`, and its older twin `v1alpha`: what is served, for
//! programs such as grpcurl. As `/_tenon/openapi.json`, it asks for no identity.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use futures_util::{StreamExt as _, stream};
use http_body_util::BodyExt as _;

use super::frame::{self, Encoding, Wrapping};
use super::wire::{self, Value, Writer};
use super::{Answers, Code, Status, descriptor, health};
use crate::limits::BODY_BYTES_MAX;
use crate::plan::Plan;
use crate::reply::Body;

/// Both have the same messages.
const SERVICES: [&str; 2] =
    ["grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection"];

const METHOD: &str = "ServerReflectionInfo";

/// The service a path is of.
pub(super) fn version(path: &str) -> Option<&'static str> {
    let (service, method) = path.strip_prefix('/')?.split_once('/')?;
    SERVICES.into_iter().find(|known| *known == service && method == METHOD)
}

/// Requests that are being read.
struct Asked {
    plan: Arc<Plan>,
    body: Body,
    buffer: BytesMut,
    wrapping: Wrapping,
    encoding: Encoding,
    is_done: bool,
}

/// An answer for each request, as they come.
pub(super) fn answer(
    plan: Arc<Plan>,
    _service: &'static str,
    body: Body,
    wrapping: Wrapping,
    encoding: Encoding,
) -> Answers {
    let asked = Asked { plan, body, buffer: BytesMut::new(), wrapping, encoding, is_done: false };
    stream::unfold(asked, |mut asked| async move {
        if asked.is_done {
            return None;
        }
        let answer = asked.next().await?.map(|request| response(&asked.plan, &request));
        asked.is_done = answer.is_err();
        Some((answer, asked))
    })
    .boxed()
}

impl Asked {
    /// The next request; `None` where the caller has no more.
    async fn next(&mut self) -> Option<Result<Bytes, Status>> {
        let malformed = |message: &str| Status::new(Code::InvalidArgument, message);
        loop {
            if self.is_whole() {
                let bytes = self.buffer.split().freeze();
                return match frame::first(&bytes, self.encoding) {
                    Ok(Some((message, rest))) => {
                        self.buffer.extend_from_slice(&rest);
                        Some(Ok(message))
                    }
                    Ok(None) => continue,
                    Err(refusal) => Some(Err(malformed(refusal.message()))),
                };
            }
            if self.buffer.len() > BODY_BYTES_MAX {
                return Some(Err(malformed("The message is too large.")));
            }
            match self.body.frame().await {
                Some(Ok(frame)) => {
                    let Ok(data) = frame.into_data() else { continue };
                    match self.wrapping.unwrap(data) {
                        Ok(data) => self.buffer.extend_from_slice(&data),
                        Err(refusal) => return Some(Err(malformed(refusal.message()))),
                    }
                }
                Some(Err(_)) => return None,
                None if self.buffer.is_empty() => return None,
                None => return Some(Err(malformed("The message ends early."))),
            }
        }
    }

    /// Whether the buffer holds a message, or something that cannot become one.
    fn is_whole(&self) -> bool {
        let Some([_, length @ ..]) = self.buffer.first_chunk::<5>() else { return false };
        let length = u32::from_be_bytes(*length) as usize;
        length > BODY_BYTES_MAX || self.buffer.len() >= length + 5
    }
}

fn response(plan: &Plan, request: &Bytes) -> Bytes {
    let fields = wire::fields(request).unwrap_or_default();
    let host = fields.iter().find(|(field, _)| *field == 1).and_then(|(_, value)| value.text());
    let mut out = Writer::default();
    out.text(1, host.unwrap_or_default()).bytes(2, request);
    let asked = fields.iter().rev().find(|(field, _)| (3..=7).contains(field));
    match asked.map(|(field, value)| answered(plan, *field, *value)) {
        Some(Ok((field, answer))) => out.message(field, &answer),
        Some(Err((code, message))) => out.message(7, &error(code, &message)),
        None => out.message(7, &error(Code::InvalidArgument, "Nothing is asked for.")),
    };
    out.finish().into()
}

fn error(code: Code, message: &str) -> Writer {
    let mut out = Writer::default();
    out.number(1, code as u64).text(2, message);
    out
}

type Answered = Result<(u32, Writer), (Code, String)>;

/// The member of the response that answers a member of the request.
fn answered(plan: &Plan, field: u32, value: Value<'_>) -> Answered {
    let text = value.text().unwrap_or_default();
    let own = (field == 3 && text == health::FILE)
        || (field == 4 && text.strip_prefix(health::PACKAGE).is_some_and(|rest| rest.starts_with('.')));
    if own {
        let mut out = Writer::default();
        out.bytes(1, &health::file());
        return Ok((4, out));
    }
    // What statuses have as details is declared here, where the contract has no such file itself.
    let of_details = match field {
        3 => descriptor::file_named(text),
        4 => descriptor::file_of(text),
        _ => None,
    };
    let Some(messages) = &plan.rpcs.messages else {
        return Err((Code::NotFound, "Nothing is served over gRPC.".to_owned()));
    };
    let file = |found: Option<&Bytes>, what: &str| match found {
        Some(file) => {
            let mut out = Writer::default();
            out.bytes(1, file);
            Ok((4, out))
        }
        None => Err((Code::NotFound, format!("There is no {what}."))),
    };
    match field {
        3 => file(messages.file(text).or(of_details.as_ref()), &format!("file `{text}`")),
        4 => file(messages.file_of(text).or(of_details.as_ref()), &format!("`{text}`")),
        5 => {
            let Value::Bytes(bytes) = value else { return file(None, "extension") };
            let fields = wire::fields(bytes).unwrap_or_default();
            let message = fields.iter().find(|(field, _)| *field == 1).and_then(|(_, value)| value.text());
            let number = fields.iter().find_map(|(field, value)| match (field, value) {
                (2, Value::Number(number)) => u32::try_from(*number).ok(),
                _ => None,
            });
            let found = message.zip(number);
            file(found.and_then(|(message, number)| messages.file_of_extension(message, number)), "extension")
        }
        6 => {
            let Some(numbers) = messages.extensions_of(text) else {
                return Err((Code::NotFound, format!("There is no message `{text}`.")));
            };
            let mut out = Writer::default();
            out.text(1, text);
            for number in numbers {
                out.number(2, u64::from(number));
            }
            Ok((5, out))
        }
        _ => {
            let mut out = Writer::default();
            let own = plan.rpcs.services().iter().map(String::as_str);
            for name in own.chain([health::SERVICE]).chain(SERVICES) {
                let mut service = Writer::default();
                service.text(1, name);
                out.message(1, &service);
            }
            Ok((6, out))
        }
    }
}
