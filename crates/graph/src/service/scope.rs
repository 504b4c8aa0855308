//! The scope manifest.

use tenon_source::{At, FileId};

use crate::Name;

/// How the tenant itself is managed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UiStrategy {
    /// Not at all.
    None,
    /// Within settings: its details are read and changed.
    SettingsEmbedded,
    /// On a page of its own: listed, made, read, changed, deleted.
    DedicatedPage,
}

/// `platformConstraints.multiTenancy.tenantContainer`.
#[derive(Debug, Clone)]
pub struct TenantContainer {
    /// The object.
    pub at: At,
    /// The entity that is the tenant.
    pub entity: Option<Name>,
    /// `uiStrategy`, as written.
    pub ui_strategy_text: Option<Name>,
    /// `uiStrategy`; `None` where missing or unknown.
    pub ui_strategy: Option<UiStrategy>,
}

/// A scope manifest.
#[derive(Debug, Clone)]
pub struct ScopeManifest {
    /// The document.
    pub file: FileId,
    /// The root object.
    pub root: At,
    /// `requiredEntities`.
    pub required_entities: Vec<Name>,
    /// `deferredEntities`.
    pub deferred_entities: Vec<Name>,
    /// Names in `userRoles`.
    pub roles: Vec<Name>,
    /// `entityContracts`, by entity.
    pub entity_contracts: Vec<(Name, At)>,
    /// `platformConstraints`.
    pub platform_constraints: Option<At>,
    /// MIME types the platform supports; `None` where not said.
    pub mime_types: Option<Vec<Name>>,
    /// Largest upload in bytes; `None` where not said.
    pub upload_bytes_max: Option<(u64, At)>,
    /// The tenant container; `None` where not said.
    pub tenant_container: Option<TenantContainer>,
    /// `architecturalInvariants`.
    pub invariants: Vec<At>,
    /// `excludedProcessingStages`.
    pub excluded_stages: Vec<Name>,
    /// `failureHandlingPrinciples`.
    pub failure_handling: Option<At>,
}
