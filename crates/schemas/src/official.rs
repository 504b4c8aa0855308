//! Schemas that come with the program: the official ones of document formats.

use jsonschema::{Draft, Registry, Validator};
use serde_json::Value;
use tenon_source::Node;

use crate::failure::Failure;
use crate::instance::{Instance, SpanJson};
use crate::report::Report;

/// A compiled schema that is no part of a graph.
pub struct Official {
    validator: Validator<SpanJson>,
}

impl std::fmt::Debug for Official {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Official").finish_non_exhaustive()
    }
}

impl Official {
    /// Compiles a schema from its JSON text, with others it refers to by their URIs.
    ///
    /// # Errors
    /// Why it is no schema: the text is ours, so this is a mistake of the program.
    pub fn compile(text: &str, others: &[(&str, &str)]) -> Result<Self, String> {
        let parse = |text: &str| serde_json::from_str::<Value>(text).map_err(|error| error.to_string());
        let mut registry = Registry::new().draft(Draft::Draft202012);
        for (uri, other) in others {
            registry = registry.add(*uri, parse(other)?).map_err(|error| error.to_string())?;
        }
        let registry = registry.prepare().map_err(|error| error.to_string())?;
        let options = jsonschema::options_for::<SpanJson>().with_registry(&registry);
        let validator = options.build(&parse(text)?).map_err(|error| error.to_string())?;
        Ok(Self { validator })
    }

    /// Whether a document fits.
    #[must_use]
    pub fn is_valid(&self, document: Node<'_>) -> bool {
        self.validator.is_valid(Instance::plain(document))
    }

    /// Where and why a document does not fit, in document order; empty where it fits.
    #[must_use]
    pub fn failures<'t>(&self, document: Node<'t>) -> Vec<Failure<'t>> {
        if self.is_valid(document) {
            return Vec::new();
        }
        Report::detached().of_errors(self.validator.iter_errors(Instance::plain(document)), document)
    }
}
