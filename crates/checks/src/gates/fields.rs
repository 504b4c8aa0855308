//! The fields of an endpoint as section 1 of the seed lists them, as a table.
//!
//! A field is present when its key is: `false`, `null` and `[]` are values (S4-68).

use tenon_source::Node;

use super::report::kind_of;

/// What a field holds.
#[derive(Debug, Clone, Copy)]
enum Holds {
    Text,
    TextOrNull,
    Bool,
    Texts,
    Object,
    /// A repo-relative path (S4-73).
    Path,
    OneOf(&'static [&'static str]),
    OneOfOrNull(&'static [&'static str]),
}

/// When a field must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Needed {
    Always,
    /// On POST, PUT and PATCH.
    WithBody,
    Never,
}

struct Field {
    name: &'static str,
    needed: Needed,
    holds: Holds,
}

const fn field(name: &'static str, needed: Needed, holds: Holds) -> Field {
    Field { name, needed, holds }
}

const METHODS: &[&str] = &["GET", "POST", "PUT", "PATCH", "DELETE"];
const AUTHENTICATION: &[&str] = &["required", "public", "optional", "internal"];
const CRUD: &[&str] = &["create", "read", "update", "delete"];

/// S4-41 to S4-48; `status` has a message of its own and `allowedMimeTypes` and `maxSizeMb` a gate.
const ENDPOINT_FIELDS: [Field; 7] = [
    field("path", Needed::Always, Holds::Text),
    field("method", Needed::Always, Holds::OneOf(METHODS)),
    field("routeFile", Needed::Always, Holds::Path),
    field("middleware", Needed::Always, Holds::Texts),
    field("authentication", Needed::Always, Holds::OneOf(AUTHENTICATION)),
    field("responseTokenPath", Needed::Never, Holds::Text),
    field("serviceContract", Needed::Always, Holds::Object),
];

/// S4-49 to S4-64.
const CONTRACT_FIELDS: [Field; 15] = [
    field("serviceFile", Needed::Always, Holds::Path),
    field("methodName", Needed::Always, Holds::Text),
    field("signature", Needed::Always, Holds::Text),
    field("routeArgs", Needed::Always, Holds::Texts),
    field("purpose", Needed::Always, Holds::Text),
    field("authRequired", Needed::Always, Holds::Bool),
    field("rbac", Needed::Always, Holds::TextOrNull),
    field("fileUpload", Needed::Always, Holds::Bool),
    field("acceptsBody", Needed::WithBody, Holds::Bool),
    field("notes", Needed::Never, Holds::Text),
    field("mustUseParams", Needed::Never, Holds::Texts),
    field("mustUseAuth", Needed::Never, Holds::Bool),
    field("crudOperation", Needed::Never, Holds::OneOfOrNull(CRUD)),
    field("sideEffects", Needed::Never, Holds::Texts),
    field("pagination", Needed::Never, Holds::Object),
];

/// Something wrong with a field.
pub(super) struct FieldProblem<'t> {
    /// The value, or the object that lacks it.
    pub(super) node: Node<'t>,
    /// What is wrong, as it follows the endpoint's label.
    pub(super) message: String,
}

/// What is wrong with the fields of an endpoint. `own_names` is false for contracts of another
/// shape, whose fields bear other names: then only what they share is looked at.
pub(super) fn problems<'t>(endpoint: Node<'t>, own_names: bool) -> Vec<FieldProblem<'t>> {
    let mut problems = Vec::new();
    let status = endpoint.get("status");
    if !status.is_some_and(|status| matches!(status.as_str(), Some("required" | "deferred"))) {
        let shown = status.map_or_else(|| "null".to_owned(), shown);
        let message = format!("has invalid status: {shown}");
        problems.push(FieldProblem { node: status.unwrap_or(endpoint), message });
    }
    let takes_body = matches!(endpoint.get_str("method"), Some("POST" | "PUT" | "PATCH"));
    for field in &ENDPOINT_FIELDS {
        problems.extend(field.problem(endpoint, "", takes_body));
    }
    let Some(contract) = endpoint.get("serviceContract").filter(|contract| contract.is_object()) else {
        return problems;
    };
    const OTHERWISE_NAMED: [&str; 5] = ["serviceFile", "methodName", "signature", "routeArgs", "purpose"];
    for field in &CONTRACT_FIELDS {
        if own_names || !OTHERWISE_NAMED.contains(&field.name) || contract.get(field.name).is_some() {
            problems.extend(field.problem(contract, "serviceContract.", takes_body));
        }
    }
    problems
}

impl Field {
    fn problem<'t>(&self, object: Node<'t>, prefix: &str, takes_body: bool) -> Option<FieldProblem<'t>> {
        let name = format!("{prefix}{}", self.name);
        let Some(value) = object.get(self.name) else {
            let needed = self.needed == Needed::Always || (self.needed == Needed::WithBody && takes_body);
            return needed.then(|| FieldProblem { node: object, message: format!("missing {name}") });
        };
        let message = match self.holds {
            Holds::Text => text_problem(value, &name, "a string"),
            Holds::TextOrNull if value.is_null() => None,
            Holds::TextOrNull => text_problem(value, &name, "a string or null"),
            Holds::Bool => (value.as_bool().is_none()).then(|| wrong_type(value, &name, "a boolean")),
            Holds::Object => (!value.is_object()).then(|| wrong_type(value, &name, "an object")),
            Holds::Texts => texts_problem(value, &name),
            Holds::Path => match value.as_str() {
                // The seed's own words for a path that is not there.
                Some("") => Some(format!("missing {name}")),
                Some(path) => path_problem(path).map(|why| format!("{name} {why}: {path}")),
                None => Some(wrong_type(value, &name, "a string")),
            },
            Holds::OneOfOrNull(_) if value.is_null() => None,
            Holds::OneOf(allowed) | Holds::OneOfOrNull(allowed) => {
                let fits = value.as_str().is_some_and(|text| allowed.contains(&text));
                (!fits)
                    .then(|| format!("has invalid {name}: {} (one of {})", shown(value), allowed.join(", ")))
            }
        };
        message.map(|message| FieldProblem { node: value, message })
    }
}

fn wrong_type(value: Node<'_>, name: &str, wanted: &str) -> String {
    format!("{name} is {}, not {wanted}", kind_of(value))
}

fn text_problem(value: Node<'_>, name: &str, wanted: &str) -> Option<String> {
    match value.as_str() {
        Some(text) if text.trim().is_empty() => Some(format!("{name} is empty")),
        Some(_) => None,
        None => Some(wrong_type(value, name, wanted)),
    }
}

fn texts_problem(value: Node<'_>, name: &str) -> Option<String> {
    if !value.is_array() {
        return Some(wrong_type(value, name, "an array of strings"));
    }
    let (index, other) = value.items().enumerate().find(|(_, item)| item.as_str().is_none())?;
    Some(format!("{name}[{index}] is {}, not a string", kind_of(other)))
}

/// Why a path is not repo-relative with a folder in it.
fn path_problem(path: &str) -> Option<&'static str> {
    let is_drive = path.as_bytes().get(1) == Some(&b':');
    if path.starts_with('/') || path.starts_with('\\') || is_drive {
        Some("is absolute, not repo-relative")
    } else if path.split(['/', '\\']).any(|part| part == "..") {
        Some("leads out of the repository")
    } else if !path.contains(['/', '\\']) {
        Some("is a file name only, not repo-relative")
    } else {
        None
    }
}

/// A value as a message shows it.
fn shown(value: Node<'_>) -> String {
    match value.as_str() {
        Some(text) => text.to_owned(),
        None if value.is_null() => "null".to_owned(),
        None => kind_of(value).to_owned(),
    }
}
