//! Gate `pagination-max`: pages have a largest size, and it is kept. The seed names the gate and
//! prints no script; sections 2 and 3 and rule 7 say what it asks (A004-02).

use tenon_source::{At, Node};

use super::report::{GateReport, kind_of};
use super::{Gate, GateInput, codes};

/// S4-194, S4-79 to S4-81, S4-97, S4-98.
pub(super) fn run(input: &GateInput<'_>) -> GateReport {
    let mut report = GateReport::new(Gate::PaginationMax);
    // Which block stands where is rule 7; this gate adds what stands in a block.
    for finding in input.findings_of("SC07") {
        report.adopt(finding.clone());
    }
    if let Some(block) = input.root().get("pagination") {
        let at = At { file: input.contract, node: block.id() };
        for problem in block_problems(block) {
            report.fail_plainly(input, &codes::PAGE_SIZES, at, &format!("root pagination {problem}"), None);
        }
    }
    for endpoint in input.endpoints() {
        let own = endpoint.contract("pagination").or_else(|| endpoint.node.get("pagination"));
        let Some(block) = own.filter(|block| !block.is_null()) else { continue };
        for problem in block_problems(block) {
            let at = endpoint.place(block);
            report.fail(input, &codes::PAGE_SIZES, &endpoint, at, &format!("pagination {problem}"));
        }
    }
    report
}

/// What is wrong with a pagination block, as it follows the block's name.
fn block_problems(block: Node<'_>) -> Vec<String> {
    if !block.is_object() {
        return vec![format!("is {}, not an object", kind_of(block))];
    }
    let mut problems = Vec::new();
    let mut sizes = [None, None];
    for (name, size) in ["maxPageSize", "defaultPageSize"].into_iter().zip(&mut sizes) {
        match block.get(name) {
            None => problems.push(format!("has no {name}")),
            Some(value) => match value.as_i64() {
                Some(number) if number > 0 => *size = Some(number),
                Some(number) => problems.push(format!("has {name} {number}, not more than 0")),
                None => {
                    let shown = value.number_text().unwrap_or_else(|| kind_of(value));
                    problems.push(format!("has {name} {shown}, not a whole number"));
                }
            },
        }
    }
    if let [Some(max), Some(default)] = sizes
        && default > max
    {
        problems.push(format!("has defaultPageSize {default}, more than maxPageSize {max}"));
    }
    match block.get("enforcement").map(|value| value.as_str().unwrap_or_else(|| kind_of(value))) {
        None => problems.push("has no enforcement: say clamp or reject".to_owned()),
        Some("clamp" | "reject") => {}
        Some(other) => problems.push(format!("has enforcement {other}, not clamp or reject")),
    }
    problems
}
