//! Who calls: tokens and keys are verified here, and nothing is decided.
//!
//! [`Authenticator::verify`] looks at the head of a request and says [`Verified`]: nobody, the
//! claims of somebody, or what is wrong. What the claims are good for is for
//! `tenon_policies::identity` to say. Verified tokens are remembered by their hash, so that the
//! next request costs one hash; what was revoked is looked up every time.
//!
//! Start reading at [`Authenticator`], then `token.rs`, then `keys.rs`.

pub mod api_keys;
mod authenticator;
mod cache;
pub mod development;
mod header;
mod keys;
mod mint;
mod problem;
mod revocation;
mod settings;
mod source;
mod strict_json;
mod token;

pub use api_keys::{ApiKey, NewApiKey};
pub use authenticator::{Authenticator, Claims, Method, Verified};
pub use development::DevelopmentKey;
pub use keys::KeysProblem;
pub use mint::{MintProblem, SigningKey};
pub use problem::{Challenge, Problem};
pub use revocation::{Revocation, Revoked, TooManyRevocations};
pub use settings::{Algorithm, AuthenticationSettings, IssuerSettings, KeySource, SettingsProblem};
pub use token::{Inspected, inspect};

/// How far clocks may be apart, in milliseconds: `exp`, `nbf` and `iat` are compared with it. Half
/// a minute is more than synchronised clocks differ, and less than matters for a token's life.
pub const LEEWAY_MS: i64 = 30_000;

/// Longest token that is looked at, in bytes: heads of requests are at most 64 KiB, and tokens
/// with hundreds of scopes stay below this.
pub const TOKEN_BYTES_MAX: usize = 16 * 1024;

/// Most members of the claims of a token, a count.
pub const CLAIMS_MAX: usize = 256;

/// Verified tokens that are remembered, a count: at some kilobytes each, tens of megabytes.
pub const CACHED_TOKENS_MAX: usize = 16 * 1024;

/// Revocations that are held, a count: some tens of megabytes. Past it revoking fails aloud.
pub const REVOCATIONS_MAX: usize = 200_000;

/// Largest set of keys, in bytes: real ones have some kilobytes.
pub const JWKS_BYTES_MAX: usize = 256 * 1024;

/// Most keys of one issuer, a count: a token without a key id is tried with each.
pub const KEYS_MAX: usize = 32;

/// Time to fetch a set of keys, in milliseconds: a caller with a new key waits for it.
pub const JWKS_FETCH_MS_MAX: u64 = 5_000;

/// How often a set of keys is fetched again, in milliseconds.
pub const JWKS_REFRESH_MS: i64 = 300_000;

/// How often an unknown key id may make a set of keys be fetched, in milliseconds: forged tokens
/// must not become a storm at the issuer.
pub const UNKNOWN_KEY_REFRESH_MS: i64 = 10_000;

/// How often files of keys are looked at, in milliseconds.
pub const FILES_POLL_MS: u64 = 2_000;
