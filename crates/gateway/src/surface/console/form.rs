//! Forms that are sent to the console.

use http::header::CONTENT_TYPE;
use tenon_policies::{Condition, Refusal};

use super::Asked;
use crate::body;
use crate::call::Call;
use crate::reply::Body;

/// Largest form, in bytes: a token, and room.
const FORM_BYTES_MAX: usize = 64 * 1024;

/// The fields of a form.
pub(super) struct Form(Vec<(String, String)>);

impl Form {
    /// Reads a form.
    ///
    /// # Errors
    /// `media_type_unsupported`, `body_too_large`, and what reading any body meets.
    pub(super) async fn read(call: &Call, body: Body) -> Result<Self, Refusal> {
        let kind = call.header(CONTENT_TYPE).unwrap_or_default();
        if !kind.starts_with("application/x-www-form-urlencoded") {
            return Err(Refusal::new(Condition::MediaTypeUnsupported));
        }
        body::acceptable(call, FORM_BYTES_MAX)?;
        let bytes = body::read(body).await?;
        Ok(Self(url::form_urlencoded::parse(&bytes).into_owned().collect()))
    }

    /// The first field with a name; nothing where it is not there.
    pub(super) fn field(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
    }
}

/// A form that changes something: it must be one of ours.
///
/// # Errors
/// `guard_refused` where it is not.
pub(super) async fn ours(asked: &Asked<'_>, body: Body) -> Result<Form, Refusal> {
    let form = Form::read(asked.call, body).await?;
    asked.viewer.admits(asked.gateway, asked.call, form.field("csrf"))?;
    Ok(form)
}
