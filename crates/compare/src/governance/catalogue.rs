//! Reason codes: the catalogue, and which operation may answer with which.

use std::collections::{BTreeMap, BTreeSet};

use tenon_graph::{ErrorCode, Graph, Name};
use tenon_source::At;

use super::rules::{
    REASON_CODE_ADDED, REASON_CODE_BOUND, REASON_CODE_REMOVED, REASON_CODE_RENAMED,
    REASON_CODE_RETRY_CHANGED, REASON_CODE_STATUS_CHANGED, REASON_CODE_UNBOUND,
};
use super::words::missing;
use crate::http::scope::Scope;
use crate::{Change, ChangeRule, Direction, Reach, Spot, Versions};

/// One reason code of one version.
struct Code<'g> {
    at: At,
    entry: Option<&'g ErrorCode>,
    /// The operations that may answer with it.
    operations: BTreeSet<String>,
}

impl Code<'_> {
    /// What the catalogue says of it.
    fn facts(&self) -> Option<(Option<i64>, Option<&str>, Option<bool>)> {
        let entry = self.entry?;
        Some((entry.http_status, entry.grpc_status.as_ref().map(Name::as_str), entry.retryable))
    }
}

/// Every code that a version knows, by its catalogue or by its operations.
fn codes(graph: &Graph) -> BTreeMap<&str, Code<'_>> {
    let mut out: BTreeMap<&str, Code<'_>> = BTreeMap::new();
    for entry in &graph.errors {
        let code = Code { at: entry.at, entry: Some(entry), operations: BTreeSet::new() };
        out.entry(entry.code.as_str()).or_insert(code);
    }
    for operation in &graph.operations {
        for name in operation.governance.reason_codes.iter().flatten() {
            let code = Code { at: name.at, entry: None, operations: BTreeSet::new() };
            out.entry(name.as_str()).or_insert(code).operations.insert(operation.label());
        }
    }
    out
}

/// Compares the codes of two versions.
pub(super) fn compare(versions: &Versions<'_>, out: &mut Vec<Change>) {
    let (old, new) = (codes(versions.old), codes(versions.new));
    if old.is_empty() && new.is_empty() {
        return;
    }
    let mut gone: Vec<&str> = old.keys().filter(|name| !new.contains_key(**name)).copied().collect();
    let mut come: Vec<&str> = new.keys().filter(|name| !old.contains_key(**name)).copied().collect();
    gone.retain(|name| {
        let Some(before) = old.get(name) else { return true };
        let Some(index) =
            come.iter().position(|other| new.get(other).is_some_and(|after| is_same(before, after)))
        else {
            return true;
        };
        let other = come.remove(index);
        if let Some(after) = new.get(other) {
            out.push(renamed(versions, name, other, before, after));
        }
        false
    });
    for name in gone {
        let Some(code) = old.get(name) else { continue };
        let message = format!("the reason code `{name}` is gone: callers that look for it look in vain");
        let mut change =
            Change::new(&REASON_CODE_REMOVED, Some(Direction::Response), format!("errors {name}"), message)
                .from_old(Spot::of(versions.old, code.at))
                .reaching(Reach::of(code.operations.iter().cloned().collect()));
        change.new = around(versions.new);
        out.push(change);
    }
    for name in come {
        let Some(code) = new.get(name) else { continue };
        let message = format!("the reason code `{name}` is new");
        let change =
            Change::new(&REASON_CODE_ADDED, Some(Direction::Response), format!("errors {name}"), message);
        let reach = Reach::of(code.operations.iter().cloned().collect());
        out.push(change.at_new(Spot::of(versions.new, code.at)).reaching(reach));
    }
    for (name, before) in &old {
        if let Some(after) = new.get(name) {
            entry(versions, name, before, after, out);
        }
    }
}

/// Whether a code that is new says what one that is gone said: the same statuses, and of the same
/// operations.
fn is_same(before: &Code<'_>, after: &Code<'_>) -> bool {
    let facts = before.facts().is_some_and(|facts| Some(facts) == after.facts());
    facts && before.operations == after.operations && !before.operations.is_empty()
}

/// What is left of a catalogue an entry of which is gone.
fn around(graph: &Graph) -> Option<Spot> {
    let entry = graph.errors.first()?;
    let list = graph.node(entry.at).parent()?;
    Some(Spot::of(graph, At { file: entry.at.file, node: list.id() }))
}

fn renamed(versions: &Versions<'_>, was: &str, is: &str, before: &Code<'_>, after: &Code<'_>) -> Change {
    let message =
        format!("the reason code `{was}` is called `{is}`: callers that look for `{was}` look in vain");
    Change::new(&REASON_CODE_RENAMED, Some(Direction::Response), format!("errors {was}"), message)
        .from_old(Spot::of(versions.old, before.at))
        .at_new(Spot::of(versions.new, after.at))
        .reaching(Reach::of(after.operations.iter().cloned().collect()))
}

/// The entries of a code in both catalogues.
fn entry(versions: &Versions<'_>, name: &str, before: &Code<'_>, after: &Code<'_>, out: &mut Vec<Change>) {
    let (Some(old), Some(new)) = (before.entry, after.entry) else { return };
    let mut say = |rule: &'static ChangeRule, part: &str, message: String| {
        let change = Change::new(rule, Some(Direction::Response), format!("errors {name} {part}"), message)
            .from_old(Spot::of(versions.old, old.at))
            .at_new(Spot::of(versions.new, new.at))
            .reaching(Reach::of(after.operations.iter().cloned().collect()));
        out.push(change);
    };
    let number = |status: Option<i64>| status.map_or("none".to_owned(), |status| status.to_string());
    if old.http_status != new.http_status {
        let (was, is) = (number(old.http_status), number(new.http_status));
        say(
            &REASON_CODE_STATUS_CHANGED,
            "http",
            format!("`{name}` comes with the HTTP status {is}, it came with {was}"),
        );
    }
    let word =
        |status: &Option<Name>| status.as_ref().map_or("none".to_owned(), |status| status.text.clone());
    let (was, is) = (word(&old.grpc_status), word(&new.grpc_status));
    if was != is {
        say(
            &REASON_CODE_STATUS_CHANGED,
            "grpc",
            format!("`{name}` comes with the gRPC status {is}, it came with {was}"),
        );
    }
    match (old.retryable.unwrap_or(false), new.retryable.unwrap_or(false)) {
        (true, false) => {
            let message = format!(
                "the same call does not succeed later any more after `{name}`: callers that repeat it repeat it in vain"
            );
            say(&REASON_CODE_RETRY_CHANGED, "retryable", message);
        }
        (false, true) => {
            let message = format!(
                "the same call may succeed later after `{name}`: callers that give up give up too soon"
            );
            say(&REASON_CODE_RETRY_CHANGED, "retryable", message);
        }
        _ => {}
    }
}

/// Compares which of the codes that both versions know an operation may answer with.
pub(super) fn compare_bound(scope: &mut Scope<'_, '_>, known: &Known<'_>) {
    let (old, new) = (&scope.pair.old.governance, &scope.pair.new.governance);
    if old.declared != new.declared {
        return;
    }
    let list = |names: &Option<Vec<Name>>| names.clone().unwrap_or_default();
    let (before, after) = (list(&old.reason_codes), list(&new.reason_codes));
    let element = scope.operation();
    let direction = Some(Direction::Response);
    for name in missing(&before, &after) {
        if !known.new.contains(name.as_str()) {
            continue;
        }
        let message = format!("it no longer answers with the reason code `{}`", name.text);
        let subject = format!("{} reason code {}", element.subject, name.text);
        let change = scope.removed(&REASON_CODE_UNBOUND, direction, subject, name.at, element.new, message);
        scope.add_removed(change);
    }
    for name in missing(&after, &before) {
        if !known.old.contains(name.as_str()) {
            continue;
        }
        let message = format!("it may answer with the reason code `{}`", name.text);
        let subject = format!("{} reason code {}", element.subject, name.text);
        let change = scope.added(&REASON_CODE_BOUND, direction, subject, name.at, message);
        scope.add(change);
    }
}

/// The codes that each version knows.
pub(super) struct Known<'g> {
    old: BTreeSet<&'g str>,
    new: BTreeSet<&'g str>,
}

impl<'g> Known<'g> {
    pub(super) fn of(versions: &Versions<'g>) -> Self {
        Self {
            old: codes(versions.old).into_keys().collect(),
            new: codes(versions.new).into_keys().collect(),
        }
    }
}
