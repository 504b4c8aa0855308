//! One operation with all that is demanded and promised of it, worked out once.

use std::collections::BTreeMap;
use std::sync::Arc;

use tenon_graph::serving::{HandlerKind, JobAction, OperationServing};
use tenon_graph::{Consent, Dialect, Graph, HttpBinding, MediaType, Name, Operation};
use tenon_policies::access::AccessRule;
use tenon_policies::consent::ConsentRule;
use tenon_policies::idempotency::IdempotencyRule;
use tenon_policies::rate::RateClass;
pub use tenon_policies::request::Place;
use tenon_policies::request::{BodyRule, ParameterRule, RequestRule, is_json};
use tenon_policies::tenancy::TenancyRule;
use tenon_policies::usage::UsageRule;
use tenon_policies::{CompiledTemplate, Enforcement};
use tenon_schemas::{Direction, Key};
use tenon_source::At;

use super::contract::{ContractPlan, compile};
use super::problem::{HANDLER_INVALID, NAME_UNKNOWN, Problems};
use super::proxy::{ProxyPlan, proxy};
use super::resource::{Names, ResourcePlan, UploadPlan, resource};
use super::rpc::{self, RpcPlan};
use super::sample::{Sample, samples};
use super::service;
use crate::handlers::mock::UsualOnce;

/// What a handler can be.
const HANDLERS: &str =
    "it is `mock`, or has one of create, get, list, upsert, update, delete, upload, job and proxy";

/// What does the work.
#[derive(Debug)]
pub enum HandlerPlan {
    /// Records.
    Resource(Box<ResourcePlan>),
    /// Another server.
    Proxy(ProxyPlan),
    /// Examples.
    Mock,
    /// Jobs.
    Job(JobAction),
}

/// Which policies only watch.
#[derive(Debug, Default)]
pub struct Shadow {
    names: Vec<String>,
}

impl Shadow {
    /// How a policy is enforced here.
    #[must_use]
    pub fn of(&self, policy: &str) -> Enforcement {
        let watched = self.names.iter().any(|name| name == policy || name == "all");
        if watched { Enforcement::Shadow } else { Enforcement::Enforce }
    }
}

/// What is promised of the speed of an operation.
#[derive(Debug, Clone, Copy, Default)]
pub struct Performance {
    /// Latency at the 95th percentile, in milliseconds.
    pub p95_ms: Option<f64>,
    /// Throughput, in requests a second.
    pub per_second: Option<f64>,
}

/// One operation as it is served.
#[derive(Debug)]
pub struct OperationPlan {
    /// Its id, or its method and path.
    pub id: String,
    /// Method and path.
    pub http: HttpBinding,
    /// Its place.
    pub at: At,
    /// The method it is, of a service.
    pub rpc: Option<RpcPlan>,
    /// One line about it.
    pub summary: Option<String>,
    /// The contract it is of.
    pub contract: Arc<ContractPlan>,
    /// Whether it may change something.
    pub mutating: bool,
    /// Whether anyone may call it.
    pub public: bool,
    /// Whether credentials are not even looked at.
    pub ignores_credentials: bool,
    /// Whose data it is about.
    pub tenancy: TenancyRule,
    /// Who may call.
    pub access: AccessRule,
    /// How often.
    pub rate: Option<RateClass>,
    /// What the request must be.
    pub request: RequestRule,
    /// What the reply must be: status as in `200` or `2XX`, schema.
    pub replies: Vec<(String, Option<Key>)>,
    /// Examples of its replies.
    pub samples: Vec<Sample>,
    /// Its answer where it is a mock.
    pub usual: UsualOnce,
    /// How repeated calls are told apart.
    pub idempotency: Option<IdempotencyRule>,
    /// The field of the request that has the key, where it is no header field.
    pub key_field: Option<String>,
    /// What the contract says of the header field of the key.
    pub key_schema: Option<Key>,
    /// Consent.
    pub consent: Option<ConsentRule>,
    /// What is metered.
    pub usage: Option<UsageRule>,
    /// How many units.
    pub usage_quantity: Option<CompiledTemplate>,
    /// What does the work.
    pub handler: HandlerPlan,
    /// What conditions are called here.
    pub refusals: BTreeMap<String, String>,
    /// Which policies only watch.
    pub shadow: Shadow,
    /// Speed promised.
    pub performance: Performance,
    /// `Deprecation` and `Sunset` fields.
    pub farewell: Vec<(&'static str, String)>,
}

impl OperationPlan {
    /// Whether another server acts under a key that is kept here.
    pub(super) fn acts_elsewhere(&self) -> bool {
        matches!(self.handler, HandlerPlan::Proxy(_)) && self.idempotency.is_some()
    }

    /// The files it takes, where it takes any.
    #[must_use]
    pub fn upload(&self) -> Option<&UploadPlan> {
        match &self.handler {
            HandlerPlan::Resource(resource) => resource.upload.as_ref(),
            _ => None,
        }
    }

    /// Whose codes its refusals have: the package of its service, or its contract.
    #[must_use]
    pub fn domain(&self) -> &str {
        let package = self.rpc.as_ref().and_then(|rpc| rpc.service.rsplit_once('.'));
        package.map_or(self.contract.name.as_str(), |(package, _)| package)
    }

    /// The schema of a reply with a status.
    #[must_use]
    pub fn reply_schema(&self, status: u16) -> Option<Key> {
        self.reply(status).and_then(|(_, key)| *key)
    }

    /// What is said of replies with a status.
    pub(crate) fn reply(&self, status: u16) -> Option<&(String, Option<Key>)> {
        let exact = |known: &str| known.parse() == Ok(status);
        let family = |known: &str| {
            known.split_at_checked(1).is_some_and(|(first, rest)| {
                first.parse() == Ok(status / 100) && rest.eq_ignore_ascii_case("XX")
            })
        };
        let find = |is_wanted: &dyn Fn(&str) -> bool| self.replies.iter().find(|(known, _)| is_wanted(known));
        let usual = |known: &str| known.eq_ignore_ascii_case("default");
        find(&exact).or_else(|| find(&family)).or_else(|| find(&usual))
    }
}

/// The plan of an operation that has an HTTP binding, or is a method of a service.
pub(super) fn operation(
    graph: &Graph,
    operation: &Operation,
    rpc: Option<RpcPlan>,
    contract: &Arc<ContractPlan>,
    names: &Names<'_>,
    problems: &mut Problems<'_>,
) -> Option<OperationPlan> {
    let http = match &rpc {
        Some(rpc) => rpc.http(operation),
        None => operation.http.clone()?,
    };
    problems.see(&[]);
    let governance = &operation.governance;
    let serving = governance.serving.as_deref();
    let usual = Default::default();
    let serving = serving.unwrap_or(&usual);
    let compiled = |template: &Option<_>, problems: &mut Problems<'_>| {
        template.as_ref().and_then(|template| compile(template, problems))
    };
    let key_field = governance.idempotency.as_ref().and_then(key_field);
    let idempotency = governance.idempotency.as_ref().map(idempotency);
    let request = match &rpc {
        Some(_) => RequestRule { body: Some(BodyRule::default()), ..RequestRule::default() },
        None => request(graph, operation, serving.rejects_unknown_query),
    };
    let (request, key_schema) = without_own_headers(request, contract, idempotency.as_ref());
    let mut plan = OperationPlan {
        id: operation.id.as_ref().map_or_else(|| operation.label(), |id| id.text.clone()),
        at: operation.at,
        summary: operation.summary.as_ref().map(|summary| summary.text.clone()),
        contract: Arc::clone(contract),
        mutating: match &rpc {
            Some(_) => rpc::is_mutating(graph, operation),
            None => operation.is_mutating(),
        },
        public: !needs_identity(graph, operation),
        ignores_credentials: false,
        tenancy: tenancy(operation, contract.tenant_header.as_ref()),
        access: AccessRule::of(governance),
        rate: rate(governance.rate_class.as_ref(), contract, problems),
        request,
        key_field,
        key_schema,
        replies: replies(graph, operation),
        samples: samples(graph, operation),
        usual: UsualOnce::default(),
        idempotency,
        consent: consent(governance.consent.as_ref(), serving, problems),
        usage: governance.usage.as_ref().and_then(UsageRule::of),
        usage_quantity: compiled(&serving.usage_quantity, problems),
        handler: handled(serving, names, problems)?,
        refusals: refusals(serving, contract, problems),
        shadow: Shadow { names: serving.shadow.iter().map(|name| name.text.clone()).collect() },
        performance: Performance { p95_ms: serving.p95_ms, per_second: serving.per_second },
        farewell: farewell(operation),
        rpc,
        http,
    };
    if let Some(endpoint) = &operation.service {
        service::complete(&mut plan, graph, operation, endpoint, problems);
    }
    Some(plan)
}

/// What conditions are called here, each by a code that is declared.
fn refusals(
    serving: &OperationServing,
    contract: &ContractPlan,
    problems: &mut Problems<'_>,
) -> BTreeMap<String, String> {
    for (_, code) in &serving.refusals {
        if !contract.catalogue.has(&code.text) {
            let message = format!("there is no code `{}`", code.text);
            problems.add(&NAME_UNKNOWN, code.at, message, "declare it under `errors`");
        }
    }
    serving.refusals.iter().map(|(name, code)| (name.text.clone(), code.text.clone())).collect()
}

/// What does the work; `None` where it cannot, which is a problem.
fn handled(
    serving: &OperationServing,
    names: &Names<'_>,
    problems: &mut Problems<'_>,
) -> Option<HandlerPlan> {
    Some(match serving.handler.as_ref().map(|handler| (handler, &handler.kind)) {
        Some((handler, HandlerKind::Resource { action, entity })) => {
            HandlerPlan::Resource(Box::new(resource(handler, *action, entity, names, problems)?))
        }
        Some((_, HandlerKind::Proxy(found))) => HandlerPlan::Proxy(proxy(found, problems)?),
        Some((_, HandlerKind::Job(action))) => HandlerPlan::Job(*action),
        Some((_, HandlerKind::Mock)) => HandlerPlan::Mock,
        None => {
            // It must not become a mock in silence.
            if let Some(at) = serving.unknown_handler {
                problems.add(&HANDLER_INVALID, at, "the handler does not say what it does", HANDLERS);
            }
            HandlerPlan::Mock
        }
    })
}

/// The consent an operation needs; `None` where it needs none.
fn consent(
    consent: Option<&Consent>,
    serving: &OperationServing,
    problems: &mut Problems<'_>,
) -> Option<ConsentRule> {
    let rule = ConsentRule::of(consent, serving, |template| compile(template, problems));
    (!rule.scopes.is_empty()).then_some(rule)
}

/// Public only where it is said: by the contract, or by an OpenAPI document that demands no
/// security of it. An operation nobody says anything about is public: there is nothing to hold
/// callers to.
fn needs_identity(graph: &Graph, operation: &Operation) -> bool {
    let governance = &operation.governance;
    if let Some(required) = governance.auth_required {
        return required;
    }
    if governance.declared {
        return true;
    }
    let api = graph.apis.iter().find(|api| api.root.file == operation.file);
    let security = operation.detail.security.as_ref().or_else(|| api?.security.as_ref());
    security.is_some_and(|requirements| !requirements.is_empty())
}

/// A tenant header that the contract names must be sent, whatever the token says.
fn tenancy(operation: &Operation, header: Option<&Name>) -> TenancyRule {
    let mut rule = TenancyRule::of(operation.governance.tenancy.as_ref(), header);
    rule.header_required |= header.is_some();
    rule
}

fn rate(class: Option<&Name>, contract: &ContractPlan, problems: &mut Problems<'_>) -> Option<RateClass> {
    let class = class?;
    let found = contract.rate_classes.get(&class.text).cloned();
    if found.is_none() {
        let message = format!("the rate class `{}` has no numbers", class.text);
        problems.add(&NAME_UNKNOWN, class.at, message, "give it `requests` and `per` under `rate_classes`");
    }
    found
}

/// The key may be a field of the request, written `field:idempotency_key`.
fn key_field(idempotency: &tenon_graph::Idempotency) -> Option<String> {
    idempotency.key.as_ref()?.text.strip_prefix("field:").map(|name| name.trim().to_owned())
}

/// The header may be written `header:Idempotency-Key`.
fn idempotency(idempotency: &tenon_graph::Idempotency) -> IdempotencyRule {
    let mut rule = IdempotencyRule::of(idempotency);
    if let Some((_, name)) = rule.header.split_once(':') {
        rule.header = name.trim().to_owned();
    }
    rule
}

fn key(graph: &Graph, at: At, direction: Direction) -> Key {
    let dialect = graph.schema(at).map_or(Dialect::Draft202012, |schema| schema.dialect);
    Key { at, dialect, direction }
}

fn request(graph: &Graph, operation: &Operation, rejects: Option<bool>) -> RequestRule {
    let parameters = operation.detail.parameters.iter().filter_map(|parameter| {
        let dialect = parameter.schema.and_then(|at| graph.schema(at));
        ParameterRule::of(graph, parameter, dialect.map_or(Dialect::Draft202012, |schema| schema.dialect))
    });
    let native = operation.request_schema.as_ref().and_then(|schema| schema.as_ref().ok());
    let body = match (&operation.detail.request, native) {
        (Some(body), _) => {
            let json = body.content.iter().find(|media| is_json(&media.name.to_ascii_lowercase()));
            let media_types = body.content.iter().map(|media| media.name.clone()).collect();
            let schema = json.and_then(|media| media.schema).map(|at| key(graph, at, Direction::Request));
            Some(BodyRule { required: body.required, media_types, schema })
        }
        (None, Some(at)) => Some(BodyRule {
            required: true,
            media_types: Vec::new(),
            schema: Some(key(graph, *at, Direction::Request)),
        }),
        (None, None) => None,
    };
    let native = graph.apis.iter().all(|api| api.root.file != operation.file);
    RequestRule { parameters: parameters.collect(), rejects_unknown_query: rejects.unwrap_or(native), body }
}

/// Header fields that policies of their own look at: the one that is missing is told as theirs. A
/// correlation id is made where none was sent, unless the contract demands one. What the contract
/// says of the tenant that is sent holds here, and of the key where it is read.
fn without_own_headers(
    mut rule: RequestRule,
    contract: &ContractPlan,
    idempotency: Option<&IdempotencyRule>,
) -> (RequestRule, Option<Key>) {
    let is = |parameter: &ParameterRule, name: Option<&str>| {
        parameter.place == Place::Header
            && name.is_some_and(|name| name.eq_ignore_ascii_case(&parameter.name))
    };
    let tenant = contract.tenant_header.as_ref().map(|name| name.text.as_str());
    for parameter in rule.parameters.iter_mut().filter(|parameter| is(parameter, tenant)) {
        parameter.required = false;
    }
    let key = idempotency.map(|rule| rule.header.as_str());
    let key_schema = rule.parameters.iter().find(|parameter| is(parameter, key)).and_then(|one| one.schema);
    let own = [key, Some("authorization"), Some("content-type")];
    rule.parameters.retain(|parameter| !own.iter().any(|name| is(parameter, *name)));
    (rule, key_schema)
}

fn replies(graph: &Graph, operation: &Operation) -> Vec<(String, Option<Key>)> {
    // A document tells of each status; a contract of success alone.
    if let (true, Some(Ok(at))) = (operation.detail.responses.is_empty(), &operation.response_schema) {
        return vec![("2XX".to_owned(), Some(key(graph, *at, Direction::Response)))];
    }
    let json = |content: &[MediaType]| {
        let media = content.iter().find(|media| is_json(&media.name.to_ascii_lowercase()));
        media.and_then(|media| media.schema).map(|at| key(graph, at, Direction::Response))
    };
    operation.detail.responses.iter().map(|reply| (reply.status.clone(), json(&reply.content))).collect()
}

/// `Deprecation` (RFC 9745) as a date of Structured Fields, `Sunset` (RFC 8594) as an HTTP date.
fn farewell(operation: &Operation) -> Vec<(&'static str, String)> {
    let Some(deprecation) = &operation.governance.deprecation else { return Vec::new() };
    let moment = |day: &Option<Name>| {
        let date: jiff::civil::Date = day.as_ref()?.text.parse().ok()?;
        date.to_zoned(jiff::tz::TimeZone::UTC).ok()
    };
    let deprecated = moment(&deprecation.deprecated).or_else(|| moment(&deprecation.announced));
    let mut fields = Vec::new();
    if let Some(from) = deprecated {
        fields.push(("deprecation", format!("@{}", from.timestamp().as_second())));
    }
    if let Some(end) = moment(&deprecation.sunset) {
        fields.push(("sunset", end.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()));
    }
    fields
}
