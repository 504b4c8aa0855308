//! The plan: a graph turned into what the pipeline needs, once, at start. Whatever cannot be
//! served as it is written is a finding with its place, and stops the start.

pub mod catalogue;
pub mod contract;
pub mod entity;
pub mod jobs;
mod odd_path;
pub mod operation;
pub mod problem;
pub mod proxy;
pub mod resource;
pub mod router;
pub mod rpc;
pub mod sample;
pub mod sees;
mod service;

use std::collections::BTreeMap;
use std::sync::Arc;

use tenon_graph::{Contract, Event, Graph, Operation, OperationKind, Status};
use tenon_policies::Refusal;
use tenon_schemas::{Direction, Key, Validators};
use tenon_source::Finding;

use crate::delivery::PayloadRule;
use crate::grpc::Messages;
use crate::handlers::mock::Mocks;
use contract::ContractPlan;
use entity::Entities;
use jobs::JobsPlan;
use operation::OperationPlan;
use problem::{HANDLER_INVALID, NAME_UNKNOWN, Problems, ROUTE_INVALID};
use resource::Names;
use router::Routes;
use rpc::{RpcPlan, Rpcs};
use sees::Sees;

/// An event as it may be sent.
#[derive(Debug, Clone)]
pub struct EventPlan {
    /// Its type.
    pub name: String,
    /// What a payload must be.
    pub payload: PayloadRule,
    /// Whether others may subscribe.
    pub public: bool,
    /// Whether the contract lets operations only announce it.
    pub contract: Arc<ContractPlan>,
}

/// Everything the pipeline needs of the contracts.
#[derive(Debug)]
pub struct Plan {
    /// The graph it was made of.
    pub graph: Arc<Graph>,
    /// Its schemas.
    pub validators: Validators<'static>,
    /// Contracts, by the order of their files.
    pub contracts: Vec<Arc<ContractPlan>>,
    /// Operations with a route.
    pub operations: Vec<OperationPlan>,
    /// Paths to operations.
    pub routes: Routes,
    /// Methods of services.
    pub rpcs: Rpcs,
    /// How jobs are run and judged, where a contract has any.
    pub jobs: Option<Arc<JobsPlan>>,
    /// Entities.
    pub entities: Entities,
    /// Events.
    pub events: BTreeMap<String, EventPlan>,
    /// What expressions see.
    pub sees: Sees,
    /// Examples that were made.
    pub(crate) mocks: Mocks,
    /// Whether other servers act under idempotency keys that are kept here.
    pub acts_elsewhere: bool,
}

impl Plan {
    /// The plan of a graph.
    ///
    /// # Errors
    /// Everything that cannot be served as it is written.
    pub fn new(graph: Arc<Graph>) -> Result<Self, Vec<Finding>> {
        Self::with_messages(graph, None)
    }

    /// The plan of a graph with the messages of its services, which are served then too.
    ///
    /// # Errors
    /// Everything that cannot be served as it is written.
    pub fn with_messages(graph: Arc<Graph>, messages: Option<Messages>) -> Result<Self, Vec<Finding>> {
        let mut problems = Problems::new(&graph);
        let entities = entity::entities(&graph, &mut problems);
        let usual = Arc::new(ContractPlan::new(&graph, None, &mut problems));
        let mut contracts = Vec::new();
        for contract in &graph.contracts {
            contracts.push((contract, Arc::new(ContractPlan::new(&graph, Some(contract), &mut problems))));
        }
        let events = events(&graph, &contracts, &usual, &mut problems);
        let mut operations = Vec::new();
        let mut routes = Routes::default();
        let mut rpcs = Rpcs::new(messages);
        for operation in graph.operations.iter().filter(|operation| is_served(operation)) {
            let contract = contract_of(operation, &contracts).unwrap_or(&usual);
            let names = Names { entities: &entities, catalogue: &contract.catalogue, events: &events };
            let rpc = rpcs.messages.as_ref().and_then(|messages| RpcPlan::new(operation, messages, &graph));
            let Some(plan) = operation::operation(&graph, operation, rpc, contract, &names, &mut problems)
            else {
                continue;
            };
            if let Some(rpc) = &plan.rpc {
                rpcs.add(&graph, operation, rpc, operations.len(), &mut problems);
            }
            let http = &plan.http;
            if let Err(why) = routes.add(http.method.as_str(), &http.path.text, operations.len()) {
                problems.add(
                    &ROUTE_INVALID,
                    http.path.at,
                    why,
                    "serve the contracts apart, or rename a path",
                );
            }
            operations.push(plan);
        }
        let mut jobs = graph.contracts.iter().filter_map(|contract| contract.serving.jobs.as_ref());
        let jobs = jobs.next().map(|jobs| Arc::new(JobsPlan::new(jobs, &mut problems)));
        for operation in operations.iter().filter(|_| jobs.is_none()) {
            if let operation::HandlerPlan::Job(_) = operation.handler {
                let help = "say where the skills are: `jobs: {registry: skills}` at the top of the contract";
                problems.add(
                    &HANDLER_INVALID,
                    operation.at,
                    "the contract does not say how jobs are run",
                    help,
                );
            }
        }
        let contracts: Vec<Arc<ContractPlan>> = contracts.into_iter().map(|(_, plan)| plan).collect();
        let sees = problems.sees;
        let found = problems.finish();
        if !found.is_empty() {
            return Err(found);
        }
        let validators = Validators::shared(Arc::clone(&graph));
        let acts_elsewhere = operations.iter().any(OperationPlan::acts_elsewhere);
        Ok(Self {
            contracts,
            operations,
            routes,
            rpcs,
            jobs,
            entities,
            events,
            acts_elsewhere,
            sees,
            mocks: Mocks::default(),
            validators,
            graph,
        })
    }

    /// An example of a schema: one the contract has, or one made of the schema, always the same.
    #[must_use]
    pub fn example(&self, key: Key) -> serde_json::Value {
        crate::handlers::mock::example(self, key, key.direction == Direction::Request)
    }

    /// The contract of requests that no operation takes: the only one there is, or none.
    #[must_use]
    pub fn contract(&self) -> Option<&Arc<ContractPlan>> {
        self.contracts.first()
    }
}

/// Operations that are offered over HTTP or gRPC, and meant to be built now.
fn is_served(operation: &Operation) -> bool {
    operation.kind == OperationKind::Offered
        && (operation.http.is_some() || operation.rpc.is_some())
        && operation.status != Some(Status::Deferred)
}

/// The contract an operation is of: the one of its file, or the one that governs its file.
fn contract_of<'p>(
    operation: &Operation,
    contracts: &'p [(&Contract, Arc<ContractPlan>)],
) -> Option<&'p Arc<ContractPlan>> {
    let own = contracts.iter().find(|(contract, _)| contract.sources.contains(&operation.file));
    let own = own.or_else(|| contracts.iter().find(|(contract, _)| contract.at.file == operation.file));
    own.map(|(_, plan)| plan)
}

fn events(
    graph: &Graph,
    contracts: &[(&Contract, Arc<ContractPlan>)],
    usual: &Arc<ContractPlan>,
    problems: &mut Problems<'_>,
) -> BTreeMap<String, EventPlan> {
    let mut plans = BTreeMap::new();
    for event in &graph.events {
        let own = contracts.iter().find(|(contract, _)| contract.at.file == event.file);
        let contract = own.map_or(usual, |(_, plan)| plan);
        plans.entry(event.name.text.clone()).or_insert_with(|| plan(graph, event, contract, problems));
    }
    plans
}

fn plan(
    graph: &Graph,
    event: &Event,
    contract: &Arc<ContractPlan>,
    problems: &mut Problems<'_>,
) -> EventPlan {
    if let Some(Err(missing)) = &event.payload_schema {
        let message = format!("there is no schema `{}`", missing.text);
        problems.add(&NAME_UNKNOWN, missing.at, message, "name a file beside the contract or in `schemas/`");
    }
    EventPlan {
        name: event.name.text.clone(),
        payload: PayloadRule::of(graph, event),
        public: event.public.unwrap_or(true),
        contract: Arc::clone(contract),
    }
}

impl EventPlan {
    /// Whether a payload may be sent: it fits its schema and has every field it must have.
    ///
    /// # Errors
    /// `event_invalid`, with what is wrong.
    pub fn check(&self, plan: &Plan, payload: &serde_json::Value) -> Result<(), Refusal> {
        self.payload.check(&plan.validators, payload)
    }
}

/// Whether a value that was made here fits a schema.
///
/// # Errors
/// Says what is wrong with it first.
pub fn fits(validators: &Validators<'_>, key: Key, value: &serde_json::Value) -> Result<(), String> {
    if validators.accepts_value(key, value) {
        return Ok(());
    }
    let (tree, _) = tenon_source::parse_json(Arc::new(value.to_string()));
    match validators.failures_of(key, tree.root()).first() {
        Some(failure) => Err(failure.message_below(tree.root())),
        None => Ok(()),
    }
}
