//! Whose data a call is about. See `tenancy.md`.

use crate::identity::ID_BYTES_MAX;
use crate::{Condition, Identity, Refusal, Waiver};

/// Where the tenant is told, beside the credentials.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TenancyRule {
    /// Whether the operation belongs to a tenant.
    pub scoped: bool,
    /// The header field that must name it, for messages.
    pub header: Option<String>,
    /// Whether that header field must be there.
    pub header_required: bool,
    /// The path parameter that names it.
    pub path_parameter: Option<String>,
}

impl TenancyRule {
    /// What the contract says of an operation, and the header field it names.
    #[must_use]
    pub fn of(tenancy: Option<&tenon_graph::Tenancy>, header: Option<&tenon_graph::Name>) -> Self {
        let source = tenancy.and_then(|tenancy| tenancy.source.as_ref()).map(|source| source.text.as_str());
        let told = |kind: &str| source.and_then(|source| source.strip_prefix(kind)).map(str::to_owned);
        Self {
            scoped: tenancy.is_some_and(|tenancy| tenancy.scoped),
            header: header.map(|name| name.text.clone()).or_else(|| told("header:")),
            header_required: source.is_some_and(|source| source.starts_with("header:")),
            path_parameter: told("path:"),
        }
    }
}

/// Whose data the call is about. Only [`decide`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    id: String,
}

impl Tenant {
    /// The tenant's id; empty where the operation belongs to none.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What the credentials say, where a refusal was let through. Never what the request says:
    /// shadow mode must not open one tenant's data to another.
    #[must_use]
    pub fn waived(identity: &Identity, _: &Waiver) -> Self {
        Self { id: identity.tenant().unwrap_or_default().to_owned() }
    }
}

/// Whose data the call is about: everyone who names a tenant must name the same. What is named in
/// header or path alone counts only where the caller is nobody in particular.
///
/// # Errors
/// `tenant_mismatch`, `tenant_missing`.
pub fn decide(
    rule: &TenancyRule,
    identity: &Identity,
    header: Option<&str>,
    path: Option<&str>,
) -> Result<Tenant, Refusal> {
    if !rule.scoped {
        return Ok(Tenant { id: String::new() });
    }
    let name = rule.header.as_deref().unwrap_or("the tenant header");
    let header = header.filter(|value| !value.is_empty());
    if let Some(value) = header
        && (value.len() > ID_BYTES_MAX || value.chars().any(char::is_control))
    {
        return Err(Refusal::new(Condition::TenantMissing).with_detail(name, "is not a tenant id"));
    }
    if header.is_none() && rule.header_required {
        return Err(Refusal::new(Condition::TenantMissing).with_detail(name, "is missing"));
    }
    let claim = identity.tenant();
    let told = [claim, header, path];
    let mut named = told.iter().copied().flatten();
    let Some(first) = named.next() else {
        return Err(Refusal::new(Condition::TenantMissing).with_detail(name, "is missing"));
    };
    if named.any(|other| other != first) {
        return Err(Refusal::new(Condition::TenantMismatch));
    }
    // A caller with credentials of no tenant is not let into one by saying its name.
    if claim.is_none() && !identity.is_anonymous() {
        return Err(
            Refusal::new(Condition::TenantMismatch).with_message("The credentials belong to no tenant.")
        );
    }
    Ok(Tenant { id: first.to_owned() })
}
