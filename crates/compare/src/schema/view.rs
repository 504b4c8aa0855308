//! What a schema says, taken together: what stands in it, behind its references and in its
//! `allOf`, each thing with the place it was said at.

use std::collections::BTreeMap;

use tenon_graph::{Dialect, Graph};
use tenon_source::{At, Node};

use super::kinds::{Kinds, Num};

/// A schema as part of a conjunction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Entry {
    pub(super) at: At,
    pub(super) dialect: Dialect,
    /// Whether its `anyOf` and `oneOf` are left out: they are compared apart from it.
    pub(super) bare: bool,
    /// Whether `null` is right too, whatever the schema says: an alternative beside it takes it.
    pub(super) or_null: bool,
}

/// Schemas that all hold for one value, in order, each once. None at all means any value.
pub(super) type Conj = Box<[Entry]>;

/// A conjunction of schemas in its one form.
pub(super) fn conj(mut entries: Vec<Entry>) -> Conj {
    entries.sort_unstable();
    entries.dedup();
    entries.into_boxed_slice()
}

/// A limit of a range.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bound {
    pub(super) value: Num,
    /// Whether the limit itself is out of the range.
    pub(super) open: bool,
    pub(super) at: At,
}

/// One of the values that are listed.
#[derive(Debug, Clone)]
pub(super) struct Listed {
    /// The value as text, equal for equal values.
    pub(super) key: String,
    pub(super) kind: Kinds,
    pub(super) at: At,
}

/// The only values that are right.
#[derive(Debug, Clone)]
pub(super) struct Values {
    /// `null` is not among them.
    pub(super) list: Vec<Listed>,
    /// The keyword that lists them.
    pub(super) at: At,
    pub(super) is_const: bool,
}

/// The counts that limit a value, by the keyword.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Count {
    MinLength,
    MaxLength,
    MinItems,
    MaxItems,
    MinProperties,
    MaxProperties,
}

impl Count {
    pub(super) const ALL: [Self; 6] = [
        Self::MinLength,
        Self::MaxLength,
        Self::MinItems,
        Self::MaxItems,
        Self::MinProperties,
        Self::MaxProperties,
    ];

    pub(super) fn named(keyword: &str) -> Option<Self> {
        Some(match keyword {
            "minLength" => Self::MinLength,
            "maxLength" => Self::MaxLength,
            "minItems" => Self::MinItems,
            "maxItems" => Self::MaxItems,
            "minProperties" => Self::MinProperties,
            "maxProperties" => Self::MaxProperties,
            _ => return None,
        })
    }

    pub(super) fn is_least(self) -> bool {
        matches!(self, Self::MinLength | Self::MinItems | Self::MinProperties)
    }

    /// The kind of value that is counted.
    pub(super) fn kind(self) -> Kinds {
        match self {
            Self::MinLength | Self::MaxLength => Kinds::STRING,
            Self::MinItems | Self::MaxItems => Kinds::ARRAY,
            Self::MinProperties | Self::MaxProperties => Kinds::OBJECT,
        }
    }
}

/// What one schema object says about members. `additionalProperties` looks only at its own.
#[derive(Debug, Default)]
pub(super) struct Members<'g> {
    /// Declared members, with the property as written (a reference may carry flags).
    pub(super) declared: Vec<(&'g str, Entry, At)>,
    /// By pattern.
    pub(super) patterns: Vec<(&'g str, Entry)>,
    /// All others.
    pub(super) rest: Option<Entry>,
}

/// What one schema object says about items.
#[derive(Debug, Default)]
pub(super) struct Items {
    pub(super) prefix: Vec<Entry>,
    pub(super) rest: Option<Entry>,
}

/// `unevaluatedProperties` or `unevaluatedItems`: what it looks at are the parts of the schema it
/// stands in, by their range.
#[derive(Debug)]
pub(super) struct Unevaluated {
    pub(super) entry: Entry,
    pub(super) parts: std::ops::Range<usize>,
    /// Whether what it looks at are only those parts, and no alternatives.
    pub(super) is_plain: bool,
}

/// `contains`.
#[derive(Debug)]
pub(super) struct Contains {
    pub(super) entry: Entry,
    pub(super) least: u64,
    pub(super) most: Option<u64>,
}

/// `anyOf` or `oneOf`, without the branches that only allow `null`.
#[derive(Debug)]
pub(super) struct Union<'g> {
    /// The list.
    pub(super) at: At,
    pub(super) is_one: bool,
    pub(super) branches: Vec<Entry>,
    /// The `discriminator` beside it.
    pub(super) discriminator: Option<Node<'g>>,
}

/// `if` with what follows from it.
#[derive(Debug)]
pub(super) struct Condition {
    pub(super) when: Entry,
    pub(super) then: Option<Entry>,
    pub(super) otherwise: Option<Entry>,
}

/// Everything that a conjunction of schemas says.
#[derive(Debug)]
pub(super) struct View<'g> {
    /// Whether `null` is right.
    pub(super) null: bool,
    /// The kinds of values that may be right, beside `null`.
    pub(super) kinds: Kinds,
    /// The keyword that says so.
    pub(super) kinds_at: Option<At>,
    pub(super) values: Option<Values>,
    pub(super) low: Option<Bound>,
    pub(super) high: Option<Bound>,
    pub(super) multiples: Vec<(Num, At)>,
    pub(super) counts: [Option<(u64, At)>; 6],
    pub(super) patterns: Vec<(&'g str, At)>,
    pub(super) formats: Vec<(&'g str, At)>,
    /// Formats of OpenAPI 3.0 that later versions say with `contentEncoding` and the like.
    pub(super) encodings: Vec<&'static str>,
    pub(super) unique: Option<At>,
    pub(super) required: BTreeMap<&'g str, At>,
    pub(super) members: Vec<Members<'g>>,
    /// Whether members are declared at all, be it none.
    pub(super) declares: bool,
    pub(super) unevaluated_members: Vec<Unevaluated>,
    pub(super) names: Vec<Entry>,
    pub(super) dependent_names: BTreeMap<(&'g str, &'g str), At>,
    pub(super) dependent_schemas: BTreeMap<&'g str, Vec<Entry>>,
    pub(super) items: Vec<Items>,
    pub(super) unevaluated_items: Vec<Unevaluated>,
    pub(super) contains: Vec<Contains>,
    pub(super) unions: Vec<Union<'g>>,
    pub(super) nots: Vec<Entry>,
    pub(super) conditions: Vec<Condition>,
    /// Every schema object that was looked at.
    pub(super) nodes: Vec<Entry>,
    /// Where taking it together was given up.
    pub(super) given_up: Option<At>,
}

impl<'g> View<'g> {
    pub(super) fn any() -> Self {
        Self {
            null: true,
            kinds: Kinds::ALL,
            kinds_at: None,
            values: None,
            low: None,
            high: None,
            multiples: Vec::new(),
            counts: [None; 6],
            patterns: Vec::new(),
            formats: Vec::new(),
            encodings: Vec::new(),
            unique: None,
            required: BTreeMap::new(),
            members: Vec::new(),
            declares: false,
            unevaluated_members: Vec::new(),
            names: Vec::new(),
            dependent_names: BTreeMap::new(),
            dependent_schemas: BTreeMap::new(),
            items: Vec::new(),
            unevaluated_items: Vec::new(),
            contains: Vec::new(),
            unions: Vec::new(),
            nots: Vec::new(),
            conditions: Vec::new(),
            nodes: Vec::new(),
            given_up: None,
        }
    }

    pub(super) fn count(&self, count: Count) -> Option<(u64, At)> {
        self.counts.get(count as usize).copied().flatten()
    }

    /// The kinds that are left where values are listed.
    pub(super) fn effective_kinds(&self) -> Kinds {
        match &self.values {
            Some(values) => {
                values.list.iter().fold(Kinds::NONE, |all, value| all.or(value.kind)).and(self.kinds)
            }
            None => self.kinds,
        }
    }

    /// Whether nothing at all is said about members: a map of anything.
    pub(super) fn is_free_form(&self) -> bool {
        !self.declares
            && self.unevaluated_members.is_empty()
            && self.unions.is_empty()
            && self.members.iter().all(|part| part.declared.is_empty() && part.patterns.is_empty())
    }

    /// Whether nothing but alternatives is said.
    pub(super) fn is_only_union(&self) -> bool {
        self.kinds == Kinds::ALL && self.says_no_more()
    }

    /// Whether nothing but types is said.
    pub(super) fn is_only_kinds(&self) -> bool {
        self.unions.is_empty() && self.says_no_more()
    }

    /// Whether nothing is said at all.
    pub(super) fn is_anything(&self) -> bool {
        self.null && self.unions.is_empty() && self.is_only_union()
    }

    /// Whether nothing is said beside types and alternatives.
    fn says_no_more(&self) -> bool {
        self.values.is_none()
            && self.low.is_none()
            && self.high.is_none()
            && self.multiples.is_empty()
            && self.counts.iter().all(Option::is_none)
            && self.patterns.is_empty()
            && self.formats.is_empty()
            && self.unique.is_none()
            && self.required.is_empty()
            && self.members.is_empty()
            && self.unevaluated_members.is_empty()
            && self.names.is_empty()
            && self.dependent_names.is_empty()
            && self.dependent_schemas.is_empty()
            && self.items.is_empty()
            && self.unevaluated_items.is_empty()
            && self.contains.is_empty()
            && self.nots.is_empty()
            && self.conditions.is_empty()
    }

    /// The range of numbers, with what `int32` and `int64` stand for.
    pub(super) fn range(&self) -> (Option<Bound>, Option<Bound>) {
        let mut range = (self.low, self.high);
        for (format, at) in &self.formats {
            let (least, most) = match *format {
                "int32" => (i128::from(i32::MIN), i128::from(i32::MAX)),
                "int64" => (i128::from(i64::MIN), i128::from(i64::MAX)),
                _ => continue,
            };
            let bound = |value| Bound { value: Num::whole(value), open: false, at: *at };
            range.0 = range.0.or(Some(bound(least)));
            range.1 = range.1.or(Some(bound(most)));
        }
        range
    }
}

/// One of the two versions.
#[derive(Debug, Clone, Copy)]
pub(super) struct Side<'g> {
    pub(super) graph: &'g Graph,
}

impl<'g> Side<'g> {
    pub(super) fn node(self, at: At) -> Node<'g> {
        self.graph.node(at)
    }

    /// The schema at a place, references that say nothing themselves followed.
    pub(super) fn entry(self, at: At, dialect: Dialect) -> Entry {
        let mut at = at;
        for _ in 0..tenon_graph::CHAIN_MAX {
            let node = self.node(at);
            if let Some(only) = wrapped(node) {
                at = At { file: at.file, node: only.id() };
                continue;
            }
            let Some(target) = self.graph.target(at).filter(|_| node.get_str("$ref").is_some()) else {
                break;
            };
            let alone = match has_ref_siblings(dialect) {
                true => node.len() == 1,
                false => !is_nullable(node, dialect),
            };
            if !alone {
                break;
            }
            at = target;
        }
        Entry { at, dialect, bare: false, or_null: false }
    }

    pub(super) fn sub(self, owner: Entry, node: Node<'g>) -> Entry {
        self.entry(At { file: owner.at.file, node: node.id() }, owner.dialect)
    }
}

/// The schema in an `allOf` of one that says nothing beside it.
fn wrapped(node: Node<'_>) -> Option<Node<'_>> {
    let list = node.get("allOf").filter(|list| list.is_array() && node.len() == 1)?;
    let mut items = list.items();
    let only = items.next().filter(|only| only.is_object())?;
    items.next().is_none().then_some(only)
}

/// Whether members beside a `$ref` count.
pub(super) fn has_ref_siblings(dialect: Dialect) -> bool {
    matches!(dialect, Dialect::Draft201909 | Dialect::Draft202012)
}

/// Whether `true` and `false` are schemas.
pub(super) fn has_boolean_schemas(dialect: Dialect) -> bool {
    !matches!(dialect, Dialect::Swagger2 | Dialect::OpenApi30 | Dialect::Draft4)
}

/// Whether a schema allows `null` in the way of OpenAPI 3.0.
pub(super) fn is_nullable(node: Node<'_>, dialect: Dialect) -> bool {
    let name = match dialect {
        Dialect::OpenApi30 => "nullable",
        Dialect::Swagger2 => "x-nullable",
        _ => return false,
    };
    node.get(name).and_then(Node::as_bool) == Some(true)
}
