//! What the scans count.

use crate::facts::service::{Endpoint, ServiceFacts};

/// Counts over the endpoints of a contract.
pub(super) struct Counts<'f, 'g> {
    pub(super) facts: &'f ServiceFacts<'g>,
}

impl<'g> Counts<'_, 'g> {
    fn count(&self, matches: impl Fn(&Endpoint<'g>) -> bool) -> usize {
        self.facts.endpoints.iter().filter(|endpoint| matches(endpoint)).count()
    }

    /// Endpoints a rule has something to ask of.
    pub(super) fn applies(&self, rule: u8) -> usize {
        self.count(|endpoint| self.facts.applies(rule, endpoint))
    }

    /// Endpoints that take a body.
    pub(super) fn body_consuming(&self) -> usize {
        self.count(consumes_body)
    }

    /// Endpoints whose method carries a body and that take none.
    pub(super) fn action_only(&self) -> usize {
        self.count(|endpoint| endpoint.may_carry_body() && !consumes_body(endpoint))
    }

    pub(super) fn authenticated(&self) -> usize {
        self.count(|endpoint| endpoint.service.auth_required == Some(true))
    }

    pub(super) fn with_auth_field(&self) -> usize {
        self.count(|endpoint| {
            endpoint.service.auth_required == Some(true)
                && endpoint.inner(self.facts.graph, "mustUseAuth").is_some()
        })
    }

    pub(super) fn lists(&self) -> usize {
        self.count(|endpoint| endpoint.returns_list(self.facts.graph))
    }

    pub(super) fn without_tenant(&self) -> usize {
        self.count(|endpoint| {
            endpoint.service.auth_required == Some(true) && !self.facts.has_tenant_argument(endpoint)
        })
    }

    pub(super) fn configurable(&self) -> usize {
        self.facts.endpoints.iter().map(|endpoint| self.facts.configurable(endpoint)).sum()
    }

    pub(super) fn required(&self) -> usize {
        self.count(Endpoint::is_required)
    }

    pub(super) fn deferred(&self) -> usize {
        self.count(Endpoint::is_deferred)
    }

    pub(super) fn all(&self) -> usize {
        self.facts.endpoints.len()
    }

    pub(super) fn with_side_effects(&self) -> usize {
        self.count(|endpoint| endpoint.service.side_effects.is_some())
    }

    pub(super) fn entities(&self) -> usize {
        self.facts.scope.map_or(0, |scope| scope.required_entities.len())
    }

    pub(super) fn giving_tokens(&self) -> usize {
        self.count(Endpoint::gives_token)
    }

    pub(super) fn public(&self) -> usize {
        self.count(|endpoint| {
            let said = endpoint.service.authentication.as_ref().is_some_and(|name| name.text == "public");
            endpoint.service.auth_required == Some(false) && (said || endpoint.is_public_by_nature())
        })
    }

    pub(super) fn classified(&self) -> usize {
        self.count(|endpoint| endpoint.service.crud_operation.is_some())
    }

    pub(super) fn creating(&self) -> usize {
        self.count(|endpoint| self.facts.is_create(endpoint))
    }

    /// Body fields of create endpoints that are foreign keys.
    pub(super) fn created_keys(&self) -> usize {
        let creating = self.facts.endpoints.iter().filter(|endpoint| self.facts.is_create(endpoint));
        creating
            .map(|endpoint| {
                let Some(target) = self.facts.target(endpoint) else { return 0 };
                let is_key =
                    |field: &str| target.table.column(field).is_some_and(|one| one.foreign_key.is_some());
                endpoint.body_fields().iter().filter(|(field, _)| is_key(field)).count()
            })
            .sum()
    }

    /// Structured body fields.
    pub(super) fn payloads(&self) -> usize {
        self.facts.endpoints.iter().map(|endpoint| self.facts.structured_payloads(endpoint).len()).sum()
    }

    pub(super) fn changing_config(&self) -> usize {
        self.count(|endpoint| self.facts.changes_config(endpoint))
    }

    pub(super) fn taking_snapshots(&self) -> usize {
        self.count(|endpoint| self.facts.takes_snapshot(endpoint))
    }
}

fn consumes_body(endpoint: &Endpoint<'_>) -> bool {
    endpoint.body_argument().is_some()
        || (endpoint.may_carry_body() && endpoint.service.accepts_body == Some(true))
}
