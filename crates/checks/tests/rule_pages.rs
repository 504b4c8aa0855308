//! Every rule's page is its test: the marks in its examples are what the rule must find.

use tenon_testkit::{parse_cases, run_case};

#[test]
fn every_rule_finds_what_its_page_says() {
    let mut failures = Vec::new();
    let mut cases_run = 0;
    for rule in tenon_checks::rules::all() {
        let cases = parse_cases(rule.doc);
        let id = rule.code.id;
        if !cases.iter().any(|case| case.expected.iter().any(|expected| expected.rule == id)) {
            failures.push(format!("{id}: no example on its page is marked as bad"));
        }
        if !cases.iter().any(|case| case.expected.is_empty()) {
            failures.push(format!("{id}: no example on its page is good"));
        }
        for case in &cases {
            cases_run += 1;
            if let Err(report) = run_case(case, &[id]) {
                failures.push(format!("{id}: {report}"));
            }
        }
    }
    assert!(cases_run > 0, "no case was found");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn every_page_starts_with_id_and_name() {
    for rule in tenon_checks::rules::all() {
        let title = format!("# {} {}\n", rule.code.id, rule.code.name);
        assert!(rule.doc.starts_with(&title), "{}: the page must start with {title:?}", rule.code.id);
    }
}

#[test]
fn ids_and_names_are_unique() {
    let mut seen = std::collections::BTreeSet::new();
    for rule in tenon_checks::rules::all() {
        assert!(seen.insert(rule.code.id), "{} is taken twice", rule.code.id);
        assert!(seen.insert(rule.code.name), "{} is taken twice", rule.code.name);
    }
}
