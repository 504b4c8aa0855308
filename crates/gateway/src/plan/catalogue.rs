//! What refusals are called, and with which status they leave.

use std::collections::BTreeMap;

use http::StatusCode;
use tenon_graph::ErrorCode;
use tenon_policies::{Condition, Refusal};

use crate::grpc::Code;

/// One code of the catalogue.
#[derive(Debug, Clone)]
pub struct CodeFacts {
    /// HTTP status.
    pub status: StatusCode,
    /// gRPC status, where the contract says it.
    pub grpc: Option<Code>,
    /// What people are told, where the contract says it.
    pub message: Option<String>,
    /// Whether the same call may succeed later.
    pub retryable: bool,
}

/// A refusal as it is told.
#[derive(Debug, Clone)]
pub struct Told {
    /// The code.
    pub code: String,
    /// HTTP status.
    pub status: StatusCode,
    /// gRPC status.
    pub grpc: Code,
    /// What people are told.
    pub message: String,
    /// Whether the same call may succeed later.
    pub retryable: bool,
}

/// The codes of one contract, and which conditions they stand for.
#[derive(Debug, Default)]
pub struct Catalogue {
    codes: BTreeMap<String, CodeFacts>,
    stands_for: BTreeMap<String, String>,
}

impl Catalogue {
    /// The catalogue of the entries of one contract.
    #[must_use]
    pub fn new<'g>(entries: impl Iterator<Item = &'g ErrorCode>) -> Self {
        let mut catalogue = Self::default();
        for entry in entries {
            let status = entry.http_status.and_then(|status| u16::try_from(status).ok());
            let status = status.and_then(|status| StatusCode::from_u16(status).ok());
            for condition in &entry.stands_for {
                catalogue.stands_for.insert(condition.text.clone(), entry.code.text.clone());
            }
            let first = entry.stands_for.iter().find_map(|name| Condition::from_name(&name.text));
            let usual = first.map(status_of);
            let facts = CodeFacts {
                status: status.or(usual).unwrap_or(StatusCode::BAD_REQUEST),
                grpc: entry.grpc_status.as_ref().and_then(|name| Code::from_name(&name.text)),
                message: entry.message.as_ref().map(|message| message.text.clone()),
                retryable: entry.retryable.unwrap_or_default(),
            };
            catalogue.codes.insert(entry.code.text.clone(), facts);
        }
        catalogue
    }

    /// Whether the contract declares such a code.
    #[must_use]
    pub fn declares(&self, code: &str) -> bool {
        self.codes.contains_key(code)
    }

    /// Whether there is such a code, or such a condition of the gateway.
    #[must_use]
    pub fn has(&self, code: &str) -> bool {
        self.declares(code) || Condition::from_name(code).is_some()
    }

    /// The codes the contract declares.
    pub fn codes(&self) -> impl Iterator<Item = (&str, &CodeFacts)> {
        self.codes.iter().map(|(code, facts)| (code.as_str(), facts))
    }

    /// How a refusal is told: by its own code, by what the operation calls the condition, by what
    /// the contract calls it, or by the condition's name.
    #[must_use]
    pub fn tell(&self, refusals: &BTreeMap<String, String>, refusal: &Refusal) -> Told {
        let bound = |name: String| refusals.get(&name).or_else(|| self.stands_for.get(&name)).cloned();
        let code = refusal.code_override.clone().or_else(|| refusal.binding_names().find_map(bound));
        let code = code.unwrap_or_else(|| refusal.condition.name().to_owned());
        let own = self.codes.get(&code);
        // A guard may name a condition of the gateway, and then means all of it.
        let named = Condition::from_name(&code).filter(|named| *named != refusal.condition);
        let condition = named.unwrap_or(refusal.condition).facts();
        let usual = named.map_or_else(|| refusal.http_status(), |named| named.facts().http_status);
        // A contract that says nothing of gRPC means what its HTTP status means there.
        let grpc = match own {
            Some(own) => own.grpc.unwrap_or_else(|| Code::of_http(own.status)),
            None => Code::from_name(condition.grpc_status).unwrap_or(Code::Unknown),
        };
        let title = || own.and_then(|facts| facts.message.clone());
        Told {
            status: own.map_or_else(|| status(usual), |facts| facts.status),
            grpc,
            message: refusal.message.clone().or_else(title).unwrap_or_else(|| refusal.message().to_owned()),
            retryable: own.map_or(condition.retryable, |facts| facts.retryable),
            code,
        }
    }
}

fn status_of(condition: Condition) -> StatusCode {
    status(condition.facts().http_status)
}

fn status(number: u16) -> StatusCode {
    StatusCode::from_u16(number).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
