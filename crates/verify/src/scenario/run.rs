//! Takes the steps of a scenario, one after the other.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use tenon_schemas::{Direction, Key};

use super::compare::{Extent, Problem, differences};
use super::coverage::endpoint_of;
use super::model::{Actor, Call, NOBODY, Scenario, StatusWish, Step, StepKind};
use super::text::{Scope, marked, plain};
use crate::client::{Answer, Client, Request, encode};
use crate::contract::{CORRELATION_HEADER, Claims, ContractView, Endpoint};
use crate::events::Feed;
use crate::world::{Clock, Tokens};

/// How long tokens are good where a scenario does not say, in milliseconds.
const TOKEN_MS: i64 = 3_600_000;

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
struct Sent {
    request: Request,
    answer: Answer,
    actor: String,
}

struct Runner<'a> {
    scenario: &'a Scenario,
    against: Against<'a>,
    scope: Scope,
    sent: BTreeMap<String, Sent>,
    feed: Option<Feed>,
}

/// Why a step could not be taken.
enum Unfit {
    /// What another step should have captured is not there.
    Missing(String),
    /// What is wrong.
    Problem(Problem),
}

impl From<Problem> for Unfit {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
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
            Err(Unfit::Problem(problem)) => outcome.problems.push(problem),
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
        let operator =
            Actor { id: "verify".into(), scopes: vec!["tenon:operator".into()], ..Actor::default() };
        let token = self.token("operator", &operator, &claims);
        let token = token.map_err(|why| Problem::new("event", "", why))?;
        Feed::open(self.against.client, token).await.map_err(|why| Problem::new("event", "", why))
    }

    fn claims(&self, endpoint: Option<&Endpoint>) -> Claims {
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
        last.ok_or_else(|| Unfit::Problem(Problem::new("request", "", "was never sent")))
    }

    fn request(
        &self,
        step: &Step,
        endpoint: Option<&Endpoint>,
        turn: u32,
    ) -> Result<(Request, String), Unfit> {
        match &step.kind {
            StepKind::Call(call) => match endpoint {
                Some(endpoint) => self.call(step, call, endpoint, turn),
                None => Err(Problem::new("request", "", "there is no such operation").into()),
            },
            StepKind::Raw(method, path, call) => {
                let path = self.scope.fill_plain(path)?;
                self.raw(method, path, call)
            }
            StepKind::Publish(event, actor, data) => {
                let body = json!({ "type": event, "data": self.scope.fill(data)? });
                let call = Call { actor: actor.clone(), body: Some(body), ..Call::default() };
                self.raw("POST", crate::events::PATH.to_owned(), &call)
            }
            StepKind::Replay(of) => {
                let origin = self.sent.get(of).ok_or_else(|| of.clone())?;
                Ok((origin.request.clone(), origin.actor.clone()))
            }
            StepKind::Conflict(of, body) => {
                let origin = self.sent.get(of).ok_or_else(|| of.clone())?;
                let mut request = origin.request.clone();
                let body = match body {
                    Some(body) => self.scope.fill(body)?,
                    None => altered(request.json().as_ref()),
                };
                request.body = Some(body.to_string().into_bytes());
                Ok((request, origin.actor.clone()))
            }
            StepKind::Advance(_) => Err(Problem::new("request", "", "was never sent").into()),
        }
    }

    fn call(
        &self,
        step: &Step,
        call: &Call,
        endpoint: &Endpoint,
        turn: u32,
    ) -> Result<(Request, String), Unfit> {
        let mut values = BTreeMap::new();
        for (name, value) in &call.path {
            values.insert(name.clone(), plain(&self.scope.fill(value)?));
        }
        let mut path = endpoint.fill(&values)?;
        let mut first = true;
        for (name, value) in &call.query {
            path.push(if first { '?' } else { '&' });
            path.push_str(&format!("{}={}", encode(name), encode(&plain(&self.scope.fill(value)?))));
            first = false;
        }
        let mut request = Request { method: endpoint.method.clone(), path, ..Request::default() };
        self.credentials(&mut request, call, &self.claims(Some(endpoint)))?;
        if let (Some(header), Some(actor)) = (&endpoint.tenant_header, self.scenario.actors.get(&call.actor))
            && let Some(tenant) = &actor.tenant
        {
            request.set_header(header, self.scope.fill_plain(tenant)?);
        }
        if let Some(keyed) = &endpoint.keyed {
            let name = match call.key.as_deref() {
                Some("none") => None,
                Some(key) if turn == 0 => Some(format!("key {key}")),
                Some(key) => Some(format!("key {key} {turn}")),
                None if keyed.required => Some(format!("step {} {turn}", step.name)),
                None => None,
            };
            if let Some(name) = name {
                request.set_header(&keyed.header, self.scope.uuid(&name));
            }
        }
        request
            .set_header(&endpoint.correlation_header, self.scope.uuid(&format!("call {} {turn}", step.name)));
        self.rest(&mut request, call)?;
        Ok((request, call.actor.clone()))
    }

    fn raw(&self, method: &str, path: String, call: &Call) -> Result<(Request, String), Unfit> {
        let mut request = Request { method: method.to_owned(), path, ..Request::default() };
        self.credentials(&mut request, call, &self.claims(None))?;
        request.set_header(CORRELATION_HEADER, self.scope.uuid(&request.path));
        self.rest(&mut request, call)?;
        Ok((request, call.actor.clone()))
    }

    fn rest(&self, request: &mut Request, call: &Call) -> Result<(), Unfit> {
        if let Some(body) = &call.body {
            request.body = Some(self.scope.fill(body)?.to_string().into_bytes());
        }
        if let Some(raw) = &call.raw {
            request.body = Some(self.scope.fill_plain(raw)?.into_bytes());
        }
        if request.body.is_some() {
            request.set_header("Content-Type", "application/json");
        }
        for (name, value) in &self.scenario.headers {
            request.set_header(name, self.scope.fill_plain(value)?);
        }
        for (name, value) in &call.headers {
            match value {
                Some(value) => request.set_header(name, self.scope.fill_plain(value)?),
                None => request.drop_header(name),
            }
        }
        Ok(())
    }

    fn credentials(&self, request: &mut Request, call: &Call, claims: &Claims) -> Result<(), Unfit> {
        if call.actor == NOBODY {
            return Ok(());
        }
        let Some(actor) = self.scenario.actors.get(&call.actor) else { return Ok(()) };
        let token = self.token(&call.actor, actor, claims).map_err(|why| Problem::new("request", "", why))?;
        request.set_header("Authorization", format!("Bearer {token}"));
        Ok(())
    }

    /// A token of an actor: as the scenario writes it, as it was given, or made.
    fn token(&self, name: &str, actor: &Actor, names: &Claims) -> Result<String, String> {
        if let Some(token) = &actor.token {
            return Ok(token.clone());
        }
        if let Some(token) = self.against.tokens.given(name) {
            return Ok(token);
        }
        let fill = |text: &str| {
            self.scope.fill_plain(text).map_err(|name| format!("the actor's `${{{name}}}` has no value"))
        };
        let now_s = self.scope.now_ms.div_euclid(1_000);
        let good_s = actor.expires_ms.unwrap_or(TOKEN_MS).div_euclid(1_000);
        let mut claims = Map::new();
        claims.insert("sub".into(), fill(&actor.id)?.into());
        claims.insert("iat".into(), now_s.min(now_s + good_s - 1).into());
        claims.insert("exp".into(), (now_s + good_s).into());
        claims.insert("scope".into(), actor.scopes.join(" ").into());
        if let Some(kind) = &actor.kind {
            claims.insert(names.actor_type.clone(), kind.clone().into());
        }
        if let Some(tenant) = &actor.tenant {
            claims.insert(names.tenant.clone(), fill(tenant)?.into());
        }
        if !actor.roles.is_empty() {
            claims.insert("roles".into(), json!(actor.roles));
        }
        if let Some((kind, id)) = &actor.acts_for {
            claims.insert(names.delegation.clone(), json!({ "type": kind, "id": fill(id)? }));
        }
        claims.extend(actor.claims.clone());
        let help = |why: String| format!("actor `{name}` has no token: {why}");
        self.against.tokens.mint(&claims).map_err(help)
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

    fn headers(&self, step: &Step, answer: &Answer) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (name, expected) in &step.expect.headers {
            let got = answer.header(name).map(|value| Value::String(value.to_owned()));
            let wanted = self.scope.fill_plain(expected).unwrap_or_else(|_| expected.clone());
            let holds = marked(&wanted, got.as_ref())
                .unwrap_or_else(|| got.as_ref().and_then(Value::as_str) == Some(wanted.as_str()));
            if !holds {
                let problem = Problem::new("header", name.as_str(), "is another");
                problems.push(problem.between(Some(wanted.into()), got));
            }
        }
        problems
    }

    fn bodies(&self, step: &Step, endpoint: Option<&Endpoint>, answer: &Answer) -> Vec<Problem> {
        let mut problems = Vec::new();
        let got = answer.json().unwrap_or(Value::Null);
        let wishes = [(&step.expect.body, Extent::Named), (&step.expect.exact, Extent::Whole)];
        for (wanted, extent) in wishes {
            let Some(wanted) = wanted else { continue };
            match self.scope.fill(wanted) {
                Ok(wanted) => problems.extend(differences("body", extent, &wanted, &got)),
                Err(name) => problems.push(Problem::new("body", "", format!("`${{{name}}}` has no value"))),
            }
        }
        let promised = endpoint.filter(|_| answer.status < 300).and_then(|one| one.reply(answer.status));
        let key = step.expect.schema.as_ref().and_then(|name| schema(self.against.view, name));
        for key in key.into_iter().chain(promised.and_then(|(_, key)| *key)) {
            problems.extend(unfit(self.against.view, key, answer));
        }
        problems
    }

    /// The events of a step; a replay or a conflict causes none.
    async fn events(&mut self, step: &Step, sent: &Sent) -> Vec<Problem> {
        let silent = matches!(step.kind, StepKind::Replay(_) | StepKind::Conflict(..));
        let wanted: &[(String, Option<Value>)] = match &step.expect.events {
            Some(wanted) => wanted,
            None if silent => &[],
            None => return Vec::new(),
        };
        let Some(feed) = &mut self.feed else { return Vec::new() };
        let correlation =
            sent.request.headers.iter().find(|(name, _)| name.to_ascii_lowercase().contains("correlation"));
        let correlation = correlation.map(|(_, value)| value.as_str());
        let found = match feed.next(self.against.client, correlation).await {
            Ok(found) => found,
            Err(why) => return vec![Problem::new("event", "", why)],
        };
        let mut left: Vec<(String, Value)> = found;
        let mut problems = Vec::new();
        for (kind, data) in wanted {
            let data = data.as_ref().map(|data| self.scope.fill(data).unwrap_or_else(|_| data.clone()));
            let fits = |(found, payload): &(String, Value)| {
                let same = |data: &Value| differences("event", Extent::Named, data, payload).is_empty();
                found == kind && data.as_ref().is_none_or(same)
            };
            match left.iter().position(fits) {
                Some(index) => {
                    left.remove(index);
                }
                None => {
                    let told =
                        left.iter().map(|(kind, data)| json!({ "type": kind, "data": data })).collect();
                    let problem = Problem::new("event", kind.as_str(), "was not caused");
                    problems.push(problem.between(data, Some(Value::Array(told))));
                }
            }
        }
        for (kind, payload) in left {
            let problem = Problem::new("event", kind, "was caused and is not expected");
            problems.push(problem.between(None, Some(payload)));
        }
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

/// Why a body does not fit a schema.
fn unfit(view: &ContractView<'_>, key: Key, answer: &Answer) -> Vec<Problem> {
    let text = String::from_utf8_lossy(&answer.body).into_owned();
    let (tree, _) = tenon_source::parse_json(std::sync::Arc::new(text));
    let failures = view.validators.failures_of(key, tree.root());
    let problem = |failure: &tenon_schemas::Failure<'_>| {
        Problem::new("schema", failure.node.pointer(), failure.message_below(tree.root()))
    };
    failures.iter().map(problem).collect()
}

/// A body to be shown.
fn said(answer: &Answer) -> Value {
    answer.json().unwrap_or_else(|| String::from_utf8_lossy(&answer.body).into_owned().into())
}

/// Another body than the one that was sent, and as valid as can be told from here: a member more
/// would be refused for itself.
fn altered(body: Option<&Value>) -> Value {
    fn change(value: &mut Value) -> bool {
        match value {
            Value::String(text) if !text.is_empty() => {
                let last = text.pop();
                text.push(if last == Some('1') { '2' } else { '1' });
                true
            }
            Value::Number(number) => {
                *value = json!(number.as_f64().unwrap_or_default() + 1.0);
                true
            }
            Value::Object(members) => members.values_mut().any(change),
            Value::Array(items) => items.iter_mut().any(change),
            _ => false,
        }
    }
    let mut altered = body.cloned().unwrap_or_else(|| json!({}));
    if !change(&mut altered) {
        altered = json!({ "another": "body" });
    }
    altered
}
