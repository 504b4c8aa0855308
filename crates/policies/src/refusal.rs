//! What a caller can be refused for: one table of built-in conditions, and the refusal itself.
//!
//! A condition is what the gateway found; a *code* is what the contract calls it. Where the
//! contract binds no code of its own, the name of the condition is the code.

/// Where in the pipeline a condition arises. The order is the order of the checks, and so of the
/// codes a doubly wrong request can get.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// The door: size and time of what arrives.
    Door,
    /// Which operation is meant.
    Match,
    /// Who calls.
    Identity,
    /// For which tenant.
    Tenant,
    /// Whether the caller may.
    Access,
    /// Whether it is too often.
    Rate,
    /// Whether the request is what the contract describes.
    Request,
    /// Whether it was done before.
    Idempotency,
    /// Whether the person concerned agreed.
    Consent,
    /// The operation itself.
    Handler,
    /// Whether the reply is what the contract describes.
    Response,
    /// Keeping it.
    Commit,
}

impl Stage {
    /// The name in documents and logs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Door => "door",
            Self::Match => "match",
            Self::Identity => "identity",
            Self::Tenant => "tenant",
            Self::Access => "access",
            Self::Rate => "rate",
            Self::Request => "request",
            Self::Idempotency => "idempotency",
            Self::Consent => "consent",
            Self::Handler => "handler",
            Self::Response => "response",
            Self::Commit => "commit",
        }
    }
}

/// What is known of a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConditionFacts {
    /// The name, and the code where the contract has none of its own.
    pub name: &'static str,
    /// HTTP status.
    pub http_status: u16,
    /// gRPC status, as the names of its codes are written.
    pub grpc_status: &'static str,
    /// Whether the same call may succeed later.
    pub retryable: bool,
    /// Where it arises.
    pub stage: Stage,
    /// What it says to the caller where the contract has no message of its own.
    pub title: &'static str,
}

macro_rules! conditions {
    ($($(#[$note:meta])* $variant:ident = $name:literal $http:literal $grpc:literal $retry:literal $stage:ident $title:literal;)*) => {
        /// What the gateway itself can find wrong.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Condition {
            $(#[doc = $title] $variant,)*
        }

        impl Condition {
            /// Every condition, in the order of the checks.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// What is known of it.
            #[must_use]
            pub const fn facts(self) -> ConditionFacts {
                match self {
                    $(Self::$variant => ConditionFacts {
                        name: $name,
                        http_status: $http,
                        grpc_status: $grpc,
                        retryable: $retry,
                        stage: Stage::$stage,
                        title: $title,
                    },)*
                }
            }
        }
    };
}

conditions! {
    HeaderTooLarge = "header_too_large" 431 "RESOURCE_EXHAUSTED" false Door "The header fields are larger than is accepted.";
    RequestTimeout = "request_timeout" 408 "DEADLINE_EXCEEDED" true Door "The request did not arrive in time.";
    Overloaded = "overloaded" 503 "UNAVAILABLE" true Door "More is asked for than can be done now.";
    RouteUnknown = "route_unknown" 404 "NOT_FOUND" false Match "No operation has this path.";
    MethodNotAllowed = "method_not_allowed" 405 "UNIMPLEMENTED" false Match "No operation of this path has this method.";
    Unauthenticated = "unauthenticated" 401 "UNAUTHENTICATED" false Identity "The operation needs credentials.";
    TokenInvalid = "token_invalid" 401 "UNAUTHENTICATED" false Identity "The credentials are not valid.";
    TokenExpired = "token_expired" 401 "UNAUTHENTICATED" false Identity "The credentials have expired.";
    DelegationMissing = "delegation_missing" 403 "PERMISSION_DENIED" false Identity "The caller acts for others and does not say for whom.";
    TenantMissing = "tenant_missing" 400 "INVALID_ARGUMENT" false Tenant "The tenant is not given.";
    TenantMismatch = "tenant_mismatch" 403 "PERMISSION_DENIED" false Tenant "The tenant of the request is not the tenant of the credentials.";
    ActorNotAllowed = "actor_not_allowed" 403 "PERMISSION_DENIED" false Access "Callers of this type may not call the operation.";
    ClientNotApproved = "client_not_approved" 403 "PERMISSION_DENIED" false Access "The program that calls is not approved.";
    ScopeMissing = "scope_missing" 403 "PERMISSION_DENIED" false Access "A scope that the operation needs is not granted.";
    RoleMissing = "role_missing" 403 "PERMISSION_DENIED" false Access "The role that the operation needs is not held.";
    RateLimited = "rate_limited" 429 "RESOURCE_EXHAUSTED" true Rate "Too many requests.";
    MediaTypeUnsupported = "media_type_unsupported" 415 "INVALID_ARGUMENT" false Request "The operation does not take this content type.";
    BodyTooLarge = "body_too_large" 413 "RESOURCE_EXHAUSTED" false Request "The body is larger than is accepted.";
    ParameterInvalid = "parameter_invalid" 400 "INVALID_ARGUMENT" false Request "A parameter is not valid.";
    BodyMalformed = "body_malformed" 400 "INVALID_ARGUMENT" false Request "The body cannot be read.";
    RequestInvalid = "request_invalid" 400 "INVALID_ARGUMENT" false Request "The request is not valid.";
    IdempotencyKeyMissing = "idempotency_key_missing" 400 "INVALID_ARGUMENT" false Idempotency "The operation needs an idempotency key.";
    IdempotencyKeyInvalid = "idempotency_key_invalid" 400 "INVALID_ARGUMENT" false Idempotency "The idempotency key is not valid.";
    IdempotencyKeyReused = "idempotency_key_reused" 422 "FAILED_PRECONDITION" false Idempotency "The idempotency key was used for another request.";
    IdempotencyInProgress = "idempotency_in_progress" 409 "ABORTED" true Idempotency "The first request with this idempotency key still runs.";
    OutcomeUnknown = "outcome_unknown" 409 "ABORTED" false Idempotency "It is not known what became of the first request with this idempotency key.";
    ConsentDenied = "consent_denied" 403 "PERMISSION_DENIED" false Consent "Consent is missing.";
    RecordNotFound = "record_not_found" 404 "NOT_FOUND" false Handler "There is no such record.";
    DuplicateRecord = "duplicate_record" 409 "ALREADY_EXISTS" false Handler "There is such a record already.";
    TransitionNotAllowed = "transition_not_allowed" 409 "FAILED_PRECONDITION" false Handler "The record cannot change to this state.";
    PreconditionFailed = "precondition_failed" 412 "FAILED_PRECONDITION" false Handler "The record has changed.";
    PreconditionRequired = "precondition_required" 428 "FAILED_PRECONDITION" false Handler "The operation needs `If-Match`.";
    GuardRefused = "guard_refused" 409 "FAILED_PRECONDITION" false Handler "A rule of the operation does not hold.";
    EventInvalid = "event_invalid" 422 "INVALID_ARGUMENT" false Handler "The event is not valid.";
    WebhookUrlRefused = "webhook_url_refused" 400 "INVALID_ARGUMENT" false Handler "Webhooks are not sent to this URL.";
    PageSizeInvalid = "page_size_invalid" 400 "INVALID_ARGUMENT" false Handler "The page size is not valid.";
    CursorInvalid = "cursor_invalid" 400 "INVALID_ARGUMENT" false Handler "The cursor is not valid.";
    UploadTypeRefused = "upload_type_refused" 400 "INVALID_ARGUMENT" false Handler "The file is not of an accepted type.";
    UpstreamOpen = "upstream_open" 503 "UNAVAILABLE" true Handler "The service behind the operation is not asked for now, after it failed repeatedly.";
    UpstreamUnreachable = "upstream_unreachable" 502 "UNAVAILABLE" true Handler "The service behind the operation cannot be reached.";
    UpstreamTimeout = "upstream_timeout" 504 "DEADLINE_EXCEEDED" true Handler "The service behind the operation did not answer in time.";
    ResponseInvalid = "response_invalid" 500 "INTERNAL" false Response "The reply is not what the contract describes.";
    StoreUnavailable = "store_unavailable" 503 "UNAVAILABLE" true Commit "The store cannot be reached.";
    Internal = "internal" 500 "INTERNAL" false Commit "Something is wrong with the gateway.";
}

impl Condition {
    /// The name, and the code where the contract has none of its own.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.facts().name
    }

    /// HTTP status.
    #[must_use]
    pub const fn http_status(self) -> u16 {
        self.facts().http_status
    }

    /// Where it arises.
    #[must_use]
    pub const fn stage(self) -> Stage {
        self.facts().stage
    }

    /// The condition with a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|condition| condition.name() == name)
    }
}

/// The page of conditions as Markdown: a table in the order of the checks.
#[must_use]
pub fn conditions_page() -> String {
    let mut out =
        String::from("| condition | HTTP | gRPC | retry | stage | message |\n|---|---|---|---|---|---|\n");
    for condition in Condition::ALL {
        let facts = condition.facts();
        let retry = if facts.retryable { "yes" } else { "no" };
        let stage = facts.stage.as_str();
        out.push_str(&format!(
            "| `{}` | {} | `{}` | {retry} | {stage} | {} |\n",
            facts.name, facts.http_status, facts.grpc_status, facts.title
        ));
    }
    out
}

/// One thing that is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detail {
    /// The field, as a path with dots: `lead.email`, `assets.0.name`; of a parameter, its name.
    pub field: String,
    /// What is wrong with it.
    pub reason: String,
}

impl Detail {
    /// A detail.
    #[must_use]
    pub fn new(field: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { field: field.into(), reason: reason.into() }
    }
}

/// Why a request is not carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What was found.
    pub condition: Condition,
    /// The format that failed, where nothing else did: contracts may bind
    /// `request_invalid.date-time` apart from `request_invalid`.
    pub format: Option<String>,
    /// The code that stands for it whatever the contract binds, such as a guard's own.
    pub code_override: Option<String>,
    /// Fields that are wrong.
    pub details: Vec<Detail>,
    /// When to try again, in seconds.
    pub retry_after_s: Option<u32>,
    /// What to say instead of the condition's title.
    pub message: Option<String>,
    /// The HTTP status, where the contract asks for another than the condition's.
    pub status_override: Option<u16>,
    /// What the logs are told and the caller is not, where the fault is the contract's.
    pub logged: Option<Box<Detail>>,
}

impl Refusal {
    /// A refusal for a condition.
    #[must_use]
    pub fn new(condition: Condition) -> Self {
        Self {
            condition,
            format: None,
            code_override: None,
            details: Vec::new(),
            retry_after_s: None,
            message: None,
            status_override: None,
            logged: None,
        }
    }

    /// With one more field that is wrong.
    #[must_use]
    pub fn with_detail(mut self, field: impl Into<String>, reason: impl Into<String>) -> Self {
        self.details.push(Detail::new(field, reason));
        self
    }

    /// With a message of its own.
    #[must_use]
    pub fn with_message(mut self, message: impl Into<String>) -> Self {
        self.message = Some(message.into());
        self
    }

    /// With a code of its own.
    #[must_use]
    pub fn with_code(mut self, code: impl Into<String>) -> Self {
        self.code_override = Some(code.into());
        self
    }

    /// With an HTTP status of its own.
    #[must_use]
    pub fn with_status(mut self, status: u16) -> Self {
        self.status_override = Some(status);
        self
    }

    /// With a detail for the logs alone.
    #[must_use]
    pub fn with_logged(mut self, field: impl Into<String>, reason: impl Into<String>) -> Self {
        self.logged = Some(Box::new(Detail::new(field, reason)));
        self
    }

    /// With the time to wait, in seconds.
    #[must_use]
    pub fn with_retry_after(mut self, seconds: u32) -> Self {
        self.retry_after_s = Some(seconds);
        self
    }

    /// The HTTP status, unless the code that is bound to it has another.
    #[must_use]
    pub fn http_status(&self) -> u16 {
        self.status_override.unwrap_or(self.condition.http_status())
    }

    /// The message: its own, or the condition's title.
    #[must_use]
    pub fn message(&self) -> &str {
        self.message.as_deref().unwrap_or(self.condition.facts().title)
    }

    /// The names under which a contract may bind a code to it, the most particular first:
    /// `request_invalid.date-time`, then `request_invalid`.
    pub fn binding_names(&self) -> impl Iterator<Item = String> + '_ {
        let name = self.condition.name();
        let particular = self.format.iter().map(move |format| format!("{name}.{format}"));
        particular.chain(std::iter::once(name.to_owned()))
    }
}
