//! Who calls, and for whom. See `identity.md`.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::{Condition, Refusal, Waiver};

/// Longest id of an actor, principal or tenant, in bytes: they become keys of the store.
pub const ID_BYTES_MAX: usize = 256;

/// Most scopes or roles that are read of a token, a count.
pub const GRANTS_MAX: usize = 256;

/// Somebody, by type and id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Party {
    /// The type: `user`, `partner`, `agent`, `service`.
    pub kind: String,
    /// The id.
    pub id: String,
}

impl std::fmt::Display for Party {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.id.is_empty() { f.write_str(&self.kind) } else { write!(f, "{}:{}", self.kind, self.id) }
    }
}

/// Which claims say what, and who must name another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityRule {
    /// Claim with the actor's type.
    pub actor_type: String,
    /// Claim with the tenant.
    pub tenant: String,
    /// Claim with whom an actor acts for: an object of `type` and `id`.
    pub delegation: String,
    /// Actor types that must act for another.
    pub delegating_actors: Vec<String>,
    /// The type of actors whose token does not say one.
    pub actor_type_default: Option<String>,
}

impl Default for IdentityRule {
    fn default() -> Self {
        Self {
            actor_type: "actor_type".to_owned(),
            tenant: "tenant_id".to_owned(),
            delegation: "act_for".to_owned(),
            delegating_actors: vec!["agent".to_owned()],
            actor_type_default: None,
        }
    }
}

impl IdentityRule {
    /// What a contract says; where it says nothing, the claims of [`IdentityRule::default`].
    #[must_use]
    pub fn of(serving: &tenon_graph::serving::ContractServing) -> Self {
        let usual = Self::default();
        let claim = |name: &Option<tenon_graph::Name>, usual: String| match name {
            Some(name) => name.text.clone(),
            None => usual,
        };
        let delegating_actors = match serving.delegating_actors.as_slice() {
            [] => usual.delegating_actors,
            names => names.iter().map(|name| name.text.clone()).collect(),
        };
        Self {
            actor_type: claim(&serving.actor_type_claim, usual.actor_type),
            tenant: claim(&serving.tenant_claim, usual.tenant),
            delegation: claim(&serving.delegation_claim, usual.delegation),
            delegating_actors,
            actor_type_default: None,
        }
    }
}

/// What came of looking at the credentials; verifying them is done before.
#[derive(Debug, Clone, Copy)]
pub enum Credentials<'a> {
    /// There are none.
    None,
    /// Their claims are verified.
    Verified(&'a Map<String, Value>),
    /// They are broken, forged, or meant for others.
    Invalid,
    /// They were valid once.
    Expired,
}

/// Who calls. Only [`decide`] makes one, so that to have it is to have checked it. Cheap to copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity(Arc<Known>);

#[derive(Debug, PartialEq, Eq)]
struct Known {
    actor: Party,
    /// The actor in one text, as logs and the audit name it.
    actor_text: Arc<str>,
    principal: Party,
    tenant: Option<String>,
    scopes: Vec<String>,
    roles: Vec<String>,
}

impl Identity {
    /// Who calls.
    #[must_use]
    pub fn actor(&self) -> &Party {
        &self.0.actor
    }

    /// Who calls, in one text: `user:42`.
    #[must_use]
    pub fn actor_text(&self) -> &Arc<str> {
        &self.0.actor_text
    }

    /// Whom the caller acts for; the caller itself without delegation.
    #[must_use]
    pub fn principal(&self) -> &Party {
        &self.0.principal
    }

    /// The tenant of the credentials.
    #[must_use]
    pub fn tenant(&self) -> Option<&str> {
        self.0.tenant.as_deref()
    }

    /// Granted scopes, sorted.
    #[must_use]
    pub fn scopes(&self) -> &[String] {
        &self.0.scopes
    }

    /// Roles held, sorted.
    #[must_use]
    pub fn roles(&self) -> &[String] {
        &self.0.roles
    }

    /// Whether a scope is granted.
    #[must_use]
    pub fn has_scope(&self, scope: &str) -> bool {
        self.0.scopes.binary_search_by(|held| held.as_str().cmp(scope)).is_ok()
    }

    /// Whether a role is held.
    #[must_use]
    pub fn has_role(&self, role: &str) -> bool {
        self.0.roles.binary_search_by(|held| held.as_str().cmp(role)).is_ok()
    }

    /// Whether nobody is known.
    #[must_use]
    pub fn is_anonymous(&self) -> bool {
        self.0.actor.id.is_empty()
    }

    /// The variable `actor` of expressions: type, id, scopes, roles.
    #[must_use]
    pub fn actor_value(&self) -> Value {
        serde_json::json!({
            "type": self.0.actor.kind, "id": self.0.actor.id,
            "scopes": self.0.scopes, "roles": self.0.roles,
        })
    }

    /// The variable `principal` of expressions: type and id.
    #[must_use]
    pub fn principal_value(&self) -> Value {
        serde_json::json!({ "type": self.0.principal.kind, "id": self.0.principal.id })
    }

    /// Nobody, where a refusal was let through.
    #[must_use]
    pub fn waived(_: &Waiver) -> Self {
        Self::anonymous()
    }

    fn anonymous() -> Self {
        let nobody = Party { kind: "anonymous".to_owned(), id: String::new() };
        Self::new(nobody.clone(), nobody, None, Vec::new(), Vec::new())
    }

    fn new(
        actor: Party,
        principal: Party,
        tenant: Option<String>,
        scopes: Vec<String>,
        roles: Vec<String>,
    ) -> Self {
        let actor_text = actor.to_string().into();
        Self(Arc::new(Known { actor, actor_text, principal, tenant, scopes, roles }))
    }
}

/// Who calls. A public operation takes callers without credentials, but none with bad ones.
///
/// # Errors
/// `unauthenticated`, `token_invalid`, `token_expired`, `delegation_missing`.
pub fn decide(rule: &IdentityRule, credentials: Credentials<'_>, public: bool) -> Result<Identity, Refusal> {
    let claims = match credentials {
        Credentials::None if public => return Ok(Identity::anonymous()),
        Credentials::None => return Err(Refusal::new(Condition::Unauthenticated)),
        Credentials::Invalid => return Err(Refusal::new(Condition::TokenInvalid)),
        Credentials::Expired => return Err(Refusal::new(Condition::TokenExpired)),
        Credentials::Verified(claims) => claims,
    };
    let id = text(claims, "sub").ok_or_else(|| bad_claim("sub"))?;
    let kind = match claims.get(&rule.actor_type) {
        None => rule.actor_type_default.clone().ok_or_else(|| bad_claim(&rule.actor_type))?,
        Some(_) => text(claims, &rule.actor_type).ok_or_else(|| bad_claim(&rule.actor_type))?,
    };
    let tenant = match claims.get(&rule.tenant) {
        None | Some(Value::Null) => None,
        Some(_) => Some(text(claims, &rule.tenant).ok_or_else(|| bad_claim(&rule.tenant))?),
    };
    let actor = Party { kind, id };
    let principal = match delegation(claims, &rule.delegation)? {
        Some(party) => party,
        None if rule.delegating_actors.contains(&actor.kind) => {
            let message = format!("Callers of type `{}` must say whom they act for.", actor.kind);
            return Err(Refusal::new(Condition::DelegationMissing).with_message(message));
        }
        None => actor.clone(),
    };
    let scopes = match ["scope", "scp", "scopes"].iter().find_map(|name| claims.get(*name)) {
        Some(value) => grants(value).ok_or_else(|| bad_claim("scope"))?,
        None => Vec::new(),
    };
    let roles = match claims.get("roles").or_else(|| claims.get("role")) {
        Some(value) => grants(value).ok_or_else(|| bad_claim("roles"))?,
        None => Vec::new(),
    };
    Ok(Identity::new(actor, principal, tenant, scopes, roles))
}

fn bad_claim(name: &str) -> Refusal {
    Refusal::new(Condition::TokenInvalid)
        .with_message(format!("The claim `{name}` of the token is missing or not usable."))
}

/// A claim that is a text, not empty, not too long, and without control characters.
fn text(claims: &Map<String, Value>, name: &str) -> Option<String> {
    usable(claims.get(name)?.as_str()?)
}

fn usable(text: &str) -> Option<String> {
    let good = !text.is_empty() && text.len() <= ID_BYTES_MAX && !text.chars().any(char::is_control);
    good.then(|| text.to_owned())
}

fn delegation(claims: &Map<String, Value>, name: &str) -> Result<Option<Party>, Refusal> {
    let Some(value) = claims.get(name) else { return Ok(None) };
    let member = |key: &str| value.get(key).and_then(Value::as_str).and_then(usable);
    match (member("type"), member("id")) {
        (Some(kind), Some(id)) => Ok(Some(Party { kind, id })),
        _ => Err(bad_claim(name)),
    }
}

/// Texts of a list, or of one text with spaces between them (RFC 8693, `scope`).
fn grants(value: &Value) -> Option<Vec<String>> {
    let mut out: Vec<String> = match value {
        Value::String(text) => text.split_ascii_whitespace().map(str::to_owned).collect(),
        Value::Array(items) => {
            items.iter().map(|item| item.as_str().map(str::to_owned)).collect::<Option<_>>()?
        }
        _ => return None,
    };
    if out.len() > GRANTS_MAX {
        return None;
    }
    out.sort();
    out.dedup();
    Some(out)
}
