//! The hygiene gate: 31 items over the specification's text, the gate scripts and the contract.
//!
//! Each item is a real check. What it cannot check for want of a file it says, and is not ready.

mod document;
mod scripts;

use tenon_source::{Finding, Level};

use crate::Context;
use crate::facts::service::{ServiceFacts, services};
use crate::rules::service::RULES;

/// What the gate may look at beside the contract.
#[derive(Debug, Clone, Copy, Default)]
pub struct Inputs<'i> {
    /// The specification's Markdown text.
    pub spec: Option<&'i str>,
    /// The gate scripts, by file name.
    pub scripts: Option<&'i [(String, String)]>,
    /// The names of the files in the contract's folder.
    pub output_files: Option<&'i [String]>,
    /// The verification summary that was delivered with the contract.
    pub verification: Option<&'i str>,
    /// The day of the check, such as `2026-02-04`; this crate knows no clock.
    pub date: Option<&'i str>,
}

/// How an item came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ItemResult {
    /// It holds.
    Ok,
    /// It does not, with what is wrong.
    Failed(String),
    /// It could not be checked, with what is missing.
    NotChecked(String),
}

/// One item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its number from 1.
    pub number: usize,
    /// Its text.
    pub text: &'static str,
    /// How it came out.
    pub result: ItemResult,
}

/// All items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hygiene {
    /// In the specification's order, then those of the rules it has none for.
    pub items: Vec<Item>,
    date: Option<String>,
}

/// What an item asks.
enum Ask {
    /// One of the 23 rules or a structural one, by id.
    Rule(&'static str),
    /// Something of its own.
    Own(fn(&Inputs<'_>, &[ServiceFacts<'_>]) -> ItemResult),
}

/// The items: 24 of the specification, then one for each of rules 17 to 23.
static ITEMS: &[(&str, Ask)] = &[
    ("Version Reference block present", Ask::Own(document::version_reference)),
    ("No dependency version pins outside Version Reference and VERSION HISTORY", Ask::Own(document::pins)),
    ("Single output: service-contracts.json only", Ask::Own(document::single_output)),
    (
        "Body validation completeness: all body-consuming endpoints have validateBody middleware",
        Ask::Rule("SC01"),
    ),
    (
        "Config source-of-truth: configurable limits include semantically correct configSource attribution",
        Ask::Rule("SC02"),
    ),
    (
        "Singleton side-effect declaration: PATCH endpoints with cross-record effects include sideEffects",
        Ask::Rule("SC03"),
    ),
    (
        "Scope-guard inheritance: all project-nested endpoints include validateProjectAccess",
        Ask::Rule("SC04"),
    ),
    (
        "Deferred endpoint build-gate: deferredRouteHandling declared when deferred endpoints exist",
        Ask::Rule("SC05"),
    ),
    ("Body intent declaration: every POST/PUT/PATCH has explicit acceptsBody field", Ask::Rule("SC06")),
    (
        "Pagination inheritance: single strategy declared (rootInheritance or perEndpoint), no mixed approach",
        Ask::Rule("SC07"),
    ),
    (
        "RBAC-middleware bidirectional: rbac non-null if and only if requireRole in middleware on every endpoint",
        Ask::Rule("SC08"),
    ),
    (
        "Auth enforcement field completeness: mustUseAuth present on all or no authenticated endpoints",
        Ask::Rule("SC09"),
    ),
    (
        "Scope-intent documentation: authenticated endpoints without tenant-scoping args include notes",
        Ask::Rule("SC10"),
    ),
    (
        "Route convention consistency: single URL convention declared and enforced across all required endpoints",
        Ask::Rule("SC11"),
    ),
    ("Endpoint uniqueness: no duplicate path+method combinations in endpoints array", Ask::Rule("SC12")),
    (
        "Tenant-scoping middleware: all tenant-parameterised routes include tenant-validation middleware",
        Ask::Rule("SC13"),
    ),
    (
        "Intra-endpoint coherence: sideEffects parameters traceable to signature/routeArgs or annotated as \
         server-derived",
        Ask::Rule("SC14"),
    ),
    ("Entity endpoint coverage: every requiredEntity has endpoints or explicit exclusion", Ask::Rule("SC15")),
    ("Tenant container endpoints: minimum endpoints match declared uiStrategy", Ask::Rule("SC16")),
    (
        "Mandatory output format: verification summary table produced before service-contracts.json delivery",
        Ask::Own(document::verification),
    ),
    ("route-service-contracts data merged into service-contracts.json", Ask::Own(document::merged)),
    ("Schema version updated to v2", Ask::Rule("SC30")),
    ("All file paths are repo-relative (no filename-only convention)", Ask::Rule("SC36")),
    ("All gates use set -euo pipefail and process substitution", Ask::Own(scripts::strict)),
    (
        "Auth token path completeness: login and token-refresh endpoints declare responseTokenPath",
        Ask::Rule("SC17"),
    ),
    ("Public endpoint consistency: authRequired and authentication agree", Ask::Rule("SC18")),
    ("CRUD operation classification: crudOperation fits the method", Ask::Rule("SC19")),
    ("Enum field validation: enum fields document z.enum with the data model's values", Ask::Rule("SC20")),
    ("FK nullability alignment: nullable foreign keys are optional on create", Ask::Rule("SC21")),
    ("Config mutation invariants: version bumps and snapshots are bound to column names", Ask::Rule("SC22")),
    ("Structured payload binding: notes reference the target column", Ask::Rule("SC23")),
];

/// Checks every item.
#[must_use]
pub fn run(ctx: &Context<'_>, inputs: &Inputs<'_>) -> Hygiene {
    let facts = services(ctx);
    let items = ITEMS.iter().enumerate().map(|(index, (text, ask))| {
        let result = match ask {
            Ask::Rule(id) => by_rule(ctx, &facts, id),
            Ask::Own(check) => check(inputs, &facts),
        };
        Item { number: index + 1, text, result }
    });
    Hygiene { items: items.collect(), date: inputs.date.map(str::to_owned) }
}

fn by_rule(ctx: &Context<'_>, facts: &[ServiceFacts<'_>], id: &str) -> ItemResult {
    let Some(rule) = RULES.iter().find(|rule| rule.code.id == id) else {
        return ItemResult::NotChecked(format!("there is no rule {id}"));
    };
    if facts.is_empty() {
        return ItemResult::NotChecked("no service contract was given".to_owned());
    }
    let mut found: Vec<Finding> = Vec::new();
    (rule.check)(ctx, &mut found);
    found.retain(|finding| finding.level == Level::Error);
    if let Some(first) = found.first() {
        let more = found.len() - 1;
        let operation = first.operation.as_ref().map(|label| format!("{label}: ")).unwrap_or_default();
        let rest = if more > 0 { format!(" (and {more} more, {id})") } else { format!(" ({id})") };
        return ItemResult::Failed(format!("{operation}{}{rest}", first.message));
    }
    let number = id.strip_prefix("SC").and_then(|number| number.parse().ok()).unwrap_or(u8::MAX);
    match facts.iter().find_map(|one| one.missing_input(number)) {
        Some(input) => ItemResult::NotChecked(format!("{} is missing", input.as_str())),
        None => ItemResult::Ok,
    }
}

impl Hygiene {
    /// Whether any item does not hold.
    #[must_use]
    pub fn failed(&self) -> bool {
        self.items.iter().any(|item| matches!(item.result, ItemResult::Failed(_)))
    }

    /// Whether every item was checked and holds: a gate that could not look has not passed.
    #[must_use]
    pub fn ready(&self) -> bool {
        self.items.iter().all(|item| item.result == ItemResult::Ok)
    }

    /// The list with its footer: day and status.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = String::from("## PROMPT HYGIENE GATE\n\n");
        let (mut failed, mut open) = (0, 0);
        for item in &self.items {
            match &item.result {
                ItemResult::Ok => out.push_str(&format!("- [OK] {}\n", item.text)),
                ItemResult::Failed(why) => {
                    failed += 1;
                    out.push_str(&format!("- [X] {}: {why}\n", item.text));
                }
                ItemResult::NotChecked(why) => {
                    open += 1;
                    out.push_str(&format!("- [N/A] {}: {why}\n", item.text));
                }
            }
        }
        let status = match (failed, open) {
            (0, 0) => "Production Ready".to_owned(),
            (0, open) => format!("Not ready: {open} not checked"),
            (failed, 0) => format!("Not ready: {failed} failed"),
            (failed, open) => format!("Not ready: {failed} failed, {open} not checked"),
        };
        let date = self.date.as_deref().unwrap_or("not given");
        out.push_str(&format!("\n**Validation Date:** {date}\n**Status:** {status}\n"));
        out
    }
}
