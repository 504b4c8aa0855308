//! Files in forms: of a type that is taken, of another, and too large.

use super::ask::{Draft, Session};
use super::kinds::INVALID;
use super::persona::Persona;
use crate::contract::{Endpoint, UploadFacts};

/// Largest file that is sent, in bytes: what may be larger is not tried.
const FILE_BYTES_MAX: u64 = 12 * 1024 * 1024;

/// The line between the parts of a form.
const BOUNDARY: &str = "tenon-verify-7f1c";

/// A type that no contract takes.
const UNDECLARED: &str = "application/x-msdownload";

/// How files of a type begin.
const BEGINNINGS: [(&str, &[u8]); 6] = [
    ("image/png", b"\x89PNG\r\n\x1a\n"),
    ("image/jpeg", b"\xff\xd8\xff"),
    ("image/gif", b"GIF89a"),
    ("application/pdf", b"%PDF-1.7\n"),
    ("application/zip", b"PK\x03\x04"),
    (UNDECLARED, b"MZ\x90\x00"),
];

/// A file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    media_type: String,
    bytes: Vec<u8>,
}

impl File {
    /// A small file of the first type that is taken.
    pub fn taken(upload: &UploadFacts) -> Self {
        let usual = upload.types.iter().find(|kind| !kind.contains('*')).map_or("text/plain", String::as_str);
        Self::of(usual)
    }

    fn of(media_type: &str) -> Self {
        let start = BEGINNINGS.iter().find(|(kind, _)| *kind == media_type).map(|(_, start)| *start);
        let mut bytes = start.unwrap_or_default().to_vec();
        bytes.extend(b"conformance\n");
        Self { media_type: media_type.to_owned(), bytes }
    }

    /// The form it is sent in: media type, body.
    pub fn form(&self) -> (String, Vec<u8>) {
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"conformance\"\r\n\
             Content-Type: {}\r\n\r\n",
            self.media_type
        );
        let mut body = head.into_bytes();
        body.extend(&self.bytes);
        body.extend(format!("\r\n--{BOUNDARY}--\r\n").bytes());
        (format!("multipart/form-data; boundary={BOUNDARY}"), body)
    }
}

/// Files that must be refused.
pub async fn probe(
    session: &mut Session<'_>,
    endpoint: &Endpoint,
    caller: &Persona,
    upload: &UploadFacts,
    base: &Draft,
) {
    let mut wrong = Vec::new();
    if !upload.types.is_empty() && !upload.types.iter().any(|kind| kind.contains('*')) {
        wrong.push((format!("a file of the type `{UNDECLARED}`"), File::of(UNDECLARED)));
    }
    if let Some(most) = upload.bytes_max.filter(|most| *most < FILE_BYTES_MAX) {
        let mut file = File::taken(upload);
        file.bytes.resize(usize::try_from(most).unwrap_or_default() + 1, b'x');
        wrong.push((format!("a file of {} bytes", most + 1), file));
    }
    for (what, file) in wrong {
        session.trying("invalid requests");
        let draft = Draft { file: Some(file), ..base.clone() };
        let Some(sent) = session.send(endpoint, caller, &draft).await else { return };
        if sent.answer.status < 400 {
            let message = format!("{} answers {} to {what}", endpoint.label, sent.answer.status);
            session.find(&INVALID, Some(endpoint), &what, message, &sent);
        }
    }
}
