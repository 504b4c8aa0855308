//! The two public contracts, where they are on this machine.

use std::path::PathBuf;

use tenon_checks::{Context, Settings};
use tenon_testkit::{MemoryFiles, run_files};

fn real(version: &str) -> Option<MemoryFiles> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/real/service-contracts");
    let docs = folder.join(version).join("docs");
    if !docs.is_dir() {
        println!("not run: ../shared/real/service-contracts/{version} is not here");
        return None;
    }
    let names = ["service-contracts", "scope-manifest", "data-relationships", "env-manifest"];
    let files = names.iter().map(|name| {
        let path = format!("docs/{name}.json");
        (path.clone(), std::fs::read(folder.join(version).join(path)).expect("the file is there"))
    });
    Some(MemoryFiles(files.collect()))
}

fn found(files: &MemoryFiles) -> Vec<String> {
    let outcome = run_files(files, None, &|id| id.starts_with("SC"));
    let mut ids: Vec<String> = outcome
        .findings
        .iter()
        .filter(|finding| finding.level == tenon_source::Level::Error)
        .map(|finding| finding.code.id.to_owned())
        .collect();
    ids.sort();
    ids
}

/// S4-286: no error at all, where the printed scripts report 86 fields as missing.
#[test]
fn real_foundry_v45_has_no_error() {
    let Some(files) = real("foundry-v45") else { return };
    assert_eq!(found(&files), Vec::<String>::new());
}

/// S4-137, S4-138, S4-139, S4-140, S4-141, S4-142, S4-143, S4-144, S4-145, S4-146, S4-147, S4-148,
/// S4-149, S4-150, S4-151, S4-152, S4-153, S4-154: the counts are those of a count by hand over the
/// 47 endpoints.
#[test]
fn real_foundry_v45_scans_equal_a_count_by_hand() {
    let Some(files) = real("foundry-v45") else { return };
    let graph = run_files(&files, None, &|_| false).graph;
    let settings = Settings::default();
    let scans = tenon_checks::scans::run(&Context::new(&graph, None, &settings));
    let counts: Vec<&str> = scans
        .contracts
        .iter()
        .flat_map(|one| one.scans.iter().chain(&one.additional))
        .map(|scan| scan.count.as_str())
        .collect();
    let by_hand = [
        "15 body-consuming, 1 action-only",
        "15 project-scoped endpoints",
        "10 RBAC-protected endpoints",
        "44 of 44 authenticated endpoints",
        "Strategy: rootInheritance, 11 list endpoints",
        "7 endpoints without tenant args",
        "1 configurable values, semantically correct",
        "Convention: tokenScoped, 33 endpoints",
        "47 endpoints, zero duplicates",
        "0 tenant-parameterised, all validated",
        "1 sideEffects endpoints, all params traceable",
        "8 entities, all covered. Tenant: settingsEmbedded",
        "1 authentication endpoints",
        "3 public endpoints",
        "44 CRUD, 3 non-CRUD",
        "3 enum-field endpoints",
        "2 create FKs checked, 1 structured payloads bound",
        "2 version-bump, 1 snapshot endpoints",
        "0 singleton-flag endpoints",
        "14 deferred endpoints",
    ];
    assert_eq!(counts, by_hand);
    assert!(!scans.failed());
}

/// S4-321, S4-308: one finding on the dialect, and no wall behind it: what is left is about the
/// contract itself.
#[test]
fn real_foundry_v47_is_a_dialect_and_no_wall() {
    let Some(files) = real("foundry-v47") else { return };
    let outcome = run_files(&files, None, &|id| id.starts_with("SC"));
    let dialect = outcome.findings.iter().filter(|finding| finding.code.id == "IN027").count();
    assert_eq!(dialect, 1);
    let ids = found(&files);
    assert!(!ids.iter().any(|id| matches!(id.as_str(), "SC31" | "SC32" | "SC33" | "SC35")), "{ids:?}");
    let count = |id: &str| ids.iter().filter(|found| *found == id).count();
    // GET, PATCH and DELETE of /projects/:id and its two settings.
    assert_eq!(count("SC04"), 5);
    assert!(ids.len() < 50, "{} errors", ids.len());
}
