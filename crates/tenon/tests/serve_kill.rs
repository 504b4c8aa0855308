//! `tenon serve` under load, killed at any moment, again and again. A client keeps a ledger of its
//! own of what it was told: after each start everything it was told is there once, what is sent
//! again gets the stored reply and is done once, and the audit chain holds. Told to stop, it ends
//! what is under way.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tenon_gateway::authenticate::{DevelopmentKey, SigningKey};
use tenon_gateway::{Clock as _, SystemClock, SystemEntropy};
use tenon_storage::engines::Sqlite;
use tenon_storage::{EventQuery, Found, ListQuery, Read, Store, verify_audit};

/// Clients at once.
const CLIENTS: usize = 8;

/// How often the process is killed.
const ROUNDS: u64 = 10;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// Rows of one reading.
const ROWS: u32 = 1_000_000;

/// Numbers that are the same in every run.
struct Seeded(u64);

impl Seeded {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

/// The process.
struct Serving {
    child: Child,
    at: String,
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Serving {
    fn start(store: &Path) -> Self {
        let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts/swap");
        let mut child = Command::new(env!("CARGO_BIN_EXE_tenon"))
            .args(["serve", "--dev", "--listen", "127.0.0.1:0", "--store"])
            .arg(format!("sqlite:{}", store.display()))
            .arg(pack)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut lines = BufReader::new(child.stdout.take().expect("an output"));
        let mut line = String::new();
        let at = loop {
            line.clear();
            assert_ne!(lines.read_line(&mut line).expect("a line"), 0, "it says where it listens");
            if let Some(at) = line.trim().strip_prefix("listening on http://") {
                break at.to_owned();
            }
        };
        // What it says later must not block it.
        std::thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
        Self { child, at }
    }

    /// `SIGKILL`: nothing of it runs any more.
    fn kill(mut self) {
        self.child.kill().expect("it can be killed");
        self.child.wait().expect("it has ended");
    }
}

/// A connection that is kept.
struct Connection(BufReader<TcpStream>);

/// An answer: status, whether it was stored, body.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Answer {
    status: u16,
    replayed: bool,
    body: Vec<u8>,
}

impl Connection {
    fn open(at: &str) -> std::io::Result<Self> {
        let stream = TcpStream::connect(at)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self(BufReader::new(stream)))
    }

    fn post(&mut self, path: &str, token: &str, key: &str, body: &str) -> std::io::Result<Answer> {
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nIdempotency-Key: {key}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        self.0.get_mut().write_all(head.as_bytes())?;
        self.answer()
    }

    /// Reads an answer; one that ends early is none.
    fn answer(&mut self) -> std::io::Result<Answer> {
        let early = || std::io::Error::from(std::io::ErrorKind::UnexpectedEof);
        let (mut status, mut length, mut replayed) = (None, 0, false);
        loop {
            let mut line = String::new();
            self.0.read_line(&mut line)?;
            let Some(line) = line.strip_suffix("\r\n") else { return Err(early()) };
            if line.is_empty() {
                break;
            }
            let lower = line.to_ascii_lowercase();
            if status.is_none() {
                status = line.split(' ').nth(1).and_then(|status| status.parse().ok());
            } else if let Some(value) = lower.strip_prefix("content-length:") {
                length = value.trim().parse().map_err(|_| early())?;
            } else if lower.starts_with("idempotent-replayed: true") {
                replayed = true;
            }
        }
        let mut body = vec![0; length];
        self.0.read_exact(&mut body)?;
        Ok(Answer { status: status.ok_or_else(early)?, replayed, body })
    }
}

/// What the client knows: what it asked for, and what it was told.
#[derive(Default)]
struct Ledger {
    /// By key: the first answer; `None` where it was never told.
    disputes: BTreeMap<String, Option<Answer>>,
    /// Events that were taken: their ids, by the cycle they are of.
    events: BTreeMap<String, String>,
    /// Answers that were stored ones.
    replays: u64,
    /// Keys that were sent again after nobody had answered, and had been carried out.
    done_unheard: u64,
}

struct Client {
    at: String,
    token: String,
    ledger: Arc<Mutex<Ledger>>,
    stop: Arc<AtomicBool>,
    numbers: Arc<AtomicU64>,
}

fn dispute(key: &str) -> String {
    json!({ "dispute": {
        "dispute_type": "delivery", "severity": "low", "subject_ref": key, "reason_code": "late",
    } })
    .to_string()
}

impl Client {
    /// Works until the server is gone, or the client is told to stop.
    fn work(&self, seed: u64) {
        let mut seeded = Seeded(seed);
        let Ok(mut connection) = Connection::open(&self.at) else { return };
        while !self.stop.load(Ordering::SeqCst) {
            let done = match seeded.below(10) {
                0..6 => self.create(&mut connection),
                6..8 => self.again(&mut connection, &mut seeded),
                _ => self.publish(&mut connection),
            };
            if done.is_err() {
                return;
            }
        }
    }

    fn create(&self, connection: &mut Connection) -> std::io::Result<()> {
        let key = format!("k{}", self.numbers.fetch_add(1, Ordering::SeqCst));
        self.ledger.lock().expect("the ledger").disputes.insert(key.clone(), None);
        let answer = connection.post("/disputes", &self.token, &key, &dispute(&key))?;
        assert_eq!((answer.status, answer.replayed), (200, false), "{answer:?}");
        self.ledger.lock().expect("the ledger").disputes.insert(key, Some(answer));
        Ok(())
    }

    /// Sends again what was answered before: the answer is the stored one, to the byte.
    fn again(&self, connection: &mut Connection, seeded: &mut Seeded) -> std::io::Result<()> {
        let told = {
            let ledger = self.ledger.lock().expect("the ledger");
            let count = u64::try_from(ledger.disputes.len()).expect("few").max(1);
            let nth = usize::try_from(seeded.below(count)).expect("few");
            let found = ledger.disputes.iter().nth(nth);
            found.and_then(|(key, answer)| Some((key.clone(), answer.clone()?)))
        };
        let Some((key, first)) = told else { return Ok(()) };
        let answer = connection.post("/disputes", &self.token, &key, &dispute(&key))?;
        assert!(answer.replayed, "{key} is done once");
        assert_eq!((answer.status, &answer.body), (first.status, &first.body), "{key}");
        self.ledger.lock().expect("the ledger").replays += 1;
        Ok(())
    }

    fn publish(&self, connection: &mut Connection) -> std::io::Result<()> {
        let cycle = format!("c{}", self.numbers.fetch_add(1, Ordering::SeqCst));
        let event = json!({ "type": "cycle.failed", "data": {
            "cycle_id": cycle, "from_state": "matched", "reason_code": "late",
            "failed_at": "2026-02-15T10:00:00Z",
        } });
        let answer = connection.post("/_tenon/events", &self.token, "-", &event.to_string())?;
        assert_eq!(answer.status, 202, "{}", String::from_utf8_lossy(&answer.body));
        let told: Value = serde_json::from_slice(&answer.body).expect("JSON");
        let id = told["event_id"].as_str().expect("an id").to_owned();
        self.ledger.lock().expect("the ledger").events.insert(cycle, id);
        Ok(())
    }

    /// Sends everything nobody answered: each is done now, or was, and never twice.
    fn settle(&self) {
        let open: Vec<String> = {
            let ledger = self.ledger.lock().expect("the ledger");
            let open = ledger.disputes.iter().filter(|(_, answer)| answer.is_none());
            open.map(|(key, _)| key.clone()).collect()
        };
        let mut connection = Connection::open(&self.at).expect("the server is there");
        for key in open {
            let answer = connection.post("/disputes", &self.token, &key, &dispute(&key)).expect("an answer");
            assert_eq!(answer.status, 200, "{key}: {}", String::from_utf8_lossy(&answer.body));
            let mut ledger = self.ledger.lock().expect("the ledger");
            ledger.done_unheard += u64::from(answer.replayed);
            let stored = Answer { replayed: false, ..answer };
            ledger.disputes.insert(key, Some(stored));
        }
    }
}

/// A token for everything, of a key beside the store.
fn token(store: &Path) -> String {
    let key = DevelopmentKey::open(&DevelopmentKey::path(store), &SystemEntropy).expect("a key");
    let now_s = SystemClock.now_ms() / 1000;
    let claims = json!({
        "iss": "tenon-dev", "aud": "tenon", "iat": now_s, "exp": now_s + 3600, "sub": "partner_north",
        "actor_type": "partner", "scope": "settlement:read settlement:write tenon:publish",
    });
    SigningKey::development(&key).sign(claims.as_object().expect("an object"), None).expect("a token")
}

/// Opens the store nobody has open, and holds it to the ledger.
fn hold(store: &Path, ledger: &Ledger, round: u64) {
    let engine = Arc::new(Sqlite::open(store).expect("the store opens"));
    let report = verify_audit(&*engine).expect("the store is read");
    assert_eq!(report.broken, None, "round {round}");
    let kept = Store::new(engine).expect("the store opens");
    let disputes =
        ListQuery { collection: "partner_disputes".to_owned(), limit: ROWS, ..ListQuery::default() };
    let events = EventQuery { limit: ROWS, ..EventQuery::default() };
    let mut found =
        kept.read(&[Read::List(disputes), Read::Events(events)]).expect("the store is read").into_iter();
    let (Some(Found::Records(records)), Some(Found::Events(events))) = (found.next(), found.next()) else {
        panic!("other readings");
    };
    let mut made: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for record in &records {
        let body: Value = serde_json::from_slice(&record.body).expect("JSON");
        let key = body["subject_ref"].as_str().expect("a key").to_owned();
        made.entry(key).or_default().push(body["dispute_id"].as_str().expect("an id").to_owned());
    }
    for (key, ids) in &made {
        assert_eq!(ids.len(), 1, "round {round}: {key} was done more than once: {ids:?}");
        assert!(ledger.disputes.contains_key(key), "round {round}: nobody asked for {key}");
    }
    for (key, answer) in &ledger.disputes {
        let Some(answer) = answer else { continue };
        let told: Value = serde_json::from_slice(&answer.body).expect("JSON");
        let id = told["dispute"]["dispute_id"].as_str().expect("an id");
        assert_eq!(
            made.get(key).map(|ids| ids[0].as_str()),
            Some(id),
            "round {round}: {key} was told, and is lost"
        );
    }
    let mut sent: BTreeMap<&str, u64> = BTreeMap::new();
    for stored in &events {
        *sent.entry(stored.event.id.as_str()).or_default() += 1;
    }
    for (cycle, id) in &ledger.events {
        assert_eq!(sent.get(id.as_str()), Some(&1), "round {round}: the event of {cycle}");
    }
    // One entry of the audit for each dispute that was made, at least.
    assert!(report.links >= u64::try_from(records.len() + events.len()).expect("few"), "round {round}");
}

fn clients(
    at: &str,
    token: &str,
    ledger: &Arc<Mutex<Ledger>>,
    numbers: &Arc<AtomicU64>,
) -> (Vec<Arc<Client>>, Arc<AtomicBool>) {
    let stop = Arc::new(AtomicBool::new(false));
    let client = || Client {
        at: at.to_owned(),
        token: token.to_owned(),
        ledger: Arc::clone(ledger),
        stop: Arc::clone(&stop),
        numbers: Arc::clone(numbers),
    };
    ((0..CLIENTS).map(|_| Arc::new(client())).collect(), stop)
}

#[test]
fn killed_at_any_moment_it_keeps_what_it_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let store: PathBuf = folder.path().join("kill.db");
    let token = token(&store);
    let ledger: Arc<Mutex<Ledger>> = Arc::default();
    let numbers = Arc::new(AtomicU64::new(0));
    let mut seeded = Seeded(20_260_216);
    for round in 0..ROUNDS {
        let serving = Serving::start(&store);
        let (clients, _) = clients(&serving.at, &token, &ledger, &numbers);
        clients[0].settle();
        let workers: Vec<_> = clients
            .iter()
            .map(|client| {
                let (client, seed) = (Arc::clone(client), seeded.below(1 << 30));
                std::thread::spawn(move || client.work(seed))
            })
            .collect();
        std::thread::sleep(Duration::from_millis(150 + seeded.below(1_200)));
        serving.kill();
        for worker in workers {
            worker.join().expect("a client is content");
        }
        hold(&store, &ledger.lock().expect("the ledger"), round);
    }
    let serving = Serving::start(&store);
    let (clients, _) = clients(&serving.at, &token, &ledger, &numbers);
    clients[0].settle();
    serving.kill();
    let ledger = ledger.lock().expect("the ledger");
    hold(&store, &ledger, ROUNDS);
    let told = ledger.disputes.values().flatten().count();
    println!(
        "{ROUNDS} kills: {told} disputes, {} events, {} replays, {} done and not heard of",
        ledger.events.len(),
        ledger.replays,
        ledger.done_unheard
    );
    assert_eq!(told, ledger.disputes.len(), "every request was answered in the end");
    assert!(told > 100 && ledger.events.len() > 20 && ledger.replays > 20, "there was load");
}

#[test]
fn told_to_stop_it_ends_what_is_under_way() {
    let folder = tempfile::tempdir().expect("a folder");
    let store: PathBuf = folder.path().join("stop.db");
    let token = token(&store);
    let ledger: Arc<Mutex<Ledger>> = Arc::default();
    let numbers = Arc::new(AtomicU64::new(0));
    let mut serving = Serving::start(&store);
    let (clients, _) = clients(&serving.at, &token, &ledger, &numbers);
    let workers: Vec<_> = clients
        .iter()
        .zip(1..)
        .map(|(client, seed)| {
            let client = Arc::clone(client);
            std::thread::spawn(move || client.work(seed))
        })
        .collect();
    std::thread::sleep(Duration::from_millis(500));
    let asked = Instant::now();
    let told = Command::new("kill").args(["-TERM", &serving.child.id().to_string()]).status();
    assert!(told.expect("kill runs").success());
    let status = serving.child.wait().expect("it ends");
    assert!(status.success(), "{status}");
    assert!(asked.elapsed() < PATIENCE, "{:?}", asked.elapsed());
    for worker in workers {
        worker.join().expect("a client is content");
    }
    assert!(TcpStream::connect(&serving.at).is_err(), "nobody listens");
    let unheard = {
        let ledger = ledger.lock().expect("the ledger");
        hold(&store, &ledger, 0);
        assert!(ledger.disputes.len() > 10, "there was load");
        ledger.disputes.values().filter(|answer| answer.is_none()).count()
    };
    // What was taken was answered: a request may have come too late, and then it was not done.
    let serving = Serving::start(&store);
    let (clients, _) = self::clients(&serving.at, &token, &ledger, &numbers);
    clients[0].settle();
    let ledger = ledger.lock().expect("the ledger");
    assert_eq!(ledger.done_unheard, 0, "of {unheard} without an answer none was done");
}
