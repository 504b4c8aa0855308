//! What is wrong with a value, field by field.

use tenon_schemas::{FailureKind, Key, Validators};
use tenon_source::Node;

use crate::Detail;

/// The failures of a value in document order, each with the format that failed, if it is one.
pub(crate) fn details_of(
    validators: &Validators<'_>,
    key: Key,
    value: Node<'_>,
    most: usize,
) -> Vec<(Detail, Option<String>)> {
    let failures = validators.failures_of(key, value);
    let mut out = Vec::with_capacity(failures.len().min(most));
    for failure in failures.into_iter().take(most) {
        let mut field = path_of(failure.node);
        let mut reason = failure.problem;
        if failure.kind == FailureKind::Missing
            && let Some(name) = quoted(&reason)
        {
            // The field at fault is the one that is not there, not the object that lacks it.
            field = if field.is_empty() { name.to_owned() } else { format!("{field}.{name}") };
            reason = "is missing".to_owned();
        }
        let format = match failure.kind {
            FailureKind::Format => failure
                .keyword
                .and_then(|at| validators.graph().node(at).as_str())
                .or_else(|| quoted(&reason))
                .map(str::to_owned),
            _ => None,
        };
        out.push((Detail { field, reason }, format));
    }
    out
}

/// The first text between back-quotes.
fn quoted(text: &str) -> Option<&str> {
    text.split('`').nth(1)
}

/// The path of a value from the root: `lead.email`, `assets.0.name`; empty for the root.
pub(crate) fn path_of(node: Node<'_>) -> String {
    let mut steps: Vec<String> = Vec::new();
    let mut at = node;
    while let Some(parent) = at.parent() {
        steps.push(match at.key() {
            Some(name) => name.to_owned(),
            None => parent.items().take_while(|item| item.id() < at.id()).count().to_string(),
        });
        at = parent;
    }
    steps.reverse();
    steps.join(".")
}
