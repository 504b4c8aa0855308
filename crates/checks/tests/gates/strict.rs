//! The gates against the base contract and its mutants: exact lines. S4-188, S4-189, S4-190,
//! S4-191, S4-192, S4-193, S4-194, S4-195, S4-196, S4-197, S4-286, S4-287, S4-288, S4-289, S4-290,
//! S4-291, S4-292, S4-293, S4-294, S4-295, S4-296, S4-297, S4-298, S4-299, S4-300, S4-301, S4-302,
//! S4-303, S4-304, S4-305, S4-306, S4-307, S4-308, S4-309, S4-310, S4-311, S4-312, S4-313, S4-314,
//! S4-315, S4-316, S4-317.

use super::common;

use super::common::Mutant;
use serde_json::{Value, json};
use tenon_checks::gates::{GATES, GateInput, run, unreadable};
use tenon_checks::{Context, Settings};
use tenon_readers::scripts::read_script;
use tenon_testkit::{MemoryFiles, run_files};

const CONTRACT: &str = "docs/service-contracts.json";

/// The lines of each gate that did not pass, or why there is no verdict.
fn answer(mutant: &Mutant) -> Value {
    let Some(contract) = &mutant.contract else { return json!("no file") };
    let mut files = MemoryFiles::default();
    files.0.insert(CONTRACT.to_owned(), contract.clone().into_bytes());
    for (name, text) in &mutant.manifests {
        files.0.insert(format!("docs/{name}"), text.clone().into_bytes());
    }
    let outcome = run_files(&files, None, &|_| false);
    let file = outcome.graph.sources.find(CONTRACT).unwrap();
    if let Some(finding) = unreadable(&outcome.findings, file) {
        return json!(format!("unreadable: {}", finding.message));
    }
    let settings = Settings::default();
    let ctx = Context::new(&outcome.graph, None, &settings);
    let repository = mutant.repository(&|path, text| Some(read_script(path, text)));
    let input = match GateInput::new(ctx, file, &repository) {
        Ok(input) => input,
        Err(why) => return json!(format!("unusable: {why}")),
    };
    let mut answer = serde_json::Map::new();
    for gate in GATES {
        let report = run(gate, &input);
        if !report.passed() {
            let lines: Vec<&str> = report.issues.iter().map(|issue| &*issue.line).collect();
            answer.insert(gate.name().to_owned(), json!(lines));
        }
    }
    Value::Object(answer)
}

#[test]
fn mutants_fail_where_they_should_and_nowhere_else() {
    let suite = common::suite();
    let mut wrong = String::new();
    for mutant in suite.mutants() {
        let expected = mutant.data.get("strict").cloned().unwrap_or_else(|| json!({}));
        let found = answer(&mutant);
        if found != expected {
            let name = &mutant.name;
            wrong.push_str(&format!(
                "{name}\n expected {expected:#}\n found {found:#}\nFOUND {}\n",
                json!([name, found])
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// S4-193: each of the seven rules of the seed's script fails once where it is broken, and so do
/// the others where they are (S4-305).
#[test]
fn one_broken_rule_is_one_failure_of_that_rule() {
    let suite = common::suite();
    let mutants = suite.mutants();
    let lines = |name: &str| {
        let mutant = mutants.iter().find(|mutant| mutant.name == name).unwrap();
        let lines = &answer(mutant)["contract-discipline"];
        common::texts(lines)
    };
    let cases = [
        ("discipline--r1-delete-with-body", "SC01"),
        ("discipline--r2-limit-without-configSource", "SC02"),
        ("discipline--r3-singleton-without-sideEffects", "SC03"),
        ("discipline--r4-missing-guard", "SC04"),
        ("discipline--r5-handler-missing", "SC05"),
        ("discipline--r6-acceptsBody-missing", "SC06"),
        ("discipline--r7-no-strategy", "SC07"),
        ("discipline--r8-rbac-no-requireRole", "SC08"),
        ("discipline--r9-partial", "SC09"),
        ("discipline--r10-no-notes", "SC10"),
        ("discipline--r11-convention-missing", "SC11"),
        ("discipline--r12-duplicate", "SC12"),
        ("discipline--r13-no-tenant-validation", "SC13"),
        ("discipline--r14-parameter-without-source", "SC14"),
        ("discipline--r15-entity-without-endpoint", "SC15"),
        ("discipline--r17-token-path-missing", "SC17"),
        ("discipline--r18-login-not-public", "SC18"),
        ("discipline--r19-crud-mismatch", "SC19"),
        ("discipline--r20-enum-undocumented", "SC20"),
        ("discipline--r22-version-bump-unsaid", "SC22"),
        ("discipline--r23-payload-unbound", "SC23"),
    ];
    for (name, rule) in cases {
        let lines = lines(name);
        let of_rule = lines.iter().filter(|line| line.ends_with(&format!("({rule})"))).count();
        assert_eq!((of_rule, lines.len()), (1, 1), "{name}: {lines:#?}");
    }
    let all = lines("discipline--all-seven-rules-at-once");
    for rule in ["SC01", "SC04", "SC05", "SC08", "SC09", "SC12", "SC13"] {
        assert_eq!(
            all.iter().filter(|line| line.ends_with(&format!("({rule})"))).count(),
            1,
            "{rule}: {all:#?}"
        );
    }
    assert_eq!(all.len(), 7);
    // S4-314: the script counts two pairs of duplicates as one failure.
    assert_eq!(lines("discipline--r12-two-duplicate-pairs").len(), 2);
}

/// Every rule that a gate asks is there: a gate that asks nobody would always pass.
#[test]
fn every_rule_of_the_gates_exists() {
    let known: Vec<&str> = tenon_checks::rules::all().map(|rule| rule.code.id).collect();
    let discipline = (1..=23).map(|number| format!("SC{number:02}"));
    let others = [
        "SC30", "SC31", "SC32", "SC35", "SC36", "SC37", "SC38", "SC39", "SC41", "SC42", "SC43", "SC44",
        "SC45",
    ];
    for id in discipline.chain(others.map(str::to_owned)) {
        assert!(known.contains(&&*id), "{id} is gone");
    }
}
