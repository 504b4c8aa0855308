//! Steps to requests: what is filled in, what the contract asks for, whose credentials.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::compare::Problem;
use super::model::{Actor, Call, NOBODY, Step, StepKind};
use super::run::{Runner, Sent, Unfit};
use super::text::plain;
use crate::client::{Request, encode};
use crate::contract::{CORRELATION_HEADER, Claims, Endpoint};

/// How long tokens are good where a scenario does not say, in milliseconds.
const TOKEN_MS: i64 = 3_600_000;

impl Runner<'_> {
    pub(super) fn request(
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
                self.raw(step, method, path, call)
            }
            StepKind::Publish(event, actor, data) => {
                let body = json!({ "type": event, "data": self.scope.fill(data)? });
                let call = Call { actor: actor.clone(), body: Some(body), ..Call::default() };
                self.raw(step, "POST", crate::events::PATH.to_owned(), &call)
            }
            StepKind::Replay(of) => {
                let origin = self.sent.get(of).ok_or_else(|| of.clone())?;
                Ok((self.again(origin, endpoint)?, origin.actor.clone()))
            }
            StepKind::Conflict(of, body) => {
                let origin = self.sent.get(of).ok_or_else(|| of.clone())?;
                let mut request = self.again(origin, endpoint)?;
                let mut body = match body {
                    Some(body) => self.scope.fill(body)?,
                    None => altered(request.json().as_ref()),
                };
                let keyed = endpoint.and_then(|one| one.keyed.as_ref()).filter(|keyed| keyed.in_body);
                if let Some(keyed) = keyed
                    && let Some(key) = request.json().as_ref().and_then(|body| body.get(&keyed.header))
                    && let Some(members) = body.as_object_mut()
                {
                    members.insert(keyed.header.clone(), key.clone());
                }
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
        let mut key_in_body = None;
        if let Some(keyed) = &endpoint.keyed {
            let name = match call.key.as_deref() {
                Some("none") => None,
                Some(key) if turn == 0 => Some(format!("key {key}")),
                Some(key) => Some(format!("key {key} {turn}")),
                None if keyed.required => Some(format!("step {} {turn}", step.name)),
                None => None,
            };
            match name {
                Some(name) if keyed.in_body => key_in_body = Some((&keyed.header, self.scope.uuid(&name))),
                Some(name) => request.set_header(&keyed.header, self.scope.uuid(&name)),
                None => {}
            }
        }
        request
            .set_header(&endpoint.correlation_header, self.scope.uuid(&format!("call {} {turn}", step.name)));
        self.rest(&mut request, call)?;
        if let Some((name, key)) = key_in_body
            && let Some(mut body) = request.json()
            && let Some(members) = body.as_object_mut()
        {
            // What the step says itself counts.
            members.entry(name.as_str()).or_insert_with(|| key.into());
            request.body = Some(body.to_string().into_bytes());
        }
        Ok((request, call.actor.clone()))
    }

    /// A request as it was, with credentials that are still good.
    fn again(&self, origin: &Sent, endpoint: Option<&Endpoint>) -> Result<Request, Unfit> {
        let mut request = origin.request.clone();
        let call = Call { actor: origin.actor.clone(), ..Call::default() };
        if request.header("authorization").is_some() {
            self.credentials(&mut request, &call, &self.claims(endpoint))?;
        }
        Ok(request)
    }

    fn raw(&self, step: &Step, method: &str, path: String, call: &Call) -> Result<(Request, String), Unfit> {
        let mut request = Request { method: method.to_owned(), path, ..Request::default() };
        self.credentials(&mut request, call, &self.claims(None))?;
        request.set_header(CORRELATION_HEADER, self.scope.uuid(&format!("call {} 0", step.name)));
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
    pub(super) fn token(&self, name: &str, actor: &Actor, names: &Claims) -> Result<String, String> {
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
