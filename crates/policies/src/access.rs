//! Whether the caller may call the operation. See `access.md`.

use crate::{Condition, Identity, Refusal, Waiver};

/// What the operation asks of its callers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AccessRule {
    /// Actor types that may call; `None` where all may.
    pub actors: Option<Vec<String>>,
    /// Scopes that are all needed.
    pub scopes: Vec<String>,
    /// The role that is needed.
    pub role: Option<String>,
}

impl AccessRule {
    /// What the contract says of an operation.
    #[must_use]
    pub fn of(governance: &tenon_graph::Governance) -> Self {
        let texts = |names: &[tenon_graph::Name]| names.iter().map(|name| name.text.clone()).collect();
        Self {
            actors: governance.actors.as_deref().map(texts),
            scopes: governance.scopes.as_deref().map(texts).unwrap_or_default(),
            role: governance.role.as_ref().map(|role| role.text.clone()),
        }
    }
}

/// That the caller may. Only [`decide`] makes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Access {
    _private: (),
}

impl Access {
    /// For a refusal that was let through.
    #[must_use]
    pub fn waived(_: &Waiver) -> Self {
        Self { _private: () }
    }
}

/// Whether the caller may call: first the type, then the scopes in the contract's order, then the
/// role, so that a caller who lacks several always hears of the same.
///
/// # Errors
/// `actor_not_allowed`, `scope_missing`, `role_missing`.
pub fn decide(rule: &AccessRule, identity: &Identity) -> Result<Access, Refusal> {
    let actor = &identity.actor().kind;
    if let Some(actors) = &rule.actors
        && !actors.contains(actor)
    {
        let message = format!("Callers of type `{actor}` may not call the operation.");
        return Err(Refusal::new(Condition::ActorNotAllowed).with_message(message));
    }
    let missing: Vec<&String> = rule.scopes.iter().filter(|scope| !identity.has_scope(scope)).collect();
    if !missing.is_empty() {
        let mut refusal = Refusal::new(Condition::ScopeMissing);
        for scope in missing {
            refusal = refusal.with_detail(scope.as_str(), "is not granted");
        }
        return Err(refusal);
    }
    if let Some(role) = &rule.role
        && !identity.has_role(role)
    {
        return Err(Refusal::new(Condition::RoleMissing).with_detail(role.as_str(), "is not held"));
    }
    Ok(Access { _private: () })
}
