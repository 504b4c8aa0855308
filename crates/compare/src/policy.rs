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

/// The least grave class of change that a stable contract does not take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FailOn {
    /// What breaks somebody.
    #[default]
    Breaking,
    /// What makes the same calls do something else, too.
    Behaviour,
    /// Anything but documentation.
    Additive,
    /// Nothing: changes are told.
    Never,
}

impl FailOn {
    /// Every choice, the most patient last.
    pub const ALL: [Self; 4] = [Self::Breaking, Self::Behaviour, Self::Additive, Self::Never];

    /// Its name in configuration.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Breaking => "breaking",
            Self::Behaviour => "behaviour",
            Self::Additive => "additive",
            Self::Never => "never",
        }
    }

    /// The choice with that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.as_str() == name)
    }

    fn refuses(self, class: Class) -> bool {
        match self {
            Self::Breaking => class == Class::Breaking,
            Self::Behaviour => class <= Class::Behaviour,
            Self::Additive => class <= Class::Additive,
            Self::Never => false,
        }
    }
}

/// What a tier makes of a class of change: what `fail_on` names is an error in a `stable` contract,
/// a warning in an `experimental` one, and only told in an `internal` one. A contract that names no
/// tier is stable: somebody may rely on it.
#[must_use]
pub fn judge(class: Class, tier: Option<Tier>, fail_on: FailOn) -> Judgement {
    let tier = tier.unwrap_or(Tier::Stable);
    let (level, why) = match (class, tier) {
        (_, Tier::Internal) => (Level::Info, "an internal contract may change freely"),
        (class, Tier::Stable) if fail_on.refuses(class) => match class {
            Class::Breaking => (Level::Error, "a stable contract takes additive changes only"),
            _ => (Level::Error, "changes of this class are refused by `fail-on`"),
        },
        (class, Tier::Experimental) if fail_on.refuses(class) => {
            (Level::Warning, "an experimental contract may break, with notice")
        }
        (Class::Breaking, _) => (Level::Warning, "breaking changes do not fail this comparison"),
        (Class::Behaviour, _) => (Level::Warning, "the same calls do something else"),
        (Class::Additive | Class::Docs, _) => (Level::Info, "nothing that was right fails"),
    };
    Judgement { level, why }
}

/// The step that changes ask of a version number (Semantic Versioning 2.0.0): `major`, `minor`,
/// `patch`, or `none`.
pub fn step<'c>(changes: impl IntoIterator<Item = &'c Change>) -> &'static str {
    match changes.into_iter().map(|change| change.class).min() {
        Some(Class::Breaking) => "major",
        Some(Class::Behaviour | Class::Additive) => "minor",
        Some(Class::Docs) => "patch",
        None => "none",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tier_decides_what_a_break_means() {
        // S3-82: a required field removed fails in stable, warns in experimental, passes in internal.
        let level = |class, tier| judge(class, tier, FailOn::Breaking).level;
        assert_eq!(level(Class::Breaking, Some(Tier::Stable)), Level::Error);
        assert_eq!(level(Class::Breaking, None), Level::Error);
        assert_eq!(level(Class::Breaking, Some(Tier::Experimental)), Level::Warning);
        assert_eq!(level(Class::Breaking, Some(Tier::Internal)), Level::Info);
        assert_eq!(level(Class::Additive, Some(Tier::Stable)), Level::Info);
        assert_eq!(level(Class::Behaviour, Some(Tier::Stable)), Level::Warning);
    }

    #[test]
    fn the_failing_class_can_be_moved() {
        let level = |class, fail_on| judge(class, Some(Tier::Stable), fail_on).level;
        assert_eq!(level(Class::Behaviour, FailOn::Behaviour), Level::Error);
        assert_eq!(level(Class::Additive, FailOn::Behaviour), Level::Info);
        assert_eq!(level(Class::Additive, FailOn::Additive), Level::Error);
        assert_eq!(level(Class::Docs, FailOn::Additive), Level::Info);
        assert_eq!(level(Class::Breaking, FailOn::Never), Level::Warning);
    }
}
