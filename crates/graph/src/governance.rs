//! What no standard format says: who may call, for which tenant, how often, how repeated calls
//! are told apart, which errors there are, and what becomes of the entities.

use tenon_source::{At, FileId};

use crate::serving::{ContractServing, EntityStorage, OperationServing};
use crate::{Forbids, Name, RpcSurface, Surface};

/// How firmly a contract is promised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// Additive changes only.
    Stable,
    /// May change, with a warning.
    Experimental,
    /// Not promised to anyone outside.
    Internal,
}

impl Tier {
    /// Its name, without a version.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stable => "stable",
            Self::Experimental => "experimental",
            Self::Internal => "internal",
        }
    }

    /// The tier with that name; a version may follow `stable`, as in `stable/v1`.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        match name.split_once('/').map_or(name, |(tier, _)| tier) {
            "stable" => Some(Self::Stable),
            "experimental" => Some(Self::Experimental),
            "internal" => Some(Self::Internal),
            _ => None,
        }
    }
}

/// A declared contract.
#[derive(Debug, Clone)]
pub struct Contract {
    /// The object it was read from.
    pub at: At,
    /// Its name.
    pub name: Option<Name>,
    /// Its version.
    pub version: Option<Name>,
    /// Who answers for it.
    pub owner: Option<Name>,
    /// Its stability tier, as written.
    pub tier: Option<Name>,
    /// Actor types the contract declares; `None` where it has no such list.
    pub actors: Option<Vec<Name>>,
    /// Scopes the contract declares; `None` where it has no such list.
    pub scopes: Option<Vec<Name>>,
    /// Rate classes the contract declares; `None` where it has no such list.
    pub rate_classes: Option<Vec<Name>>,
    /// Consent scopes the contract declares; `None` where it has no such list.
    pub consent_scopes: Option<Vec<Name>>,
    /// Usage dimensions the contract declares; `None` where it has no such list.
    pub usage_dimensions: Option<Vec<Name>>,
    /// The field that holds the tenant in entities and requests.
    pub tenant_key: Option<Name>,
    /// What the contract must not reach.
    pub boundary: Option<Boundary>,
    /// What it may hold.
    pub surface: Option<Box<Surface>>,
    /// What it says of an RPC service.
    pub rpc: Option<Box<RpcSurface>>,
    /// The files of standard formats it is about.
    pub sources: Vec<FileId>,
    /// Removals that were decided.
    pub removals: Vec<Waiver>,
    /// Other changes that were decided.
    pub deltas: Vec<Waiver>,
    /// How its operations are served.
    pub serving: Box<ContractServing>,
}

/// A change that was decided, with the reason: a removal, or a row of the delta register.
#[derive(Debug, Clone)]
pub struct Waiver {
    /// The entry.
    pub at: At,
    /// What changed, as changes name it: an operation, or a part of a schema.
    pub what: Name,
    /// The rule, where the entry is about one.
    pub rule: Option<Name>,
    /// Why.
    pub reason: Option<Name>,
    /// The decision record.
    pub adr: Option<Name>,
    /// Who answers for it.
    pub owner: Option<Name>,
}

/// What operations of a contract may not do.
#[derive(Debug, Clone)]
pub struct Boundary {
    /// The object it was read from.
    pub at: At,
    /// States or events no operation may cause.
    pub forbidden: Vec<Name>,
    /// Events that may only be announced.
    pub notify_only: Vec<Name>,
    /// The way from the first stage to the last, in order.
    pub stages: Vec<Name>,
    /// The last stage that an operation may stand at.
    pub end: Option<Name>,
}

/// What an operation demands of its caller and promises about its effects.
///
/// A `None` is "not said", which differs from an empty list.
#[derive(Debug, Clone, Default)]
pub struct Governance {
    /// Whether any source said anything of this at all; rules are silent otherwise.
    pub declared: bool,
    /// Whether the caller must be known; `Some(false)` makes the operation public.
    pub auth_required: Option<bool>,
    /// Actor types that may call.
    pub actors: Option<Vec<Name>>,
    /// Scopes that are all needed.
    pub scopes: Option<Vec<Name>>,
    /// The role that is needed.
    pub role: Option<Name>,
    /// How the tenant is told.
    pub tenancy: Option<Tenancy>,
    /// How repeated calls are told apart.
    pub idempotency: Option<Idempotency>,
    /// Consent needed before execution.
    pub consent: Option<Consent>,
    /// What is metered.
    pub usage: Option<Usage>,
    /// The rate class.
    pub rate_class: Option<Name>,
    /// Reason codes the operation may answer with.
    pub reason_codes: Option<Vec<Name>>,
    /// Events the operation may cause.
    pub emits: Option<Vec<Name>>,
    /// What else it changes.
    pub side_effects: Option<Vec<Name>>,
    /// The operation or store this one is a facade of.
    pub facade_of: Option<Name>,
    /// The entity whose state it reads or changes.
    pub entity: Option<Name>,
    /// Its stability tier, as written.
    pub tier: Option<Name>,
    /// Who answers for it.
    pub owner: Option<Name>,
    /// When it was, or will be, deprecated and switched off.
    pub deprecation: Option<Deprecation>,
    /// Its place on the way the boundary names.
    pub stage: Option<Name>,
    /// Criteria it helps to meet.
    pub traces: Option<Vec<Name>>,
    /// What it may not do.
    pub forbids: Option<Box<Forbids>>,
    /// How it is served.
    pub serving: Option<Box<OperationServing>>,
}

/// The days of a deprecation, as written.
#[derive(Debug, Clone)]
pub struct Deprecation {
    /// Where it was said.
    pub at: At,
    /// When consumers were told.
    pub announced: Option<Name>,
    /// From when on it is deprecated (RFC 9745).
    pub deprecated: Option<Name>,
    /// From when on it may be gone (RFC 8594).
    pub sunset: Option<Name>,
}

/// How an operation is bound to a tenant.
#[derive(Debug, Clone)]
pub struct Tenancy {
    /// Where it was said.
    pub at: At,
    /// Whether the operation belongs to a tenant.
    pub scoped: bool,
    /// Where the tenant comes from, such as `claim:tenant_id` or `path:organisationId`.
    pub source: Option<Name>,
}

/// How repeated calls of an operation are told apart.
#[derive(Debug, Clone)]
pub struct Idempotency {
    /// Where it was said.
    pub at: At,
    /// Whether a key must be given.
    pub required: bool,
    /// Header or field that holds the key.
    pub key: Option<Name>,
    /// Whose keys are apart from each other's, such as `tenant`.
    pub scope: Option<Name>,
    /// How long a key counts, as written, such as `24h`.
    pub window: Option<Name>,
    /// What another payload under the same key gets, such as `409`.
    pub conflict: Option<Name>,
}

/// Consent an operation needs.
#[derive(Debug, Clone)]
pub struct Consent {
    /// Where it was said.
    pub at: At,
    /// Consent scopes that are all needed; empty where none is.
    pub scopes: Vec<Name>,
}

/// What an operation meters.
#[derive(Debug, Clone)]
pub struct Usage {
    /// Where it was said.
    pub at: At,
    /// The dimension counted.
    pub dimension: Option<Name>,
    /// Whether it is charged for.
    pub billable: Option<bool>,
}

/// An entry of the error catalogue.
#[derive(Debug, Clone)]
pub struct ErrorCode {
    /// The entry.
    pub at: At,
    /// The code.
    pub code: Name,
    /// HTTP status.
    pub http_status: Option<i64>,
    /// gRPC status.
    pub grpc_status: Option<Name>,
    /// Whether the same call may succeed later.
    pub retryable: Option<bool>,
    /// What people are told.
    pub message: Option<Name>,
    /// Conditions of the gateway it is the code of.
    pub stands_for: Vec<Name>,
}

/// An entity and the states it may be in.
#[derive(Debug, Clone)]
pub struct Entity {
    /// The object it was read from.
    pub at: At,
    /// Its name.
    pub name: Name,
    /// The contract that keeps it; of two owners one is wrong.
    pub owner: Option<Name>,
    /// The operation family or store it is a view of.
    pub facade_of: Option<Name>,
    /// Whether its records belong to tenants.
    pub tenant_scoped: Option<bool>,
    /// The field that holds the state.
    pub status_field: Option<Name>,
    /// States.
    pub states: Vec<Name>,
    /// Transitions.
    pub transitions: Vec<Transition>,
    /// How records are kept.
    pub storage: Box<EntityStorage>,
}

/// States reachable from a state.
#[derive(Debug, Clone)]
pub struct Transition {
    /// Where it was said.
    pub at: At,
    /// From this state.
    pub from: Name,
    /// To one of these.
    pub to: Vec<Name>,
}
