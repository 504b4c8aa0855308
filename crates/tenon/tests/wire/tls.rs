//! gRPC over TLS: official clients that trust the certificate, and nobody else.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::Command;

use crate::support::{Serving, err, go_program, must, out, pack, python, tenon};

/// Lists what is there over a channel of TLS, as a page of the documentation would.
const LIST: &str = r#"
import sys, grpc
from domed.v1 import domed_pb2, domed_pb2_grpc
roots = open(sys.argv[2], "rb").read()
channel = grpc.secure_channel(sys.argv[1], grpc.ssl_channel_credentials(roots))
stub = domed_pb2_grpc.DomedServiceStub(channel)
said = stub.ListTools(domed_pb2.ListToolsRequest(), metadata=[("authorization", "Bearer " + sys.argv[3])], timeout=20)
print(sorted(tool.tool_id for tool in said.tools))
"#;

/// A certificate for this machine that nobody else has signed, and its key.
fn certified(folder: &Path) -> (String, String) {
    let path = |name: &str| folder.join(name).display().to_string();
    let (certificate, key) = (path("cert.pem"), path("key.pem"));
    let names = "subjectAltName=DNS:localhost,IP:127.0.0.1";
    must(
        "openssl",
        Command::new("openssl")
            .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"])
            .args(["-days", "2", "-subj", "/CN=localhost", "-addext", names])
            .args(["-addext", "basicConstraints=critical,CA:FALSE", "-keyout", &key, "-out", &certificate]),
    );
    (certificate, key)
}

#[test]
fn grpc_is_spoken_over_tls() {
    let folder = tempfile::tempdir().expect("a folder");
    let (certificate, key) = certified(folder.path());
    let arguments = ["--tls-cert", &certificate, "--tls-key", &key];
    let served = Serving::with(&pack("dome"), folder.path(), &arguments);
    let token = served.token("north");
    let address = served.address.to_string();

    // Both sides must name h2: that is how gRPC finds HTTP/2 behind TLS.
    let shaken = must(
        "openssl s_client",
        Command::new("openssl")
            .args(["s_client", "-alpn", "h2,http/1.1", "-CAfile", &certificate, "-connect", &address])
            .stdin(std::process::Stdio::null()),
    );
    let said = out(&shaken);
    assert!(said.contains("ALPN protocol: h2") && said.contains("Verify return code: 0 (ok)"), "{said}");

    let program = go_program("grpcurl", "github.com/fullstorydev/grpcurl/cmd/grpcurl@v1.9.3");
    let authorization = format!("authorization: Bearer {token}");
    let ask = |arguments: &[&str]| {
        let mut command = Command::new(&program);
        command.args(arguments).args(["-H", &authorization, &address, "domed.v1.DomedService/ListTools"]);
        command
    };
    let listed = must("grpcurl over TLS", &mut ask(&["-cacert", &certificate]));
    assert!(out(&listed).contains("text.count"), "{}", out(&listed));
    for arguments in [&["-connect-timeout", "5"][..], &["-plaintext", "-connect-timeout", "5"]] {
        let refused = ask(arguments).output().expect("grpcurl runs");
        assert!(!refused.status.success(), "{arguments:?}: whoever does not check must not be answered");
    }

    let (python, generated) = python();
    let listed = must(
        "grpcio over TLS",
        Command::new(python)
            .args(["-c", LIST])
            .arg(format!("localhost:{}", served.address.port()))
            .args([&certificate, &token])
            .env("PYTHONPATH", generated),
    );
    assert!(out(&listed).contains("'text.count'"), "{}", out(&listed));
}

/// What is answered, whole.
fn got(address: SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("it listens");
    let head = format!("GET {path} HTTP/1.1\r\nhost: here\r\nconnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).expect("it takes a request");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it answers");
    answer
}

/// A proxy before the server of the test, in a contract of its own.
const BEFORE: &str = "\
tenon: contract/v1
name: before
version: 1.0.0
owner: before
defaults: {tenancy: none}
operations:
  state.get:
    http: GET /health
    auth: public
    handler: {proxy: \"{UPSTREAM}\"}
";

/// Servers of a company have certificates of its own authority: `SSL_CERT_FILE` names it, for every
/// command and for the gateway behind its proxies.
#[test]
fn an_authority_that_is_named_is_trusted() {
    let folder = tempfile::tempdir().expect("a folder");
    let (certificate, key) = certified(folder.path());
    let served =
        Serving::with(&pack("dome"), folder.path(), &["--tls-cert", &certificate, "--tls-key", &key]);
    let url = format!("https://localhost:{}", served.address.port());
    let (client, operator) = (served.token("north"), served.token_of("user:op", "north", "tenon:operator"));
    let asked = |arguments: &[&str], authorities: &str| {
        let token = if arguments.contains(&"job") { &client } else { &operator };
        let mut command = tenon();
        command.args(arguments).args(["--url", &url]).current_dir(folder.path());
        command.env("TENON_TOKEN", token).env("SSL_CERT_FILE", authorities);
        command.output().expect("the program runs")
    };
    for arguments in [&["job", "skills"][..], &["audit", "verify"]] {
        let trusted = asked(arguments, &certificate);
        assert_eq!(trusted.status.code(), Some(0), "{arguments:?} {}", err(&trusted));
        let refused = asked(arguments, "");
        assert!(!refused.status.success() && err(&refused).contains("certificate"), "{}", err(&refused));
    }
    // A file that is not there is told, and not passed over.
    let missing = asked(&["audit", "verify"], "missing.pem");
    assert_eq!(missing.status.code(), Some(2), "{}", err(&missing));
    assert!(err(&missing).contains("missing.pem"), "{}", err(&missing));

    let contract = folder.path().join("before.yaml");
    std::fs::write(&contract, BEFORE.replace("{UPSTREAM}", &format!("{url}/_tenon"))).expect("a contract");
    for (authorities, status) in [(certificate.as_str(), "200"), ("", "502")] {
        let store = tempfile::tempdir().expect("a folder");
        let mut command = tenon();
        command.env("SSL_CERT_FILE", authorities);
        let before = Serving::run(&mut command, &contract, store.path(), &["--listen", "127.0.0.1:0"])
            .unwrap_or_else(|said| panic!("it does not start: {said}"));
        let answer = got(before.address, "/health");
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "authorities `{authorities}`: {answer}");
        assert!(status == "200" || before.complains("certificate"), "why is in the log");
    }
    let (store, mut command) = (tempfile::tempdir().expect("a folder"), tenon());
    command.env("SSL_CERT_FILE", "missing.pem");
    let started = Serving::run(&mut command, &contract, store.path(), &["--listen", "127.0.0.1:0"]);
    let said = started.err().expect("it must not start");
    assert!(said.contains("missing.pem"), "{said}");
}
