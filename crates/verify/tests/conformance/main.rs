//! An examination finds each way in which a server breaks its contract, by name, and nothing in a
//! server that keeps it.

mod contract;
mod server;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::{Map, Value};
use server::Defect;
use tenon_verify::client::Client;
use tenon_verify::conformance::{Examination, Settings, Target, examine};
use tenon_verify::contract::ContractView;
use tenon_verify::world::{Clock, NoTokens, Tokens};

/// Tokens that the server of the tests takes.
struct Minter;

impl Tokens for Minter {
    fn given(&self, _: &str) -> Option<String> {
        None
    }

    fn mint(&self, claims: &Map<String, Value>) -> Result<String, String> {
        let mut token = "claims.".to_owned();
        for byte in Value::Object(claims.clone()).to_string().bytes() {
            write!(token, "{byte:02x}").map_err(|error| error.to_string())?;
        }
        Ok(token)
    }
}

/// A moment that does not pass.
struct Still;

impl Clock for Still {
    fn now_ms(&self) -> i64 {
        1_771_200_000_000
    }

    fn advance(&self, _: u64) -> bool {
        true
    }
}

fn settings(seed: u64) -> Settings {
    Settings {
        seed,
        requests_max: 2_000,
        time_ms_max: 60_000,
        mutants_max: 60,
        run: "test".to_owned(),
        codes: Vec::new(),
        values: Vec::new(),
    }
}

async fn examined(url: &str, tokens: &dyn Tokens, settings: &Settings) -> Examination {
    let graph = contract::graph();
    let view = ContractView::new(&graph);
    let client = Client::new(url).expect("a URL");
    examine(Target { client: &client, view: &view, tokens, clock: &Still }, settings).await
}

fn names(examination: &Examination) -> BTreeSet<&'static str> {
    examination.found.iter().map(|found| found.kind.name).collect()
}

#[tokio::test]
async fn a_server_that_keeps_its_contract_passes() {
    let url = server::start(Defect::None).await;
    let done = examined(&url, &Minter, &settings(1)).await;
    assert!(done.overall(), "{}", done.to_text("notes", &url));
    for what in [
        "replays",
        "conflicts",
        "missing keys",
        "tenant probes",
        "actor denials",
        "scope denials",
        "unknown callers",
        "rate headers",
        "boundary requests",
        "invalid requests",
        "undeclared routes",
        "undeclared methods",
    ] {
        assert!(done.tried.get(what).is_some_and(|count| *count > 0), "{what} was not tried");
    }
}

/// Each defect and what it is found as. What else it causes may be told too.
const DEFECTS: [(Defect, &str); 22] = [
    (Defect::NoReplay, "replay-not-stored"),
    (Defect::NoConflict, "conflict-not-told"),
    (Defect::KeyOptional, "key-not-required"),
    (Defect::LeaksRecord, "tenant-leak"),
    (Defect::LeaksList, "tenant-leak"),
    (Defect::TrustsHeader, "tenant-leak"),
    (Defect::ReplaysToOthers, "tenant-leak"),
    (Defect::WrongStatus, "undeclared-status"),
    (Defect::ExtraField, "undeclared-field"),
    (Defect::SchemaBroken, "answer-breaks-schema"),
    (Defect::ScopeIgnored, "scope-not-held"),
    (Defect::ActorIgnored, "actor-not-held"),
    (Defect::SignatureIgnored, "unknown-caller-answered"),
    (Defect::NoRateFields, "rate-headers-missing"),
    (Defect::Route, "undeclared-route-answers"),
    (Defect::Method, "undeclared-method-answers"),
    (Defect::AcceptsAll, "invalid-request-accepted"),
    (Defect::RefusesLong, "valid-request-refused"),
    (Defect::Fails, "server-error"),
    (Defect::UnknownCode, "undeclared-code"),
    (Defect::OtherStatus, "status-of-another-code"),
    (Defect::DenialAs400, "denial-of-another-status"),
];

#[tokio::test]
async fn each_defect_is_found_by_its_name() {
    for (defect, name) in DEFECTS {
        let url = server::start(defect).await;
        let done = examined(&url, &Minter, &settings(1)).await;
        assert!(names(&done).contains(name), "{defect:?}: {}", done.to_text("notes", &url));
        assert!(!done.overall());
        let found = done.found.iter().find(|found| found.kind.name == name).expect("it was found");
        assert!(found.curl.starts_with("curl -i "), "{}", found.curl);
        assert!(!found.curl.contains("claims."), "credentials are not shown: {}", found.curl);
    }
}

/// What shows a defect is made as small as it can be.
#[tokio::test]
async fn requests_are_made_smaller() {
    let url = server::start(Defect::RefusesLong).await;
    let done = examined(&url, &Minter, &settings(1)).await;
    let found = done.found.iter().find(|found| found.kind.name == "valid-request-refused").expect("found");
    assert!(found.curl.contains("\"kind\":"), "{}", found.curl);
    assert!(!found.curl.contains("\"tags\":"), "{}", found.curl);
    assert!(!found.curl.contains("\"stars\":"), "{}", found.curl);
}

/// The same seed is the same examination.
#[tokio::test]
async fn examinations_are_seeded() {
    let mut all = Vec::new();
    for seed in [7, 7, 8] {
        let url = server::start(Defect::AcceptsAll).await;
        let done = examined(&url, &Minter, &Settings { mutants_max: 5, ..settings(seed) }).await;
        all.push(done.to_text("notes", "").replace(&url, ""));
    }
    assert_eq!(all[0], all[1]);
    assert_ne!(all[0], all[2]);
}

/// What could not be tried is told, and is no pass.
#[tokio::test]
async fn what_cannot_be_tried_is_no_pass() {
    let url = server::start(Defect::None).await;
    let done = examined(&url, &NoTokens, &settings(1)).await;
    assert!(done.found.is_empty());
    assert_eq!(done.left_out.len(), 3);
    assert!(done.left_out.iter().all(|one| one.why.contains("`service`")), "{:?}", done.left_out);
    assert!(!done.overall());
}

/// It ends at its bounds, and says so; nobody there is said too.
#[tokio::test]
async fn examinations_are_bounded() {
    let url = server::start(Defect::None).await;
    let done = examined(&url, &Minter, &Settings { requests_max: 25, ..settings(1) }).await;
    assert_eq!(done.requests, 25);
    assert!(done.exhausted && !done.overall());
    let done = examined("http://127.0.0.1:9", &Minter, &settings(1)).await;
    assert!(done.silent.is_some() && !done.overall());
}
