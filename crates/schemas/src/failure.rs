//! What the validator says, in the words of the file: which value, what is wrong with it, which
//! keyword says so.

use tenon_graph::Graph;
use tenon_source::{At, Node};

use crate::wording::{a_type, describe, listed, number_text};

/// Longest path in a message, in bytes: a longer one hides what is wrong behind where.
const PATH_BYTES_MAX: usize = 60;

/// What kind of failure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum FailureKind {
    /// The value has another type.
    Type,
    /// The value is none of those allowed.
    Choice,
    /// A member is missing.
    Missing,
    /// A member is not allowed.
    Unexpected,
    /// A string does not have its format.
    Format,
    /// A string does not match its pattern.
    Pattern,
    /// A number, length or count is out of its bounds.
    Bound,
    /// The value fits none, or too many, of several schemas.
    Union,
    /// Something else.
    Other,
}

/// One way in which a value does not fit its schema.
#[derive(Debug, Clone)]
pub struct Failure<'t> {
    /// The value to point at: the offending one, or the object that lacks a member.
    pub node: Node<'t>,
    /// What kind of failure it is.
    pub kind: FailureKind,
    /// Whose fault it is, such as `` `name` `` or `the value`.
    pub subject: String,
    /// What is wrong with it, such as `should be a string, not 5`.
    pub problem: String,
    /// The keyword that says so.
    pub keyword: Option<At>,
    /// The types, choices or member names that would have done, in words.
    pub(crate) expected: Vec<String>,
}

impl<'t> Failure<'t> {
    pub(crate) fn new(node: Node<'t>, kind: FailureKind, problem: String, keyword: Option<At>) -> Self {
        Self { node, kind, subject: subject(node), problem, keyword, expected: Vec::new() }
    }

    pub(crate) fn expecting(mut self, expected: Vec<String>) -> Self {
        self.expected = expected;
        self
    }

    /// The failure in one sentence.
    #[must_use]
    pub fn message(&self) -> String {
        format!("{} {}", self.subject, self.problem)
    }

    /// The failure in one sentence within a larger value: `it` is that value, and what lies below
    /// it is named by its path, such as `` `items[0].name` ``, as long as that is short.
    #[must_use]
    pub fn message_below(&self, root: Node<'t>) -> String {
        if self.node == root {
            return format!("it {}", self.problem);
        }
        match path_below(self.node, root).filter(|path| path.len() <= PATH_BYTES_MAX) {
            Some(path) => format!("`{path}` {}", self.problem),
            None => self.message(),
        }
    }

    /// Whether the member's name is the thing to point at, not its value.
    #[must_use]
    pub fn is_about_name(&self) -> bool {
        matches!(self.kind, FailureKind::Unexpected | FailureKind::Missing)
            || self.node.is_object()
            || self.node.is_array()
    }

    /// The bytes to point at.
    #[must_use]
    pub fn span(&self) -> tenon_source::Span {
        if self.is_about_name() { self.node.head_span() } else { self.node.span() }
    }
}

/// The path from a value to one below it; `None` if it does not lie below.
fn path_below(node: Node<'_>, root: Node<'_>) -> Option<String> {
    let mut steps: Vec<String> = Vec::new();
    let mut at = node;
    while at != root {
        let parent = at.parent()?;
        steps.push(match at.key() {
            Some(name) => format!(".{name}"),
            None => format!("[{}]", parent.items().take_while(|item| item.id() < at.id()).count()),
        });
        at = parent;
    }
    let path: String = steps.iter().rev().map(String::as_str).collect();
    Some(path.trim_start_matches('.').to_owned())
}

/// How messages name a value: by its member name, or its place in an array.
fn subject(node: Node<'_>) -> String {
    if let Some(name) = node.key() {
        return format!("`{name}`");
    }
    let Some(array) = node.parent() else { return "the document".to_owned() };
    let index = array.items().take_while(|item| item.id() < node.id()).count();
    match array.key() {
        Some(name) => format!("item {index} of `{name}`"),
        None => format!("item {index}"),
    }
}

/// The keyword a schema path leads to, from a lowered schema's place. What lowering put around a
/// schema is stepped over; a keyword that lowering made ends at the schema itself.
pub(crate) fn keyword_place(graph: &Graph, schema: At, path: &str) -> Option<At> {
    let mut node = graph.node(schema);
    for token in tenon_source::split_pointer(path)? {
        let name = if token == crate::reference::KEYWORD { "$ref" } else { &token };
        let next = match node.is_array() {
            true => name.parse().ok().and_then(|index| node.items().nth(index)),
            false => node.get(name),
        };
        match next {
            Some(next) => node = next,
            None if name == "then" => {}
            None => break,
        }
    }
    Some(At { file: schema.file, node: node.id() })
}

/// The wording of the failures that need no look at other schemas.
pub(crate) fn plain(kind: &jsonschema::error::ValidationErrorKind, node: Node<'_>) -> (FailureKind, String) {
    use jsonschema::error::ValidationErrorKind as K;
    let found = describe(node);
    match kind {
        K::Type { kind } => (FailureKind::Type, format!("should be {}, not {found}", types_of(kind))),
        K::Constant { expected_value } => {
            (FailureKind::Choice, format!("should be {}, not {found}", number_text(expected_value)))
        }
        K::Enum { options } => {
            let options = options.as_array().map(Vec::as_slice).unwrap_or_default();
            (FailureKind::Choice, format!("should be {}, not {found}", listed(options, node.as_str())))
        }
        K::Format { format } => {
            (FailureKind::Format, format!("should have the format `{format}`, not {found}"))
        }
        K::Pattern { pattern } => {
            (FailureKind::Pattern, format!("should match `{pattern}`, which {found} does not"))
        }
        K::MinLength { limit } => least(*limit, "character", length(node)),
        K::MaxLength { limit } => most(*limit, "character", length(node)),
        K::MinItems { limit } => least(*limit, "item", node.len()),
        K::MaxItems { limit } => most(*limit, "item", node.len()),
        K::AdditionalItems { limit } => most(*limit as u64, "item", node.len()),
        K::MinProperties { limit } => least(*limit, "member", node.len()),
        K::MaxProperties { limit } => most(*limit, "member", node.len()),
        K::Minimum { limit } => bound(format!("should be at least {}, not {found}", number_text(limit))),
        K::Maximum { limit } => bound(format!("should be at most {}, not {found}", number_text(limit))),
        K::ExclusiveMinimum { limit } => {
            bound(format!("should be more than {}, not {found}", number_text(limit)))
        }
        K::ExclusiveMaximum { limit } => {
            bound(format!("should be less than {}, not {found}", number_text(limit)))
        }
        K::MultipleOf { multiple_of } => bound(format!("should be a multiple of {multiple_of}, not {found}")),
        K::UniqueItems => (FailureKind::Other, "lists an item twice, and may have each only once".to_owned()),
        K::Contains => (FailureKind::Other, "has no item, or too many, that `contains` describes".to_owned()),
        K::FalseSchema => (FailureKind::Unexpected, "is not allowed here".to_owned()),
        K::Not { schema } => (FailureKind::Other, forbidden(schema, &found)),
        K::OneOfMultipleValid { .. } => {
            (FailureKind::Union, "fits more than one schema of `oneOf`, which takes exactly one".to_owned())
        }
        K::OneOfNotValid { .. } => (FailureKind::Union, "fits no schema of `oneOf`".to_owned()),
        K::AnyOf { .. } => (FailureKind::Union, "fits no schema of `anyOf`".to_owned()),
        K::UnevaluatedItems { .. } => {
            (FailureKind::Unexpected, "has more items than its schema knows".to_owned())
        }
        K::ContentEncoding { content_encoding } => {
            (FailureKind::Format, format!("is not encoded as `{content_encoding}`"))
        }
        K::ContentMediaType { content_media_type } => {
            (FailureKind::Format, format!("is no `{content_media_type}`"))
        }
        other => (FailureKind::Other, format!("does not fit `{}`", other.keyword())),
    }
}

/// What a `not` forbids. Members that must not stand together are the one form worth words.
fn forbidden(schema: &serde_json::Value, found: &str) -> String {
    let names =
        schema.as_object().filter(|schema| schema.len() == 1).and_then(|schema| schema.get("required"));
    let names: Vec<String> = names
        .and_then(serde_json::Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|name| Some(format!("`{}`", name.as_str()?)))
        .collect();
    match names.as_slice() {
        [] => format!("must not be {found}: the schema under `not` takes it"),
        [only] => format!("must not have {only}"),
        several => format!("must not have {} together", several.join(" and ")),
    }
}

/// The types or choices an error names, in words.
pub(crate) fn expected(kind: &jsonschema::error::ValidationErrorKind) -> Vec<String> {
    use jsonschema::error::TypeKind;
    use jsonschema::error::ValidationErrorKind as K;
    match kind {
        K::Type { kind: TypeKind::Single(one) } => vec![a_type(one.as_str()).to_owned()],
        K::Type { kind: TypeKind::Multiple(set) } => {
            set.iter().map(|one| a_type(one.as_str()).to_owned()).collect()
        }
        K::Constant { expected_value } => vec![number_text(expected_value)],
        K::Enum { options } => options.as_array().into_iter().flatten().map(number_text).collect(),
        _ => Vec::new(),
    }
}

fn least(limit: u64, unit: &str, found: usize) -> (FailureKind, String) {
    let plural = if limit == 1 { "" } else { "s" };
    bound(format!("should have {limit} {unit}{plural} or more, not {found}"))
}

fn most(limit: u64, unit: &str, found: usize) -> (FailureKind, String) {
    let plural = if limit == 1 { "" } else { "s" };
    bound(format!("should have {limit} {unit}{plural} at most, not {found}"))
}

fn bound(problem: String) -> (FailureKind, String) {
    (FailureKind::Bound, problem)
}

fn length(node: Node<'_>) -> usize {
    node.as_str().map_or(0, |text| text.chars().count())
}

fn types_of(kind: &jsonschema::error::TypeKind) -> String {
    match kind {
        jsonschema::error::TypeKind::Single(one) => a_type(one.as_str()).to_owned(),
        jsonschema::error::TypeKind::Multiple(set) => {
            let names: Vec<&str> = set.iter().map(|one| a_type(one.as_str())).collect();
            crate::wording::any_of(&names)
        }
    }
}
