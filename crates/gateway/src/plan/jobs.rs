//! How the jobs of a contract are run and judged.

use serde_json::{Value, json};
use tenon_graph::Name;
use tenon_graph::serving::JobsServing;
use tenon_jobs::{Gate, Judge, Judged, Promotion, Verdict};
use tenon_policies::{CompiledTemplate, Scope};

use super::contract::compile;
use super::problem::{HANDLER_INVALID, Problems};

/// The score from which a run may take the place of what is there, where the contract names none.
const PROMOTION_MIN: f64 = 1.0;

/// The reason code of a check that names none, and of one that cannot be worked out.
const CODE_DEFAULT: &str = "POLICY.CHECK_FAILED";

/// Names that the expressions of decisions see.
const SEEN: [&str; 3] = ["job", "task", "output"];

/// How the jobs of a contract are run and judged.
#[derive(Debug, Default)]
pub struct JobsPlan {
    /// The folder of the skills' manifests, as the contract writes it.
    pub registry: Option<Name>,
    checks: Vec<Check>,
    score: Option<CompiledTemplate>,
    score_min: f64,
}

#[derive(Debug)]
struct Check {
    name: String,
    holds: CompiledTemplate,
    code: String,
    asks_person: bool,
}

impl JobsPlan {
    pub(super) fn new(jobs: &JobsServing, problems: &mut Problems<'_>) -> Self {
        problems.see_only(&SEEN);
        let mut checks = Vec::new();
        for check in &jobs.gate {
            let Some(holds) = compile(&check.holds, problems) else { continue };
            checks.push(Check {
                name: check.name.text.clone(),
                holds,
                code: check.code.as_ref().map_or(CODE_DEFAULT, |code| code.text.as_str()).to_owned(),
                asks_person: check.asks_person,
            });
        }
        let score = jobs.promotion.as_ref().and_then(|score| compile(score, problems));
        if jobs.registry.is_none() {
            let help = "name the folder of the skills' manifests: `registry: skills`";
            problems.add(&HANDLER_INVALID, jobs.at, "`jobs` has no `registry`", help);
        }
        Self {
            registry: jobs.registry.clone(),
            checks,
            score,
            score_min: jobs.promotion_min.unwrap_or(PROMOTION_MIN),
        }
    }

    fn score(&self, scope: &Scope<'_>) -> Option<f64> {
        let score = self.score.as_ref()?.render(scope);
        let score = score.inspect_err(|failure| {
            tracing::error!(%failure, "the score of a run cannot be worked out");
        });
        Some(score.ok()?.as_f64()?.clamp(0.0, 1.0))
    }
}

/// A run as expressions see it.
struct Seen {
    job: Value,
    task: Value,
    output: Value,
}

impl Seen {
    fn of(run: Judged<'_>) -> Self {
        let job = run.job;
        let reason = job.reason.as_ref();
        Self {
            job: json!({
                "job_id": job.job_id,
                "run_id": job.run_id,
                "task_id": job.task_id(),
                "skill_id": job.skill_id,
                "skill_version": job.skill_version,
                "profile": job.profile,
                "actor": job.actor,
                "state": job.state.as_str(),
                "attempts": job.attempts,
                "reason_codes": reason.map(|reason| reason.reason_codes.clone()).unwrap_or_default(),
                "dirty": job.provenance.as_ref().map(|provenance| provenance.dirty_flag),
            }),
            task: job.task.clone(),
            output: run.output.cloned().unwrap_or_default(),
        }
    }

    fn scope(&self) -> Scope<'_> {
        Scope::new().with("job", &self.job).with("task", &self.task).with("output", &self.output)
    }
}

impl Judge for JobsPlan {
    fn gate(&self, run: Judged<'_>) -> Gate {
        if self.checks.is_empty() {
            return tenon_jobs::ByOutcome.gate(run);
        }
        let seen = Seen::of(run);
        let scope = seen.scope();
        let mut gate = Gate { decision: Verdict::Pass, checks: Vec::new(), reason_codes: Vec::new() };
        // What the run itself failed with comes first: a policy adds to it and never hides it.
        gate.reason_codes.extend(run.job.reason.iter().flat_map(|reason| reason.reason_codes.clone()));
        for check in &self.checks {
            let holds = check.holds.holds(&scope).unwrap_or_else(|failure| {
                tracing::error!(check = check.name, %failure, "a check of a run cannot be worked out");
                false
            });
            gate.checks.push((check.name.clone(), holds));
            if holds {
                continue;
            }
            if !gate.reason_codes.contains(&check.code) {
                gate.reason_codes.push(check.code.clone());
            }
            match (check.asks_person, gate.decision) {
                (true, Verdict::Pass) => gate.decision = Verdict::NeedsPerson,
                (true, _) => {}
                (false, _) => gate.decision = Verdict::Refuse,
            }
        }
        gate
    }

    fn promotion(&self, run: Judged<'_>, gate: &Gate) -> Option<Promotion> {
        if self.score.is_none() && self.checks.is_empty() {
            return tenon_jobs::ByOutcome.promotion(run, gate);
        }
        let seen = Seen::of(run);
        self.score.as_ref()?;
        let score = self.score(&seen.scope()).unwrap_or(0.0);
        let task = run.job.task_id().to_owned();
        let wins = gate.decision == Verdict::Pass && score >= self.score_min;
        Some(Promotion { winner: wins.then(|| task.clone()), ranking: vec![(task, score)] })
    }
}
