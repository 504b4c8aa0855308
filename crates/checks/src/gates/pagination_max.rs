//! Gate `pagination-max`: pages have a largest size, and it is kept. The seed names the gate and
//! prints no script; sections 2 and 3 and rule 7 say what it asks (A004-02).

use super::lines::field_of;
use super::report::GateReport;
use super::{Gate, GateInput};

/// Where blocks stand, and what stands in them.
const RULES: [&str; 2] = ["SC07", "SC43"];

/// S4-194, S4-79 to S4-81, S4-97, S4-98.
pub(super) fn run(input: &GateInput<'_>) -> GateReport {
    let mut report = GateReport::new(Gate::PaginationMax);
    for finding in input.findings_of(&RULES) {
        report.adopt(input, finding);
    }
    let of_pagination = |finding: &&_| matches!(field_of(finding), "pagination" | "paginationStrategy");
    for finding in input.findings_of(&["SC32"]).filter(of_pagination) {
        report.adopt(input, finding);
    }
    report
}
