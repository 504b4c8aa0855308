//! The simulator: clients that interleave, a store that fails before and after its commits, a clock
//! that jumps, a server behind that fails in every way, callers that hang up. After each run the
//! promises are looked at one by one.
//!
//! A seed decides what clients do, which faults there are and what the server behind answers; only
//! how many commits the writer takes into one group is left to the machine. `TENON_SIM_SEED=7` runs
//! one seed, `TENON_SIM_SEEDS=500` so many.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use http_body_util::BodyExt as _;
use parking_lot::Mutex;
use serde_json::{Value, json};
use tenon_gateway::Entropy;
use tenon_storage::engines::{Faults, Faulty, Memory};
use tenon_storage::{EventQuery, Found, ListQuery, Read};

use crate::support::{Answer, Behind, Site, answers, pack};

/// Time for all seeds of an ordinary run, in seconds.
const SECONDS: u64 = 8;

/// Seeds of an ordinary run at most, a count.
const SEEDS_MAX: u64 = 60;

/// Clients at once, a count; two share each identity.
const CLIENTS: u64 = 6;

/// Requests of one client, a count.
const REQUESTS: u64 = 20;

fn ledger(port: u16) -> String {
    format!(
        r#"
tenon: contract/v1
name: ledger
version: 1.0.0
owner: ledger-team
actors: {{partner: A company.}}
scopes: {{"things:write": Change things}}
defaults: {{tenancy: none, auth: required, actors: [partner], scopes: ["things:write"]}}
events:
  entry.made: {{public: true}}
entities:
  Entry: {{id: {{field: entry_id, form: sequence, prefix: entry_}}, index: [ref], key: [slot]}}
operations:
  entries.make:
    http: POST /entries
    idempotency: required
    handler:
      create: Entry
      set: {{ref: "=headers['idempotency-key']", slot: "=headers['x-slot']", owner: =principal.id}}
      emit: [{{type: entry.made, data: {{ref: =record.ref, entry_id: =record.entry_id}}}}]
      status: 201
  orders.make:
    http: POST /orders
    idempotency: required
    handler: {{proxy: "http://127.0.0.1:{port}", timeout: 60ms, retries: 2, breaker: {{failures: 4, cooldown: 5s}}}}
"#
    )
}

/// SplitMix64.
#[derive(Debug)]
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, count: u64) -> u64 {
        self.next() % count
    }
}

/// Ids that are the same for the same seed.
#[derive(Debug)]
struct Foreseen(Mutex<Random>);

impl Entropy for Foreseen {
    fn uuid(&self, now_ms: i64) -> String {
        let random = self.0.lock().next();
        let ms = now_ms.unsigned_abs();
        let (high, low) = (ms >> 16, ms & 0xffff);
        format!(
            "{high:08x}-{low:04x}-7{:03x}-8{:03x}-{:012x}",
            random & 0xfff,
            (random >> 12) & 0xfff,
            random >> 16
        )
    }

    fn fill(&self, bytes: &mut [u8]) {
        let mut random = self.0.lock();
        bytes.fill_with(|| random.next().to_le_bytes()[0]);
    }
}

/// Says which seed it was, where a run fails.
struct Told(u64);

impl Drop for Told {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the seed that failed: TENON_SIM_SEED={}", self.0);
        }
    }
}

/// A request that can be sent again.
#[derive(Debug, Clone)]
struct Sent {
    who: String,
    path: &'static str,
    key: String,
    body: Value,
    slot: String,
}

/// What is known of a request: the first answer that said it was done.
type Book = BTreeMap<(String, String), (Sent, Option<Answer>)>;

struct World {
    site: Arc<Site>,
    tokens: BTreeMap<String, String>,
    book: Mutex<Book>,
    /// Keys the server behind has acted under, and how often.
    acted: Arc<Mutex<BTreeMap<String, u32>>>,
    /// Keys under which something was answered for the first time.
    fresh: Mutex<BTreeSet<(String, String)>>,
    done: AtomicU64,
}

impl World {
    async fn send(&self, sent: &Sent) -> Answer {
        send(&self.site, &self.tokens[&sent.who], sent).await
    }

    /// Holds an answer to what was promised, and notes it.
    fn note(&self, sent: &Sent, answer: &Answer) {
        let mut book = self.book.lock();
        let known = &mut book.entry((sent.who.clone(), sent.key.clone())).or_insert((sent.clone(), None)).1;
        if answer.status.is_success() {
            if answer.header("idempotent-replayed") != "true" {
                let fresh = self.fresh.lock().insert((sent.who.clone(), sent.key.clone()));
                assert!(fresh, "executed twice: {sent:?}");
            }
            match known {
                Some(first) => {
                    assert_eq!((answer.status, &answer.body), (first.status, &first.body), "{sent:?}")
                }
                None => *known = Some(answer.clone()),
            }
            self.done.fetch_add(1, Ordering::Relaxed);
            return;
        }
        let body = answer.json();
        if body.get("upstream").is_some() {
            return;
        }
        let code = answer.code();
        // Done is done: what was answered once is answered again, unless the store fails; a call to
        // the server behind may have met the first one on its way.
        if known.is_some() {
            let met = sent.path == "/orders" && answer.status == 409;
            assert!(met || answer.status == 503, "it was done, and now: {body}; {sent:?}");
        }
        let plan = self.site.gateway.plan();
        assert!(plan.contracts.iter().any(|one| one.catalogue.has(&code)), "no code of a catalogue: {body}");
        assert!(code != "internal" && code != "response_invalid", "{body} for {sent:?}");
    }
}

async fn send(site: &Site, token: &str, sent: &Sent) -> Answer {
    let asking = site.ask("POST", sent.path).header("authorization", &format!("Bearer {token}"));
    let asking = asking.header("idempotency-key", &sent.key).header("x-slot", &sent.slot);
    asking.json(&sent.body).await
}

fn request(random: &mut Random, who: &str, key: String) -> Sent {
    let slot = random.below(40);
    let at = format!("2026-03-02T10:{:02}:00Z", random.below(60));
    let platform = ["steam", "gog"][usize::from(random.below(2) == 1)];
    let (path, body) = match random.below(6) {
        0 => (
            "/platform-connections",
            json!({"connection": {"platform": platform,
            "account_ref": format!("{platform}:{}", random.below(3)), "status": "connected", "connected_at": at}}),
        ),
        1 => (
            "/inventory/snapshots",
            json!({"snapshot": {"platform": platform, "captured_at": at,
            "assets": [{"asset_id": format!("a-{}", random.below(5)), "quantity": 1 + random.below(9)}]}}),
        ),
        2 | 3 => (
            "/disputes",
            json!({"dispute": {"dispute_type": "delivery", "severity": "medium",
            "subject_ref": format!("{who}/{key}"), "reason_code": "delivery_late"}}),
        ),
        4 => ("/orders", json!({"n": random.below(9)})),
        _ => ("/entries", Value::Null),
    };
    Sent { who: who.to_owned(), path, key, body, slot: slot.to_string() }
}

async fn client(world: Arc<World>, number: u64, seed: u64) {
    let mut random = Random(seed.wrapping_mul(1_000).wrapping_add(number));
    let who = format!("partner-{}", number / 2);
    for n in 0..REQUESTS {
        let earlier = {
            let book = world.book.lock();
            let own: Vec<&Sent> =
                book.values().map(|(sent, _)| sent).filter(|sent| sent.who == who).collect();
            let again = !own.is_empty() && random.below(3) == 0;
            again.then(|| own[random.below(own.len() as u64) as usize].clone())
        };
        let sent = earlier.unwrap_or_else(|| request(&mut random, &who, format!("k-{number}-{n}")));
        world.book.lock().entry((who.clone(), sent.key.clone())).or_insert((sent.clone(), None));
        match random.below(12) {
            // A caller that hangs up somewhere on the way.
            0 => {
                let (own, one) = (Arc::clone(&world), sent.clone());
                let task = tokio::spawn(async move { own.send(&one).await });
                for _ in 0..random.below(12) {
                    tokio::task::yield_now().await;
                }
                task.abort();
            }
            1 => world.site.hand.forward(i64::try_from(random.below(60_000)).expect("it is small") - 1_000),
            _ => {
                let answer = world.send(&sent).await;
                world.note(&sent, &answer);
            }
        }
        tokio::task::yield_now().await;
    }
}

/// A server that acts and says so, acts and breaks off, acts and is late, or refuses.
async fn behind(seed: u64) -> (Behind, Arc<Mutex<BTreeMap<String, u32>>>) {
    let acted: Arc<Mutex<BTreeMap<String, u32>>> = Arc::default();
    let random = Mutex::new(Random(seed ^ 0xbe41_17d0));
    let noted = Arc::clone(&acted);
    let behind = Behind::start(move |_, asked| {
        let what = random.lock().below(20);
        let actor = asked.headers["x-tenon-actor"].to_str().expect("text").to_owned();
        let key = format!("{actor} {}", asked.headers["idempotency-key"].to_str().expect("text"));
        let noted = Arc::clone(&noted);
        async move {
            if what < 3 {
                return answers(
                    [422, 500, 503][usize::try_from(what).expect("it is small")],
                    &json!({"upstream": "no"}),
                );
            }
            *noted.lock().entry(key).or_default() += 1;
            match what {
                3 => tokio::time::sleep(Duration::from_millis(90)).await,
                4 => {
                    let pieces = [Ok(http_body::Frame::data(bytes::Bytes::from_static(b"{")))]
                        .into_iter()
                        .chain([Err(tenon_gateway::BodyError::from("cut"))]);
                    let body =
                        http_body_util::StreamBody::new(futures_util::stream::iter(pieces)).boxed_unsync();
                    return http::Response::new(body);
                }
                _ => {}
            }
            answers(201, &json!({"order": what}))
        }
    })
    .await;
    (behind, acted)
}

/// Every record of a collection, in all places it may be.
fn records(site: &Site, collection: &str) -> Vec<Value> {
    let query = |tenant: &str| {
        Read::List(ListQuery {
            tenant: tenant.into(),
            collection: collection.into(),
            limit: 10_000,
            ..ListQuery::default()
        })
    };
    let found = site.gateway.store().read(&[query(""), query("t-1")]).expect("it reads");
    let list = |found| match found {
        Found::Records(list) => list,
        other => panic!("{other:?}"),
    };
    found.into_iter().flat_map(list).map(|one| serde_json::from_slice(&one.body).expect("JSON")).collect()
}

/// How often each value of a member stands in records.
fn tally<'v>(records: &'v [Value], member: &str) -> BTreeMap<&'v str, u32> {
    let mut all = BTreeMap::new();
    for record in records {
        *all.entry(record[member].as_str().unwrap_or_else(|| panic!("no {member} in {record}")))
            .or_default() += 1;
    }
    all
}

async fn run(seed: u64) -> (u64, u64) {
    let _told = Told(seed);
    let (behind, acted) = behind(seed).await;
    let mut files = pack("swap");
    files.0.insert("ledger/contract.yaml".to_owned(), ledger(behind.port).into_bytes());
    let faulty = Arc::new(Faulty::new(Arc::new(Memory::new()), seed, Faults::default()).with_pause(|_| ()));
    let entropy = Arc::new(Foreseen(Mutex::new(Random(!seed))));
    let site = Arc::new(Site::with(&files, Arc::<Faulty>::clone(&faulty), entropy, |gateway| gateway));
    let tokens = (0..CLIENTS / 2).map(|n| format!("partner-{n}"));
    let tokens = tokens.map(|who| (who.clone(), site.token(crate::support::partner(&who)))).collect();
    let world = World {
        site: Arc::clone(&site),
        tokens,
        book: Mutex::default(),
        acted,
        fresh: Mutex::default(),
        done: AtomicU64::new(0),
    };
    let world = Arc::new(world);
    faulty.set(Faults {
        read_fails: 15,
        commit_fails_before: 40,
        commit_fails_after: 40,
        conflict: 60,
        slow: 20,
        slow_ms: 1,
    });
    join_all((0..CLIENTS).map(|number| client(Arc::clone(&world), number, seed))).await;
    faulty.set(Faults::default());
    // Requests that were left alone may still be under way: they end within their time.
    tokio::time::sleep(Duration::from_millis(20)).await;
    settle(&world).await;
    promises(&world);
    (world.done.load(Ordering::Relaxed), faulty.injected())
}

/// Sends everything once more, now that nothing fails: what was done is replayed, what was not is
/// done. A call to the server behind may stay unknown, and is never made twice.
async fn settle(world: &World) {
    let all: Vec<(Sent, Option<Answer>)> = world.book.lock().values().cloned().collect();
    for (sent, known) in all {
        let answer = world.send(&sent).await;
        world.note(&sent, &answer);
        if sent.path == "/orders" && known.is_none() {
            continue;
        }
        let taken = answer.status == 409 && answer.code() == "duplicate_record";
        assert!(
            answer.status.is_success() || (taken && sent.path == "/entries"),
            "{sent:?}: {:?}",
            answer.body
        );
        if let Some(first) = known {
            assert_eq!(
                (answer.header("idempotent-replayed"), &answer.body),
                ("true", &first.body),
                "{sent:?}"
            );
        }
    }
}

fn promises(world: &World) {
    let site = &world.site;
    let book = world.book.lock();
    let disputes = records(site, "partner_disputes");
    let entries = records(site, "Entry");
    let (by_subject, by_ref) = (tally(&disputes, "subject_ref"), tally(&entries, "ref"));
    for (sent, answer) in book.values() {
        let Some(answer) = answer else { continue };
        let body = answer.json();
        match sent.path {
            // What was acknowledged is there, once, as it was told.
            "/disputes" => {
                let subject = format!("{}/{}", sent.who, sent.key);
                assert_eq!(by_subject.get(subject.as_str()), Some(&1), "{sent:?}");
                let id = &body["dispute"]["dispute_id"];
                let kept =
                    disputes.iter().find(|one| one["dispute_id"] == *id).expect("the dispute is there");
                assert_eq!(kept["subject_ref"], json!(subject));
            }
            "/entries" => {
                assert_eq!(by_ref.get(sent.key.as_str()), Some(&1), "{sent:?}");
            }
            "/orders" => {
                let acted = world.acted.lock().get(&format!("partner:{} {}", sent.who, sent.key)).copied();
                assert_eq!(acted, Some(1), "{sent:?}");
            }
            _ => {}
        }
    }
    for (key, times) in world.acted.lock().iter() {
        assert_eq!(*times, 1, "the server behind acted twice under {key}");
    }
    assert!(by_subject.values().chain(by_ref.values()).all(|times| *times == 1), "{by_subject:?} {by_ref:?}");
    assert!(tally(&entries, "slot").values().all(|times| *times == 1), "a natural key is taken twice");
    // No event without its commit, no commit without its event.
    let read = Read::Events(EventQuery { after: 0, limit: 10_000, ..EventQuery::default() });
    let Found::Events(events) = site.gateway.store().read(&[read]).expect("it reads").remove(0) else {
        panic!("no events");
    };
    let told: Vec<String> = events
        .iter()
        .map(|event| {
            let envelope: Value = serde_json::from_slice(&event.event.envelope).expect("JSON");
            let id =
                envelope.pointer("/data/payload/entry_id").or_else(|| envelope.pointer("/data/entry_id"));
            id.and_then(Value::as_str).unwrap_or_else(|| panic!("{envelope}")).to_owned()
        })
        .collect();
    let mut made: Vec<String> =
        entries.iter().map(|entry| entry["entry_id"].as_str().expect("text").to_owned()).collect();
    let mut sorted = told.clone();
    sorted.sort();
    made.sort();
    assert_eq!(sorted, made, "events and entries");
    let report = site.gateway.store().verify_audit().expect("it reads");
    assert!(report.broken.is_none() && report.links > 0, "{report:?}");
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn promises_hold_whatever_fails() {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    if let Some(seed) = number("TENON_SIM_SEED") {
        println!("{:?}", runtime().block_on(run(seed)));
        return;
    }
    let asked = number("TENON_SIM_SEEDS");
    let started = Instant::now();
    let (mut seeds, mut done, mut injected) = (0, 0, 0);
    for seed in 1..=asked.unwrap_or(SEEDS_MAX) {
        if asked.is_none() && started.elapsed() > Duration::from_secs(SECONDS) {
            break;
        }
        let (of_it, faults) = runtime().block_on(run(seed));
        (seeds, done, injected) = (seeds + 1, done + of_it, injected + faults);
    }
    println!("{seeds} seeds, {done} requests done, {injected} faults in the store");
    assert!(done > 50 * seeds && injected > 0, "{seeds} seeds did nothing much: {done}, {injected}");
}
