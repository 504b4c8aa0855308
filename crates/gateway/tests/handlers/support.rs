//! What the tests share: a gateway over files in memory, callers, and a server behind it.

use std::convert::Infallible;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use bytes::Bytes;
use http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use parking_lot::Mutex;
use serde_json::{Map, Value, json};
use tenon_gateway::authenticate::{AuthenticationSettings, Authenticator, DevelopmentKey, SigningKey};
use tenon_gateway::{Body, Clock, Entropy, Gateway, Parts, Plan, SystemEntropy, World};
use tenon_storage::engines::Memory;
use tenon_storage::{Engine, Store};
use tenon_testkit::{MemoryFiles, graph_of};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// The time of the tests: an ordinary day.
pub const START_MS: i64 = 1_790_000_000_000;

/// A clock that goes when it is told to.
#[derive(Debug)]
pub struct Hand(pub AtomicI64);

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

/// Files by path, from text.
pub fn files(list: &[(&str, &str)]) -> MemoryFiles {
    MemoryFiles(list.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect())
}

/// The files of a pack of this repository.
pub fn pack(name: &str) -> MemoryFiles {
    fn add(files: &mut MemoryFiles, root: &Path, folder: &Path) {
        for entry in std::fs::read_dir(folder).expect("the pack is there") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                add(files, root, &path);
            } else if path.extension().is_some_and(|ending| ending == "json" || ending == "yaml") {
                let name = path.strip_prefix(root).expect("below").to_string_lossy().into_owned();
                files.0.insert(name, std::fs::read(&path).expect("a file"));
            }
        }
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts").join(name);
    let mut files = MemoryFiles::default();
    add(&mut files, &folder, &folder);
    files
}

/// The plan of some files; what is wrong with them fails the test.
pub fn plan(files: &MemoryFiles) -> Plan {
    let (graph, _) = graph_of(files);
    Plan::new(Arc::new(graph)).unwrap_or_else(|found| {
        let said: Vec<String> = found.iter().map(|one| format!("{} {}", one.code.id, one.message)).collect();
        panic!("{said:#?}")
    })
}

/// A gateway, its clock, and what signs its tokens.
pub struct Site {
    pub gateway: Arc<Gateway>,
    pub hand: Arc<Hand>,
    key: DevelopmentKey,
    _stop: watch::Sender<bool>,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("text"))
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {:?}", self.body))
    }

    /// The code of a refusal.
    pub fn code(&self) -> String {
        let body = self.json();
        let code = body.get("code").or_else(|| body.pointer("/error/code"));
        code.and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    #[track_caller]
    pub fn is(&self, status: u16, code: &str) {
        assert_eq!((self.status.as_u16(), self.code().as_str()), (status, code), "{:?}", self.body);
    }
}

/// A request that is being written.
pub struct Asking<'s> {
    site: &'s Site,
    builder: http::request::Builder,
}

impl Asking<'_> {
    pub fn header(self, name: &str, value: &str) -> Self {
        Self { builder: self.builder.header(name, value), ..self }
    }

    /// With a development token of these claims.
    pub fn by(self, claims: Value) -> Self {
        let token = self.site.token(claims);
        self.header("authorization", &format!("Bearer {token}"))
    }

    pub async fn json(self, body: &Value) -> Answer {
        self.header("content-type", "application/json").raw(body.to_string()).await
    }

    pub async fn raw(self, body: impl Into<Bytes>) -> Answer {
        let body = body.into();
        let asking = match body.is_empty() {
            true => self,
            false => {
                let length = body.len().to_string();
                self.header("content-length", &length)
            }
        };
        asking.stream(Full::new(body).map_err(|never| match never {}).boxed_unsync()).await
    }

    pub async fn empty(self) -> Answer {
        self.raw(Bytes::new()).await
    }

    pub async fn stream(self, body: Body) -> Answer {
        let response = self.begin(body).await;
        let (head, body) = response.into_parts();
        let body = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
        Answer { status: head.status, headers: head.headers, body }
    }

    /// The response before its body is read.
    pub async fn begin(self, body: Body) -> Response<Body> {
        let (head, ()) = self.builder.body(()).expect("a request").into_parts();
        tenon_gateway::http::handle(&self.site.gateway, head, body).await
    }
}

impl Site {
    pub fn new(files: &MemoryFiles) -> Self {
        Self::with(files, Arc::new(Memory::new()), Arc::new(SystemEntropy), |gateway| gateway)
    }

    pub fn with(
        files: &MemoryFiles,
        engine: Arc<dyn Engine>,
        entropy: Arc<dyn Entropy>,
        change: impl FnOnce(Gateway) -> Gateway,
    ) -> Self {
        let hand = Arc::new(Hand(AtomicI64::new(START_MS)));
        let clock: Arc<dyn Clock> = Arc::<Hand>::clone(&hand);
        let world = World { clock, entropy };
        let folder = tempfile::tempdir().expect("a folder");
        let key = DevelopmentKey::open(&folder.path().join("key"), &SystemEntropy).expect("a key");
        let settings = AuthenticationSettings { development: Some(key.clone()), ..Default::default() };
        let authenticator = Authenticator::new(settings).expect("an authenticator");
        let (sender, stop) = watch::channel(false);
        let store = Arc::new(Store::new(engine).expect("a store"));
        let plan = plan(files);
        let parts = Parts {
            plan,
            openapi: "{}".to_owned(),
            store,
            world,
            authenticator,
            development: true,
            collector: None,
            stop,
        };
        let gateway = Arc::new(change(Gateway::new(parts).expect("a gateway")));
        Self { gateway, hand, key, _stop: sender }
    }

    pub fn token(&self, claims: Value) -> String {
        let now_s = self.hand.now_ms() / 1000;
        let mut all: Map<String, Value> = Map::new();
        all.insert("iss".to_owned(), "tenon-dev".into());
        all.insert("aud".to_owned(), "tenon".into());
        all.insert("iat".to_owned(), now_s.into());
        all.insert("exp".to_owned(), (now_s + 86_400).into());
        all.extend(claims.as_object().expect("claims").clone());
        SigningKey::development(&self.key).sign(&all, None).expect("a token")
    }

    pub fn ask(&self, method: &str, path: &str) -> Asking<'_> {
        Asking { site: self, builder: Request::builder().method(method).uri(path) }
    }
}

/// What the server behind was asked.
#[derive(Debug, Clone)]
pub struct Asked {
    #[expect(dead_code, reason = "shown where a test fails")]
    pub method: String,
    pub path: String,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// A server behind the gateway, on a free port.
pub struct Behind {
    pub port: u16,
    asked: Arc<Mutex<Vec<Asked>>>,
    task: JoinHandle<()>,
}

impl Drop for Behind {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A response with a body of JSON.
pub fn answers(status: u16, body: &Value) -> Response<Body> {
    let body = Full::new(Bytes::from(body.to_string())).map_err(|never| match never {}).boxed_unsync();
    let response = Response::builder().status(status).header("content-type", "application/json");
    response.body(body).expect("a response")
}

impl Behind {
    /// Answers each request, counted from 1, once its body has come.
    pub async fn start<F>(answer: impl Fn(usize, Asked) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Response<Body>> + Send + 'static,
    {
        let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let kept = Arc::clone(&asked);
        let answer = Arc::new(answer);
        Self::serve(asked, move |request| {
            let (kept, answer) = (Arc::clone(&kept), Arc::clone(&answer));
            async move {
                let (head, body) = request.into_parts();
                let body = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
                let one = Asked {
                    method: head.method.to_string(),
                    path: head.uri.to_string(),
                    headers: head.headers,
                    body,
                };
                let count = {
                    let mut kept = kept.lock();
                    kept.push(one.clone());
                    kept.len()
                };
                answer(count, one).await
            }
        })
        .await
    }

    /// Answers each request while its body comes.
    pub async fn raw<F>(answer: impl Fn(Request<Incoming>) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Response<Body>> + Send + 'static,
    {
        Self::serve(Arc::default(), answer).await
    }

    async fn serve<F>(
        asked: Arc<Mutex<Vec<Asked>>>,
        answer: impl Fn(Request<Incoming>) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Response<Body>> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let answer = Arc::new(answer);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let answer = Arc::clone(&answer);
                tokio::spawn(async move {
                    let service = service_fn(move |request| {
                        let answered = answer(request);
                        async move { Ok::<_, Infallible>(answered.await) }
                    });
                    // A gateway that hangs up is no failure of this server.
                    let _ = hyper::server::conn::http1::Builder::new()
                        .serve_connection(TokioIo::new(stream), service)
                        .with_upgrades()
                        .await;
                });
            }
        });
        Self { port, asked, task }
    }

    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().clone()
    }

    pub fn count(&self) -> usize {
        self.asked.lock().len()
    }
}

/// Claims of a partner.
pub fn partner(name: &str) -> Value {
    json!({"sub": name, "actor_type": "partner", "tenant_id": "t-1",
        "scope": "things:write things:read settlement:read settlement:write"})
}

/// Waits until something holds, some seconds at most.
pub async fn until(what: &str, holds: impl Fn() -> bool) {
    for _ in 0..1_000 {
        if holds() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    panic!("still waiting for {what}");
}
