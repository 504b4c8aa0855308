//! What service contracts say of an endpoint beyond what all formats share: pages, uploads, tokens.

use tenon_graph::Graph;
use tenon_graph::service::ServiceEndpoint;
use tenon_source::{At, FileId, Node};

use super::rules::{
    BODY_FLAG_CHANGED, PAGE_DEFAULT_CHANGED, PAGE_MAX_LOWERED, PAGE_MAX_RAISED, PAGE_RULE_CHANGED,
    TOKEN_PATH_CHANGED, UPLOAD_MAX_LOWERED, UPLOAD_MAX_RAISED, UPLOAD_TYPE_ADDED, UPLOAD_TYPE_REMOVED,
};
use super::words::missing;
use crate::ChangeRule;
use crate::http::scope::{Element, Scope};

/// Compares two endpoints.
pub(super) fn compare(scope: &mut Scope<'_, '_>) {
    let (Some(old), Some(new)) = (&scope.pair.old.service, &scope.pair.new.service) else { return };
    pages(scope, old, new);
    uploads(scope, old, new);
    tokens(scope, old, new);
    flags(scope, old, new);
}

fn say(scope: &mut Scope<'_, '_>, rule: &'static ChangeRule, element: &Element, message: String) {
    let change = scope.changed(rule, None, element, message);
    scope.add(change);
}

/// The block that cuts an endpoint's pages: its own, or the document's. What is shared by all
/// endpoints is one thing.
fn block(graph: &Graph, file: FileId, own: Option<At>) -> Option<(At, bool)> {
    let shared = || {
        let service = graph.services.iter().find(|service| service.file == file)?;
        Some((service.pagination?, true))
    };
    own.map(|at| (at, false)).or_else(shared)
}

fn pages(scope: &mut Scope<'_, '_>, old: &ServiceEndpoint, new: &ServiceEndpoint) {
    let before = block(scope.versions.old, scope.pair.old.file, old.pagination);
    let after = block(scope.versions.new, scope.pair.new.file, new.pagination);
    let (Some((old_at, _)), Some((new_at, is_shared))) = (before, after) else { return };
    let owner = if is_shared { "pagination".to_owned() } else { format!("{} pagination", scope.label) };
    let element = |part: &str| Element { subject: format!("{owner} {part}"), old: old_at, new: new_at };
    let (before, after) = (scope.old_node(old_at), scope.new_node(new_at));
    let number = |node: Node<'_>, keys: [&str; 3]| keys.iter().find_map(|key| node.get(key)?.as_i64());
    let max = ["max", "maxLimit", "maxPageSize"];
    if let (Some(was), Some(is)) = (number(before, max), number(after, max))
        && was != is
    {
        let (rule, words) = if is < was {
            (&PAGE_MAX_LOWERED, "callers that ask for more get less, or are refused")
        } else {
            (&PAGE_MAX_RAISED, "callers may ask for more")
        };
        say(scope, rule, &element("max"), format!("a page has {is} entries at most, it had {was}: {words}"));
    }
    let usual = ["default", "defaultLimit", "defaultPageSize"];
    if let (Some(was), Some(is)) = (number(before, usual), number(after, usual))
        && was != is
    {
        let message = format!("a page has {is} entries unless callers say otherwise, it had {was}");
        say(scope, &PAGE_DEFAULT_CHANGED, &element("default"), message);
    }
    for key in ["strategy", "enforcement"] {
        let (was, is) = (before.get_str(key), after.get_str(key));
        if was != is && was.is_some() && is.is_some() {
            let (was, is) = (was.unwrap_or_default(), is.unwrap_or_default());
            say(
                scope,
                &PAGE_RULE_CHANGED,
                &element(key),
                format!("the {key} of pages is `{is}`, it was `{was}`"),
            );
        }
    }
}

fn uploads(scope: &mut Scope<'_, '_>, old: &ServiceEndpoint, new: &ServiceEndpoint) {
    let element = scope.operation();
    let part = |part: &str| Element { subject: format!("{} {part}", element.subject), ..element.clone() };
    match (old.max_size_mb, new.max_size_mb) {
        (Some(was), Some(is)) if is < was => {
            let message = format!("uploads may have {is} MB at most, it was {was}: larger ones are refused");
            say(scope, &UPLOAD_MAX_LOWERED, &part("upload size"), message);
        }
        (None, Some(is)) if old.file_upload == Some(true) => {
            let message =
                format!("uploads may have {is} MB at most, nothing was said: larger ones are refused");
            say(scope, &UPLOAD_MAX_LOWERED, &part("upload size"), message);
        }
        (Some(was), Some(is)) if is > was => {
            let message = format!("uploads may have {is} MB, it was {was}");
            say(scope, &UPLOAD_MAX_RAISED, &part("upload size"), message);
        }
        _ => {}
    }
    let (Some(before), Some(after)) = (&old.allowed_mime_types, &new.allowed_mime_types) else { return };
    for name in missing(before, after) {
        let element = Element { old: name.at, ..part(&format!("upload {}", name.text)) };
        say(scope, &UPLOAD_TYPE_REMOVED, &element, format!("files of type `{}` are refused", name.text));
    }
    for name in missing(after, before) {
        let element = Element { new: name.at, ..part(&format!("upload {}", name.text)) };
        say(scope, &UPLOAD_TYPE_ADDED, &element, format!("files of type `{}` are taken too", name.text));
    }
}

fn tokens(scope: &mut Scope<'_, '_>, old: &ServiceEndpoint, new: &ServiceEndpoint) {
    let (Some(was), Some(is)) = (&old.response_token_path, &new.response_token_path) else { return };
    if was.text != is.text {
        let element = Element { subject: format!("{} token", scope.label), old: was.at, new: is.at };
        let message = format!("the token stands at `{}` of the answer, it stood at `{}`", is.text, was.text);
        say(scope, &TOKEN_PATH_CHANGED, &element, message);
    }
}

fn flags(scope: &mut Scope<'_, '_>, old: &ServiceEndpoint, new: &ServiceEndpoint) {
    let element = scope.operation();
    for (words, was, is) in [
        ("a request body", old.accepts_body, new.accepts_body),
        ("an uploaded file", old.file_upload, new.file_upload),
    ] {
        if let (Some(was), Some(is)) = (was, is)
            && was != is
        {
            let verb = if is { "is read now" } else { "is no longer read" };
            let element = Element { subject: format!("{} {words}", element.subject), ..element.clone() };
            say(scope, &BODY_FLAG_CHANGED, &element, format!("{words} {verb}"));
        }
    }
}
