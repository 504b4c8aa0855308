//! Limits, and the variables of the environment they come from.

use serde_json::{Map, Value, json};
use tenon_graph::service::EnvVariable;

use super::endpoint::Upload;
use super::model::Model;

/// Page size where nothing else is said, in records (seed 004, section 3).
const PAGE_SIZE_DEFAULT: u64 = 20;

/// Largest page where nothing else is said, in records (seed 004, section 3).
const PAGE_SIZE_MAX: u64 = 100;

/// Largest upload where nothing else is said, in MB: the size of standard documents.
const UPLOAD_MB: u64 = 10;

/// Bytes in a MB, as upload limits count them.
const MB: u64 = 1024 * 1024;

/// The `pagination` of the root.
pub(super) fn pagination(model: &Model<'_>) -> Value {
    let mut out = Map::new();
    let mut sources = Map::new();
    let limits = [
        ("maxPageSize", ["MAX", "PAGE"], PAGE_SIZE_MAX),
        ("defaultPageSize", ["DEFAULT", "PAGE"], PAGE_SIZE_DEFAULT),
    ];
    for (field, words, usual) in limits {
        let variable = model.variable(&words);
        let value = variable.and_then(number).unwrap_or(usual);
        out.insert(field.into(), json!(value));
        if let Some(variable) = variable {
            sources.insert(field.into(), json!(config_source(variable)));
        }
    }
    out.insert("enforcement".into(), json!("clamp"));
    if !sources.is_empty() {
        out.insert("configSource".into(), Value::Object(sources));
    }
    Value::Object(out)
}

/// What uploads accept: the platform's input formats and its limit.
pub(super) fn upload(model: &Model<'_>) -> Upload {
    let types = model.scope.mime_types.iter().flatten().map(|name| name.text.clone()).collect::<Vec<_>>();
    let variable = ["FILE_SIZE", "UPLOAD_SIZE"].iter().find_map(|words| model.variable(&[words]));
    let limit = model.scope.upload_bytes_max.map(|(bytes, _)| bytes);
    let configured = variable.and_then(|variable| Some(bytes(variable, number(variable)?)));
    Upload {
        mime_types: if types.is_empty() { vec!["application/octet-stream".to_owned()] } else { types },
        size_mb_max: limit.or(configured).map_or(UPLOAD_MB, |bytes| (bytes / MB).max(1)),
        config_source: variable.map(config_source),
    }
}

/// `MAX_FILE_SIZE_BYTES default 52428800`.
fn config_source(variable: &EnvVariable) -> String {
    let default = variable.default.as_ref().map_or("", |default| default.text.as_str());
    format!("{} default {default}", variable.name.text)
}

fn number(variable: &EnvVariable) -> Option<u64> {
    variable.default.as_ref()?.text.parse().ok()
}

/// The value of a size in bytes, by the unit its variable's name says.
fn bytes(variable: &EnvVariable, value: u64) -> u64 {
    let name = variable.name.text.to_ascii_uppercase();
    if name.ends_with("_MB") { value.saturating_mul(MB) } else { value }
}
