//! `tenon gen routes`: the tree passes the gates of the contract it is written from, compiles, and its
//! guards refuse what they should. `npm` installs what the tree imports.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use super::{files, root, stderr, stdout, tenon, tenon_in};

/// What the tree imports, and what compiles it.
const PACKAGES: [&str; 9] = [
    "ajv@8",
    "express@5",
    "jsonwebtoken@9",
    "multer@2",
    "typescript@5.9.3",
    "@types/express@5",
    "@types/jsonwebtoken@9",
    "@types/multer@2",
    "@types/node@20",
];

/// Writes the tree of a contract into a folder.
fn write(folder: &Path, contract: &Value) -> String {
    fs::create_dir_all(folder.join("docs")).expect("a folder");
    fs::write(folder.join("docs/service-contracts.json"), contract.to_string()).expect("it is written");
    let output = tenon_in(folder, &["gen", "routes", "docs/service-contracts.json", "--output", "."]);
    assert!(output.status.success(), "{}", stderr(&output));
    stderr(&output)
}

fn foundry() -> Value {
    let path = root().join("contracts/foundry/docs/service-contracts.json");
    serde_json::from_slice(&fs::read(path).expect("it is read")).expect("it is JSON")
}

/// `foundry` with the tree that is written for it, and nothing of its own.
fn tree() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    super::copy_into(&root().join("contracts/foundry/docs"), &folder.path().join("docs"));
    let output =
        tenon(&["gen", "routes", "contracts/foundry", "-o", folder.path().to_str().expect("a path")]);
    assert!(output.status.success(), "{}", stderr(&output));
    let path = folder.path().to_path_buf();
    (folder, path)
}

/// The endpoints of a status.
fn endpoints<'v>(contract: &'v Value, status: &'v str) -> impl Iterator<Item = &'v Value> {
    let all = contract["endpoints"].as_array().expect("endpoints");
    all.iter().filter(move |endpoint| endpoint["status"] == status)
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

fn gates(folder: &Path) -> (Option<i32>, String) {
    let output = tenon_in(folder, &["gate", "all", "--contract", "docs/service-contracts.json"]);
    (output.status.code(), stdout(&output))
}

/// S4-201: the gates pass on what is written, and did not before; scans and rules find nothing either.
/// S4-200: each `routeFile` and `serviceFile` is there, none else, and deferred endpoints have none.
#[test]
fn routes_of_foundry_pass_its_gates() {
    let (_folder, path) = tree();
    let (code, said) = gates(&path);
    assert_eq!(code, Some(0), "{said}");
    let scans = tenon_in(&path, &["check", ".", "--format", "scans"]);
    assert!(scans.status.success(), "{}{}", stdout(&scans), stderr(&scans));

    let contract = foundry();
    let written: BTreeSet<String> = files(&path.join("server"))
        .into_keys()
        .filter(|name| name.starts_with("routes/") || name.starts_with("services/"))
        .map(|name| format!("server/{name}"))
        .collect();
    let wanted: BTreeSet<String> = endpoints(&contract, "required")
        .flat_map(|one| [&one["routeFile"], &one["serviceContract"]["serviceFile"]])
        .map(|name| text(name).to_owned())
        .collect();
    assert_eq!(written, wanted);
    for (name, bytes) in files(&path.join("server")) {
        assert!(!String::from_utf8_lossy(&bytes).contains("ebhook"), "{name} has a deferred endpoint");
    }

    fs::remove_file(path.join("server/services/drawings.service.ts")).expect("it was there");
    let (code, said) = gates(&path);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("serviceFile missing: server/services/drawings.service.ts"), "{said}");
}

/// The routes of a file: method and path, with the names of the middleware and the call.
fn routes(text: &str) -> BTreeMap<(String, String), (Vec<String>, String)> {
    let mut out = BTreeMap::new();
    for block in text.split("\nrouter.").skip(1) {
        let (method, rest) = block.split_once('(').expect("a call");
        let mut lines = rest.lines().map(str::trim).skip(1);
        let path = lines.next().expect("a path").trim_matches([',', '\'']).to_owned();
        let guards = lines.by_ref().take_while(|line| !line.starts_with("async "));
        let name = |line: &str| {
            let end = line.find(|letter: char| !letter.is_alphanumeric()).unwrap_or(line.len());
            line.get(..end).unwrap_or_default().to_owned()
        };
        let guards: Vec<String> = guards.map(name).collect();
        let call = lines.next().expect("a call").to_owned();
        out.insert((method.to_ascii_uppercase(), path), (guards, call));
    }
    out
}

/// S4-200: middleware stands in the order of the contract, and the service gets `routeArgs` in theirs.
#[test]
fn routes_have_middleware_in_its_order() {
    let (_folder, path) = tree();
    let contract = foundry();
    let mut count = 0;
    for endpoint in endpoints(&contract, "required") {
        let file = fs::read_to_string(path.join(text(&endpoint["routeFile"]))).expect("it is there");
        let key = (text(&endpoint["method"]).to_owned(), text(&endpoint["path"]).to_owned());
        let (guards, call) = routes(&file).remove(&key).unwrap_or_else(|| panic!("{key:?}"));
        assert_eq!(json!(guards), endpoint["middleware"], "{key:?}");
        let service = &endpoint["serviceContract"];
        let arguments: Vec<&str> =
            service["routeArgs"].as_array().expect("arguments").iter().map(text).collect();
        let wanted = format!("res.json(await {}({}));", text(&service["methodName"]), arguments.join(", "));
        assert_eq!(call, wanted, "{key:?}");
        count += 1;
    }
    assert_eq!(count, 27);
    let services = fs::read_to_string(path.join("server/services/projects.service.ts")).expect("it is there");
    let wanted = "export async function createProject(organisationId: unknown, userId: unknown, name: unknown, \
                  alloyId?: unknown): Promise<unknown> {\n  throw new Error('not implemented: createProject');";
    assert!(services.contains(wanted), "{services}");
}

/// An endpoint of a contract that is made here.
fn endpoint(method: &str, path: &str, middleware: &[&str], call: (&str, &[&str]), more: Value) -> Value {
    let (signature, arguments) = call;
    let name = signature.split('(').next().unwrap_or_default();
    let mut out = json!({
        "path": path, "method": method, "status": "required", "routeFile": "server/routes/all.routes.ts",
        "middleware": middleware, "authentication": "required",
        "serviceContract": {
            "serviceFile": "server/services/all.service.ts", "methodName": name, "signature": signature,
            "routeArgs": arguments, "purpose": name, "authRequired": true, "rbac": null, "fileUpload": false,
        },
    });
    for (key, value) in more.as_object().expect("an object") {
        let into = if matches!(key.as_str(), "rbac" | "bodySchema" | "serviceFile") {
            &mut out["serviceContract"]
        } else {
            &mut out
        };
        into[key] = value.clone();
    }
    out
}

/// A contract with the tenant in its paths, and an endpoint for each kind of guard.
fn contract() -> Value {
    let own = ["authenticate", "validateOrganisationAccess"];
    let change = ["authenticate", "requireRole", "validateOrganisationAccess", "validateBody"];
    let pits = "/api/organisations/:organisationId/pits";
    let pit = "/api/organisations/:organisationId/pits/:pitId";
    let schema = json!({
        "type": "object", "required": ["name"],
        "properties": { "name": { "type": "string" }, "depth": { "type": "number", "minimum": 1 } },
    });
    let organisation = "req.params.organisationId";
    json!({ "$schema": "service-contracts-v2", "routeConvention": "orgInPath", "endpoints": [
        endpoint("GET", pits, &own, ("listPits(organisationId, page?)", &[organisation, "req.query.page"]), json!({})),
        endpoint("POST", pits, &change,
            ("createPit(organisationId, name, depth?)", &[organisation, "req.body.name", "req.body.depth"]),
            json!({ "rbac": "admin", "bodySchema": schema })),
        endpoint("PATCH", pit, &change,
            ("updatePit(pitId, name, depth?)", &["req.params.pitId", "req.body.name", "req.body.depth"]),
            json!({ "rbac": "admin" })),
        endpoint("GET", pit, &["authenticate", "validateOrganisationAccess", "validatePitAccess"],
            ("getPit(pitId)", &["req.params.pitId"]), json!({})),
        endpoint("GET", "/api/misplaced", &own, ("misplaced(organisationId)", &["req.user.organisationId"]), json!({})),
        endpoint("GET", "/health", &[], ("getHealth()", &[]), json!({ "authentication": "public" })),
        endpoint("GET", "/api/docs", &["authenticate"], ("getDocs(userId)", &["req.user.id"]),
            json!({ "authentication": "optional" })),
        endpoint("POST", "/api/organisations/:organisationId/maps/upload",
            &["authenticate", "validateOrganisationAccess", "multerUpload", "validateBody"],
            ("uploadMap(file, title)", &["req.file", "req.body.title"]),
            json!({ "maxSizeMb": 1, "allowedMimeTypes": ["text/csv", "application/json"] })),
        endpoint("POST", "/api/auth/login", &["rateLimit", "validateBody"], ("login(email)", &["req.body.email"]),
            json!({ "authentication": "public", "rateLimits": { "requests": 2, "windowMinutes": 60 } })),
        endpoint("GET", "/api/unwritten", &[], ("unwritten({ id }: Query = {}, ...rest: string[])",
            &["req.query", "req.query.a"]),
            json!({ "authentication": "public", "serviceFile": "server/services/unwritten.service.ts" })),
    ]})
}

fn run(command: &mut Command) -> String {
    let output = command.output().expect("it starts");
    assert!(output.status.success(), "{command:?}\n{}\n{}", stdout(&output), stderr(&output));
    stdout(&output)
}

/// Compiles a tree in the strict mode of the compiler.
fn compile(folder: &Path) {
    let options =
        ["--strict", "--target", "ES2022", "--module", "NodeNext", "--moduleResolution", "NodeNext"];
    let places = ["--rootDir", ".", "--outDir", "dist", "server/app.ts"];
    let program = "node_modules/typescript/bin/tsc";
    run(Command::new("node").current_dir(folder).arg(program).args(options).args(places));
}

/// S4-134, S4-220, S4-225, S4-226, S4-259: compiled and run, the guards refuse what they should, in the
/// order of the contract; `drive.mjs` has the calls.
#[test]
fn routes_run_and_their_guards_refuse() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let notes = write(folder, &contract());
    assert!(
        notes.contains("`validateOrganisationAccess` compares `organisationId`, which is not in the path")
    );
    let tenant = fs::read_to_string(folder.join("server/middleware/tenant.ts")).expect("it is there");
    assert!(tenant.contains("req.params.organisationId === req.user.organisationId"), "{tenant}");
    let upload = fs::read_to_string(folder.join("server/middleware/upload.ts")).expect("it is there");
    assert!(upload.contains("endpoint.maxSizeMb * 1024 * 1024"), "{upload}");

    fs::write(folder.join("package.json"), "{\"private\": true, \"type\": \"module\"}").expect("a file");
    run(Command::new("npm").current_dir(folder).args(["install", "--no-audit", "--no-fund"]).args(PACKAGES));
    // The stubs compile as they are; what is called is then written in their place.
    compile(folder);
    let here = root().join("crates/tenon/tests/gen/routes");
    fs::copy(here.join("services.ts"), folder.join("server/services/all.service.ts")).expect("a copy");
    fs::copy(here.join("drive.mjs"), folder.join("drive.mjs")).expect("a copy");
    compile(folder);
    run(Command::new("node").current_dir(folder).arg("drive.mjs"));

    // The tree of the pack compiles too.
    fs::remove_dir_all(folder.join("server")).expect("it was there");
    super::copy_into(&tree().1.join("server"), &folder.join("server"));
    compile(folder);
}

/// S4-220, S4-221: a limiter without figures has those that are advised.
/// Nothing in a contract becomes code that it does not say: such an endpoint is left out with a note.
#[test]
fn routes_take_nothing_unread() {
    let folder = tempfile::tempdir().expect("a folder");
    let bad: [(&str, Value); 7] = [
        ("`routeFile` is no TypeScript file below the output", json!({ "routeFile": "../../evil.ts" })),
        ("`serviceFile` is no TypeScript file below the output", json!({ "serviceFile": "app/evil.py" })),
        (
            "`routeFile` and `serviceFile` are one file",
            json!({ "serviceFile": "server/routes/all.routes.ts" }),
        ),
        ("its path is none that Express could serve", json!({ "path": "/a', x => process.exit(1))//" })),
        ("`evil; a` in `middleware` is no name", json!({ "middleware": ["evil; a"] })),
        ("it takes a file, but has no `maxSizeMb`", json!({ "middleware": ["multerUpload"] })),
        ("it has no `middleware`", json!({ "middleware": null })),
    ];
    let call = ("get(id)", &["req.params.id"] as &[&str]);
    let mut all: Vec<Value> =
        bad.iter().map(|(_, more)| endpoint("GET", "/a/:id", &[], call, more.clone())).collect();
    all.push(endpoint("GET", "/b/:id", &[], ("get(id)", &["req.params.id); process.exit(1"]), json!({})));
    all.push(endpoint("GET", "/c", &["rateLimit"], ("c()", &[]), json!({})));
    all.push(endpoint("GET", "/d", &["rateLimit"], ("d()", &[]), json!({ "authentication": "public" })));
    let notes = write(folder.path(), &json!({ "$schema": "service-contracts-v2", "endpoints": all }));
    let said = bad.iter().map(|(note, _)| *note).chain(["in `routeArgs` is not one expression"]);
    for note in said {
        assert!(notes.contains(note), "{note}: {notes}");
    }
    let text = fs::read_to_string(folder.path().join("server/routes/all.routes.ts")).expect("it is there");
    assert!(!text.contains("process.exit") && !text.contains("'/a"), "{text}");
    assert!(text.contains("rateLimit({ requests: 10, windowMinutes: 60 })"), "{text}");
    assert!(text.contains("rateLimit({ requests: 5, windowMinutes: 60 })"), "{text}");

    let none = tenon(&["gen", "routes", "contracts/swap", "--output", "out"]);
    assert_eq!(none.status.code(), Some(2));
    assert!(stderr(&none).contains("no required endpoint of service contracts"), "{}", stderr(&none));
}

/// The same contract gives the same bytes.
#[test]
fn routes_are_the_same_each_time() {
    let ((_one, first), (_two, second)) = (tree(), tree());
    assert_eq!(files(&first), files(&second));
}
