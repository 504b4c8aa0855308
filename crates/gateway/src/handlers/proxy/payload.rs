//! The body of a request on its way to another server.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use http_body_util::Full;

use crate::reply::{Body, BodyError};

/// A body to send: all of it, or as it comes.
#[derive(Debug)]
pub(crate) enum Payload {
    /// Read already: it can be sent again.
    Whole(Full<Bytes>),
    /// Passed on: it can be sent once.
    Stream(Body),
}

/// What is to be sent, kept for a second attempt where that is possible.
#[derive(Debug)]
pub(crate) enum Sending {
    /// All of it.
    Whole(Bytes),
    /// As it comes; `None` once it was sent.
    Stream(Option<Body>),
}

impl Sending {
    /// The body for one attempt; `None` where it is gone.
    pub(crate) fn next(&mut self) -> Option<Payload> {
        match self {
            Self::Whole(bytes) => Some(Payload::Whole(Full::new(bytes.clone()))),
            Self::Stream(body) => body.take().map(Payload::Stream),
        }
    }

    /// Whether there can be a second attempt.
    pub(crate) fn lasts(&self) -> bool {
        matches!(self, Self::Whole(_))
    }
}

impl From<Full<Bytes>> for Payload {
    fn from(body: Full<Bytes>) -> Self {
        Self::Whole(body)
    }
}

impl http_body::Body for Payload {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        match self.get_mut() {
            Self::Whole(body) => Pin::new(body).poll_frame(context).map_err(|never| match never {}),
            Self::Stream(body) => Pin::new(body).poll_frame(context),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Whole(body) => body.is_end_stream(),
            Self::Stream(body) => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(body) => body.size_hint(),
            Self::Stream(body) => body.size_hint(),
        }
    }
}
