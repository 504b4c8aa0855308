//! OpenAPI: paths, operations, parameters, responses, servers, security, tags, info.

mod operation_id_unique;

use crate::Rule;

/// The rules of this area, by id.
pub static RULES: &[&Rule] = &[&operation_id_unique::RULE];
