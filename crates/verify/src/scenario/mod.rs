//! Scenarios: steps against whatever serves a contract, with what is expected of each.
//!
//! [`parse`] reads one, [`lint`] finds what it refers to and is not there, [`run`] takes the steps
//! and [`coverage`] counts what of the contract they cover. Nothing here knows what answers.

mod ask;
pub mod codes;
mod compare;
pub mod coverage;
mod judge;
mod lint;
pub mod model;
mod parse;
mod report;
mod run;
mod text;

pub use compare::Problem;
pub use lint::lint;
pub use model::Scenario;
pub use parse::{MARK, contract_path, is_scenario, parse};
pub use report::Report;
pub use run::{Against, Outcome, StepOutcome, run};
