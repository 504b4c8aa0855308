//! Whether a request is what the contract describes. See `request.md`.

mod coercion;
mod details;

use std::sync::Arc;

use serde_json::{Map, Value};
use tenon_graph::{Dialect, Graph, Parameter, ParameterIn};
use tenon_schemas::{Direction, Key, Validators};
use tenon_source::{Tree, parse_json};

pub use coercion::{Scalar, Shape};
pub(crate) use details::{details_of, path_of};

use crate::sniff::essence;
use crate::{Condition, Refusal, Waiver};

/// Most details a refusal has, a count: past this a request is of another kind altogether.
pub const DETAILS_MAX: usize = 50;

/// Longest value of a parameter, in bytes.
pub const PARAMETER_BYTES_MAX: usize = 8_192;

/// Where a parameter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// In a header field.
    Header,
}

/// A parameter the contract describes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParameterRule {
    /// Its name; of a header field in lower case.
    pub name: String,
    /// Where it stands.
    pub place: Place,
    /// Whether it must be given.
    pub required: bool,
    /// Its schema.
    pub schema: Option<Key>,
    /// What its text is read as.
    pub shape: Shape,
}

impl ParameterRule {
    /// What a contract says of a parameter; `None` for cookies, bodies, and header fields that
    /// have rules of their own. Leave out the fields of idempotency and tenant as well: their
    /// policies have codes for them.
    #[must_use]
    pub fn of(graph: &Graph, parameter: &Parameter, dialect: Dialect) -> Option<Self> {
        let name = parameter.name.as_ref()?.text.clone();
        // OpenAPI has other places for these, and says that they count for nothing here.
        let elsewhere = ["accept", "content-type", "authorization"];
        if parameter.place == Some(ParameterIn::Header)
            && elsewhere.contains(&name.to_ascii_lowercase().as_str())
        {
            return None;
        }
        let place = match parameter.place? {
            ParameterIn::Path => Place::Path,
            ParameterIn::Query => Place::Query,
            ParameterIn::Header => Place::Header,
            _ => return None,
        };
        let name = if place == Place::Header { name.to_ascii_lowercase() } else { name };
        let content = parameter.content.first().and_then(|media| media.schema);
        let shape = match (parameter.schema, content) {
            (None, Some(_)) => Shape::Json,
            (Some(at), _) => Shape::of(graph, at, parameter.def),
            (None, None) => Shape::Text,
        };
        let schema = parameter.schema.or(content);
        let schema = schema.map(|at| Key { at, dialect, direction: Direction::Request });
        Some(Self { name, place, required: parameter.required || place == Place::Path, schema, shape })
    }
}

/// What a contract says of the body.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BodyRule {
    /// Whether there must be one.
    pub required: bool,
    /// Media types it may have, `*/*` and `family/*` too; `application/json` where it is empty.
    pub media_types: Vec<String>,
    /// Its schema.
    pub schema: Option<Key>,
}

/// What a contract says of a request.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RequestRule {
    /// Parameters in the contract's order, which is the order of the checks.
    pub parameters: Vec<ParameterRule>,
    /// Whether query parameters that are not described are refused.
    pub rejects_unknown_query: bool,
    /// The body; `None` where there is none.
    pub body: Option<BodyRule>,
}

/// The parameters of a request as they were sent, percent-decoded.
#[derive(Debug, Clone, Copy)]
pub struct RawParameters<'a> {
    /// Path parameters in order.
    pub path: &'a [(String, String)],
    /// Query parameters in order, repeated ones too.
    pub query: &'a [(String, String)],
    /// Header fields, names in lower case.
    pub headers: &'a [(String, String)],
}

/// Parameters, checked. Only [`parameters`] makes one.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameters {
    path: Value,
    query: Value,
    headers: Value,
}

impl Parameters {
    /// For a refusal that was let through: everything as text.
    #[must_use]
    pub fn waived(raw: RawParameters<'_>, _: &Waiver) -> Self {
        Self { path: texts(raw.path), query: texts(raw.query), headers: texts(raw.headers) }
    }
}

/// A request, checked: the variables `params`, `query`, `headers` and `request` of expressions.
/// Only [`body`] and [`CheckedRequest::waived`] make one.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckedRequest {
    parameters: Parameters,
    body: Value,
}

impl CheckedRequest {
    /// Path parameters.
    #[must_use]
    pub fn path(&self) -> &Value {
        &self.parameters.path
    }

    /// Query parameters.
    #[must_use]
    pub fn query(&self) -> &Value {
        &self.parameters.query
    }

    /// Header fields, names in lower case.
    #[must_use]
    pub fn headers(&self) -> &Value {
        &self.parameters.headers
    }

    /// The body; `null` where there is none.
    #[must_use]
    pub fn body(&self) -> &Value {
        &self.body
    }

    /// For a refusal that was let through: the body as far as it is JSON.
    #[must_use]
    pub fn waived(parameters: Parameters, bytes: &[u8], _: &Waiver) -> Self {
        Self { parameters, body: serde_json::from_slice(bytes).unwrap_or(Value::Null) }
    }
}

/// Checks the parameters, before the body is read: in the contract's order, then query parameters
/// nobody knows, in the order they were sent.
///
/// # Errors
/// `parameter_invalid`.
pub fn parameters(
    rule: &RequestRule,
    validators: &Validators<'_>,
    raw: RawParameters<'_>,
) -> Result<Parameters, Refusal> {
    let mut refusal = Refusal::new(Condition::ParameterInvalid);
    let mut out = Parameters { path: texts(raw.path), query: texts(raw.query), headers: texts(raw.headers) };
    for one in &rule.parameters {
        let sent: Vec<&str> = match one.place {
            Place::Path => sent(raw.path, &one.name),
            Place::Query => sent(raw.query, &one.name),
            Place::Header => sent(raw.headers, &one.name),
        };
        if sent.is_empty() {
            if one.required {
                refusal = refusal.with_detail(one.name.as_str(), "is missing");
            }
            continue;
        }
        match parameter(one, validators, &sent) {
            Ok(value) => {
                let target = match one.place {
                    Place::Path => &mut out.path,
                    Place::Query => &mut out.query,
                    Place::Header => &mut out.headers,
                };
                if let Value::Object(members) = target {
                    members.insert(one.name.clone(), value);
                }
            }
            Err(problems) => {
                for (detail, format) in problems {
                    if refusal.details.is_empty() {
                        refusal.format = format;
                    }
                    refusal.details.push(detail);
                }
            }
        }
    }
    if rule.rejects_unknown_query {
        for (name, _) in raw.query {
            let known = rule.parameters.iter().any(|one| one.place == Place::Query && one.name == *name);
            if !known && refusal.details.iter().all(|detail| detail.field != *name) {
                let names = rule.parameters.iter().filter(|one| one.place == Place::Query);
                refusal = refusal.with_detail(name.as_str(), unknown(name, names));
            }
        }
    }
    refusal.details.truncate(DETAILS_MAX);
    if refusal.details.is_empty() { Ok(out) } else { Err(refusal) }
}

fn unknown<'a>(name: &str, known: impl Iterator<Item = &'a ParameterRule>) -> String {
    match tenon_source::nearest(name, known.map(|one| one.name.as_str())) {
        Some(near) => format!("is not known; did you mean `{near}`?"),
        None => "is not known".to_owned(),
    }
}

fn parameter(
    rule: &ParameterRule,
    validators: &Validators<'_>,
    sent: &[&str],
) -> Result<Value, Vec<(crate::Detail, Option<String>)>> {
    let bad = |reason: String| vec![(crate::Detail::new(rule.name.as_str(), reason), None)];
    if sent.iter().any(|text| text.len() > PARAMETER_BYTES_MAX) {
        return Err(bad(format!("is longer than {PARAMETER_BYTES_MAX} bytes")));
    }
    let value = rule.shape.read(sent).map_err(|reason| bad(reason.to_owned()))?;
    let Some(key) = rule.schema else { return Ok(value) };
    if validators.accepts_value(key, &value) {
        return Ok(value);
    }
    let (tree, _) = parse_json(Arc::new(value.to_string()));
    let mut problems = details_of(validators, key, tree.root(), DETAILS_MAX);
    for (detail, _) in &mut problems {
        detail.field = match detail.field.as_str() {
            "" => rule.name.clone(),
            below => format!("{}.{below}", rule.name),
        };
    }
    if problems.is_empty() { Ok(value) } else { Err(problems) }
}

fn sent<'a>(pairs: &'a [(String, String)], name: &str) -> Vec<&'a str> {
    pairs.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str()).collect()
}

/// Everything as text; of repeated names the first counts.
fn texts(pairs: &[(String, String)]) -> Value {
    let mut out = Map::with_capacity(pairs.len());
    for (name, value) in pairs {
        out.entry(name.as_str()).or_insert_with(|| Value::String(value.clone()));
    }
    Value::Object(out)
}

/// Checks that a body of this content type is taken, before it is read.
///
/// # Errors
/// `media_type_unsupported`.
pub fn content_type(rule: &RequestRule, field: Option<&str>, has_body: bool) -> Result<(), Refusal> {
    let Some(body) = rule.body.as_ref().filter(|_| has_body) else { return Ok(()) };
    let found = field.map(essence);
    let good = match (&found, body.media_types.as_slice()) {
        (Some(found), []) => is_json(found),
        (Some(found), types) => types.iter().any(|one| covers(&essence(one), found)),
        (None, types) => types.iter().any(|one| essence(one) == "*/*"),
    };
    if good {
        return Ok(());
    }
    let taken = if body.media_types.is_empty() {
        "application/json".to_owned()
    } else {
        body.media_types.join(" or ")
    };
    let reason = match found {
        Some(found) => format!("should be {taken}, not `{found}`"),
        None => format!("is missing; it should be {taken}"),
    };
    Err(Refusal::new(Condition::MediaTypeUnsupported).with_detail("content-type", reason))
}

fn covers(pattern: &str, found: &str) -> bool {
    match pattern.strip_suffix("/*") {
        Some("*") => true,
        Some(family) => found.split('/').next() == Some(family),
        None => pattern == found || (pattern == "application/json" && found.ends_with("+json")),
    }
}

/// Whether a media type, without parameters and in lower case, is JSON.
#[must_use]
pub fn is_json(media_type: &str) -> bool {
    media_type == "application/json" || media_type.ends_with("+json")
}

/// Checks the body. Every failure of its schema is a detail, in document order; where all of them
/// are of one format, it is told (`request_invalid.date-time`).
///
/// # Errors
/// `body_malformed`, `request_invalid`.
pub fn body(
    rule: &RequestRule,
    validators: &Validators<'_>,
    parameters: Parameters,
    bytes: &[u8],
) -> Result<CheckedRequest, Refusal> {
    let Some(body) = &rule.body else { return Ok(CheckedRequest { parameters, body: Value::Null }) };
    if bytes.is_empty() {
        return match body.required {
            true => Err(Refusal::new(Condition::BodyMalformed).with_message("The body is missing.")),
            false => Ok(CheckedRequest { parameters, body: Value::Null }),
        };
    }
    let (tree, value) = read(bytes)?;
    let Some(key) = body.schema else { return Ok(CheckedRequest { parameters, body: value }) };
    let problems = details_of(validators, key, tree.root(), DETAILS_MAX);
    let Some((_, format)) = problems.first() else {
        return Ok(CheckedRequest { parameters, body: value });
    };
    let mut refusal = Refusal::new(Condition::RequestInvalid);
    // Not what comes first: the same members in another order are the same request.
    refusal.format = format.clone().filter(|_| problems.iter().all(|(_, other)| other == format));
    refusal.details = problems.into_iter().map(|(detail, _)| detail).collect();
    Err(refusal)
}

/// Whether a body of this content type is taken as it is: one the contract names that is not JSON.
#[must_use]
pub fn is_opaque(rule: &RequestRule, field: Option<&str>) -> bool {
    let named = rule.body.as_ref().is_some_and(|body| !body.media_types.is_empty());
    named && field.is_some_and(|field| !is_json(&essence(field)))
}

/// A request whose body is not looked at: no more is known of it than that it is there.
///
/// # Errors
/// `body_malformed` where it is not, and must be.
pub fn unread(rule: &RequestRule, parameters: Parameters, is_there: bool) -> Result<CheckedRequest, Refusal> {
    match &rule.body {
        Some(body) if body.required && !is_there => {
            Err(Refusal::new(Condition::BodyMalformed).with_message("The body is missing."))
        }
        _ => Ok(CheckedRequest { parameters, body: Value::Null }),
    }
}

/// JSON as a tree and as a value. What is not JSON, a member that stands twice and what nests too
/// deep are told with line and column.
fn read(bytes: &[u8]) -> Result<(Tree, Value), Refusal> {
    let bad = |message: String| Refusal::new(Condition::BodyMalformed).with_message(message);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        bad(format!("The body is not UTF-8: byte {} starts no character.", error.valid_up_to()))
    })?;
    let (tree, findings) = parse_json(Arc::new(text.to_owned()));
    if let Some(finding) = findings.iter().min_by_key(|finding| finding.place.span.start) {
        let place = tenon_source::LineIndex::new(text).locate(text, finding.place.span.start);
        return Err(bad(format!(
            "The body is not JSON: {} (line {}, column {}).",
            finding.message, place.line, place.column
        )));
    }
    let value = tenon_graph::to_value(tree.root());
    Ok((tree, value))
}
