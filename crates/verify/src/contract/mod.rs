//! A contract as whoever calls it sees it: routes, what they ask of callers and promise them.
//!
//! This is read from the graph alone and knows nothing of how a gateway reads the same graph: two
//! readings of one text are the point of a black-box check.

mod endpoint;

use std::collections::BTreeMap;

use tenon_graph::{Contract, Dialect, Graph, Operation, OperationKind, Status};
use tenon_schemas::{Direction, Key, Validators};
use tenon_source::{At, FileId};

pub use endpoint::{
    BodyFacts, CORRELATION_HEADER, Endpoint, Keyed, ParameterFacts, Place, RateFacts, UploadFacts, is_json,
};

/// Claims that tell who calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// Claim with the actor's type.
    pub actor_type: String,
    /// Claim with the tenant.
    pub tenant: String,
    /// Claim with whom an actor acts for.
    pub delegation: String,
    /// Actor types that must say whom they act for.
    pub delegating_actors: Vec<String>,
}

impl Claims {
    /// The claims of contracts that name none.
    #[must_use]
    pub fn usual() -> Self {
        Self {
            actor_type: "actor_type".to_owned(),
            tenant: "tenant_id".to_owned(),
            delegation: "act_for".to_owned(),
            delegating_actors: vec!["agent".to_owned()],
        }
    }
}

/// An entry of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeFacts {
    /// The HTTP status, where it is said.
    pub status: Option<u16>,
    /// Conditions the code stands for.
    pub stands_for: Vec<String>,
}

/// An event that may be told.
#[derive(Debug, Clone)]
pub struct EventFacts {
    /// Its type.
    pub name: String,
    /// Schema of the payload.
    pub payload: Option<Key>,
}

/// Contracts as whoever calls them sees them.
#[derive(Debug)]
pub struct ContractView<'g> {
    /// Their schemas.
    pub validators: Validators<'g>,
    /// Operations with a method and a path, in the order of the contracts.
    pub endpoints: Vec<Endpoint>,
    /// The error catalogue.
    pub codes: BTreeMap<String, CodeFacts>,
    /// Events.
    pub events: Vec<EventFacts>,
}

impl<'g> ContractView<'g> {
    /// The view of a graph: operations with a method and a path.
    #[must_use]
    pub fn new(graph: &'g Graph) -> Self {
        Self::of(graph, |operation| operation.http.is_some())
    }

    /// The view of a graph with the methods of its services too, which are called with JSON at the
    /// paths of their names.
    #[must_use]
    pub fn with_methods(graph: &'g Graph) -> Self {
        Self::of(graph, |operation| operation.http.is_some() || operation.rpc.is_some())
    }

    fn of(graph: &'g Graph, is_called: impl Fn(&Operation) -> bool) -> Self {
        let served = |operation: &&Operation| {
            operation.kind == OperationKind::Offered
                && is_called(operation)
                && operation.status != Some(Status::Deferred)
        };
        let endpoints = graph.operations.iter().filter(served).filter_map(|operation| {
            let contract = contract_of(graph, operation.file);
            Endpoint::of(graph, operation, contract)
        });
        let events = graph.events.iter().map(|event| EventFacts {
            name: event.name.text.clone(),
            payload: match &event.payload_schema {
                Some(Ok(at)) => Some(key(graph, *at, Direction::Response)),
                _ => None,
            },
        });
        Self {
            endpoints: endpoints.collect(),
            codes: graph.errors.iter().map(code).collect(),
            events: events.collect(),
            validators: Validators::new(graph),
        }
    }

    /// The endpoint with an operation id, or with a label such as `GET /pets`.
    #[must_use]
    pub fn endpoint(&self, name: &str) -> Option<&Endpoint> {
        let by_id = self.endpoints.iter().find(|endpoint| endpoint.id == name);
        by_id.or_else(|| self.endpoints.iter().find(|endpoint| endpoint.label == name))
    }

    /// What a condition is called by an operation: by its own words, by the catalogue, else by the
    /// name of the condition.
    #[must_use]
    pub fn code_of<'a>(&'a self, endpoint: &'a Endpoint, condition: &'a str) -> &'a str {
        if let Some(code) = endpoint.refusals.get(condition) {
            return code;
        }
        let stands = |(_, facts): &(&String, &CodeFacts)| facts.stands_for.iter().any(|one| one == condition);
        self.codes.iter().find(stands).map_or(condition, |(code, _)| code)
    }
}

fn code(entry: &tenon_graph::ErrorCode) -> (String, CodeFacts) {
    let facts = CodeFacts {
        status: entry.http_status.and_then(|status| u16::try_from(status).ok()),
        stands_for: entry.stands_for.iter().map(|name| name.text.clone()).collect(),
    };
    (entry.code.text.clone(), facts)
}

/// The contract a file's operations are of: the one that governs the file, or the one in it.
fn contract_of(graph: &Graph, file: FileId) -> Option<&Contract> {
    let governing = graph.contracts.iter().find(|contract| contract.sources.contains(&file));
    governing.or_else(|| graph.contracts.iter().find(|contract| contract.at.file == file))
}

fn key(graph: &Graph, at: At, direction: Direction) -> Key {
    let dialect = graph.schema(at).map_or(Dialect::Draft202012, |schema| schema.dialect);
    Key { at, dialect, direction }
}
