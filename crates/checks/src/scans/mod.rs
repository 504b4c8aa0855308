//! The 18 scans of the specification's section 6, and its verification summary table.
//!
//! A scan counts what it looked at and asks the rules whether anything is wrong. Where a file is
//! missing that it cannot do without, its result is N/A and never PASS.

mod counts;
mod matrix;
mod rows;

pub use matrix::{Cell, Matrix};
use rayon::prelude::*;
use tenon_source::{Finding, Level};

use crate::Context;
use crate::facts::service::{Input, RULE_COUNT, ServiceFacts, services};
use crate::rules::service::RULES;

/// What a scan says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScanResult {
    /// Nothing is wrong.
    Pass,
    /// Something is.
    Fail,
    /// A file is missing, so that it cannot be told.
    NotApplicable(Input),
}

impl ScanResult {
    /// As the table has it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "PASS",
            Self::Fail => "FAIL",
            Self::NotApplicable(_) => "N/A",
        }
    }
}

/// One row of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scan {
    /// Its number from 1; 0 for the additional rules.
    pub number: u8,
    /// Its name in the table.
    pub name: &'static str,
    /// Its rules.
    pub rules: &'static [u8],
    /// The outcome.
    pub result: ScanResult,
    /// What it counted, as the table has it.
    pub count: String,
    /// The same as a sentence.
    pub sentence: String,
}

impl Scan {
    /// Its rules as the table has them: `1 + 6`.
    #[must_use]
    pub fn rules_text(&self) -> String {
        self.rules.iter().map(u8::to_string).collect::<Vec<_>>().join(" + ")
    }
}

/// The scans of one contract.
#[derive(Debug, Clone)]
pub struct ContractScans {
    /// The contract's path.
    pub path: String,
    /// The 18 scans.
    pub scans: Vec<Scan>,
    /// Rules 3 and 5, which no scan covers.
    pub additional: Vec<Scan>,
    /// Which rule was asked of which endpoint.
    pub matrix: Matrix,
}

/// The scans of every contract.
#[derive(Debug, Clone, Default)]
pub struct Scans {
    /// One for each contract.
    pub contracts: Vec<ContractScans>,
}

/// Runs every scan.
#[must_use]
pub fn run(ctx: &Context<'_>) -> Scans {
    let findings = rule_findings(ctx);
    let contracts = services(ctx).into_iter().map(|facts| {
        let own = |finding: &&Finding| {
            let file = finding.place.file;
            file == facts.contract.file || facts.scope.is_some_and(|scope| scope.file == file)
        };
        let own: Vec<&Finding> = findings.iter().filter(own).collect();
        let path = facts.graph.sources.get(facts.contract.file).map_or("", |file| file.path.as_str());
        ContractScans {
            path: path.to_owned(),
            scans: rows::scans(&facts, &own),
            additional: rows::additional(&facts, &own),
            matrix: Matrix::new(&facts, &own),
        }
    });
    Scans { contracts: contracts.collect() }
}

/// What the 23 rules find, at their own levels.
fn rule_findings(ctx: &Context<'_>) -> Vec<Finding> {
    let found: Vec<Vec<Finding>> = RULES
        .par_iter()
        .filter(|rule| rule_number(rule.code.id).is_some())
        .map(|rule| {
            let mut out = Vec::new();
            (rule.check)(ctx, &mut out);
            out
        })
        .collect();
    found.into_iter().flatten().collect()
}

/// The number of one of the 23 rules.
fn rule_number(id: &str) -> Option<u8> {
    id.strip_prefix("SC")?.parse().ok().filter(|number| *number <= RULE_COUNT)
}

/// The errors of some rules.
fn errors<'f>(findings: &'f [&'f Finding], rules: &'f [u8]) -> impl Iterator<Item = &'f Finding> {
    findings.iter().copied().filter(move |finding| {
        finding.level == Level::Error
            && rule_number(finding.code.id).is_some_and(|number| rules.contains(&number))
    })
}

/// The outcome of some rules: FAIL before N/A before PASS.
fn result(facts: &ServiceFacts<'_>, findings: &[&Finding], rules: &'static [u8]) -> ScanResult {
    if errors(findings, rules).next().is_some() {
        return ScanResult::Fail;
    }
    let missing = rules.iter().find_map(|rule| facts.missing_input(*rule));
    missing.map_or(ScanResult::Pass, ScanResult::NotApplicable)
}

impl Scans {
    /// Whether any row is FAIL.
    #[must_use]
    pub fn failed(&self) -> bool {
        let mut all = self.contracts.iter().flat_map(|one| one.scans.iter().chain(&one.additional));
        all.any(|scan| scan.result == ScanResult::Fail)
    }

    /// The verification summary table, then the table of rules 3 and 5; for each contract, with its
    /// path in front where there is more than one.
    #[must_use]
    pub fn table(&self) -> String {
        let mut out = String::new();
        for (index, contract) in self.contracts.iter().enumerate() {
            if self.contracts.len() > 1 {
                let gap = if index > 0 { "\n" } else { "" };
                out.push_str(&format!("{gap}{}:\n\n", contract.path));
            }
            out.push_str(&contract.table());
            out.push_str("\nAdditional rules:\n\n");
            out.push_str(&rows_table(&contract.additional));
        }
        out
    }

    /// The sentence of each scan, one a line.
    #[must_use]
    pub fn sentences(&self) -> String {
        let all = self.contracts.iter().flat_map(|one| &one.scans);
        all.map(|scan| format!("Scan {}: {}\n", scan.number, scan.sentence)).collect()
    }
}

impl ContractScans {
    /// The verification summary table: 18 rows.
    #[must_use]
    pub fn table(&self) -> String {
        rows_table(&self.scans)
    }
}

fn rows_table(scans: &[Scan]) -> String {
    let mut out = String::from("| Scan | Rule(s) | Result | Count |\n|------|---------|--------|-------|\n");
    for scan in scans {
        let rules = scan.rules_text();
        out.push_str(&format!("| {} | {rules} | {} | {} |\n", scan.name, scan.result.as_str(), scan.count));
    }
    out
}
