//! Gate `contract-discipline`: the rules of section 5, all of them. The seed's script looks at
//! seven (S4-193), but its prose asks for every rule on every endpoint (S4-135, S4-305).

use super::report::GateReport;
use super::{Gate, GateInput};

/// S4-193, S4-302 to S4-317.
pub(super) fn run(input: &GateInput<'_>) -> GateReport {
    let mut report = GateReport::new(Gate::ContractDiscipline);
    for finding in input.discipline() {
        report.adopt(finding.clone());
    }
    report
}
