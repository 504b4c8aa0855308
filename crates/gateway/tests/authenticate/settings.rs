//! Settings that cannot be used are said at the start, with what to do.

use tenon_gateway::SystemEntropy;
use tenon_gateway::authenticate::{
    Algorithm, AuthenticationSettings, Authenticator, DevelopmentKey, IssuerSettings, KeySource, Problem,
    SigningKey, Verified, development,
};

use crate::made::{
    ISSUER, NOW_MS, SECRET, assert_refused, bearer, claims, good_but, issuer, look, members, pair,
    with_secret,
};
use serde_json::json;

fn problem(settings: IssuerSettings) -> String {
    let settings = AuthenticationSettings { issuers: vec![settings], ..AuthenticationSettings::default() };
    Authenticator::new(settings).unwrap_err().to_string()
}

#[track_caller]
fn says(settings: IssuerSettings, said: &str) {
    let text = problem(settings);
    assert!(text.contains(said), "{text}\nlacks {said}");
}

#[test]
fn issuers_that_cannot_be_used() {
    let pem = pair(Algorithm::Es256);
    let secret = || issuer(Algorithm::Hs256, KeySource::Secret(SECRET.into()));
    says(IssuerSettings { issuer: String::new(), ..secret() }, "has no name");
    says(IssuerSettings { audiences: vec![], ..secret() }, "no audience is named");
    says(IssuerSettings { audiences: vec![String::new()], ..secret() }, "no audience is named");
    says(IssuerSettings { algorithms: vec![], ..secret() }, "no algorithm is named");
    let both = vec![Algorithm::Hs256, Algorithm::Rs256];
    says(IssuerSettings { algorithms: both, ..secret() }, "HS256 stands beside algorithms with public keys");
    says(issuer(Algorithm::Rs256, KeySource::Secret(SECRET.into())), "a secret is for HS256 alone");
    says(issuer(Algorithm::Hs256, KeySource::Pem(pem.public_pem.clone())), "HS256 needs a secret");
    let url = KeySource::JwksUrl("https://id.example.com/keys".to_owned());
    says(issuer(Algorithm::Hs256, url), "HS256 needs a secret");
    says(issuer(Algorithm::Hs256, KeySource::Secret(b"short".to_vec())), "the secret has 5 bytes");
    says(
        issuer(Algorithm::Hs256, KeySource::Secret(pem.public_pem.clone().into())),
        "the secret is a PEM file",
    );
    says(issuer(Algorithm::Es256, KeySource::Pem(pem.private_pem)), "holds a private key");
    says(issuer(Algorithm::Es256, KeySource::Pem("nothing".to_owned())), "has no key");
    let broken = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n".to_owned();
    says(issuer(Algorithm::Es256, KeySource::Pem(broken)), "not RSA, P-256 or Ed25519");
    let cert = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".to_owned();
    says(issuer(Algorithm::Es256, KeySource::Pem(cert)), "holds a certificate");
    for (url, said) in [
        ("http://id.example.com/keys", "not fetched over `http`"),
        ("http://127.0.0.1.example.com/keys", "not fetched over `http`"),
        ("file:///etc/passwd", "not fetched over `file`"),
        ("https://user:pass@id.example.com/keys", "password in it"),
        ("keys.json", "is no address"),
    ] {
        says(issuer(Algorithm::Rs256, KeySource::JwksUrl(url.to_owned())), said);
    }
    let twice =
        AuthenticationSettings { issuers: vec![secret(), secret()], ..AuthenticationSettings::default() };
    let text = Authenticator::new(twice).unwrap_err().to_string();
    assert_eq!(text, format!("issuer `{ISSUER}`: it is set twice; set it once"));
    let shown = format!("{:?}", secret());
    assert!(!shown.contains("long enough"), "{shown}");
}

/// A key of another kind than the algorithm verifies nothing.
#[test]
fn a_key_serves_its_own_algorithm() {
    let pair = pair(Algorithm::Es256);
    let door = Authenticator::new(AuthenticationSettings {
        issuers: vec![issuer(Algorithm::Rs256, KeySource::Pem(pair.public_pem.clone()))],
        ..AuthenticationSettings::default()
    });
    let problem = door.unwrap_err().to_string();
    assert!(problem.contains("no key for RS256"), "{problem}");
}

/// Nothing is accepted that is not set.
#[test]
fn nothing_set_nothing_accepted() {
    let door = Authenticator::new(AuthenticationSettings::default()).unwrap();
    assert!(!door.accepts_any());
    assert_refused(&look(&door, &crate::made::hs256(crate::made::good())), Problem::IssuerUnknown);
    assert!(with_secret().accepts_any());
}

/// The development key is made once, for its owner alone, and counts only where it is set.
#[test]
fn development_tokens() {
    let folder = tempfile::tempdir().unwrap();
    let path = DevelopmentKey::path(&folder.path().join("sales.db"));
    assert_eq!(path.file_name().unwrap(), "sales.db.dev-key");
    let key = DevelopmentKey::open(&path, &SystemEntropy).unwrap();
    assert_eq!(DevelopmentKey::open(&path, &SystemEntropy).unwrap(), key);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    assert_eq!(format!("{key:?}"), "DevelopmentKey(..)");
    let of = good_but(json!({ "iss": development::ISSUER, "aud": development::AUDIENCE }));
    let token = SigningKey::development(&key).sign(&members(of), None).unwrap();
    assert_refused(&look(&with_secret(), &token), Problem::IssuerUnknown);
    let settings = AuthenticationSettings { development: Some(key), ..AuthenticationSettings::default() };
    let door = Authenticator::new(settings).unwrap();
    claims(&look(&door, &token));
    assert_eq!(door.verify_now(&http::HeaderMap::new(), NOW_MS), Verified::Anonymous);
    let other = DevelopmentKey::open(&folder.path().join("other.dev-key"), &SystemEntropy).unwrap();
    let settings = AuthenticationSettings { development: Some(other), ..AuthenticationSettings::default() };
    let door = Authenticator::new(settings).unwrap();
    assert_refused(&door.verify_now(&bearer(&token), NOW_MS), Problem::SignatureWrong);
}

#[cfg(unix)]
#[test]
fn development_keys_are_private() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key");
    DevelopmentKey::open(&path, &SystemEntropy).unwrap();
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    let problem = DevelopmentKey::open(&path, &SystemEntropy).unwrap_err().to_string();
    assert!(problem.contains("others can read"), "{problem}");
    std::fs::remove_file(&path).unwrap();
    std::fs::write(&path, "something else").unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    let problem = DevelopmentKey::open(&path, &SystemEntropy).unwrap_err().to_string();
    assert!(problem.contains("holds no development key"), "{problem}");
    let nowhere = folder.path().join("none/key");
    assert!(DevelopmentKey::open(&nowhere, &SystemEntropy).unwrap_err().to_string().contains("cannot write"));
}

/// Keys that cannot sign.
#[test]
fn signing_keys_that_cannot_be_used() {
    for (text, said) in [
        ("short", "the secret has 5 bytes"),
        (pair(Algorithm::Es256).public_pem.as_str(), "no private key"),
        ("-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n", "not RSA, P-256 or Ed25519"),
    ] {
        let problem = SigningKey::parse(text).unwrap_err().to_string();
        assert!(problem.contains(said), "{problem}\nlacks {said}");
    }
}
