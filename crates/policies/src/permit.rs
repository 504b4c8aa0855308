//! The leave to carry out an operation.
//!
//! A handler takes a [`Permit`], a permit takes the proof of every decision, and a proof is made
//! by its decision alone: an operation that forgot to authorize does not compile.

use crate::access::Access;
use crate::consent::Consented;
use crate::idempotency::Fresh;
use crate::identity::Identity;
use crate::rate::Rate;
use crate::request::CheckedRequest;
use crate::tenancy::Tenant;

/// That every decision before the handler was taken, in one place.
///
/// No proof can be made by hand:
///
/// ```compile_fail,E0451
/// let access = tenon_policies::access::Access { _private: () };
/// ```
///
/// ```compile_fail,E0451
/// let waiver = tenon_policies::Waiver { _private: () };
/// ```
#[derive(Debug)]
pub struct Permit {
    identity: Identity,
    tenant: Tenant,
    access: Access,
    rate: Rate,
    request: CheckedRequest,
    fresh: Fresh,
    consent: Consented,
}

impl Permit {
    /// The leave, made of the proofs of every decision in the order of the pipeline.
    #[must_use]
    pub fn new(
        identity: Identity,
        tenant: Tenant,
        access: Access,
        rate: Rate,
        request: CheckedRequest,
        fresh: Fresh,
        consent: Consented,
    ) -> Self {
        Self { identity, tenant, access, rate, request, fresh, consent }
    }

    /// What a call that is decided once more begins with: the proofs that do not depend on what is
    /// stored.
    #[must_use]
    pub fn into_again(self) -> (Identity, Tenant, CheckedRequest) {
        (self.identity, self.tenant, self.request)
    }

    /// Who calls.
    #[must_use]
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// Whose data it is about.
    #[must_use]
    pub fn tenant(&self) -> &Tenant {
        &self.tenant
    }

    /// That the caller may.
    #[must_use]
    pub fn access(&self) -> Access {
        self.access
    }

    /// What is left of the rate.
    #[must_use]
    pub fn rate(&self) -> Rate {
        self.rate
    }

    /// What was asked, checked.
    #[must_use]
    pub fn request(&self) -> &CheckedRequest {
        &self.request
    }

    /// The idempotency key to settle, if there is one.
    #[must_use]
    pub fn fresh(&self) -> &Fresh {
        &self.fresh
    }

    /// The consent that was found.
    #[must_use]
    pub fn consent(&self) -> &Consented {
        &self.consent
    }
}
