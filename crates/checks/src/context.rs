//! What a rule may look at.

use std::collections::BTreeSet;

use tenon_graph::Graph;
use tenon_schemas::Validators;

/// A user's own words for things the rules look for.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Further names of middleware that validates bodies, beside `validateBody`,
    /// `validateInput` and `validate`.
    pub validation_middleware: Vec<String>,
    /// Further names of path and token parameters that hold a tenant's id.
    pub tenant_parameters: Vec<String>,
    /// Ids of rules whose level the user set: what a `buf.yaml` says of them does not count.
    pub levels_set: BTreeSet<&'static str>,
    /// Least similarity of near-duplicates, from 0 to 1; `None` for the usual one.
    pub similarity: Option<f64>,
}

/// What a rule may look at.
#[derive(Debug, Clone, Copy)]
pub struct Context<'g> {
    /// The contracts.
    pub graph: &'g Graph,
    /// The same contracts before the change, if the user gave them.
    pub previous: Option<&'g Graph>,
    /// The user's own words.
    pub settings: &'g Settings,
    /// The schemas of `graph` as validators, shared by all rules; [`crate::run`] puts them here.
    pub validators: Option<&'g Validators<'g>>,
}

impl<'g> Context<'g> {
    /// What the rules may look at, before any fact is made of it.
    #[must_use]
    pub fn new(graph: &'g Graph, previous: Option<&'g Graph>, settings: &'g Settings) -> Self {
        Self { graph, previous, settings, validators: None }
    }
}
