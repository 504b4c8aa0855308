//! Our values and SQLite's.

use std::collections::BTreeMap;

use rusqlite::types::Type;

use crate::{DeliveryState, IdempotencyKey, StoreError, SubscriptionState};
use sha2::{Digest as _, Sha256};

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Engine(error.to_string())
    }
}

/// Counts and numbers, which never come near the end of what SQLite can hold.
pub(super) fn int(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Numbers we wrote.
pub(super) fn number(int: i64) -> u64 {
    u64::try_from(int).unwrap_or(0)
}

pub(super) fn state_of_delivery(state: DeliveryState) -> i64 {
    match state {
        DeliveryState::Pending => 0,
        DeliveryState::Delivered => 1,
        DeliveryState::Dead => 2,
    }
}

pub(super) fn delivery_state(column: usize, int: i64) -> rusqlite::Result<DeliveryState> {
    match int {
        0 => Ok(DeliveryState::Pending),
        1 => Ok(DeliveryState::Delivered),
        2 => Ok(DeliveryState::Dead),
        other => Err(unknown(column, other)),
    }
}

pub(super) fn state_of_subscription(state: SubscriptionState) -> i64 {
    match state {
        SubscriptionState::Active => 0,
        SubscriptionState::Paused => 1,
        SubscriptionState::Disabled => 2,
    }
}

pub(super) fn subscription_state(column: usize, int: i64) -> rusqlite::Result<SubscriptionState> {
    match int {
        0 => Ok(SubscriptionState::Active),
        1 => Ok(SubscriptionState::Paused),
        2 => Ok(SubscriptionState::Disabled),
        other => Err(unknown(column, other)),
    }
}

fn unknown(column: usize, int: i64) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Integer, format!("{int} is no state").into())
}

/// A list of texts as JSON.
pub(super) fn json(texts: &[String]) -> Result<String, StoreError> {
    serde_json::to_string(texts).map_err(|error| StoreError::Engine(error.to_string()))
}

/// A list of texts from JSON.
pub(super) fn texts(column: usize, json: &str) -> rusqlite::Result<Vec<String>> {
    serde_json::from_str(json)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error)))
}

/// Indexed fields from JSON.
pub(super) fn indexed(column: usize, json: &str) -> rusqlite::Result<BTreeMap<String, String>> {
    serde_json::from_str(json)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error)))
}

/// Names an idempotency key in the file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Digest([u8; 32]);

impl Digest {
    pub(super) fn of(key: &IdempotencyKey) -> Self {
        let mut hash = Sha256::new();
        for part in [&key.scope, &key.operation, &key.key] {
            // The length first, so that no two keys are written alike.
            hash.update(part.len().to_le_bytes());
            hash.update(part.as_bytes());
        }
        Self(hash.finalize().into())
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// What keys are indexed by: a number, which is short. Some may have the same.
    pub(super) fn start(&self) -> i64 {
        self.0.first_chunk().map_or(0, |first| i64::from_be_bytes(*first))
    }
}
