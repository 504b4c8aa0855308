//! Files in forms (`multipart/form-data`, RFC 7578): one file, and small fields beside it.

use http_body_util::BodyExt as _;
use multer::{Constraints, Multipart, SizeLimit};
use serde_json::{Map, Value};
use tenon_policies::{Condition, Refusal};

use super::{Received, Sink, broken, in_time};
use crate::body;
use crate::limits::FORM_BYTES_EXTRA;
use crate::reply::Body;

/// Fields of a form beside the file, a count.
const FIELDS_MAX: usize = 64;

/// Longest field beside the file, in bytes.
const FIELD_BYTES_MAX: u64 = 16 * 1024;

pub(super) async fn receive(mut sink: Sink<'_>, boundary: String, body: Body) -> Result<Received, Refusal> {
    let limits = SizeLimit::new().whole_stream(sink.plan.bytes_max.saturating_add(FORM_BYTES_EXTRA as u64));
    let stream = body.into_data_stream();
    let mut form = Multipart::with_constraints(stream, boundary, Constraints::new().size_limit(limits));
    let (mut fields, mut name, mut found) = (Map::new(), None, false);
    loop {
        let next = in_time(form.next_field()).await?;
        let Some(mut field) = next.map_err(|error| refused(&error, &sink))? else { break };
        match field.file_name().map(str::to_owned) {
            Some(_) if found => return Err(malformed("The form has more than one file.")),
            Some(given) => {
                (found, name) = (true, Some(given));
                sink.declared = field.content_type().map(ToString::to_string);
                while let Some(data) =
                    in_time(field.chunk()).await?.map_err(|error| refused(&error, &sink))?
                {
                    sink.write(&data).await?;
                }
            }
            None => {
                let Some(key) = field.name().map(str::to_owned) else {
                    return Err(malformed("A field of the form has no name."));
                };
                let mut text = Vec::new();
                while let Some(data) =
                    in_time(field.chunk()).await?.map_err(|error| refused(&error, &sink))?
                {
                    text.extend_from_slice(&data);
                    if text.len() as u64 > FIELD_BYTES_MAX || fields.len() >= FIELDS_MAX {
                        return Err(malformed("The fields of the form are too long, or too many."));
                    }
                }
                let text = String::from_utf8(text).map_err(|_| malformed("A field is not UTF-8."))?;
                fields.insert(key, Value::String(text));
            }
        }
    }
    if !found {
        return Err(malformed("The form has no file: a field with a file name."));
    }
    sink.end(name.as_deref(), fields).await
}

fn malformed(message: &str) -> Refusal {
    Refusal::new(Condition::BodyMalformed).with_message(message)
}

fn refused(error: &multer::Error, sink: &Sink<'_>) -> Refusal {
    match error {
        multer::Error::StreamSizeExceeded { .. } | multer::Error::FieldSizeExceeded { .. } => {
            body::too_large(usize::try_from(sink.plan.bytes_max).unwrap_or(usize::MAX))
        }
        multer::Error::StreamReadFailed(_)
        | multer::Error::IncompleteFieldData { .. }
        | multer::Error::IncompleteHeaders
        | multer::Error::IncompleteStream => broken(),
        error => malformed(&format!("The form cannot be read: {error}.")),
    }
}

/// The file name in `Content-Disposition` (RFC 6266); `filename*` counts before `filename`.
pub(super) fn file_name(field: &str) -> Option<String> {
    let value = |wanted: &str| {
        field.split(';').find_map(|part| {
            let (name, value) = part.split_once('=')?;
            name.trim().eq_ignore_ascii_case(wanted).then(|| value.trim().trim_matches('"').to_owned())
        })
    };
    let extended = value("filename*").and_then(|value| {
        let text = value.splitn(3, '\'').nth(2)?.to_owned();
        percent_encoding::percent_decode_str(&text).decode_utf8().ok().map(std::borrow::Cow::into_owned)
    });
    extended.or_else(|| value("filename"))
}
