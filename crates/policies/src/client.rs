//! Whether the program that calls is one that may. See `client.md`.

use tenon_graph::serving::ClientsServing;

use crate::{Condition, Refusal};

/// The header field in which a program names itself: `NAME`, or `NAME/VERSION`.
pub const HEADER: &str = "x-tenon-client";

/// Longest name that is repeated to the caller, in bytes.
const SHOWN_BYTES_MAX: usize = 64;

/// Which programs may call.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ClientRule {
    /// Their names.
    pub approved: Vec<String>,
    /// Whether others are refused.
    pub required: bool,
}

impl ClientRule {
    /// What a contract says.
    #[must_use]
    pub fn of(clients: &ClientsServing) -> Self {
        Self {
            approved: clients.approved.iter().map(|name| name.text.clone()).collect(),
            required: clients.required,
        }
    }
}

/// Whether the program may call. A name is no proof of who calls: what it keeps out is code that
/// goes around the generated clients by mistake, not an attacker.
///
/// # Errors
/// `client_not_approved`.
pub fn decide(rule: &ClientRule, field: Option<&str>) -> Result<(), Refusal> {
    if !rule.required {
        return Ok(());
    }
    let name = field.and_then(|field| field.split([' ', ';']).next()).unwrap_or_default();
    let name = name.split('/').next().unwrap_or_default();
    if rule.approved.iter().any(|approved| approved == name) {
        return Ok(());
    }
    let known = rule.approved.join(", ");
    let reason = match name {
        "" => format!("is missing; it should name one of: {known}"),
        name if name.len() > SHOWN_BYTES_MAX => format!("should name one of: {known}"),
        name => format!("should name one of: {known}; not `{name}`"),
    };
    Err(Refusal::new(Condition::ClientNotApproved).with_detail(HEADER, reason))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_known_by_their_names() {
        let rule = ClientRule { approved: vec!["tenon-job".to_owned()], required: true };
        assert_eq!(decide(&rule, Some("tenon-job/0.1.0")), Ok(()));
        assert_eq!(decide(&rule, Some("tenon-job")), Ok(()));
        // S3-114: no client identity, and that of another, are refused by a code of their own.
        for other in [None, Some(""), Some("curl/8"), Some("tenon-jobs/1"), Some("/tenon-job")] {
            let refusal = decide(&rule, other).unwrap_err();
            assert_eq!(refusal.condition, Condition::ClientNotApproved, "{other:?}");
        }
    }

    #[test]
    fn nothing_is_refused_while_it_is_off() {
        let rule = ClientRule { approved: vec!["tenon-job".to_owned()], required: false };
        assert_eq!(decide(&rule, None), Ok(()));
    }
}
