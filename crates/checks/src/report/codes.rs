//! Findings about configuration and suppressions.

use tenon_source::{Code, Level};

/// A suppression without a reason.
pub static NO_REASON: Code = Code {
    id: "CF001",
    name: "suppression-without-reason",
    summary: "A suppression does not say why",
    level: Level::Error,
    aliases: &[],
};

/// A suppression that suppresses nothing.
pub static UNUSED_SUPPRESSION: Code = Code {
    id: "CF002",
    name: "unused-suppression",
    summary: "A suppression suppresses nothing",
    level: Level::Warning,
    aliases: &[],
};

/// A suppression of a rule that does not exist.
pub static UNKNOWN_RULE: Code = Code {
    id: "CF003",
    name: "suppression-of-unknown-rule",
    summary: "A suppression names a rule that does not exist",
    level: Level::Error,
    aliases: &[],
};

/// An approval of a change that has ended.
pub static EXPIRED_APPROVAL: Code = Code {
    id: "CF004",
    name: "expired-approval",
    summary: "The approval of a change has ended and the change is still there",
    level: Level::Error,
    aliases: &[],
};

/// An approval of a change that is not there.
pub static UNUSED_APPROVAL: Code = Code {
    id: "CF005",
    name: "unused-approval",
    summary: "An approval names a change that is not there",
    level: Level::Warning,
    aliases: &[],
};

/// A configuration file that cannot be used.
pub static INVALID_CONFIG: Code = Code {
    id: "CF010",
    name: "invalid-configuration",
    summary: "The configuration file cannot be used",
    level: Level::Error,
    aliases: &[],
};

/// Every code of this module, by id.
pub static ALL: &[&Code] =
    &[&NO_REASON, &UNUSED_SUPPRESSION, &UNKNOWN_RULE, &EXPIRED_APPROVAL, &UNUSED_APPROVAL, &INVALID_CONFIG];
