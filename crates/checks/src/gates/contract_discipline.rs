//! Gate `contract-discipline`: the rules of section 5, all of them. The seed's script looks at
//! seven (S4-193), but its prose asks for every rule on every endpoint (S4-135, S4-305).

use std::collections::BTreeMap;

use super::report::GateReport;
use super::{Gate, GateInput};
use crate::facts::service::RULE_COUNT;

/// S4-193, S4-302 to S4-317.
pub(super) fn run(input: &GateInput<'_>) -> GateReport {
    let mut report = GateReport::new(Gate::ContractDiscipline);
    let ids: Vec<String> = (1..=RULE_COUNT).map(|number| format!("SC{number:02}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    for finding in input.findings_of(&ids) {
        report.adopt(input, finding);
    }
    let mut lacking: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for number in 1..=RULE_COUNT {
        let missing = input.facts().and_then(|facts| facts.missing_input(number));
        if let Some(missing) = missing {
            lacking.entry(missing.as_str()).or_default().push(format!("SC{number:02}"));
        }
    }
    report.not_run =
        lacking.into_iter().map(|(file, ids)| format!("{}: {file} is missing", ids.join(", "))).collect();
    report
}
