//! Every rule's page is its test: the marks in its examples are the changes that must be found.

use tenon_compare::{AREAS, all_rules, page_of};
use tenon_testkit::{parse_cases, run_change_case};

#[test]
fn every_rule_finds_what_its_page_says() {
    let mut failures = Vec::new();
    for rule in all_rules() {
        let id = rule.code.id;
        let cases = parse_cases(page_of(id));
        if !cases.iter().any(|case| case.changes.iter().any(|expected| expected.rule == id)) {
            failures.push(format!("{id}: no example on its page shows the change"));
        }
        for case in &cases {
            if let Err(report) = run_change_case(case) {
                failures.push(format!("{id}: {report}"));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn every_page_starts_with_id_and_name() {
    for rule in all_rules() {
        let title = format!("# {} {}\n", rule.code.id, rule.code.name);
        assert!(page_of(rule.code.id).starts_with(&title), "there must be a section {title:?}");
    }
}

#[test]
fn ids_are_unique_and_stand_in_order() {
    for area in AREAS {
        assert!(area.rules.is_sorted_by_key(|rule| rule.code.id), "{}: by id", area.name);
    }
    let mut seen = std::collections::BTreeSet::new();
    for rule in all_rules() {
        assert!(seen.insert(rule.code.id), "{} is taken twice", rule.code.id);
        assert!(seen.insert(rule.code.name), "{} is taken twice", rule.code.name);
    }
}
