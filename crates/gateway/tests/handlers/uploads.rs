//! Files: taken as they come, looked at, kept with their records or not at all.

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream;
use http_body::Frame;
use http_body_util::{BodyExt as _, StreamBody};
use serde_json::{Value, json};
use tenon_gateway::uploads::Uploads;
use tenon_gateway::{Body, BodyError, SystemEntropy};
use tenon_storage::Engine;
use tenon_storage::engines::{Faults, Faulty, Memory};

use crate::support::{Site, files, partner};

const CONTRACT: &str = r#"
tenon: contract/v1
name: papers
version: 1.0.0
owner: papers-team
actors: {partner: A company.}
scopes: {"things:write": Bring papers, "things:read": See papers}
entities:
  Paper:
    id: {field: paper_id, form: sequence, prefix: paper_}
    index: [owner]
defaults: {tenancy: tenant}
errors:
  TOO_MANY: {http: 409, message: No more papers}
operations:
  papers.upload:
    http: POST /papers
    actors: [partner]
    scopes: ["things:write"]
    idempotency: {key: header:Idempotency-Key, required: false}
    reason_codes: [TOO_MANY]
    unknown_query: ignore
    handler:
      upload: Paper
      types: [application/pdf, text/*]
      bytes_max: 1000
      guards: [{when: "=has(query.full)", code: TOO_MANY}]
      set: {name: =file.name, type: =file.type, size: =file.size, sha256: =file.sha256, owner: =principal.id, note: =form.note}
      status: 201
  papers.drop:
    http: DELETE /papers/{paper_id}
    actors: [partner]
    scopes: ["things:write"]
    idempotency: none
    handler: {delete: Paper, visible: "=record.owner == principal.id"}
  papers.get:
    http: GET /papers/{paper_id}
    actors: [partner]
    scopes: ["things:read"]
    idempotency: none
    handler: {get: Paper, visible: "=record.owner == principal.id"}
"#;

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj <<>> endobj\n\x00\x01\x02 trailer";

struct Place {
    site: Site,
    folder: tempfile::TempDir,
}

fn place() -> Place {
    over(Arc::new(Memory::new()))
}

fn over(engine: Arc<dyn Engine>) -> Place {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("uploads");
    let site =
        Site::with(&files(&[("contract.yaml", CONTRACT)]), engine, Arc::new(SystemEntropy), |gateway| {
            let uploads = Uploads::open(path, gateway.store()).expect("a folder");
            gateway.with_uploads(uploads)
        });
    Place { site, folder }
}

/// The names of what is in the folder, and what it holds.
fn kept(place: &Place) -> Vec<(String, Vec<u8>)> {
    listed(&place.folder.path().join("uploads"))
}

fn listed(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut all: Vec<_> = std::fs::read_dir(folder)
        .expect("the folder")
        .map(|entry| entry.expect("an entry").path())
        .map(|path| {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, std::fs::read(&path).expect("a file"))
        })
        .collect();
    all.sort();
    all
}

/// A form with one field and one file.
fn form(name: &str, kind: &str, content: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    body.extend_from_slice(
        b"--cut\r\ncontent-disposition: form-data; name=\"note\"\r\n\r\nurgent\r\n--cut\r\n",
    );
    let head = format!(
        "content-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\ncontent-type: {kind}\r\n\r\n"
    );
    body.extend_from_slice(head.as_bytes());
    body.extend_from_slice(content);
    body.extend_from_slice(b"\r\n--cut--\r\n");
    body
}

const FORM: &str = "multipart/form-data; boundary=cut";

async fn upload(place: &Place, kind: &str, body: impl Into<Bytes>) -> crate::support::Answer {
    place.site.ask("POST", "/papers").by(partner("acme")).header("content-type", kind).raw(body.into()).await
}

#[tokio::test]
async fn a_file_goes_with_its_record() {
    let place = place();
    let record = upload(&place, "application/pdf", PDF).await.json();
    let path = format!("/papers/{}", record["paper_id"].as_str().expect("an id"));
    let delete = |by: &str| place.site.ask("DELETE", &path).by(partner(by)).empty();
    delete("other").await.is(404, "record_not_found");
    assert_eq!(kept(&place).len(), 1, "what is not deleted keeps its file");
    let gone = delete("acme").await;
    assert!(gone.status.is_success(), "{:?}", gone.body);
    assert_eq!(kept(&place), []);
}

#[tokio::test]
async fn a_file_is_kept_with_its_record_and_given_back() {
    let place = place();
    let answer = upload(&place, "application/pdf", PDF).await;
    assert_eq!(answer.status, 201, "{:?}", answer.body);
    let record = answer.json();
    assert_eq!(
        (&record["size"], &record["type"], &record["name"]),
        (&json!(PDF.len()), &json!("application/pdf"), &Value::Null)
    );
    assert_eq!(record["sha256"].as_str().map(str::len), Some(64));
    let id = record["paper_id"].as_str().expect("an id").to_owned();
    assert_eq!(kept(&place), [(format!("t-1@%50aper@{id}"), PDF.to_vec())]);
    let path = format!("/papers/{id}");
    let get = || place.site.ask("GET", &path).by(partner("acme"));
    assert_eq!(get().empty().await.json(), record);
    let file = get().header("accept", "application/octet-stream").empty().await;
    assert_eq!((file.status.as_u16(), &file.body[..]), (200, PDF));
    assert_eq!(
        (file.header("x-content-type-options"), file.header("content-disposition")),
        ("nosniff", "attachment")
    );
    let other =
        place.site.ask("GET", &path).by(partner("other")).header("accept", "application/octet-stream");
    other.empty().await.is(404, "record_not_found");
}

#[tokio::test]
async fn forms_bring_a_name_and_fields() {
    let place = place();
    let record = upload(&place, FORM, form("plan.txt", "text/plain", b"one\ntwo\n")).await.json();
    assert_eq!(
        (&record["name"], &record["note"], &record["size"]),
        (&json!("plan.txt"), &json!("urgent"), &json!(8))
    );
    assert_eq!(kept(&place)[0].1, b"one\ntwo\n");
}

#[tokio::test]
async fn names_of_files_lead_nowhere() {
    let place = place();
    for (given, name) in [
        ("../../../etc/passwd", json!("passwd")),
        ("..\\\\..\\\\boot.ini", json!("boot.ini")),
        ("/etc/shadow", json!("shadow")),
        ("..", Value::Null),
    ] {
        let answer = upload(&place, FORM, form(given, "text/plain", b"text")).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["name"]), (201, &name), "{given}");
    }
    assert_eq!(kept(&place).len(), 4);
    assert!(kept(&place).iter().all(|(name, _)| name.starts_with("t-1@%50aper@paper_")));
    assert_eq!(listed_names(place.folder.path()), ["uploads"], "nothing was written beside the folder");
}

fn listed_names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("the folder");
    entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
}

#[tokio::test]
async fn files_that_are_not_what_they_say_or_not_wanted_are_refused() {
    let place = place();
    let png = b"\x89PNG\r\n\x1a\n0000".as_slice();
    upload(&place, "application/pdf", png).await.is(400, "upload_type_refused");
    upload(&place, "image/png", png).await.is(400, "upload_type_refused");
    upload(&place, "text/plain", b"<script>alert(1)</script>".as_slice())
        .await
        .is(400, "upload_type_refused");
    upload(&place, "text/plain", Bytes::new()).await.is(400, "upload_type_refused");
    upload(&place, FORM, form("a.pdf", "application/pdf", png)).await.is(400, "upload_type_refused");
    assert_eq!(kept(&place), []);
}

/// A body in pieces that says nothing of its length.
fn pieces(list: Vec<Result<&'static [u8], &'static str>>) -> Body {
    let frames = list.into_iter().map(|piece| match piece {
        Ok(bytes) => Ok(Frame::data(Bytes::from_static(bytes))),
        Err(why) => Err(BodyError::from(why)),
    });
    StreamBody::new(stream::iter(frames)).boxed_unsync()
}

#[tokio::test]
async fn files_that_are_too_large_or_break_off_leave_nothing() {
    let place = place();
    upload(&place, "text/plain", vec![b'a'; 1_001]).await.is(413, "body_too_large");
    upload(&place, FORM, form("a.txt", "text/plain", &[b'a'; 1_001])).await.is(413, "body_too_large");
    let ask = || place.site.ask("POST", "/papers").by(partner("acme"));
    let chunked = || ask().header("content-type", "text/plain").header("transfer-encoding", "chunked");
    // Told while it comes: an endless body ends here.
    let endless = stream::repeat_with(|| Ok::<_, BodyError>(Frame::data(Bytes::from_static(&[b'a'; 100]))));
    chunked().stream(StreamBody::new(endless).boxed_unsync()).await.is(413, "body_too_large");
    chunked().stream(pieces(vec![Ok(b"one"), Err("cut")])).await.is(400, "body_malformed");
    let short = ask().header("content-type", "text/plain").header("content-length", "10");
    short.stream(pieces(vec![Ok(b"one")])).await.is(400, "body_malformed");
    let cut = form("a.txt", "text/plain", b"text");
    upload(&place, FORM, cut[..cut.len() - 12].to_vec()).await.is(400, "body_malformed");
    upload(&place, FORM, b"--cut--\r\n".to_vec()).await.is(400, "body_malformed");
    let packed = ask().header("content-type", "text/plain").header("content-encoding", "gzip");
    packed.raw("text").await.is(415, "media_type_unsupported");
    assert_eq!(kept(&place), []);
    assert_eq!(upload(&place, "text/plain", vec![b'a'; 1_000]).await.status, 201);
}

#[tokio::test]
async fn what_refuses_without_the_file_refuses_before_it_is_read() {
    let place = place();
    let untouched = || StreamBody::new(stream::poll_fn(never_read)).boxed_unsync();
    let ask = |path| {
        place.site.ask("POST", path).header("content-type", "text/plain").header("content-length", "5")
    };
    ask("/papers").stream(untouched()).await.is(401, "unauthenticated");
    ask("/papers?full=1").by(partner("acme")).stream(untouched()).await.is(409, "TOO_MANY");
    let large = place.site.ask("POST", "/papers").by(partner("acme")).header("content-length", "5000000");
    large.header("content-type", "text/plain").stream(untouched()).await.is(413, "body_too_large");
    assert_eq!(kept(&place), []);
}

fn never_read(_: &mut std::task::Context<'_>) -> std::task::Poll<Option<Result<Frame<Bytes>, BodyError>>> {
    panic!("the body was read")
}

#[tokio::test]
async fn an_upload_that_is_repeated_is_replayed_and_kept_once() {
    let place = place();
    let send = |body: &'static [u8]| {
        let ask = place.site.ask("POST", "/papers").by(partner("acme")).header("idempotency-key", "k");
        ask.header("content-type", "text/plain").raw(body)
    };
    let first = send(b"text").await;
    let second = send(b"text").await;
    assert_eq!((second.header("idempotent-replayed"), &second.body), ("true", &first.body));
    send(b"longer").await.is(422, "idempotency_key_reused");
    assert_eq!(kept(&place).len(), 1);
}

#[tokio::test]
async fn a_store_that_fails_keeps_no_file_without_a_record() {
    let memory: Arc<dyn Engine> = Arc::new(Memory::new());
    let faulty = Arc::new(Faulty::new(Arc::clone(&memory), 1, Faults::default()));
    let place = over(Arc::<Faulty>::clone(&faulty));
    faulty.set(Faults { commit_fails_before: 1_000, ..Faults::default() });
    upload(&place, "text/plain", "before").await.is(503, "store_unavailable");
    faulty.set(Faults { commit_fails_after: 1_000, ..Faults::default() });
    upload(&place, "text/plain", "after").await.is(503, "store_unavailable");
    faulty.set(Faults::default());
    // Nobody knows which of them is committed, until the folder is opened again.
    assert_eq!(kept(&place).iter().filter(|(name, _)| name.ends_with(".new")).count(), 2);
    Uploads::open(place.folder.path().join("uploads"), place.site.gateway.store()).expect("a folder");
    let left = kept(&place);
    assert_eq!(left.len(), 1, "{left:?}");
    assert_eq!(left[0].1, b"after");
    assert!(!left[0].0.ends_with(".new"));
}

#[tokio::test]
async fn what_a_crash_has_left_is_finished_or_removed() {
    let place = place();
    let folder = place.folder.path().join("uploads");
    upload(&place, "text/plain", "kept").await;
    let (name, _) = kept(&place).remove(0);
    // Killed while it was written; before its commit; after its commit, before its last name.
    std::fs::write(folder.join("0198.part"), "half").expect("a file");
    std::fs::write(folder.join("t-1@%50aper@paper_000099.new"), "never committed").expect("a file");
    std::fs::rename(folder.join(&name), folder.join(format!("{name}.new"))).expect("renamed");
    let id = name.rsplit('@').next().expect("an id").to_owned();
    let path = format!("/papers/{id}");
    let get = || {
        place.site.ask("GET", &path).by(partner("acme")).header("accept", "application/octet-stream").empty()
    };
    assert_eq!(get().await.body, "kept", "found under its other name too");
    Uploads::open(folder, place.site.gateway.store()).expect("a folder");
    assert_eq!(kept(&place), [(name, b"kept".to_vec())]);
    assert_eq!(get().await.body, "kept");
}
