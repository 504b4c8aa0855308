//! How a contract is served: what a gateway does for each operation, and how it keeps entities.
//!
//! Nothing here is judged or compiled: expressions are texts with their places.

use serde_json::Value;
use tenon_source::At;

use crate::Name;

/// A value to be made: literals, and expressions (written `=…`) where something is worked out.
#[derive(Debug, Clone, PartialEq)]
pub enum Template {
    /// As it is.
    Value(Value),
    /// An expression, without its `=`.
    Expression(Name),
    /// Members in order.
    Object(Vec<(String, Template)>),
    /// Items in order.
    Array(Vec<Template>),
}

/// What a contract says of all its operations' service.
#[derive(Debug, Clone, Default)]
pub struct ContractServing {
    /// Claim that tells the type of the actor.
    pub actor_type_claim: Option<Name>,
    /// Claim that tells the tenant.
    pub tenant_claim: Option<Name>,
    /// Claim that tells whom an actor acts for.
    pub delegation_claim: Option<Name>,
    /// Actor types that must say whom they act for.
    pub delegating_actors: Vec<Name>,
    /// What every success is wrapped in.
    pub success_envelope: Option<Template>,
    /// What every refusal is told as; problem details (RFC 9457) where it is absent.
    pub error_envelope: Option<Template>,
    /// Header that names the tenant.
    pub tenant_header: Option<Name>,
    /// Header that carries the correlation id.
    pub correlation_header: Option<Name>,
    /// Whether the `X-RateLimit-*` fields are sent too.
    pub x_rate_limit: bool,
    /// Whether reads are audited too.
    pub audits_reads: bool,
    /// Rate classes with their numbers.
    pub rate_classes: Vec<RateClass>,
    /// How jobs are run and judged.
    pub jobs: Option<JobsServing>,
    /// Which programs may call.
    pub clients: Option<ClientsServing>,
}

/// How the jobs of a contract are run and judged.
#[derive(Debug, Clone)]
pub struct JobsServing {
    /// Its place.
    pub at: At,
    /// The folder of the skills' manifests, beside the contract.
    pub registry: Option<Name>,
    /// What a run is checked for once it has ended, in order.
    pub gate: Vec<GateCheck>,
    /// How good what a run produced is, from 0 to 1; nothing is promoted where it is absent.
    pub promotion: Option<Template>,
    /// The score from which it may take the place of what is there.
    pub promotion_min: Option<f64>,
}

/// One thing a run is checked for.
#[derive(Debug, Clone)]
pub struct GateCheck {
    /// Its place.
    pub at: At,
    /// Its name.
    pub name: Name,
    /// Passes when this holds.
    pub holds: Template,
    /// The reason code where it does not.
    pub code: Option<Name>,
    /// Whether a person decides where it does not.
    pub asks_person: bool,
}

/// Which programs may call.
#[derive(Debug, Clone)]
pub struct ClientsServing {
    /// Its place.
    pub at: At,
    /// Names of programs, as they tell them in `X-Tenon-Client`.
    pub approved: Vec<Name>,
    /// Paths, as globs, of sources that may speak the wire themselves.
    pub sources: Vec<Name>,
    /// Whether calls of other programs are refused.
    pub required: bool,
}

/// How often operations of a class may be called.
#[derive(Debug, Clone)]
pub struct RateClass {
    /// Its place.
    pub at: At,
    /// Its name.
    pub name: Name,
    /// How many requests.
    pub requests: Option<u64>,
    /// In which time, as written, such as `1m`.
    pub per: Option<Name>,
    /// How many at once; as many as `requests` where it is absent.
    pub burst: Option<u64>,
}

/// How records of an entity are kept.
#[derive(Debug, Clone, Default)]
pub struct EntityStorage {
    /// The schema of a record: a place of a schema, or the name of one that is missing.
    pub schema: Option<Result<At, Name>>,
    /// Field of the id.
    pub id_field: Option<Name>,
    /// `uuid` or `sequence`.
    pub id_form: Option<Name>,
    /// What an id begins with.
    pub id_prefix: Option<Name>,
    /// Fields of the natural key.
    pub key: Vec<Name>,
    /// The collection, where it is not named as the entity.
    pub store: Option<Name>,
    /// Fields lists look for and order by.
    pub index: Vec<Name>,
    /// State of a new record.
    pub initial: Option<Name>,
    /// Members worked out whenever a record is read.
    pub computed: Vec<(String, Template)>,
    /// Members that never leave.
    pub private: Vec<Name>,
}

/// What an operation says of its service.
#[derive(Debug, Clone, Default)]
pub struct OperationServing {
    /// What does the work.
    pub handler: Option<Handler>,
    /// A handler that is written, but does not say what it does.
    pub unknown_handler: Option<At>,
    /// Code told instead of a condition's own: condition, code.
    pub refusals: Vec<(Name, Name)>,
    /// Policies that only watch: `all`, or their names.
    pub shadow: Vec<Name>,
    /// Whether query parameters that are not declared are refused.
    pub rejects_unknown_query: Option<bool>,
    /// Latency promised, at the 95th percentile, in milliseconds.
    pub p95_ms: Option<f64>,
    /// Throughput promised, in requests a second.
    pub per_second: Option<f64>,
    /// Whose consent is needed.
    pub consent_subject: Option<Template>,
    /// Conditions of single consent scopes: scope, when it is needed.
    pub consent_needs: Vec<(Name, Template)>,
    /// Consent scopes the request itself grants.
    pub consent_given: Option<Template>,
    /// How many units are metered.
    pub usage_quantity: Option<Template>,
}

/// What does the work of an operation.
#[derive(Debug, Clone)]
pub struct Handler {
    /// The object it was read from.
    pub at: At,
    /// What kind of work.
    pub kind: HandlerKind,
    /// Which record: field, value.
    pub by: Vec<(Name, Template)>,
    /// Whether a record may be seen.
    pub visible: Option<Template>,
    /// Records read before anything is decided.
    pub loads: Vec<Load>,
    /// What refuses.
    pub guards: Vec<Guard>,
    /// Members of the record.
    pub set: Option<Template>,
    /// More that changes.
    pub effects: Vec<Effect>,
    /// Events.
    pub emits: Vec<Emit>,
    /// How lists are cut.
    pub page: Option<Page>,
    /// Fields a list is ordered by.
    pub order: Vec<Name>,
    /// The body of the answer.
    pub respond: Option<Template>,
    /// The status of the answer.
    pub status: Option<u16>,
    /// Media types an upload may have; any where it is empty.
    pub types: Vec<Name>,
    /// The largest upload, in bytes.
    pub bytes_max: Option<u64>,
}

/// What kind of work a handler does.
#[derive(Debug, Clone)]
pub enum HandlerKind {
    /// Acts on a record of an entity.
    Resource {
        /// What it does.
        action: Action,
        /// The entity.
        entity: Name,
    },
    /// Asks another server.
    Proxy(Proxy),
    /// Answers with examples.
    Mock,
    /// Acts on jobs of skills.
    Job(JobAction),
}

/// What a handler of jobs does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum JobAction {
    /// Tells that the gateway answers.
    Health,
    /// Tells what the gateway can do.
    Capabilities,
    /// Lists skills.
    Tools,
    /// Shows one.
    Tool,
    /// Accepts a job.
    Execute,
    /// Shows one.
    Status,
    /// Asks for its end.
    Cancel,
    /// Sends its events.
    Events,
    /// Refers to the gate decision about a run.
    GateDecision,
    /// Refers to the promotion decision about a run.
    PromotionDecision,
}

impl JobAction {
    /// Every action with the word that names it.
    pub const ALL: [(&'static str, Self); 10] = [
        ("health", Self::Health),
        ("capabilities", Self::Capabilities),
        ("tools", Self::Tools),
        ("tool", Self::Tool),
        ("execute", Self::Execute),
        ("status", Self::Status),
        ("cancel", Self::Cancel),
        ("events", Self::Events),
        ("gate_decision", Self::GateDecision),
        ("promotion_decision", Self::PromotionDecision),
    ];

    /// Whether it changes something.
    #[must_use]
    pub fn is_mutating(self) -> bool {
        matches!(self, Self::Execute | Self::Cancel)
    }
}

/// What a resource handler does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Makes a record.
    Create,
    /// Shows one.
    Get,
    /// Shows many.
    List,
    /// Makes or changes the one with the natural key.
    Upsert,
    /// Changes one.
    Update,
    /// Removes one.
    Delete,
    /// Keeps a file.
    Upload,
}

impl Action {
    /// Every action with the word that names it.
    pub const ALL: [(&'static str, Self); 7] = [
        ("create", Self::Create),
        ("get", Self::Get),
        ("list", Self::List),
        ("upsert", Self::Upsert),
        ("update", Self::Update),
        ("delete", Self::Delete),
        ("upload", Self::Upload),
    ];
}

/// Another server that does the work.
#[derive(Debug, Clone)]
pub struct Proxy {
    /// Its address; the path of the request is added.
    pub url: Name,
    /// How long it may take, as written.
    pub timeout: Option<Name>,
    /// How often it is asked again when an operation is idempotent.
    pub retries: Option<u64>,
    /// Failures in a row after which it is left alone.
    pub breaker_failures: Option<u64>,
    /// For how long, as written.
    pub breaker_cooldown: Option<Name>,
    /// Header fields of the caller that it gets; all of them where nothing is said.
    pub forward: Option<Vec<Name>>,
}

/// A record that is read before anything is decided.
#[derive(Debug, Clone)]
pub struct Load {
    /// The name expressions know it by.
    pub name: Name,
    /// The entity.
    pub entity: Name,
    /// Which record: field, value.
    pub by: Vec<(Name, Template)>,
    /// Whether the operation is refused where there is none.
    pub required: bool,
}

/// A condition that refuses.
#[derive(Debug, Clone)]
pub struct Guard {
    /// Its place.
    pub at: At,
    /// Refuses when this holds.
    pub when: Template,
    /// The reason code.
    pub code: Name,
    /// The field it is about.
    pub field: Option<Name>,
    /// What people are told.
    pub message: Option<Name>,
}

/// Something that changes beside the record itself.
#[derive(Debug, Clone)]
pub struct Effect {
    /// Its place.
    pub at: At,
    /// What changes.
    pub kind: EffectKind,
    /// Once for each item of this list.
    pub each: Option<Template>,
    /// The name of the item; `item` where it is absent.
    pub item: Option<Name>,
    /// Only when this holds.
    pub when: Option<Template>,
}

/// What an effect changes.
#[derive(Debug, Clone)]
pub enum EffectKind {
    /// A record of an entity.
    Record {
        /// `Create`, `Upsert`, `Update` or `Delete`.
        action: Action,
        /// The entity.
        entity: Name,
        /// Which record: field, value.
        by: Vec<(Name, Template)>,
        /// Members.
        set: Option<Template>,
    },
    /// Consent granted or withdrawn: `subject`, `scopes`, `granted`, `evidence`, `source`.
    Consent(Template),
    /// A webhook subscription: `id`, `url`, `events`, `secret`, `active`.
    Subscribe(Template),
}

/// An event an operation causes.
#[derive(Debug, Clone)]
pub struct Emit {
    /// Its place.
    pub at: At,
    /// The event type.
    pub event: Name,
    /// Only when this holds.
    pub when: Option<Template>,
    /// The payload.
    pub data: Option<Template>,
}

/// How lists are cut into pages.
#[derive(Debug, Clone)]
pub struct Page {
    /// How many were asked for.
    pub limit: Option<Template>,
    /// Where to go on.
    pub cursor: Option<Template>,
    /// How many where nothing was asked for.
    pub size: Option<u64>,
    /// How many at most.
    pub max: Option<u64>,
    /// Whether more than `max` is refused and not cut.
    pub rejects: bool,
}
