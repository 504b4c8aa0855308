//! `tenon check --watch` in real time: a change is reported by itself.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

/// How long a report may take before the test gives up, in seconds.
const PATIENCE_S: u64 = 30;

const BROKEN: &str =
    "openapi: 3.1.0\ninfo: {title: Pets, version: \"1\"}\nservers: [{url: https://pets.test/}]\npaths: {}\n";

#[test]
fn a_change_is_reported_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("api.yaml");
    std::fs::write(&file, BROKEN).expect("the contract");
    let mut child = Command::new(env!("CARGO_BIN_EXE_tenon"))
        .args(["check", "--watch", "--only", "OA151", "--format", "github", "."])
        .current_dir(folder.path())
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let (send, lines) = channel();
    let stdout = child.stdout.take().expect("standard output");
    std::thread::spawn(move || {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            let _ = send.send(line);
        }
    });
    let wait_for = |words: &str| loop {
        match lines.recv_timeout(Duration::from_secs(PATIENCE_S)) {
            Ok(line) if line.contains(words) => return Ok(()),
            Ok(_) => {}
            Err(RecvTimeoutError::Timeout) => return Err(format!("{words:?} was not reported in time")),
            Err(RecvTimeoutError::Disconnected) => return Err("the watch ended".to_owned()),
        }
    };
    // S4-83: watching flags a mistake as soon as it is written.
    let first = wait_for("1 warning in 1 file");
    std::fs::write(&file, BROKEN.replace("test/", "test")).expect("the contract");
    let second = wait_for("nothing to report in 1 file");
    std::fs::write(&file, BROKEN).expect("the contract");
    let third = wait_for("::warning file=api.yaml,line=3");
    child.kill().expect("the watch is stopped");
    child.wait().expect("the watch has ended");
    for said in [first, second, third] {
        said.expect("every change is reported");
    }
}
