//! The scripts of quality assurance against a small server that keeps what it is given.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::{everything, files};

const TOKEN: &str = "secret token";

/// What the server does beside keeping records.
#[derive(Clone, Copy)]
struct Manner {
    /// Where the token stands in the answer to a sign-in.
    token_at: &'static [&'static str],
    /// A path that answers anyone.
    open: &'static str,
}

/// Starts a server for one test; it ends with the program.
fn serve(manner: Manner) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let records: Arc<Mutex<BTreeMap<String, Value>>> = Arc::default();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let records = Arc::clone(&records);
            std::thread::spawn(move || answer(stream, manner, &records));
        }
    });
    format!("http://{address}")
}

fn answer(stream: TcpStream, manner: Manner, records: &Mutex<BTreeMap<String, Value>>) {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).expect("a line");
    let mut words = line.split(' ').map(str::to_owned);
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let (mut length, mut is_known) = (0, false);
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).expect("a header");
        let lower = header.to_ascii_lowercase();
        if let Some(value) = lower.strip_prefix("content-length:") {
            length = value.trim().parse().expect("a number");
        }
        is_known |= header.trim() == format!("Authorization: Bearer {TOKEN}");
        if header.trim().is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).expect("all of it");
    let body: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let mut records = records.lock().expect("no test panics with it");
    let (status, said) = if path == "/api/auth/login" {
        let right = body == json!({ "email": "admin@example.com", "password": "pass \"word\"" });
        let token = manner.token_at.iter().rev().fold(json!(TOKEN), |inner, name| json!({ *name: inner }));
        if right { (200, token) } else { (401, json!({ "error": "Invalid credentials" })) }
    } else if !is_known && path != manner.open {
        (401, json!({ "error": "Authentication required" }))
    } else {
        match method.as_str() {
            "POST" => {
                let id = format!("record-{}", records.len() + 1);
                records.insert(format!("{path}/{id}"), body);
                (201, json!({ "data": { "id": id } }))
            }
            "DELETE" => match records.remove(&path) {
                Some(_) => (204, Value::Null),
                None => (404, json!({})),
            },
            _ if records.contains_key(&path) => (200, json!({ "data": {} })),
            _ => (404, json!({})),
        }
    };
    let text = if status == 204 { String::new() } else { said.to_string() };
    let head = format!("HTTP/1.1 {status} x\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", text.len());
    let _ = reader.get_mut().write_all(format!("{head}{text}").as_bytes());
}

/// `foundry` as a project: its scripts in `scripts/`, its contract in `docs/`.
fn project() -> (tempfile::TempDir, PathBuf) {
    let (folder, out) = everything("foundry");
    let scripts = folder.path().join("scripts");
    super::copy_into(&out.join("qa"), &scripts);
    for (name, _) in files(&out.join("qa")) {
        let mode = out.join("qa").join(&name).metadata().expect("it is there").permissions().mode();
        assert_eq!(mode & 0o111, 0o111, "{name} is a program");
    }
    (folder, scripts)
}

fn run(scripts: &std::path::Path, name: &str, variables: &[(&str, &str)]) -> (Option<i32>, String) {
    // The scripts find their contract from any folder.
    let output: Output = Command::new("bash")
        .current_dir(std::env::temp_dir())
        .arg(scripts.join(name))
        .envs(variables.iter().copied())
        .output()
        .expect("bash runs");
    let said =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    (output.status.code(), said)
}

/// S4-06, S4-180 to S4-186: writing the gates is a step of its own, and each script is careful.
#[test]
fn the_six_gates_are_written() {
    let (_folder, out) = everything("foundry");
    let gates = files(&out.join("gates"));
    let names: Vec<&str> = gates.keys().map(String::as_str).collect();
    let wanted = [
        "verify-contract-discipline.sh",
        "verify-endpoint-status.sh",
        "verify-pagination-max.sh",
        "verify-route-service-alignment.sh",
        "verify-status-enums.sh",
        "verify-upload-e2e.sh",
    ];
    assert_eq!(names, wanted);
    for (name, bytes) in gates {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        assert!(text.contains("set -euo pipefail") && text.contains("< <("), "{name}");
    }
}

/// S4-246, S4-231 to S4-234, A004-39: sign-in is found by its purpose, the token where the contract says.
#[test]
fn a_token_is_acquired_where_the_contract_says() {
    let (folder, scripts) = project();
    let contract = folder.path().join("docs/service-contracts.json");
    let text = std::fs::read_to_string(&contract).expect("it is read");
    let paths: [(&str, &'static [&'static str]); 4] = [
        (".accessToken", &["accessToken"]),
        (".data.accessToken", &["data", "accessToken"]),
        (".auth.token", &["auth", "token"]),
        (".tokens.access", &["tokens", "access"]),
    ];
    for (path, token_at) in paths {
        let base = serve(Manner { token_at, open: "" });
        let mut document: Value = serde_json::from_str(&text).expect("it is JSON");
        for endpoint in document["endpoints"].as_array_mut().expect("endpoints") {
            if endpoint["serviceContract"]["purpose"] == "login" {
                endpoint["responseTokenPath"] = path.into();
            }
        }
        std::fs::write(&contract, document.to_string()).expect("it is written");
        let admin = [
            ("BASE_URL", base.as_str()),
            ("ADMIN_EMAIL", "admin@example.com"),
            ("ADMIN_PASSWORD", "pass \"word\""),
        ];
        assert_eq!(
            run(&scripts, "qa-acquire-tokens.sh", &admin),
            (Some(0), "ADMIN_TOKEN=secret\\ token\n".to_owned())
        );
        let wrong = [admin[0], admin[1], ("ADMIN_PASSWORD", "wrong")];
        let (code, said) = run(&scripts, "qa-acquire-tokens.sh", &wrong);
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains("answered 401"), "{said}");
    }
    let (code, said) = run(&scripts, "qa-acquire-tokens.sh", &[]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("ADMIN_EMAIL and ADMIN_PASSWORD are not set"), "{said}");
}

/// S4-247, S4-243: every endpoint that is neither public nor optional refuses; one that does not is named.
#[test]
fn access_without_a_token_is_refused() {
    let (_folder, scripts) = project();
    let base = serve(Manner { token_at: &["accessToken"], open: "" });
    let (code, said) = run(&scripts, "qa-unauthenticated-access.sh", &[("BASE_URL", &base)]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("[OK] GET /api/users refuses") && !said.contains("/health"), "{said}");
    let base = serve(Manner { token_at: &["accessToken"], open: "/api/users" });
    let (code, said) = run(&scripts, "qa-unauthenticated-access.sh", &[("BASE_URL", &base)]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("[X] GET /api/users answered 404 without a token"), "{said}");
}

/// S4-249: resources are created, read, changed and deleted, children inside their parents.
#[test]
fn life_cycles_run() {
    let (folder, scripts) = project();
    let base = serve(Manner { token_at: &["accessToken"], open: "" });
    let variables = [("BASE_URL", base.as_str()), ("ADMIN_TOKEN", TOKEN)];
    let (code, said) = run(&scripts, "qa-crud-smoke.sh", &variables);
    assert_eq!(code, Some(0), "{said}");
    for step in [
        "createProject: POST /api/projects answered 201",
        "removeUser: DELETE /api/users/record-3 answered 204",
    ] {
        assert!(said.contains(&format!("[OK] {step}")), "{step}: {said}");
    }

    // Children and their parents, with bodies of `bodySchema`.
    let body = json!({ "type": "object", "properties": { "kind": { "enum": ["sand"] }, "count": { "type": "integer", "minimum": 3 } } });
    let endpoint = |method: &str, path: &str, name: &str, crud: &str| {
        let contract = json!({ "methodName": name, "crudOperation": crud, "bodySchema": body });
        json!({ "path": path, "method": method, "status": "required", "serviceContract": contract })
    };
    let endpoints = [
        endpoint("POST", "/api/pits/:pitId/cores", "createCore", "create"),
        endpoint("GET", "/api/pits/:pitId/cores/:id", "getCore", "read"),
        endpoint("DELETE", "/api/pits/:pitId/cores/:id", "deleteCore", "delete"),
        endpoint("POST", "/api/pits", "createPit", "create"),
        endpoint("GET", "/api/pits/:id", "getPit", "read"),
        endpoint("PUT", "/api/pits/:id", "updatePit", "update"),
        endpoint("DELETE", "/api/pits/:id", "deletePit", "delete"),
    ];
    let contract = folder.path().join("docs/service-contracts.json");
    std::fs::write(&contract, json!({ "endpoints": endpoints }).to_string()).expect("it is written");
    let base = serve(Manner { token_at: &["accessToken"], open: "" });
    let (code, said) = run(&scripts, "qa-crud-smoke.sh", &[("BASE_URL", &base), ("ADMIN_TOKEN", TOKEN)]);
    let steps: Vec<&str> = said.lines().collect();
    let wanted = [
        "[OK] createPit: POST /api/pits answered 201",
        "[OK] getPit: GET /api/pits/record-1 answered 200",
        "[OK] updatePit: PUT /api/pits/record-1 answered 200",
        "[OK] createCore: POST /api/pits/record-1/cores answered 201",
        "[OK] getCore: GET /api/pits/record-1/cores/record-2 answered 200",
        "[OK] deleteCore: DELETE /api/pits/record-1/cores/record-2 answered 204",
        "[OK] deleteCore, read again: GET /api/pits/record-1/cores/record-2 answered 404",
        "[OK] deletePit: DELETE /api/pits/record-1 answered 204",
        "[OK] deletePit, read again: GET /api/pits/record-1 answered 404",
        "9 of 9 steps went well",
    ];
    assert_eq!((code, steps.as_slice()), (Some(0), wanted.as_slice()));

    let (code, said) = run(&scripts, "qa-crud-smoke.sh", &[("BASE_URL", &base), ("ADMIN_TOKEN", "wrong")]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("answered 401"), "{said}");
    assert_eq!(run(&scripts, "qa-crud-smoke.sh", &[("BASE_URL", &base)]).0, Some(2));
}
