//! What was taken back before its time. The caller keeps it; here it is held to be looked up on
//! every call.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::RwLock;

use super::authenticator::Claims;
use super::{LEEWAY_MS, REVOCATIONS_MAX};

/// What is taken back.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Revoked {
    /// The token or API key with this id (`jti`).
    Id(String),
    /// Whatever was issued (`iat`) to this subject (`sub`) until a moment, in milliseconds since
    /// 1970. Tokens that do not say when they were issued are taken back too.
    Subject {
        /// The subject.
        subject: String,
        /// The moment.
        until_ms: i64,
    },
}

/// One revocation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revocation {
    /// Whose tokens; of every issuer if absent. The issuer of API keys is `api-key`.
    pub issuer: Option<String>,
    /// What is taken back.
    pub revoked: Revoked,
    /// When it may be forgotten, since what it takes back has expired, in milliseconds since 1970;
    /// never if absent.
    pub forget_ms: Option<i64>,
}

/// More is revoked than can be held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooManyRevocations;

impl std::fmt::Display for TooManyRevocations {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{REVOCATIONS_MAX} revocations are held and none has ended; revoke by subject, give them an end, \
             or change the issuer's key"
        )
    }
}

impl std::error::Error for TooManyRevocations {}

/// By issuer (empty: of every issuer) and id.
type Key = (String, String);

#[derive(Debug, Default)]
struct Held {
    /// When it may be forgotten.
    ids: BTreeMap<Key, Option<i64>>,
    /// Until when issued, and when it may be forgotten.
    subjects: BTreeMap<Key, (i64, Option<i64>)>,
}

#[derive(Debug, Default)]
pub(super) struct Revocations {
    /// So that nothing is looked up where nothing is revoked.
    any: AtomicBool,
    held: RwLock<Held>,
}

impl Revocations {
    pub(super) fn add(&self, revocation: Revocation, now_ms: i64) -> Result<(), TooManyRevocations> {
        let mut held = self.held.write();
        if held.ids.len() + held.subjects.len() >= REVOCATIONS_MAX {
            let holds = |end: Option<i64>| end.is_none_or(|end| now_ms < end.saturating_add(LEEWAY_MS));
            held.ids.retain(|_, end| holds(*end));
            held.subjects.retain(|_, (_, end)| holds(*end));
            if held.ids.len() + held.subjects.len() >= REVOCATIONS_MAX {
                return Err(TooManyRevocations);
            }
        }
        let issuer = revocation.issuer.unwrap_or_default();
        let end = revocation.forget_ms;
        match revocation.revoked {
            Revoked::Id(id) => {
                let held = held.ids.entry((issuer, id)).or_insert(end);
                *held = later(*held, end);
            }
            Revoked::Subject { subject, until_ms } => {
                let held = held.subjects.entry((issuer, subject)).or_insert((until_ms, end));
                *held = (held.0.max(until_ms), later(held.1, end));
            }
        }
        self.any.store(true, Ordering::Release);
        Ok(())
    }

    pub(super) fn covers(&self, claims: &Claims) -> bool {
        if !self.any.load(Ordering::Acquire) {
            return false;
        }
        let held = self.held.read();
        let text = |name: &str| claims.members.get(name).and_then(serde_json::Value::as_str);
        let keys = |id: &str| [(String::new(), id.to_owned()), (claims.issuer.clone(), id.to_owned())];
        let by_id = text("jti").is_some_and(|id| keys(id).iter().any(|key| held.ids.contains_key(key)));
        let before = |until_ms: i64| claims.issued_ms.is_none_or(|issued_ms| issued_ms <= until_ms);
        by_id
            || text("sub").is_some_and(|subject| {
                keys(subject)
                    .iter()
                    .any(|key| held.subjects.get(key).is_some_and(|(until, _)| before(*until)))
            })
    }
}

/// The later end; never is the latest.
fn later(one: Option<i64>, other: Option<i64>) -> Option<i64> {
    Some(one?.max(other?))
}
