//! `tenon job`, as it is typed.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;

use serde_json::Value;

use crate::support::{Serving, err, out, pack, tenon};

fn json(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}")))
        .collect()
}

/// S3-110: the ids of one request are the same in the answer, the events, the state and the files.
#[test]
fn a_job_is_run_watched_and_shown() {
    let folder = tempfile::tempdir().expect("a folder");
    let served = Serving::start(&pack("dome"), folder.path());
    let run = served.job("north", &["run", "text.count", "--task", r#"{"text":"a b"}"#, "--key", "k1"]);
    assert_eq!(run.status.code(), Some(0), "{}{}", out(&run), err(&run));
    let said = out(&run);
    assert!(said.contains("running -> succeeded") && said.contains("counted 2 words"), "{said}");
    let id = |what: &str| {
        let line = said.lines().find_map(|line| line.strip_prefix(what)).expect("an id");
        line.trim().to_owned()
    };
    let (job, run_id) = (id("job "), id("run "));

    let again =
        served.job("north", &["run", "text.count", "--task", r#"{"text":"a b"}"#, "--key", "k1", "--detach"]);
    assert!(out(&again).contains(&job), "one key, one job: {}", out(&again));

    let status = served.job("north", &["status", &job, "--format", "json"]);
    assert_eq!(status.status.code(), Some(0));
    let status = &json(&out(&status))[0];
    assert_eq!((status["job_id"].as_str(), status["run_id"].as_str()), (Some(&*job), Some(&*run_id)));
    let watched = json(&out(&served.job("north", &["watch", &job, "--format", "json"])));
    for (index, event) in watched.iter().enumerate() {
        assert_eq!(event["seq"], (index + 1).to_string());
        assert_eq!((event["job_id"].as_str(), event["run_id"].as_str()), (Some(&*job), Some(&*run_id)));
    }
    let later = json(&out(&served.job("north", &["watch", &job, "--since", "2", "--format", "json"])));
    assert_eq!(later, watched[2..]);

    for (kind, field) in [("gate", "decision"), ("promotion", "winner")] {
        let decision = served.job("north", &["decision", &run_id, "--kind", kind]);
        let path = folder.path().join("tenon.runs").join(out(&decision).trim());
        let file: Value = serde_json::from_slice(&std::fs::read(path).expect("a file")).expect("JSON");
        assert_eq!(file["run_id"].as_str(), Some(&*run_id), "{file}");
        assert!(!file[field].is_null(), "{file}");
    }
    // The correlation id stands in what the run left.
    let manifest = folder.path().join("tenon.runs").join(&run_id).join("run.manifest.json");
    let manifest: Value =
        serde_json::from_slice(&std::fs::read(manifest).expect("a manifest")).expect("JSON");
    let first: Value =
        serde_json::from_str(watched[0]["payload_json"].as_str().expect("text")).expect("JSON");
    assert_eq!(manifest["correlation_id"], first["correlation_id"]);
}

#[test]
fn the_exit_status_is_the_state() {
    let folder = tempfile::tempdir().expect("a folder");
    let served = Serving::start(&pack("dome"), folder.path());
    let late = r#"{"wall_ms_max": 300}"#;
    let steps = r#"{"steps": 100, "pause_s": 0.2}"#;
    let failed = served.job("north", &["run", "steps", "--task", steps, "--constraints", late]);
    assert_eq!(failed.status.code(), Some(1), "{}", out(&failed));
    assert!(out(&failed).contains("running -> failed"), "{}", out(&failed));

    let made = served.job("north", &["run", "steps", "--task", steps, "--detach", "--format", "json"]);
    assert_eq!(made.status.code(), Some(4), "{}", out(&made));
    let job = json(&out(&made))[0]["job_id"].as_str().expect("an id").to_owned();
    assert_eq!(served.job("north", &["status", &job]).status.code(), Some(4));
    assert_eq!(served.job("north", &["cancel", &job]).status.code(), Some(0));
    assert_eq!(served.job("north", &["cancel", &job]).status.code(), Some(0), "again is the same");
    assert_eq!(served.job("north", &["watch", &job]).status.code(), Some(3));
    assert_eq!(served.job("north", &["status", &job]).status.code(), Some(3));

    let none = served.job("north", &["status", "nothing"]);
    assert_eq!(none.status.code(), Some(2));
    assert!(err(&none).contains("E_NOT_FOUND"), "{}", err(&none));
    let nobody = served.job_with("", &["skills"]);
    assert_eq!(nobody.status.code(), Some(2));
    assert!(err(&nobody).contains("E_POLICY_DENIED"), "{}", err(&nobody));
    let wrong = served.job("north", &["run", "text.count", "--task", "{}"]);
    assert!(err(&wrong).contains("E_INVALID_REQUEST") && err(&wrong).contains("text"), "{}", err(&wrong));
}

#[test]
fn nobody_there_is_said() {
    let asked = tenon()
        .args(["job", "skills", "--url", "http://127.0.0.1:9", "--patience", "0"])
        .output()
        .expect("the program runs");
    assert_eq!(asked.status.code(), Some(2));
    assert!(err(&asked).contains("tenon serve contracts/dome"), "{}", err(&asked));
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).expect("a file");
        }
    }
}

/// The pack with some text of its contract replaced.
fn changed(folder: &Path, from: &str, to: &str) -> std::path::PathBuf {
    let contract = folder.join("dome");
    copy(&pack("dome"), &contract);
    let path = contract.join("contract.yaml");
    let text = std::fs::read_to_string(&path).expect("a contract");
    assert!(text.contains(from), "the contract has no {from:?}");
    std::fs::write(path, text.replacen(from, to, 1)).expect("it is written");
    contract
}

/// S3-114: calls of programs that are not approved are refused where the policy is on, by a code of
/// their own; the thin client gets through.
#[test]
fn programs_that_are_not_approved_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let contract = changed(folder.path(), "required: false", "required: true");
    std::fs::remove_file(contract.join("tenon.lock")).expect("it was frozen as it was");
    let served = Serving::start(&contract, folder.path());
    assert_eq!(served.job("north", &["skills"]).status.code(), Some(0));
    let ask = |client: &str| {
        let mut stream = TcpStream::connect(served.address).expect("it listens");
        let request = format!(
            "POST /domed.v1.DomedService/ListTools HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\
             Authorization: Bearer {}\r\nContent-Type: application/json\r\n{client}Content-Length: 2\r\n\r\n{{}}",
            served.token("north")
        );
        stream.write_all(request.as_bytes()).expect("it is sent");
        let mut said = String::new();
        stream.read_to_string(&mut said).expect("an answer");
        said
    };
    for client in ["", "X-Tenon-Client: curl/8\r\n"] {
        let said = ask(client);
        assert!(said.starts_with("HTTP/1.1 403"), "{said}");
        assert!(said.contains("E_POLICY_DENIED") && said.contains("x-tenon-client"), "{said}");
    }
    assert!(ask("X-Tenon-Client: tenon-job/0.1.0\r\n").starts_with("HTTP/1.1 200"));
}

/// S1-80: what is not what was frozen is not served.
#[test]
fn a_contract_that_drifted_is_not_served() {
    let folder = tempfile::tempdir().expect("a folder");
    let contract = changed(folder.path(), "scopes: [domed.jobs:write]", "scopes: []");
    let said = Serving::try_on(&contract, folder.path(), "127.0.0.1:0").err().expect("it does not start");
    assert!(said.contains("LK001") && said.contains("SkillExecute"), "{said}");
}

/// S3-113: a second schema of a family that is there stops the start, frozen or not.
#[test]
fn a_family_that_stands_twice_is_not_served() {
    let folder = tempfile::tempdir().expect("a folder");
    let contract = changed(folder.path(), "registry: skills", "registry: skills");
    std::fs::remove_file(contract.join("tenon.lock")).expect("it was frozen as it was");
    let schemas = contract.join("ssot/schemas");
    let text = std::fs::read_to_string(schemas.join("gate.decision.schema.json")).expect("a schema");
    std::fs::write(schemas.join("gate.verdict.schema.json"), text.replace("gate.decision", "gate.verdict"))
        .expect("it is written");
    let said = Serving::try_on(&contract, folder.path(), "127.0.0.1:0").err().expect("it does not start");
    assert!(said.contains("RE002") && said.contains("gate.verdict"), "{said}");
}

/// A manifest that leads out of its folder, and a folder that is not there, stop the start.
#[test]
fn a_registry_that_cannot_be_used_stops_the_start() {
    let folder = tempfile::tempdir().expect("a folder");
    let contract = changed(folder.path(), "registry: skills", "registry: skills");
    let manifest = contract.join("skills/text.count/text.count.skill.yaml");
    let text = std::fs::read_to_string(&manifest).expect("a manifest");
    std::fs::write(&manifest, text.replace("./count.sh", "../../../../bin/sh")).expect("it is written");
    let said = Serving::try_on(&contract, folder.path(), "127.0.0.1:0").err().expect("it does not start");
    assert!(said.contains("text.count.skill.yaml") && said.contains("leads out"), "{said}");
    std::fs::remove_dir_all(contract.join("skills")).expect("it goes");
    let said = Serving::try_on(&contract, folder.path(), "127.0.0.1:0").err().expect("it does not start");
    assert!(said.contains("skills"), "{said}");
}

/// S3-88, S3-91: a source beside the approved clients that calls the service itself is found with its
/// file and line; approved ones, and what only speaks of it, are not.
#[test]
fn sources_that_go_around_the_clients_are_found() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("it is made");
        std::fs::write(path, text).expect("it is written");
    };
    let audit = || {
        let mut command = tenon();
        command.args(["job", "audit"]).arg(pack("dome")).arg(".").current_dir(folder.path());
        command.output().expect("the program runs")
    };
    write("clients/python/stub.py", "stub = DomedServiceStub(channel)\n");
    write("tools/run.sh", "tenon job run text.count --task '{}'\n");
    write("README.md", "The service is domed.v1.DomedService.\n");
    let clean = audit();
    assert_eq!(clean.status.code(), Some(0), "{}{}", out(&clean), err(&clean));
    write("tools/around.py", "import grpc\n\nstub = DomedServiceStub(channel)\n");
    write("tools/around.sh", "grpcurl -d '{}' host domed.v1.DomedService/CancelJob\n");
    let found = audit();
    assert_eq!(found.status.code(), Some(1));
    let said = out(&found);
    for place in ["tools/around.py:3:8", "tools/around.sh:1:22", "TC001"] {
        assert!(said.contains(place), "{place}: {said}");
    }
    assert!(!said.contains("clients/python"), "{said}");
}
