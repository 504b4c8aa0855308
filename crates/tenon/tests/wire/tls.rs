//! gRPC over TLS: official clients that trust the certificate, and nobody else.

use std::process::Command;

use crate::support::{Serving, go_program, must, out, pack, python};

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

#[test]
fn grpc_is_spoken_over_tls() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (certificate, key) = (path("cert.pem"), path("key.pem"));
    must(
        "openssl",
        Command::new("openssl")
            .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"])
            .args([
                "-days",
                "2",
                "-subj",
                "/CN=localhost",
                "-addext",
                "subjectAltName=DNS:localhost,IP:127.0.0.1",
            ])
            .args(["-keyout", &key, "-out", &certificate]),
    );
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
