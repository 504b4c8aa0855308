//! Parameters and form fields.

use std::collections::VecDeque;

use rustc_hash::FxHashMap;
use tenon_graph::{
    DocumentKind, Graph, MediaType, OpenApiVersion, Operation, Parameter, ParameterIn, template_parameters,
};
use tenon_source::At;

use super::documents::compare_texts;
use super::lifecycle::{Ends, Lifecycle, OF_PARAMETERS, Removal, compare as compare_ends, lifecycles};
use super::media::MediaName;
use super::pair::Pair;
use super::rules::{
    PARAMETER_ADDED_OPTIONAL, PARAMETER_ADDED_REQUIRED, PARAMETER_BECAME_OPTIONAL, PARAMETER_BECAME_REQUIRED,
    PARAMETER_CONTENT_CHANGED, PARAMETER_EMPTY_ALLOWED, PARAMETER_EMPTY_REFUSED, PARAMETER_MOVED,
    PARAMETER_REMOVED, PARAMETER_RESERVED_ALLOWED, PARAMETER_RESERVED_REFUSED, PARAMETER_STYLE_CHANGED,
    REMOVED_AFTER_SUNSET,
};
use super::scope::{Element, Scope};
use super::style::Style;
use super::uses::{place_word, request_direction};
use crate::{Class, ContentModel, Versions};

/// Parameters that take each other's place, and those that only one version has.
#[derive(Debug, Default)]
pub(super) struct ParameterPairs<'g> {
    /// Of both versions.
    pub(super) pairs: Vec<(&'g Parameter, &'g Parameter)>,
    /// Gone.
    pub(super) removed: Vec<&'g Parameter>,
    /// New.
    pub(super) added: Vec<&'g Parameter>,
}

/// Pairs the parameters of two operations: by place and name; those of the path by where in the
/// path they stand, so that a new name is no change. Bodies and forms of Swagger 2 are left out
/// where they are bodies.
pub(super) fn pair_parameters<'g>(pair: &Pair<'g>) -> ParameterPairs<'g> {
    let forms = both_v2(pair);
    let of = |operation: &'g Operation| {
        let is = move |parameter: &&Parameter| match parameter.place {
            Some(ParameterIn::Body) | None => false,
            Some(ParameterIn::FormData) => forms,
            Some(_) => parameter.name.is_some(),
        };
        operation.detail.parameters.iter().filter(is)
    };
    let mut old: Vec<Option<&Parameter>> = Vec::new();
    let mut waiting: FxHashMap<Key, VecDeque<usize>> = FxHashMap::default();
    for parameter in of(pair.old) {
        waiting.entry(Key::of(pair.old, parameter)).or_default().push_back(old.len());
        old.push(Some(parameter));
    }
    let mut out = ParameterPairs::default();
    for parameter in of(pair.new) {
        let index = waiting.get_mut(&Key::of(pair.new, parameter)).and_then(VecDeque::pop_front);
        match index.and_then(|index| old.get_mut(index)?.take()) {
            Some(before) => out.pairs.push((before, parameter)),
            None => out.added.push(parameter),
        }
    }
    out.removed = old.into_iter().flatten().collect();
    // What a contract demands by its facts, the other version may write down as a parameter.
    out.added.retain(|parameter| !is_demanded(pair.old, parameter));
    out.removed.retain(|parameter| !is_demanded(pair.new, parameter));
    out
}

/// The header of idempotency keys where a contract names no other.
const KEY_HEADER: &str = "Idempotency-Key";

/// Whether an operation demands a header, or takes it, by what it says of repeated calls.
fn is_demanded(operation: &Operation, parameter: &Parameter) -> bool {
    let Some(idempotency) = &operation.governance.idempotency else { return false };
    let key = idempotency.key.as_ref().map_or(KEY_HEADER, |key| key.as_str());
    let header = key.split_once(':').map_or(key, |(_, name)| name.trim());
    parameter.place == Some(ParameterIn::Header)
        && parameter.required == idempotency.required
        && parameter.name.as_ref().is_some_and(|name| name.text.eq_ignore_ascii_case(header))
}

fn both_v2(pair: &Pair<'_>) -> bool {
    pair.apis()
        .is_some_and(|(old, new)| old.version == OpenApiVersion::V2 && new.version == OpenApiVersion::V2)
}

/// What a parameter is recognised by.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Key {
    /// The index of a parameter in its path.
    Path(usize),
    /// Its place and name; of a header in lower case.
    Named(Option<ParameterIn>, String),
}

impl Key {
    fn of(operation: &Operation, parameter: &Parameter) -> Self {
        let name = parameter.name.as_ref().map_or("", |name| name.as_str());
        if parameter.place == Some(ParameterIn::Path)
            && let Some(http) = &operation.http
            && let Some(index) = template_parameters(&http.path.text).position(|other| other == name)
        {
            return Self::Path(index);
        }
        let name = match parameter.place {
            Some(ParameterIn::Header) => name.to_ascii_lowercase(),
            // A document has one, whatever it is called.
            Some(ParameterIn::QueryString) => String::new(),
            _ => name.to_owned(),
        };
        Self::Named(parameter.place, name)
    }
}

/// A field of a form.
#[derive(Debug, Clone)]
pub(super) struct FormField {
    /// Its name.
    pub(super) name: String,
    /// Whether it must be given.
    pub(super) required: bool,
    /// The parameter or property.
    pub(super) schema: At,
}

/// The fields of both forms where one version is Swagger 2, which writes them as parameters, and
/// the other is not.
pub(super) fn form_fields(
    versions: &Versions<'_>,
    pair: &Pair<'_>,
) -> (Option<Vec<FormField>>, Option<Vec<FormField>>) {
    let v2 = |version| version == OpenApiVersion::V2;
    let Some((old_api, new_api)) = pair.apis() else { return (None, None) };
    if v2(old_api.version) == v2(new_api.version) {
        return (None, None);
    }
    let fields = |graph: &Graph, operation: &Operation, version| {
        if v2(version) { parameters_as_form(operation) } else { schema_as_form(graph, operation) }
    };
    (fields(versions.old, pair.old, old_api.version), fields(versions.new, pair.new, new_api.version))
}

fn parameters_as_form(operation: &Operation) -> Option<Vec<FormField>> {
    let all = operation.detail.parameters.iter();
    let fields: Vec<FormField> = all
        .filter(|parameter| parameter.place == Some(ParameterIn::FormData))
        .filter_map(|parameter| {
            Some(FormField {
                name: parameter.name.as_ref()?.text.clone(),
                required: parameter.required,
                schema: parameter.schema?,
            })
        })
        .collect();
    (!fields.is_empty()).then_some(fields)
}

fn schema_as_form(graph: &Graph, operation: &Operation) -> Option<Vec<FormField>> {
    let body = operation.detail.request.as_ref()?;
    let is_form = |media: &&MediaType| {
        media.name.starts_with("multipart/") || media.name.starts_with("application/x-www-form-urlencoded")
    };
    let schema = body.content.iter().find(is_form)?.schema?;
    let def = graph.follow(schema);
    let node = graph.node(def);
    let required: Vec<&str> = node
        .get("required")
        .into_iter()
        .flat_map(|list| list.items())
        .filter_map(|item| item.as_str())
        .collect();
    let field = |(name, property): (&str, tenon_source::Node<'_>)| FormField {
        name: name.to_owned(),
        required: required.contains(&name),
        schema: At { file: def.file, node: property.id() },
    };
    Some(node.get("properties")?.members().map(field).collect())
}

/// Whether both versions say all there is to know of parameters: an operation manifest names
/// those of the path only.
fn is_known(versions: &Versions<'_>, pair: &Pair<'_>) -> bool {
    let kind =
        |graph: &Graph, operation: &Operation| graph.document(operation.file).map(|document| document.kind);
    let is_full = |kind| matches!(kind, Some(DocumentKind::OpenApi(_) | DocumentKind::Contract));
    is_full(kind(versions.old, pair.old)) && is_full(kind(versions.new, pair.new))
}

/// Compares the parameters of an operation.
pub(super) fn compare(scope: &mut Scope<'_, '_>) {
    if !is_known(scope.versions, scope.pair) {
        return;
    }
    let mut found = pair_parameters(scope.pair);
    for (old, new) in &found.pairs {
        compare_one(scope, old, new);
    }
    // One of the same name at another place is the same parameter.
    let name = |parameter: &Parameter| parameter.name.as_ref().map(|name| name.text.to_ascii_lowercase());
    found.removed.retain(|old| {
        let Some(index) = found.added.iter().position(|new| name(new) == name(old)) else { return true };
        let new = found.added.remove(index);
        moved(scope, old, new);
        false
    });
    for parameter in found.removed {
        removed(scope, parameter);
    }
    for parameter in found.added {
        added(scope, parameter);
    }
}

/// What messages call a parameter.
fn called(parameter: &Parameter) -> String {
    let name = parameter.name.as_ref().map_or("", |name| name.as_str());
    format!("the {} `{name}`", place_word(parameter.place))
}

/// What identifies a parameter within its operation.
fn words(parameter: &Parameter) -> String {
    let name = parameter.name.as_ref().map_or("", |name| name.as_str());
    format!("{} {name}", place_word(parameter.place))
}

fn element(scope: &Scope<'_, '_>, old: &Parameter, new: &Parameter) -> Element {
    let inherited = old.inherited && new.inherited;
    scope.element(&words(new), (old.at, old.def), (new.at, new.def), inherited)
}

fn moved(scope: &mut Scope<'_, '_>, old: &Parameter, new: &Parameter) {
    let element = element(scope, old, new);
    let message = format!("{} is read from the {} now", called(old), place_noun(new.place));
    let direction = Some(request_direction(scope.pair.new));
    let change =
        scope.changed(&PARAMETER_MOVED, direction, &element, message).with_aliases(if new.required {
            &["oasdiff:request-parameter-removed", "oasdiff:new-required-request-parameter"]
        } else {
            &["oasdiff:request-parameter-removed", "oasdiff:new-optional-request-parameter"]
        });
    scope.add(change);
}

/// Where a parameter stands, as a noun.
fn place_noun(place: Option<ParameterIn>) -> &'static str {
    match place {
        Some(ParameterIn::Path) => "path",
        Some(ParameterIn::Query | ParameterIn::QueryString) => "query",
        Some(ParameterIn::Header) => "headers",
        Some(ParameterIn::Cookie) => "cookies",
        Some(ParameterIn::Body) => "body",
        Some(ParameterIn::FormData) => "form",
        None => "request",
    }
}

fn removed(scope: &mut Scope<'_, '_>, parameter: &Parameter) {
    let lifecycle = Lifecycle::of_node(scope.old_node(parameter.def));
    let removal = Removal::of(&lifecycle, &scope.versions.settings);
    let called = called(parameter);
    let (rule, aliases): (_, &[&'static str]) = match removal {
        Removal::AfterSunset(_) => {
            (&REMOVED_AFTER_SUNSET, &["oasdiff:request-parameter-removed-with-deprecation"])
        }
        Removal::BeforeSunset(_) | Removal::Unknown(_) => {
            (&PARAMETER_REMOVED, &["oasdiff:request-parameter-removed-before-sunset"])
        }
        Removal::Undated => (&PARAMETER_REMOVED, &["oasdiff:request-parameter-removed-with-deprecation"]),
        Removal::Unannounced => (&PARAMETER_REMOVED, &["oasdiff:request-parameter-removed"]),
    };
    let told = match removal {
        Removal::Unannounced => String::new(),
        ref told => format!("; {}", told.words()),
    };
    let message = format!("{called} is gone: what callers say with it is no longer heard{told}");
    let subject = scope.subject(&words(parameter), (parameter.at, parameter.def), parameter.inherited, true);
    let direction = Some(request_direction(scope.pair.new));
    let around = scope.pair.new.at;
    let mut change =
        scope.removed(rule, direction, subject, parameter.def, around, message).with_aliases(aliases);
    // A receiver that takes only what is declared refuses the call; a promise until a day is one.
    let is_closed = scope.versions.settings.content_model == ContentModel::Closed;
    let is_early = matches!(removal, Removal::BeforeSunset(_));
    if !removal.is_allowed() && (is_closed || is_early) {
        change.class = Class::Breaking;
    }
    scope.add_removed(change);
}

fn added(scope: &mut Scope<'_, '_>, parameter: &Parameter) {
    let called = called(parameter);
    let subject = scope.subject(&words(parameter), (parameter.at, parameter.def), parameter.inherited, false);
    let direction = Some(request_direction(scope.pair.new));
    let change = if parameter.required {
        let message = format!("{called} is new and must be given: calls without it are refused");
        let alias: &[&'static str] = if parameter.place == Some(ParameterIn::Path) {
            &["oasdiff:new-request-path-parameter"]
        } else if parameter.inherited {
            &["oasdiff:new-required-request-default-parameter-to-existing-path"]
        } else {
            &["oasdiff:new-required-request-parameter"]
        };
        scope.added(&PARAMETER_ADDED_REQUIRED, direction, subject, parameter.def, message).with_aliases(alias)
    } else {
        let alias: &[&'static str] = if parameter.inherited {
            &["oasdiff:new-optional-request-default-parameter-to-existing-path"]
        } else {
            &["oasdiff:new-optional-request-parameter"]
        };
        let message = format!("{called} is new and may be given");
        scope.added(&PARAMETER_ADDED_OPTIONAL, direction, subject, parameter.def, message).with_aliases(alias)
    };
    scope.add(change);
}

fn compare_one(scope: &mut Scope<'_, '_>, old: &Parameter, new: &Parameter) {
    let element = element(scope, old, new);
    let called = called(new);
    let direction = Some(request_direction(scope.pair.new));
    if old.required != new.required {
        let change = if new.required {
            let message = format!("{called} must be given now: calls without it are refused");
            scope
                .changed(&PARAMETER_BECAME_REQUIRED, direction, &element, message)
                .with_aliases(&["oasdiff:request-parameter-became-required"])
        } else {
            scope
                .changed(
                    &PARAMETER_BECAME_OPTIONAL,
                    direction,
                    &element,
                    format!("{called} may be left out now"),
                )
                .with_aliases(&["oasdiff:request-parameter-became-optional"])
        };
        scope.add(change);
    }
    let (before, after) = lifecycles(scope, old.def, new.def);
    let notice = scope.versions.settings.notice;
    let ends = Ends { what: called.clone(), days_min: notice.announced_days_min, aliases: &OF_PARAMETERS };
    compare_ends(scope, &element, &before, &after, &ends);
    written(scope, &element, old, new, &called);
    // Parameters of Swagger 2 are schemas themselves; their texts are compared as such.
    compare_texts(scope, &element, &called, &["description"]);
}

/// How values are written.
fn written(scope: &mut Scope<'_, '_>, element: &Element, old: &Parameter, new: &Parameter, called: &str) {
    let direction = Some(request_direction(scope.pair.new));
    let before = Style::of(scope.versions.old, scope.pair.old_api, old);
    let after = Style::of(scope.versions.new, scope.pair.new_api, new);
    let media = |parameter: &Parameter| parameter.content.first().map(|media| media.name.clone());
    let (old_media, new_media) = (media(old), media(new));
    let name = |media: &Option<String>| media.as_deref().map(MediaName::parse);
    if name(&old_media) != name(&new_media) {
        let word = |media: Option<String>| media.map_or("plain".to_owned(), |name| format!("`{name}`"));
        let message = format!("the value of {called} is {}, it was {}", word(new_media), word(old_media));
        let change = scope.changed(&PARAMETER_CONTENT_CHANGED, direction, element, message);
        scope.add(change);
    } else if let Some(difference) = before.difference(&after) {
        let message = format!("values of {called} are written {difference}");
        let change = scope.changed(&PARAMETER_STYLE_CHANGED, direction, element, message);
        scope.add(change);
    }
    let flags = [
        (
            (before.reserved, after.reserved),
            (&PARAMETER_RESERVED_ALLOWED, "takes reserved characters as they are"),
            (&PARAMETER_RESERVED_REFUSED, "no longer takes reserved characters as they are"),
        ),
        (
            (before.empty, after.empty),
            (&PARAMETER_EMPTY_ALLOWED, "may be given without a value"),
            (&PARAMETER_EMPTY_REFUSED, "may no longer be given without a value"),
        ),
    ];
    for ((before, after), allowed, refused) in flags {
        if before != after {
            let (rule, words) = if after { allowed } else { refused };
            let change = scope.changed(rule, direction, element, format!("{called} {words}"));
            scope.add(change);
        }
    }
}
