//! API keys: of partners, hashed at rest.

use std::path::PathBuf;

use serde_json::{Value, json};
use tenon_gateway::authenticate::{
    ApiKey, AuthenticationSettings, Authenticator, Method, NewApiKey, Problem, Revocation, Revoked, Verified,
    api_keys,
};
use tenon_gateway::{SystemEntropy, World};

use crate::made::{NOW_MS, NOW_S, assert_refused, claims, headers, members, runtime};

fn make(claims: Value) -> NewApiKey {
    NewApiKey::make(members(claims), "2026-11-21T12:00:00Z".to_owned(), &SystemEntropy)
}

fn partner() -> Value {
    json!({ "sub": "acme", "actor_type": "partner", "tenant_id": "t-1", "scope": "leads:write" })
}

fn door(keys: &[ApiKey]) -> (Authenticator, PathBuf, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.json");
    std::fs::write(&path, api_keys::to_text(keys)).unwrap();
    let settings =
        AuthenticationSettings { api_keys: Some(path.clone()), ..AuthenticationSettings::default() };
    (Authenticator::new(settings).unwrap(), path, folder)
}

fn look(door: &Authenticator, key: &str) -> Verified {
    let first = door.verify_now(&headers(&[("x-api-key", key)]), NOW_MS);
    let second = door.verify_now(&headers(&[("authorization", &format!("ApiKey {key}"))]), NOW_MS);
    assert_eq!(first, second);
    first
}

#[test]
fn a_key_stands_for_its_claims() {
    let (key, other) = (make(partner()), make(partner()));
    assert_ne!(key.text, other.text);
    let (door, path, _folder) = door(&[key.kept.clone(), other.kept]);
    let found = claims(&look(&door, &key.text));
    assert_eq!((found.issuer.as_str(), found.method), ("api-key", Method::ApiKey));
    assert_eq!(found.members["sub"], "acme");
    assert_eq!(found.members["jti"], json!(key.kept.id));
    // Nothing in the file opens the door.
    let text = std::fs::read_to_string(path).unwrap();
    let (_, secret) = key.text.strip_prefix("tenon_").unwrap().split_once('_').unwrap();
    assert!(!text.contains(secret));
}

#[test]
fn wrong_keys_are_refused() {
    let key = make(partner());
    let (door, _, _folder) = door(std::slice::from_ref(&key.kept));
    let changed = format!("{}A", &key.text[..key.text.len() - 1]);
    let changed = if changed == key.text { format!("{}B", &key.text[..key.text.len() - 1]) } else { changed };
    let id_only = format!("tenon_{}_", key.kept.id);
    let long = format!("{}{}", key.text, "A".repeat(1000));
    let unknown = make(partner()).text;
    for text in ["", "tenon_", "tenon__", "x", &changed, &id_only, &long, &unknown] {
        assert_refused(&look(&door, text), Problem::ApiKeyUnknown);
    }
    // The hash that is kept is no key.
    let hash: String = key.kept.hash.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_refused(&look(&door, &format!("tenon_{}_{hash}", key.kept.id)), Problem::ApiKeyUnknown);
}

/// S2-171: keys expire and are revoked, too.
#[test]
fn keys_expire_and_are_revoked() {
    let mut claims_of = partner();
    claims_of["exp"] = json!(NOW_S - 60);
    let (expired, good) = (make(claims_of), make(partner()));
    let (door, _, _folder) = door(&[expired.kept, good.kept.clone()]);
    assert_refused(&look(&door, &expired.text), Problem::Expired);
    claims(&look(&door, &good.text));
    let revoked = Revoked::Id(good.kept.id);
    door.revoke(Revocation { issuer: None, revoked, forget_ms: None }, NOW_MS).unwrap();
    assert_refused(&look(&door, &good.text), Problem::Revoked);
}

#[test]
fn files_that_are_wrong_say_where() {
    let key = make(partner()).kept;
    let good = api_keys::to_text(std::slice::from_ref(&key));
    assert_eq!(api_keys::parse(&good).unwrap(), vec![key.clone()]);
    let twice = api_keys::to_text(&[key.clone(), key]);
    for (text, said) in [
        ("", "no JSON object"),
        ("[]", "no JSON object"),
        ("{\"version\":1,\"version\":1,\"keys\":[]}", "member twice"),
        ("{\"version\":2,\"keys\":[]}", "not of version 1"),
        ("{\"version\":1}", "no list `keys`"),
        (twice.as_str(), "API key 2: the id"),
        (&good.replace("sha256:", "md5:"), "API key 1: `hash` is not"),
        (&good.replace("sha256:", "sha256:+"), "API key 1: `hash` is not"),
        (&good.replace("\"claims\"", "\"says\""), "API key 1: `claims` is no object"),
        (&good.replace("\"sub\"", "\"exp\""), "API key 1: The claim `exp`"),
    ] {
        let problem = api_keys::parse(text).unwrap_err().to_string();
        assert!(problem.contains(said), "{problem}\nlacks {said}");
    }
    let settings = AuthenticationSettings {
        api_keys: Some(PathBuf::from("nowhere/keys.json")),
        ..AuthenticationSettings::default()
    };
    let problem = Authenticator::new(settings).unwrap_err().to_string();
    assert!(problem.contains("cannot read nowhere/keys.json"), "{problem}");
}

/// The file is read again when it changes; a broken one changes nothing.
#[test]
fn the_file_is_read_again() {
    let (first, second) = (make(partner()), make(partner()));
    let (door, path, _folder) = door(&[first.kept]);
    assert_refused(&look(&door, &second.text), Problem::ApiKeyUnknown);
    let world = World::system();
    runtime().block_on(async {
        let change = async {
            // Until the loop has seen the file as it is; then each change is seen at its next look.
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            std::fs::write(&path, "broken").unwrap();
            tokio::time::sleep(std::time::Duration::from_millis(2_500)).await;
            claims(&look(&door, &first.text));
            std::fs::write(&path, api_keys::to_text(&[second.kept])).unwrap();
            tokio::time::sleep(std::time::Duration::from_millis(2_500)).await;
        };
        tokio::select! { () = door.keep_fresh(&world) => {}, () = change => {} }
    });
    claims(&look(&door, &second.text));
    assert_refused(&look(&door, &first.text), Problem::ApiKeyUnknown);
}
