//! Service contracts v2 (seed 004, sections 1 to 3).

use tenon_source::{At, FileId};

use crate::Name;

/// The shapes that bear `"$schema": "service-contracts-v2"`, told apart by structure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ServiceDialect {
    /// The shape of the specification: `methodName`, `signature`, `routeArgs`.
    V2,
    /// `serviceName`, `method`, `args`.
    ServiceNameArgs,
    /// `parameters`, `throws`, statuses such as `implemented`.
    ParametersThrows,
}

/// What stands at the root of a service-contracts document.
#[derive(Debug, Clone)]
pub struct ServiceContracts {
    /// The document.
    pub file: FileId,
    /// The root object.
    pub root: At,
    /// Its shape.
    pub dialect: ServiceDialect,
    /// `endpoints`, where it is an array.
    pub endpoints: Option<At>,
    /// `routeConvention`, as written.
    pub route_convention: Option<Name>,
    /// `paginationStrategy`, as written.
    pub pagination_strategy: Option<Name>,
    /// Root `pagination`.
    pub pagination: Option<At>,
    /// `deferredRouteHandling`, as written.
    pub deferred_route_handling: Option<Name>,
    /// `statusEnums`, where there is one of any type.
    pub status_enums_at: Option<At>,
    /// The entries of `statusEnums`.
    pub status_enums: Vec<StatusEnum>,
    /// `endpointExclusions`.
    pub exclusions: Vec<EndpointExclusion>,
}

/// The states of an entity.
#[derive(Debug, Clone)]
pub struct StatusEnum {
    /// The entry.
    pub at: At,
    /// Entity name.
    pub name: Option<Name>,
    /// The field that holds the state.
    pub status_field: Option<Name>,
    /// States.
    pub allowed_values: Vec<Name>,
    /// Transitions.
    pub transitions: Vec<StatusTransition>,
    /// States that have a meaning written down (at the meaning's place).
    pub semantics: Vec<Name>,
}

/// One entry of `transitions`.
#[derive(Debug, Clone)]
pub struct StatusTransition {
    /// The entry.
    pub at: At,
    /// From this state.
    pub from: Option<Name>,
    /// To one of these.
    pub to: Vec<Name>,
}

/// One entry of `endpointExclusions`.
#[derive(Debug, Clone)]
pub struct EndpointExclusion {
    /// The entry.
    pub at: At,
    /// The entity left out.
    pub entity: Option<Name>,
    /// Why.
    pub reason: Option<Name>,
}

/// What service contracts say about an endpoint beyond method, path and status.
///
/// Missing and mistyped fields are both `None`; the reader reports them, and rules that must tell
/// them apart look at the endpoint's own object.
#[derive(Debug, Clone)]
pub struct ServiceEndpoint {
    /// The shape of the document it stands in.
    pub dialect: ServiceDialect,
    /// The object `serviceContract`, where it is one.
    pub contract: Option<At>,
    /// `status` as written.
    pub status: Option<Name>,
    /// `routeFile`.
    pub route_file: Option<Name>,
    /// `middleware` in order; `None` where it is no array.
    pub middleware: Option<Vec<Name>>,
    /// `authentication` as written.
    pub authentication: Option<Name>,
    /// `responseTokenPath`.
    pub response_token_path: Option<Name>,
    /// `allowedMimeTypes`; `None` where it is no array.
    pub allowed_mime_types: Option<Vec<Name>>,
    /// `maxSizeMb`.
    pub max_size_mb: Option<f64>,
    /// `configSource` at the level of the endpoint or its contract: a text, or an object of them.
    pub config_sources: Vec<At>,
    /// `serviceFile`.
    pub service_file: Option<Name>,
    /// `methodName`.
    pub method_name: Option<Name>,
    /// `signature`.
    pub signature: Option<Name>,
    /// `routeArgs`; `None` where it is no array.
    pub route_args: Option<Vec<Name>>,
    /// `purpose`.
    pub purpose: Option<Name>,
    /// `authRequired`.
    pub auth_required: Option<bool>,
    /// `rbac`; `None` where it is null, missing or no text.
    pub rbac: Option<Name>,
    /// `fileUpload`.
    pub file_upload: Option<bool>,
    /// `acceptsBody`.
    pub accepts_body: Option<bool>,
    /// `notes`.
    pub notes: Option<Name>,
    /// `mustUseParams`.
    pub must_use_params: Vec<Name>,
    /// `mustUseAuth`.
    pub must_use_auth: Option<bool>,
    /// `crudOperation` as written; `None` where it is null, missing or no text.
    pub crud_operation: Option<Name>,
    /// `sideEffects`.
    pub side_effects: Option<Vec<Name>>,
    /// `pagination` of the endpoint.
    pub pagination: Option<At>,
    /// `bodySchema`.
    pub body_schema: Option<At>,
    /// `validation`.
    pub validation: Option<At>,
    /// `returnsList`.
    pub returns_list: Option<bool>,
    /// `responses`, a field beside the format that says what is answered.
    pub responses: Option<At>,
}
