//! Everything that can be wrong with a milestone file itself.

use tenon_source::{Code, Level};

const fn code(id: &'static str, name: &'static str, summary: &'static str, level: Level) -> Code {
    Code { id, name, summary, level, aliases: &[] }
}

/// The file breaks its schema.
pub static INVALID: Code =
    code("MS001", "invalid-milestone", "A milestone file breaks its schema", Level::Error);

/// A name leads nowhere.
pub static UNKNOWN_NAME: Code = code(
    "MS002",
    "unknown-name-in-milestone",
    "A milestone names a check, decision, artifact, package, rule or table that there is not",
    Level::Error,
);

/// Packages wait for each other.
pub static CYCLE: Code =
    code("MS003", "work-package-cycle", "Work packages wait for each other in a circle", Level::Error);

/// `enables` is not the inverse of `depends_on`.
pub static NOT_INVERSE: Code = code(
    "MS004",
    "enables-is-not-the-inverse",
    "What a work package enables is not what waits for it",
    Level::Warning,
);

/// An approval nobody gave.
pub static UNSIGNED_APPROVAL: Code = code(
    "MS005",
    "approval-without-approver",
    "A decision is approved without saying by whom and when",
    Level::Error,
);

/// A dependency that only decides delivers files.
pub static DECISION_ONLY: Code = code(
    "MS006",
    "decision-only-delivers",
    "A decision-only dependency names files, or names no decision",
    Level::Error,
);

/// A path that leads out of the root.
pub static OUTSIDE: Code = code(
    "MS007",
    "milestone-path-outside-root",
    "A path leads out of the root of the milestone",
    Level::Error,
);

/// A tick that was written down.
pub static IMPORTED_TICK: Code = code(
    "MS008",
    "imported-tick",
    "A milestone says that something is done instead of what shows it",
    Level::Error,
);

/// Every code of this crate.
pub static ALL: &[&Code] = &[
    &INVALID,
    &UNKNOWN_NAME,
    &CYCLE,
    &NOT_INVERSE,
    &UNSIGNED_APPROVAL,
    &DECISION_ONLY,
    &OUTSIDE,
    &IMPORTED_TICK,
];
