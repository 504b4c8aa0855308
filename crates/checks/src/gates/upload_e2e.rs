//! Gate `upload-e2e`: an upload says, at endpoint level, what it accepts and how much.

use super::lines::field_of;
use super::report::GateReport;
use super::{Gate, GateInput};

/// What is missing or out of bounds, and what the platform does not support.
const RULES: [&str; 2] = ["SC41", "SC42"];

/// Type and place of a field.
const RULES_ON_FIELDS: [&str; 2] = ["SC32", "SC35"];

/// The fields of an upload.
const FIELDS: [&str; 3] = ["allowedMimeTypes", "maxSizeMb", "fileUpload"];

/// S4-192, S4-210, S4-211, S4-227, S4-228, S4-298 to S4-301, S4-29.
pub(super) fn run(input: &GateInput<'_>) -> GateReport {
    let mut report = GateReport::new(Gate::UploadE2e);
    for finding in input.findings_of(&RULES) {
        report.adopt(input, finding);
    }
    for finding in input.findings_of(&RULES_ON_FIELDS).filter(|finding| FIELDS.contains(&field_of(finding))) {
        report.adopt(input, finding);
    }
    if input.facts().is_some_and(|facts| facts.scope.is_none()) {
        report.not_run.push("limits of the platform: scope-manifest.json is missing".to_owned());
    }
    report
}
