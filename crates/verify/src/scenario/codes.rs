//! What can be wrong with a scenario before it runs.

use tenon_source::{Code, Level};

/// A scenario that is not written as scenarios are.
pub static INVALID: Code = Code {
    id: "SN001",
    name: "scenario-invalid",
    summary: "A scenario is not written as scenarios are",
    level: Level::Error,
    aliases: &[],
};

/// A scenario that names what is not there.
pub static UNKNOWN: Code = Code {
    id: "SN002",
    name: "scenario-refers-to-nothing",
    summary: "A scenario names an operation, actor, step, event, code, schema or value that there is none of",
    level: Level::Error,
    aliases: &[],
};

/// A scenario that needs more than what it is run against gives.
pub static CLOCK: Code = Code {
    id: "SN003",
    name: "scenario-needs-a-clock",
    summary: "A scenario sets a clock forward that is not its own",
    level: Level::Error,
    aliases: &[],
};

/// Every code of scenarios.
pub static ALL: &[&Code] = &[&INVALID, &UNKNOWN, &CLOCK];
