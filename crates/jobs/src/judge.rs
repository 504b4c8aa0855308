//! Decisions about runs that have ended. They are made here once, kept as files, and only referred
//! to afterwards.

use serde_json::Value;

use crate::Job;

/// A run that has ended, as a judge sees it.
#[derive(Debug, Clone, Copy)]
pub struct Judged<'j> {
    /// The job, in its final state.
    pub job: &'j Job,
    /// Its output, where it succeeded.
    pub output: Option<&'j Value>,
}

/// What was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The run may go on.
    Pass,
    /// It may not.
    Refuse,
    /// A person must decide.
    NeedsPerson,
}

impl Verdict {
    /// The name in the file.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Refuse => "refuse",
            Self::NeedsPerson => "needs_person",
        }
    }
}

/// A gate decision.
#[derive(Debug, Clone, PartialEq)]
pub struct Gate {
    /// What was decided.
    pub decision: Verdict,
    /// The checks it rests on, at least one: name, whether it passed.
    pub checks: Vec<(String, bool)>,
    /// Why it was refused: codes of the policies' catalogue.
    pub reason_codes: Vec<String>,
}

/// A promotion decision.
#[derive(Debug, Clone, PartialEq)]
pub struct Promotion {
    /// The task that may take the place of what is there.
    pub winner: Option<String>,
    /// The candidates with their scores from 0 to 1, best first.
    pub ranking: Vec<(String, f64)>,
}

/// Decides about runs. Pure: the same run gives the same decisions.
pub trait Judge: Send + Sync + std::fmt::Debug {
    /// Whether the run may go on.
    fn gate(&self, run: Judged<'_>) -> Gate;

    /// Whether what it produced may take the place of what is there; `None` where nobody asks that.
    fn promotion(&self, run: Judged<'_>, gate: &Gate) -> Option<Promotion>;
}

/// Where no policy is declared: what succeeded passes, and its task wins.
#[derive(Debug, Clone, Copy, Default)]
pub struct ByOutcome;

impl Judge for ByOutcome {
    fn gate(&self, run: Judged<'_>) -> Gate {
        let passed = run.job.state == crate::State::Succeeded;
        let reason_codes = run.job.reason.as_ref().map(|reason| reason.reason_codes.clone());
        Gate {
            decision: if passed { Verdict::Pass } else { Verdict::Refuse },
            checks: vec![("succeeded".to_owned(), passed)],
            reason_codes: reason_codes.unwrap_or_default(),
        }
    }

    fn promotion(&self, run: Judged<'_>, gate: &Gate) -> Option<Promotion> {
        let passed = gate.decision == Verdict::Pass;
        let task = run.job.task_id().to_owned();
        let ranking = vec![(task.clone(), if passed { 1.0 } else { 0.0 })];
        Some(Promotion { winner: passed.then_some(task), ranking })
    }
}
