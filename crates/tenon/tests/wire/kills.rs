//! A gateway that is killed under a client that follows a job.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;

use crate::support::{Serving, out, pack, tenon};

fn seq(event: &Value) -> u64 {
    event["seq"].as_str().and_then(|seq| seq.parse().ok()).expect("a number")
}

/// Whether a process that runs has a word in its environment.
fn someone_has(word: &str) -> bool {
    let entries = std::fs::read_dir("/proc").expect("the processes");
    entries.flatten().any(|entry| {
        let environment = std::fs::read(entry.path().join("environ")).unwrap_or_default();
        String::from_utf8_lossy(&environment).contains(word)
    })
}

/// S1-77, S3-112 over `SIGKILL`: the client goes on where it broke off, without a gap and without a
/// word twice; nothing of the job outlives the gateway; the job ends once.
#[test]
fn a_client_that_follows_goes_on_over_a_kill() {
    let folder = tempfile::tempdir().expect("a folder");
    let served = Serving::start(&pack("dome"), folder.path());
    let token = served.token("north");
    let mut client = tenon()
        .args(["job", "run", "steps", "--task", r#"{"steps": 12, "pause_s": 0.1}"#, "--key", "over"])
        .args(["--format", "json", "--patience", "60", "--url", &served.url()])
        .env("TENON_TOKEN", &token)
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut lines = BufReader::new(client.stdout.take().expect("an output")).lines();
    let mut next =
        || lines.next().map(|line| serde_json::from_str::<Value>(&line.expect("a line")).expect("JSON"));
    let mut events: Vec<Value> = (0..5).map(|_| next().expect("an event")).collect();
    let job = events[0]["job_id"].as_str().expect("an id").to_owned();
    let mark = format!("TENON_JOB_ID={job}");
    assert!(someone_has(&mark), "the job runs");
    let address = served.kill();
    let gone = (0..100).any(|_| {
        std::thread::sleep(Duration::from_millis(50));
        !someone_has(&mark)
    });
    assert!(gone, "something of the job outlives the gateway");
    let served = Serving::on(&pack("dome"), folder.path(), &address.to_string());
    while let Some(event) = next() {
        events.push(event);
    }
    assert_eq!(client.wait().expect("it ends").code(), Some(0), "{events:#?}");
    let numbers: Vec<u64> = events.iter().map(seq).collect();
    assert_eq!(numbers, (1..=numbers.len() as u64).collect::<Vec<_>>());
    let last: Value =
        serde_json::from_str(events.last().expect("one")["payload_json"].as_str().unwrap()).unwrap();
    assert_eq!(last["to"], "succeeded");
    // What was printed over the kill is what is kept.
    let kept = served.job("north", &["watch", &job, "--format", "json"]);
    let kept: Vec<Value> = out(&kept).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(kept, events);
    // One key is one job over the kill.
    let again = served.job_with(
        &token,
        &["run", "steps", "--task", r#"{"steps": 12, "pause_s": 0.1}"#, "--key", "over", "--detach"],
    );
    assert!(out(&again).contains(&job), "{}", out(&again));
}

/// Submits and kills, again and again: what was acknowledged is there, ends once, and is the same
/// job under the same key.
#[test]
fn what_was_acknowledged_is_done_over_kills() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut served = Serving::start(&pack("dome"), folder.path());
    let mut told: BTreeMap<String, String> = BTreeMap::new();
    // A skill that may be run three times is lost twice at most.
    for round in 0..2 {
        for number in 0..4 {
            let key = format!("r{round}-{number}");
            let task = r#"{"steps": 3, "pause_s": 0.1}"#;
            let made = served.job("north", &["run", "steps", "--task", task, "--key", &key, "--detach"]);
            let said = out(&made);
            let job = said.lines().find_map(|line| line.strip_prefix("job ")).expect("it was acknowledged");
            told.insert(key, job.trim().to_owned());
        }
        let address = served.kill();
        served = Serving::on(&pack("dome"), folder.path(), &address.to_string());
    }
    for (key, job) in &told {
        let again = served.job(
            "north",
            &["run", "steps", "--task", r#"{"steps": 3, "pause_s": 0.1}"#, "--key", key, "--detach"],
        );
        assert!(out(&again).contains(job), "{key} is another job now: {}", out(&again));
        let watched = served.job("north", &["watch", job, "--format", "json"]);
        assert_eq!(watched.status.code(), Some(0), "{job}: {}", out(&watched));
        let events: Vec<Value> =
            out(&watched).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        let numbers: Vec<u64> = events.iter().map(seq).collect();
        assert_eq!(numbers, (1..=numbers.len() as u64).collect::<Vec<_>>(), "{job}");
        let ends = events.iter().filter(|event| {
            event["payload_json"].as_str().is_some_and(|payload| payload.contains("\"to\":\"succeeded\""))
        });
        assert_eq!(ends.count(), 1, "{job} ended more than once");
    }
}
