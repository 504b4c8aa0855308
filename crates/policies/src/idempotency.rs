//! Whether a request was carried out before. See `idempotency.md`.

use data_encoding::HEXLOWER;
use serde_json::Value;
use sha2::{Digest, Sha256};
use tenon_storage::{IdempotencyKey, IdempotencyRecord, IdempotencyState, StoredReply};

use crate::{Condition, Identity, Refusal, Waiver};

/// Longest key, in bytes: room for two UUIDs and a prefix, and short enough for an index.
pub const KEY_BYTES_MAX: usize = 255;

/// How long a key counts where the contract says nothing, in milliseconds: a day.
pub const WINDOW_MS_DEFAULT: u64 = 86_400_000;

/// Whose keys are apart from each other's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum KeyScope {
    /// Each actor's within its tenant.
    #[default]
    Actor,
    /// Each tenant's.
    Tenant,
}

impl KeyScope {
    /// The scope a contract names, such as `tenant + endpoint` or `actor`.
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        let tenant = name.to_ascii_lowercase().contains("tenant");
        let actor = ["actor", "partner", "caller", "user"].iter().any(|word| name.contains(word));
        if tenant && !actor { Self::Tenant } else { Self::Actor }
    }
}

/// What an operation says of repeated calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyRule {
    /// Whether a key must be given.
    pub required: bool,
    /// The header field, for messages.
    pub header: String,
    /// Whose keys are apart.
    pub scope: KeyScope,
    /// How long a key counts, in milliseconds.
    pub window_ms: u64,
    /// Whether another payload under a key gets 409 and not 422.
    pub conflict: bool,
}

impl IdempotencyRule {
    /// What the contract says of an operation. `None` where it says nothing.
    #[must_use]
    pub fn of(idempotency: &tenon_graph::Idempotency) -> Self {
        let text = |name: &Option<tenon_graph::Name>| name.as_ref().map(|name| name.text.clone());
        Self {
            required: idempotency.required,
            header: text(&idempotency.key).unwrap_or_else(|| "Idempotency-Key".to_owned()),
            scope: text(&idempotency.scope).map(|name| KeyScope::from_name(&name)).unwrap_or_default(),
            window_ms: text(&idempotency.window)
                .and_then(|window| crate::duration::duration_ms(&window))
                .unwrap_or(WINDOW_MS_DEFAULT),
            conflict: text(&idempotency.conflict).is_some_and(|status| status.contains("409")),
        }
    }
}

/// The key of a request, as it was sent: a Structured Field String, or, as Stripe's clients send
/// it, without quotes.
///
/// # Errors
/// `idempotency_key_missing`, `idempotency_key_invalid`.
pub fn key(rule: &IdempotencyRule, field: Option<&str>) -> Result<Option<String>, Refusal> {
    let Some(field) = field.map(str::trim).filter(|field| !field.is_empty()) else {
        return match rule.required {
            true => Err(Refusal::new(Condition::IdempotencyKeyMissing)
                .with_detail(rule.header.as_str(), "is missing")),
            false => Ok(None),
        };
    };
    let bad = |reason: &str| {
        Refusal::new(Condition::IdempotencyKeyInvalid).with_detail(rule.header.as_str(), reason)
    };
    let key = match field.strip_prefix('"') {
        Some(rest) => unquoted(rest).ok_or_else(|| bad("is not a quoted string as RFC 9651 has it"))?,
        None if field.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b',' | b';')) => {
            field.to_owned()
        }
        None => return Err(bad("without quotes has letters, digits and signs only, no spaces")),
    };
    match key.len() {
        0 => Err(bad("is empty")),
        length if length > KEY_BYTES_MAX => Err(bad(&format!("is longer than {KEY_BYTES_MAX} bytes"))),
        _ => Ok(Some(key)),
    }
}

/// The text of a quoted string after its first quote; `None` where it is none.
fn unquoted(rest: &str) -> Option<String> {
    let mut out = String::with_capacity(rest.len());
    let mut letters = rest.chars();
    loop {
        match letters.next()? {
            '"' => break,
            '\\' => out.push(letters.next().filter(|letter| matches!(letter, '"' | '\\'))?),
            letter @ ' '..='~' => out.push(letter),
            _ => return None,
        }
    }
    letters.as_str().is_empty().then_some(out)
}

/// The key with its scope, as the store knows it. Parts are joined by a byte that no part holds,
/// so that no two scopes can be written alike.
#[must_use]
pub fn store_key(
    rule: &IdempotencyRule,
    identity: &Identity,
    tenant: &str,
    operation: &str,
    key: &str,
) -> IdempotencyKey {
    let scope = match rule.scope {
        KeyScope::Tenant => tenant.to_owned(),
        KeyScope::Actor => format!("{tenant}\u{1f}{}", identity.actor()),
    };
    IdempotencyKey { scope, operation: operation.to_owned(), key: key.to_owned() }
}

/// What a key is bound to: method, operation, path, query and body, the body in its canonical form
/// (RFC 8785). Hexadecimal SHA-256.
#[must_use]
pub fn fingerprint(method: &str, operation: &str, path: &Value, query: &Value, body: &Value) -> String {
    let mut hash = Sha256::new();
    for part in [method.as_bytes(), operation.as_bytes()] {
        // Lengths keep parts from running into each other.
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    for value in [path, query, body] {
        let text = tenon_graph::canonical_json(value);
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(&text);
    }
    HEXLOWER.encode(&hash.finalize())
}

/// That a request was not carried out before. Only [`decide`] and [`without_key`] make one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fresh {
    key: Option<(IdempotencyKey, String)>,
}

impl Fresh {
    /// The key to settle, with the fingerprint; `None` where there is none.
    #[must_use]
    pub fn key(&self) -> Option<(&IdempotencyKey, &str)> {
        self.key.as_ref().map(|(key, fingerprint)| (key, fingerprint.as_str()))
    }

    /// What is to be stored with the effects: the reply under the key.
    #[must_use]
    pub fn settled(
        &self,
        rule: &IdempotencyRule,
        reply: StoredReply,
        now_ms: i64,
    ) -> Option<(IdempotencyKey, IdempotencyRecord)> {
        self.record(rule, IdempotencyState::Settled(reply), now_ms)
    }

    /// What is to be stored before an effect outside the store: a reservation until a moment.
    #[must_use]
    pub fn reserved(
        &self,
        rule: &IdempotencyRule,
        reservation: &str,
        lease_until_ms: i64,
        now_ms: i64,
    ) -> Option<(IdempotencyKey, IdempotencyRecord)> {
        let reservation = reservation.to_owned();
        self.record(rule, IdempotencyState::Reserved { reservation, lease_until_ms }, now_ms)
    }

    /// For a refusal that was let through: nothing is stored, since the key is another's.
    #[must_use]
    pub fn waived(_: &Waiver) -> Self {
        Self { key: None }
    }

    fn record(
        &self,
        rule: &IdempotencyRule,
        state: IdempotencyState,
        now_ms: i64,
    ) -> Option<(IdempotencyKey, IdempotencyRecord)> {
        let (key, fingerprint) = self.key.clone()?;
        let window = i64::try_from(rule.window_ms).unwrap_or(i64::MAX);
        let expires_ms = now_ms.saturating_add(window);
        Some((key, IdempotencyRecord { fingerprint, state, accepted_ms: now_ms, expires_ms }))
    }
}

/// For a request without a key, where none is demanded; [`key`] has told.
#[must_use]
pub fn without_key() -> Fresh {
    Fresh { key: None }
}

/// What is known of a key, and what follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Known {
    /// Nothing: carry it out.
    Fresh(Fresh),
    /// It was carried out: send this again, and nothing else.
    Replay(StoredReply),
}

/// What follows from what is stored under a key. What has run out counts as nothing.
///
/// # Errors
/// `idempotency_key_reused` with both hashes, `idempotency_in_progress` with the time to wait, and
/// `outcome_unknown` where the one who carried it out is taken for dead.
pub fn decide(
    rule: &IdempotencyRule,
    key: IdempotencyKey,
    fingerprint: String,
    existing: Option<&IdempotencyRecord>,
    now_ms: i64,
) -> Result<Known, Refusal> {
    let Some(record) = existing.filter(|record| record.expires_ms > now_ms) else {
        return Ok(Known::Fresh(Fresh { key: Some((key, fingerprint)) }));
    };
    if record.fingerprint != fingerprint {
        return Err(reused(rule, record, &fingerprint));
    }
    match &record.state {
        IdempotencyState::Settled(reply) => Ok(Known::Replay(reply.clone())),
        IdempotencyState::Reserved { lease_until_ms, .. } if *lease_until_ms > now_ms => {
            let wait_s = (lease_until_ms - now_ms).saturating_add(999) / 1000;
            let wait_s = u32::try_from(wait_s.clamp(1, RETRY_S_MAX)).unwrap_or(1);
            Err(Refusal::new(Condition::IdempotencyInProgress).with_retry_after(wait_s))
        }
        IdempotencyState::Reserved { .. } => {
            Err(Refusal::new(Condition::OutcomeUnknown).with_message(OUTCOME_UNKNOWN))
        }
    }
}

/// Longest wait that is advised, in seconds: most calls are done long before their lease ends.
const RETRY_S_MAX: i64 = 5;

const OUTCOME_UNKNOWN: &str = "The first request with this idempotency key was interrupted while another service \
carried it out. Find out there whether it was done; to do it again, use a new key.";

fn reused(rule: &IdempotencyRule, record: &IdempotencyRecord, fingerprint: &str) -> Refusal {
    let refusal = Refusal::new(Condition::IdempotencyKeyReused)
        .with_detail("first_request_hash", record.fingerprint.as_str())
        .with_detail("this_request_hash", fingerprint);
    match rule.conflict {
        true => refusal.with_status(409),
        false => refusal,
    }
}
