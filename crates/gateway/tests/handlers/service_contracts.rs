//! Service contracts as they are served: guards, bodies, tenants and files of their endpoints.

use std::sync::Arc;

use serde_json::{Value, json};
use tenon_gateway::uploads::Uploads;
use tenon_gateway::{Plan, SystemEntropy};
use tenon_storage::engines::Memory;
use tenon_testkit::graph_of;

use crate::support::{Answer, Site, files, pack};

/// A user of an organisation, as a token tells it.
fn user(role: &str) -> Value {
    json!({"sub": "u-1", "actor_type": "user", "tenant_id": "org-1", "roles": [role]})
}

/// The pack, with a folder for its uploads.
fn foundry() -> (Site, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("uploads");
    let site = Site::with(&pack("foundry"), Arc::new(Memory::new()), Arc::new(SystemEntropy), |gateway| {
        let uploads = Uploads::open(path, gateway.store()).expect("a folder");
        gateway.with_uploads(uploads)
    });
    (site, folder)
}

/// One endpoint of a document of its own.
fn endpoint(path: &str, method: &str, outer: &Value, inner: &Value) -> String {
    let mut endpoint = json!({
        "path": path, "method": method, "status": "required", "middleware": ["authenticate"],
        "authentication": "required",
        "serviceContract": {
            "methodName": "act", "signature": "act(organisationId)", "routeArgs": ["req.user.organisationId"],
            "purpose": "act", "authRequired": true, "rbac": null, "fileUpload": false,
        },
    });
    let merge = |into: &mut Value, from: &Value| {
        for (name, value) in from.as_object().into_iter().flatten() {
            into[name] = value.clone();
        }
    };
    merge(&mut endpoint, outer);
    merge(&mut endpoint["serviceContract"], inner);
    json!({"$schema": "service-contracts-v2", "endpoints": [endpoint]}).to_string()
}

fn serving(document: &str) -> Site {
    Site::new(&files(&[("service-contracts.json", document)]))
}

#[track_caller]
fn says(answer: &Answer, status: u16, body: &Value) {
    assert_eq!((answer.status.as_u16(), &answer.json()), (status, body));
}

/// S4-235, S4-236, S4-237, S4-243, S4-250, S4-251, S4-252.
#[tokio::test]
async fn each_kind_of_authentication_is_what_the_standard_says() {
    let kinds = [
        (json!({"authentication": "required"}), json!({"authRequired": true})),
        (json!({"authentication": "public"}), json!({"authRequired": false})),
        (json!({"authentication": "optional"}), json!({"authRequired": false})),
        (json!({"authentication": null}), json!({})),
    ];
    let (missing, bad) = (json!({"error": "Authentication required"}), json!({"error": "Invalid token"}));
    for (outer, inner) in kinds {
        let site = serving(&endpoint("/api/things", "GET", &outer, &inner));
        let ask = || site.ask("GET", "/api/things");
        let none = ask().empty().await;
        let garbage = ask().header("authorization", "Bearer garbage").empty().await;
        let good = ask().by(user("member")).empty().await;
        match outer["authentication"].as_str() {
            Some("public") => assert_eq!((none.status.as_u16(), garbage.status.as_u16()), (200, 200)),
            Some("optional") => {
                assert_eq!(none.status, 200);
                says(&garbage, 401, &bad);
            }
            // Where nothing is said, a token is needed.
            _ => {
                says(&none, 401, &missing);
                says(&garbage, 401, &bad);
            }
        }
        assert_eq!(good.status, 200, "{outer}");
    }
}

/// S4-126, S4-253, S4-254, S4-259: guards refuse in the order of the array, bodies are held to
/// their schema, and what takes none does not look at one.
#[tokio::test]
async fn roles_and_bodies_are_held_to_in_the_order_of_the_middleware() {
    let (site, _folder) = foundry();
    let ask = || site.ask("POST", "/api/users");
    let wrong = json!({"email": "a@example.com", "role": "boss"});
    let good = json!({"email": "a@example.com", "role": "founder"});
    // All three guards of `authenticate`, `requireRole`, `validateBody` would refuse the first.
    assert_eq!(ask().json(&wrong).await.status, 401);
    assert_eq!(ask().by(user("member")).json(&wrong).await.status, 403);
    let refused = ask().by(user("admin")).json(&wrong).await;
    assert_eq!(refused.status, 400);
    let body = refused.json();
    assert!(body["error"].is_string() && body["details"].is_object(), "{body}");
    assert_eq!(body["details"]["errors"][0]["field"], "role", "{body}");
    for body in ["", "{", "[]", "{}"] {
        let answer = ask().by(user("admin")).header("content-type", "application/json").raw(body).await;
        assert_eq!(answer.status, 400, "{body}");
    }
    assert_eq!(ask().by(user("admin")).json(&good).await.status, 200);
    let ignored = site.ask("POST", "/api/projects/p-1/start").by(user("member")).json(&json!({"x": 1})).await;
    assert_eq!(ignored.status, 200, "a body nobody takes is ignored");
}

/// S4-111, S4-134: the tenant of the path is the tenant of the token.
#[tokio::test]
async fn the_tenant_of_the_path_is_that_of_the_token() {
    for name in ["organisationId", "orgId", "tenantId"] {
        let path = format!("/api/organisations/:{name}/notes");
        let site = serving(&endpoint(&path, "GET", &json!({}), &json!({})));
        let ask =
            |tenant: &str| site.ask("GET", &format!("/api/organisations/{tenant}/notes")).by(user("member"));
        assert_eq!(ask("org-1").empty().await.status, 200);
        assert_eq!(ask("org-2").empty().await.status, 403, "{name}");
    }
}

/// A form with one file.
fn form(name: &str, kind: &str, content: &[u8]) -> Vec<u8> {
    let mut body = format!(
        "--cut\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\ncontent-type: {kind}\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(content);
    body.extend_from_slice(b"\r\n--cut--\r\n");
    body
}

/// S4-206, S4-207, S4-208, S4-209, S4-225: size and type of a file are those of the endpoint.
#[tokio::test]
async fn files_are_held_to_the_endpoint_that_takes_them() {
    let outer = json!({"allowedMimeTypes": ["application/pdf", "image/png"], "maxSizeMb": 1,
        "middleware": ["authenticate", "requireRole", "multerUpload"]});
    let inner = json!({"fileUpload": true, "acceptsBody": true, "rbac": "admin"});
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("uploads");
    let document = endpoint("/api/files/upload", "POST", &outer, &inner);
    let documents = files(&[("service-contracts.json", &document)]);
    let site = Site::with(&documents, Arc::new(Memory::new()), Arc::new(SystemEntropy), |gateway| {
        let uploads = Uploads::open(path, gateway.store()).expect("a folder");
        gateway.with_uploads(uploads)
    });
    let ask =
        || site.ask("POST", "/api/files/upload").header("content-type", "multipart/form-data; boundary=cut");
    let mut pdf = b"%PDF-1.7\n".to_vec();
    assert_eq!(ask().raw(form("a.pdf", "application/pdf", &pdf)).await.status, 401);
    assert_eq!(ask().by(user("member")).raw(form("a.pdf", "application/pdf", &pdf)).await.status, 403);
    let kept = ask().by(user("admin")).raw(form("a.pdf", "application/pdf", &pdf)).await;
    assert_eq!(kept.status, 201, "{:?}", kept.body);
    assert_eq!(kept.json()["name"], "a.pdf");
    for (kind, content) in [("text/plain", &b"words"[..]), ("application/pdf", &b"\x89PNG\r\n\x1a\n"[..])] {
        let refused = ask().by(user("admin")).raw(form("a", kind, content)).await;
        assert_eq!(refused.status, 400, "{kind}");
        let body = refused.json();
        assert!(body["error"].is_string() && body["details"].is_object(), "{body}");
    }
    let words = ask().by(user("admin")).raw(form("a", "text/plain", b"words")).await.json().to_string();
    assert!(words.contains("application/pdf") && words.contains("image/png"), "{words}");
    // As large as it may be, and one byte more.
    pdf.resize(1024 * 1024, b' ');
    assert_eq!(ask().by(user("admin")).raw(form("a.pdf", "application/pdf", &pdf)).await.status, 201);
    pdf.push(b' ');
    assert_eq!(ask().by(user("admin")).raw(form("a.pdf", "application/pdf", &pdf)).await.status, 413);
}

/// S4-258: a service that cannot be handed what it must use is not served.
#[test]
fn a_signature_without_a_parameter_that_must_be_used_stops_the_start() {
    let document =
        endpoint("/api/projects/:projectId", "GET", &json!({}), &json!({"mustUseParams": ["projectId"]}));
    let (graph, _) = graph_of(&files(&[("service-contracts.json", &document)]));
    let problems = Plan::new(Arc::new(graph)).expect_err("a problem");
    let said: Vec<&str> = problems.iter().map(|one| one.message.as_str()).collect();
    assert_eq!(said, ["`act(organisationId)` does not take `projectId`"]);
    assert_eq!(problems[0].code.id, "SV004");
}

/// A contract laid over service contracts: records behind the endpoints.
const OVER: &str = r"
tenon: contract/v1
name: works
sources: [service-contracts.json]
entities:
  Project:
    id: {field: id, form: sequence, prefix: p_}
    index: [isDefault, status]
    status: {field: status, states: [draft, active, closed], transitions: {draft: [active], active: [closed]}, initial: draft}
operations:
  listProjects:
    handler: {list: Project, respond: {data: =records}}
  listDefaults:
    handler: {list: Project, where: {isDefault: 'yes'}, respond: {data: =records}}
  createProject:
    handler:
      create: Project
      load: {former: {get: Project, where: {isDefault: 'yes'}}}
      set: {name: =request.name, status: draft, isDefault: 'yes'}
      effects:
        - {update: Project, where: {id: =former.id}, when: =former != null, set: {isDefault: 'no'}}
      status: 201
  updateProject:
    handler: {update: Project, where: {id: =params.projectId}, set: {status: =request.status}}
";

fn works() -> Site {
    let endpoint = |name: &str, method: &str, path: &str, inner: Value| {
        let mut endpoint = json!({
            "path": path, "method": method, "status": "required", "middleware": ["authenticate", "validateBody"],
            "authentication": "required",
            "serviceContract": {"methodName": name, "authRequired": true, "rbac": null, "fileUpload": false},
        });
        for (key, value) in inner.as_object().into_iter().flatten() {
            endpoint["serviceContract"][key] = value.clone();
        }
        endpoint
    };
    let document = json!({
        "$schema": "service-contracts-v2",
        "pagination": {"maxPageSize": 100, "defaultPageSize": 20, "enforcement": "clamp"},
        "endpoints": [
            endpoint("listProjects", "GET", "/api/projects", json!({"returnsList": true})),
            endpoint("listDefaults", "GET", "/api/projects/default", json!({"returnsList": true})),
            endpoint("createProject", "POST", "/api/projects", json!({"acceptsBody": true,
                "bodySchema": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}})),
            endpoint("updateProject", "PATCH", "/api/projects/:projectId", json!({"acceptsBody": true})),
        ],
    });
    Site::new(&files(&[("service-contracts.json", &document.to_string()), ("contract.yaml", OVER)]))
}

async fn projects(site: &Site, query: &str) -> Vec<Value> {
    let answer = site.ask("GET", &format!("/api/projects{query}")).by(user("member")).empty().await;
    assert_eq!(answer.status, 200, "{:?}", answer.body);
    answer.json()["data"].as_array().expect("a list").clone()
}

/// S4-255: a page has what was asked for, cut to the most there may be; S4-257: of records of which
/// one may be the default, one is, whatever happens.
#[tokio::test]
async fn lists_are_cut_and_the_default_is_one() {
    let site = works();
    for number in 0..105 {
        let name = json!({"name": format!("project {number}")});
        let made = site.ask("POST", "/api/projects").by(user("member")).json(&name).await;
        assert_eq!(made.status, 201, "{:?}", made.body);
    }
    assert_eq!(projects(&site, "").await.len(), 20);
    assert_eq!(projects(&site, "?limit=7").await.len(), 7);
    let all = projects(&site, "?limit=1000").await;
    assert_eq!(all.len(), 100);
    assert_eq!(projects(&site, "/default").await.len(), 1);
    // Many at once: the last one to be made is the default, and no other.
    let name = json!({"name": "more"});
    let many = (0..8).map(|_| site.ask("POST", "/api/projects").by(user("member")).json(&name));
    for made in futures_util::future::join_all(many).await {
        assert_eq!(made.status, 201, "{:?}", made.body);
    }
    assert_eq!(projects(&site, "/default").await.len(), 1);
}

/// S4-256: a transition that is not declared is refused.
#[tokio::test]
async fn states_follow_the_table() {
    let site = works();
    let made = site.ask("POST", "/api/projects").by(user("member")).json(&json!({"name": "one"})).await;
    let path = format!("/api/projects/{}", made.json()["id"].as_str().expect("an id"));
    let to = async |state: &'static str| {
        site.ask("PATCH", &path).by(user("member")).json(&json!({"status": state})).await.status
    };
    assert_eq!(to("closed").await, 409);
    assert_eq!(to("active").await, 200);
    assert_eq!(to("draft").await, 409);
    assert_eq!(to("closed").await, 200);
}
