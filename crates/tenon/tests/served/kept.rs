//! `tenon usage` and `tenon audit` over a store, and over a gateway that writes to it.

use std::path::Path;
use std::process::Output;
use std::sync::Arc;

use crate::gateway::{Served, TENANT, contracts, tenon};
use tenon_storage::engines::Sqlite;
use tenon_storage::{AuditEntry, Store, Transaction, UsageEvent};

fn run(folder: &Path, arguments: &[&str]) -> Output {
    tenon().args(arguments).current_dir(folder).output().expect("the program runs")
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What is committed to a store that nobody has open.
fn commit(file: &Path, transactions: impl IntoIterator<Item = Transaction>) {
    let engine = Sqlite::open(file).expect("a store");
    let store = Store::new(Arc::new(engine)).expect("a store");
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    for transaction in transactions {
        runtime.block_on(store.commit(transaction)).expect("it is kept");
    }
    runtime.block_on(store.close());
}

fn used(number: usize, tenant: &str, dimension: &str, at_ms: i64) -> UsageEvent {
    UsageEvent {
        id: format!("u{number}"),
        tenant: tenant.to_owned(),
        dimension: dimension.to_owned(),
        quantity: 2,
        billable: dimension == "leads",
        operation: "leads.create".to_owned(),
        actor: "partner:acme".to_owned(),
        correlation_id: "c".to_owned(),
        at_ms,
    }
}

/// A store with three uses and three audit entries.
fn store(folder: &Path) {
    let mut transactions = Vec::new();
    for (number, (tenant, dimension)) in
        [("acme", "leads"), ("acme", "leads"), ("a,\"b\"", "calls")].into_iter().enumerate()
    {
        let at_ms = 1_771_200_000_000 + number as i64 * 86_400_000;
        let usage = used(number, tenant, dimension, at_ms);
        let entry = AuditEntry {
            at_ms,
            tenant: tenant.to_owned(),
            actor: format!("partner:number-{number}"),
            operation: "leads.create".to_owned(),
            outcome: "ok".to_owned(),
            code: None,
            correlation_id: "c".to_owned(),
            detail: None,
        };
        let transaction =
            Transaction { at_ms, usage: vec![usage], audit: vec![entry], ..Transaction::default() };
        transactions.push(transaction);
    }
    commit(&folder.join("tenon.db"), transactions);
}

#[test]
fn usage_is_summed_in_every_format() {
    let folder = tempfile::tempdir().expect("a folder");
    store(folder.path());
    let usage = |arguments: &[&str]| text(&run(folder.path(), &[&["usage"], arguments].concat()));
    let pretty = usage(&["--tenant", "acme"]);
    assert_eq!(
        pretty,
        "dimension  tenant  quantity  events  billable\nleads      acme    4         2       true\n"
    );
    // The end of a window does not belong to it.
    let first = usage(&["--from", "2026-02-16", "--until", "2026-02-17", "--format", "json"]);
    let first: serde_json::Value = serde_json::from_str(&first).expect("JSON");
    assert_eq!(first["items"].as_array().map(Vec::len), Some(1), "{first}");
    assert_eq!(first["items"][0]["quantity"], 2, "{first}");
    let csv = usage(&["--dimension", "calls", "--until", "2026-03-01", "--format", "csv"]);
    assert_eq!(
        csv,
        "tenant,dimension,billable,quantity,events,from,until\r\n\
         \"a,\"\"b\"\"\",calls,false,2,1,,2026-03-01T00:00:00Z\r\n"
    );
    let window = ["--from", "2026-02-01", "--until", "2026-03-01", "--format", "cloudevents"];
    let (events, again) = (usage(&window), usage(&window));
    assert_eq!(events, again, "the same uses have the same ids");
    let events: serde_json::Value = serde_json::from_str(&events).expect("JSON");
    let of_acme =
        |event: &&serde_json::Value| event["subject"] == "acme" && event["data"]["dimension"] == "leads";
    let leads: Vec<_> = events.as_array().expect("a batch").iter().filter(of_acme).collect();
    let ids: std::collections::BTreeSet<&str> =
        leads.iter().filter_map(|event| event["id"].as_str()).collect();
    assert!(leads.len() > 1 && ids.len() == leads.len(), "one event a use: {leads:?}");
    assert_eq!(leads.iter().filter_map(|event| event["data"]["quantity"].as_u64()).sum::<u64>(), 4);
    for event in leads {
        assert_eq!(
            (&event["specversion"], &event["type"], &event["source"]),
            (&"1.0".into(), &"tenon.usage".into(), &"tenon".into())
        );
        assert!(event["time"].as_str().is_some_and(|time| time.starts_with("2026-02-")), "{event}");
        assert_eq!((&event["data"]["tenant"], &event["data"]["billable"]), (&"acme".into(), &true.into()));
    }
    assert_eq!(usage(&["--tenant", "nobody", "--format", "cloudevents"]), "[]\n");
    assert_eq!(usage(&["--tenant", "nobody"]), "none\n");
}

#[test]
fn a_chain_that_was_tampered_with_is_told_with_its_link() {
    let folder = tempfile::tempdir().expect("a folder");
    store(folder.path());
    let verify = || run(folder.path(), &["audit", "verify"]);
    let good = verify();
    assert_eq!((text(&good).as_str(), good.status.code()), ("the chain holds: 3 links\n", Some(0)));
    let listed = text(&run(folder.path(), &["audit", "list", "--limit", "2"]));
    assert!(listed.contains("partner:number-2") && !listed.contains("partner:number-0"), "{listed}");

    // One letter of one entry.
    let path = folder.path().join("tenon.db");
    let mut bytes = std::fs::read(&path).expect("the store");
    let wanted = b"partner:number-1";
    let found: Vec<usize> = bytes
        .windows(wanted.len())
        .enumerate()
        .filter(|(_, part)| part == wanted)
        .map(|(at, _)| at)
        .collect();
    assert!(!found.is_empty(), "the entry is in the file");
    for at in found {
        bytes[at] = b'P';
    }
    std::fs::write(&path, bytes).expect("the store");
    let bad = verify();
    assert_eq!(bad.status.code(), Some(1));
    assert_eq!(
        text(&bad),
        "the chain is broken at link 2: its entry is not the one its hash was made of\n1 link before it hold\n"
    );
    let json = text(&run(folder.path(), &["audit", "verify", "--format", "json"]));
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!((&json["holds"], &json["broken"]["number"]), (&false.into(), &2.into()), "{json}");
}

#[test]
fn a_gateway_that_runs_is_asked_or_read_beside() {
    let served = Served::start(&contracts("sales"));
    let url = format!("http://{}", served.address);
    let ask = |arguments: &[&str], token: &str| {
        run(served.folder.path(), &[arguments, &["--url", &url, "--token", token]].concat())
    };
    let token = served.token(&["--actor", "user:op", "--scope", "tenon:operator"]);
    let own =
        served.token(&["--actor", "service:s", "--tenant", TENANT, "--scope", "tenon:audit tenon:usage"]);
    // A refusal, so that there is an entry.
    let refused = served.call("POST", "/api/v1/leads", &[("authorization", &format!("Bearer {own}"))], "");
    assert!(refused.status >= 400, "{refused:?}");
    let until = std::time::Instant::now() + std::time::Duration::from_secs(10);
    loop {
        let beside = run(served.folder.path(), &["audit", "verify", "--store", "sqlite:t.db"]);
        assert_eq!(beside.status.code(), Some(0), "{beside:?}");
        if text(&beside) == "the chain holds: 1 link\n" {
            break;
        }
        assert!(std::time::Instant::now() < until, "the refusal is audited soon");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    assert_eq!(text(&ask(&["audit", "verify"], &token)), "the chain holds: 1 link\n");
    let listed = text(&ask(&["audit", "list"], &token));
    assert!(listed.contains("leads.create") && listed.contains("refused"), "{listed}");
    assert_eq!(text(&ask(&["usage"], &own)), "none\n");
    let stranger = served.token(&["--actor", "user:u", "--scope", "sales.leads:write"]);
    let refused = ask(&["audit", "list"], &stranger);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("403"), "{refused:?}");
}

/// More uses than fit into one answer come page after page, each once, and only one's own.
#[test]
fn uses_are_asked_of_a_gateway_page_after_page() {
    const USES: usize = 2_100;
    let folder = tempfile::tempdir().expect("a folder");
    let at_ms = 1_771_200_000_000;
    // Of one moment, so that a page ends amid them.
    let own = (0..USES).map(|number| used(number, TENANT, "leads", at_ms));
    let usage = own.chain([used(USES, "somebody-else", "leads", at_ms)]).collect();
    commit(&folder.path().join("t.db"), [Transaction { at_ms, usage, ..Transaction::default() }]);
    let served = Served::start_in(folder, &contracts("sales"));
    let url = format!("http://{}", served.address);
    let token = served.token(&["--actor", "service:s", "--tenant", TENANT, "--scope", "tenon:usage"]);
    let cloudevents = |arguments: &[&str]| {
        let output = run(served.folder.path(), &[&["usage", "--format", "cloudevents"], arguments].concat());
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        let events: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        events.as_array().expect("a batch").clone()
    };
    let asked = cloudevents(&["--url", &url, "--token", &token]);
    assert_eq!(asked, cloudevents(&["--store", "sqlite:t.db", "--tenant", TENANT]));
    let ids: std::collections::BTreeSet<&str> =
        asked.iter().filter_map(|event| event["id"].as_str()).collect();
    assert_eq!((asked.len(), ids.len()), (USES, USES), "each use once");

    let bearer = format!("Bearer {token}");
    let refused =
        served.call("GET", "/_tenon/usage/events?after=nonsense", &[("authorization", &bearer)], "");
    assert_eq!(refused.status, 400, "{refused:?}");
}
