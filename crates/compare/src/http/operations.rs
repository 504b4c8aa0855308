//! Operations that are gone, new or elsewhere, and what is said about one as a whole.

use std::collections::{BTreeMap, BTreeSet};

use tenon_graph::{Graph, Name, Operation, OperationKind};
use tenon_source::{At, FileId, NodeId};

use super::documents::compare_texts;
use super::lifecycle::{
    Ends, Lifecycle, OF_OPERATIONS, Removal, compare as compare_ends, compare_stability, tier_of,
};
use super::pair::{Lone, Pairs, plain_path};
use super::rules::{
    API_ADDED, API_REMOVED, CALLBACK_ADDED, CALLBACK_REMOVED, OPERATION_ADDED, OPERATION_ID_ADDED,
    OPERATION_ID_CHANGED, OPERATION_MOVED, OPERATION_REMOVED, PATH_REMOVED, REMOVED_AFTER_SUNSET, TAG_ADDED,
    TAG_REMOVED, WEBHOOK_ADDED, WEBHOOK_REMOVED,
};
use super::scope::{Scope, counted, quoted};
use crate::{Change, Reach, Spot, Versions};

/// Operations that only one version has. Those of one path, or of one document, are one change.
pub(super) fn compare_lone(versions: &Versions<'_>, pairs: &Pairs<'_>, out: &mut Vec<Change>) {
    let left: BTreeSet<FileId> = pairs.operations.iter().map(|pair| pair.old.file).collect();
    let mut by_file: BTreeMap<FileId, Vec<&Lone<'_>>> = BTreeMap::new();
    for lone in &pairs.removed {
        by_file.entry(lone.operation.file).or_default().push(lone);
    }
    for (file, lone) in by_file {
        // The document itself is gone: neither another one has its place nor its operations.
        if lone.iter().all(|lone| lone.other.is_none()) && !left.contains(&file) {
            out.push(whole(versions, &API_REMOVED, versions.old, file, &lone));
            continue;
        }
        removed_operations(versions, pairs, &lone, out);
    }
    let before: BTreeSet<FileId> = pairs.operations.iter().map(|pair| pair.new.file).collect();
    let mut by_file: BTreeMap<FileId, Vec<&Lone<'_>>> = BTreeMap::new();
    for lone in &pairs.added {
        by_file.entry(lone.operation.file).or_default().push(lone);
    }
    for (file, lone) in by_file {
        if lone.iter().all(|lone| lone.other.is_none()) && !before.contains(&file) {
            out.push(whole(versions, &API_ADDED, versions.new, file, &lone));
        } else {
            out.extend(lone.iter().map(|lone| added(versions, lone.operation)));
        }
    }
}

/// A document of one version with all its operations.
fn whole(
    versions: &Versions<'_>,
    rule: &'static crate::ChangeRule,
    graph: &Graph,
    file: FileId,
    lone: &[&Lone<'_>],
) -> Change {
    let path = graph.sources.get(file).map_or("", |file| file.path.as_str());
    let (count, root) = (counted(lone.len(), "operation"), At { file, node: NodeId::ROOT });
    let names = lone.iter().map(|lone| lone.operation.label()).collect();
    let is_removed = std::ptr::eq(rule, &raw const API_REMOVED);
    let message = if is_removed {
        format!("`{path}` is gone with its {count}: calls to them are no longer answered")
    } else {
        format!("`{path}` is new, with {count}")
    };
    let change = Change::new(rule, None, path, message).reaching(Reach::of(names));
    if is_removed {
        change.from_old(Spot::of(versions.old, root))
    } else {
        change.at_new(Spot::of(versions.new, root))
    }
}

fn added(versions: &Versions<'_>, operation: &Operation) -> Change {
    let label = operation.label();
    let (rule, message) = match operation.kind {
        OperationKind::Offered | OperationKind::Message => (&OPERATION_ADDED, format!("`{label}` is new")),
        OperationKind::Webhook => (&WEBHOOK_ADDED, format!("the webhook `{label}` is new")),
        OperationKind::Callback => (&CALLBACK_ADDED, format!("the callback `{label}` is new")),
    };
    Change::new(rule, None, label.clone(), message)
        .at_new(Spot::of(versions.new, operation.at))
        .in_operation(label)
        .in_tier(tier_of(versions.new, operation))
        .with_aliases(rule.code.aliases)
}

fn removed_operations(versions: &Versions<'_>, pairs: &Pairs<'_>, lone: &[&Lone<'_>], out: &mut Vec<Change>) {
    let path = |operation: &Operation| Some(plain_path(&operation.http.as_ref()?.path.text));
    let is_offered = |operation: &Operation| operation.kind == OperationKind::Offered;
    let kept: BTreeSet<(FileId, String)> = pairs
        .operations
        .iter()
        .filter(|pair| is_offered(pair.old) && !pair.moved)
        .filter_map(|pair| Some((pair.old.file, path(pair.old)?)))
        .collect();
    let mut by_path: BTreeMap<String, Vec<&Lone<'_>>> = BTreeMap::new();
    for lone in lone {
        let operation = lone.operation;
        match path(operation).filter(|_| is_offered(operation)) {
            Some(path) if !kept.contains(&(operation.file, path.clone())) => {
                by_path.entry(path).or_default().push(lone);
            }
            _ => out.push(removed(versions, lone)),
        }
    }
    for lone in by_path.into_values() {
        match lone.as_slice() {
            [only] => out.push(removed(versions, only)),
            several => removed_path(versions, several, out),
        }
    }
}

/// What is left in the new version around an operation that is gone.
fn around(versions: &Versions<'_>, lone: &Lone<'_>) -> Option<Spot> {
    let file = lone.other?;
    let root = At { file, node: NodeId::ROOT };
    let node = versions.new.node(root);
    let http = lone.operation.http.as_ref();
    let map = node.get(match lone.operation.kind {
        OperationKind::Webhook => "webhooks",
        _ => "paths",
    });
    let item = map.and_then(|map| map.get(&http?.path.text)).or(map).unwrap_or(node);
    Some(Spot::of(versions.new, At { file, node: item.id() }))
}

fn removed(versions: &Versions<'_>, lone: &Lone<'_>) -> Change {
    let operation = lone.operation;
    let label = operation.label();
    let removal = Removal::of(&Lifecycle::of_operation(versions.old, operation), &versions.settings);
    let (rule, alias, message) = match operation.kind {
        OperationKind::Webhook => (
            &WEBHOOK_REMOVED,
            "oasdiff:webhook-removed",
            format!("the webhook `{label}` is no longer called"),
        ),
        OperationKind::Callback => {
            (&CALLBACK_REMOVED, "", format!("the callback `{label}` is no longer called"))
        }
        OperationKind::Offered | OperationKind::Message => {
            let alias = match removal {
                Removal::AfterSunset(_) | Removal::Undated => "oasdiff:api-removed-with-deprecation",
                Removal::BeforeSunset(_) | Removal::Unknown(_) => "oasdiff:api-removed-before-sunset",
                Removal::Unannounced => "oasdiff:api-removed-without-deprecation",
            };
            let rule = if removal.is_allowed() { &REMOVED_AFTER_SUNSET } else { &OPERATION_REMOVED };
            let words = removal.words();
            (rule, alias, format!("`{label}` is gone: calls to it are no longer answered; {words}"))
        }
    };
    let mut change = Change::new(rule, None, label.clone(), message)
        .from_old(Spot::of(versions.old, operation.at))
        .in_operation(label)
        .in_tier(tier_of(versions.old, operation));
    change.new = around(versions, lone);
    if !alias.is_empty() {
        change = change.with_aliases(&[alias]);
    }
    if operation.kind == OperationKind::Offered { removal.mark(change) } else { change }
}

/// Every operation of a path, gone with it.
fn removed_path(versions: &Versions<'_>, lone: &[&Lone<'_>], out: &mut Vec<Change>) {
    let removals: Vec<Removal> = lone
        .iter()
        .map(|lone| Removal::of(&Lifecycle::of_operation(versions.old, lone.operation), &versions.settings))
        .collect();
    let (Some(first), Some(removal)) = (lone.first(), removals.first()) else { return };
    // One reason for all of them, or each has its own.
    if removals.iter().any(|other| other != removal) {
        out.extend(lone.iter().map(|lone| removed(versions, lone)));
        return;
    }
    let Some(http) = &first.operation.http else { return };
    let path = http.path.text.as_str();
    let methods: Vec<&str> =
        lone.iter().filter_map(|lone| Some(lone.operation.http.as_ref()?.method.as_str())).collect();
    let message = format!(
        "the path `{path}` is gone with {}: calls to it are no longer answered; {}",
        quoted(methods),
        removal.words()
    );
    let rule = if removal.is_allowed() { &REMOVED_AFTER_SUNSET } else { &PATH_REMOVED };
    let alias = match removal {
        Removal::AfterSunset(_) | Removal::Undated => "oasdiff:api-path-removed-with-deprecation",
        Removal::BeforeSunset(_) | Removal::Unknown(_) => "oasdiff:api-path-removed-before-sunset",
        Removal::Unannounced => "oasdiff:api-path-removed-without-deprecation",
    };
    let mut change = Change::new(rule, None, path, message)
        .from_old(Spot::of(versions.old, http.path.at))
        .reaching(Reach::of(lone.iter().map(|lone| lone.operation.label()).collect()))
        .in_tier(tier_of(versions.old, first.operation))
        .with_aliases(&[alias]);
    change.new = around(versions, first);
    out.push(removal.mark(change));
}

/// What is said about an operation of both versions as a whole.
pub(super) fn compare(scope: &mut Scope<'_, '_>) {
    moved(scope);
    let (old, new) = (scope.pair.old, scope.pair.new);
    let element = scope.operation();
    let ends = Ends {
        what: format!("`{}`", scope.label),
        days_min: scope.versions.settings.notice.sunset_days_min,
        aliases: &OF_OPERATIONS,
    };
    let before = Lifecycle::of_operation(scope.versions.old, old);
    let after = Lifecycle::of_operation(scope.versions.new, new);
    compare_ends(scope, &element, &before, &after, &ends);
    compare_stability(scope);
    operation_id(scope);
    tags(scope);
    let label = scope.label.to_owned();
    compare_texts(scope, &element, &format!("`{label}`"), &["summary", "description", "externalDocs"]);
}

/// Found by its id under another path, or with a slash more or less.
fn moved(scope: &mut Scope<'_, '_>) {
    let (old, new) = (scope.pair.old, scope.pair.new);
    let (Some(before), Some(after)) = (&old.http, &new.http) else { return };
    let tail = |path: &str| path.len() > 1 && path.ends_with('/');
    let slash = old.kind == OperationKind::Offered && tail(&before.path.text) != tail(&after.path.text);
    if !scope.pair.moved && !slash {
        return;
    }
    let (was, is) = (old.label(), new.label());
    let removal = Removal::of(&Lifecycle::of_operation(scope.versions.old, old), &scope.versions.settings);
    let rule = if removal.is_allowed() { &REMOVED_AFTER_SUNSET } else { &OPERATION_MOVED };
    let message =
        format!("`{was}` is `{is}` now: calls to the old path are no longer answered; {}", removal.words());
    let element = scope.operation();
    let change = removal.mark(scope.changed(rule, None, &element, message));
    scope.add(change);
}

fn operation_id(scope: &mut Scope<'_, '_>) {
    let id = |operation: &Operation| operation.id.as_ref().map(|id| id.text.clone());
    let (old, new) = (id(scope.pair.old), id(scope.pair.new));
    let element = scope.operation();
    // Formats that have no operation ids say nothing about them.
    if old == new || (scope.pair.apis().is_none() && (old.is_none() || new.is_none())) {
        return;
    }
    let change = match (old, new) {
        (Some(old), Some(new)) => {
            let message =
                format!("the operation id is `{new}`, it was `{old}`: generated clients have another method");
            scope
                .changed(&OPERATION_ID_CHANGED, None, &element, message)
                .with_aliases(&["oasdiff:api-operation-id-removed", "oasdiff:api-operation-id-added"])
        }
        (Some(old), None) => {
            let message =
                format!("the operation id `{old}` is gone: generated clients name the method otherwise");
            scope
                .changed(&OPERATION_ID_CHANGED, None, &element, message)
                .with_aliases(&["oasdiff:api-operation-id-removed"])
        }
        (None, Some(new)) => scope
            .changed(&OPERATION_ID_ADDED, None, &element, format!("the operation has the id `{new}`"))
            .with_aliases(&["oasdiff:api-operation-id-added"]),
        (None, None) => return,
    };
    scope.add(change);
}

fn tags(scope: &mut Scope<'_, '_>) {
    let (old, new) = (&scope.pair.old.detail.tags, &scope.pair.new.detail.tags);
    let element = scope.operation();
    let missing = |tags: &[Name], other: &[Name]| -> Vec<Name> {
        tags.iter().filter(|tag| other.iter().all(|other| other.text != tag.text)).cloned().collect()
    };
    for tag in missing(old, new) {
        let subject = format!("{} tag {}", element.subject, tag.text);
        let message = format!("the operation is no longer tagged `{}`", tag.text);
        let change = scope.removed(&TAG_REMOVED, None, subject, tag.at, element.new, message);
        scope.add_removed(change.with_aliases(&["oasdiff:api-tag-removed"]));
    }
    for tag in missing(new, old) {
        let subject = format!("{} tag {}", element.subject, tag.text);
        let message = format!("the operation is tagged `{}`", tag.text);
        let change = scope.added(&TAG_ADDED, None, subject, tag.at, message);
        scope.add(change.with_aliases(&["oasdiff:api-tag-added"]));
    }
}
