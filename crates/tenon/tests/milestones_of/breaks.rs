//! What is broken in the shipped packs, and what of their milestones must fail then; files that are too large.

use super::tenon;

/// What is broken, and what of the milestone must fail then.
pub struct Break {
    pub rows: &'static str,
    pub pack: &'static str,
    pub milestone: &'static str,
    pub file: &'static str,
    /// What is put in place of what; nothing takes the file away.
    pub change: Option<(&'static str, &'static str)>,
    pub fails: &'static [&'static str],
}

pub const fn gone(
    rows: &'static str,
    pack: &'static str,
    milestone: &'static str,
    file: &'static str,
    fails: &'static [&'static str],
) -> Break {
    Break { rows, pack, milestone, file, change: None, fails }
}

pub const fn edit(
    rows: &'static str,
    pack: &'static str,
    milestone: &'static str,
    file: &'static str,
    change: (&'static str, &'static str),
    fails: &'static [&'static str],
) -> Break {
    Break { rows, pack, milestone, file, change: Some(change), fails }
}

pub const SWAP: &[Break] = &[
    gone(
        "S0-73, S0-81",
        "swap",
        "M98",
        "contracts/swap/schemas/DisputeGetResponse.schema.json",
        &["criteria/prd-1", "checks/artifacts"],
    ),
    edit(
        "S0-74",
        "swap",
        "M98",
        "contracts/swap/contract.yaml",
        ("    scopes: [\"settlement:write\"]\n", ""),
        &["criteria/prd-2", "checks/auth"],
    ),
    edit(
        "S0-76",
        "swap",
        "M98",
        "contracts/swap/contract.yaml",
        ("ordering: none", "x-ordering: none"),
        &["criteria/prd-4", "checks/ordering"],
    ),
    edit(
        "S0-77",
        "swap",
        "M98",
        "contracts/swap/contract.yaml",
        ("reason_codes: [dispute_facade_invalid, dispute_not_found]", "reason_codes: [dispute_bogus]"),
        &["criteria/prd-5"],
    ),
    edit(
        "S0-104",
        "swap",
        "M98",
        "contracts/swap/docs/M98.md",
        ("`disputes.get`", "`disputes.got`"),
        &["documents/docs/M98.md", "checks/documents"],
    ),
    edit(
        "S0-58, S0-75",
        "swap",
        "M98",
        "contracts/swap/scenarios/m98.scenario.yaml",
        ("status: 200", "status: 299"),
        &["checks/scenario", "criteria/implementation-2"],
    ),
];

pub const DOME: &[Break] = &[
    // A skill that does not run: the smoke validation calls the methods, and not only reads them.
    gone(
        "S1-47, S1-70",
        "dome",
        "M2",
        "contracts/dome/skills/text.count/count.sh",
        &["checks/smoke", "work_packages/M2-D7", "criteria/4"],
    ),
    gone(
        "S1-03, S1-25, S1-58",
        "dome",
        "M2",
        "contracts/dome/doc/m0-runtime-contract-freeze/m1_contract_reuse_matrix.md",
        &[
            "inputs/doc/m0-runtime-contract-freeze/m1_contract_reuse_matrix.md",
            "work_packages/M2-D1",
            "dependencies/#57",
        ],
    ),
    gone(
        "S1-04",
        "dome",
        "M2",
        "contracts/dome/doc/m0-runtime-contract-freeze/m1_contract_delta_register.md",
        &["inputs/doc/m0-runtime-contract-freeze/m1_contract_delta_register.md", "work_packages/M2-D7"],
    ),
    gone(
        "S1-05",
        "dome",
        "M2",
        "contracts/dome/doc/m0-runtime-contract-freeze/m1_dependency_matrix.md",
        &["inputs/doc/m0-runtime-contract-freeze/m1_dependency_matrix.md"],
    ),
    gone(
        "S1-06",
        "dome",
        "M2",
        "contracts/dome/doc/m0-runtime-contract-freeze/m1_ci_enforcement_mapping.md",
        &["inputs/doc/m0-runtime-contract-freeze/m1_ci_enforcement_mapping.md"],
    ),
    gone(
        "S1-07",
        "dome",
        "M2",
        "contracts/dome/doc/m0-runtime-contract-freeze/m1_to_m2_handoff.md",
        &["inputs/doc/m0-runtime-contract-freeze/m1_to_m2_handoff.md"],
    ),
    gone(
        "S1-25, S1-26, S1-58, S1-49",
        "dome",
        "M2",
        "contracts/dome/proto/domed/v1/domed.proto",
        &[
            "artifacts/Canonical API wire contract (proto-first)",
            "artifacts/Service-level message model with versioning",
            "criteria/1",
            "handoffs/#59",
        ],
    ),
    edit(
        "S1-27, S1-59, S1-33, S1-34",
        "dome",
        "M2",
        "contracts/dome/contract.yaml",
        ("  E_INTERNAL:\n", "  E_INTERNALS:\n"),
        &["artifacts/Typed RPC error namespace + mapping", "criteria/2", "risks/taxonomy"],
    ),
    gone(
        "S1-28",
        "dome",
        "M2",
        "contracts/dome/docs/compatibility.md",
        &["artifacts/Compatibility policy for v1 freeze", "handoffs/#60"],
    ),
    gone(
        "S1-29, S1-60, S1-35, S1-50",
        "dome",
        "M2",
        "contracts/dome/codegen.yaml",
        &["artifacts/Codegen reproducibility workflow", "criteria/3", "handoffs/#60"],
    ),
    gone(
        "S1-30, S1-61, S1-36",
        "dome",
        "M2",
        "contracts/dome/tenon.lock",
        &["artifacts/Proto drift/breaking CI checks", "criteria/4", "risks/evolution"],
    ),
    edit(
        "S1-31, S1-57",
        "dome",
        "M2",
        "contracts/dome/m2_proto_surface_matrix.md",
        ("`CancelJob`", "`StopJob`"),
        &["artifacts/API/spec docs aligned with proto", "documents/m2_proto_surface_matrix.md"],
    ),
    gone(
        "S1-57, S1-51",
        "dome",
        "M2",
        "contracts/dome/m2_proto_surface_matrix.md",
        &["deliverables/m2_proto_surface_matrix.md", "phases/P1"],
    ),
    gone(
        "S1-53",
        "dome",
        "M2",
        "contracts/dome/m2_contract_delta_register.md",
        &["deliverables/m2_contract_delta_register.md", "phases/P2"],
    ),
    gone(
        "S1-54",
        "dome",
        "M2",
        "contracts/dome/m2_ci_codegen_enforcement_mapping.md",
        &["deliverables/m2_ci_codegen_enforcement_mapping.md", "phases/P3"],
    ),
    gone(
        "S1-56",
        "dome",
        "M2",
        "contracts/dome/m2_to_m3_m4_handoff.md",
        &["deliverables/m2_to_m3_m4_handoff.md", "phases/P4"],
    ),
    gone(
        "S3-25, S3-27, S3-33, S3-35",
        "dome",
        "M1",
        "contracts/dome/proto/domed/v1/domed.proto",
        &[
            "artifacts/`skill-execute` entrypoint contract",
            "artifacts/API-first gateway contract (proto/openapi)",
            "checklist/1",
            "checklist/3",
        ],
    ),
    gone(
        "S3-26, S3-34",
        "dome",
        "M1",
        "contracts/dome/ssot/schemas/tool.manifest.schema.json",
        &["artifacts/Capability discovery contract (`domed`)", "checklist/2"],
    ),
    gone(
        "S3-28, S3-36, S3-106",
        "dome",
        "M1",
        "contracts/dome/doc/m0-runtime-contract-freeze/m1_ci_enforcement_mapping.md",
        &[
            "artifacts/Thin-client-only invocation policy",
            "checklist/4",
            "checklist/8",
            "deliverables/doc/m0-runtime-contract-freeze/m1_ci_enforcement_mapping.md",
        ],
    ),
    edit(
        "S3-29, S3-37, S3-55",
        "dome",
        "M1",
        "contracts/dome/ssot/schemas/run.manifest.schema.json",
        ("\"commit_sha\"", "\"commit\""),
        &["artifacts/Canonical run provenance record", "checklist/5", "handoffs/#59"],
    ),
    edit(
        "S3-30, S3-38",
        "dome",
        "M1",
        "contracts/dome/contract.yaml",
        (
            "    scopes: [domed.jobs:write]\n    rate_class: submit\n    idempotency: required\n",
            "    scopes: [domed.jobs:write]\n    rate_class: submit\n",
        ),
        &["artifacts/Idempotency contract for gateway submissions", "checklist/6"],
    ),
    edit(
        "S3-31, S3-39",
        "dome",
        "M1",
        "contracts/dome/reuse.yaml",
        ("    owner: runtime-team\n", ""),
        &["artifacts/Stability tiers/ownership per schema", "checklist/7"],
    ),
    gone(
        "S3-32, S3-40, S3-54, S3-101",
        "dome",
        "M1",
        "contracts/dome/reuse.yaml",
        &["artifacts/Reuse-only guard", "work_packages/D1", "work_packages/D8", "handoffs/#58"],
    ),
    edit(
        "S3-105, S3-93",
        "dome",
        "M1",
        "contracts/dome/doc/m0-runtime-contract-freeze/issue-57/body.md",
        ("- [x]", "- [ ]"),
        &["criteria/4", "work_packages/D8"],
    ),
    gone(
        "S3-104",
        "dome",
        "M1",
        "contracts/dome/doc/m0-runtime-contract-freeze/m1_dependency_matrix.md",
        &["criteria/3", "deliverables/doc/m0-runtime-contract-freeze/m1_dependency_matrix.md"],
    ),
];

pub const SALES: &[Break] = &[
    gone(
        "S2-84, S2-86",
        "sales",
        "WI-007",
        "contracts/sales/docs/CANONICAL/GTM_API_CONTRACTS.md",
        &["deliverables/docs/CANONICAL/GTM_API_CONTRACTS.md", "criteria/D1", "metrics/Evidence Completeness"],
    ),
    gone(
        "S2-85",
        "sales",
        "WI-007",
        "contracts/sales/docs/WORK_ITEMS/WI-007-gtm-apis.md",
        &["deliverables/docs/WORK_ITEMS/WI-007-gtm-apis.md"],
    ),
    gone(
        "S2-86, S2-94",
        "sales",
        "WI-007",
        "contracts/sales/docs/TRACEABILITY.md",
        &["deliverables/docs/TRACEABILITY.md"],
    ),
    gone(
        "S2-87",
        "sales",
        "WI-007",
        "contracts/sales/docs/WORK_ITEMS/INDEX.md",
        &["deliverables/docs/WORK_ITEMS/INDEX.md"],
    ),
    gone(
        "S2-88, S2-89, S2-120",
        "sales",
        "WI-007",
        "contracts/sales/docs/EVIDENCE/gtm/2026-01-03/README.md",
        &[
            "deliverables/docs/EVIDENCE/gtm/2026-01-03/README.md",
            "phases/3.4",
            "metrics/Evidence Completeness",
        ],
    ),
    edit(
        "S2-03, S2-43, S2-48, S2-115",
        "sales",
        "WI-007",
        "contracts/sales/contract.yaml",
        (
            "    consent:\n      scopes: [marketing, communication]",
            "    x-consent:\n      scopes: [marketing, communication]",
        ),
        &[
            "objectives/2",
            "criteria/F2",
            "values/compliance-assurance",
            "values/consent-compliance",
            "risks/consent-gaps",
        ],
    ),
    edit(
        "S2-04, S2-45, S2-49, S2-116",
        "sales",
        "WI-007",
        "contracts/sales/contract.yaml",
        (
            "    usage: {dimension: lead.ingestion, billable: true, quantity: 1}",
            "    usage: {billable: true, quantity: 1}",
        ),
        &[
            "objectives/3",
            "criteria/F3",
            "values/usage-control",
            "metrics/Usage Metering",
            "risks/usage-omissions",
        ],
    ),
    edit(
        "S2-02, S2-41, S2-42, S2-97, S2-110",
        "sales",
        "WI-007",
        "contracts/sales/contract.yaml",
        ("      operations: [leads.route]", "      operations: []"),
        &[
            "objectives/1",
            "criteria/F1",
            "values/lead-management",
            "values/operational-efficiency",
            "phases/2.3",
            "metrics/Contract Coverage",
        ],
    ),
    edit(
        "S2-06, S2-44, S2-47, S2-98, S2-114, S2-107",
        "sales",
        "WI-007",
        "contracts/sales/contract.yaml",
        ("    stage: ROUTING", "    stage: CASE_WORK"),
        &[
            "objectives/5",
            "criteria/T1",
            "values/boundary-protection",
            "values/governance-enforcement",
            "phases/3.2",
            "metrics/Boundary Compliance",
            "risks/scope-creep",
        ],
    ),
    edit(
        "S2-46, S2-50, S2-117",
        "sales",
        "WI-007",
        "contracts/sales/contract.yaml",
        ("    scopes: [\"sales.leads:write\"]\n", ""),
        &["criteria/T5", "values/audit-trail", "metrics/Security Foundations"],
    ),
    edit(
        "S2-121, S2-122, S2-105, S2-108, S2-109",
        "sales",
        "WI-007",
        "milestones/WI-007.yaml",
        ("    status: approved\n    approver: architecture-team\n    date: 2026-11-21\n", ""),
        &[
            "decisions/architecture-review",
            "metrics/Review Coverage",
            "risks/consent-gaps",
            "risks/integration-gaps",
        ],
    ),
    edit(
        "S2-75, S2-119, S2-109",
        "sales",
        "WI-007",
        "contracts/sales/contract.yaml",
        ("source: \"#/consent_scopes\"", "source: \"#/consents\""),
        &["dependencies/WI-003", "metrics/Cross-References", "risks/integration-gaps"],
    ),
    edit(
        "S2-113, S2-65",
        "sales",
        "WI-007",
        "contracts/sales/contract.yaml",
        ("    message: The tenant's entitlement is used up\n", ""),
        &["metrics/Documentation Quality", "criteria/D3"],
    ),
    edit(
        "S2-39, S2-40",
        "sales",
        "WI-007",
        "contracts/sales/contract.yaml",
        ("summary: Brings in a lead", "summary: Brings in one lead"),
        &["documents/docs/CANONICAL/GTM_API_CONTRACTS.md"],
    ),
];

/// A file that is too large is refused before it is read; one with very many packages is read whole.
#[test]
fn large_files_are_bounded() {
    let folder = tempfile::tempdir().expect("a folder");
    let huge = "tenon: milestone/v1\n# ".to_owned() + &"x".repeat(9 * 1024 * 1024);
    std::fs::write(folder.path().join("huge.yaml"), huge).expect("a file");
    let output = tenon(folder.path(), &["verify", "huge.yaml"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        String::from_utf8_lossy(&output.stderr).contains("a milestone has at most 8388608"),
        "{output:?}"
    );
    let mut text =
        "tenon: milestone/v1\nid: L\ntitle: Long\nroot: .\nwork_packages:\n  P0: {title: P}\n".to_owned();
    for index in 1..20_000 {
        text.push_str(&format!("  P{index}: {{title: P, depends_on: [P{}]}}\n", index - 1));
    }
    text = text.replace("  P0: {title: P}\n", "  P0: {title: P, depends_on: [P19999]}\n");
    std::fs::write(folder.path().join("long.yaml"), text).expect("a file");
    let output = tenon(folder.path(), &["verify", "long.yaml"]);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        said.contains("work packages wait for each other: P0 waits for P19999")
            && said.contains("(20000 in all)"),
        "{}",
        &said[..said.len().min(600)]
    );
}
