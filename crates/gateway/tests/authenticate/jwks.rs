//! Sets of keys: from a text, a file, and an address that changes them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use serde_json::{Value, json};
use tenon_gateway::World;
use tenon_gateway::authenticate::{
    Algorithm, Authenticator, KeySource, Problem, UNKNOWN_KEY_REFRESH_MS, Verified,
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::made::{
    NOW_MS, assert_refused, authenticator, bearer, claims, forged, good, look, pair, runtime, settings,
};

fn set(keys: &[Value]) -> String {
    json!({ "keys": keys }).to_string()
}

/// An issuer on this machine: what it answers can be changed, and how often it was asked is known.
struct Server {
    answer: Mutex<String>,
    asked: AtomicUsize,
}

impl Server {
    async fn start(answer: String) -> (Arc<Self>, String) {
        let server = Arc::new(Self { answer: Mutex::new(answer), asked: AtomicUsize::new(0) });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/keys", listener.local_addr().unwrap());
        let shared = Arc::clone(&server);
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let server = Arc::clone(&shared);
                tokio::spawn(async move {
                    let mut head = Vec::new();
                    while !head.ends_with(b"\r\n\r\n") {
                        match stream.read_u8().await {
                            Ok(byte) => head.push(byte),
                            Err(_) => return,
                        }
                    }
                    assert!(head.starts_with(b"GET /keys HTTP/1.1\r\n"));
                    server.asked.fetch_add(1, Ordering::SeqCst);
                    // So that callers who come meanwhile wait for the same answer.
                    tokio::time::sleep(Duration::from_millis(30)).await;
                    let answer = server.answer.lock().clone();
                    let _ = stream.write_all(answer.as_bytes()).await;
                });
            }
        });
        (server, url)
    }

    fn answers(&self, answer: String) {
        *self.answer.lock() = answer;
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

fn ok(body: &str) -> String {
    format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/jwk-set+json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

fn at(url: String) -> Authenticator {
    authenticator(Algorithm::Es256, KeySource::JwksUrl(url))
}

/// Each kind of key, and the ones beside it that are passed over.
#[test]
fn keys_of_every_kind() {
    for algorithm in [Algorithm::Rs256, Algorithm::Es256, Algorithm::EdDsa] {
        let pair = pair(algorithm);
        let mut for_encryption = pair.jwk("enc");
        for_encryption["use"] = json!("enc");
        let mut other_algorithm = pair.jwk("other");
        other_algorithm["alg"] = json!("PS512");
        let mut for_signing = pair.jwk("ops");
        for_signing["key_ops"] = json!(["sign"]);
        let unknown = json!({ "kty": "AKP", "kid": "new", "pub": "AAAA" });
        let keys = [unknown, for_encryption, other_algorithm, for_signing, json!(7), pair.jwk("k-1")];
        let door = authenticator(algorithm, KeySource::Jwks(set(&keys)));
        claims(&look(&door, &pair.sign(good(), Some("k-1"))));
        claims(&look(&door, &pair.sign(good(), None)));
        for id in ["enc", "other", "ops", "new", "nobody"] {
            assert_refused(&look(&door, &pair.sign(good(), Some(id))), Problem::KeyUnknown);
        }
    }
    let secret = "a secret in a set, long enough for HS256";
    let key = json!({ "kty": "oct", "kid": "s", "k": base64_url(secret) });
    let door = authenticator(Algorithm::Hs256, KeySource::Jwks(set(&[key])));
    let token = forged(r#"{"alg":"HS256","kid":"s"}"#, &good().to_string(), secret);
    claims(&look(&door, &token));
}

fn base64_url(text: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text)
}

/// A new key is fetched when a token names it, once for all who wait; the old one goes, and with
/// it the tokens that were remembered.
#[test]
fn keys_rotate() {
    runtime().block_on(async {
        let (old, new) = (pair(Algorithm::Es256), pair(Algorithm::Es256));
        let (server, url) = Server::start(ok(&set(&[old.jwk("old")]))).await;
        let door = at(url);
        let (old_token, new_token) =
            (bearer(&old.sign(good(), Some("old"))), bearer(&new.sign(good(), Some("new"))));
        assert_refused(&door.verify_now(&old_token, NOW_MS), Problem::KeyUnknown);
        assert_eq!(door.load(NOW_MS).await, []);
        claims(&door.verify(&old_token, NOW_MS).await);
        assert_eq!(server.asked(), 1);

        server.answers(ok(&set(&[new.jwk("new")])));
        // Too soon after the last time.
        assert_refused(&door.verify(&new_token, NOW_MS + 1).await, Problem::KeyUnknown);
        assert_eq!(server.asked(), 1);
        let later_ms = NOW_MS + UNKNOWN_KEY_REFRESH_MS;
        let waiting = [1, 2, 3, 4].map(|after| door.verify(&new_token, later_ms + after));
        let [a, b, c, d] = waiting;
        let (a, b, c, d) = tokio::join!(a, b, c, d);
        for found in [a, b, c, d] {
            claims(&found);
        }
        assert_eq!(server.asked(), 2);
        assert_refused(&door.verify(&old_token, later_ms + 5).await, Problem::KeyUnknown);
    });
}

/// Forged key ids do not become a storm at the issuer.
#[test]
fn unknown_keys_ask_seldom() {
    runtime().block_on(async {
        let known = pair(Algorithm::Es256);
        let (server, url) = Server::start(ok(&set(&[known.jwk("known")]))).await;
        let door = at(url);
        let forger = pair(Algorithm::Es256);
        for number in 0..200 {
            let token = forger.sign(good(), Some(&format!("forged-{number}")));
            assert_refused(&door.verify(&bearer(&token), NOW_MS + number).await, Problem::KeyUnknown);
        }
        assert_eq!(server.asked(), 1);
        // A wrong signature of a known key asks for nothing; without a key id it may be a new key.
        let token = bearer(&forger.sign(good(), Some("known")));
        let later_ms = NOW_MS + 2 * UNKNOWN_KEY_REFRESH_MS;
        assert_refused(&door.verify(&token, later_ms).await, Problem::SignatureWrong);
        assert_eq!(server.asked(), 1);
        let token = bearer(&forger.sign(good(), None));
        assert_refused(&door.verify(&token, later_ms).await, Problem::SignatureWrong);
        assert_eq!(server.asked(), 2);
    });
}

/// Whatever the issuer answers, the keys before still count.
#[test]
fn keys_are_kept_when_the_issuer_fails() {
    runtime().block_on(async {
        let known = pair(Algorithm::Es256);
        let (server, url) = Server::start(ok(&set(&[known.jwk("known")]))).await;
        let door = at(url.clone());
        assert_eq!(door.load(NOW_MS).await, []);
        let token = bearer(&known.sign(good(), Some("known")));
        let secret = json!({ "kty": "oct", "kid": "s", "k": base64_url(&"s".repeat(40)) });
        let many: Vec<Value> = (0..100).map(|number| known.jwk(&format!("k-{number}"))).collect();
        let elsewhere = format!("HTTP/1.1 302 Found\r\nlocation: {url}\r\ncontent-length: 0\r\n\r\n");
        for (answer, said) in [
            (String::new(), "cannot fetch keys from http://127.0.0.1:"),
            ("HTTP/1.1 500 Oh\r\ncontent-length: 0\r\n\r\n".to_owned(), "the answer is 500"),
            (elsewhere, "the answer is 302"),
            (ok("<html>"), "no JSON object"),
            (ok("{\"keys\":[],\"keys\":[]}"), "no JSON object"),
            (ok("{}"), "no list `keys`"),
            (ok(&set(&[])), "none of the 0 keys can verify ES256"),
            (ok(&set(&[secret])), "none of the 1 keys can verify ES256"),
            (ok(&set(&many)), "more than 32"),
            (ok(&" ".repeat(300_000)), "length limit exceeded"),
        ] {
            server.answers(answer);
            let problems = door.load(NOW_MS).await;
            let text = problems.first().map(ToString::to_string).unwrap_or_default();
            assert!(text.contains(said), "{text}\nlacks {said}");
            claims(&door.verify(&token, NOW_MS).await);
        }
        let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let gone = format!("http://{}/keys", nobody.local_addr().unwrap());
        drop(nobody);
        let door = at(gone);
        assert_eq!(door.load(NOW_MS).await.len(), 1);
        assert_refused(&door.verify(&token, NOW_MS).await, Problem::KeyUnknown);
    });
}

/// An issuer that never answers keeps nobody for longer than the limit.
#[test]
fn slow_issuers_are_given_up() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let door = at(format!("http://{}/keys", listener.local_addr().unwrap()));
        let problems = door.load(NOW_MS).await;
        assert!(problems[0].message.contains("no answer in time"), "{problems:?}");
    });
}

/// A file of keys is read at the start, and again when a token names a key that is not in it.
#[test]
fn a_file_of_keys_rotates() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.json");
    let (old, new) = (pair(Algorithm::EdDsa), pair(Algorithm::EdDsa));
    let missing = Authenticator::new(settings(Algorithm::EdDsa, KeySource::JwksFile(path.clone())));
    assert!(missing.unwrap_err().to_string().contains("cannot read"));
    std::fs::write(&path, set(&[old.jwk("old")])).unwrap();
    let door = authenticator(Algorithm::EdDsa, KeySource::JwksFile(path.clone()));
    claims(&look(&door, &old.sign(good(), Some("old"))));
    std::fs::write(&path, set(&[new.jwk("new")])).unwrap();
    runtime().block_on(async {
        claims(&door.verify(&bearer(&new.sign(good(), Some("new"))), NOW_MS).await);
    });
    assert_refused(&look(&door, &old.sign(good(), Some("old"))), Problem::KeyUnknown);
    // Also without anybody asking for it.
    let world = World::system();
    runtime().block_on(async {
        let change = async {
            tokio::time::sleep(Duration::from_millis(100)).await;
            std::fs::write(&path, set(&[new.jwk("new"), old.jwk("old-again")])).unwrap();
            tokio::time::sleep(Duration::from_millis(2_500)).await;
        };
        tokio::select! { () = door.keep_fresh(&world) => {}, () = change => {} }
    });
    assert!(matches!(look(&door, &old.sign(good(), Some("old-again"))), Verified::Claims(_)));
}
