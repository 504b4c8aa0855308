//! Whether a policy refuses, or only says that it would have.

use crate::Refusal;

/// Names of the policies that can run in shadow, as contracts write them.
pub const POLICIES: &[&str] =
    &["identity", "tenant", "actor", "rate", "request", "idempotency", "consent", "response"];

/// What becomes of a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Enforcement {
    /// The request is refused.
    #[default]
    Enforce,
    /// The refusal is logged and counted under the same code, and the request goes on.
    Shadow,
}

impl Enforcement {
    /// The mode a contract names.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "enforce" => Some(Self::Enforce),
            "shadow" => Some(Self::Shadow),
            _ => None,
        }
    }

    /// The mode of a policy, given those of an operation that only watch: names, or `all`.
    #[must_use]
    pub fn of(shadow: &[tenon_graph::Name], policy: &str) -> Self {
        match shadow.iter().any(|name| name.text == "all" || name.text == policy) {
            true => Self::Shadow,
            false => Self::Enforce,
        }
    }

    /// Settles a decision. In shadow a refusal is let through: `waive` makes the proof, with the
    /// token that only this function has.
    ///
    /// # Errors
    /// The refusal, where it is enforced.
    pub fn settle<P>(
        self,
        decision: Result<P, Refusal>,
        waive: impl FnOnce(&Waiver) -> P,
    ) -> Result<Settled<P>, Refusal> {
        match (decision, self) {
            (Ok(proof), _) => Ok(Settled { proof, shadowed: None }),
            (Err(refusal), Self::Enforce) => Err(refusal),
            (Err(refusal), Self::Shadow) => {
                Ok(Settled { proof: waive(&Waiver { _private: () }), shadowed: Some(refusal) })
            }
        }
    }
}

/// Says that a refusal was let through. Only [`Enforcement::settle`] makes one.
#[derive(Debug)]
pub struct Waiver {
    _private: (),
}

/// A decision that lets the request go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled<P> {
    /// That it was decided.
    pub proof: P,
    /// What would have been refused: to be logged and counted.
    pub shadowed: Option<Refusal>,
}
