//! The schema of an input or an output. References leave the file for nothing but the drafts'
//! own schemas: a skill's folder is all there is.

use std::sync::Arc;

use serde_json::Value;

/// Failures told of one value, a count: who reads them mends the first ones.
const FAILURES_MAX: usize = 8;

#[derive(Clone)]
pub(crate) struct Schema {
    validator: Arc<jsonschema::Validator>,
}

impl Schema {
    pub(crate) fn compile(schema: &Value) -> Result<Self, String> {
        let options = jsonschema::options().should_validate_formats(true);
        let validator = options.build(schema).map_err(|error| error.to_string())?;
        Ok(Self { validator: Arc::new(validator) })
    }

    /// Where and why a value does not fit.
    pub(crate) fn failures(&self, value: &Value) -> Vec<String> {
        if self.validator.is_valid(value) {
            return Vec::new();
        }
        let told = |error: jsonschema::ValidationError<'_>| {
            let place = error.instance_path().to_string();
            let place = if place.is_empty() { "the value".to_owned() } else { place };
            format!("{place}: {}", error.masked())
        };
        self.validator.iter_errors(value).take(FAILURES_MAX).map(told).collect()
    }
}

impl std::fmt::Debug for Schema {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Schema").finish_non_exhaustive()
    }
}
