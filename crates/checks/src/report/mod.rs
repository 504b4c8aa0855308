//! What becomes of findings once the rules have spoken: which a user has set aside with a reason,
//! and which were known before.

mod codes;
mod fingerprint;
mod inline;
mod suppress;

pub use codes::{
    ALL as CODES, EXPIRED_APPROVAL, INVALID_CONFIG, NO_REASON, UNKNOWN_RULE, UNUSED_APPROVAL,
    UNUSED_SUPPRESSION,
};
pub use fingerprint::{Baseline, fingerprints};
pub use inline::{InlineSuppression, inline_suppressions};
pub use suppress::{Applied, Scope, Suppressed, Suppression, apply, covering, unused};
