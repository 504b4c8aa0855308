//! S4-260, S4-261, S4-262, S4-263, S4-264, S4-265, S4-266, S4-267, S4-268, S4-269, S4-270, S4-271,
//! S4-272, S4-273, S4-274, S4-275, S4-276, S4-277, S4-278, S4-279, S4-280, S4-281, S4-282, S4-283,
//! S4-284, S4-285, A004-13: the 31 items, each from a real check.

use serde_json::json;
use tenon_checks::hygiene::{self, Hygiene, Inputs, ItemResult};
use tenon_checks::{Context, Settings};

use super::harness::Pack;

const SPEC: &str = "\
# The contract step

## Version Reference
- **This Document**: contract-step.md v3
- **Linked Documents**:
 - constitution.md

## VERSION HISTORY

| Version | Date | Changes |
|---------|------|---------|
| 3 | 2026-02 | Dependency pin: Agent 3 v37 -> v38 |
| 2 | 2026-01 | Rules added |

## FILE OUTPUT MANIFEST

| File | Path | Type | Required |
|------|------|------|----------|
| Service Contracts | docs/service-contracts.json | Machine artifact | YES |

## Gates

```bash
#!/bin/bash
# scripts/verify-endpoint-status.sh
set -euo pipefail
while read -r endpoint; do
  echo \"$endpoint\"
done < <(jq -c '.endpoints[]' docs/service-contracts.json)
```
";

struct Given {
    pack: Pack,
    spec: String,
    scripts: Option<Vec<(String, String)>>,
    files: Vec<String>,
    verification: String,
}

impl Given {
    fn clean() -> Self {
        let pack = Pack::foundry();
        let verification = pack.scans().table();
        let files = vec!["service-contracts.json".to_owned(), "scope-manifest.json".to_owned()];
        Self { pack, spec: SPEC.to_owned(), scripts: None, files, verification }
    }

    fn run(&self) -> Hygiene {
        let graph = self.pack.graph();
        let settings = Settings::default();
        let inputs = Inputs {
            spec: Some(&self.spec),
            scripts: self.scripts.as_deref(),
            output_files: Some(&self.files),
            verification: Some(&self.verification),
            date: Some("2026-02-04"),
        };
        hygiene::run(&Context::new(&graph, None, &settings), &inputs)
    }

    /// The numbers of the items that do not hold.
    fn failed(&self) -> Vec<usize> {
        let items = self.run().items;
        items
            .iter()
            .filter(|item| matches!(item.result, ItemResult::Failed(_)))
            .map(|item| item.number)
            .collect()
    }
}

/// S4-285, S4-284: 31 items, and a footer from the results.
#[test]
fn all_items_hold_for_the_pack() {
    let hygiene = Given::clean().run();
    assert_eq!(hygiene.items.len(), 31);
    let text = hygiene.text();
    assert!(!text.contains("[X]") && !text.contains("[N/A]"), "{text}");
    assert!(text.ends_with("**Validation Date:** 2026-02-04\n**Status:** Production Ready\n"), "{text}");
}

/// S4-01, S4-03, S4-260: the block, and a history from the newest version down.
#[test]
fn item_1_version_reference() {
    for (from, to) in [
        ("## Version Reference", "## Versions"),
        ("v3\n", "\n"),
        (" - constitution.md\n", ""),
        ("## VERSION HISTORY", "## Older versions"),
        ("| 3 | 2026-02", "| 1 | 2026-02"),
        ("| 3 | 2026-02", "| three | 2026-02"),
        ("| Version | Date | Changes |", "| Version | Changes | Date |"),
        ("contract-step.md v3", "contract-step.md v4"),
    ] {
        let mut given = Given::clean();
        given.spec = given.spec.replace(from, to);
        assert_ne!(given.spec, SPEC, "{from}");
        // Outside its section the block's own version is a pin, too.
        let failed = given.failed();
        assert!(failed == [1] || failed == [1, 2], "{from} -> {to:?}: {failed:?}");
    }
}

/// S4-02, S4-261.
#[test]
fn item_2_version_pins_in_the_body() {
    for pin in ["Read agent-3 v38 first.", "See Agent 3 v38.", "as in `constitution.md v2`"] {
        let mut given = Given::clean();
        given.spec.push_str(pin);
        assert_eq!(given.failed(), [2], "{pin}");
    }
    let mut given = Given::clean();
    given.spec.push_str("The schema is service-contracts-v2 (v2).");
    assert_eq!(given.failed(), Vec::<usize>::new());
}

/// S4-05, S4-262, S4-280.
#[test]
fn items_3_and_21_single_output() {
    let mut given = Given::clean();
    given.files.push("04-API-CONTRACT.md".to_owned());
    assert_eq!(given.failed(), [3]);
    let mut given = Given::clean();
    given.files.push("route-service-contracts.json".to_owned());
    assert_eq!(given.failed(), [3, 21]);
    let mut given = Given::clean();
    let row = "| Service Contracts | docs/service-contracts.json | Machine artifact | YES |\n";
    given.spec = given.spec.replace(row, &format!("{row}| Notes | docs/notes.md | Text | NO |\n"));
    assert_eq!(given.failed(), [3]);
}

/// S4-263, S4-264, S4-265, S4-266, S4-267, S4-268, S4-269, S4-270, S4-271, S4-272, S4-273, S4-274,
/// S4-275, S4-276, S4-277, S4-278, S4-281, S4-282 and the items for rules 17 to 23: each fails when
/// its rule does.
#[test]
fn items_of_rules_fail_with_their_rule() {
    let upload = "POST /api/projects/:projectId/drawings/upload";
    let cases: Vec<(usize, &str, String, Option<serde_json::Value>)> = vec![
        (4, "contract", "POST /api/projects@middleware".into(), Some(json!(["authenticate"]))),
        (5, "contract", format!("{upload}@configSource"), None),
        (6, "contract", "PATCH /api/moulds/:mouldId#sideEffects".into(), None),
        (7, "contract", "GET /api/projects/:projectId@middleware".into(), Some(json!(["authenticate"]))),
        (8, "contract", "/deferredRouteHandling".into(), None),
        (9, "contract", "POST /api/users#acceptsBody".into(), None),
        (10, "contract", "/paginationStrategy".into(), None),
        (11, "contract", "POST /api/users#rbac".into(), Some(json!(null))),
        (12, "contract", "GET /api/users#mustUseAuth".into(), None),
        (13, "contract", "GET /api/alloys#notes".into(), None),
        (14, "contract", "/routeConvention".into(), None),
        (15, "contract", "GET /api/webhooks@path".into(), Some(json!("/api/users"))),
        (
            16,
            "contract",
            "GET /api/webhooks@path".into(),
            Some(json!("/api/organisations/:tenantId/webhooks")),
        ),
        (
            17,
            "contract",
            "GET /api/users#signature".into(),
            Some(json!("listUsers(organisationId, filter, limit)")),
        ),
        (19, "contract", "PATCH /api/organisation".into(), None),
        (22, "contract", "/$schema".into(), Some(json!("service-contracts-v1"))),
        (23, "contract", "GET /health@routeFile".into(), Some(json!("health.routes.ts"))),
        (25, "contract", "POST /api/auth/login@responseTokenPath".into(), None),
        (26, "contract", "GET /health@authentication".into(), Some(json!("required"))),
        (27, "contract", "GET /api/users#crudOperation".into(), Some(json!("delete"))),
        (28, "contract", "PATCH /api/users/:userId#notes".into(), None),
        (29, "contract", "POST /api/projects#notes".into(), None),
        (30, "contract", "POST /api/projects/:projectId/castings#notes".into(), Some(json!("A snapshot."))),
        (
            31,
            "contract",
            "POST /api/projects/:projectId/inspections#notes".into(),
            Some(json!("z.enum(['pass', 'rework', 'reject']) for verdict")),
        ),
    ];
    for (number, file, place, value) in cases {
        let mut given = Given::clean();
        let verb = if value.is_some() { "set" } else { "del" };
        given.pack.change(verb, file, &place, value);
        assert_eq!(given.failed(), [number], "{place}");
    }
    // S4-277, item 18.
    let mut given = Given::clean();
    given.pack.change("add", "scope", "/requiredEntities/-", Some(json!("invoices")));
    assert_eq!(given.failed(), [18]);
}

/// S4-14, S4-279: 18 rows, all PASS.
#[test]
fn item_20_verification_summary() {
    let mut given = Given::clean();
    given.verification = given.verification.replace("| 8 | PASS |", "| 8 | FAIL |");
    assert_eq!(given.failed(), [20]);
    given.verification = given.verification.lines().take(10).collect::<Vec<_>>().join("\n");
    assert_eq!(given.failed(), [20]);
    given.verification = "All fine.".to_owned();
    assert_eq!(given.failed(), [20]);
}

/// S4-186, S4-283: blocks of the specification and scripts of a folder alike.
#[test]
fn item_24_strict_scripts() {
    let mut given = Given::clean();
    given.spec = given.spec.replace("set -euo pipefail", "set -e");
    assert_eq!(given.failed(), [24]);
    let mut given = Given::clean();
    let script = "set -euo pipefail\njq -c '.endpoints[]' x | while read -r line; do echo; done\n";
    given.scripts = Some(vec![("verify-upload-e2e.sh".to_owned(), script.to_owned())]);
    assert_eq!(given.failed(), [24]);
}

/// What was not given is not checked, and the status says so.
#[test]
fn nothing_is_skipped_in_silence() {
    let pack = Pack::foundry();
    let graph = pack.graph();
    let settings = Settings::default();
    let hygiene = hygiene::run(&Context::new(&graph, None, &settings), &Inputs::default());
    let text = hygiene.text();
    assert!(
        text.contains("- [N/A] Version Reference block present: no specification was given (--spec)"),
        "{text}"
    );
    assert!(
        text.ends_with("**Validation Date:** not given\n**Status:** Not ready: 5 not checked\n"),
        "{text}"
    );
    assert!(!hygiene.failed() && !hygiene.ready());
}
