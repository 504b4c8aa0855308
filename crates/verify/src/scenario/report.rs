//! What a run came to, for programs and for people.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::compare::Problem;
use super::coverage::Coverage;
use super::model::Scenario;
use super::run::{Outcome, StepOutcome};

/// Longest value shown to people, in characters: a diff is to be read.
const SHOWN_MAX: usize = 160;

/// A run with what it was a run of.
#[derive(Debug, Clone, Copy)]
pub struct Report<'r> {
    /// The scenario.
    pub scenario: &'r Scenario,
    /// Its file.
    pub path: &'r str,
    /// What it ran against: a URL, or `in-process`.
    pub against: &'r str,
    /// What the steps came to.
    pub outcome: &'r Outcome,
    /// What they cover.
    pub coverage: &'r Coverage,
}

impl Report<'_> {
    /// Whether every step is as expected and all that must be is covered.
    #[must_use]
    pub fn overall(&self) -> bool {
        self.outcome.steps.iter().all(StepOutcome::passed) && self.coverage.is_met()
    }

    /// As JSON: two runs that came to the same are the same bytes.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let steps = self.scenario.steps.iter().zip(&self.outcome.steps).enumerate();
        let steps: Vec<Value> = steps
            .map(|(index, (step, outcome))| {
                json!({
                    "step": index + 1,
                    "name": step.name,
                    "line": step.line,
                    "operation": outcome.operation,
                    "request": outcome.request,
                    "status": outcome.status,
                    "answer": outcome.answer,
                    "code": outcome.code,
                    "problems": outcome.problems.iter().map(Problem::to_json).collect::<Vec<_>>(),
                })
            })
            .collect();
        let count = |status: &str| self.outcome.steps.iter().filter(|step| step.status == status).count();
        json!({
            "version": 1,
            "kind": "scenario",
            "overall": self.overall(),
            "scenario": self.scenario.name,
            "title": self.scenario.title,
            "file": self.path,
            "against": self.against,
            "summary": {
                "steps": self.outcome.steps.len(),
                "passed": count("passed"),
                "failed": count("failed"),
                "left_out": count("left out"),
            },
            "steps": steps,
            "coverage": self.coverage.to_json(),
        })
    }

    /// For people: each step, what differs in it with its line, what is not covered.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut out = String::new();
        // Writing to a text cannot fail.
        let title = self.scenario.title.as_ref().map(|title| format!(": {title}")).unwrap_or_default();
        let _ = writeln!(out, "{}{title} ({}, {})", self.scenario.name, self.path, self.against);
        for (index, (step, outcome)) in self.scenario.steps.iter().zip(&self.outcome.steps).enumerate() {
            let mark = match outcome.status {
                "passed" => "ok  ",
                "failed" => "FAIL",
                _ => "----",
            };
            let answer = outcome.answer.map(|status| status.to_string()).unwrap_or_default();
            let code = outcome.code.as_deref().unwrap_or_default();
            let _ = writeln!(out, "  {mark} {:>3}  {}  {answer} {code}", index + 1, step.name);
            for problem in &outcome.problems {
                self.problem(&mut out, step.line, problem);
            }
            if !outcome.passed() && !outcome.curl.is_empty() {
                let _ = writeln!(out, "            {}", outcome.curl);
            }
        }
        self.covered(&mut out);
        let _ = writeln!(out, "{}", if self.overall() { "passed" } else { "failed" });
        out
    }

    fn problem(&self, out: &mut String, line: u32, problem: &Problem) {
        let place = if problem.place.is_empty() { String::new() } else { format!(" {}", problem.place) };
        let Problem { what, message, expected, got, .. } = problem;
        match (expected, got) {
            (None, None) => {
                let _ = writeln!(out, "            {}:{line}: {what}{place} {message}", self.path);
            }
            _ => {
                let _ = writeln!(out, "            {}:{line}: {what}{place}", self.path);
                let shown = |value: &Option<Value>| value.as_ref().map_or("nothing".to_owned(), shown);
                let _ = writeln!(out, "              - {}", shown(expected));
                let _ = writeln!(out, "              + {}", shown(got));
            }
        }
    }

    fn covered(&self, out: &mut String) {
        let words = [
            ("operation", "operations"),
            ("reason_code", "reason codes"),
            ("replay", "replays"),
            ("conflict", "conflicts"),
            ("scope_denial", "scope denials"),
            ("actor_denial", "actor denials"),
            ("unauthenticated", "unknown callers"),
            ("event", "events"),
        ];
        let counted: Vec<String> = words
            .iter()
            .filter_map(|(what, words)| match self.coverage.count(what) {
                (_, 0) => None,
                (covered, all) => Some(format!("{words} {covered}/{all}")),
            })
            .collect();
        if !counted.is_empty() {
            let _ = writeln!(out, "coverage: {}", counted.join(", "));
        }
        for one in self.coverage.requirements.iter().filter(|one| one.steps.is_empty()) {
            let _ = match &one.except {
                Some(reason) => writeln!(out, "  left out  {} {}: {reason}", one.what, one.of),
                None => writeln!(out, "  MISSING   {}", one.message()),
            };
        }
    }
}

fn shown(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() <= SHOWN_MAX {
        return text;
    }
    let start: String = text.chars().take(SHOWN_MAX).collect();
    format!("{start}…")
}
