//! What rules find, in the words of the seed's gates.
//!
//! People search their logs for `missing serviceContract.rbac` (S4-189); the rule's own sentence, its
//! place and its help go along in the finding.

use tenon_source::{Finding, Node};

use super::GateInput;

/// The line of a rule's finding.
pub(super) fn line(input: &GateInput<'_>, finding: &Finding) -> String {
    let label = match (&finding.operation, &finding.pointer) {
        (Some(operation), _) => format!("{operation} "),
        // An entry without method and path is known by its place.
        (None, Some(pointer)) if pointer.starts_with("/endpoints/") => format!("{pointer} "),
        _ => String::new(),
    };
    match seed_words(input, finding) {
        Some(words) => format!("{label}{words}"),
        None if finding.message.starts_with(&label) => format!("{} ({})", finding.message, finding.code.id),
        None => format!("{label}{} ({})", finding.message, finding.code.id),
    }
}

/// The seed's own words, where it has some for the case.
fn seed_words(input: &GateInput<'_>, finding: &Finding) -> Option<String> {
    let mut quoted = finding.message.split('`').skip(1).step_by(2);
    let field = quoted.next()?;
    match finding.code.id {
        "SC31" if field == "status" => Some("has invalid status: null".to_owned()),
        "SC31" if quoted.next() == Some("serviceContract") => {
            Some(format!("missing serviceContract.{field}"))
        }
        "SC31" => Some(format!("missing {field}")),
        "SC32" if field == "status" => {
            let value = value_of(input, finding)?;
            Some(format!("has invalid status: {}", value.as_str().unwrap_or_else(|| value.kind().as_str())))
        }
        "SC36" if value_of(input, finding)?.as_str() == Some("") => Some(format!("missing {field}")),
        "SC41" if endpoint_of(input, finding)?.get(field).is_none() && field != "fileUpload" => {
            let is_limit = matches!(field, "allowedMimeTypes" | "maxSizeMb");
            is_limit.then(|| format!("(fileUpload=true) missing {field}"))
        }
        _ => None,
    }
}

/// The field that a finding is about: the name after the endpoint, its contract or the root.
pub(super) fn field_of(finding: &Finding) -> &str {
    let pointer = finding.pointer.as_deref().unwrap_or_default();
    let mut parts = pointer.split('/').skip(1);
    match parts.next() {
        Some("endpoints") => match parts.nth(1) {
            Some("serviceContract") => parts.next().unwrap_or("serviceContract"),
            other => other.unwrap_or("endpoints"),
        },
        other => other.unwrap_or_default(),
    }
}

/// The endpoint that a finding is about.
pub(super) fn endpoint_of<'g>(input: &GateInput<'g>, finding: &Finding) -> Option<Node<'g>> {
    let pointer = finding.pointer.as_deref()?;
    let index = pointer.strip_prefix("/endpoints/")?.split('/').next()?;
    input.root().at(&format!("/endpoints/{index}"))
}

fn value_of<'g>(input: &GateInput<'g>, finding: &Finding) -> Option<Node<'g>> {
    input.root().at(finding.pointer.as_deref()?)
}
