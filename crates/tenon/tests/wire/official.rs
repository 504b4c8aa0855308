//! Official clients against a gateway that runs: grpcio, grpc-go, grpcurl. They install themselves;
//! where they cannot, the tests fail.

use std::process::Command;

use crate::support::{Serving, clients, go_program, must, out, pack, python, tools};

/// S1-16…S1-22 and S1-70: seven of seven. S1-73…S1-79, S3-110…S3-112: what each promises. S1-39,
/// S1-79: each refusal has one code of the frozen namespace, its status and its flag.
#[test]
fn grpcio_of_python() {
    let folder = tempfile::tempdir().expect("a folder");
    let served = Serving::start(&pack("dome"), folder.path());
    let (python, generated) = python();
    let output = must(
        "the client of grpcio",
        Command::new(python)
            .arg(clients().join("walk.py"))
            .arg(served.address.to_string())
            .arg(served.token("north"))
            .arg(served.token("south"))
            .arg(served.token_of("client:reader", "north", "domed.jobs:read"))
            .arg(folder.path().join("tenon.runs"))
            .env("PYTHONPATH", generated),
    );
    let said = out(&output);
    assert!(said.contains("7 of 7 required RPCs answered"), "{said}");
    assert!(said.trim_end().ends_with("done"), "{said}");
}

/// S1-70: the same seven with a client of another language.
#[test]
fn grpc_go() {
    let folder = tempfile::tempdir().expect("a folder");
    let served = Serving::start(&pack("dome"), folder.path());
    let (python, _) = python();
    let work = tools("go-client");
    let plugin = go_program("protoc-gen-go", "google.golang.org/protobuf/cmd/protoc-gen-go@v1.36.10");
    let rpc_plugin = go_program("protoc-gen-go-grpc", "google.golang.org/grpc/cmd/protoc-gen-go-grpc@v1.5.1");
    std::fs::create_dir_all(work.join("wire")).expect("a folder");
    must(
        "protoc for Go",
        Command::new(python)
            .args(["-m", "grpc_tools.protoc", "-I"])
            .arg(pack("dome").join("proto"))
            .arg(format!("--plugin=protoc-gen-go={}", plugin.display()))
            .arg(format!("--plugin=protoc-gen-go-grpc={}", rpc_plugin.display()))
            .args(["--go_opt=paths=source_relative", "--go-grpc_opt=paths=source_relative"])
            .args([
                "--go_opt=Mdomed/v1/domed.proto=walk/wire",
                "--go-grpc_opt=Mdomed/v1/domed.proto=walk/wire",
            ])
            .arg(format!("--go_out={}", work.display()))
            .arg(format!("--go-grpc_out={}", work.display()))
            .arg("domed/v1/domed.proto"),
    );
    for (name, place) in [("domed.pb.go", "wire/domed.pb.go"), ("domed_grpc.pb.go", "wire/domed_grpc.pb.go")]
    {
        std::fs::rename(work.join("domed/v1").join(name), work.join(place)).expect("it was generated");
    }
    for name in ["walk.go", "go.mod"] {
        std::fs::copy(clients().join(format!("{name}.txt")), work.join(name)).expect("a source");
    }
    must("go mod tidy", Command::new("go").args(["mod", "tidy"]).current_dir(&work));
    must("go build", Command::new("go").args(["build", "-o", "walk", "."]).current_dir(&work));
    let output = must(
        "the client of grpc-go",
        Command::new(work.join("walk")).arg(served.address.to_string()).arg(served.token("north")),
    );
    assert!(out(&output).contains("7 of 7 required RPCs answered"), "{}", out(&output));
}

/// S1-23, by reflection: the service has its ten methods, and nothing else was found out of a file.
#[test]
fn grpcurl() {
    let folder = tempfile::tempdir().expect("a folder");
    let served = Serving::start(&pack("dome"), folder.path());
    let program = go_program("grpcurl", "github.com/fullstorydev/grpcurl/cmd/grpcurl@v1.9.3");
    let address = served.address.to_string();
    let authorization = format!("authorization: Bearer {}", served.token("north"));
    let ask = |arguments: &[&str]| {
        out(&must(
            "grpcurl",
            Command::new(&program).args(["-plaintext", "-H", &authorization]).args(arguments),
        ))
    };
    let services = ask(&[&address, "list"]);
    let all: Vec<&str> = services.lines().collect();
    assert_eq!(
        all,
        [
            "domed.v1.DomedService",
            "grpc.health.v1.Health",
            "grpc.reflection.v1.ServerReflection",
            "grpc.reflection.v1alpha.ServerReflection",
        ]
    );
    assert_eq!(ask(&[&address, "list", "domed.v1.DomedService"]).lines().count(), 10);
    let described = ask(&[&address, "describe", "domed.v1.StreamJobEventsRequest"]);
    assert!(described.contains("uint64 since_seq = 3;"), "{described}");
    let health = ask(&[&address, "grpc.health.v1.Health/Check"]);
    assert!(health.contains("SERVING"), "{health}");
    let body = r#"{"skill_id":"echo","idempotency_key":"curl-1","task_json":"{\"a\":1}"}"#;
    let made: serde_json::Value =
        serde_json::from_str(&ask(&["-d", body, &address, "domed.v1.DomedService/SkillExecute"]))
            .expect("JSON");
    let job = made["jobId"].as_str().expect("a job");
    let follow = format!(r#"{{"job_id":"{job}","follow":true}}"#);
    let events = ask(&["-d", &follow, &address, "domed.v1.DomedService/StreamJobEvents"]);
    assert!(events.contains("succeeded"), "{events}");
    let refused = Command::new(&program)
        .args(["-plaintext", "-H", &authorization, "-d", r#"{"job_id":"nothing"}"#, &address])
        .arg("domed.v1.DomedService/GetJobStatus")
        .output()
        .expect("grpcurl runs");
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(said.contains("Code: NotFound") && said.contains("\"code\": \"E_NOT_FOUND\""), "{said}");
    // The details of gRPC's own are told by their names, as reflection declares them.
    for told in [
        r#""@type": "type.googleapis.com/google.rpc.ErrorInfo""#,
        r#""reason": "E_NOT_FOUND""#,
        r#""domain": "domed.v1""#,
    ] {
        assert!(said.contains(told), "{told}: {said}");
    }
    for (symbol, field) in [
        ("google.rpc.ErrorInfo", "map<string, string> metadata = 3;"),
        ("google.rpc.RetryInfo", ".google.protobuf.Duration retry_delay = 1;"),
        ("google.rpc.BadRequest", "repeated .google.rpc.BadRequest.FieldViolation field_violations = 1;"),
        ("google.rpc.Status", "repeated .google.protobuf.Any details = 3;"),
    ] {
        let described = ask(&[&address, "describe", symbol]);
        assert!(described.contains(field), "{symbol}: {described}");
    }
}
