//! Paths and methods that the contract does not have: they must not answer.

use std::collections::{BTreeMap, BTreeSet};

use super::ask::{Sent, Session};
use super::kinds::{METHOD, ROUTE};
use super::persona::Persona;
use crate::client::Request;
use crate::contract::Endpoint;

/// Names that are left behind where nobody looks, and that no contract means.
const FORGOTTEN: [&str; 14] = [
    "/admin",
    "/debug",
    "/debug/vars",
    "/internal",
    "/env",
    "/.env",
    "/config",
    "/actuator",
    "/actuator/env",
    "/test",
    "/backup",
    "/users",
    "/graphql",
    "/server-status",
];

/// Ends of paths that are added to what a contract has.
const ENDS: [&str; 4] = ["export", "all", "search", "undeclared-path"];

/// Methods that are tried.
const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/// Tries what the contract does not have.
pub async fn probe(session: &mut Session<'_>) {
    let endpoints = &session.target.view.endpoints;
    let mut by_path: BTreeMap<String, Vec<&Endpoint>> = BTreeMap::new();
    for endpoint in endpoints {
        by_path.entry(endpoint.path.clone()).or_default().push(endpoint);
    }
    let known: BTreeSet<String> = by_path.keys().map(|path| general(path)).collect();
    for (path, here) in &by_path {
        let Some(first) = here.first() else { continue };
        methods(session, path, here, first).await;
        for end in ENDS {
            let other = format!("{}/{end}", path.trim_end_matches('/'));
            if !answers(&known, &other) {
                route(session, first, &filled(&other)).await;
            }
        }
    }
    if let Some(first) = endpoints.first() {
        for path in FORGOTTEN {
            if !answers(&known, path) {
                route(session, first, path).await;
            }
        }
    }
}

async fn methods(session: &mut Session<'_>, path: &str, here: &[&Endpoint], first: &Endpoint) {
    for method in METHODS {
        if here.iter().any(|endpoint| endpoint.method == method) {
            continue;
        }
        session.trying("undeclared methods");
        let Some(sent) = ask(session, first, method, &filled(path)).await else { return };
        if sent.answer.status < 300 {
            let message = format!(
                "{method} {path} answers {}; the contract has {} there",
                sent.answer.status,
                here.iter().map(|endpoint| endpoint.method.as_str()).collect::<Vec<_>>().join(", ")
            );
            session.find(&METHOD, Some(first), method, message, &sent);
        }
    }
}

async fn route(session: &mut Session<'_>, first: &Endpoint, path: &str) {
    session.trying("undeclared routes");
    let Some(sent) = ask(session, first, "GET", path).await else { return };
    if sent.answer.status < 300 {
        let message = format!("GET {path} answers {}; the contract has no such path", sent.answer.status);
        session.find(&ROUTE, None, path, message, &sent);
    }
}

/// Asks with good credentials: what only strangers are kept from is reached by everybody else.
async fn ask(session: &mut Session<'_>, first: &Endpoint, method: &str, path: &str) -> Option<Sent> {
    let mut caller = Persona::good(session.target.view, first, &session.settings.run);
    caller.scopes = session.target.view.endpoints.iter().flat_map(|one| one.scopes.clone()).collect();
    caller.scopes.sort();
    caller.scopes.dedup();
    let draft = super::ask::Draft {
        path: first.path_names().map(|name| (name.to_owned(), "undeclared".to_owned())).collect(),
        ..super::ask::Draft::default()
    };
    let like = session.request(first, &caller, &draft).unwrap_or_default();
    let headers = like.headers.into_iter().filter(|(name, _)| !name.eq_ignore_ascii_case("content-type"));
    let mut request =
        Request { method: method.to_owned(), path: path.to_owned(), headers: headers.collect(), body: None };
    if matches!(method, "POST" | "PUT" | "PATCH") {
        request.body = Some(b"{}".to_vec());
        request.set_header("Content-Type", "application/json");
    }
    let answer = session.exchange(&request).await?;
    Some(Sent { request, answer, caller: caller.name })
}

/// A path with something in place of its parameters that nothing is called.
fn filled(path: &str) -> String {
    let part = |segment: &str| match segment.contains('{') || segment.starts_with(':') {
        true => "00000000-0000-4000-8000-00000000dead".to_owned(),
        false => segment.to_owned(),
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

fn general(path: &str) -> String {
    let part = |segment: &str| match segment.contains('{') || segment.starts_with(':') {
        true => "{}".to_owned(),
        false => segment.to_owned(),
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// Whether a path of the contract takes another path.
fn answers(known: &BTreeSet<String>, path: &str) -> bool {
    let path = general(path);
    let wanted: Vec<&str> = path.split('/').collect();
    known.iter().any(|one| {
        let parts: Vec<&str> = one.split('/').collect();
        parts.len() == wanted.len()
            && parts.iter().zip(&wanted).all(|(part, wanted)| *part == "{}" || part == wanted)
    })
}
