//! Takes the steps of a scenario, one after the other.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tenon_schemas::{Direction, Key};

use super::compare::Problem;
use super::coverage::endpoint_of;
use super::model::{Actor, Scenario, StatusWish, Step, StepKind};
use super::text::Scope;
use crate::client::{Answer, Client, Request};
use crate::contract::{Claims, ContractView, Endpoint};
use crate::events::Feed;
use crate::world::{Clock, Tokens};

/// What a scenario runs against.
#[derive(Clone, Copy)]
pub struct Against<'a> {
    /// Who is asked.
    pub client: &'a Client,
    /// The contract it is held to.
    pub view: &'a ContractView<'a>,
    /// Who gives tokens.
    pub tokens: &'a dyn Tokens,
    /// The time.
    pub clock: &'a dyn Clock,
    /// What tells this run from others against the same store.
    pub run: &'a str,
}

/// What the steps came to.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// One for each step.
    pub steps: Vec<StepOutcome>,
}

/// What one step came to.
#[derive(Debug, Clone)]
pub struct StepOutcome {
    /// `passed`, `failed` or `left out`.
    pub status: &'static str,
    /// The operation.
    pub operation: Option<String>,
    /// Method and path as they were sent.
    pub request: Option<String>,
    /// The status of the answer.
    pub answer: Option<u16>,
    /// The reason code of the answer.
    pub code: Option<String>,
    /// What is not as expected.
    pub problems: Vec<Problem>,
    /// The request as a line for a shell.
    pub curl: String,
}

impl StepOutcome {
    /// Whether the step is as expected.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.status == "passed"
    }
}

/// Takes the steps. A step that needs what another one should have captured and did not is left
/// out, which is no pass.
pub async fn run(scenario: &Scenario, against: Against<'_>) -> Outcome {
    let scope =
        Scope { values: BTreeMap::new(), run: against.run.to_owned(), now_ms: against.clock.now_ms() };
    let mut runner = Runner { scenario, against, scope, sent: BTreeMap::new(), feed: None };
    for (name, value) in &scenario.values {
        // Values may refer to those before them.
        let filled = runner.scope.fill(value).unwrap_or_else(|_| value.clone());
        runner.scope.values.insert(name.clone(), filled);
    }
    let mut outcome = Outcome::default();
    for step in &scenario.steps {
        runner.scope.now_ms = against.clock.now_ms();
        outcome.steps.push(runner.step(step).await);
    }
    outcome
}

/// The schema of a file such as `Lead.schema.json`, or with such a title.
pub(super) fn schema(view: &ContractView<'_>, name: &str) -> Option<Key> {
    let graph = view.validators.graph();
    let file =
        graph.sources.iter().find(|(_, file)| file.path == name || file.path.ends_with(&format!("/{name}")));
    let (id, _) = file?;
    let found = graph.schemas.iter().find(|schema| schema.at.file == id)?;
    Some(Key { at: found.at, dialect: found.dialect, direction: Direction::Response })
}

/// A request that was sent, and what came back.
pub(super) struct Sent {
    pub(super) request: Request,
    pub(super) answer: Answer,
    pub(super) actor: String,
}

pub(super) struct Runner<'a> {
    pub(super) scenario: &'a Scenario,
    pub(super) against: Against<'a>,
    pub(super) scope: Scope,
    pub(super) sent: BTreeMap<String, Sent>,
    pub(super) feed: Option<Feed>,
}

/// Why a step could not be taken.
pub(super) enum Unfit {
    /// What another step should have captured is not there.
    Missing(String),
    /// What is wrong.
    Problem(Box<Problem>),
}

impl From<Problem> for Unfit {
    fn from(problem: Problem) -> Self {
        Self::Problem(Box::new(problem))
    }
}

impl From<String> for Unfit {
    fn from(name: String) -> Self {
        Self::Missing(name)
    }
}

impl Runner<'_> {
    async fn step(&mut self, step: &Step) -> StepOutcome {
        let view = self.against.view;
        let endpoint = endpoint_of(self.scenario, view, step);
        let mut outcome = StepOutcome {
            status: "passed",
            operation: endpoint.map(|endpoint| endpoint.id.clone()),
            request: None,
            answer: None,
            code: None,
            problems: Vec::new(),
            curl: String::new(),
        };
        if let StepKind::Advance(ms) = step.kind {
            if !self.against.clock.advance(ms) {
                outcome.problems.push(Problem::new("clock", "", "cannot be set forward here"));
                outcome.status = "failed";
            }
            return outcome;
        }
        if step.expect.events.is_some() || matches!(step.kind, StepKind::Replay(_) | StepKind::Conflict(..)) {
            self.mark_events(step, &mut outcome).await;
        }
        match self.exchange(step, endpoint).await {
            Ok(sent) => {
                outcome.request = Some(format!("{} {}", sent.request.method, sent.request.path));
                outcome.answer = Some(sent.answer.status);
                outcome.code = if sent.answer.status >= 400 { sent.answer.code() } else { None };
                outcome.curl = sent.request.curl(self.against.client.base(), &sent.actor);
                outcome.problems.extend(self.judge(step, endpoint, &sent).await);
                self.capture(step, &sent.answer, &mut outcome);
                self.sent.insert(step.name.clone(), sent);
            }
            Err(Unfit::Missing(name)) => {
                let message = format!("needs `{name}`, which no step before has captured");
                outcome.problems.push(Problem::new("step", "", message));
                outcome.status = "left out";
                return outcome;
            }
            Err(Unfit::Problem(problem)) => outcome.problems.push(*problem),
        }
        if !outcome.problems.is_empty() {
            outcome.status = "failed";
        }
        outcome
    }

    /// Where the events of a step begin.
    async fn mark_events(&mut self, step: &Step, outcome: &mut StepOutcome) {
        if self.feed.is_some() {
            return;
        }
        let wanted = step.expect.events.is_some();
        match self.open_feed().await {
            Ok(feed) => self.feed = Some(feed),
            Err(problem) if wanted => outcome.problems.push(problem),
            // Servers that are no gateway of ours tell no events; a replay is held to its bytes.
            Err(_) => {}
        }
    }

    async fn open_feed(&self) -> Result<Feed, Problem> {
        let claims = self.claims(None);
        let operator = Actor {
            kind: Some("service".into()),
            id: "verify".into(),
            scopes: vec!["tenon:operator".into()],
            ..Actor::default()
        };
        let token = self.token("operator", &operator, &claims);
        let token = token.map_err(|why| Problem::new("event", "", why))?;
        Feed::open(self.against.client, token).await.map_err(|why| Problem::new("event", "", why))
    }

    pub(super) fn claims(&self, endpoint: Option<&Endpoint>) -> Claims {
        let first = endpoint.or_else(|| self.against.view.endpoints.first());
        first.map_or_else(Claims::usual, |endpoint| endpoint.claims.clone())
    }

    async fn exchange(&mut self, step: &Step, endpoint: Option<&Endpoint>) -> Result<Sent, Unfit> {
        let mut last = None;
        for turn in 0..step.repeat.max(1) {
            let (request, actor) = self.request(step, endpoint, turn)?;
            let answer = self.against.client.send(&request).await;
            let answer = answer.map_err(|error| Problem::new("request", "", error.to_string()))?;
            let done = step.repeat <= 1 || self.wish(step, endpoint).0.admits(answer.status);
            last = Some(Sent { request, answer, actor });
            if done {
                break;
            }
        }
        last.ok_or_else(|| Problem::new("request", "", "was never sent").into())
    }

    /// The status and the code that are expected, with what the kind of step says by itself.
    fn wish(&self, step: &Step, endpoint: Option<&Endpoint>) -> (StatusWish, Option<String>) {
        let code = step.expect.code.clone();
        let of_code = code.as_ref().and_then(|code| self.against.view.codes.get(code)?.status);
        let said = step.expect.status.or(of_code.map(StatusWish::Exactly));
        let usual = match &step.kind {
            StepKind::Replay(of) => self.sent.get(of).map(|origin| StatusWish::Exactly(origin.answer.status)),
            StepKind::Conflict(..) => {
                let conflict = endpoint.and_then(|one| one.keyed.as_ref()).and_then(|keyed| keyed.conflict);
                Some(conflict.map_or(StatusWish::Family(4), StatusWish::Exactly))
            }
            _ => None,
        };
        let fallback = if code.is_some() { StatusWish::Family(4) } else { StatusWish::Family(2) };
        (said.or(usual).unwrap_or(fallback), code)
    }

    async fn judge(&mut self, step: &Step, endpoint: Option<&Endpoint>, sent: &Sent) -> Vec<Problem> {
        let answer = &sent.answer;
        let mut problems = Vec::new();
        let (status, code) = self.wish(step, endpoint);
        if !status.admits(answer.status) {
            let message = format!("is {}, not {status}", answer.status);
            let got = json!({ "status": answer.status, "body": said(answer) });
            let problem = Problem::new("status", "", message);
            problems.push(problem.between(Some(json!(status.to_string())), Some(got)));
        }
        if let Some(code) = code {
            let got = answer.code();
            if got.as_deref() != Some(code.as_str()) {
                let problem = Problem::new("code", "", "is another");
                problems.push(problem.between(Some(json!(code)), got.map(Value::String)));
            }
        }
        problems.extend(self.headers(step, answer));
        problems.extend(self.bodies(step, endpoint, answer));
        if let StepKind::Replay(of) = &step.kind
            && let Some(origin) = self.sent.get(of)
            && origin.answer.body != answer.body
        {
            let problem = Problem::new("replay", "", "is not the stored answer byte for byte");
            problems.push(problem.between(Some(said(&origin.answer)), Some(said(answer))));
        }
        problems.extend(self.events(step, sent).await);
        problems
    }

    fn capture(&mut self, step: &Step, answer: &Answer, outcome: &mut StepOutcome) {
        let body = answer.json().unwrap_or(Value::Null);
        for (name, pointer) in &step.captures {
            match body.pointer(pointer) {
                Some(value) => {
                    self.scope.values.insert(name.clone(), value.clone());
                }
                None => {
                    let message = format!("is not in the answer, so `{name}` has no value");
                    outcome.problems.push(Problem::new("capture", pointer.as_str(), message));
                }
            }
        }
    }
}

/// A body to be shown.
fn said(answer: &Answer) -> Value {
    answer.json().unwrap_or_else(|| String::from_utf8_lossy(&answer.body).into_owned().into())
}
