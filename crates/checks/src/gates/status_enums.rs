//! Gate `status-enums`: the states of an entity are complete, and those of the data model. The
//! seed names the gate and prints no script; section 2 says what it asks (A004-02).

use super::lines::field_of;
use super::report::GateReport;
use super::{Gate, GateInput};

/// Entries that agree with themselves, and with the data model.
const RULES: [&str; 2] = ["SC44", "SC45"];

/// S4-195, S4-74 to S4-78.
pub(super) fn run(input: &GateInput<'_>) -> GateReport {
    let mut report = GateReport::new(Gate::StatusEnums);
    for finding in input.findings_of(&RULES) {
        report.adopt(input, finding);
    }
    for finding in input.findings_of(&["SC32"]).filter(|finding| field_of(finding) == "statusEnums") {
        report.adopt(input, finding);
    }
    if input.facts().is_some_and(|facts| facts.model.is_none()) {
        report.not_run.push("values against the data model: data-relationships.json is missing".to_owned());
    }
    report
}
