//! Which rule was asked of which endpoint, and what it answered: no cell is blank.

use tenon_source::Finding;

use super::rule_number;
use crate::facts::service::{RULE_COUNT, ServiceFacts};

/// What a rule says of an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell {
    /// It holds.
    Pass,
    /// It does not.
    Fail,
    /// It has nothing to ask of the endpoint, or lacks a file.
    NotApplicable,
}

impl Cell {
    /// As the report has it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "ok",
            Self::Fail => "FAIL",
            Self::NotApplicable => "-",
        }
    }
}

/// Endpoints by rules.
#[derive(Debug, Clone, Default)]
pub struct Matrix {
    /// An endpoint and its 23 cells, in document order.
    pub rows: Vec<(String, Vec<Cell>)>,
}

impl Matrix {
    pub(super) fn new(facts: &ServiceFacts<'_>, findings: &[&Finding]) -> Self {
        let rows = facts.endpoints.iter().map(|endpoint| {
            let pointer = endpoint.node(facts.graph).pointer();
            let within = |finding: &Finding| {
                finding.pointer.as_deref().is_some_and(|own| {
                    own.strip_prefix(pointer.as_str())
                        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
                })
            };
            let cell = |rule: u8| {
                let fails = findings.iter().any(|one| rule_number(one.code.id) == Some(rule) && within(one));
                match (fails, facts.applies(rule, endpoint)) {
                    (true, _) => Cell::Fail,
                    (false, true) => Cell::Pass,
                    (false, false) => Cell::NotApplicable,
                }
            };
            (endpoint.label(), (1..=RULE_COUNT).map(cell).collect())
        });
        Self { rows: rows.collect() }
    }

    /// A Markdown table.
    #[must_use]
    pub fn table(&self) -> String {
        let mut out = String::from("| Endpoint |");
        let mut line = String::from("|---|");
        for rule in 1..=RULE_COUNT {
            out.push_str(&format!(" {rule} |"));
            line.push_str("---|");
        }
        out.push('\n');
        out.push_str(&line);
        out.push('\n');
        for (endpoint, cells) in &self.rows {
            let cells: Vec<&str> = cells.iter().map(|cell| cell.as_str()).collect();
            out.push_str(&format!("| {endpoint} | {} |\n", cells.join(" | ")));
        }
        out
    }
}
