//! Schemas to what they say: references and `allOf` are taken together.

use tenon_graph::Dialect;
use tenon_schemas::asserts;
use tenon_source::{At, Node};

use super::alternatives::{Simple, listed, simplify, types_of};
use super::kinds::{Kinds, Num};
use super::nulls::accepts_null;
use super::view::{
    Bound, Condition, Contains, Count, Entry, Items, Members, Side, Unevaluated, Union, Values, View,
    has_boolean_schemas, has_ref_siblings,
};

/// Schema objects that are taken together, a count: real ones inherit from a handful, and one that
/// has more is compared as a whole.
const NODES_MAX: usize = 4096;

/// Levels of `allOf` and references within each other, a count: the stack bears them.
const LEVELS_MAX: usize = 64;

/// What a conjunction of schemas says.
pub(super) fn view<'g>(side: Side<'g>, conj: &[Entry]) -> View<'g> {
    let mut flattening = Flattening { side, view: View::any(), level: 0 };
    for &entry in conj {
        flattening.view.null &= accepts_null(side, entry);
        flattening.schema(entry);
    }
    let mut view = flattening.view;
    if view.multiples.iter().any(|(number, _)| *number == Num::ONE) {
        // `multipleOf: 1` is the other way to say `integer`.
        view.multiples.retain(|(number, _)| *number != Num::ONE);
        view.kinds = view.kinds.without(Kinds::FRACTION);
    }
    if let Some(values) = &mut view.values {
        let kinds = view.kinds;
        values.list.retain(|value| kinds.has(value.kind));
    }
    view
}

struct Flattening<'g> {
    side: Side<'g>,
    view: View<'g>,
    level: usize,
}

impl<'g> Flattening<'g> {
    fn schema(&mut self, entry: Entry) {
        if self.view.nodes.contains(&entry) {
            return;
        }
        let node = self.side.node(entry.at);
        if node.as_bool() == Some(false) && has_boolean_schemas(entry.dialect) {
            self.nothing(entry.at);
        }
        if !node.is_object() {
            return;
        }
        if self.level >= LEVELS_MAX || self.view.nodes.len() >= NODES_MAX {
            self.view.given_up = Some(entry.at);
            return;
        }
        self.level += 1;
        self.view.nodes.push(entry);
        let parts = (self.view.members.len(), self.view.items.len());
        if !self.reference(entry, node) {
            self.members(entry, node);
            self.items(entry, node);
            for (name, value) in node.members() {
                if asserts(name, entry.dialect) {
                    let at = At { file: entry.at.file, node: value.id() };
                    self.values(entry, name, value, at);
                    self.ranges(entry, node, name, value, at);
                    self.applied(entry, name, value);
                    self.combined(entry, node, name, value, at);
                }
            }
            self.unevaluated(entry, node, parts);
            if node.get_str("contentEncoding") == Some("base64") {
                self.view.encodings.push("byte");
            }
            if node.get_str("contentMediaType") == Some("application/octet-stream") {
                self.view.encodings.push("binary");
            }
        }
        self.level -= 1;
    }

    /// Nothing is right.
    fn nothing(&mut self, at: At) {
        self.view.kinds = Kinds::NONE;
        self.view.kinds_at = Some(at);
    }

    /// Follows a reference; whether nothing else in the schema counts.
    fn reference(&mut self, entry: Entry, node: Node<'g>) -> bool {
        let is_reference = node.get_str("$ref").is_some();
        let is_dynamic = has_ref_siblings(entry.dialect) && self.side.graph.target(entry.at).is_some();
        if (is_reference || is_dynamic)
            && let Some(target) = self.side.graph.target(entry.at)
        {
            let target = self.side.entry(target, entry.dialect);
            self.schema(Entry { bare: entry.bare, ..target });
        }
        is_reference && !has_ref_siblings(entry.dialect)
    }

    fn at(entry: Entry, node: Node<'_>) -> At {
        At { file: entry.at.file, node: node.id() }
    }

    fn is_schema(entry: Entry, node: Node<'_>) -> bool {
        node.is_object() || (node.as_bool().is_some() && has_boolean_schemas(entry.dialect))
    }

    fn sub(&self, entry: Entry, node: Node<'g>) -> Option<Entry> {
        Self::is_schema(entry, node).then(|| self.side.sub(entry, node))
    }

    /// A schema, or a boolean that every dialect has there.
    fn sub_or_flag(&self, entry: Entry, node: Node<'g>) -> Option<Entry> {
        match node.as_bool() {
            // Read as a dialect that has boolean schemas.
            Some(_) => Some(Entry {
                at: Self::at(entry, node),
                dialect: if has_boolean_schemas(entry.dialect) { entry.dialect } else { Dialect::Draft6 },
                bare: false,
                or_null: false,
            }),
            None => self.sub(entry, node),
        }
    }

    /// A list of schemas; nothing if it is empty or has anything else.
    fn subs(&self, entry: Entry, node: Node<'g>) -> Vec<Entry> {
        let whole = node.is_array() && node.items().all(|item| Self::is_schema(entry, item));
        if whole { node.items().map(|item| self.side.sub(entry, item)).collect() } else { Vec::new() }
    }

    fn values(&mut self, entry: Entry, name: &str, value: Node<'g>, at: At) {
        match name {
            "type" => {
                let (kinds, known) = types_of(value);
                if known {
                    if self.view.kinds.without(kinds) != Kinds::NONE || self.view.kinds_at.is_none() {
                        self.view.kinds_at = Some(at);
                    }
                    self.view.kinds = self.view.kinds.and(kinds);
                }
            }
            "enum" if value.is_array() && (!value.is_empty() || has_boolean_schemas(entry.dialect)) => {
                let list = value.items().filter_map(|item| listed(entry, item)).collect();
                self.list(Values { list, at, is_const: false });
            }
            "const" => {
                self.list(Values { list: listed(entry, value).into_iter().collect(), at, is_const: true });
            }
            _ => {}
        }
    }

    /// Takes in a list of the only right values.
    fn list(&mut self, mut values: Values) {
        values.list.sort_by(|one, two| one.key.cmp(&two.key));
        values.list.dedup_by(|later, first| later.key == first.key);
        match &mut self.view.values {
            Some(known) => {
                known.list.retain(|value| values.list.iter().any(|other| other.key == value.key));
            }
            None => self.view.values = Some(values),
        }
    }

    fn ranges(&mut self, entry: Entry, owner: Node<'g>, name: &str, value: Node<'g>, at: At) {
        let number = || Num::of(value);
        // Until draft 4, and in OpenAPI 3.0, a flag beside the limit says that it is out.
        let flag = |name: &str| {
            let flags = matches!(entry.dialect, Dialect::Swagger2 | Dialect::OpenApi30 | Dialect::Draft4);
            flags && owner.get(name).and_then(Node::as_bool) == Some(true)
        };
        match name {
            "minimum" => self.low(number(), flag("exclusiveMinimum"), at),
            "maximum" => self.high(number(), flag("exclusiveMaximum"), at),
            "exclusiveMinimum" => self.low(number(), true, at),
            "exclusiveMaximum" => self.high(number(), true, at),
            "multipleOf" => {
                if let Some(number) = number().filter(|number| number.as_f64() > 0.0)
                    && !self.view.multiples.iter().any(|(known, _)| *known == number)
                {
                    self.view.multiples.push((number, at));
                }
            }
            "pattern" => add_text(&mut self.view.patterns, value, at),
            "format" => add_text(&mut self.view.formats, value, at),
            "uniqueItems" if value.as_bool() == Some(true) => {
                self.view.unique.get_or_insert(at);
            }
            _ => {
                if let Some(count) = Count::named(name) {
                    self.count(count, value, at);
                }
            }
        }
    }

    fn low(&mut self, value: Option<Num>, open: bool, at: At) {
        let Some(value) = value else { return };
        let is_tighter = self
            .view
            .low
            .is_none_or(|known| value > known.value || (value == known.value && open && !known.open));
        if is_tighter {
            self.view.low = Some(Bound { value, open, at });
        }
    }

    fn high(&mut self, value: Option<Num>, open: bool, at: At) {
        let Some(value) = value else { return };
        let is_tighter = self
            .view
            .high
            .is_none_or(|known| value < known.value || (value == known.value && open && !known.open));
        if is_tighter {
            self.view.high = Some(Bound { value, open, at });
        }
    }

    fn count(&mut self, count: Count, value: Node<'_>, at: At) {
        let Some(number) = whole_count(value) else { return };
        if count.is_least() && number == 0 {
            return;
        }
        if let Some(slot) = self.view.counts.get_mut(count as usize) {
            let is_tighter =
                slot.is_none_or(|(known, _)| if count.is_least() { number > known } else { number < known });
            if is_tighter {
                *slot = Some((number, at));
            }
        }
    }

    /// What is said about members by name, pattern, and the rest.
    fn members(&mut self, entry: Entry, node: Node<'g>) {
        let has = |name: &str| node.get(name).filter(|_| asserts(name, entry.dialect));
        let mut part = Members::default();
        self.view.declares |= has("properties").is_some();
        for (name, property) in has("properties").into_iter().flat_map(Node::members) {
            if let Some(sub) = self.sub(entry, property) {
                part.declared.push((name, sub, Self::at(entry, property)));
            }
        }
        for (pattern, property) in has("patternProperties").into_iter().flat_map(Node::members) {
            part.patterns.extend(self.sub(entry, property).map(|sub| (pattern, sub)));
        }
        part.rest = has("additionalProperties").and_then(|rest| self.sub_or_flag(entry, rest));
        if !part.declared.is_empty() || !part.patterns.is_empty() || part.rest.is_some() {
            self.view.members.push(part);
        }
    }

    /// What is said about items by position, and the rest.
    fn items(&mut self, entry: Entry, node: Node<'g>) {
        let has = |name: &str| node.get(name).filter(|_| asserts(name, entry.dialect));
        let mut part = Items::default();
        match has("items") {
            Some(items) if items.is_array() && has("prefixItems").is_none() => {
                part.prefix = self.subs(entry, items);
                part.rest = has("additionalItems").and_then(|rest| self.sub_or_flag(entry, rest));
            }
            Some(items) => part.rest = self.sub(entry, items),
            None => {}
        }
        if let Some(prefix) = has("prefixItems") {
            part.prefix = self.subs(entry, prefix);
        }
        if !part.prefix.is_empty() || part.rest.is_some() {
            self.view.items.push(part);
        }
    }

    /// Keywords that apply schemas to members and items in other ways.
    fn applied(&mut self, entry: Entry, name: &str, value: Node<'g>) {
        match name {
            "required" if value.is_array() && value.items().all(|item| item.as_str().is_some()) => {
                for item in value.items() {
                    if let Some(text) = item.as_str() {
                        self.view.required.entry(text).or_insert(Self::at(entry, item));
                    }
                }
            }
            "propertyNames" => self.view.names.extend(self.sub(entry, value)),
            "dependentRequired" | "dependentSchemas" | "dependencies" => {
                for (trigger, dependent) in value.members() {
                    if dependent.is_array() {
                        for item in dependent.items() {
                            if let Some(text) = item.as_str() {
                                let at = Self::at(entry, item);
                                self.view.dependent_names.entry((trigger, text)).or_insert(at);
                            }
                        }
                    } else if let Some(sub) = self.sub(entry, dependent) {
                        self.view.dependent_schemas.entry(trigger).or_default().push(sub);
                    }
                }
            }
            _ => {}
        }
    }

    fn combined(&mut self, entry: Entry, owner: Node<'g>, name: &str, value: Node<'g>, at: At) {
        match name {
            "allOf" => {
                for sub in self.subs(entry, value) {
                    self.schema(Entry { bare: entry.bare, ..sub });
                }
            }
            "anyOf" | "oneOf" => {
                let discriminator = owner.get("discriminator").filter(|node| node.is_object());
                let branches = self.subs(entry, value);
                if !branches.is_empty() {
                    let union = Union { at, is_one: name == "oneOf", branches, discriminator };
                    self.union(union, entry.bare);
                }
            }
            "not" => self.view.nots.extend(self.sub(entry, value)),
            "if" => {
                if let Some(when) = self.sub(entry, value) {
                    let sub = |name: &str| owner.get(name).and_then(|node| self.sub(entry, node));
                    let (then, otherwise) = (sub("then"), sub("else"));
                    if then.is_some() || otherwise.is_some() {
                        self.view.conditions.push(Condition { when, then, otherwise });
                    }
                }
            }
            "contains" => {
                if let Some(sub) = self.sub(entry, value) {
                    let count =
                        |name| owner.get(name).filter(|_| asserts(name, entry.dialect)).and_then(whole_count);
                    let (least, most) = (count("minContains").unwrap_or(1), count("maxContains"));
                    if least > 0 || most.is_some() {
                        self.view.contains.push(Contains { entry: sub, least, most });
                    }
                }
            }
            _ => {}
        }
    }

    /// Alternatives, said the simplest way there is.
    fn union(&mut self, union: Union<'g>, bare: bool) {
        let at = union.at;
        match simplify(self.side, union) {
            Simple::Nothing => self.nothing(at),
            Simple::Schema(only) => self.schema(Entry { bare, ..only }),
            Simple::Values(values) => self.list(values),
            Simple::Kinds(kinds) => {
                self.view.kinds = self.view.kinds.and(kinds);
                self.view.kinds_at = Some(at);
            }
            Simple::Union(union) if !bare => self.view.unions.push(union),
            Simple::Union(_) => {}
        }
    }

    fn unevaluated(&mut self, entry: Entry, node: Node<'g>, (members, items): (usize, usize)) {
        let has = |this: &Self, name: &str| {
            let node = node.get(name).filter(|_| asserts(name, entry.dialect))?;
            this.sub_or_flag(entry, node)
        };
        let plain = self.view.unions.is_empty()
            && self.view.conditions.is_empty()
            && self.view.dependent_schemas.is_empty()
            && self.view.nots.is_empty();
        if let Some(entry) = has(self, "unevaluatedProperties") {
            let parts = members..self.view.members.len();
            self.view.unevaluated_members.push(Unevaluated { entry, parts, is_plain: plain });
        }
        if let Some(entry) = has(self, "unevaluatedItems") {
            let is_plain = plain && self.view.contains.is_empty();
            let parts = items..self.view.items.len();
            self.view.unevaluated_items.push(Unevaluated { entry, parts, is_plain });
        }
    }
}

fn add_text<'g>(list: &mut Vec<(&'g str, At)>, value: Node<'g>, at: At) {
    if let Some(text) = value.as_str()
        && !list.iter().any(|(known, _)| *known == text)
    {
        list.push((text, at));
    }
}

/// A count as the validator reads it.
fn whole_count(value: Node<'_>) -> Option<u64> {
    u64::try_from(Num::of(value)?.as_whole()?).ok()
}
