//! A gateway over a pack, in memory: its clock goes when it is told to, its ids are counted, and
//! requests walk the whole pipeline without a socket.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use bytes::Bytes;
use http::{HeaderMap, Request};
use http_body_util::{BodyExt as _, Full};
use serde_json::{Map, Value, json};
use tenon_gateway::authenticate::{AuthenticationSettings, Authenticator, DevelopmentKey, SigningKey};
use tenon_gateway::{Clock, Entropy, Gateway, Parts, Plan, World};
use tenon_storage::engines::Memory;
use tenon_storage::{
    AuditLink, Engine, EventQuery, Found, ListQuery, NewEvent, Read, Store, Transaction, UsageQuery,
    UsageTotal,
};
use tenon_testkit::{MemoryFiles, graph_of};
use tokio::sync::watch;

/// When the tests begin: 2026-02-16T00:00:00Z.
pub const START_MS: i64 = 1_771_200_000_000;

/// Two tenants, as UUIDs.
pub const NORTH: &str = "11111111-1111-4111-8111-111111111111";
pub const SOUTH: &str = "22222222-2222-4222-8222-222222222222";

const KEY: &str = "tenon-development-key:HS256:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

/// A clock that goes when it is told to.
#[derive(Debug)]
pub struct Hand(AtomicI64);

impl Clock for Hand {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

impl Hand {
    pub fn forward(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }
}

/// Ids that are counted, so that two runs are the same.
#[derive(Debug, Default)]
struct Counted(AtomicU64);

impl Entropy for Counted {
    fn uuid(&self, now_ms: i64) -> String {
        let count = self.0.fetch_add(1, Ordering::SeqCst) + 1;
        format!("{:08x}-{:04x}-7000-8000-{count:012x}", now_ms >> 16, now_ms & 0xffff)
    }

    fn fill(&self, bytes: &mut [u8]) {
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::try_from(at % 251).expect("small") + 1;
        }
    }
}

/// Where a pack stands.
pub fn folder(pack: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts").join(pack)
}

/// The files of a pack.
pub fn files(pack: &str) -> MemoryFiles {
    let mut files = MemoryFiles::default();
    add(&mut files, &folder(pack), &folder(pack));
    files
}

fn add(files: &mut MemoryFiles, root: &Path, folder: &Path) {
    for entry in std::fs::read_dir(folder).expect("the pack is there") {
        let path = entry.expect("an entry").path();
        let wanted = path.extension().is_some_and(|extension| extension == "json" || extension == "yaml");
        if path.is_dir() {
            add(files, root, &path);
        } else if wanted {
            let name = path.strip_prefix(root).expect("below").to_string_lossy().replace('\\', "/");
            files.0.insert(name, std::fs::read(&path).expect("a file"));
        }
    }
}

/// What is served.
pub fn plan(files: &MemoryFiles) -> Plan {
    let (graph, findings) = graph_of(files);
    let broken = findings.iter().filter(|finding| finding.level == tenon_source::Level::Error);
    let broken: Vec<&str> = broken.map(|finding| finding.message.as_str()).collect();
    assert!(broken.is_empty(), "{broken:#?}");
    match Plan::new(Arc::new(graph)) {
        Ok(plan) => plan,
        Err(problems) => panic!("{problems:#?}"),
    }
}

/// A gateway over a pack.
pub struct Gate {
    pub gateway: Arc<Gateway>,
    pub clock: Arc<Hand>,
    stop: watch::Sender<bool>,
}

impl Drop for Gate {
    fn drop(&mut self) {
        // Doors that are open close.
        self.stop.send_replace(true);
    }
}

impl Gate {
    /// Over a pack, with a store in memory.
    pub fn new(pack: &str) -> Self {
        Self::of(plan(&files(pack)), Arc::new(Memory::new()))
    }

    /// Over a pack with some text of its contract replaced.
    pub fn changed(pack: &str, changes: &[(&str, &str)]) -> Self {
        let mut files = files(pack);
        let contract = files.0.get_mut("contract.yaml").expect("a contract");
        let mut text = String::from_utf8(contract.clone()).expect("text");
        for (from, to) in changes {
            assert!(text.contains(from), "the contract has no {from:?}");
            text = text.replacen(from, to, 1);
        }
        *contract = text.into_bytes();
        Self::of(plan(&files), Arc::new(Memory::new()))
    }

    pub fn of(plan: Plan, engine: Arc<dyn Engine>) -> Self {
        Self::observed(plan, engine, None)
    }

    /// The same, with a collector that gets the spans of requests.
    pub fn observed(plan: Plan, engine: Arc<dyn Engine>, collector: Option<http::Uri>) -> Self {
        let clock = Arc::new(Hand(AtomicI64::new(START_MS)));
        let ticking: Arc<dyn Clock> = Arc::<Hand>::clone(&clock);
        let world = World { clock: ticking, entropy: Arc::new(Counted::default()) };
        let settings = AuthenticationSettings {
            development: DevelopmentKey::parse(KEY),
            ..AuthenticationSettings::default()
        };
        let (stop, stopped) = watch::channel(false);
        let gateway = Gateway::new(Parts {
            plan,
            store: Arc::new(Store::new(engine).expect("a store")),
            world,
            authenticator: Authenticator::new(settings).expect("settings"),
            development: false,
            openapi: "{}".to_owned(),
            collector,
            stop: stopped,
        });
        Self { gateway: Arc::new(gateway.expect("a gateway")), clock, stop }
    }

    /// A token of claims, good for an hour.
    pub fn token(&self, claims: Value) -> String {
        let now_s = self.clock.now_ms() / 1000;
        let mut all = json!({
            "iss": "tenon-dev", "aud": "tenon", "iat": now_s, "exp": now_s + 3600,
        });
        let own = claims.as_object().expect("an object").clone();
        all.as_object_mut().expect("an object").extend(own);
        self.sign(all.as_object().expect("an object"))
    }

    /// A token of these claims and no others.
    pub fn sign(&self, claims: &Map<String, Value>) -> String {
        let key = SigningKey::development(&DevelopmentKey::parse(KEY).expect("a key"));
        key.sign(claims, None).expect("a token")
    }

    /// A token of somebody without a tenant.
    pub fn somebody(&self, kind: &str, id: &str, scope: &str) -> String {
        self.token(json!({ "sub": id, "actor_type": kind, "scope": scope }))
    }

    /// One request, one answer.
    pub async fn call(&self, ask: Ask) -> Answer {
        let mut request = Request::builder().method(ask.method.as_str()).uri(ask.path.as_str());
        for (name, value) in &ask.headers {
            request = request.header(name.as_str(), value.as_slice());
        }
        if !ask.body.is_empty() {
            request = request.header("content-length", ask.body.len());
        }
        let (head, ()) = request.body(()).expect("a request").into_parts();
        let body = Full::new(Bytes::from(ask.body)).map_err(|never| match never {}).boxed_unsync();
        let (head, body) = tenon_gateway::http::handle(&self.gateway, head, body).await.into_parts();
        let bytes = body.collect().await.expect("a body").to_bytes();
        Answer { status: head.status.as_u16(), headers: head.headers, bytes }
    }

    /// Everything that is kept but the audit, as text: what changed nothing leaves it as it was.
    pub async fn kept(&self) -> String {
        self.settle().await;
        let plan = self.gateway.plan();
        let mut reads = vec![Read::Subscriptions { tenant: None }, Read::Usage(every_usage())];
        reads.push(Read::Events(EventQuery { limit: 10_000, ..EventQuery::default() }));
        for tenant in ["", NORTH, SOUTH] {
            for entity in plan.entities.values() {
                reads.push(Read::List(ListQuery {
                    tenant: tenant.to_owned(),
                    collection: entity.collection.clone(),
                    limit: 10_000,
                    ..ListQuery::default()
                }));
            }
        }
        format!("{:?}", self.gateway.store().read(&reads).expect("a store"))
    }

    /// Records of a collection.
    pub fn records(&self, tenant: &str, collection: &str) -> Vec<Value> {
        let query = ListQuery {
            tenant: tenant.to_owned(),
            collection: collection.to_owned(),
            limit: 10_000,
            ..ListQuery::default()
        };
        match self.gateway.store().read(&[Read::List(query)]).expect("a store").pop() {
            Some(Found::Records(records)) => {
                records.iter().map(|record| serde_json::from_slice(&record.body).expect("JSON")).collect()
            }
            other => panic!("{other:?}"),
        }
    }

    /// Waits until what nobody waited for is committed too.
    pub async fn settle(&self) {
        let nothing = Transaction { at_ms: self.clock.now_ms(), ..Transaction::default() };
        self.gateway.store().commit(nothing).await.expect("a commit");
    }

    /// The audit chain, which must hold.
    pub async fn audit(&self) -> Vec<AuditLink> {
        self.settle().await;
        let store = self.gateway.store();
        let report = store.verify_audit().expect("a store");
        assert_eq!(report.broken, None);
        match store.read(&[Read::Audit { from: 1, limit: 100_000 }]).expect("a store").pop() {
            Some(Found::Audit(links)) => {
                assert_eq!(u64::try_from(links.len()).expect("few"), report.links);
                links
            }
            other => panic!("{other:?}"),
        }
    }

    /// Every event.
    pub fn events(&self) -> Vec<NewEvent> {
        let query = EventQuery { limit: 10_000, ..EventQuery::default() };
        match self.gateway.store().read(&[Read::Events(query)]).expect("a store").pop() {
            Some(Found::Events(events)) => events.into_iter().map(|stored| stored.event).collect(),
            other => panic!("{other:?}"),
        }
    }

    /// What was metered.
    pub async fn usage(&self) -> Vec<UsageTotal> {
        self.settle().await;
        match self.gateway.store().read(&[Read::Usage(every_usage())]).expect("a store").pop() {
            Some(Found::Usage(totals)) => totals,
            other => panic!("{other:?}"),
        }
    }
}

fn every_usage() -> UsageQuery {
    UsageQuery { until_ms: i64::MAX, ..UsageQuery::default() }
}

/// A request.
#[derive(Debug, Clone)]
pub struct Ask {
    pub method: String,
    pub path: String,
    pub headers: Vec<(String, Vec<u8>)>,
    pub body: Vec<u8>,
}

impl Ask {
    pub fn new(method: &str, path: &str) -> Self {
        Self { method: method.to_owned(), path: path.to_owned(), headers: Vec::new(), body: Vec::new() }
    }

    pub fn get(path: &str) -> Self {
        Self::new("GET", path)
    }

    /// A `POST` of JSON.
    pub fn post(path: &str, body: &Value) -> Self {
        Self::new("POST", path).json(body)
    }

    /// With a header field; one of the same name is replaced.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self = self.without(name);
        self.headers.push((name.to_owned(), value.as_bytes().to_vec()));
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self
    }

    pub fn token(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    /// With the idempotency key of `swap`.
    pub fn key(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }

    pub fn json(self, body: &Value) -> Self {
        let mut ask = self.header("content-type", "application/json");
        ask.body = body.to_string().into_bytes();
        ask
    }

    pub fn bytes(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub bytes: Bytes,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&self.bytes)))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("text"))
    }

    /// The code of a refusal, in either form.
    pub fn code(&self) -> String {
        let body = self.json();
        let code = body.get("code").or_else(|| body.pointer("/error/code"));
        code.and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    /// Status and code.
    pub fn refusal(&self) -> (u16, String) {
        (self.status, self.code())
    }

    /// Holds it to a status, and gives the body.
    #[track_caller]
    pub fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", String::from_utf8_lossy(&self.bytes));
        self.json()
    }

    /// Holds it to a refusal.
    #[track_caller]
    pub fn refused(&self, status: u16, code: &str) -> Value {
        let body = self.expect(status);
        assert_eq!(self.code(), code, "{body}");
        body
    }
}

/// Whether a value fits a schema of the pack.
#[track_caller]
pub fn fits(gate: &Gate, schema: &str, value: &Value) {
    let plan = gate.gateway.plan();
    // The first one of a file is the file's own.
    let found = plan.graph.schemas.iter().find(|found| {
        let file = plan.graph.sources.get(found.at.file).map(|file| file.path.as_str()).unwrap_or_default();
        file.ends_with(&format!("/{schema}.schema.json"))
    });
    let found = found.unwrap_or_else(|| panic!("no schema {schema}"));
    let key = tenon_schemas::Key {
        at: found.at,
        dialect: found.dialect,
        direction: tenon_schemas::Direction::Whole,
    };
    if let Err(problem) = tenon_gateway::plan::fits(&plan.validators, key, value) {
        panic!("{schema}: {problem}: {value}");
    }
}
