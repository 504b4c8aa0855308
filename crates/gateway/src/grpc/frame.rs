//! How messages stand in a body: a flag, a length of four bytes, the message.

use std::io::{Read as _, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::{BufMut as _, Bytes, BytesMut};
use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use http::HeaderMap;
use tenon_policies::{Condition, Refusal};

use crate::body::too_large;
use crate::limits::BODY_BYTES_MAX;

/// Bytes before each message.
const HEAD_BYTES: usize = 5;

/// Flag of a frame that holds the trailers, in gRPC-Web.
const TRAILERS: u8 = 0x80;

/// Smallest message that is packed, in bytes: below this packing makes it longer.
const PACKED_BYTES_MIN: usize = 1024;

/// How messages are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Encoding {
    #[default]
    Identity,
    Gzip,
}

impl Encoding {
    /// The names callers may use.
    pub(crate) const ACCEPTED: &'static str = "identity,gzip";

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Gzip => "gzip",
        }
    }

    /// How the messages of a request are packed; `Err` has a name nobody here knows.
    pub(crate) fn of_request(headers: &HeaderMap) -> Result<Self, String> {
        let Some(name) = headers.get("grpc-encoding") else { return Ok(Self::Identity) };
        match name.as_bytes() {
            b"identity" => Ok(Self::Identity),
            b"gzip" => Ok(Self::Gzip),
            other => Err(String::from_utf8_lossy(other).into_owned()),
        }
    }

    /// How the caller likes its messages packed.
    pub(crate) fn of_reply(headers: &HeaderMap) -> Self {
        let accepted = headers.get("grpc-accept-encoding").and_then(|value| value.to_str().ok());
        let gzip = accepted.unwrap_or_default().split(',').any(|name| name.trim() == "gzip");
        if gzip { Self::Gzip } else { Self::Identity }
    }
}

/// What the frames of a body are wrapped in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wrapping {
    /// HTTP/2 with trailers.
    Grpc,
    /// Trailers are the last frame.
    Web,
    /// The same in base64.
    WebText,
}

impl Wrapping {
    /// What a content type says, with the form of the messages where it names one that is not
    /// Protobuf; `None` where it is none of gRPC.
    pub(crate) fn of(content_type: &str) -> Option<Result<Self, &str>> {
        let essence = content_type.split(';').next().unwrap_or_default().trim();
        let rest = essence.strip_prefix("application/grpc")?;
        let (wrapping, rest) = match rest.strip_prefix("-web") {
            Some(rest) => match rest.strip_prefix("-text") {
                Some(rest) => (Self::WebText, rest),
                None => (Self::Web, rest),
            },
            None => (Self::Grpc, rest),
        };
        match rest {
            "" | "+proto" => Some(Ok(wrapping)),
            other if other.starts_with('+') => Some(Err(other)),
            _ => None,
        }
    }

    pub(crate) fn content_type(self) -> &'static str {
        match self {
            Self::Grpc => "application/grpc",
            Self::Web => "application/grpc-web+proto",
            Self::WebText => "application/grpc-web-text+proto",
        }
    }

    /// Bytes as they leave.
    pub(crate) fn wrap(self, frame: Bytes) -> Bytes {
        match self {
            Self::WebText => STANDARD.encode(&frame).into(),
            _ => frame,
        }
    }

    /// Bytes as they were meant.
    pub(crate) fn unwrap(self, body: Bytes) -> Result<Bytes, Refusal> {
        if self != Self::WebText {
            return Ok(body);
        }
        let broken = || malformed("The body is not base64.");
        let text: Vec<u8> = body.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
        let mut out = BytesMut::with_capacity(text.len() / 4 * 3);
        // Each piece a client flushed has a padding of its own.
        for piece in text.chunk_by(|before, after| *before != b'=' || *after == b'=') {
            out.extend_from_slice(&STANDARD.decode(piece).map_err(|_| broken())?);
        }
        Ok(out.freeze())
    }

    /// Trailers as the last frame.
    pub(crate) fn trailers(self, trailers: &HeaderMap) -> Bytes {
        let mut block = BytesMut::new();
        for (name, value) in trailers {
            block.extend_from_slice(name.as_str().as_bytes());
            block.extend_from_slice(b": ");
            block.extend_from_slice(value.as_bytes());
            block.extend_from_slice(b"\r\n");
        }
        self.wrap(framed(TRAILERS, &block))
    }
}

fn framed(flag: u8, content: &[u8]) -> Bytes {
    let mut out = BytesMut::with_capacity(content.len() + HEAD_BYTES);
    out.put_u8(flag);
    out.put_u32(u32::try_from(content.len()).unwrap_or(u32::MAX));
    out.extend_from_slice(content);
    out.freeze()
}

/// A message in its frame.
pub(crate) fn write(message: &[u8], encoding: Encoding) -> Bytes {
    if encoding == Encoding::Gzip && message.len() >= PACKED_BYTES_MIN {
        let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
        let packed = packer.write_all(message).and_then(|()| packer.finish());
        if let Ok(packed) = packed {
            return framed(1, &packed);
        }
    }
    framed(0, message)
}

/// The one message of a body.
///
/// # Errors
/// `body_malformed`, `body_too_large`.
pub(crate) fn one(body: &Bytes, encoding: Encoding) -> Result<Bytes, Refusal> {
    let (message, rest) = first(body, encoding)?.ok_or_else(|| malformed("The message is missing."))?;
    if !rest.is_empty() {
        return Err(malformed("There is more than one message, or something behind it."));
    }
    Ok(message)
}

/// The first message of some bytes and what is behind it; `None` where nothing is there.
///
/// # Errors
/// `body_malformed`, `body_too_large`.
pub(crate) fn first(bytes: &Bytes, encoding: Encoding) -> Result<Option<(Bytes, Bytes)>, Refusal> {
    if bytes.is_empty() {
        return Ok(None);
    }
    let cut = || malformed("The message ends early.");
    let head = bytes.first_chunk::<HEAD_BYTES>().ok_or_else(cut)?;
    let [flag, length @ ..] = *head;
    let length = u32::from_be_bytes(length) as usize;
    if length > BODY_BYTES_MAX {
        return Err(too_large(BODY_BYTES_MAX));
    }
    let end = HEAD_BYTES + length;
    if bytes.len() < end {
        return Err(cut());
    }
    let message = bytes.slice(HEAD_BYTES..end);
    let message = match (flag, encoding) {
        (0, _) => message,
        (1, Encoding::Gzip) => unpacked(&message)?,
        (1, Encoding::Identity) => {
            return Err(malformed("The message is packed, and `grpc-encoding` does not say how."));
        }
        _ => return Err(malformed("The flag before the message is neither 0 nor 1.")),
    };
    Ok(Some((message, bytes.slice(end..))))
}

/// Unpacks no more than a body may have, so that no small body can become a large one.
fn unpacked(packed: &[u8]) -> Result<Bytes, Refusal> {
    let mut out = Vec::new();
    let read = MultiGzDecoder::new(packed).take(BODY_BYTES_MAX as u64 + 1).read_to_end(&mut out);
    if read.is_err() {
        return Err(malformed("The message is not gzip."));
    }
    if out.len() > BODY_BYTES_MAX {
        return Err(too_large(BODY_BYTES_MAX));
    }
    Ok(out.into())
}

fn malformed(message: &str) -> Refusal {
    Refusal::new(Condition::BodyMalformed).with_message(message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_read_as_they_were_written() {
        let long = vec![b'x'; 4096];
        for (message, encoding) in [(&b"hi"[..], Encoding::Identity), (&long, Encoding::Gzip)] {
            let frame = write(message, encoding);
            assert_eq!(one(&frame, encoding).unwrap(), message);
        }
        assert!(write(&long, Encoding::Gzip).len() < 200);
        assert_eq!(&write(b"", Encoding::Identity)[..], [0, 0, 0, 0, 0]);
    }

    #[test]
    fn what_is_no_frame_is_refused() {
        let says = |bytes: &'static [u8], encoding| one(&Bytes::from_static(bytes), encoding).unwrap_err();
        for bytes in
            [&b""[..], &[0], &[0, 0, 0, 0, 1], &[2, 0, 0, 0, 0], &[1, 0, 0, 0, 0], &[0, 0, 0, 0, 0, 0]]
        {
            assert_eq!(says(bytes, Encoding::Identity).condition, Condition::BodyMalformed, "{bytes:?}");
        }
        assert_eq!(says(&[0, 0xff, 0xff, 0xff, 0xff], Encoding::Identity).condition, Condition::BodyTooLarge);
        assert_eq!(says(&[1, 0, 0, 0, 1, 7], Encoding::Gzip).condition, Condition::BodyMalformed);
    }

    #[test]
    fn a_small_message_that_becomes_a_large_one_is_refused() {
        let frame = write(&vec![0; BODY_BYTES_MAX + 1], Encoding::Gzip);
        assert!(frame.len() < 10_000);
        assert_eq!(one(&frame, Encoding::Gzip).unwrap_err().condition, Condition::BodyTooLarge);
    }

    #[test]
    fn base64_may_have_padding_inside() {
        let text = Bytes::from_static(b"AAAAAAE=\r\neA==");
        assert_eq!(&Wrapping::WebText.unwrap(text).unwrap()[..], [0, 0, 0, 0, 1, b'x']);
        assert!(Wrapping::WebText.unwrap(Bytes::from_static(b"A?==")).is_err());
    }

    #[test]
    fn content_types_say_what_frames_are_wrapped_in() {
        assert_eq!(Wrapping::of("application/grpc"), Some(Ok(Wrapping::Grpc)));
        assert_eq!(Wrapping::of("application/grpc+proto; a=b"), Some(Ok(Wrapping::Grpc)));
        assert_eq!(Wrapping::of("application/grpc-web-text"), Some(Ok(Wrapping::WebText)));
        assert_eq!(Wrapping::of("application/grpc+json"), Some(Err("+json")));
        assert_eq!(Wrapping::of("application/grpcx"), None);
        assert_eq!(Wrapping::of("application/json"), None);
    }
}
