//! A scenario as it was written, with the places of its parts.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use tenon_source::NodeId;

/// The actor who sends no credentials.
pub const NOBODY: &str = "nobody";

/// A scenario.
#[derive(Debug, Clone, Default)]
pub struct Scenario {
    /// Its name.
    pub name: String,
    /// One line about it.
    pub title: Option<String>,
    /// When it begins, where the gateway is its own; milliseconds since 1970.
    pub clock_ms: Option<i64>,
    /// Values by name.
    pub values: Map<String, Value>,
    /// Header fields of every call.
    pub headers: Vec<(String, String)>,
    /// Who calls.
    pub actors: BTreeMap<String, Actor>,
    /// What the steps must cover.
    pub coverage: CoverageWish,
    /// The steps in order.
    pub steps: Vec<Step>,
}

/// Somebody who calls.
#[derive(Debug, Clone, Default)]
pub struct Actor {
    /// Actor type.
    pub kind: Option<String>,
    /// Who it is.
    pub id: String,
    /// Tenant.
    pub tenant: Option<String>,
    /// Scopes that are granted.
    pub scopes: Vec<String>,
    /// Roles that are held.
    pub roles: Vec<String>,
    /// Whom it acts for: type, id.
    pub acts_for: Option<(String, String)>,
    /// How long the token is good, in milliseconds; negative where it is over.
    pub expires_ms: Option<i64>,
    /// The credentials as they are sent.
    pub token: Option<String>,
    /// More claims.
    pub claims: Map<String, Value>,
}

/// How much of something the steps must cover.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Extent {
    /// For each operation it applies to.
    Each,
    /// Once.
    Once,
    /// Not at all.
    #[default]
    None,
}

/// What the steps must cover of the contract.
#[derive(Debug, Clone, Default)]
pub struct CoverageWish {
    /// Operations that are answered as they should.
    pub operations: Extent,
    /// Reason codes.
    pub reason_codes: Extent,
    /// The same key gets the stored answer.
    pub replay: Extent,
    /// The same key with another body is refused.
    pub conflict: Extent,
    /// A caller without a scope is refused.
    pub scope_denial: Extent,
    /// A caller of another type is refused.
    pub actor_denial: Extent,
    /// A caller nobody knows is refused.
    pub unauthenticated: Extent,
    /// Events.
    pub events: Extent,
    /// What no step can cover, with the reason.
    pub except: BTreeMap<String, String>,
}

impl CoverageWish {
    /// What S0-83 asks for, and what counts where a scenario says nothing.
    #[must_use]
    pub fn usual() -> Self {
        Self {
            operations: Extent::Each,
            reason_codes: Extent::Once,
            replay: Extent::Once,
            conflict: Extent::Once,
            scope_denial: Extent::Once,
            ..Self::default()
        }
    }
}

/// One step.
#[derive(Debug, Clone)]
pub struct Step {
    /// Its place.
    pub node: NodeId,
    /// Its line in the file, from 1 on.
    pub line: u32,
    /// What happens.
    pub name: String,
    /// What is done.
    pub kind: StepKind,
    /// How often at most.
    pub repeat: u32,
    /// What is expected.
    pub expect: Expect,
    /// Name, JSON pointer.
    pub captures: Vec<(String, String)>,
}

/// What a step does.
#[derive(Debug, Clone)]
pub enum StepKind {
    /// A call of an operation.
    Call(Box<Call>),
    /// A request no operation is named for: method, path.
    Raw(String, String, Box<Call>),
    /// The request of another step again.
    Replay(String),
    /// The key of another step with another body.
    Conflict(String, Option<Value>),
    /// An event that arises elsewhere: type, actor, payload.
    Publish(String, String, Value),
    /// The clock forward, in milliseconds.
    Advance(u64),
}

/// A call.
#[derive(Debug, Clone, Default)]
pub struct Call {
    /// The operation; empty for a raw request.
    pub operation: String,
    /// Who calls.
    pub actor: String,
    /// The name of the idempotency key.
    pub key: Option<String>,
    /// Path parameters.
    pub path: Map<String, Value>,
    /// Query parameters.
    pub query: Map<String, Value>,
    /// Header fields; `None` leaves one out.
    pub headers: Vec<(String, Option<String>)>,
    /// The body as JSON.
    pub body: Option<Value>,
    /// The body as it is sent.
    pub raw: Option<String>,
}

/// A status, or a family of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusWish {
    /// This one.
    Exactly(u16),
    /// `2xx`: its first digit.
    Family(u16),
}

impl StatusWish {
    /// Whether a status is meant.
    #[must_use]
    pub fn admits(self, status: u16) -> bool {
        match self {
            Self::Exactly(wanted) => wanted == status,
            Self::Family(digit) => status / 100 == digit,
        }
    }
}

impl std::fmt::Display for StatusWish {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Exactly(status) => write!(f, "{status}"),
            Self::Family(digit) => write!(f, "{digit}xx"),
        }
    }
}

/// What is expected of an answer.
#[derive(Debug, Clone, Default)]
pub struct Expect {
    /// The status; of a call a success, where nothing is said.
    pub status: Option<StatusWish>,
    /// The reason code.
    pub code: Option<String>,
    /// Header fields.
    pub headers: Vec<(String, String)>,
    /// What the body has at least.
    pub body: Option<Value>,
    /// What the body is.
    pub exact: Option<Value>,
    /// A schema of the contract, by its file.
    pub schema: Option<String>,
    /// Events: type, what the payload has at least. `None` where nothing is said.
    pub events: Option<Vec<(String, Option<Value>)>>,
}

/// A length of time such as `25h`, in milliseconds; negative where it begins with `-`.
#[must_use]
pub fn duration_ms(text: &str) -> Option<i64> {
    let (sign, text) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let end = text.find(|letter: char| !letter.is_ascii_digit())?;
    let (digits, unit) = text.split_at_checked(end)?;
    let unit = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    };
    digits.parse::<i64>().ok()?.checked_mul(unit)?.checked_mul(sign)
}
