//! Which of the 23 rules an endpoint is judged by, and which cannot be judged for want of a file.

use tenon_graph::service::UiStrategy;

use super::{Endpoint, ServiceFacts};
use crate::facts::words::speaks_of;

/// The rules of the specification, a count.
pub const RULE_COUNT: u8 = 23;

/// A file that a rule cannot do without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// `data-relationships.json`.
    DataModel,
    /// `scope-manifest.json`.
    ScopeManifest,
    /// `platformConstraints.multiTenancy.tenantContainer` of the scope manifest.
    TenantContainer,
    /// `env-manifest.json`.
    EnvManifest,
}

impl Input {
    /// What messages call it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DataModel => "data-relationships.json",
            Self::ScopeManifest => "scope-manifest.json",
            Self::TenantContainer => "tenantContainer in scope-manifest.json",
            Self::EnvManifest => "env-manifest.json",
        }
    }
}

impl<'g> ServiceFacts<'g> {
    /// The file a rule lacks; `None` where it can be judged.
    #[must_use]
    pub fn missing_input(&self, rule: u8) -> Option<Input> {
        let container = || self.scope.and_then(|scope| scope.tenant_container.as_ref());
        match rule {
            2 if self.env.is_none() => Some(Input::EnvManifest),
            3 | 20 | 21 | 22 | 23 if self.model.is_none() => Some(Input::DataModel),
            15 | 16 if self.scope.is_none() => Some(Input::ScopeManifest),
            16 if container().is_none() => Some(Input::TenantContainer),
            _ => None,
        }
    }

    /// Whether a rule has anything to ask of an endpoint.
    #[must_use]
    pub fn applies(&self, rule: u8, endpoint: &Endpoint<'g>) -> bool {
        if self.missing_input(rule).is_some() {
            return false;
        }
        let service = endpoint.service;
        match rule {
            1 => endpoint.body_argument().is_some(),
            2 => self.configurable(endpoint) > 0,
            3 => self.can_set_singleton(endpoint),
            4 => self.guarded(endpoint).is_some(),
            5 => endpoint.is_deferred(),
            6 => endpoint.may_carry_body() || service.accepts_body.is_some(),
            7 => endpoint.returns_list(self.graph) || service.pagination.is_some(),
            8 => service.rbac.is_some() || endpoint.has_middleware("requireRole"),
            9 => service.auth_required == Some(true) && self.uses_auth_field(),
            10 => service.auth_required == Some(true),
            11 => endpoint.is_required(),
            12 => endpoint.operation.http.is_some(),
            13 => self.tenant_in_path(endpoint).is_some(),
            14 => service.signature.is_some() || service.side_effects.is_some(),
            15 => self.names_required_entity(endpoint),
            16 => self.names_tenant_container(endpoint),
            17 => endpoint.gives_token() || endpoint.registers(),
            18 => service.auth_required.is_some(),
            19 => service.crud_operation.is_some() || self.standard_crud(endpoint).is_some(),
            20 => !self.enum_fields(endpoint).is_empty(),
            21 => !endpoint.body_fields().is_empty() && self.is_create(endpoint),
            22 => self.changes_config(endpoint) || self.takes_snapshot(endpoint),
            23 => !self.structured_payloads(endpoint).is_empty(),
            _ => false,
        }
    }

    /// Whether any endpoint has `mustUseAuth`.
    #[must_use]
    pub fn uses_auth_field(&self) -> bool {
        self.endpoints.iter().any(|endpoint| endpoint.inner(self.graph, "mustUseAuth").is_some())
    }

    /// How many of an endpoint's limits are configurable: named by `configSource`, or by a variable.
    #[must_use]
    pub fn configurable(&self, endpoint: &Endpoint<'g>) -> usize {
        let limits = self.limits(endpoint);
        limits.iter().filter(|limit| limit.source.is_some() || self.variable_for(limit).is_some()).count()
    }

    /// Whether a PATCH or PUT can set a flag that one record of a scope has at a time.
    #[must_use]
    pub fn can_set_singleton(&self, endpoint: &Endpoint<'g>) -> bool {
        !self.singletons(endpoint).is_empty()
    }

    fn names_required_entity(&self, endpoint: &Endpoint<'g>) -> bool {
        let entities = self.scope.into_iter().flat_map(|scope| &scope.required_entities);
        entities.into_iter().any(|entity| self.names_entity(endpoint, &entity.text))
    }

    fn names_tenant_container(&self, endpoint: &Endpoint<'g>) -> bool {
        let container = self.scope.and_then(|scope| scope.tenant_container.as_ref());
        container.is_some_and(|container| {
            container.ui_strategy != Some(UiStrategy::None)
                && container.entity.as_ref().is_some_and(|entity| self.names_entity(endpoint, &entity.text))
        })
    }

    /// What an endpoint would be called if it is a standard operation on one table.
    #[must_use]
    pub fn standard_crud(&self, endpoint: &Endpoint<'g>) -> Option<&'static str> {
        let target = self.target(endpoint).filter(|target| target.action.is_none())?;
        match (endpoint.method(), target.is_item) {
            ("POST", false) => Some("create"),
            ("GET", true) => Some("read"),
            ("PATCH" | "PUT", true) => Some("update"),
            ("DELETE", true) => Some("delete"),
            _ => None,
        }
    }

    /// Whether it changes a table that has JSON columns with a version beside them.
    #[must_use]
    pub fn changes_config(&self, endpoint: &Endpoint<'g>) -> bool {
        self.is_update(endpoint) && !self.config_pairs(endpoint).is_empty()
    }

    /// Whether it makes a record with a snapshot in it, by its notes.
    #[must_use]
    pub fn takes_snapshot(&self, endpoint: &Endpoint<'g>) -> bool {
        self.is_create(endpoint) && speaks_of(endpoint.notes(), &["snapshot", "captured"])
    }
}
