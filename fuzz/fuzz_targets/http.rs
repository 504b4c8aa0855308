//! Any bytes as a request to a gateway: the first line is method and path, lines up to an empty one
//! are header fields, the rest is the body. No panic, never a status of a fault of ours, and every
//! refusal has a code.
#![no_main]

use std::cell::OnceCell;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt as _, Full};
use libfuzzer_sys::fuzz_target;
use tenon_gateway::authenticate::{AuthenticationSettings, Authenticator};
use tenon_gateway::{Gateway, Parts, Plan, World};
use tenon_storage::Store;
use tenon_storage::engines::Memory;
use tenon_testkit::{MemoryFiles, graph_of};

/// A gateway over a contract whose operations are all public, so that requests come far.
fn gateway() -> Arc<Gateway> {
    let mut files = MemoryFiles::default();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../contracts/swap");
    for part in ["", "schemas"] {
        for entry in std::fs::read_dir(folder.join(part)).expect("the pack").flatten() {
            let name = Path::new(part).join(entry.file_name()).to_string_lossy().into_owned();
            let Ok(mut text) = std::fs::read_to_string(entry.path()) else { continue };
            if name == "contract.yaml" {
                text = text.replace("actors: [", "auth: public\n    x-actors: [").replace("    scopes: [", "    x-scopes: [");
            }
            files.0.insert(name, text.into_bytes());
        }
    }
    let plan = Plan::new(Arc::new(graph_of(&files).0)).expect("the pack is served");
    let (_, stop) = tokio::sync::watch::channel(false);
    let parts = Parts {
        plan,
        openapi: "{}".to_owned(),
        store: Arc::new(Store::new(Arc::new(Memory::new())).expect("a store")),
        world: World::system(),
        authenticator: Authenticator::new(AuthenticationSettings::default()).expect("no settings"),
        development: false,
        collector: None,
        stop,
    };
    Arc::new(Gateway::new(parts).expect("a gateway"))
}

fn request(input: &[u8]) -> Option<Request<Bytes>> {
    let end = input.windows(2).position(|two| two == b"\n\n")?;
    let head = std::str::from_utf8(&input[..end]).ok()?;
    let mut lines = head.lines();
    let (method, path) = lines.next()?.split_once(' ')?;
    let mut builder = Request::builder().method(method).uri(path);
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        builder = builder.header(name, value.trim());
    }
    builder.body(Bytes::copy_from_slice(&input[end + 2..])).ok()
}

thread_local! {
    static GATEWAY: OnceCell<(Arc<Gateway>, tokio::runtime::Runtime)> = const { OnceCell::new() };
}

fuzz_target!(|input: &[u8]| {
    let Some(request) = request(input) else { return };
    // Streams of events never end.
    if request.uri().path().starts_with("/_tenon/") {
        return;
    }
    GATEWAY.with(|cell| {
        let (gateway, runtime) = cell.get_or_init(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            (gateway(), runtime.expect("a runtime"))
        });
        let (head, body) = request.into_parts();
        let body = Full::new(body).map_err(|never| match never {}).boxed_unsync();
        let response = runtime.block_on(tenon_gateway::http::handle(gateway, head, body));
        let status = response.status();
        let body = runtime.block_on(response.into_body().collect()).expect("a body").to_bytes();
        assert_ne!(status, 500, "{}", String::from_utf8_lossy(&body));
        if status.is_client_error() && !body.is_empty() {
            let told: serde_json::Value = serde_json::from_slice(&body).expect("a refusal is JSON");
            assert!(told["code"].is_string(), "{told}");
        }
    });
});
