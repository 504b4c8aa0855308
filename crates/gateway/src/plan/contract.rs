//! What holds for all operations of one contract.

use std::collections::BTreeMap;

use http::HeaderName;
use tenon_graph::serving::Template;
use tenon_graph::{Contract, Graph, Name};
use tenon_policies::boundary::BoundaryRule;
use tenon_policies::client::ClientRule;
use tenon_policies::identity::IdentityRule;
use tenon_policies::rate::RateClass;
use tenon_policies::{CompiledTemplate, TemplateProblem};
use tenon_source::FileId;

use super::catalogue::Catalogue;
use super::problem::{EXPRESSION_INVALID, HANDLER_INVALID, Problems};
use super::service;

/// Header of the correlation id where the contract names none.
pub static CORRELATION_HEADER: HeaderName = HeaderName::from_static("x-correlation-id");

/// Rate class where the contract gives no time, in milliseconds.
const PER_MS_DEFAULT: u64 = 60_000;

/// What every envelope sees beside its own.
const WRAPPED: [&str; 3] = ["status", "elapsed_ms", "self"];

/// One contract as it is served.
#[derive(Debug, Default)]
pub struct ContractPlan {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Who calls.
    pub identity: IdentityRule,
    /// Header that names the tenant.
    pub tenant_header: Option<Name>,
    /// Header of the correlation id.
    pub correlation_header: Option<HeaderName>,
    /// What successes are wrapped in.
    pub success: Option<CompiledTemplate>,
    /// What refusals are told as.
    pub error: Option<CompiledTemplate>,
    /// Whether `X-RateLimit-*` are sent too.
    pub x_rate_limit: bool,
    /// Whether reads are audited.
    pub audits_reads: bool,
    /// Rate classes by name.
    pub rate_classes: BTreeMap<String, RateClass>,
    /// Which programs may call.
    pub client: ClientRule,
    /// Codes.
    pub catalogue: Catalogue,
    /// What no operation may cause.
    pub boundary: BoundaryRule,
}

impl ContractPlan {
    /// What a contract says; `None` for operations no contract speaks of.
    pub(super) fn new(graph: &Graph, contract: Option<&Contract>, problems: &mut Problems<'_>) -> Self {
        let Some(contract) = contract else {
            let error =
                service::refusals(graph).and_then(|template| error_envelope(Some(&template), problems));
            return Self { catalogue: Catalogue::new(graph.errors.iter()), error, ..Self::default() };
        };
        let serving = &contract.serving;
        let text = |name: &Option<Name>| name.as_ref().map(|name| name.text.clone());
        let own = |file: FileId| file == contract.at.file;
        Self {
            name: text(&contract.name).unwrap_or_default(),
            version: text(&contract.version).unwrap_or_default(),
            identity: IdentityRule::of(serving),
            tenant_header: serving
                .tenant_header
                .clone()
                .filter(|name| header(Some(name), problems).is_some()),
            correlation_header: header(serving.correlation_header.as_ref(), problems),
            success: {
                problems.see(&WRAPPED);
                problems.see_too(&["body"]);
                envelope(serving.success_envelope.as_ref(), problems)
            },
            error: error_envelope(serving.error_envelope.as_ref(), problems),
            x_rate_limit: serving.x_rate_limit,
            audits_reads: serving.audits_reads,
            rate_classes: rate_classes(contract, problems),
            catalogue: Catalogue::new(graph.errors.iter().filter(|entry| own(entry.at.file))),
            client: serving.clients.as_ref().map(ClientRule::of).unwrap_or_default(),
            boundary: contract.boundary.as_ref().map(BoundaryRule::of).unwrap_or_default(),
        }
    }

    /// The name of the header of the correlation id.
    #[must_use]
    pub fn correlation(&self) -> &HeaderName {
        self.correlation_header.as_ref().unwrap_or(&CORRELATION_HEADER)
    }
}

fn header(name: Option<&Name>, problems: &mut Problems<'_>) -> Option<HeaderName> {
    let name = name?;
    let parsed = HeaderName::try_from(name.text.to_ascii_lowercase());
    if parsed.is_err() {
        let message = format!("`{}` is no name of a header field", name.text);
        problems.add(&HANDLER_INVALID, name.at, message, "use letters, digits and `-`");
    }
    parsed.ok()
}

fn error_envelope(template: Option<&Template>, problems: &mut Problems<'_>) -> Option<CompiledTemplate> {
    problems.see_only(&["now", "correlation_id", "request_id"]);
    problems.see_too(&WRAPPED);
    problems.see_too(&["code", "message", "details", "retryable"]);
    envelope(template, problems)
}

fn envelope(template: Option<&Template>, problems: &mut Problems<'_>) -> Option<CompiledTemplate> {
    compile(template?, problems)
}

/// Compiles a template; what does not compile is a problem at its place.
pub(super) fn compile(template: &Template, problems: &mut Problems<'_>) -> Option<CompiledTemplate> {
    match CompiledTemplate::compile(template) {
        Ok(compiled) => {
            for (name, at, _) in compiled.names() {
                problems.look_up(name, at);
            }
            problems.sees.note(&compiled);
            Some(compiled)
        }
        Err(TemplateProblem { at, problem }) => {
            problems.add(
                &EXPRESSION_INVALID,
                at,
                problem.message,
                "see the language of expressions, CEL, in docs/serve.md",
            );
            None
        }
    }
}

fn rate_classes(contract: &Contract, problems: &mut Problems<'_>) -> BTreeMap<String, RateClass> {
    let mut classes = BTreeMap::new();
    for class in &contract.serving.rate_classes {
        problems.duration_ms(class.per.as_ref(), PER_MS_DEFAULT);
        // A class that is only named has no numbers to hold anyone to.
        if let Some(rule) = RateClass::of(class) {
            classes.insert(rule.name.clone(), rule);
        }
    }
    classes
}
