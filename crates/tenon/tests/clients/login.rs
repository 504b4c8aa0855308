//! Clients of service contracts sign in by themselves: the token is where `responseTokenPath` says.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::drive::{generate, run};
use crate::gateway::contracts;
use crate::{go, python, rust, typescript};

/// A server that gives tokens at `.tokens.access` and tells which one a call had. It ends with the program.
fn serve() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || answer(stream));
        }
    });
    format!("http://{address}")
}

fn answer(stream: TcpStream) {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).expect("a line");
    let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
    let (mut length, mut token) = (0, String::new());
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).expect("a header");
        let (name, value) = header.split_once(':').unwrap_or_default();
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.trim().parse().expect("a number"),
            "authorization" => value.trim().clone_into(&mut token),
            _ => {}
        }
        if header.trim().is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).expect("all of it");
    let body: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let (status, said) = match path.as_str() {
        "/api/auth/login" if body == json!({ "email": "e", "password": "p" }) => {
            (200, json!({ "tokens": { "access": "first", "refresh": "again" } }))
        }
        "/api/auth/login" => (401, json!({ "error": "Invalid credentials" })),
        "/api/auth/refresh" if body["refreshToken"] == "again" => {
            (200, json!({ "tokens": { "access": "second" } }))
        }
        "/api/auth/refresh" => (200, json!({ "accessToken": "where nobody looks" })),
        _ => (200, json!({ "token": token, "body": body })),
    };
    let text = said.to_string();
    let head = format!("HTTP/1.1 {status} x\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", text.len());
    let _ = reader.get_mut().write_all(format!("{head}{text}").as_bytes());
}

/// `foundry`, whose tokens stand at `.tokens.access`.
fn contract(folder: &Path) -> PathBuf {
    let text = std::fs::read_to_string(contracts("foundry").join("docs/service-contracts.json"));
    let mut document: Value = serde_json::from_str(&text.expect("it is read")).expect("it is JSON");
    for endpoint in document["endpoints"].as_array_mut().expect("endpoints") {
        if endpoint["responseTokenPath"].is_string() {
            endpoint["responseTokenPath"] = ".tokens.access".into();
        }
    }
    let path = folder.join("service-contracts.json");
    std::fs::write(&path, document.to_string()).expect("it is written");
    path
}

/// Written by no hand but this: no line of it looks for a token.
const TYPESCRIPT: &str = r#"
import assert from "node:assert/strict";
import { ApiError, Client, DecodeError } from "./client/src/index.js";

const client = new Client({ baseUrl: process.argv[2] ?? "", token: "none yet" });
const token = async () => ((await client.listUsers()).data as { token: string }).token;
assert.equal(await token(), "Bearer none yet");
await assert.rejects(client.login({ email: "e", password: "wrong" }), ApiError);
assert.equal(await token(), "Bearer none yet");
const reply = await client.login({ email: "e", password: "p" });
assert.equal(await token(), "Bearer first");
const { tokens } = reply.data as { tokens: { refresh: string } };
await client.refreshToken({ refreshToken: tokens.refresh });
assert.equal(await token(), "Bearer second");
await assert.rejects(client.refreshToken({ refreshToken: "other" }), (error: unknown) =>
  error instanceof DecodeError && error.message === "refreshToken: the answer has no token at .tokens.access");
assert.equal(await token(), "Bearer second");
const invited = await client.inviteUser({ email: "a@example.com", role: "admin" });
assert.deepEqual(invited.data, { token: "Bearer second", body: { email: "a@example.com", role: "admin" } });
"#;

const PYTHON: &str = r#"
import sys
from typing import Any

from api_client import ApiError, Client, DecodeError, models as m

client = Client(sys.argv[1], token="none yet")


def token() -> Any:
    return client.list_users().raw["token"]


assert token() == "Bearer none yet"
try:
    client.login({"email": "e", "password": "wrong"})
    raise SystemExit("a wrong password passes")
except ApiError as refusal:
    assert refusal.status == 401
assert token() == "Bearer none yet"
reply = client.login({"email": "e", "password": "p"})
assert token() == "Bearer first"
client.refresh_token({"refreshToken": reply.raw["tokens"]["refresh"]})
assert token() == "Bearer second"
try:
    client.refresh_token({"refreshToken": "other"})
    raise SystemExit("an answer without a token passes")
except DecodeError as error:
    assert str(error) == "refreshToken: the answer has no token at .tokens.access", error
assert token() == "Bearer second"
invited = client.invite_user(m.InviteUserBody(email="a@example.com", role="admin"))
assert invited.raw == {"token": "Bearer second", "body": {"email": "a@example.com", "role": "admin"}}, invited.raw
"#;

const GO: &str = r#"package main

import (
	"context"
	"errors"
	"os"

	"apiclient"
)

var client *apiclient.Client

func must(holds bool, said string) {
	if !holds {
		panic(said)
	}
}

func token() string {
	reply, err := client.ListUsers(context.Background())
	must(err == nil, "users are listed")
	return reply.Data.(map[string]any)["token"].(string)
}

func main() {
	ctx := context.Background()
	made, err := apiclient.New(apiclient.Options{BaseURL: os.Args[1], Token: apiclient.BearerToken("none yet")})
	must(err == nil, "a client")
	client = made
	must(token() == "Bearer none yet", "the token of the options")
	_, err = client.Login(ctx, map[string]any{"email": "e", "password": "wrong"})
	var refused *apiclient.APIError
	must(errors.As(err, &refused) && refused.Status == 401, "a wrong password is refused")
	must(token() == "Bearer none yet", "a refusal changes nothing")
	reply, err := client.Login(ctx, map[string]any{"email": "e", "password": "p"})
	must(err == nil && token() == "Bearer first", "the token of the answer")
	refresh := reply.Data.(map[string]any)["tokens"].(map[string]any)["refresh"]
	_, err = client.RefreshToken(ctx, map[string]any{"refreshToken": refresh})
	must(err == nil && token() == "Bearer second", "the token of the second answer")
	_, err = client.RefreshToken(ctx, map[string]any{"refreshToken": "other"})
	var odd *apiclient.DecodeError
	must(errors.As(err, &odd) && odd.Error() == "refreshToken: the answer has no token at .tokens.access", "no token")
	must(token() == "Bearer second", "an answer without one changes nothing")
	role := apiclient.InviteUserBodyRoleAdmin
	invited, err := client.InviteUser(ctx, apiclient.InviteUserBody{Email: "a@example.com", Role: role})
	must(err == nil && invited.Data.(map[string]any)["token"] == "Bearer second", "a call with a body")
}
"#;

const RUST: &str = r#"use api_client::{models as m, CallOptions, Client, ClientOptions, Error};
use serde_json::json;

fn token(client: &Client) -> String {
    let reply = client.list_users(&CallOptions::default()).expect("users are listed");
    reply.data["token"].as_str().expect("a token").to_owned()
}

fn main() {
    let base = std::env::args().nth(1).expect("an address");
    let client = Client::new(ClientOptions::new(base).with_token("none yet")).expect("a client");
    let usual = CallOptions::default();
    assert_eq!(token(&client), "Bearer none yet");
    let refused = client.login(&json!({ "email": "e", "password": "wrong" }), &usual).unwrap_err();
    assert_eq!(refused.refusal().map(|refusal| refusal.status), Some(401));
    assert_eq!(token(&client), "Bearer none yet");
    let reply = client.login(&json!({ "email": "e", "password": "p" }), &usual).expect("a token");
    assert_eq!(token(&client), "Bearer first");
    let refresh = &reply.data["tokens"]["refresh"];
    client.refresh_token(&json!({ "refreshToken": refresh }), &usual).expect("another token");
    assert_eq!(token(&client), "Bearer second");
    let odd = client.refresh_token(&json!({ "refreshToken": "other" }), &usual).unwrap_err();
    let said = "refreshToken: the answer has no token at .tokens.access";
    assert!(matches!(&odd, Error::Decode(message) if message == said), "{odd}");
    assert_eq!(token(&client), "Bearer second");
    let body = m::InviteUserBody::new("a@example.com".to_owned(), m::InviteUserBodyRole::Admin);
    let invited = client.invite_user(&body, &usual).expect("an invitation");
    assert_eq!(invited.data["token"], "Bearer second");
}
"#;

/// S4-248: against a server that has its tokens at `.tokens.access`.
#[test]
fn clients_sign_in_in_typescript() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    typescript::install(folder);
    run(Command::new("npm").current_dir(folder).args([
        "install",
        "--no-audit",
        "--no-fund",
        "@types/node@20",
    ]));
    generate("typescript", &contract(folder), &folder.join("client"));
    typescript::compile(folder, "client");
    std::fs::write(folder.join("main.ts"), TYPESCRIPT).expect("a file");
    let options =
        ["--strict", "--target", "ES2022", "--module", "NodeNext", "--moduleResolution", "NodeNext"];
    let program = "node_modules/typescript/bin/tsc";
    run(Command::new("node").current_dir(folder).arg(program).args(options).arg("main.ts"));
    run(Command::new("node").current_dir(folder).args(["main.js", &serve()]));
}

/// S4-248, likewise.
#[test]
fn clients_sign_in_in_python() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    python::install(folder);
    generate("python", &contract(folder), folder);
    std::fs::write(folder.join("main.py"), PYTHON).expect("a file");
    let checker = folder.join("tools/bin/mypy");
    run(Command::new(checker).current_dir(folder).args([
        "--strict",
        "--python-version",
        "3.9",
        "api_client",
        "main.py",
    ]));
    run(Command::new("python3").current_dir(folder).args(["main.py", &serve()]));
}

/// S4-248, likewise.
#[test]
fn clients_sign_in_in_go() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    generate("go", &contract(folder), &folder.join("client"));
    go::vet(&folder.join("client"));
    let module = "module driver\n\ngo 1.24\n\nrequire apiclient v0.0.0\n\nreplace apiclient => ./client\n";
    std::fs::write(folder.join("go.mod"), module).expect("a file");
    std::fs::write(folder.join("main.go"), GO).expect("a file");
    go::vet(folder);
    run(go::go(folder).args(["run", ".", &serve()]));
}

/// S4-248, likewise.
#[test]
fn clients_sign_in_in_rust() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    generate("rust", &contract(folder), &folder.join("client"));
    let manifest = "[package]\nname = \"signs-in\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\n\
                    [[bin]]\nname = \"signs-in\"\npath = \"main.rs\"\n\n[dependencies]\n\
                    api-client = { path = \"client\", default-features = false }\nserde_json = \"1\"\n\n\
                    [profile.dev]\ndebug = false\n\n[workspace]\nexclude = [\"client\"]\n";
    std::fs::write(folder.join("Cargo.toml"), manifest).expect("a file");
    std::fs::write(folder.join("main.rs"), RUST).expect("a file");
    run(rust::cargo(folder).args(["run", "--quiet", "--", &serve()]));
}
