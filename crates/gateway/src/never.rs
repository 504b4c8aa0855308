//! What cannot be, and what becomes of it when it is.

/// Says that something cannot be otherwise: panics in tests, is a logged error in a release.
pub(crate) fn check(holds: bool, what: &str) {
    debug_assert!(holds, "{what}");
    if !holds {
        tracing::error!(what, "this cannot be");
    }
}
