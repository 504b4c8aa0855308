//! The same methods without HTTP/2: gRPC-Web, JSON, server-sent events; and contracts that are not
//! `dome`: any `.proto` file is served.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::raw::{Raw, framed};
use crate::support::{Serving, go_program, must, out, pack};

struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

/// One request of HTTP/1.1, with its connection.
fn ask(address: SocketAddr, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(address).expect("it listens");
    let mut head = format!("{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str(&format!("Content-Length: {}\r\n\r\n", body.len()));
    stream.write_all(head.as_bytes()).expect("it is sent");
    stream.write_all(body).expect("it is sent");
    let mut said = Vec::new();
    stream.read_to_end(&mut said).expect("an answer");
    let split = said.windows(4).position(|window| window == b"\r\n\r\n").expect("a head");
    let head = String::from_utf8_lossy(&said[..split]).to_lowercase();
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    let mut body = said[split + 4..].to_vec();
    if head.contains("transfer-encoding: chunked") {
        body = dechunked(&body);
    }
    Answer { status, head, body }
}

fn dechunked(mut bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    while let Some(end) = bytes.windows(2).position(|window| window == b"\r\n") {
        let length = usize::from_str_radix(std::str::from_utf8(&bytes[..end]).expect("a length").trim(), 16);
        let length = length.expect("a length");
        let rest = &bytes[end + 2..];
        out.extend_from_slice(&rest[..length]);
        if length == 0 {
            break;
        }
        bytes = &rest[length + 2..];
    }
    out
}

fn posted(served: &Serving, token: &str, method: &str, body: &Value) -> (u16, Value) {
    let path = format!("/domed.v1.DomedService/{method}");
    let headers = [("Content-Type", "application/json"), ("Authorization", token)];
    let answer = ask(served.address, "POST", &path, &headers, body.to_string().as_bytes());
    (answer.status, serde_json::from_slice(&answer.body).unwrap_or_default())
}

/// The frames of gRPC-Web: flag, content.
fn frames(mut bytes: &[u8]) -> Vec<(u8, Vec<u8>)> {
    let mut out = Vec::new();
    while let Some((head, rest)) = bytes.split_first_chunk::<5>() {
        let length = u32::from_be_bytes([head[1], head[2], head[3], head[4]]) as usize;
        out.push((head[0], rest[..length].to_vec()));
        bytes = &rest[length..];
    }
    out
}

#[test]
fn grpc_web_is_spoken_in_both_forms() {
    let folder = tempfile::tempdir().expect("a folder");
    let served = Serving::start(&pack("dome"), folder.path());
    let token = format!("Bearer {}", served.token("north"));
    let path = "/domed.v1.DomedService/ListTools";
    let binary = [("Content-Type", "application/grpc-web+proto"), ("Authorization", token.as_str())];
    let answer = ask(served.address, "POST", path, &binary, &framed(&[]));
    assert!(answer.head.contains("content-type: application/grpc-web+proto"), "{}", answer.head);
    let all = frames(&answer.body);
    assert_eq!(all.iter().map(|(flag, _)| *flag).collect::<Vec<_>>(), [0, 0x80]);
    assert!(String::from_utf8_lossy(&all[0].1).contains("text.count"));
    assert_eq!(all[1].1, b"grpc-status: 0\r\n");

    let text = [("Content-Type", "application/grpc-web-text"), ("Authorization", token.as_str())];
    let answer = ask(served.address, "POST", path, &text, STANDARD.encode(framed(&[])).as_bytes());
    let mut bytes = Vec::new();
    for piece in answer.body.chunk_by(|before, after| *before != b'=' || *after == b'=') {
        bytes.extend(STANDARD.decode(piece).expect("base64"));
    }
    assert_eq!(frames(&bytes), all);

    let refused = ask(served.address, "POST", path, &binary[..1], &framed(&[]));
    let all = frames(&refused.body);
    assert_eq!(all.len(), 1, "trailers alone");
    let trailers = String::from_utf8_lossy(&all[0].1).into_owned();
    assert!(
        trailers.contains("grpc-status: 7\r\n") && trailers.contains("grpc-status-details-bin: "),
        "{trailers}"
    );

    let plain = [("Content-Type", "application/grpc"), ("Authorization", token.as_str())];
    assert_eq!(ask(served.address, "POST", path, &plain, &framed(&[])).status, 505);
    assert_eq!(ask(served.address, "GET", path, &binary, &[]).status, 405);
}

const LIST: &str = "/domed.v1.DomedService/ListTools";

/// What a browser asks before its page may.
fn preflight(served: &Serving, origin: &str) -> Answer {
    let asked = [
        ("Origin", origin),
        ("Access-Control-Request-Method", "POST"),
        ("Access-Control-Request-Headers", "authorization,content-type,x-grpc-web"),
    ];
    ask(served.address, "OPTIONS", LIST, &asked, &[])
}

/// What a page of another origin may do: developers' own may, others only where they are named.
#[test]
fn pages_of_other_origins_call_where_they_may() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(
        folder.path().join("tenon.toml"),
        "[serve]\ncors-origins = [\"https://app.example.com\"]\n",
    )
    .expect("it is written");
    let arguments = ["--config", "tenon.toml"];
    let served = Serving::with(&pack("dome"), folder.path(), &arguments);
    let token = format!("Bearer {}", served.token("north"));
    for origin in ["https://app.example.com", "http://localhost:5173"] {
        let answer = preflight(&served, origin);
        assert_eq!(answer.status, 204, "{}", answer.head);
        for line in [
            &format!("access-control-allow-origin: {origin}"),
            "access-control-allow-methods: get, head, post, put, patch, delete",
            "access-control-allow-headers: authorization,content-type,x-grpc-web",
            "vary: origin, access-control-request-headers",
        ] {
            assert!(answer.head.contains(line), "{line}: {}", answer.head);
        }
        assert!(!answer.head.contains("allow-credentials"), "{}", answer.head);
        for (kind, body) in
            [("application/grpc-web+proto", framed(&[])), ("application/json", b"{}".to_vec())]
        {
            let asked = [("Content-Type", kind), ("Authorization", token.as_str()), ("Origin", origin)];
            let answer = ask(served.address, "POST", LIST, &asked, &body);
            assert_eq!(answer.status, 200, "{}", answer.head);
            assert!(
                answer.head.contains(&format!("access-control-allow-origin: {origin}")),
                "{}",
                answer.head
            );
            let exposed =
                answer.head.lines().find(|line| line.starts_with("access-control-expose-headers: "));
            let exposed = exposed.expect("fields that may be read");
            assert!(exposed.contains("grpc-status, grpc-status-details-bin"), "{exposed}");
        }
        // A refusal is read too, with its code.
        let refused = ask(
            served.address,
            "POST",
            LIST,
            &[("Content-Type", "application/json"), ("Origin", origin)],
            b"{}",
        );
        assert!(
            refused.status == 403 && refused.head.contains("access-control-allow-origin"),
            "{}",
            refused.head
        );
    }
}

/// Pages of others are answered as anybody is, and their browsers keep it from them.
#[test]
fn pages_of_other_origins_read_nothing_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let served = Serving::start(&pack("dome"), folder.path());
    let token = format!("Bearer {}", served.token("north"));
    for origin in ["https://evil.example.com", "http://localhost.evil.example.com", "null"] {
        let answer = preflight(&served, origin);
        assert!(!answer.head.contains("access-control-"), "{}", answer.head);
        let asked =
            [("Content-Type", "application/json"), ("Authorization", token.as_str()), ("Origin", origin)];
        let answer = ask(served.address, "POST", LIST, &asked, b"{}");
        assert!(answer.status == 200 && !answer.head.contains("access-control-"), "{}", answer.head);
        assert!(answer.head.contains("vary: origin"), "{}", answer.head);
    }
    let own = ask(served.address, "GET", "/_tenon/health", &[("Origin", "http://localhost:5173")], &[]);
    assert!(own.status == 200 && !own.head.contains("access-control-"), "{}", own.head);
}

/// S1-40: the same codes with their HTTP status; S1-74…S1-78 over JSON.
#[test]
fn methods_are_called_with_json() {
    let folder = tempfile::tempdir().expect("a folder");
    let served = Serving::start(&pack("dome"), folder.path());
    let token = format!("Bearer {}", served.token("north"));
    let call = |method: &str, body: Value| posted(&served, &token, method, &body);
    // Names in either form.
    let task = r#"{"text": "a b"}"#;
    let (status, made) =
        call("SkillExecute", json!({ "skillId": "text.count", "task_json": task, "idempotencyKey": "j" }));
    assert_eq!((status, &made["status"]["ok"]), (200, &json!(true)), "{made}");
    let (job, run) = (made["jobId"].clone(), made["runId"].clone());
    let (_, again) =
        call("SkillExecute", json!({ "skill_id": "text.count", "taskJson": task, "idempotency_key": "j" }));
    assert_eq!(again["jobId"], job);

    let events = |headers: &[(&str, &str)], body: Value| {
        let mut all = vec![("Content-Type", "application/json"), ("Authorization", token.as_str())];
        all.extend_from_slice(headers);
        let path = "/domed.v1.DomedService/StreamJobEvents";
        ask(served.address, "POST", path, &all, body.to_string().as_bytes())
    };
    let answer = events(&[], json!({ "jobId": job, "follow": true }));
    assert!(answer.head.contains("content-type: text/event-stream"), "{}", answer.head);
    let text = String::from_utf8(answer.body).expect("text");
    let all: Vec<&str> = text.split_terminator("\n\n").collect();
    for (index, event) in all.iter().enumerate() {
        assert!(
            event.starts_with(&format!("id: {}\ndata: {{\"seq\":\"{}\"", index + 1, index + 1)),
            "{event}"
        );
    }
    // Come again as a browser does.
    let later = events(&[("Last-Event-ID", "2")], json!({ "jobId": job, "follow": true }));
    assert_eq!(String::from_utf8(later.body).expect("text"), all[2..].join("\n\n") + "\n\n");

    let (_, state) = call("GetJobStatus", json!({ "jobId": job }));
    assert_eq!(state["state"], "JOB_STATE_SUCCEEDED", "{state}");
    let (_, gate) = call("GetGateDecision", json!({ "runId": run }));
    assert!(gate["gateDecisionPath"].is_string(), "{gate}");

    let refusals = [
        ("GetJobStatus", json!({ "jobId": "none" }), 404, "E_NOT_FOUND"),
        ("GetJobStatus", json!({ "jobID": "none" }), 400, "E_INVALID_REQUEST"),
        ("GetJobStatus", json!({ "jobId": 7 }), 400, "E_INVALID_REQUEST"),
        ("CancelJob", json!({ "jobId": job, "idempotencyKey": "x" }), 409, "E_INVALID_TRANSITION"),
        (
            "SkillExecute",
            json!({ "skillId": "echo", "idempotencyKey": "j" }),
            409,
            "E_IDEMPOTENCY_KEY_REUSED",
        ),
        ("SkillExecute", json!({ "skillId": "echo" }), 400, "E_INVALID_REQUEST"),
    ];
    for (method, body, wanted, code) in refusals {
        let (status, said) = call(method, body.clone());
        assert_eq!((status, said["code"].as_str()), (wanted, Some(code)), "{method} {body}: {said}");
    }
    let (status, said) = posted(&served, "Bearer x", "ListTools", &json!({}));
    assert_eq!((status, said["code"].as_str()), (403, Some("E_POLICY_DENIED")), "{said}");
    let path = "/domed.v1.DomedService/ListTools";
    // A path of a method takes no other method of HTTP; the namespace has one code for that.
    let other = ask(served.address, "GET", path, &[("Authorization", &token)], &[]);
    assert!(other.status == 400 && other.head.contains("allow: post"), "{}", other.head);
}

const HTTP: &str = r#"syntax = "proto3";
package google.api;
message HttpRule {
  string selector = 1;
  oneof pattern { string get = 2; string put = 3; string post = 4; string delete = 5; string patch = 6; CustomHttpPattern custom = 8; }
  string body = 7;
  string response_body = 12;
  repeated HttpRule additional_bindings = 11;
}
message CustomHttpPattern { string kind = 1; string path = 2; }
"#;

const ANNOTATIONS: &str = r#"syntax = "proto3";
package google.api;
import "google/api/http.proto";
import "google/protobuf/descriptor.proto";
extend google.protobuf.MethodOptions { HttpRule http = 72295728; }
"#;

const SHELF: &str = r#"syntax = "proto3";
package shelf.v1;
import "google/api/annotations.proto";
import "google/protobuf/timestamp.proto";
service ShelfService {
  rpc PutBook(PutBookRequest) returns (Book) { option (google.api.http) = { post: "/v1/books" body: "*" }; }
  rpc GetBook(GetBookRequest) returns (Book) {
    option (google.api.http) = { get: "/v1/{name=shelves/*/books/*}" additional_bindings { get: "/v1/books/{name}" } };
  }
  rpc ListBooks(ListBooksRequest) returns (stream Book) { option (google.api.http) = { get: "/v1/books" }; }
  rpc Shelve(stream Book) returns (Book);
}
message PutBookRequest { string name = 1; string title = 2; int32 pages = 3; repeated string tags = 4; bool lent = 5; }
message GetBookRequest { string name = 1; bool full = 2; }
message ListBooksRequest { int32 least = 1; }
message Book { string name = 1; string title = 2; int64 pages = 3; repeated string tags = 4; bool lent = 5; google.protobuf.Timestamp since = 6; }
"#;

const CONTRACT: &str = r#"tenon: contract/v1
name: shelf
version: 1.0.0
sources: [shelf/v1/shelf.proto]
entities:
  Book:
    id: {field: id, form: uuid}
    key: [name]
    index: [name]
defaults: {auth: public, tenancy: none}
errors:
  BOOK_MISSING: {http: 404, grpc: NOT_FOUND, for: [record_not_found]}
  BOOK_THERE: {http: 409, grpc: ALREADY_EXISTS, for: [duplicate_record]}
  BOOK_WRONG: {http: 400, grpc: INVALID_ARGUMENT}
operations:
  PutBook:
    reason_codes: [BOOK_THERE, BOOK_WRONG]
    handler:
      create: Book
      guards: [{when: request.pages < 1, code: BOOK_WRONG, field: pages}]
      set: {name: =request.name, title: =request.title, pages: =request.pages, tags: =request.tags, lent: =request.lent}
      respond: {name: =record.name, title: =record.title, pages: =record.pages, tags: =record.tags, lent: =record.lent, since: =now}
  GetBook:
    reason_codes: [BOOK_MISSING]
    handler:
      get: Book
      where: {name: =request.name}
      respond: {name: =record.name, title: =record.title, pages: =record.pages}
  ListBooks: {handler: mock}
  Shelve: {handler: mock}
"#;

fn shelf(folder: &Path) -> Serving {
    let root = folder.join("contract");
    for (path, text) in [
        ("google/api/http.proto", HTTP),
        ("google/api/annotations.proto", ANNOTATIONS),
        ("shelf/v1/shelf.proto", SHELF),
        ("contract.yaml", &CONTRACT.replace("when: request", "when: \"=request").replace("< 1,", "< 1\",")),
    ] {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("it is made");
        std::fs::write(path, text).expect("it is written");
    }
    Serving::start(&root, folder)
}

/// Any contract, records behind it: gRPC and the paths it gives itself, the same records.
#[tokio::test(flavor = "multi_thread")]
async fn any_proto_is_served_at_its_own_paths() {
    let folder = tempfile::tempdir().expect("a folder");
    let served = shelf(folder.path());
    let json = [("Content-Type", "application/json")];
    let book = json!({ "name": "shelves/1/books/2", "title": "Joints", "pages": 12, "tags": ["wood"] });
    let put = ask(served.address, "POST", "/v1/books", &json, book.to_string().as_bytes());
    let said: Value = serde_json::from_slice(&put.body).expect("JSON");
    assert_eq!((put.status, &said["title"], &said["pages"]), (200, &json!("Joints"), &json!("12")), "{said}");
    assert!(said["since"].as_str().is_some_and(|since| since.ends_with('Z')), "{said}");

    let get = |path: &str| {
        let answer = ask(served.address, "GET", path, &[], &[]);
        (answer.status, serde_json::from_slice::<Value>(&answer.body).unwrap_or_default())
    };
    let (status, said) = get("/v1/shelves/1/books/2?full=true");
    assert_eq!((status, &said["title"]), (200, &json!("Joints")), "{said}");
    assert_eq!(get("/v1/shelves/1/books/3").1["code"], "BOOK_MISSING");
    let (status, said) = get("/v1/shelves/1/books/2?fully=true");
    assert_eq!((status, said["code"].as_str()), (400, Some("parameter_invalid")), "{said}");
    let (status, said) = get("/v1/shelves/1/books/2?full=perhaps");
    assert_eq!(status, 400, "{said}");
    assert_eq!(get("/v1/books/none").0, 404);
    let put = ask(served.address, "POST", "/v1/books", &json, book.to_string().as_bytes());
    assert_eq!(put.status, 409);
    let stream = ask(served.address, "GET", "/v1/books?least=3", &[], &[]);
    assert!(
        String::from_utf8_lossy(&stream.body).starts_with("data: {"),
        "a mock of a stream is one message"
    );

    let program = go_program("grpcurl", "github.com/fullstorydev/grpcurl/cmd/grpcurl@v1.9.3");
    let address = served.address.to_string();
    let asked = must(
        "grpcurl",
        std::process::Command::new(&program).args([
            "-plaintext",
            "-d",
            r#"{"name":"shelves/1/books/2"}"#,
            &address,
            "shelf.v1.ShelfService/GetBook",
        ]),
    );
    assert!(out(&asked).contains("\"title\": \"Joints\""), "{}", out(&asked));

    assert!(
        served.complains("shelf.v1.ShelfService/Shelve takes a stream of messages"),
        "what is not served is said at the start"
    );
    assert!(!served.complains("ShelfService/ListBooks takes"), "a stream that is sent is served");
    let mut raw = Raw::open(served.address).await;
    let grpc = [("content-type", "application/grpc")];
    let said = raw.ask("/shelf.v1.ShelfService/Shelve", &grpc, framed(&[])).await;
    assert_eq!(said.grpc(), Some(12), "a stream of the caller is not taken: {said:?}");
    let said = raw.ask("/shelf.v1.ShelfService/PutBook", &grpc, framed(&[])).await;
    assert!(said.grpc() == Some(3) && said.has_code("BOOK_WRONG"), "{said:?}");
    let said = raw.ask("/shelf.v1.ShelfService/ListBooks", &grpc, framed(&[])).await;
    assert_eq!(said.grpc(), Some(0), "{said:?}");
}
