//! What a contract's tier makes of a change, and what version number it asks for.

use tenon_graph::Tier;
use tenon_source::Level;

use crate::{Change, Class};

/// What a change means under a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judgement {
    /// How it is reported.
    pub level: Level,
    /// Why, in a few words, for messages.
    pub why: &'static str,
}

/// What a tier makes of a change: `stable` allows what is additive, `experimental` warns of the
/// rest, `internal` only tells. What changed may have a tier of its own. A contract that names no tier is stable: somebody may rely on it.
#[must_use]
pub fn judge(change: &Change, tier: Option<Tier>) -> Judgement {
    let (level, why) = match (change.class, change.tier.or(tier).unwrap_or(Tier::Stable)) {
        (Class::Additive | Class::Docs, _) => (Level::Info, "nothing that was right fails"),
        (_, Tier::Internal) => (Level::Info, "an internal contract may change freely"),
        (Class::Breaking, Tier::Stable) => (Level::Error, "a stable contract takes additive changes only"),
        (Class::Breaking, Tier::Experimental) => {
            (Level::Warning, "an experimental contract may break, with notice")
        }
        (Class::Behaviour, _) => (Level::Warning, "the same calls do something else"),
    };
    Judgement { level, why }
}

/// The step that changes ask of a version number (Semantic Versioning 2.0.0): `major`, `minor`,
/// `patch`, or `none`.
#[must_use]
pub fn step(changes: &[Change]) -> &'static str {
    match changes.iter().map(|change| change.class).min() {
        Some(Class::Breaking) => "major",
        Some(Class::Behaviour | Class::Additive) => "minor",
        Some(Class::Docs) => "patch",
        None => "none",
    }
}
