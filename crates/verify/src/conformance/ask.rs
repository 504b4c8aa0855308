//! One examination as it goes: requests within their bounds, what was learned, what was found.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::answers;
use super::files::File;
use super::kinds::Kind;
use super::persona::{Persona, uuid};
use super::pool::Pool;
use super::report::{Examination, Found, LeftOut};
use super::{Settings, Target};
use crate::client::{Answer, Client, Request, encode};
use crate::contract::Endpoint;

/// How far a clock of ours goes between two requests, in milliseconds: rate classes fill up again.
const STEP_MS: u64 = 4_000;

/// How often a request that came too often is sent again, a count.
const AGAIN_MAX: u32 = 4;

/// Longest time waited for a rate class, in seconds.
const WAIT_S_MAX: u64 = 10;

/// Longest body that is shown, in characters.
const SHOWN_MAX: usize = 2_000;

/// What a request is made of.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    /// Values of the path.
    pub path: BTreeMap<String, String>,
    /// The query.
    pub query: Vec<(String, String)>,
    /// Header parameters.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Option<Value>,
    /// A file, in place of a body.
    pub file: Option<File>,
    /// The tenant, where it is not the caller's.
    pub tenant: Option<String>,
    /// The idempotency key, where it is not a new one.
    pub key: Option<String>,
}

/// A request that was sent, with its answer.
#[derive(Debug, Clone)]
pub struct Sent {
    /// The request.
    pub request: Request,
    /// The answer.
    pub answer: Answer,
    /// Whose credentials it had.
    pub caller: String,
}

/// Numbers that look random and are the same for the same seed (SplitMix64).
#[derive(Debug)]
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}

/// One examination.
pub struct Session<'a> {
    /// What is examined.
    pub target: Target<'a>,
    /// How far it goes.
    pub settings: &'a Settings,
    /// Ids that answers told.
    pub pool: Pool,
    random: Random,
    began: Instant,
    number: u64,
    requests: u32,
    silent: Option<String>,
    exhausted: bool,
    found: Vec<Found>,
    known: BTreeSet<(&'static str, String, String)>,
    left_out: Vec<LeftOut>,
    tried: BTreeMap<&'static str, u32>,
}

impl<'a> Session<'a> {
    /// An examination that has not begun.
    pub fn new(target: Target<'a>, settings: &'a Settings) -> Self {
        let mut pool = Pool::default();
        for (name, value) in &settings.values {
            pool.add(name, value.clone());
        }
        Self {
            target,
            settings,
            pool,
            random: Random(settings.seed),
            began: Instant::now(),
            number: 0,
            requests: 0,
            silent: None,
            exhausted: false,
            found: Vec::new(),
            known: BTreeSet::new(),
            left_out: Vec::new(),
            tried: BTreeMap::new(),
        }
    }

    /// A number that was not told before.
    pub fn number(&mut self) -> u64 {
        self.number += 1;
        self.number
    }

    /// Some of a list, in an order that follows from the seed.
    pub fn some<T>(&mut self, mut list: Vec<T>, most: usize) -> Vec<T> {
        for index in (1..list.len()).rev() {
            let other = usize::try_from(self.random.next() % (index as u64 + 1)).unwrap_or_default();
            list.swap(index, other);
        }
        list.truncate(most);
        list
    }

    /// Whether nothing more can be asked.
    pub fn is_over(&self) -> bool {
        self.silent.is_some() || self.exhausted
    }

    /// Takes note that something is tried.
    pub fn trying(&mut self, what: &'static str) {
        *self.tried.entry(what).or_default() += 1;
    }

    /// Something that cannot be tried.
    pub fn leave_out(&mut self, endpoint: &Endpoint, what: &str, why: impl Into<String>) {
        if self.is_over() {
            return;
        }
        self.left_out.push(LeftOut {
            operation: endpoint.id.clone(),
            what: what.to_owned(),
            why: why.into(),
        });
    }

    /// The request of a draft.
    ///
    /// # Errors
    /// What is missing to make it.
    pub fn request(
        &mut self,
        endpoint: &Endpoint,
        caller: &Persona,
        draft: &Draft,
    ) -> Result<Request, String> {
        let mut values = draft.path.clone();
        if let Some(name) = &endpoint.tenant_path {
            let tenant = draft.tenant.clone().unwrap_or_else(|| caller.tenant.clone());
            values.insert(name.clone(), tenant);
        }
        let mut path = endpoint.fill(&values).map_err(|name| format!("the path needs `{name}`"))?;
        for (index, (name, value)) in draft.query.iter().enumerate() {
            path.push(if index == 0 { '?' } else { '&' });
            path.push_str(&format!("{}={}", encode(name), encode(value)));
        }
        let mut request = Request { method: endpoint.method.clone(), path, ..Request::default() };
        if !caller.anonymous {
            let token = self.token(endpoint, caller)?;
            request.set_header("Authorization", format!("Bearer {token}"));
        }
        if let Some(header) = &endpoint.tenant_header {
            request.set_header(header, draft.tenant.clone().unwrap_or_else(|| caller.tenant.clone()));
        }
        let run = &self.settings.run;
        self.number += 1;
        let number = self.number;
        request.set_header(&endpoint.correlation_header, uuid(&format!("{run} correlation {number}")));
        if let Some(keyed) = &endpoint.keyed {
            let key = draft.key.clone().unwrap_or_else(|| uuid(&format!("{run} key {number}")));
            request.set_header(&keyed.header, key);
        }
        for (name, value) in &draft.headers {
            request.set_header(name, value.clone());
        }
        if let Some(file) = &draft.file {
            let (media, body) = file.form();
            request.body = Some(body);
            request.set_header("Content-Type", media);
        } else if let Some(body) = &draft.body {
            request.body = Some(body.to_string().into_bytes());
            let media = endpoint.body.as_ref().and_then(|body| body.media_type.as_deref());
            request.set_header("Content-Type", media.unwrap_or("application/json"));
        }
        Ok(request)
    }

    fn token(&self, endpoint: &Endpoint, caller: &Persona) -> Result<String, String> {
        if let Some(token) = &caller.broken {
            return Ok(token.clone());
        }
        if let Some(token) = self.target.tokens.given(&caller.name) {
            return Ok(token);
        }
        let claims = caller.claims(endpoint, self.target.clock.now_ms());
        self.target
            .tokens
            .mint(&claims)
            .map_err(|why| format!("there is no token for `{}`: {why}", caller.name))
    }

    /// Sends a draft, and holds the answer to what holds for all answers. `None` where there is no
    /// answer: the reason is kept.
    pub async fn send(&mut self, endpoint: &Endpoint, caller: &Persona, draft: &Draft) -> Option<Sent> {
        let request = match self.request(endpoint, caller, draft) {
            Ok(request) => request,
            Err(why) => {
                self.leave_out(endpoint, "a request", why);
                return None;
            }
        };
        self.send_as_is(endpoint, &caller.name, request).await
    }

    /// Sends a request of an operation as it is.
    pub async fn send_as_is(&mut self, endpoint: &Endpoint, caller: &str, request: Request) -> Option<Sent> {
        let answer = self.exchange(&request).await?;
        let sent = Sent { request, answer, caller: caller.to_owned() };
        answers::judge(self, endpoint, &sent);
        Some(sent)
    }

    /// Sends a request, within the bounds of the examination.
    pub async fn exchange(&mut self, request: &Request) -> Option<Answer> {
        let client: &Client = self.target.client;
        for turn in 0..=AGAIN_MAX {
            if self.is_over() {
                return None;
            }
            let within = Duration::from_millis(self.settings.time_ms_max);
            if self.requests >= self.settings.requests_max || self.began.elapsed() >= within {
                self.exhausted = true;
                return None;
            }
            self.requests += 1;
            let ours = self.target.clock.advance(STEP_MS);
            match client.send(request).await {
                Ok(answer) if answer.status == 429 && turn < AGAIN_MAX => {
                    let after = answer.header("retry-after").and_then(|text| text.parse::<u64>().ok());
                    let wait_s = after.unwrap_or(1).clamp(1, WAIT_S_MAX);
                    if !ours || !self.target.clock.advance(wait_s * 1_000) {
                        tokio::time::sleep(Duration::from_secs(wait_s)).await;
                    }
                }
                Ok(answer) => return Some(answer),
                Err(error) => {
                    self.silent = Some(error.to_string());
                    return None;
                }
            }
        }
        None
    }

    /// Keeps what was found; the same of the same operation is told once.
    pub fn find(
        &mut self,
        kind: &'static Kind,
        endpoint: Option<&Endpoint>,
        what: &str,
        message: impl Into<String>,
        sent: &Sent,
    ) {
        let operation = endpoint.map(|endpoint| endpoint.id.clone()).unwrap_or_default();
        if !self.known.insert((kind.id, operation.clone(), what.to_owned())) {
            return;
        }
        let place = endpoint.and_then(|endpoint| place(self, endpoint));
        let body = String::from_utf8_lossy(&sent.answer.body);
        self.found.push(Found {
            kind,
            operation,
            place,
            message: message.into(),
            curl: sent.request.curl(self.target.client.base(), &sent.caller),
            status: sent.answer.status,
            body: body.chars().take(SHOWN_MAX).collect(),
        });
    }

    /// Whether a finding like this is there already.
    pub fn knows(&self, kind: &'static Kind, endpoint: &Endpoint, what: &str) -> bool {
        self.known.contains(&(kind.id, endpoint.id.clone(), what.to_owned()))
    }

    /// What it came to.
    pub fn finish(mut self) -> Examination {
        self.found
            .sort_by(|one, other| (one.kind.id, &one.operation).cmp(&(other.kind.id, &other.operation)));
        Examination {
            found: self.found,
            left_out: self.left_out,
            requests: self.requests,
            exhausted: self.exhausted,
            silent: self.silent,
            tried: self.tried,
            seed: self.settings.seed,
        }
    }
}

/// File and line of an operation.
fn place(session: &Session<'_>, endpoint: &Endpoint) -> Option<(String, u32)> {
    let graph = session.target.view.validators.graph();
    let file = graph.sources.get(endpoint.at.file)?;
    let span = graph.node(endpoint.at).head_span();
    Some((file.path.clone(), file.locate(span.start).line))
}
