//! Request bodies and forms.

use tenon_graph::Body;
use tenon_source::At;

use super::documents::compare_texts;
use super::media::{MediaAliases, compare as compare_media};
use super::parameters::{FormField, form_fields};
use super::rules::{
    BODY_ADDED_OPTIONAL, BODY_ADDED_REQUIRED, BODY_BECAME_OPTIONAL, BODY_BECAME_REQUIRED, BODY_REMOVED,
    FORM_FIELD_REMOVED, PARAMETER_ADDED_OPTIONAL, PARAMETER_ADDED_REQUIRED, PARAMETER_BECAME_OPTIONAL,
    PARAMETER_BECAME_REQUIRED,
};
use super::scope::{Element, Scope};
use super::uses::request_direction;

static ALIASES: MediaAliases = MediaAliases {
    added: &["oasdiff:request-body-media-type-added"],
    removed: &["oasdiff:request-body-media-type-removed"],
    widened: &[],
    narrowed: &[],
    parameters: &[],
    schema_added: &["oasdiff:request-body-media-type-schema-added"],
    schema_removed: &["oasdiff:request-body-media-type-schema-removed"],
};

/// Compares the bodies of an operation's requests.
pub(super) fn compare(scope: &mut Scope<'_, '_>) {
    let direction = Some(request_direction(scope.pair.new));
    let (old, new) = (&scope.pair.old.detail.request, &scope.pair.new.detail.request);
    match (old, new) {
        (None, None) => {}
        (None, Some(new)) => {
            let subject = scope.subject("request body", (new.at, new.def), false, false);
            let (rule, message, alias) = if new.required {
                let message = "a request body must be given now: calls without one are refused";
                (&BODY_ADDED_REQUIRED, message, "oasdiff:request-body-added-required")
            } else {
                (
                    &BODY_ADDED_OPTIONAL,
                    "a request body may be given now",
                    "oasdiff:request-body-added-optional",
                )
            };
            let change = scope.added(rule, direction, subject, new.def, message).with_aliases(&[alias]);
            scope.add(change);
        }
        (Some(old), None) => {
            let subject = scope.subject("request body", (old.at, old.def), false, true);
            let message = "no request body is taken any more: what callers send is not read, or refused";
            let around = scope.pair.new.at;
            let change = scope
                .removed(&BODY_REMOVED, direction, subject, old.def, around, message)
                .with_aliases(&["oasdiff:request-body-removed"]);
            scope.add_removed(change);
        }
        (Some(old), Some(new)) => both(scope, old, new),
    }
}

fn both(scope: &mut Scope<'_, '_>, old: &Body, new: &Body) {
    let direction = request_direction(scope.pair.new);
    let element = scope.element("request body", (old.at, old.def), (new.at, new.def), false);
    if let (Some(old), Some(new)) = form_fields(scope.versions, scope.pair) {
        return forms(scope, &element, &old, &new);
    }
    // The fields of a form of Swagger 2 are compared as parameters: the body is made of them.
    let is_form = |body: &Body| body.content.iter().all(|media| media.schema.is_none());
    let is_v2_form = is_form(old) && is_form(new);
    if old.required != new.required && !is_v2_form {
        let (rule, message, alias) = if new.required {
            let message = "the request body must be given now: calls without it are refused";
            (&BODY_BECAME_REQUIRED, message, "oasdiff:request-body-became-required")
        } else {
            (
                &BODY_BECAME_OPTIONAL,
                "the request body may be left out now",
                "oasdiff:request-body-became-optional",
            )
        };
        let change = scope.changed(rule, Some(direction), &element, message).with_aliases(&[alias]);
        scope.add(change);
    }
    compare_media(scope, &element, "the request body", direction, (&old.content, &new.content), &ALIASES);
    if !is_v2_form {
        compare_texts(scope, &element, "the request body", &["description"]);
    }
}

/// The fields of a form, once written as parameters and once as properties.
fn forms(scope: &mut Scope<'_, '_>, element: &Element, old: &[FormField], new: &[FormField]) {
    let direction = Some(request_direction(scope.pair.new));
    let part = |name: &str, old: At, new: At| element.part(&format!("form field {name}"), old, new);
    for field in old {
        let name = &field.name;
        let Some(other) = new.iter().find(|other| other.name == *name) else {
            let message =
                format!("the form field `{name}` is gone: what callers say with it is no longer heard");
            let subject = format!("{} form field {name}", element.subject);
            let change =
                scope.removed(&FORM_FIELD_REMOVED, direction, subject, field.schema, element.new, message);
            scope.add_removed(change);
            continue;
        };
        let element = part(name, field.schema, other.schema);
        if !field.required && other.required {
            let message = format!("the form field `{name}` must be given now: calls without it are refused");
            let change = scope.changed(&PARAMETER_BECAME_REQUIRED, direction, &element, message);
            scope.add(change);
        } else if field.required && !other.required {
            let message = format!("the form field `{name}` may be left out now");
            let change = scope.changed(&PARAMETER_BECAME_OPTIONAL, direction, &element, message);
            scope.add(change);
        }
    }
    for field in new.iter().filter(|field| old.iter().all(|other| other.name != field.name)) {
        let name = &field.name;
        let (rule, words) = if field.required {
            (&PARAMETER_ADDED_REQUIRED, "must be given: calls without it are refused")
        } else {
            (&PARAMETER_ADDED_OPTIONAL, "may be given")
        };
        let subject = format!("{} form field {name}", element.subject);
        let message = format!("the form field `{name}` is new and {words}");
        let change = scope.added(rule, direction, subject, field.schema, message);
        scope.add(change);
    }
}
