//! What a contract says of an RPC service beyond its wire format: which methods it must have, who
//! answers for its messages, and what its errors are called.

use tenon_source::{At, FileId};

use crate::Name;

/// The section `rpc` of a contract.
#[derive(Debug, Clone)]
pub struct RpcSurface {
    /// The object it was read from.
    pub at: At,
    /// The files of the contract's `sources`: the service is looked for there.
    pub sources: Vec<FileId>,
    /// The service with its package, such as `domed.v1.DomedService`.
    pub service: Option<Name>,
    /// The methods it must have: a frozen list.
    pub required: Vec<Name>,
    /// Methods that answer with a reference to a decision and never decide themselves.
    pub references: Vec<Name>,
    /// Methods beyond the list, each with its reason.
    pub deltas: Vec<RpcDelta>,
    /// The enum whose values are the error codes of the service, such as `domed.v1.ErrorCode`.
    pub errors: Option<Name>,
    /// Catalogues of reason codes: names that no error code may have.
    pub reason_catalogues: Vec<ReasonCatalogue>,
    /// What is said of each message.
    pub messages: Vec<MessageFacts>,
}

/// A method beyond the frozen list.
#[derive(Debug, Clone)]
pub struct RpcDelta {
    /// The entry.
    pub at: At,
    /// The method.
    pub method: Name,
    /// Why it is there.
    pub reason: Option<Name>,
    /// Who answers for it.
    pub owner: Option<Name>,
}

/// A file of reason codes.
#[derive(Debug, Clone)]
pub struct ReasonCatalogue {
    /// The path as it is written.
    pub path: Name,
    /// The codes; `None` where the file is missing or has no list of codes.
    pub codes: Option<Vec<Name>>,
}

/// What a contract says of a message.
#[derive(Debug, Clone)]
pub struct MessageFacts {
    /// The entry.
    pub at: At,
    /// The message: with its package, or without that of the service.
    pub name: Name,
    /// Who answers for it.
    pub owner: Option<Name>,
    /// The families of the reuse matrix or the rows of the delta register it comes from.
    pub traces: Vec<Name>,
}
