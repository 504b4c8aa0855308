//! Schemas that come with the program: the official ones of document formats and of JSON Schema.

use jsonschema::{PatternOptions, Validator};
use serde_json::Value;
use tenon_graph::Dialect;
use tenon_source::Node;

use crate::failure::Failure;
use crate::instance::{Instance, SpanJson};
use crate::report::Report;

/// A compiled schema that is no part of a graph.
pub struct Official {
    schema: Value,
    validator: Validator<SpanJson>,
}

impl std::fmt::Debug for Official {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Official").finish_non_exhaustive()
    }
}

impl Official {
    /// Compiles a schema from its JSON text. `parts` are further schemas, put into its `$defs` (or
    /// `definitions`, where it has those) by name, in place of what stands there;
    /// `$dynamicRef: "#meta"`, the place OpenAPI leaves open for a dialect, becomes a
    /// reference to the part `schema` where there is one.
    ///
    /// # Errors
    /// Why it is no schema: the text is ours, so this is a mistake of the program.
    pub fn compile(text: &str, parts: &[(&str, &str)]) -> Result<Self, String> {
        let parse = |text: &str| serde_json::from_str::<Value>(text).map_err(|error| error.to_string());
        let mut schema = parse(text)?;
        let home = if schema.get("$defs").is_some() { "/$defs" } else { "/definitions" };
        for (name, part) in parts {
            let defs = schema.pointer_mut(home).and_then(Value::as_object_mut);
            defs.ok_or("no $defs to add to")?.insert((*name).to_owned(), parse(part)?);
        }
        if parts.iter().any(|(name, _)| *name == "schema") {
            close_dialect(&mut schema);
        }
        Self::build(schema)
    }

    /// Compiles the meta-schema of a draft.
    ///
    /// # Errors
    /// Why it is no schema, which is a mistake of the program.
    pub fn meta_schema(dialect: Dialect) -> Result<Self, String> {
        let uri = match dialect {
            Dialect::Draft4 => "http://json-schema.org/draft-04/schema#",
            Dialect::Draft6 => "http://json-schema.org/draft-06/schema#",
            Dialect::Draft7 => "http://json-schema.org/draft-07/schema#",
            Dialect::Draft201909 => "https://json-schema.org/draft/2019-09/schema",
            Dialect::Draft202012 | Dialect::OpenApi30 | Dialect::Swagger2 => {
                "https://json-schema.org/draft/2020-12/schema"
            }
        };
        Self::build(serde_json::json!({ "$schema": uri, "$ref": uri }))
    }

    fn build(schema: Value) -> Result<Self, String> {
        let options = jsonschema::options_for::<SpanJson>().with_pattern_options(PatternOptions::regex());
        let validator = options.build(&schema).map_err(|error| error.to_string())?;
        Ok(Self { schema, validator })
    }

    /// Whether a document fits.
    #[must_use]
    pub fn is_valid(&self, document: Node<'_>) -> bool {
        self.validator.is_valid(Instance::plain(document))
    }

    /// Where and why a document does not fit, in document order; empty where it fits.
    #[must_use]
    pub fn failures<'t>(&'t self, document: Node<'t>) -> Vec<Failure<'t>> {
        if self.is_valid(document) {
            return Vec::new();
        }
        let errors = self.validator.iter_errors(Instance::plain(document));
        Report::detached().of_errors(errors, document, &self.schema)
    }
}

fn close_dialect(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            if object.get("$dynamicRef").is_some_and(|text| text == "#meta") {
                object.shift_remove("$dynamicRef");
                object.insert("$ref".to_owned(), Value::from("#/$defs/schema"));
            }
            object.values_mut().for_each(close_dialect);
        }
        Value::Array(items) => items.iter_mut().for_each(close_dialect),
        _ => {}
    }
}
