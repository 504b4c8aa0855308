//! Service contracts: the pack `foundry` is clean, and each change of it is found.

#[path = "service/fixes.rs"]
mod fixes;
#[path = "service/harness.rs"]
mod harness;
#[path = "service/hygiene.rs"]
mod hygiene;
#[path = "service/mutants.rs"]
mod mutants;
#[path = "service/real.rs"]
mod real;
#[path = "service/scans.rs"]
mod scans;

use harness::Pack;

#[test]
fn the_pack_is_clean_under_all_rules() {
    let pack = Pack::foundry();
    assert_eq!(pack.findings(), Vec::<String>::new());
}

/// S4-69, S4-70, S4-71, S4-72, A004-34.
#[test]
fn the_example_of_section_1_is_valid_and_breaks_the_rules() {
    let path = harness::root().join("contracts/foundry/cases/section-1.md");
    let cases = tenon_testkit::parse_cases(&std::fs::read_to_string(path).expect("the case is there"));
    assert_eq!(cases.len(), 2);
    for case in &cases {
        if let Err(report) = tenon_testkit::run_case(case, &[]) {
            panic!("{report}");
        }
    }
}
