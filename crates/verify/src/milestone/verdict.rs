//! What was found out about a milestone.

use super::model::Status;

/// What was found out.
#[derive(Debug, Clone, Default)]
pub struct Verdict {
    /// Whether everything holds.
    pub overall: bool,
    /// Decisions: id, status.
    pub decisions: Vec<(String, Status)>,
    /// Inputs: path, whether it is there.
    pub inputs: Vec<(String, bool)>,
    /// Dependencies.
    pub dependencies: Vec<Part>,
    /// Checks.
    pub checks: Vec<CheckResult>,
    /// Rows of the baseline: area, state now, state then.
    pub baseline: Vec<(String, String, String)>,
    /// Artifacts.
    pub artifacts: Vec<Part>,
    /// Work packages, in the order of the file.
    pub packages: Vec<Part>,
    /// Indices of the packages in an order they can be done in.
    pub order: Vec<usize>,
    /// What consumers need, handoff by handoff.
    pub handoffs: Vec<Part>,
    /// Of each handoff, what it needs.
    pub requires: Vec<Vec<Part>>,
    /// Items, list by list.
    pub lists: Vec<(&'static str, Vec<Part>)>,
    /// Metrics.
    pub metrics: Vec<Count>,
    /// Deliverables: path, whether it is there.
    pub deliverables: Vec<(String, bool)>,
    /// Documents: path, and what is wrong with it.
    pub documents: Vec<(String, Option<String>)>,
}

impl Verdict {
    /// The items of a list.
    #[must_use]
    pub fn list(&self, name: &str) -> &[Part] {
        self.lists.iter().find(|(list, _)| *list == name).map_or(&[], |(_, parts)| parts.as_slice())
    }

    /// The check with an id.
    #[must_use]
    pub fn check(&self, id: &str) -> Option<&CheckResult> {
        self.checks.iter().find(|check| check.id == id)
    }

    /// Whether all parts of it hold.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.decisions.iter().all(|(_, status)| *status == Status::Approved)
            && self.inputs.iter().all(|(_, there)| *there)
            && self.checks.iter().all(|check| check.passed)
            && self.metrics.iter().all(|count| count.met)
            && self.deliverables.iter().all(|(_, there)| *there)
            && self.documents.iter().all(|(_, wrong)| wrong.is_none())
            && [&self.dependencies, &self.artifacts, &self.packages, &self.handoffs]
                .into_iter()
                .chain(self.lists.iter().map(|(_, parts)| parts))
                .flatten()
                .all(|part| part.holds)
    }
}

/// What was found out about one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its id.
    pub id: String,
    /// Whether it holds.
    pub holds: bool,
    /// Why it does not.
    pub why: Vec<String>,
    /// Files that show it.
    pub evidence: Vec<String>,
}

/// What came of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckResult {
    /// Its id.
    pub id: String,
    /// What was looked at or run.
    pub what: String,
    /// Whether it passed.
    pub passed: bool,
    /// What was found.
    pub said: Vec<String>,
    /// Files that show it: of the repository, or of the evidence.
    pub evidence: Vec<String>,
}

/// What was counted.
#[derive(Debug, Clone, PartialEq)]
pub struct Count {
    /// What it is called.
    pub title: String,
    /// How many hold.
    pub numerator: usize,
    /// How many there are.
    pub denominator: usize,
    /// The percentage, rounded down to a tenth.
    pub percent: f64,
    /// The percentage that is wanted.
    pub target: f64,
    /// Whether it is reached.
    pub met: bool,
    /// What does not hold.
    pub missing: Vec<String>,
}
