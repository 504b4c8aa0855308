//! `tenon webhooks` against a gateway that says what it is told to.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::process::{Command, Output};
use std::thread::JoinHandle;

/// Answers one request; gives back its head.
fn gateway(status: u16, body: &'static str) -> (String, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let thread = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a client");
        let lines = BufReader::new(stream.try_clone().expect("a copy")).lines();
        let head: Vec<String> =
            lines.map(|line| line.expect("text")).take_while(|line| !line.is_empty()).collect();
        let length = body.len();
        let head_out =
            format!("HTTP/1.1 {status} X\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}");
        stream.write_all(head_out.as_bytes()).expect("it is sent");
        head
    });
    (url, thread)
}

fn tenon(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tenon"))
        .arg("webhooks")
        .args(arguments)
        .env_clear()
        .env("TENON_TOKEN", "secret-token")
        .output()
        .expect("the program runs")
}

fn asked(arguments: &[&str], status: u16, body: &'static str) -> (Vec<String>, Output) {
    let (url, thread) = gateway(status, body);
    let output = tenon(&[arguments, &["--url", &url]].concat());
    (thread.join().expect("no panic"), output)
}

#[test]
fn dead_letters_are_a_table() {
    let body = r#"{"items":[{"id":7,"subscription":"s1","event_id":"e1","type":"lead.created","state":"dead",
        "attempts":10,"next_attempt_at":null,"last":"503; given up\u001b[2J"}]}"#;
    let (head, output) = asked(&["dead", "--limit", "5", "--tenant", "acme"], 200, body);
    assert_eq!(head[0], "GET /_tenon/webhooks/dead?limit=5&tenant=acme HTTP/1.1");
    assert!(head.iter().any(|line| line == "authorization: Bearer secret-token"), "{head:?}");
    let expected = "id  subscription  event_id  type          state  attempts  next_attempt_at  last\n\
         7   s1            e1        lead.created  dead   10        -                503; given up [2J\n";
    assert_eq!(String::from_utf8_lossy(&output.stdout), expected);
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn every_command_is_its_call() {
    for (arguments, expected) in [
        (&["list"][..], "GET /_tenon/webhooks HTTP/1.1"),
        (&["deliveries"], "GET /_tenon/webhooks/deliveries?limit=50 HTTP/1.1"),
        (&["replay", "7"], "POST /_tenon/webhooks/deliveries/7/replay HTTP/1.1"),
        (&["rotate", "s1"], "POST /_tenon/webhooks/subscriptions/s1/rotate HTTP/1.1"),
        (&["drop-older", "s1"], "POST /_tenon/webhooks/subscriptions/s1/drop-older HTTP/1.1"),
        (&["enable", "s1"], "POST /_tenon/webhooks/subscriptions/s1/enable HTTP/1.1"),
        (&["test", "s1"], "POST /_tenon/webhooks/subscriptions/s1/test HTTP/1.1"),
    ] {
        let (head, output) = asked(arguments, 200, "{}");
        assert_eq!(head[0], expected);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
    }
}

#[test]
fn a_test_that_is_not_accepted_is_a_finding() {
    let body = r#"{"subscription":"s1","event_id":"e1","accepted":false,"met":"401"}"#;
    let (_, output) = asked(&["test", "s1"], 200, body);
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "subscription: s1\nevent_id: e1\naccepted: false\nmet: 401\n"
    );
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn what_the_gateway_refuses_is_told() {
    let body = r#"{"code":"record_not_found","title":"Not found","detail":"There is no delivery 9."}"#;
    let (_, output) = asked(&["replay", "9"], 404, body);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("the gateway says 404: record_not_found: There is no delivery 9."), "{said}");
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_gateway_that_is_not_there_is_told() {
    let output = tenon(&["list", "--url", "http://127.0.0.1:1"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("cannot ask the gateway at http://127.0.0.1:1"), "{said}");
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn an_id_cannot_lead_elsewhere() {
    let output = tenon(&["rotate", "../../consents"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("SUBSCRIPTION cannot be `../../consents`"));
}
