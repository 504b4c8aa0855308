//! `--compat-seed` against what the seed's own scripts answered. S4-286, S4-287, S4-288, S4-289,
//! S4-290, S4-291, S4-292, S4-293, S4-294, S4-295, S4-296, S4-297, S4-298, S4-299, S4-300, S4-301,
//! S4-302, S4-303, S4-304, S4-305, S4-306, S4-307, S4-308, S4-309, S4-310, S4-311, S4-312, S4-313,
//! S4-314, S4-315, S4-316, S4-317, S4-318, S4-319, S4-320.

use super::common;

use serde_json::Value;
use tenon_checks::gates::{Gate, RepositoryFile, RepositoryFiles, run_seed};

const SCRIPTED: [Gate; 4] =
    [Gate::EndpointStatus, Gate::RouteServiceAlignment, Gate::UploadE2e, Gate::ContractDiscipline];

fn add_files(files: &mut RepositoryFiles, value: &Value) {
    for (path, text) in value.as_object().into_iter().flatten() {
        match text.as_str() {
            Some(text) => files.insert(path, RepositoryFile { text: text.to_owned(), script: None }),
            None => files.remove(path),
        }
    }
}

/// The lines a script printed after its header.
fn body(output: &str) -> Vec<&str> {
    output.trim_end_matches('\n').split('\n').skip(1).collect()
}

#[test]
fn odd_contracts_get_the_answers_of_the_scripts() {
    let data: Value = serde_json::from_str(include_str!("quirks.json")).unwrap();
    let cases = data["cases"].as_array().unwrap();
    assert!(cases.len() > 90);
    let mut wrong = String::new();
    for case in cases {
        let mut files = RepositoryFiles::default();
        add_files(&mut files, &data["files"]);
        add_files(&mut files, &case["files"]);
        for gate in SCRIPTED {
            let run = run_seed(gate, case["contract"].as_str(), &files).unwrap();
            let expected = &case["seed"][gate.name()];
            let lines: Vec<&str> =
                expected["out"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect();
            if (u64::from(run.exit), body(&run.output)) != (expected["exit"].as_u64().unwrap(), lines.clone())
            {
                wrong.push_str(&format!(
                    "{} {}\n expected {} {lines:#?}\n found {} {:#?}\n",
                    case["name"],
                    gate.name(),
                    expected["exit"],
                    run.exit,
                    body(&run.output)
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// S4-286, S4-287, S4-288, S4-289, S4-290, S4-291, S4-292, S4-293, S4-294, S4-295, S4-296, S4-297,
/// S4-298, S4-299, S4-300, S4-301, S4-302, S4-303, S4-304, S4-305, S4-306, S4-307, S4-308, S4-309,
/// S4-310, S4-311, S4-312, S4-313, S4-314, S4-315, S4-316, S4-317, S4-318: the base's lines with
/// `=n` kept, `-n` dropped and `+line` added.
fn patched(base: &[String], edits: &Value) -> Vec<String> {
    let mut lines = Vec::new();
    let mut rest = base.iter();
    for edit in edits.as_array().unwrap() {
        let edit = edit.as_str().unwrap();
        let (kind, value) = edit.split_at(1);
        match kind {
            "=" => lines.extend(rest.by_ref().take(value.parse().unwrap()).cloned()),
            "-" => drop(rest.by_ref().take(value.parse().unwrap()).count()),
            _ => lines.push(value.to_owned()),
        }
    }
    lines
}

#[test]
fn mutants_get_the_answers_of_the_scripts() {
    let suite = common::suite();
    let mut wrong = String::new();
    for mutant in suite.mutants() {
        for gate in SCRIPTED {
            let base = &suite.data["base"]["seed"][gate.name()];
            let base_lines = common::texts(&base["out"]);
            let answer = &mutant.data["seed"][gate.name()];
            let (exit, lines) = match answer["exit"].as_u64() {
                Some(exit) => (exit, patched(&base_lines, &answer["out"])),
                None => (base["exit"].as_u64().unwrap(), base_lines),
            };
            let run = run_seed(gate, mutant.contract.as_deref(), &mutant.repository(&|_, _| None)).unwrap();
            let found: Vec<&str> = run.output.trim_end_matches('\n').split('\n').collect();
            if (u64::from(run.exit), &found) != (exit, &lines.iter().map(String::as_str).collect::<Vec<_>>())
            {
                let name = &mutant.name;
                wrong.push_str(&format!(
                    "{name} {}\n expected {exit} {lines:#?}\n found {} {found:#?}\n",
                    gate.name(),
                    run.exit
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// The two published contracts, whose trees have no source files: exit status, last line and the
/// hash of every line the scripts printed. S4-319, S4-320.
#[test]
fn real_contracts_get_the_answers_of_the_scripts() {
    use sha2::{Digest, Sha256};
    let folder =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/real/service-contracts");
    if !folder.is_dir() {
        println!("did not run: {} is not here", folder.display());
        return;
    }
    let answers = [
        (
            "foundry-v45",
            Gate::ContractDiscipline,
            0,
            "[OK] All contract discipline rules pass",
            "e9ca6b5e3aa89912",
        ),
        (
            "foundry-v45",
            Gate::EndpointStatus,
            1,
            "[X] ENDPOINT STATUS VALIDATION FAILED: 86 issues",
            "82f191e9f3be2315",
        ),
        (
            "foundry-v45",
            Gate::RouteServiceAlignment,
            1,
            "[X] ROUTE-SERVICE ALIGNMENT FAILED: 66 issues",
            "7761523f0ed19fe6",
        ),
        ("foundry-v45", Gate::UploadE2e, 0, "[OK] All upload endpoints fully specified", "d6ff6a7cf6c3e68c"),
        (
            "foundry-v47",
            Gate::ContractDiscipline,
            5,
            "=== Verifying Contract Discipline Rules ===",
            "da6915f6d6861b02",
        ),
        (
            "foundry-v47",
            Gate::EndpointStatus,
            1,
            "[X] ENDPOINT STATUS VALIDATION FAILED: 338 issues",
            "750c05492531408b",
        ),
        (
            "foundry-v47",
            Gate::RouteServiceAlignment,
            1,
            "[X] ROUTE-SERVICE ALIGNMENT FAILED: 82 issues",
            "d8bddc4628e3efda",
        ),
        ("foundry-v47", Gate::UploadE2e, 1, "[X] UPLOAD COMPLETENESS FAILED: 2 issues", "3700fb3c2f8a723d"),
    ];
    for (name, gate, exit, last, hash) in answers {
        let text = std::fs::read_to_string(folder.join(name).join("docs/service-contracts.json")).unwrap();
        let run = run_seed(gate, Some(&text), &RepositoryFiles::default()).unwrap();
        assert_eq!(run.exit, exit, "{name} {}", gate.name());
        assert_eq!(run.output.trim_end().lines().last(), Some(last), "{name} {}", gate.name());
        let digest = Sha256::digest(run.output.as_bytes());
        let digest: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(digest, hash, "{name} {}:\n{}", gate.name(), run.output);
    }
}
