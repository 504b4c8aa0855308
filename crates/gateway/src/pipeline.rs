//! One request, from the head to the reply: the whole order of decisions on one screen.
//!
//! match ▸ identity ▸ tenant ▸ actor and scope ▸ rate class ▸ request schema ▸ idempotency ▸
//! consent ▸ handler ▸ response schema ▸ commit ▸ events

mod elsewhere;
mod files;

use std::sync::Arc;

use http::header::{ALLOW, CONTENT_TYPE, HeaderValue};
use serde_json::Value;
use tenon_policies::consent::{self, ConsentQuestion, Consented};
use tenon_policies::idempotency::{self, Fresh, Known};
use tenon_policies::identity::{self, Credentials, Identity};
use tenon_policies::rate::{self, Rate};
use tenon_policies::request::{self, CheckedRequest, Parameters, Place, RawParameters};
use tenon_policies::response::{self, ReplyChecked, ReplyRefused};
use tenon_policies::tenancy::{self, Tenant};
use tenon_policies::usage::{self, UsageCall};
use tenon_policies::{Condition, Enforcement, Permit, Refusal, access, boundary, client};
use tenon_storage::{CommitError, Expect, Found, Read, Transaction};

use crate::body::Sent;
use crate::call::Call;
use crate::gateway::Gateway;
use crate::grpc::{Messages, transcode};
use crate::handlers::facts::Facts;
use crate::handlers::resource::{self, Acting, Gathering};
use crate::handlers::upload::Received;
use crate::handlers::{Work, failed, job, mock};
use crate::limits::{BODY_BYTES_MAX, CONFLICTS_MAX};
use crate::plan::Plan;
use crate::plan::contract::ContractPlan;
use crate::plan::operation::{HandlerPlan, OperationPlan};
use crate::plan::router::Found as Route;
use crate::reply::{Body, Reply, ReplyBody};
use crate::trail::Trail;
use crate::{body, render};

/// Answers one request.
pub(crate) async fn answer(gateway: &Gateway, plan: &Plan, call: &Call, body: Body) -> (Reply, Trail) {
    let mut trail = Trail::default();
    let usual = Arc::default();
    let (contract, operation, outcome) = match plan.routes.find(&call.method, &call.path) {
        Route::Operation(index, path) => match plan.operations.get(index) {
            Some(operation) => {
                trail.operation.clone_from(&operation.id);
                trail.matched = Some(index);
                let request = Request { gateway, plan, operation, call, path: &path };
                (&operation.contract, Some(operation), request.run(body, &mut trail).await)
            }
            None => (&usual, None, Err(Refusal::new(Condition::RouteUnknown))),
        },
        Route::OtherMethods(methods) => {
            let contract = plan.contract().unwrap_or(&usual);
            return (other_methods(gateway, contract, call, &methods, &mut trail), trail);
        }
        Route::Nothing => {
            (plan.contract().unwrap_or(&usual), None, Err(Refusal::new(Condition::RouteUnknown)))
        }
    };
    let mut reply = match outcome {
        Ok(reply) => reply,
        Err(refusal) => refuse(gateway, contract, operation, call, &refusal, &mut trail),
    };
    render::fields(&mut reply.headers, contract, operation, call, trail.left);
    (reply, trail)
}

/// One request on its way through the policies.
struct Request<'a> {
    gateway: &'a Gateway,
    plan: &'a Plan,
    operation: &'a OperationPlan,
    call: &'a Call,
    path: &'a [(String, String)],
}

impl Request<'_> {
    async fn run(&self, body: Body, trail: &mut Trail) -> Result<Reply, Refusal> {
        let (operation, call) = (self.operation, self.call);
        let identity = self.identity(trail).await?;
        let tenant = self.tenant(&identity, trail)?;
        let access = trail.settle(
            operation,
            "actor",
            access::decide(&operation.access, &identity),
            access::Access::waived,
        )?;
        if !operation.public && operation.contract.client.required {
            let program = call.header(client::HEADER);
            trail.settle(operation, "actor", client::decide(&operation.contract.client, program), |_| ())?;
        }
        let rate = self.rate(&identity, &tenant, trail)?;
        let (request, mut sent) = self.request(body, trail).await?;
        let mut received = None;
        let mut again = (identity, tenant, request);
        for _ in 0..CONFLICTS_MAX {
            let (identity, tenant, request) = again;
            let mut facts = Facts::new(self.plan.sees, &identity, tenant.id(), &self.early_id(), call);
            let (fresh, gathered, consented) =
                match self.gather(&identity, &tenant, &request, &sent, &facts, trail)? {
                    Gathered::Replay(reply) => return Ok(self.replayed(reply, trail)),
                    Gathered::Go(fresh, gathered, consented) => (fresh, gathered, consented),
                };
            if facts.id().is_empty() {
                facts.set_id(&self.counted_id(tenant.id())?);
            }
            let permit = Permit::new(identity, tenant, access, rate, request, fresh, consented);
            if let HandlerPlan::Proxy(upstream) = &operation.handler {
                match self.proxied(upstream, &permit, &facts, &mut sent, trail).await? {
                    Some(reply) => return Ok(reply),
                    None => {
                        again = permit.into_again();
                        continue;
                    }
                }
            }
            if let (Some(upload), None) = (operation.upload(), &received) {
                // What refuses without the file refuses before the file is read.
                self.handle(&permit, &facts, gathered.clone(), None)?;
                received = Some(self.receive(upload, &mut sent).await?);
            }
            let shown = gathered.as_ref().and_then(|gathered| gathered.id().map(str::to_owned));
            let mut work = self.handle(&permit, &facts, gathered, received.as_ref())?;
            let job = work.job.take();
            let (reply, transaction) = self.settle(&permit, &facts, work, trail)?;
            match self.commit_with(transaction, received.as_mut()).await {
                Ok(()) => {
                    self.gateway.committed(job.as_deref());
                    return Ok(self.shown(shown.as_deref(), permit.tenant().id(), reply).await);
                }
                // Someone else was faster: read again, decide again.
                Err(CommitError::Conflict(_)) => again = permit.into_again(),
                Err(CommitError::Store(error)) => return Err(resource::store_failed(&error)),
                Err(_) => return Err(Refusal::new(Condition::Internal)),
            }
        }
        Err(Refusal::new(Condition::Overloaded).with_retry_after(1))
    }

    async fn identity(&self, trail: &mut Trail) -> Result<Identity, Refusal> {
        let operation = self.operation;
        if operation.ignores_credentials {
            return identity::decide(&operation.contract.identity, Credentials::None, true);
        }
        let verified = self.gateway.authenticator().verify(&self.call.headers, self.call.received_ms).await;
        let decided = verified.identity(&operation.contract.identity, operation.public);
        let identity = trail.settle(operation, "identity", decided, Identity::waived)?;
        trail.actor = Some(Arc::clone(identity.actor_text()));
        Ok(identity)
    }

    fn tenant(&self, identity: &Identity, trail: &mut Trail) -> Result<Tenant, Refusal> {
        let operation = self.operation;
        let header = operation.tenancy.header.as_deref().and_then(|name| self.call.header(name));
        let named = operation.tenancy.path_parameter.as_ref();
        let path = named.and_then(|name| self.path.iter().find(|(known, _)| known == name));
        let decided =
            tenancy::decide(&operation.tenancy, identity, header, path.map(|(_, value)| value.as_str()));
        let tenant = trail.settle(operation, "tenant", decided, |waiver| Tenant::waived(identity, waiver))?;
        tenant.id().clone_into(&mut trail.tenant);
        Ok(tenant)
    }

    fn rate(&self, identity: &Identity, tenant: &Tenant, trail: &mut Trail) -> Result<Rate, Refusal> {
        let Some(class) = &self.operation.rate else { return Ok(rate::unlimited()) };
        let actor = identity.actor_text();
        let step = self.gateway.rates().step(class, tenant.id(), actor, self.call.received_ms);
        let Some(step) = step else { return Ok(rate::unlimited()) };
        trail.left = Some(step.left);
        trail.settle(self.operation, "rate", step.decision, Rate::waived)
    }

    /// Parameters first, then the head of the body, then the body.
    async fn request(&self, body: Body, trail: &mut Trail) -> Result<(CheckedRequest, Sent), Refusal> {
        let rule = &self.operation.request;
        let query = pairs(self.call.query.as_deref().unwrap_or_default());
        let headers = self.headers();
        let raw = RawParameters { path: self.path, query: &query, headers: &headers };
        let decided = request::parameters(rule, &self.plan.validators, raw);
        let parameters =
            trail.settle(self.operation, "request", decided, |waiver| Parameters::waived(raw, waiver))?;
        if let Some(rpc) = &self.operation.rpc {
            let bytes = transcode::request(self.plan, rpc, self.call, body).await?;
            let checked = request::body(rule, &self.plan.validators, parameters, &bytes)?;
            return Ok((checked, Sent::Whole(bytes)));
        }
        let content_type = self.call.header(CONTENT_TYPE);
        let there = body::announced(&body);
        request::content_type(rule, content_type, there)?;
        if self.passes_on() || self.operation.upload().is_some() {
            let decided = request::unread(rule, parameters.clone(), there);
            let checked = trail.settle(self.operation, "request", decided, |waiver| {
                CheckedRequest::waived(parameters, &[], waiver)
            })?;
            return Ok((checked, Sent::Stream(Some(body))));
        }
        body::acceptable(self.call, BODY_BYTES_MAX)?;
        let bytes = body::read(body).await?;
        // Only what is let through although it is refused needs the parameters once more.
        let spare = (self.operation.shadow.of("request") == Enforcement::Shadow).then(|| parameters.clone());
        let decided = match request::is_opaque(rule, content_type) {
            true => request::unread(rule, parameters, !bytes.is_empty()),
            false => request::body(rule, &self.plan.validators, parameters, &bytes),
        };
        let checked = trail.settle(self.operation, "request", decided, |waiver| {
            let parameters = spare.unwrap_or_else(|| Parameters::waived(raw, waiver));
            CheckedRequest::waived(parameters, &bytes, waiver)
        })?;
        Ok((checked, Sent::Whole(bytes)))
    }

    /// Whether the body goes to another server unread: nothing checks it, nothing is bound to it.
    fn passes_on(&self) -> bool {
        let operation = self.operation;
        let HandlerPlan::Proxy(upstream) = &operation.handler else { return false };
        let body = operation.request.body.as_ref();
        let keys = operation.idempotency.as_ref().filter(|_| operation.mutating);
        // What may have to be sent again is kept.
        let again = upstream.retries > 0 && self.call.method.is_idempotent();
        !again
            && body.is_none_or(|body| body.schema.is_none())
            && !keys.is_some_and(|rule| rule.required || self.call.header(&rule.header).is_some())
    }

    /// Header fields that somebody looks at: those of parameters, or all where an expression of the
    /// contracts sees them.
    fn headers(&self) -> Vec<(String, String)> {
        let pair = |(name, value): (&http::HeaderName, &HeaderValue)| {
            Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
        };
        if self.plan.sees.headers {
            return self.call.headers.iter().filter_map(pair).collect();
        }
        let named = self.operation.request.parameters.iter().filter(|one| one.place == Place::Header);
        let mut out = Vec::new();
        for parameter in named {
            for value in self.call.headers.get_all(&parameter.name) {
                out.extend(value.to_str().ok().map(|value| (parameter.name.clone(), value.to_owned())));
            }
        }
        out
    }

    /// The id of the record this makes, as far as it is known before anything is decided.
    fn early_id(&self) -> String {
        match &self.operation.handler {
            HandlerPlan::Resource(resource) if self.operation.mutating => {
                resource::early_id(&resource.entity, self.gateway.world())
            }
            _ => String::new(),
        }
    }

    /// A counted id is taken once it is decided that something is made: a replay uses none up.
    fn counted_id(&self, tenant: &str) -> Result<String, Refusal> {
        let HandlerPlan::Resource(resource) = &self.operation.handler else { return Ok(String::new()) };
        if !self.operation.mutating {
            return Ok(String::new());
        }
        resource::fresh_id(&resource.entity, tenant, self.gateway.store(), self.gateway.world())
            .map_err(|error| resource::store_failed(&error))
    }

    /// Reads everything the decisions ahead rest on at once, and takes those of idempotency and consent.
    fn gather(
        &self,
        identity: &Identity,
        tenant: &Tenant,
        request: &CheckedRequest,
        sent: &Sent,
        facts: &Facts,
        trail: &mut Trail,
    ) -> Result<Gathered, Refusal> {
        let operation = self.operation;
        let scope = facts.scope(request);
        let key = self.idempotency_key(identity, tenant, (request, sent), trail)?;
        let mut reads = Vec::with_capacity(4);
        if let Some((key, _)) = &key {
            reads.push(Read::Idempotency(key.clone()));
        }
        let asked = operation.consent.as_ref().map(|rule| rule.ask(&scope)).transpose();
        let question = asked.map_err(|failure| failed("consent", &failure))?.unwrap_or_default();
        if let Some(subject) = &question.subject {
            reads.push(Read::Consent { tenant: tenant.id().to_owned(), subject: subject.clone() });
        }
        let gathering = match &operation.handler {
            HandlerPlan::Resource(resource) => {
                Some(Gathering::new(resource, &scope, tenant.id(), &mut reads))
            }
            _ => None,
        };
        let found = match reads.is_empty() {
            true => Vec::new(),
            false => self.gateway.store().read(&reads).map_err(|error| resource::store_failed(&error))?,
        };
        let fresh = match (&operation.idempotency, key) {
            (Some(rule), Some((key, fingerprint))) => {
                let existing = found.iter().find_map(|found| match found {
                    Found::Idempotency(record) => Some(record.as_ref()),
                    _ => None,
                });
                let decided =
                    idempotency::decide(rule, key, fingerprint, existing.flatten(), self.call.received_ms);
                let known = trail.settle(operation, "idempotency", decided, |waiver| {
                    Known::Fresh(Fresh::waived(waiver))
                })?;
                match known {
                    Known::Replay(stored) => return Ok(Gathered::Replay(render::replay(&stored))),
                    Known::Fresh(fresh) => fresh,
                }
            }
            _ => idempotency::without_key(),
        };
        let consented = consented(operation, &question, &found, trail)?;
        let gathered = gathering.transpose()?.map(|gathering| gathering.take(&found));
        Ok(Gathered::Go(fresh, gathered, consented))
    }

    fn handle(
        &self,
        permit: &Permit,
        facts: &Facts,
        gathered: Option<resource::Gathered>,
        received: Option<&Received>,
    ) -> Result<Work, Refusal> {
        match (&self.operation.handler, gathered) {
            (HandlerPlan::Resource(resource), Some(gathered)) => {
                let acting = Acting {
                    plan: self.plan,
                    operation: self.operation,
                    resource,
                    permit,
                    call: self.call,
                    store: self.gateway.store(),
                    world: self.gateway.world(),
                    facts,
                    cursor_secret: self.gateway.cursor_secret(),
                    received,
                };
                resource::act(&acting, gathered, facts.id())
            }
            (HandlerPlan::Job(action), _) => {
                let (gateway, plan, operation, call) = (self.gateway, self.plan, self.operation, self.call);
                job::act(&job::Acting { gateway, plan, operation, permit, call }, *action)
            }
            _ => mock::answer(self.plan, self.operation, self.call),
        }
    }

    /// The reply as it will be sent, and everything that is committed with it.
    fn settle(
        &self,
        permit: &Permit,
        facts: &Facts,
        mut work: Work,
        trail: &mut Trail,
    ) -> Result<(Reply, Transaction), Refusal> {
        let (operation, call) = (self.operation, self.call);
        let mut transaction = std::mem::take(&mut work.transaction);
        self.within_boundary(&transaction)?;
        let usual = work.usual.as_ref().filter(|_| operation.contract.success.is_none());
        let reply = match usual.and_then(|usual| usual.reply()) {
            Some(reply) => reply,
            None => self.reply(work, &facts.scope(permit.request()), trail)?,
        };
        transaction.at_ms = call.received_ms;
        if let (Some(rule), Some((key, _))) = (&operation.idempotency, permit.fresh().key()) {
            transaction.expect.push(Expect::KeyUnused(key.clone()));
            transaction.idempotency = permit.fresh().settled(rule, render::stored(&reply), call.received_ms);
        }
        self.observe(permit, facts, trail, "ok", &mut transaction);
        Ok((reply, transaction))
    }

    /// What was made, wrapped, held to its schema and written.
    fn reply(
        &self,
        work: Work,
        scope: &tenon_policies::Scope<'_>,
        trail: &mut Trail,
    ) -> Result<Reply, Refusal> {
        let (operation, call) = (self.operation, self.call);
        let body = work.body.or_else(|| work.usual.and_then(|usual| usual.value.clone()));
        let body = match &operation.rpc {
            // A message has no room for an envelope.
            Some(rpc) => Some(Messages::completed(rpc, body)),
            None => {
                let now_ms = || self.gateway.world().now_ms();
                let wrap = |body| render::wrap(&operation.contract, call, scope, work.status, body, now_ms);
                body.map(wrap).transpose().map_err(|failure| failed("envelope", &failure))?
            }
        };
        if let (None, Some(body)) = (&operation.rpc, &body) {
            let schema = operation.reply_schema(work.status.as_u16());
            self.suits(response::decide_made(&self.plan.validators, schema, body), trail)?;
        }
        let mut reply = render::success(work.status, body.as_ref());
        if let Some(messages) = work.messages {
            reply.body = ReplyBody::Messages(messages);
        }
        reply.headers.extend(work.headers);
        if let Some(rpc) = &operation.rpc {
            transcode::fits(self.plan, rpc, &reply.body)?;
        }
        Ok(reply)
    }

    /// Usage and audit: what is written down beside the effect.
    fn observe(
        &self,
        permit: &Permit,
        facts: &Facts,
        trail: &Trail,
        outcome: &str,
        transaction: &mut Transaction,
    ) {
        let (operation, call) = (self.operation, self.call);
        if let Some(rule) = &operation.usage {
            let scope = facts.scope(permit.request());
            let quantity =
                operation.usage_quantity.as_ref().and_then(|quantity| quantity.render(&scope).ok());
            let event = UsageCall {
                id: &call.request_id,
                operation: &operation.id,
                correlation_id: &call.correlation_id,
                now_ms: call.received_ms,
            };
            transaction.usage.push(usage::event(rule, permit, event, quantity.as_ref()));
        }
        if operation.mutating || operation.contract.audits_reads || !trail.consents.is_empty() {
            transaction.audit.push(trail.audit(call, outcome));
        }
    }

    fn within_boundary(&self, transaction: &Transaction) -> Result<(), Refusal> {
        let rule = &self.operation.contract.boundary;
        if rule.forbidden.is_empty() && rule.notify_only.is_empty() {
            return Ok(());
        }
        let mut states = Vec::new();
        for write in &transaction.records {
            let machines = self.plan.entities.values().filter(|entity| entity.collection == write.collection);
            for machine in machines.filter_map(|entity| entity.machine.as_ref()) {
                let body: Option<Value> =
                    write.body.as_ref().and_then(|body| serde_json::from_slice(body).ok());
                let state = body.and_then(|body| body.get(&machine.field)?.as_str().map(str::to_owned));
                states.extend(state);
            }
        }
        let events = transaction.events.iter().map(|event| event.kind.as_str());
        boundary::decide(rule, boundary::Cause::Operation, states.iter().map(String::as_str), events)?;
        Ok(())
    }

    /// Holds what another server replied to its schema.
    fn fits(&self, reply: &Reply, trail: &mut Trail) -> Result<(), Refusal> {
        if let Some(rpc) = &self.operation.rpc {
            return transcode::fits(self.plan, rpc, &reply.body);
        }
        let Some(key) = self.operation.reply_schema(reply.status.as_u16()) else { return Ok(()) };
        let ReplyBody::Whole(bytes) = &reply.body else { return Ok(()) };
        if bytes.is_empty() {
            return Ok(());
        }
        let text = String::from_utf8_lossy(bytes).into_owned();
        let (tree, _) = tenon_source::parse_json(Arc::new(text));
        self.suits(response::decide(&self.plan.validators, Some(key), tree.root()), trail)
    }

    fn suits(
        &self,
        decided: Result<ReplyChecked, Box<ReplyRefused>>,
        trail: &mut Trail,
    ) -> Result<(), Refusal> {
        let decided = decided.map_err(|refused| {
            let what: Vec<String> =
                refused.failures.iter().map(|one| format!("{} {}", one.field, one.reason)).collect();
            tracing::error!(
                operation = self.operation.id,
                failures = what.join("; "),
                "the reply is not what the contract describes"
            );
            refused.refusal
        });
        trail.settle(self.operation, "response", decided, ReplyChecked::waived)?;
        Ok(())
    }

    /// What changes waits until it is durable; what only observes a read does not.
    async fn commit(&self, transaction: Transaction) -> Result<(), CommitError> {
        let store = self.gateway.store();
        let changes = !(transaction.records.is_empty()
            && transaction.consents.is_empty()
            && transaction.subscriptions.is_empty()
            && transaction.events.is_empty()
            && transaction.idempotency.is_none()
            && transaction.release.is_none());
        if changes || self.operation.mutating {
            return store.commit(transaction).await.map(|_| ());
        }
        if !(transaction.usage.is_empty() && transaction.audit.is_empty()) {
            store.enqueue(transaction);
        }
        Ok(())
    }

    fn replayed(&self, reply: Reply, trail: &mut Trail) -> Reply {
        trail.replayed = true;
        let audit = trail.audit(self.call, "replay");
        self.gateway.store().enqueue(Transaction {
            at_ms: self.call.received_ms,
            audit: vec![audit],
            ..Transaction::default()
        });
        reply
    }
}

/// What the store said, and what follows.
enum Gathered {
    /// It was done before.
    Replay(Reply),
    /// It is to be done.
    Go(Fresh, Option<resource::Gathered>, Consented),
}

impl Request<'_> {
    /// The key of a request with its fingerprint; `None` where there is none, or none is wanted.
    fn idempotency_key(
        &self,
        identity: &Identity,
        tenant: &Tenant,
        (request, sent): (&CheckedRequest, &Sent),
        trail: &mut Trail,
    ) -> Result<Option<(tenon_storage::IdempotencyKey, String)>, Refusal> {
        let (operation, call) = (self.operation, self.call);
        // Reads are idempotent by nature: a key on them is not looked at.
        let Some(rule) = operation.idempotency.as_ref().filter(|_| operation.mutating) else {
            return Ok(None);
        };
        let field = operation.key_field.as_ref().and_then(|field| request.body().get(field)?.as_str());
        let given = field.filter(|key| !key.is_empty()).or_else(|| call.header(&rule.header));
        let decided =
            idempotency::key(rule, given).and_then(|key| {
                let (Some(text), Some(schema)) = (&key, operation.key_schema) else { return Ok(key) };
                match crate::plan::fits(&self.plan.validators, schema, &text.as_str().into()) {
                    Ok(()) => Ok(key),
                    Err(problem) => Err(Refusal::new(Condition::IdempotencyKeyInvalid)
                        .with_detail(rule.header.as_str(), problem)),
                }
            });
        let Some(key) = trail.settle(operation, "idempotency", decided, |_| None)? else { return Ok(None) };
        let fingerprint = idempotency::fingerprint(
            call.method.as_str(),
            &operation.id,
            request.path(),
            request.query(),
            &body::bound(request.body(), sent, call),
        );
        Ok(Some((idempotency::store_key(rule, identity, tenant.id(), &operation.id, &key), fingerprint)))
    }
}

/// Whether everyone concerned agreed. Every check is told in the audit, granted or not.
fn consented(
    operation: &OperationPlan,
    question: &ConsentQuestion,
    found: &[Found],
    trail: &mut Trail,
) -> Result<Consented, Refusal> {
    let registry = found.iter().find_map(|found| match found {
        Found::Consent(states) => Some(states.as_slice()),
        _ => None,
    });
    let decision = consent::decide(&question.needed, &question.given, registry.unwrap_or_default());
    trail.consents = decision.checks.iter().map(|check| (check.scope.clone(), check.outcome())).collect();
    let checks = decision.checks;
    trail.settle(operation, "consent", decision.decision, |waiver| Consented::waived(checks, waiver))
}

/// A refusal as a reply. Refusals are audited, and nobody waits for that.
pub(crate) fn refuse(
    gateway: &Gateway,
    contract: &ContractPlan,
    operation: Option<&OperationPlan>,
    call: &Call,
    refusal: &Refusal,
    trail: &mut Trail,
) -> Reply {
    let (code, reply) = render::refuse(contract, operation, call, refusal, gateway.world().now_ms());
    trail.code = Some(code);
    if operation.is_some() {
        gateway.store().enqueue(Transaction {
            at_ms: call.received_ms,
            audit: vec![trail.audit(call, "refused")],
            ..Transaction::default()
        });
    }
    reply
}

/// `OPTIONS` tells the methods; any other is refused, and told them too.
fn other_methods(
    gateway: &Gateway,
    contract: &ContractPlan,
    call: &Call,
    methods: &[String],
    trail: &mut Trail,
) -> Reply {
    let mut reply = match call.method {
        http::Method::OPTIONS => Reply::empty(http::StatusCode::NO_CONTENT),
        _ => {
            let refusal = Refusal::new(Condition::MethodNotAllowed);
            refuse(gateway, contract, None, call, &refusal, trail)
        }
    };
    if let Ok(methods) = HeaderValue::from_str(&methods.join(", ")) {
        reply.headers.insert(ALLOW, methods);
    }
    render::fields(&mut reply.headers, contract, None, call, None);
    reply
}

/// The pairs of a query, decoded: `+` is a space.
fn pairs(query: &str) -> Vec<(String, String)> {
    url::form_urlencoded::parse(query.as_bytes())
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect()
}
