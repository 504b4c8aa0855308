//! Parameters and form fields.

use tenon_graph::{Graph, MediaType, OpenApiVersion, Operation, Parameter, ParameterIn, template_parameters};
use tenon_source::At;

use super::pair::Pair;
use crate::Versions;

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
    let mut old: Vec<(Key, &Parameter)> =
        of(pair.old).map(|parameter| (Key::of(pair.old, parameter), parameter)).collect();
    let mut out = ParameterPairs::default();
    for parameter in of(pair.new) {
        let key = Key::of(pair.new, parameter);
        match old.iter().position(|(other, _)| *other == key) {
            Some(index) => out.pairs.push((old.remove(index).1, parameter)),
            None => out.added.push(parameter),
        }
    }
    out.removed = old.into_iter().map(|(_, parameter)| parameter).collect();
    out
}

fn both_v2(pair: &Pair<'_>) -> bool {
    pair.old_api.version == OpenApiVersion::V2 && pair.new_api.version == OpenApiVersion::V2
}

/// What a parameter is recognised by.
#[derive(Debug, PartialEq, Eq)]
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
    if v2(pair.old_api.version) == v2(pair.new_api.version) {
        return (None, None);
    }
    let fields = |graph: &Graph, operation: &Operation, version| {
        if v2(version) { parameters_as_form(operation) } else { schema_as_form(graph, operation) }
    };
    (
        fields(versions.old, pair.old, pair.old_api.version),
        fields(versions.new, pair.new, pair.new_api.version),
    )
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
