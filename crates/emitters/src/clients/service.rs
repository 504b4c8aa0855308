//! What service contracts say of a call: whether it takes a body, and where its answer has a token.

use tenon_graph::Operation;

use super::model::{Answer, Body, Encoding, Type};
use super::schemas::Types;

/// The body of an endpoint: a form with its file, or what `acceptsBody` says there is.
pub(super) fn body(operation: &Operation, name: &str, types: &mut Types<'_>) -> Option<Body> {
    let service = operation.service.as_ref()?;
    if service.file_upload == Some(true) {
        let media = "multipart/form-data".to_owned();
        return Some(Body { ty: Type::Any, required: true, encoding: Encoding::Multipart, media });
    }
    if service.accepts_body != Some(true) {
        return None;
    }
    let ty = service.body_schema.map_or(Type::Any, |schema| types.schema(schema, name));
    Some(Body { ty, required: true, encoding: Encoding::Json, media: "application/json".to_owned() })
}

/// The answer of an endpoint, of which service contracts know that it is JSON.
pub(super) fn answer(operation: &Operation) -> Option<Answer> {
    operation.service.as_ref()?;
    Some(Answer { ty: Type::Any, encoding: Encoding::Json, accept: "application/json".to_owned() })
}

/// S4-248: the names on the way of `responseTokenPath`, such as `.tokens.access`.
pub(super) fn token(operation: &Operation) -> Option<Vec<String>> {
    let path = operation.service.as_ref()?.response_token_path.as_ref()?;
    let names: Vec<String> = path.text.trim().trim_start_matches('.').split('.').map(str::to_owned).collect();
    names.iter().all(|name| !name.is_empty()).then_some(names)
}
