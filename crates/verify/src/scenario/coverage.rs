//! What of a contract the steps of a scenario cover, and what they must (S0-83).
//!
//! It is worked out from the file alone: a step counts for what it expects, and whether that came
//! true is told by the run.

use serde_json::{Value, json};

use super::model::{Extent, Scenario, Step, StepKind};
use crate::contract::{ContractView, Endpoint};

/// One thing that must be covered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// What: `operation`, `reason_code`, `replay`, `conflict`, `scope_denial`, `actor_denial`,
    /// `unauthenticated`, `event`.
    pub what: &'static str,
    /// Of which operation, code or event; empty where once is enough.
    pub of: String,
    /// Steps that cover it, from 1 on.
    pub steps: Vec<usize>,
    /// Why no step can.
    pub except: Option<String>,
}

impl Requirement {
    /// Whether it is met.
    #[must_use]
    pub fn is_met(&self) -> bool {
        !self.steps.is_empty() || self.except.is_some()
    }

    /// What is missing, in words.
    #[must_use]
    pub fn message(&self) -> String {
        let what = match self.what {
            "operation" => "is answered with a success",
            "reason_code" => "is told",
            "replay" => "gets the stored answer for the same key",
            "conflict" => "refuses the same key with another body",
            "scope_denial" => "refuses a caller without its scope",
            "actor_denial" => "refuses a caller of another type",
            "unauthenticated" => "refuses a caller nobody knows",
            _ => "is caused",
        };
        match self.of.as_str() {
            "" => format!("no step in which an operation {what}"),
            of => format!("no step in which `{of}` {what}"),
        }
    }

    fn to_json(&self) -> Value {
        json!({
            "requirement": self.what,
            "of": self.of,
            "covered": !self.steps.is_empty(),
            "steps": self.steps,
            "except": self.except,
        })
    }
}

/// What must be covered, and by which steps it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Coverage {
    /// Every requirement, in the order of the contract.
    pub requirements: Vec<Requirement>,
}

impl Coverage {
    /// Whether all of it is covered, or cannot be for a reason that is told.
    #[must_use]
    pub fn is_met(&self) -> bool {
        self.requirements.iter().all(Requirement::is_met)
    }

    /// How many requirements of a kind are covered by steps, and how many there are.
    #[must_use]
    pub fn count(&self, what: &str) -> (usize, usize) {
        let all = self.requirements.iter().filter(|one| one.what == what);
        (all.clone().filter(|one| !one.steps.is_empty()).count(), all.count())
    }

    /// As JSON.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "overall": self.is_met(),
            "requirements": self.requirements.iter().map(Requirement::to_json).collect::<Vec<_>>(),
        })
    }
}

/// What the steps of a scenario cover of what it wishes to.
#[must_use]
pub fn coverage(scenario: &Scenario, view: &ContractView<'_>) -> Coverage {
    let facts: Vec<Fact<'_>> =
        (0..scenario.steps.len()).flat_map(|index| facts(scenario, view, index)).collect();
    let mut counted = Counted { scenario, facts, requirements: Vec::new() };
    let wish = &scenario.coverage;
    let ids = |applies: &dyn Fn(&Endpoint) -> bool| -> Vec<String> {
        view.endpoints.iter().filter(|one| applies(one)).map(|one| one.id.clone()).collect()
    };
    counted.add("operation", wish.operations, &ids(&|_| true));
    counted.codes(view);
    let keyed = ids(&|one| one.keyed.is_some());
    counted.add("replay", wish.replay, &keyed);
    counted.add("conflict", wish.conflict, &keyed);
    let known = |one: &Endpoint| !one.public;
    counted.add("scope_denial", wish.scope_denial, &ids(&|one| known(one) && !one.scopes.is_empty()));
    counted.add("actor_denial", wish.actor_denial, &ids(&|one| known(one) && one.actors.is_some()));
    counted.add("unauthenticated", wish.unauthenticated, &ids(&known));
    let events: Vec<String> = view.events.iter().map(|event| event.name.clone()).collect();
    counted.add("event", wish.events, &events);
    Coverage { requirements: counted.requirements }
}

/// What one step shows: what, of which operation, which code.
struct Fact<'s> {
    step: usize,
    what: &'static str,
    of: &'s str,
    code: &'s str,
}

struct Counted<'s> {
    scenario: &'s Scenario,
    facts: Vec<Fact<'s>>,
    requirements: Vec<Requirement>,
}

impl Counted<'_> {
    fn steps(&self, what: &str, holds: impl Fn(&Fact<'_>) -> bool) -> Vec<usize> {
        let mut steps: Vec<usize> =
            self.facts.iter().filter(|fact| fact.what == what && holds(fact)).map(|fact| fact.step).collect();
        steps.dedup();
        steps
    }

    fn except(&self, what: &str, of: &str) -> Option<String> {
        let except = &self.scenario.coverage.except;
        except.get(of).or_else(|| except.get(&format!("{what} {of}"))).cloned()
    }

    fn add(&mut self, what: &'static str, extent: Extent, of: &[String]) {
        if extent == Extent::None || of.is_empty() {
            return;
        }
        if extent == Extent::Once {
            let steps = self.steps(what, |_| true);
            self.requirements.push(Requirement { what, of: String::new(), steps, except: None });
            return;
        }
        for id in of {
            let steps = self.steps(what, |fact| fact.of == id);
            let except = self.except(what, id);
            self.requirements.push(Requirement { what, of: id.clone(), steps, except });
        }
    }

    /// Each code once, or each code of each operation.
    fn codes(&mut self, view: &ContractView<'_>) {
        let extent = self.scenario.coverage.reason_codes;
        let pairs = view.endpoints.iter().flat_map(|endpoint| {
            endpoint.reason_codes.iter().flatten().map(|code| (endpoint.id.as_str(), code.as_str()))
        });
        let mut seen: Vec<&str> = Vec::new();
        for (id, code) in pairs {
            let except = self.except("reason_code", code);
            match extent {
                Extent::None => return,
                Extent::Once if seen.contains(&code) => {}
                Extent::Once => {
                    seen.push(code);
                    let steps = self.steps("reason_code", |fact| fact.code == code);
                    self.requirements.push(Requirement {
                        what: "reason_code",
                        of: code.to_owned(),
                        steps,
                        except,
                    });
                }
                Extent::Each => {
                    let steps = self.steps("reason_code", |fact| fact.code == code && fact.of == id);
                    let except = except
                        .or_else(|| self.scenario.coverage.except.get(&format!("{id} {code}")).cloned());
                    let of = format!("{id} {code}");
                    self.requirements.push(Requirement { what: "reason_code", of, steps, except });
                }
            }
        }
    }
}

/// The operation a step is about.
#[must_use]
pub(super) fn endpoint_of<'v>(
    scenario: &Scenario,
    view: &'v ContractView<'_>,
    step: &Step,
) -> Option<&'v Endpoint> {
    match &step.kind {
        StepKind::Call(call) => view.endpoint(&call.operation),
        StepKind::Replay(of) | StepKind::Conflict(of, _) => {
            let origin = scenario.steps.iter().find(|other| other.name == *of)?;
            let StepKind::Call(call) = &origin.kind else { return None };
            view.endpoint(&call.operation)
        }
        _ => None,
    }
}

fn facts<'s>(scenario: &'s Scenario, view: &'s ContractView<'_>, index: usize) -> Vec<Fact<'s>> {
    let Some(step) = scenario.steps.get(index) else { return Vec::new() };
    let mut found: Vec<(&'static str, &'s str, &'s str)> = Vec::new();
    for (event, _) in step.expect.events.iter().flatten() {
        found.push(("event", event, ""));
    }
    if let StepKind::Publish(event, ..) = &step.kind {
        found.push(("event", event, ""));
    }
    if let Some(endpoint) = endpoint_of(scenario, view, step) {
        let id = endpoint.id.as_str();
        let code = step.expect.code.as_deref().unwrap_or_default();
        match &step.kind {
            StepKind::Replay(_) => found.push(("replay", id, "")),
            StepKind::Conflict(..) => found.push(("conflict", id, "")),
            _ if code.is_empty()
                && step.expect.status.is_none_or(|status| {
                    status.admits(200) || status.admits(201) || status.admits(202) || status.admits(204)
                }) =>
            {
                found.push(("operation", id, ""));
            }
            StepKind::Call(call) => {
                let of_code = view.codes.get(code).and_then(|facts| facts.status);
                let is = |status: u16| {
                    step.expect.status.is_some_and(|wish| wish.admits(status)) || of_code == Some(status)
                };
                found.extend(
                    denial(scenario, endpoint, &call.actor, is(401), is(403)).map(|what| (what, id, "")),
                );
            }
            _ => {}
        }
        if !code.is_empty() {
            found.push(("reason_code", id, code));
        }
    }
    found.into_iter().map(|(what, of, code)| Fact { step: index + 1, what, of, code }).collect()
}

/// Which denial a refused call shows.
fn denial(
    scenario: &Scenario,
    endpoint: &Endpoint,
    actor: &str,
    unknown: bool,
    forbidden: bool,
) -> Option<&'static str> {
    if unknown {
        return Some("unauthenticated");
    }
    let actor = scenario.actors.get(actor).filter(|_| forbidden)?;
    let may = endpoint
        .actors
        .as_ref()
        .is_none_or(|types| actor.kind.as_ref().is_some_and(|kind| types.contains(kind)));
    if !may {
        return Some("actor_denial");
    }
    let lacks = endpoint.scopes.iter().any(|scope| !actor.scopes.contains(scope));
    lacks.then_some("scope_denial")
}
