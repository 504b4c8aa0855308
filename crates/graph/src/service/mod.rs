//! The service-contracts family: endpoints with their route and service code, the scope manifest,
//! the data model and the environment manifest.

mod data_model;
mod env;
mod scope;
mod script;
mod service_contracts;
mod signature;

pub use data_model::{Column, DataModel, ForeignKey, SingletonFlag, Table, TenantKey};
pub use env::{EnvManifest, EnvVariable};
pub use scope::{ScopeManifest, TenantContainer, UiStrategy};
pub use script::{Arity, ScriptExport, ScriptExportKind, ScriptFacts, ScriptProblem, ScriptRoute};
pub use service_contracts::{
    EndpointExclusion, ServiceContracts, ServiceDialect, ServiceEndpoint, StatusEnum, StatusTransition,
};
/// Parameters of paths and calls that hold the id of a tenant.
pub const TENANT_PARAMETERS: &[&str] =
    &["organisationId", "organizationId", "orgId", "tenantId", "companyId", "workspaceId"];

pub use signature::{Signature, SignatureParameter, SignatureProblem, parse_signature};
