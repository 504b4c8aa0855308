//! Responses.

use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};
use tenon_graph::{Header, OpenApiVersion, Response};
use tenon_source::{At, Node};

use super::documents::compare_texts;
use super::media::{MediaAliases, compare as compare_media};
use super::pair::Pair;
use super::rules::{
    FAILURE_ADDED, FAILURE_REMOVED, HEADER_ADDED, HEADER_BECAME_OPTIONAL, HEADER_BECAME_REQUIRED,
    HEADER_REMOVED, LINK_ADDED, LINK_CHANGED, LINK_REMOVED, SUCCESS_ADDED, SUCCESS_REMOVED,
};
use super::scope::{Element, Scope};
use super::uses::{response_direction, same_headers};
use crate::Class;
use crate::value::same_value;

static ALIASES: MediaAliases = MediaAliases {
    added: &["oasdiff:response-media-type-added"],
    removed: &["oasdiff:response-media-type-removed"],
    widened: &["oasdiff:response-media-type-name-generalized"],
    narrowed: &["oasdiff:response-media-type-name-specialized"],
    parameters: &["oasdiff:response-media-type-name-changed"],
    schema_added: &["oasdiff:response-body-media-type-schema-added"],
    schema_removed: &["oasdiff:response-body-media-type-schema-removed"],
};

/// The responses of an operation by their statuses.
pub(super) struct Statuses<'g> {
    by_status: FxHashMap<String, &'g Response>,
    has_success: bool,
}

impl<'g> Statuses<'g> {
    fn of(responses: &'g [Response]) -> Self {
        let mut by_status = FxHashMap::default();
        for response in responses {
            by_status.entry(response.status.to_ascii_uppercase()).or_insert(response);
        }
        Self { by_status, has_success: responses.iter().any(|response| is_success(&response.status)) }
    }

    /// The response that answers a status: the very status, its range, or `default`. Where other
    /// successes are declared, `default` stands for failures only.
    fn covering(&self, status: &str) -> Option<&'g Response> {
        let find = |wanted: &str| self.by_status.get(wanted).copied();
        let range = || {
            status.chars().next().filter(char::is_ascii_digit).and_then(|first| find(&format!("{first}XX")))
        };
        let for_failures = is_success(status) && self.has_success;
        let usual = || if for_failures { None } else { find("DEFAULT") };
        find(&status.to_ascii_uppercase()).or_else(range).or_else(usual)
    }
}

/// Responses that take each other's place: of the same status, else of the range or `default`
/// that covered it or that covers it now.
pub(super) fn pair_responses<'g>(pair: &Pair<'g>) -> Vec<(&'g Response, &'g Response)> {
    let (old, new) = (&pair.old.detail.responses, &pair.new.detail.responses);
    let (before, after) = (Statuses::of(old), Statuses::of(new));
    let mut out = Vec::new();
    let mut paired: FxHashSet<&str> = FxHashSet::default();
    for response in new {
        if let Some(found) = before.covering(&response.status) {
            paired.insert(found.status.as_str());
            out.push((found, response));
        }
    }
    for response in old {
        if !paired.contains(response.status.as_str())
            && let Some(found) = after.covering(&response.status)
        {
            out.push((response, found));
        }
    }
    out
}

/// Compares the answers of an operation.
pub(super) fn compare(scope: &mut Scope<'_, '_>) {
    let (old, new) = (&scope.pair.old.detail.responses, &scope.pair.new.detail.responses);
    let (before, after) = (Statuses::of(old), Statuses::of(new));
    for response in old {
        if after.covering(&response.status).is_none() {
            removed(scope, response);
        }
    }
    for response in new {
        if before.covering(&response.status).is_none() {
            added(scope, response);
        }
    }
    for (old, new) in pair_responses(scope.pair) {
        both(scope, old, new);
    }
}

fn is_success(status: &str) -> bool {
    status.starts_with('2')
}

fn subject(scope: &Scope<'_, '_>, response: &Response) -> String {
    format!("{} response {}", scope.label, response.status)
}

fn removed(scope: &mut Scope<'_, '_>, response: &Response) {
    let status = &response.status;
    let direction = Some(response_direction(scope.pair.new));
    let around = scope.pair.new.detail.responses_at.unwrap_or(scope.pair.new.at);
    let (rule, message, alias) = if is_success(status) {
        let message = format!("`{status}` is no longer an answer: callers that wait for it wait in vain");
        (&SUCCESS_REMOVED, message, "oasdiff:response-success-status-removed")
    } else {
        (
            &FAILURE_REMOVED,
            format!("`{status}` is no longer an answer"),
            "oasdiff:response-non-success-status-removed",
        )
    };
    let change = scope.removed(rule, direction, subject(scope, response), response.at, around, message);
    scope.add_removed(change.with_aliases(&[alias]));
}

fn added(scope: &mut Scope<'_, '_>, response: &Response) {
    let status = &response.status;
    let direction = Some(response_direction(scope.pair.new));
    let (rule, message, alias) = if is_success(status) {
        let message = format!(
            "`{status}` may be the answer now: callers that know no other success may take it for a failure"
        );
        (&SUCCESS_ADDED, message, "oasdiff:response-success-status-added")
    } else {
        (
            &FAILURE_ADDED,
            format!("`{status}` may be the answer now"),
            "oasdiff:response-non-success-status-added",
        )
    };
    let change = scope.added(rule, direction, subject(scope, response), response.at, message);
    scope.add(change.with_aliases(&[alias]));
}

fn both(scope: &mut Scope<'_, '_>, old: &Response, new: &Response) {
    let direction = response_direction(scope.pair.new);
    let words = format!("response {}", new.status);
    let element = scope.element(&words, (old.at, old.def), (new.at, new.def), false);
    // A shared response stands for many statuses.
    let is_shared = new.at != new.def;
    let what = if is_shared {
        "the response body".to_owned()
    } else {
        format!("the body of response `{}`", new.status)
    };
    if is_removed_body(old, new) {
        let message = format!("{what} is gone");
        let change = scope
            .changed(&super::rules::MEDIA_TYPE_REMOVED, Some(direction), &element, message)
            .with_aliases(ALIASES.removed);
        scope.add(change);
    } else {
        compare_media(scope, &element, &what, direction, (&old.content, &new.content), &ALIASES);
    }
    headers(scope, &element, old, new);
    links(scope, &element, old, new);
    let what = if is_shared { "the response".to_owned() } else { format!("the response `{}`", new.status) };
    compare_texts(scope, &element, &what, &["summary", "description"]);
}

/// Whether there was a body of whatever type and there is none.
fn is_removed_body(old: &Response, new: &Response) -> bool {
    !old.content.is_empty() && new.content.is_empty()
}

fn headers(scope: &mut Scope<'_, '_>, element: &Element, old: &Response, new: &Response) {
    let direction = Some(response_direction(scope.pair.new));
    let pairs = same_headers(&old.headers, &new.headers);
    let kept: BTreeSet<String> = pairs.iter().map(|(_, header)| header.name.to_ascii_lowercase()).collect();
    for header in &old.headers {
        if kept.contains(&header.name.to_ascii_lowercase()) {
            continue;
        }
        let required = is_required(scope.old_node(header.def), scope.pair.old_api.map(|api| api.version));
        let message = format!("answers no longer have the header `{}`", header.name);
        let subject = format!("{} header {}", element.subject, header.name);
        let mut change = scope.removed(&HEADER_REMOVED, direction, subject, header.at, element.new, message);
        if required {
            change.aliases.push("oasdiff:required-response-header-removed");
        } else {
            // Nobody was promised that it is there.
            change.class = Class::Behaviour;
            change.aliases.push("oasdiff:optional-response-header-removed");
        }
        scope.add_removed(change);
    }
    for header in &new.headers {
        if kept.contains(&header.name.to_ascii_lowercase()) {
            continue;
        }
        let message = format!("answers have the header `{}`", header.name);
        let subject = format!("{} header {}", element.subject, header.name);
        let change = scope.added(&HEADER_ADDED, direction, subject, header.at, message);
        scope.add(change.with_aliases(&["oasdiff:response-header-added"]));
    }
    for (old, new) in pairs {
        header(scope, element, old, new);
    }
}

/// Swagger 2 cannot say that a header is always there.
fn is_required(header: Node<'_>, version: Option<OpenApiVersion>) -> bool {
    version != Some(OpenApiVersion::V2) && header.get("required").and_then(Node::as_bool) == Some(true)
}

fn header(scope: &mut Scope<'_, '_>, owner: &Element, old: &Header, new: &Header) {
    let direction = Some(response_direction(scope.pair.new));
    let mut element = owner.part(&format!("header {}", new.name), old.def, new.def);
    if new.at != new.def {
        element.subject = scope.subject("", (new.at, new.def), false, false);
    }
    let required = |node, api: Option<&tenon_graph::HttpApi>| is_required(node, api.map(|api| api.version));
    let before = required(scope.old_node(old.def), scope.pair.old_api);
    let after = required(scope.new_node(new.def), scope.pair.new_api);
    let called = format!("the header `{}`", new.name);
    if before && !after {
        let message = format!("{called} may be missing from answers now");
        let change = scope.changed(&HEADER_BECAME_OPTIONAL, direction, &element, message);
        scope.add(change.with_aliases(&["oasdiff:response-header-became-optional"]));
    } else if after && !before {
        let message = format!("{called} is in every answer now");
        let change = scope.changed(&HEADER_BECAME_REQUIRED, direction, &element, message);
        scope.add(change);
    }
    compare_texts(scope, &element, &called, &["description"]);
}

fn links(scope: &mut Scope<'_, '_>, element: &Element, old: &Response, new: &Response) {
    for link in &old.links {
        let name = &link.name;
        let subject = format!("{} link {name}", element.subject);
        let Some(other) = new.links.iter().find(|other| other.name == *name) else {
            let message = format!("the link `{name}` is gone from the answer");
            let change = scope.removed(&LINK_REMOVED, None, subject, link.at, element.new, message);
            scope.add_removed(change);
            continue;
        };
        let (before, after) = (scope.old_node(link.def), scope.new_node(other.def));
        let differs =
            ["operationId", "operationRef", "parameters", "requestBody", "server"].iter().any(|key| {
                match (before.get(key), after.get(key)) {
                    (None, None) => false,
                    (Some(before), Some(after)) => !same_value(before, after),
                    _ => true,
                }
            });
        if differs {
            let spots: (At, At) = (link.def, other.def);
            let part = Element { subject, old: spots.0, new: spots.1 };
            let change =
                scope.changed(&LINK_CHANGED, None, &part, format!("the link `{name}` leads elsewhere"));
            scope.add(change);
        }
    }
    for link in new.links.iter().filter(|link| old.links.iter().all(|other| other.name != link.name)) {
        let subject = format!("{} link {}", element.subject, link.name);
        let message = format!("the answer has the link `{}`", link.name);
        let change = scope.added(&LINK_ADDED, None, subject, link.at, message);
        scope.add(change);
    }
}
