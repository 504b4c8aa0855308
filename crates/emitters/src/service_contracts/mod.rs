//! Service contracts v2 from a scope manifest, a data model and an environment manifest.
//!
//! For each required entity a set of endpoints, for each deferred one its declared endpoints,
//! sign-in where there are users, the tenant by its `uiStrategy`; with the side effects, notes and
//! sources of configuration that the 23 rules ask for. What is derived passes those rules.

mod auth;
mod config;
mod deferred;
mod endpoint;
mod entities;
mod model;
mod names;
mod notes;
mod operations;
mod status;
mod target;
mod tenant;

use serde_json::{Map, Value, json};
use tenon_graph::Graph;

use endpoint::Endpoint;
use model::Model;

pub(crate) use target::target;

/// Why nothing can be derived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DeriveError {
    /// No scope manifest was read.
    NoScope,
    /// No data model was read.
    NoDataModel,
}

impl std::fmt::Display for DeriveError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::NoScope => "there is no scope manifest (`$schema: scope-manifest-…`)",
            Self::NoDataModel => "there is no data model (`$schema: data-relationships-…`)",
        })
    }
}

impl std::error::Error for DeriveError {}

/// The service contracts for the manifests of a graph, as JSON text with a line break at its end.
///
/// # Errors
/// When the scope manifest or the data model is missing.
pub fn derive(graph: &Graph) -> Result<String, DeriveError> {
    let scope = graph.scopes.first().ok_or(DeriveError::NoScope)?;
    let data = graph.data_models.first().ok_or(DeriveError::NoDataModel)?;
    let model = Model::new(graph, scope, data, graph.env_manifests.first());
    let (mut endpoints, exclusions) = entities::endpoints(&model);
    let mut all = tenant::exceptions(&model);
    all.extend(auth::endpoints(&model));
    all.append(&mut endpoints);
    all.extend(deferred::endpoints(&model));
    let mut text = serde_json::to_string_pretty(&document(&model, &all, exclusions)).unwrap_or_default();
    text.push('\n');
    Ok(text)
}

fn document(model: &Model<'_>, endpoints: &[Endpoint], exclusions: Vec<Value>) -> Value {
    let mut root = Map::new();
    root.insert("$schema".into(), json!("service-contracts-v2"));
    root.insert("routeConvention".into(), json!("tokenScoped"));
    root.insert("paginationStrategy".into(), json!("rootInheritance"));
    root.insert("pagination".into(), config::pagination(model));
    if endpoints.iter().any(Endpoint::is_deferred) {
        root.insert("deferredRouteHandling".into(), json!("excludeFromRegistration"));
    }
    let enums = status::enums(model);
    if !enums.is_empty() {
        root.insert("statusEnums".into(), Value::Array(enums));
    }
    root.insert("endpointExclusions".into(), Value::Array(exclusions));
    root.insert("endpoints".into(), endpoints.iter().map(Endpoint::to_json).collect());
    Value::Object(root)
}
