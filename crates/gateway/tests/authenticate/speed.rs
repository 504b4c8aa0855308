//! What a verification costs; figures, not a test: `cargo test --release -p tenon-gateway --test
//! authenticate -- --ignored --nocapture speed`.

use std::hint::black_box;
use std::time::Instant;

use serde_json::json;
use tenon_gateway::authenticate::{Algorithm, Authenticator, KeySource, Revocation, Revoked};

use crate::made::{NOW_MS, authenticator, bearer, claims, good, good_but, hs256, pair, with_secret};

const ROUNDS: u32 = 20_000;

fn measure(what: &str, door: &Authenticator, tokens: &[String]) {
    let headers: Vec<_> = tokens.iter().map(|token| bearer(token)).collect();
    for header in &headers {
        claims(&door.verify_now(header, NOW_MS));
    }
    let start = Instant::now();
    for header in headers.iter().cycle().take(ROUNDS as usize) {
        black_box(door.verify_now(black_box(header), NOW_MS));
    }
    println!("{what}: {:.2} µs", start.elapsed().as_secs_f64() * 1e6 / f64::from(ROUNDS));
}

#[test]
#[ignore = "prints how long tokens take and asserts nothing: run by hand, timed tests would fail on busy machines"]
fn speed() {
    measure("remembered, one token of 400 bytes", &with_secret(), &[hs256(good())]);
    let many: Vec<String> = (0..1000).map(|n| hs256(good_but(json!({ "jti": n.to_string() })))).collect();
    measure("remembered, a thousand tokens", &with_secret(), &many);
    let door = with_secret();
    for n in 0..10_000 {
        let revoked = Revoked::Id(format!("revoked-{n}"));
        door.revoke(Revocation { issuer: None, revoked, forget_ms: None }, NOW_MS).unwrap();
    }
    measure("remembered, with ten thousand revocations", &door, &many);
    let fresh = |algorithm, sign: &dyn Fn(String) -> String, door: &Authenticator| {
        let tokens: Vec<_> = (0..2000).map(|n| bearer(&sign(n.to_string()))).collect();
        let start = Instant::now();
        for token in &tokens {
            claims(&door.verify_now(token, NOW_MS));
        }
        println!("{algorithm}, first time: {:.1} µs", start.elapsed().as_secs_f64() * 1e6 / 2000.0);
    };
    fresh("HS256", &|n| hs256(good_but(json!({ "jti": n }))), &with_secret());
    for algorithm in [Algorithm::Rs256, Algorithm::Es256, Algorithm::EdDsa] {
        let pair = pair(algorithm);
        let door = authenticator(algorithm, KeySource::Pem(pair.public_pem.clone()));
        fresh(algorithm.as_str(), &|n| pair.sign(good_but(json!({ "jti": n })), None), &door);
    }
}
