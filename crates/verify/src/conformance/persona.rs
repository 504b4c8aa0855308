//! Who calls: somebody who may, and others like them who may not.

use serde_json::{Map, Value, json};

use crate::contract::{ContractView, Endpoint};
use crate::evidence::manifest::sha256;

/// How long tokens are good, in seconds.
const TOKEN_S: i64 = 3_600;

/// Type of actors that no contract speaks of.
const STRANGER: &str = "stranger";

/// Somebody who calls.
#[derive(Debug, Clone)]
pub struct Persona {
    /// The name tokens are given for: `--token NAME=…`.
    pub name: String,
    /// Actor type.
    pub kind: String,
    /// Who it is.
    pub id: String,
    /// Tenant.
    pub tenant: String,
    /// Scopes.
    pub scopes: Vec<String>,
    /// Roles.
    pub roles: Vec<String>,
    /// Whether it acts for another.
    pub delegates: bool,
    /// Credentials as they are sent, where they are broken on purpose.
    pub broken: Option<String>,
    /// Whether it sends any.
    pub anonymous: bool,
}

impl Persona {
    /// Somebody who may call an operation. The type is the one that may call most operations, so
    /// that what one makes another finds.
    pub fn good(view: &ContractView<'_>, endpoint: &Endpoint, run: &str) -> Self {
        let usual = |kind: &&String| {
            let may = |one: &&Endpoint| one.actors.as_ref().is_none_or(|kinds| kinds.contains(kind));
            let delegates = endpoint.claims.delegating_actors.contains(kind);
            (!delegates, view.endpoints.iter().filter(may).count())
        };
        let kinds = endpoint.actors.as_deref().unwrap_or_default();
        let kind = kinds.iter().rev().max_by_key(usual).map_or("user", String::as_str);
        Self {
            name: kind.to_owned(),
            kind: kind.to_owned(),
            id: format!("conformance-{run}"),
            tenant: uuid(&format!("{run} tenant one")),
            scopes: endpoint.scopes.clone(),
            roles: endpoint.role.clone().into_iter().collect(),
            delegates: endpoint.claims.delegating_actors.iter().any(|one| one == kind),
            broken: None,
            anonymous: endpoint.public,
        }
    }

    /// The same in another tenant.
    pub fn of_other_tenant(&self, run: &str) -> Self {
        Self {
            name: format!("{}@other", self.name),
            id: format!("conformance-other-{run}"),
            tenant: uuid(&format!("{run} tenant two")),
            ..self.clone()
        }
    }

    /// The same without a scope.
    pub fn without(&self, scope: &str) -> Self {
        let scopes = self.scopes.iter().filter(|one| *one != scope).cloned().collect();
        Self { name: format!("{}-without-{scope}", self.name), scopes, ..self.clone() }
    }

    /// Somebody with all scopes, and of a type that may not call.
    pub fn of_other_type(&self, view: &ContractView<'_>, endpoint: &Endpoint) -> Self {
        let allowed = endpoint.actors.as_deref().unwrap_or_default();
        let known = view.endpoints.iter().flat_map(|one| one.actors.iter().flatten());
        let kind = known.into_iter().find(|kind| !allowed.contains(kind)).map_or(STRANGER, String::as_str);
        Self {
            name: kind.to_owned(),
            kind: kind.to_owned(),
            delegates: endpoint.claims.delegating_actors.iter().any(|one| one == kind),
            ..self.clone()
        }
    }

    /// Nobody.
    pub fn nobody(&self) -> Self {
        Self { name: "nobody".to_owned(), anonymous: true, ..self.clone() }
    }

    /// Somebody with credentials that nobody signed.
    pub fn forger(&self) -> Self {
        let token = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJmb3JnZXIifQ.Zm9yZ2Vk";
        Self { name: "forger".to_owned(), broken: Some(token.to_owned()), ..self.clone() }
    }

    /// The claims of its token.
    pub fn claims(&self, endpoint: &Endpoint, now_ms: i64) -> Map<String, Value> {
        let names = &endpoint.claims;
        let now_s = now_ms.div_euclid(1_000);
        let mut claims = Map::new();
        claims.insert("sub".into(), self.id.clone().into());
        claims.insert("iat".into(), now_s.into());
        claims.insert("exp".into(), (now_s + TOKEN_S).into());
        claims.insert("scope".into(), self.scopes.join(" ").into());
        claims.insert(names.actor_type.clone(), self.kind.clone().into());
        claims.insert(names.tenant.clone(), self.tenant.clone().into());
        if !self.roles.is_empty() {
            claims.insert("roles".into(), json!(self.roles));
        }
        if self.delegates {
            claims.insert(names.delegation.clone(), json!({ "type": "partner", "id": self.id }));
        }
        claims
    }
}

/// A UUID made of a name.
pub fn uuid(name: &str) -> String {
    let hash = sha256(name.as_bytes());
    let part = |from: usize, to: usize| hash.get(from..to).unwrap_or_default();
    format!("{}-{}-4{}-8{}-{}", part(0, 8), part(8, 12), part(13, 16), part(17, 20), part(20, 32))
}
