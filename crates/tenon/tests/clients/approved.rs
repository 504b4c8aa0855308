//! S3-114: where a contract takes approved programs alone, its generated clients are among them.

use std::process::Command;

use crate::drive::{generate, run};
use crate::gateway::{Served, TENANT, contracts, tenon};
use crate::go;

const PYTHON: &str = r#"
import sys

from domed_client import ApiError, CallOptions, Client, models as m

client = Client(sys.argv[1], token=sys.argv[2])
assert client.list_tools(m.ListToolsRequest()).status == 200
try:
    client.list_tools(m.ListToolsRequest(), options=CallOptions(headers={"X-Tenon-Client": "curl/8"}))
    raise SystemExit("a program that is not approved gets through")
except ApiError as refusal:
    assert (refusal.status, refusal.code) == (403, "E_POLICY_DENIED"), refusal
"#;

const GO: &str = r#"package main

import (
	"context"
	"errors"
	"net/http"
	"os"

	"domedclient"
)

func main() {
	ctx, token := context.Background(), domedclient.BearerToken(os.Args[2])
	client, err := domedclient.New(domedclient.Options{BaseURL: os.Args[1], Token: token})
	if err != nil {
		panic(err)
	}
	if _, err := client.ListTools(ctx, domedclient.ListToolsRequest{}); err != nil {
		panic(err)
	}
	other := domedclient.CallOptions{Headers: http.Header{"X-Tenon-Client": {"curl/8"}}}
	_, err = client.ListTools(ctx, domedclient.ListToolsRequest{}, other)
	var refusal *domedclient.APIError
	if !errors.As(err, &refusal) || refusal.Status != 403 || refusal.Code != "E_POLICY_DENIED" {
		panic("a program that is not approved gets through")
	}
}
"#;

/// `domed` with the switch turned.
fn contract(folder: &std::path::Path) -> std::path::PathBuf {
    let path = folder.join("dome");
    run(Command::new("cp").arg("-r").arg(contracts("dome")).arg(&path));
    let file = path.join("contract.yaml");
    let text = std::fs::read_to_string(&file).expect("it is read");
    assert!(text.contains("required: false"));
    std::fs::write(&file, text.replacen("required: false", "required: true", 1)).expect("it is written");
    path
}

#[test]
fn generated_clients_are_approved_by_the_name_the_contract_has() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let contract = contract(folder);
    let served = Served::start(&contract);
    let url = format!("http://{}", served.address);
    let scopes = ["--actor", "client:ci", "--tenant", TENANT, "--scope", "domed.capabilities:read"];
    let token = served.token(&scopes);

    generate("python", &contract, folder);
    std::fs::write(folder.join("main.py"), PYTHON).expect("a file");
    run(Command::new("python3").current_dir(folder).args(["main.py", &url, &token]));

    let module =
        "module driver\n\ngo 1.24\n\nrequire domedclient v0.0.0\n\nreplace domedclient => ./client\n";
    generate("go", &contract, &folder.join("client"));
    std::fs::write(folder.join("go.mod"), module).expect("a file");
    std::fs::write(folder.join("main.go"), GO).expect("a file");
    run(go::go(folder).args(["run", ".", &url, &token]));

    // The thin client of this program is one of them too.
    let listed = tenon().args(["job", "skills", "--url", &url]).env("TENON_TOKEN", &token).output();
    assert!(listed.expect("the program runs").status.success());
}
