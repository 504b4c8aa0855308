//! Schemas that come with the program: the official ones of document formats and of JSON Schema.

use std::sync::OnceLock;

use jsonschema::{PatternOptions, Validator};
use serde_json::Value;
use tenon_graph::Dialect;
use tenon_source::Node;

use crate::failure::Failure;
use crate::instance::{Instance, SpanJson};
use crate::quick::Quick;
use crate::report::Report;

/// Largest document that is looked at quickly first, in slots of its tree: to walk a larger one
/// without a compiled schema takes longer than to compile it.
const QUICK_SLOTS_MAX: usize = 60_000;

/// A schema that is no part of a graph. It is compiled when a document does not fit it, or when
/// a quick look at a document is not enough.
pub struct Official {
    source: Source,
    compiled: OnceLock<Result<Compiled, String>>,
}

enum Source {
    /// Texts of the program.
    Texts { text: &'static str, parts: Vec<(&'static str, &'static str)>, quick: Quick },
    /// The meta-schema with a URI.
    Meta(&'static str),
}

struct Compiled {
    schema: Value,
    validator: Validator<SpanJson>,
}

impl std::fmt::Debug for Official {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Official").finish_non_exhaustive()
    }
}

impl Official {
    /// A schema from its JSON text. `parts` are further schemas, put into its `$defs` (or
    /// `definitions`, where it has those) by name, in place of what stands there;
    /// `$dynamicRef: "#meta"`, the place OpenAPI leaves open for a dialect, becomes a reference to
    /// the part `schema` where there is one.
    #[must_use]
    pub fn new(text: &'static str, parts: &[(&'static str, &'static str)]) -> Self {
        let source = Source::Texts { text, parts: parts.to_vec(), quick: Quick::new(text, parts) };
        Self { source, compiled: OnceLock::new() }
    }

    /// The meta-schema of a draft.
    #[must_use]
    pub fn meta_schema(dialect: Dialect) -> Self {
        let uri = match dialect {
            Dialect::Draft4 => "http://json-schema.org/draft-04/schema#",
            Dialect::Draft6 => "http://json-schema.org/draft-06/schema#",
            Dialect::Draft7 => "http://json-schema.org/draft-07/schema#",
            Dialect::Draft201909 => "https://json-schema.org/draft/2019-09/schema",
            Dialect::Draft202012 | Dialect::OpenApi30 | Dialect::Swagger2 => {
                "https://json-schema.org/draft/2020-12/schema"
            }
        };
        Self { source: Source::Meta(uri), compiled: OnceLock::new() }
    }

    /// Where and why a document does not fit, in document order; empty where it fits.
    ///
    /// # Errors
    /// Why the schema is none, which is a mistake of the program.
    pub fn failures<'t>(&'t self, document: Node<'t>) -> Result<Vec<Failure<'t>>, &'t str> {
        let quick = match &self.source {
            Source::Texts { quick, .. } if document.tree().slot_count() <= QUICK_SLOTS_MAX => {
                quick.fits(document)
            }
            _ => None,
        };
        if quick == Some(true) {
            return Ok(Vec::new());
        }
        let compiled = self.compiled()?;
        if quick.is_none() && compiled.validator.is_valid(Instance::plain(document)) {
            return Ok(Vec::new());
        }
        let errors = compiled.validator.iter_errors(Instance::plain(document));
        Ok(Report::detached().of_errors(errors, document, &compiled.schema))
    }

    /// What the quick look and the validator say of a document; for the tests that hold them to
    /// each other.
    ///
    /// # Errors
    /// Why the schema is none, which is a mistake of the program.
    pub fn answers(&self, document: Node<'_>) -> Result<(Option<bool>, bool), &str> {
        let quick = match &self.source {
            Source::Texts { quick, .. } => quick.fits(document),
            Source::Meta(_) => None,
        };
        Ok((quick, self.compiled()?.validator.is_valid(Instance::plain(document))))
    }

    fn compiled(&self) -> Result<&Compiled, &str> {
        self.compiled.get_or_init(|| self.source.compile()).as_ref().map_err(String::as_str)
    }
}

impl Source {
    fn compile(&self) -> Result<Compiled, String> {
        let schema = self.schema()?;
        let options = jsonschema::options_for::<SpanJson>().with_pattern_options(PatternOptions::regex());
        let validator = options.build(&schema).map_err(|error| error.to_string())?;
        Ok(Compiled { schema, validator })
    }

    fn schema(&self) -> Result<Value, String> {
        let (text, parts) = match self {
            Self::Meta(uri) => return Ok(serde_json::json!({ "$schema": uri, "$ref": uri })),
            Self::Texts { text, parts, .. } => (text, parts),
        };
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
        Ok(schema)
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
