//! Conformance: from the contract alone, requests against any running implementation, and what is
//! wrong with the answers.
//!
//! Valid requests come from the contract's examples and schemas, others from them by one change
//! each; the schemas say which of those are invalid. What needs two callers, two tenants or two
//! calls is tried too: replays, conflicts, denials, isolation. [`examine`] does all of it within
//! bounds of count and time; start reading there, then in [`probes`].

mod answers;
mod ask;
mod bodies;
mod files;
pub mod kinds;
mod mutants;
mod persona;
mod pool;
mod probes;
mod report;
mod routes;
mod schemas;
mod shrink;

use std::collections::BTreeSet;

use crate::client::Client;
use crate::contract::{ContractView, Endpoint};
use crate::world::{Clock, Tokens};

pub use kinds::Kind;
pub use report::{Examination, Found, LeftOut};

use ask::Session;
use persona::Persona;

/// What is examined, by whom.
#[derive(Clone, Copy)]
pub struct Target<'a> {
    /// Who is asked.
    pub client: &'a Client,
    /// The contract it is held to.
    pub view: &'a ContractView<'a>,
    /// Who gives tokens.
    pub tokens: &'a dyn Tokens,
    /// The time.
    pub clock: &'a dyn Clock,
}

/// How far an examination goes.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Chooses among the requests that could be made; the same seed makes the same ones.
    pub seed: u64,
    /// Requests at most, a count.
    pub requests_max: u32,
    /// Time at most, in milliseconds of the machine's own clock.
    pub time_ms_max: u64,
    /// Changed requests tried of one operation, a count.
    pub mutants_max: usize,
    /// What tells this run from others against the same store.
    pub run: String,
    /// Codes the platform has beside the contract's.
    pub codes: Vec<String>,
    /// Values of path parameters that are known beforehand: name, value.
    pub values: Vec<(String, String)>,
}

/// Examines an implementation.
pub async fn examine(target: Target<'_>, settings: &Settings) -> Examination {
    let mut session = Session::new(target, settings);
    let endpoints = in_order(&target.view.endpoints);
    for endpoint in &endpoints {
        let persona = Persona::good(target.view, endpoint, &settings.run);
        probes::operation(&mut session, endpoint, &persona).await;
    }
    routes::probe(&mut session).await;
    session.finish()
}

/// What makes things comes before what needs them, and what removes them last.
fn in_order(endpoints: &[Endpoint]) -> Vec<&Endpoint> {
    let rank = |endpoint: &Endpoint| {
        let method = match endpoint.method.as_str() {
            "POST" => 0,
            "PUT" => 1,
            "PATCH" => 2,
            "DELETE" => 4,
            _ => 3,
        };
        let parameters = endpoint.path_names().collect::<BTreeSet<_>>().len();
        (method == 4, parameters, method)
    };
    let mut all: Vec<&Endpoint> = endpoints.iter().collect();
    all.sort_by_key(|endpoint| rank(endpoint));
    all
}
