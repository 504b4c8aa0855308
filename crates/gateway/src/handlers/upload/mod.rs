//! Files: received piece by piece, looked at, kept beside their records.

mod form;

use bytes::Bytes;
use data_encoding::HEXLOWER;
use futures_util::TryStreamExt as _;
use http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE, HeaderValue, X_CONTENT_TYPE_OPTIONS};
use http_body::Frame;
use http_body_util::{BodyExt as _, StreamBody};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};
use tenon_policies::sniff::{self, SNIFF_BYTES};
use tenon_policies::{Condition, Refusal};
use tokio::fs::File;
use tokio::io::AsyncWriteExt as _;
use tokio_util::io::ReaderStream;

use crate::body;
use crate::call::Call;
use crate::limits::{BODY_MS_MAX, FORM_BYTES_EXTRA};
use crate::plan::resource::UploadPlan;
use crate::reply::{Body, Reply, ReplyBody};
use crate::uploads::{Part, Uploads};

/// Longest name of a file that is kept, in letters.
const NAME_LETTERS_MAX: usize = 255;

/// A file that was received: durable, and not yet anybody's.
#[derive(Debug)]
pub(crate) struct Received {
    /// What is known of it: `name`, `type`, `size`, `sha256`.
    pub(crate) file: Value,
    /// The other fields of the form.
    pub(crate) form: Value,
    /// The file itself; `None` once it was kept.
    pub(crate) part: Option<Part>,
}

/// Receives a file. Its size and type are held to what the operation takes while it comes.
///
/// # Errors
/// `body_too_large`, `upload_type_refused`, `media_type_unsupported`, `body_malformed` where it
/// breaks off, `request_timeout`, `store_unavailable` where it cannot be written.
pub(crate) async fn receive(
    uploads: &Uploads,
    plan: &UploadPlan,
    call: &Call,
    body: Body,
) -> Result<Received, Refusal> {
    let declared = call.header(CONTENT_TYPE);
    let boundary = declared.and_then(|field| multer::parse_boundary(field).ok());
    let extra = if boundary.is_some() { FORM_BYTES_EXTRA } else { 0 };
    let bytes_max = usize::try_from(plan.bytes_max).unwrap_or(usize::MAX);
    body::acceptable(call, bytes_max.saturating_add(extra))?;
    let sink = Sink::begin(uploads, plan, &call.request_id).await?;
    match boundary {
        Some(boundary) => form::receive(sink, boundary, body).await,
        None => raw(sink, declared, call, body).await,
    }
}

/// The media type by which callers ask for the file of a record, and not for what is known of it.
const BYTES: &str = "application/octet-stream";

/// Whether a caller asks for the file itself.
pub(crate) fn is_wanted(call: &Call) -> bool {
    let essence = |one: &str| one.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(BYTES);
    call.header("accept").is_some_and(|field| field.split(',').any(essence))
}

/// A reply that is the file, as it comes from the disk. No browser shows it: it was given to us.
pub(crate) async fn send(file: File, mut reply: Reply) -> Reply {
    let fields =
        [(CONTENT_TYPE, BYTES), (CONTENT_DISPOSITION, "attachment"), (X_CONTENT_TYPE_OPTIONS, "nosniff")];
    for (name, value) in fields {
        reply.headers.insert(name, HeaderValue::from_static(value));
    }
    if let Ok(facts) = file.metadata().await {
        reply.headers.insert(CONTENT_LENGTH, HeaderValue::from(facts.len()));
    }
    let frames = ReaderStream::new(file).map_ok(Frame::data).map_err(Into::into);
    reply.body = ReplyBody::Stream(StreamBody::new(frames).boxed_unsync());
    reply
}

/// The body is the file.
async fn raw(
    mut sink: Sink<'_>,
    declared: Option<&str>,
    call: &Call,
    mut body: Body,
) -> Result<Received, Refusal> {
    sink.declared = declared.map(str::to_owned);
    while let Some(frame) = in_time(body.frame()).await? {
        let Ok(data) = frame.map_err(|_| broken())?.into_data() else { continue };
        sink.write(&data).await?;
    }
    let announced = call.header(CONTENT_LENGTH).and_then(|length| length.parse::<u64>().ok());
    if announced.is_some_and(|length| length != sink.size) {
        return Err(broken());
    }
    let name = call.header("content-disposition").and_then(form::file_name);
    sink.end(name.as_deref(), Map::new()).await
}

/// A piece of the body, as long as it does not take too long.
async fn in_time<T>(piece: impl Future<Output = T>) -> Result<T, Refusal> {
    let longest = std::time::Duration::from_millis(BODY_MS_MAX);
    tokio::time::timeout(longest, piece).await.map_err(|_| Refusal::new(Condition::RequestTimeout))
}

fn broken() -> Refusal {
    Refusal::new(Condition::BodyMalformed).with_message("The body ended early.")
}

fn unwritable(error: &std::io::Error) -> Refusal {
    tracing::error!(%error, "an uploaded file cannot be written");
    Refusal::new(Condition::StoreUnavailable).with_retry_after(1)
}

/// A file on its way to the disk.
struct Sink<'p> {
    plan: &'p UploadPlan,
    part: Part,
    file: File,
    hash: Sha256,
    size: u64,
    declared: Option<String>,
    /// The first bytes, until the type is decided.
    head: Vec<u8>,
    kind: Option<String>,
}

impl<'p> Sink<'p> {
    async fn begin(uploads: &Uploads, plan: &'p UploadPlan, name: &str) -> Result<Self, Refusal> {
        let (part, file) = uploads.begin(name).await.map_err(|error| unwritable(&error))?;
        let head = Vec::with_capacity(SNIFF_BYTES);
        Ok(Self { plan, part, file, hash: Sha256::new(), size: 0, declared: None, head, kind: None })
    }

    async fn write(&mut self, data: &Bytes) -> Result<(), Refusal> {
        self.size = self.size.saturating_add(data.len() as u64);
        if self.size > self.plan.bytes_max {
            return Err(body::too_large(usize::try_from(self.plan.bytes_max).unwrap_or(usize::MAX)));
        }
        if self.kind.is_none() {
            let wanted = SNIFF_BYTES.saturating_sub(self.head.len());
            self.head.extend_from_slice(data.get(..wanted.min(data.len())).unwrap_or_default());
            if self.head.len() >= SNIFF_BYTES {
                self.decide()?;
            }
        }
        self.hash.update(data);
        self.file.write_all(data).await.map_err(|error| unwritable(&error))
    }

    fn decide(&mut self) -> Result<(), Refusal> {
        let allowed = sniff::decide(&self.plan.types, self.declared.as_deref(), &self.head)?;
        self.kind = Some(allowed.media_type().to_owned());
        Ok(())
    }

    /// Makes it durable.
    async fn end(mut self, name: Option<&str>, form: Map<String, Value>) -> Result<Received, Refusal> {
        if self.kind.is_none() {
            self.decide()?;
        }
        self.file.sync_all().await.map_err(|error| unwritable(&error))?;
        let hash = HEXLOWER.encode(&self.hash.finalize());
        let file = json!({
            "name": name.and_then(plain_name), "type": self.kind, "size": self.size, "sha256": hash,
        });
        Ok(Received { file, form: Value::Object(form), part: Some(self.part) })
    }
}

/// The last part of a name as callers give it: no folders, nothing that cannot be seen.
fn plain_name(name: &str) -> Option<String> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let seen: String = last.chars().filter(|letter| !letter.is_control()).take(NAME_LETTERS_MAX).collect();
    let trimmed = seen.trim();
    (!trimmed.trim_matches('.').is_empty()).then(|| trimmed.to_owned())
}

#[cfg(test)]
mod tests {
    use super::plain_name;

    #[test]
    fn names_lead_nowhere() {
        for (given, kept) in [
            ("report.pdf", Some("report.pdf")),
            ("../../etc/passwd", Some("passwd")),
            ("C:\\Windows\\win.ini", Some("win.ini")),
            ("a\u{0}b\n.txt", Some("ab.txt")),
            ("..", None),
            ("dir/", None),
            (" ", None),
            ("ünï.txt", Some("ünï.txt")),
        ] {
            assert_eq!(plain_name(given).as_deref(), kept, "{given:?}");
        }
    }
}
