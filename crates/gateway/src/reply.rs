//! What goes back: a whole body, or one that is still being made.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode};
use http_body_util::{BodyExt, Full};
use tenon_policies::Refusal;

pub use crate::delivery::{Body, BodyError};
use crate::grpc::MessageStream;
use crate::plan::catalogue::Told;

/// A reply before it leaves.
#[derive(Debug)]
pub struct Reply {
    /// Status.
    pub status: StatusCode,
    /// Header fields.
    pub headers: HeaderMap,
    /// Body.
    pub body: ReplyBody,
    /// What it tells of, where it is a refusal: other doors tell it in another way.
    pub(crate) refused: Option<Box<(Refusal, Told)>>,
}

/// The body of a reply.
#[derive(Debug)]
pub enum ReplyBody {
    /// All of it.
    Whole(Bytes),
    /// Passed on as it comes.
    Stream(Body),
    /// Messages, one after the other: the door frames them.
    Messages(MessageStream),
}

impl Reply {
    /// A reply without a body.
    #[must_use]
    pub fn empty(status: StatusCode) -> Self {
        Self { status, headers: HeaderMap::new(), body: ReplyBody::Whole(Bytes::new()), refused: None }
    }

    /// A reply with a body of some type.
    #[must_use]
    pub fn whole(status: StatusCode, content_type: &'static str, body: impl Into<Bytes>) -> Self {
        let mut reply = Self::empty(status);
        reply.headers.insert(http::header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        reply.body = ReplyBody::Whole(body.into());
        reply
    }

    /// A reply with a JSON body.
    #[must_use]
    pub fn json(status: StatusCode, value: &serde_json::Value) -> Self {
        Self::whole(status, "application/json", serde_json::to_vec(value).unwrap_or_default())
    }

    /// A reply of a part that makes responses itself.
    pub(crate) fn of(response: http::Response<Body>) -> Self {
        let (head, body) = response.into_parts();
        Self { status: head.status, headers: head.headers, body: ReplyBody::Stream(body), refused: None }
    }

    /// As the doors send it.
    #[must_use]
    pub fn into_response(self) -> http::Response<Body> {
        let body = match self.body {
            ReplyBody::Whole(bytes) => Full::new(bytes).map_err(|never| match never {}).boxed_unsync(),
            ReplyBody::Stream(body) => body,
            // Doors that have messages frame them before.
            ReplyBody::Messages(_) => crate::http::empty(),
        };
        let mut response = http::Response::new(body);
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response
    }
}
