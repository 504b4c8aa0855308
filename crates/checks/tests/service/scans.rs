//! The 18 scans: the table byte for byte, counts, sentences, N/A, the matrix.

use serde_json::json;
use tenon_checks::scans::{Cell, ScanResult};

use super::harness::Pack;

/// S4-160, S4-161, S4-162, S4-163, S4-164, S4-165, S4-166, S4-167, S4-168, S4-169, S4-170, S4-171,
/// S4-172, S4-173, S4-174, S4-175, S4-176, S4-177, S4-178: header, row names, rule cells and the
/// patterns of the counts; the numbers were
/// counted by hand. A004-12: rules 3 and 5 in a second table.
const TABLE: &str = "\
| Scan | Rule(s) | Result | Count |
|------|---------|--------|-------|
| Body contract completeness | 1 + 6 | PASS | 14 body-consuming, 2 action-only |
| Scope-guard inheritance | 4 | PASS | 10 project-scoped endpoints |
| RBAC bidirectional | 8 | PASS | 7 RBAC-protected endpoints |
| Auth enforcement completeness | 9 | PASS | 25 of 25 authenticated endpoints |
| Pagination consistency | 7 | PASS | Strategy: rootInheritance, 7 list endpoints |
| Scope-intent documentation | 10 | PASS | 2 endpoints without tenant args |
| Config source-of-truth | 2 | PASS | 1 configurable values, semantically correct |
| Route convention | 11 | PASS | Convention: tokenScoped, 27 endpoints |
| Endpoint deduplication | 12 | PASS | 29 endpoints, zero duplicates |
| Tenant-scoping middleware | 13 | PASS | 0 tenant-parameterised, all validated |
| Intra-endpoint coherence | 14 | PASS | 2 sideEffects endpoints, all params traceable |
| Entity endpoint coverage | 15 + 16 | PASS | 8 entities, all covered. Tenant: settingsEmbedded |
| Auth token path completeness | 17 | PASS | 2 authentication endpoints |
| Public endpoint consistency | 18 | PASS | 4 public endpoints |
| CRUD operation classification | 19 | PASS | 23 CRUD, 6 non-CRUD |
| Enum field validation | 20 | PASS | 3 enum-field endpoints |
| Data model alignment | 21 + 23 | PASS | 3 create FKs checked, 1 structured payloads bound |
| Config mutation invariants | 22 | PASS | 1 version-bump, 1 snapshot endpoints |

Additional rules:

| Scan | Rule(s) | Result | Count |
|------|---------|--------|-------|
| Singleton side-effect declaration | 3 | PASS | 1 singleton-flag endpoints |
| Deferred endpoint build-gate | 5 | PASS | 2 deferred endpoints |
";

/// S4-137, S4-138, S4-139, S4-140, S4-141, S4-142, S4-143, S4-144, S4-145, S4-146, S4-147, S4-148,
/// S4-149, S4-150, S4-151, S4-152, S4-153, S4-154, the specification's sentences with the pack's
/// numbers.
const SENTENCES: &str = "\
Scan 1: 14 body-consuming endpoints verified, 2 action-only endpoints verified.
Scan 2: 10 project-scoped endpoints verified, all have validateProjectAccess.
Scan 3: 7 RBAC-protected endpoints verified, bidirectional consistency confirmed.
Scan 4: 25 of 25 authenticated endpoints have mustUseAuth. Complete: yes.
Scan 5: Strategy: rootInheritance. 7 list endpoints verified, all consistent.
Scan 6: 2 authenticated endpoints without explicit tenant args, all have notes.
Scan 7: 1 configurable values verified, all have semantically correct configSource attribution.
Scan 8: Convention: tokenScoped. 27 required endpoints verified, all consistent.
Scan 9: 29 endpoints verified, zero duplicates.
Scan 10: 0 tenant-parameterised endpoints verified, all include tenant-validation middleware.
Scan 11: 2 endpoints with sideEffects verified, all parameters traceable.
Scan 12: 8 required entities verified, all have endpoints or exclusions. Tenant container: settingsEmbedded, minimum endpoints present.
Scan 13: 2 authentication endpoints verified, all have responseTokenPath.
Scan 14: 4 public endpoints verified, all marked as authentication: public.
Scan 15: 23 CRUD endpoints classified, 6 non-CRUD endpoints.
Scan 16: 3 endpoints with enum fields verified, validation documented.
Scan 17: 7 create endpoints verified for FK nullability, 1 structured-payload endpoints verified for data model binding.
Scan 18: 1 config-mutation endpoints verified with version-bump invariants, 1 snapshot endpoints verified with explicit field lists.
";

#[test]
fn the_table_is_the_specifications_byte_for_byte() {
    let scans = Pack::foundry().scans();
    assert_eq!(scans.table(), TABLE);
    assert!(!scans.failed());
}

#[test]
fn each_scan_has_its_sentence() {
    assert_eq!(Pack::foundry().scans().sentences(), SENTENCES);
}

/// S4-179: a FAIL row fails the run, and says how many errors it counts instead of "all".
#[test]
fn a_failing_scan_fails_the_run() {
    let mut pack = Pack::foundry();
    pack.change("del", "contract", "GET /api/users#mustUseAuth", None);
    pack.change("set", "contract", "GET /api/webhooks@path", Some(json!("/api/users")));
    let scans = pack.scans();
    assert!(scans.failed());
    let table = scans.table();
    assert!(
        table.contains("| Auth enforcement completeness | 9 | FAIL | 24 of 25 authenticated endpoints |"),
        "{table}"
    );
    assert!(table.contains("| Endpoint deduplication | 12 | FAIL | 29 endpoints, 1 error |"), "{table}");
    let sentences = scans.sentences();
    assert!(
        sentences.contains("24 of 25 authenticated endpoints have mustUseAuth. Complete: no."),
        "{sentences}"
    );
    assert!(sentences.contains("29 endpoints verified, 1 error."), "{sentences}");
}

/// S4-31, A004-29: what cannot be told for want of a file is N/A, never PASS, and fails nothing.
#[test]
fn without_its_file_a_scan_is_not_applicable() {
    let cases: [(&str, &[usize]); 3] = [("env", &[7]), ("model", &[16, 17, 18]), ("scope", &[12])];
    for (file, numbers) in cases {
        let mut pack = Pack::foundry();
        pack.change("drop-file", file, "", None);
        let scans = pack.scans();
        let contract = scans.contracts.first().expect("one contract");
        let open: Vec<usize> = contract
            .scans
            .iter()
            .filter(|scan| matches!(scan.result, ScanResult::NotApplicable(_)))
            .map(|scan| usize::from(scan.number))
            .collect();
        assert_eq!(open, numbers, "without {file}");
        assert!(!scans.failed(), "without {file}");
    }
    let mut pack = Pack::foundry();
    pack.change("del", "scope", "/platformConstraints/multiTenancy/tenantContainer", None);
    let row =
        "| Entity endpoint coverage | 15 + 16 | N/A | tenantContainer in scope-manifest.json is missing |";
    assert!(pack.scans().table().contains(row), "{}", pack.scans().table());
}

/// A004-12: rule 3 lacks the data model, and the second table says so.
#[test]
fn the_second_table_knows_missing_files_too() {
    let mut pack = Pack::foundry();
    pack.change("drop-file", "model", "", None);
    let row = "| Singleton side-effect declaration | 3 | N/A | data-relationships.json is missing |";
    assert!(pack.scans().table().contains(row));
}

/// S4-135: endpoints by 23 rules without a blank cell; a rule that fails fails in its cell.
#[test]
fn the_matrix_has_no_blank_cell() {
    let mut pack = Pack::foundry();
    pack.change("del", "contract", "GET /api/users#mustUseAuth", None);
    let scans = pack.scans();
    let matrix = &scans.contracts.first().expect("one contract").matrix;
    assert_eq!(matrix.rows.len(), 29);
    assert!(matrix.rows.iter().all(|(_, cells)| cells.len() == 23));
    let (_, cells) = matrix.rows.iter().find(|(label, _)| label == "GET /api/users").expect("the endpoint");
    assert_eq!(cells.get(8), Some(&Cell::Fail));
    assert_eq!(cells.first(), Some(&Cell::NotApplicable));
    assert_eq!(cells.get(9), Some(&Cell::Pass));
    let table = matrix.table();
    assert_eq!(table.lines().count(), 31);
    assert!(table.lines().skip(2).all(|line| !line.contains("|  |")));
}
