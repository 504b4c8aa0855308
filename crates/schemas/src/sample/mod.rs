//! Values made from schemas: small, typical, and always the same.
//!
//! A value is made of all schemas it must fit at once: the schema, what it refers to, its `allOf`
//! and the alternatives that were chosen. What cannot be worked out from keywords is tried and
//! checked: the first value that fits is taken.

mod object;
mod pattern;
mod text;

use std::cell::Cell;
use std::sync::Arc;

use serde_json::{Map, Value};
use tenon_source::{At, Node};

use crate::{Direction, Key, Validators};
use text::{Bounds, plain};

/// Longest text or list that is made to reach a minimum, a count.
const LENGTH_MAX: usize = 1_000;

/// Schemas below each other, a count: what demands more of itself cannot be met.
const LEVELS_MAX: usize = 200;

/// Values made for one value, a count. Past this only what must be there is made.
const VALUES_MAX: u32 = 4_000;

/// Alternatives of one union that are tried, a count.
const TRIED_MAX: usize = 24;

/// How a value is made.
#[derive(Debug, Clone, Copy)]
struct Style {
    /// With the examples and defaults of schemas.
    examples: bool,
    /// With members that need not be there.
    optional: bool,
}

/// The ways to make a value, the most typical first.
const STYLES: [Style; 4] = [
    Style { examples: true, optional: true },
    Style { examples: false, optional: true },
    Style { examples: true, optional: false },
    Style { examples: false, optional: false },
];

/// A value that fits a schema; where none is found, the most typical of those that do not.
#[must_use]
pub fn sample(validators: &Validators<'_>, key: Key) -> Value {
    let mut first = None;
    for style in STYLES {
        let generator = Generator { validators, key, style, left: Cell::new(VALUES_MAX) };
        let made = generator.make(&[key.at], &mut Vec::new());
        if generator.fits(&[key.at], &made) {
            return made;
        }
        first.get_or_insert(made);
    }
    first.unwrap_or(Value::Null)
}

struct Generator<'p> {
    validators: &'p Validators<'p>,
    key: Key,
    style: Style,
    left: Cell<u32>,
}

/// Alternatives of which one must be chosen.
#[derive(Clone)]
struct Union<'p> {
    alternatives: Vec<At>,
    /// The member that tells which, with the schema that says so.
    discriminator: Option<Node<'p>>,
}

impl<'p> Generator<'p> {
    fn node(&self, at: At) -> Node<'p> {
        self.validators.graph().node(at)
    }

    fn nodes(&self, parts: &[At]) -> Bounds<'p> {
        Bounds { schemas: parts.iter().map(|at| self.node(*at)).collect() }
    }

    fn is_spent(&self) -> bool {
        self.left.get() == 0
    }

    fn fits(&self, schemas: &[At], value: &Value) -> bool {
        let (tree, _) = tenon_source::parse_json(Arc::new(value.to_string()));
        let key = |at: &At| Key { at: *at, ..self.key };
        schemas.iter().all(|at| self.validators.accepts(key(at), tree.root()))
    }

    /// A schema with everything that holds beside it: what it refers to, its `allOf`.
    fn flatten(&self, schemas: &[At]) -> Vec<At> {
        let mut parts: Vec<At> = Vec::new();
        let mut open: Vec<At> = schemas.iter().rev().copied().collect();
        while let Some(at) = open.pop() {
            if parts.contains(&at) {
                continue;
            }
            parts.push(at);
            let all = self.node(at).get("allOf").into_iter().flat_map(Node::items);
            let mut below: Vec<At> = all.map(|part| At { file: at.file, node: part.id() }).collect();
            below.extend(self.validators.graph().target(at));
            open.extend(below.into_iter().rev());
        }
        parts
    }

    fn make(&self, schemas: &[At], path: &mut Vec<At>) -> Value {
        self.left.set(self.left.get().saturating_sub(1));
        if path.len() > LEVELS_MAX {
            return Value::Null;
        }
        let parts = self.flatten(schemas);
        let before = path.len();
        path.extend(&parts);
        let unions = self.unions(&parts);
        let made = match self.given(&parts, schemas) {
            Some(given) => given,
            None => self.settle(parts, unions, schemas, path),
        };
        path.truncate(before);
        made
    }

    /// A value that the schemas give themselves, the first that fits.
    fn given(&self, parts: &[At], schemas: &[At]) -> Option<Value> {
        let nodes = self.nodes(parts).schemas;
        let one = |word: &'static str| nodes.iter().filter_map(move |schema| schema.get(word));
        let many = |word: &'static str| one(word).flat_map(Node::items);
        let own = one("const");
        let shown = one("example").chain(many("examples")).chain(one("default"));
        let shown = shown.filter(|_| self.style.examples);
        let listed = many("enum").take(TRIED_MAX);
        let mut all = own.chain(shown).chain(listed).map(tenon_graph::to_value);
        all.find(|value| self.fits(schemas, value))
    }

    fn unions(&self, parts: &[At]) -> Vec<Union<'p>> {
        let mut unions = Vec::new();
        for at in parts {
            let schema = self.node(*at);
            for list in ["oneOf", "anyOf"].iter().filter_map(|word| schema.get(word)) {
                let alternatives: Vec<At> =
                    list.items().map(|one| At { file: at.file, node: one.id() }).collect();
                if !alternatives.is_empty() {
                    unions.push(Union { alternatives, discriminator: schema.get("discriminator") });
                }
            }
        }
        unions
    }

    /// Chooses an alternative of each union, so that the value fits; the first where none does.
    fn settle(
        &self,
        parts: Vec<At>,
        mut unions: Vec<Union<'p>>,
        schemas: &[At],
        path: &mut Vec<At>,
    ) -> Value {
        if unions.is_empty() {
            return self.given(&parts, schemas).unwrap_or_else(|| self.typed(&parts, path));
        }
        let union = unions.remove(0);
        // Those that lead back to where we are come last, or nothing would ever end.
        let (again, ahead): (Vec<At>, Vec<At>) =
            union.alternatives.iter().partition(|at| path.contains(&self.validators.graph().follow(**at)));
        let mut first = None;
        for at in ahead.into_iter().chain(again).take(TRIED_MAX) {
            let own = self.flatten(&[at]);
            let before = path.len();
            path.extend(&own);
            let mut all = unions.clone();
            all.extend(self.unions(&own));
            let mut made = self.settle(parts.iter().chain(&own).copied().collect(), all, schemas, path);
            path.truncate(before);
            if let Some(discriminator) = union.discriminator {
                self.tell(discriminator, at, &own, &mut made);
            }
            if self.fits(schemas, &made) {
                return made;
            }
            first.get_or_insert(made);
            if self.is_spent() {
                break;
            }
        }
        first.unwrap_or(Value::Null)
    }

    /// Writes into an object which alternative it is, unless its own schema says so.
    fn tell(&self, discriminator: Node<'_>, chosen: At, own: &[At], made: &mut Value) {
        let name = discriminator.get_str("propertyName").or_else(|| discriminator.as_str());
        let (Some(name), Value::Object(members)) = (name, made) else { return };
        let said = |schema: &Node<'_>| {
            let property = schema.get("properties").and_then(|all| all.get(name));
            property.is_some_and(|one| one.get("const").or_else(|| one.get("enum")).is_some())
        };
        if self.nodes(own).schemas.iter().any(said) {
            return;
        }
        let Some(reference) = self.node(chosen).get_str("$ref") else { return };
        let short = reference.rsplit('/').next().unwrap_or(reference);
        let mapping = discriminator.get("mapping").into_iter().flat_map(Node::members);
        let mut mapped =
            mapping.filter(|(_, target)| target.as_str().is_some_and(|to| to == reference || to == short));
        let value = mapped.next().map_or(short, |(value, _)| value);
        members.insert(name.to_owned(), value.into());
    }

    fn typed(&self, parts: &[At], path: &mut Vec<At>) -> Value {
        let nodes = self.nodes(parts);
        match kind(&nodes.schemas) {
            "object" => self.object(parts, path),
            "array" => self.array(parts, path),
            "integer" => nodes.number(true),
            "number" => nodes.number(false),
            "boolean" => Value::Bool(true),
            "null" => Value::Null,
            _ => self.text(parts, &nodes),
        }
    }

    /// Only patterns need a check: everything else is worked out.
    fn text(&self, parts: &[At], bounds: &Bounds<'_>) -> Value {
        let texts = bounds.texts();
        let usual = texts.first().cloned().unwrap_or_default();
        if bounds.first("pattern").is_none() {
            return Value::String(usual);
        }
        let mut all = texts.into_iter().map(Value::String);
        all.find(|text| self.fits(parts, text)).unwrap_or(Value::String(usual))
    }

    fn array(&self, parts: &[At], path: &mut Vec<At>) -> Value {
        let bounds = self.nodes(parts);
        let (mut first, mut rest, mut wanted) = (Vec::new(), Vec::new(), Vec::new());
        for at in parts {
            let below = |node: Node<'_>| At { file: at.file, node: node.id() };
            let schema = self.node(*at);
            let tuple =
                schema.get("prefixItems").or_else(|| schema.get("items").filter(|items| items.is_array()));
            if let Some(tuple) = tuple {
                first = tuple.items().map(below).collect();
            }
            let word = if schema.get("items").is_some_and(|items| items.is_array()) {
                "additionalItems"
            } else {
                "items"
            };
            rest.extend(schema.get(word).map(below));
            wanted.extend(schema.get("contains").map(below));
        }
        let least = bounds.least("minItems").unwrap_or_default().max(usize::from(!wanted.is_empty()));
        let most = bounds.most("maxItems").unwrap_or(usize::MAX);
        let recurs = rest.iter().any(|at| path.contains(&self.validators.graph().follow(*at)));
        let usual = usize::from(!recurs && !self.is_spent() && !rest.is_empty()).max(first.len());
        let count = least.max(usual).min(most).min(LENGTH_MAX);
        let mut items: Vec<Value> = Vec::with_capacity(count);
        for index in 0..count {
            let schemas: Vec<At> = match first.get(index) {
                Some(own) => vec![*own],
                None if index == first.len() => rest.iter().chain(&wanted).copied().collect(),
                None => rest.clone(),
            };
            let same = index > first.len() + usize::from(!wanted.is_empty());
            let item = match items.last().filter(|_| same) {
                Some(last) => last.clone(),
                None => self.make(&schemas, path),
            };
            items.push(item);
        }
        if bounds.holds("uniqueItems") {
            self.distinguish(&mut items, &rest);
        }
        Value::Array(items)
    }

    /// Makes items differ from each other: the next of an `enum`, the next number, one letter more.
    fn distinguish(&self, items: &mut [Value], schemas: &[At]) {
        let parts = self.flatten(schemas);
        let listed: Vec<Value> = self
            .nodes(&parts)
            .schemas
            .iter()
            .filter_map(|schema| schema.get("enum"))
            .flat_map(Node::items)
            .map(tenon_graph::to_value)
            .collect();
        let mut taken: Vec<Value> = Vec::with_capacity(items.len());
        for item in items {
            if taken.contains(item) {
                let others =
                    listed.iter().cloned().chain((1..TRIED_MAX + taken.len()).map(|n| other(item, n)));
                let mut fitting = others.filter(|one| !taken.contains(one) && self.fits(schemas, one));
                if let Some(found) = fitting.next() {
                    *item = found;
                }
            }
            taken.push(item.clone());
        }
    }
}

/// A value like another, the n-th.
fn other(value: &Value, n: usize) -> Value {
    match value {
        Value::String(text) => {
            let number = n.to_string();
            let kept: String = text.chars().take(text.chars().count().saturating_sub(number.len())).collect();
            let first: String = text.chars().skip(number.len()).collect();
            // By turns at the end, at the beginning, and longer.
            Value::String(match n % 3 {
                0 => format!("{text}{number}"),
                1 => format!("{kept}{number}"),
                _ => format!("{number}{first}"),
            })
        }
        Value::Number(number) => plain(number.as_f64().unwrap_or_default() + n as f64),
        Value::Bool(flag) => Value::Bool(!flag),
        Value::Array(items) => Value::Array(items.iter().map(|item| other(item, n)).collect()),
        Value::Object(members) => {
            let mut changed = members.clone();
            let scalar = |value: &&mut Value| value.is_string() || value.is_number();
            if let Some(member) = changed.values_mut().find(scalar) {
                *member = other(member, n);
            }
            Value::Object(changed)
        }
        Value::Null => Value::Null,
    }
}

/// The type all schemas allow: the first that is not `null`.
fn kind<'s>(schemas: &[Node<'s>]) -> &'s str {
    let mut allowed: Option<Vec<&'s str>> = None;
    for schema in schemas {
        let Some(kind) = schema.get("type") else { continue };
        let mut names: Vec<&'s str> = kind.as_str().into_iter().collect();
        names.extend(kind.items().filter_map(Node::as_str));
        allowed = Some(match allowed {
            None => names,
            Some(before) => {
                let both =
                    |name: &&str| names.contains(name) || (**name == *"integer" && names.contains(&"number"));
                let narrowed = |name: &str| {
                    if name == "number" && names.contains(&"integer") { Some("integer") } else { None }
                };
                before
                    .iter()
                    .filter_map(|name| if both(name) { Some(*name) } else { narrowed(name) })
                    .collect()
            }
        });
    }
    if let Some(names) = allowed {
        let useful = names.iter().find(|name| **name != "null").or(names.first());
        return useful.copied().unwrap_or("null");
    }
    let has =
        |words: &[&str]| schemas.iter().any(|schema| words.iter().any(|word| schema.get(word).is_some()));
    if has(&[
        "properties",
        "required",
        "additionalProperties",
        "minProperties",
        "patternProperties",
        "propertyNames",
    ]) {
        "object"
    } else if has(&["items", "prefixItems", "minItems", "uniqueItems", "contains"]) {
        "array"
    } else if has(&["minimum", "maximum", "multipleOf", "exclusiveMinimum", "exclusiveMaximum"]) {
        "number"
    } else {
        "string"
    }
}
