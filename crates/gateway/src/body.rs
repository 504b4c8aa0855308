//! Reading the body of a request, within its limits.

use std::borrow::Cow;

use bytes::{Bytes, BytesMut};
use data_encoding::HEXLOWER;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH};
use http_body::Body as _;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tenon_policies::{Condition, Refusal};

use crate::call::Call;
use crate::handlers::proxy::Sending;
use crate::limits::{BODY_BYTES_MAX, BODY_MS_MAX};
use crate::reply::Body;

/// Whether there is a body: HTTP/2 need not say so in the head.
pub(crate) fn announced(body: &Body) -> bool {
    !body.is_end_stream()
}

/// Whether the head alone shows that the body cannot be taken.
///
/// # Errors
/// `body_too_large`, `media_type_unsupported` for what is compressed: nothing is unpacked here, so
/// that no small body can become a large one.
pub(crate) fn acceptable(call: &Call, bytes_max: usize) -> Result<(), Refusal> {
    let length = call.header(CONTENT_LENGTH).and_then(|length| length.parse::<u64>().ok());
    if length.is_some_and(|length| length > bytes_max as u64) {
        return Err(too_large(bytes_max));
    }
    // Every field counts, not the first one alone.
    for encoding in call.headers.get_all(CONTENT_ENCODING) {
        if !encoding.as_bytes().eq_ignore_ascii_case(b"identity") {
            let encoding = String::from_utf8_lossy(encoding.as_bytes());
            return Err(Refusal::new(Condition::MediaTypeUnsupported)
                .with_detail("content-encoding", format!("`{encoding}` is not taken; send it as it is")));
        }
    }
    Ok(())
}

/// A refusal for a body that is too large.
pub(crate) fn too_large(bytes_max: usize) -> Refusal {
    Refusal::new(Condition::BodyTooLarge).with_message(format!("The body has more than {bytes_max} bytes."))
}

/// Reads the whole body.
///
/// # Errors
/// `body_too_large`, `request_timeout`, `body_malformed` where the connection breaks.
pub(crate) async fn read(mut body: Body) -> Result<Bytes, Refusal> {
    let deadline = std::time::Duration::from_millis(BODY_MS_MAX);
    let all = async {
        let mut first: Option<Bytes> = None;
        let mut rest = BytesMut::new();
        while let Some(frame) = body.frame().await {
            let broken = || Refusal::new(Condition::BodyMalformed).with_message("The body ended early.");
            let Ok(data) = frame.map_err(|_| broken())?.into_data() else { continue };
            let length = first.as_ref().map_or(0, Bytes::len) + rest.len() + data.len();
            if length > BODY_BYTES_MAX {
                return Err(too_large(BODY_BYTES_MAX));
            }
            // Most bodies come in one piece, which need not be copied.
            match first.take() {
                None if rest.is_empty() => first = Some(data),
                None => rest.extend_from_slice(&data),
                Some(begin) => {
                    rest.extend_from_slice(&begin);
                    rest.extend_from_slice(&data);
                }
            }
        }
        Ok(first.unwrap_or_else(|| rest.freeze()))
    };
    let timeout = || Refusal::new(Condition::RequestTimeout);
    tokio::time::timeout(deadline, all).await.map_err(|_| timeout())?
}

/// What came after the head.
#[derive(Debug)]
pub(crate) enum Sent {
    /// All of it was read.
    Whole(Bytes),
    /// It is passed on unread, once.
    Stream(Option<Body>),
}

impl Sent {
    /// What is still to come, once.
    pub(crate) fn stream(&mut self) -> Option<Body> {
        match self {
            Self::Whole(_) => None,
            Self::Stream(body) => body.take(),
        }
    }

    /// For another server.
    pub(crate) fn sending(&mut self) -> Sending {
        match self {
            Self::Whole(bytes) => Sending::Whole(bytes.clone()),
            Self::Stream(body) => Sending::Stream(body.take()),
        }
    }
}

/// What an idempotency key is bound to of a body: its value, or the hash of what is not JSON.
pub(crate) fn bound<'v>(value: &'v Value, sent: &Sent, call: &Call) -> Cow<'v, Value> {
    match sent {
        // Of what is not read yet, no more is known than what was said of it.
        Sent::Stream(_) => Cow::Owned(json!({
            "type": call.header("content-type").map(|field| field.split(';').next().unwrap_or_default()),
            "length": call.header("content-length"),
        })),
        Sent::Whole(bytes) if value.is_null() && !bytes.is_empty() => {
            let hash = Sha256::digest(bytes);
            Cow::Owned(Value::String(HEXLOWER.encode(&hash)))
        }
        _ => Cow::Borrowed(value),
    }
}
