//! Service contracts with the manifests they are judged by.

mod applicability;
mod endpoint;
mod enums;
mod limits;
mod model;
mod target;
mod tenancy;

pub use applicability::{Input, RULE_COUNT};
pub use endpoint::{Argument, Endpoint};
pub use enums::{EnumField, EnumProblem};
pub use limits::{Domain, Limit, domain_of_variable, in_base_unit};
pub use model::{NullableKey, Payload};
use rustc_hash::FxHashMap;
pub use target::Target;
pub use tenancy::Guarded;
use tenon_graph::Graph;
use tenon_graph::service::{DataModel, EnvManifest, ScopeManifest, ServiceContracts, ServiceDialect, Table};
use tenon_source::{At, Code, FileId, Finding, Node};

use super::words::fold;
use crate::{Context, Settings};

/// One contract, its endpoints and its manifests.
pub struct ServiceFacts<'g> {
    /// The graph.
    pub graph: &'g Graph,
    /// The document's root.
    pub contract: &'g ServiceContracts,
    /// The endpoints in document order; entries that are no objects are left out.
    pub endpoints: Vec<Endpoint<'g>>,
    /// The scope manifest beside it.
    pub scope: Option<&'g ScopeManifest>,
    /// The data model beside it.
    pub model: Option<&'g DataModel>,
    /// The environment manifest beside it.
    pub env: Option<&'g EnvManifest>,
    /// The user's own words.
    pub settings: &'g Settings,
    /// Tables of the data model by folded name.
    tables: FxHashMap<String, &'g Table>,
}

/// Every contract of the graph.
#[must_use]
pub fn services<'g>(ctx: &Context<'g>) -> Vec<ServiceFacts<'g>> {
    services_of(ctx.graph, ctx.settings)
}

/// Every contract of a graph.
#[must_use]
pub fn services_of<'g>(graph: &'g Graph, settings: &'g Settings) -> Vec<ServiceFacts<'g>> {
    graph.services.iter().map(|contract| ServiceFacts::new(graph, contract, settings)).collect()
}

impl<'g> ServiceFacts<'g> {
    fn new(graph: &'g Graph, contract: &'g ServiceContracts, settings: &'g Settings) -> Self {
        let endpoints = graph
            .operations_of(contract.file)
            .iter()
            .filter_map(|operation| Some(Endpoint { operation, service: operation.service.as_deref()? }))
            .collect();
        let model = beside(graph, contract, &graph.data_models, |model| model.file);
        let tables = model.into_iter().flat_map(|model| &model.tables);
        Self {
            graph,
            contract,
            endpoints,
            scope: beside(graph, contract, &graph.scopes, |scope| scope.file),
            model,
            env: beside(graph, contract, &graph.env_manifests, |env| env.file),
            settings,
            tables: tables.map(|table| (fold(&table.name.text), table)).collect(),
        }
    }

    /// Whether the document is in the shape the rules were written for.
    #[must_use]
    pub fn is_v2(&self) -> bool {
        self.contract.dialect == ServiceDialect::V2
    }

    /// The root object.
    #[must_use]
    pub fn root(&self) -> Node<'g> {
        self.graph.node(self.contract.root)
    }

    /// The table with a name, in any of its variants.
    #[must_use]
    pub fn table(&self, name: &str) -> Option<&'g Table> {
        self.tables.get(&fold(name)).copied()
    }

    /// A finding at a value of the root.
    #[must_use]
    pub fn finding(&self, code: &'static Code, at: At, message: impl Into<String>) -> Finding {
        self.graph.sources.finding(code, at, message)
    }

    /// A finding at a member of an endpoint or its contract, or at the endpoint where it is missing.
    #[must_use]
    pub fn finding_in(
        &self,
        code: &'static Code,
        endpoint: &Endpoint<'_>,
        at: Option<At>,
        message: impl Into<String>,
    ) -> Finding {
        let at = at.unwrap_or(endpoint.operation.at);
        self.graph.sources.finding(code, at, message).with_operation(endpoint.label())
    }

    /// The place of a member of the root, or the root.
    #[must_use]
    pub fn root_member(&self, key: &str) -> At {
        let node = self.root().get(key);
        node.map_or(self.contract.root, |node| At { file: self.contract.file, node: node.id() })
    }
}

/// The manifest in the folder of the contract; else the only one there is, if there is one contract.
fn beside<'g, T>(
    graph: &'g Graph,
    contract: &ServiceContracts,
    all: &'g [T],
    file: fn(&T) -> FileId,
) -> Option<&'g T> {
    let folder = |file: FileId| {
        let path = graph.sources.get(file).map_or("", |file| file.path.as_str());
        path.rsplit_once('/').map_or("", |(folder, _)| folder)
    };
    let own = folder(contract.file);
    all.iter().find(|one| folder(file(one)) == own).or(match all {
        [only] if graph.services.len() == 1 => Some(only),
        _ => None,
    })
}
