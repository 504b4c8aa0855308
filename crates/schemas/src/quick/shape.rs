//! One schema, read for the walk.

use jsonschema::Draft;
use tenon_source::{Kind, Node};

use super::leaf::{Leaf, Verdict};

/// The place of a schema: which of the texts, and the value in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct At {
    pub(super) text: usize,
    pub(super) node: u32,
}

/// What a keyword holds a value to.
#[derive(Debug)]
pub(super) struct Shape {
    /// A schema that takes everything or nothing.
    pub(super) always: Option<bool>,
    /// Whether it says something that the walk does not know.
    pub(super) unknown: bool,
    pub(super) reference: Option<At>,
    /// The types allowed, as bits of [`type_bit`]; 0 for all.
    pub(super) types: u8,
    /// `enum` or `const`, as the texts and booleans they list; `None` in it is another value.
    pub(super) choices: Option<Vec<Option<Choice>>>,
    pub(super) all_of: Vec<At>,
    pub(super) any_of: Vec<At>,
    pub(super) one_of: Vec<At>,
    pub(super) not: Option<At>,
    pub(super) condition: Option<[Option<At>; 3]>,
    pub(super) object: ObjectShape,
    pub(super) array: ArrayShape,
    /// The least number, and whether it is itself excluded.
    pub(super) minimum: Option<(f64, bool)>,
    pub(super) maximum: Option<f64>,
    /// The fewest and most characters of a text.
    pub(super) length: Option<(usize, usize)>,
    pub(super) text: Vec<Leaf>,
}

/// A value that is listed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Choice {
    Text(String),
    Bool(bool),
}

#[derive(Debug, Default)]
pub(super) struct ObjectShape {
    pub(super) required: Vec<String>,
    /// By name.
    pub(super) properties: Vec<(String, At)>,
    pub(super) patterns: Vec<(Leaf, At)>,
    pub(super) additional: Option<At>,
    pub(super) unevaluated: Option<At>,
    pub(super) names: Option<At>,
    pub(super) least: Option<usize>,
    pub(super) most: Option<usize>,
    pub(super) dependent: Vec<(String, At)>,
}

#[derive(Debug, Default)]
pub(super) struct ArrayShape {
    pub(super) items: Option<At>,
    pub(super) least: Option<usize>,
    pub(super) most: Option<usize>,
    pub(super) unique: bool,
    /// `contains`, with the fewest and most items it may fit.
    pub(super) contains: Option<(At, usize, usize)>,
}

impl ObjectShape {
    /// Whether it says anything about the members.
    pub(super) fn looks_at_members(&self) -> bool {
        !self.properties.is_empty()
            || !self.patterns.is_empty()
            || self.additional.is_some()
            || self.names.is_some()
    }
}

/// The bit of a type in [`Shape::types`].
pub(super) fn type_bit(kind: Kind) -> u8 {
    match kind {
        Kind::Null => 1,
        Kind::Bool => 2,
        Kind::Number => 4,
        Kind::String => 8,
        Kind::Array => 16,
        Kind::Object => 32,
    }
}

/// The bit of `integer`, which only some numbers are.
pub(super) const INTEGER: u8 = 64;

/// What reading a schema needs to know of the text it stands in.
pub(super) struct Reading<'s> {
    pub(super) text: usize,
    pub(super) draft: Draft,
    pub(super) resolve: &'s dyn Fn(&str) -> Option<At>,
}

impl Reading<'_> {
    /// Whether `$ref` hides what stands beside it, and formats count.
    fn is_early(&self) -> bool {
        matches!(self.draft, Draft::Draft4 | Draft::Draft7)
    }

    fn at(&self, node: Node<'_>) -> At {
        At { text: self.text, node: node.id().index() }
    }

    fn list(&self, node: Node<'_>) -> Vec<At> {
        node.items().map(|item| self.at(item)).collect()
    }

    fn by_name(&self, node: Node<'_>) -> Vec<(String, At)> {
        let mut named: Vec<_> =
            node.members().map(|(name, value)| (name.to_owned(), self.at(value))).collect();
        named.sort_by(|a, b| a.0.cmp(&b.0));
        named
    }

    /// Reads a schema.
    pub(super) fn shape(&self, node: Node<'_>) -> Shape {
        let mut shape = Shape {
            always: node.as_bool(),
            unknown: !node.is_object() && node.as_bool().is_none(),
            reference: None,
            types: 0,
            choices: None,
            all_of: Vec::new(),
            any_of: Vec::new(),
            one_of: Vec::new(),
            not: None,
            condition: None,
            object: ObjectShape::default(),
            array: ArrayShape::default(),
            minimum: None,
            maximum: None,
            length: None,
            text: Vec::new(),
        };
        if self.is_early()
            && let Some(reference) = node.get_str("$ref")
        {
            self.reference(reference, &mut shape);
            return shape;
        }
        for (name, value) in node.members() {
            self.keyword(node, name, value, &mut shape);
        }
        shape
    }

    fn reference(&self, text: &str, shape: &mut Shape) {
        shape.reference = (self.resolve)(text);
        shape.unknown |= shape.reference.is_none();
    }

    fn keyword(&self, owner: Node<'_>, name: &str, value: Node<'_>, shape: &mut Shape) {
        match name {
            "$ref" => self.reference(value.as_str().unwrap_or_default(), shape),
            // The one dynamic anchor of the official schemas is their schema object.
            "$dynamicRef" if value.as_str() == Some("#meta") && shape.reference.is_none() => {
                self.reference("#/$defs/schema", shape);
            }
            "type" => match types(value) {
                Some(bits) => shape.types = bits,
                None => shape.unknown = true,
            },
            "enum" => shape.choices = Some(value.items().map(choice).collect()),
            "const" => shape.choices = Some(vec![choice(value)]),
            "allOf" => shape.all_of = self.list(value),
            "anyOf" => shape.any_of = self.list(value),
            "oneOf" => shape.one_of = self.list(value),
            "not" => shape.not = Some(self.at(value)),
            "if" => {
                let branch = |name| owner.get(name).map(|node| self.at(node));
                shape.condition = Some([Some(self.at(value)), branch("then"), branch("else")]);
            }
            "pattern" => shape.text.push(Leaf::pattern(value.as_str().unwrap_or_default())),
            "format" if !self.is_early() => {}
            "format" => shape.text.push(Leaf::format(value.as_str().unwrap_or_default(), self.draft)),
            "minimum" => match value.as_f64() {
                Some(least) => {
                    let open = owner.get("exclusiveMinimum").and_then(Node::as_bool) == Some(true);
                    shape.minimum = Some((least, open));
                }
                None => shape.unknown = true,
            },
            "maximum" => match (value.as_f64(), owner.get("exclusiveMaximum")) {
                (Some(most), None) => shape.maximum = Some(most),
                _ => shape.unknown = true,
            },
            "exclusiveMinimum" => match (value.as_bool(), value.as_f64()) {
                (Some(_), _) if self.draft == Draft::Draft4 => {}
                (_, Some(least)) if owner.get("minimum").is_none() => shape.minimum = Some((least, true)),
                _ => shape.unknown = true,
            },
            "then" | "else" | "minContains" | "maxContains" => {}
            "title" | "description" | "default" | "$comment" | "example" | "examples" => {}
            "id" | "$id" | "$schema" | "$defs" | "definitions" | "$dynamicAnchor" => {}
            _ => self.container(owner, name, value, shape),
        }
    }

    fn container(&self, owner: Node<'_>, name: &str, value: Node<'_>, shape: &mut Shape) {
        let count = |value: Node<'_>| value.number_text().and_then(|text| text.parse::<usize>().ok());
        let limit = |name, otherwise| owner.get(name).map_or(Some(otherwise), count);
        let (object, array) = (&mut shape.object, &mut shape.array);
        match name {
            "required" => {
                object.required = value.items().filter_map(|item| Some(item.as_str()?.to_owned())).collect();
            }
            "properties" => object.properties = self.by_name(value),
            "patternProperties" => {
                let patterns = value.members();
                object.patterns =
                    patterns.map(|(name, schema)| (Leaf::pattern(name), self.at(schema))).collect();
            }
            "additionalProperties" => object.additional = Some(self.at(value)),
            "unevaluatedProperties" => object.unevaluated = Some(self.at(value)),
            "propertyNames" => object.names = Some(self.at(value)),
            "dependentSchemas" => object.dependent = self.by_name(value),
            "minProperties" => object.least = count(value),
            "maxProperties" => object.most = count(value),
            // It counts only beside a list of schemas.
            "additionalItems" if owner.get("items").is_none_or(|items| !items.is_array()) => {}
            "items" if !value.is_array() => array.items = Some(self.at(value)),
            "minItems" => array.least = count(value),
            "maxItems" => array.most = count(value),
            "uniqueItems" => array.unique = value.as_bool() == Some(true),
            "minLength" | "maxLength" => match (limit("minLength", 0), limit("maxLength", usize::MAX)) {
                (Some(least), Some(most)) => shape.length = Some((least, most)),
                _ => shape.unknown = true,
            },
            "contains" => match (limit("minContains", 1), limit("maxContains", usize::MAX)) {
                (Some(least), Some(most)) => array.contains = Some((self.at(value), least, most)),
                _ => shape.unknown = true,
            },
            _ => shape.unknown = true,
        }
    }
}

fn types(node: Node<'_>) -> Option<u8> {
    let bit = |node: Node<'_>| match node.as_str()? {
        "null" => Some(type_bit(Kind::Null)),
        "boolean" => Some(type_bit(Kind::Bool)),
        "number" => Some(type_bit(Kind::Number)),
        "integer" => Some(INTEGER),
        "string" => Some(type_bit(Kind::String)),
        "array" => Some(type_bit(Kind::Array)),
        "object" => Some(type_bit(Kind::Object)),
        _ => None,
    };
    match node.is_array() {
        true => node.items().map(bit).try_fold(0, |all, one| Some(all | one?)),
        false => bit(node),
    }
}

fn choice(node: Node<'_>) -> Option<Choice> {
    match (node.as_str(), node.as_bool()) {
        (Some(text), _) => Some(Choice::Text(text.to_owned())),
        (_, Some(bool)) => Some(Choice::Bool(bool)),
        _ => None,
    }
}

impl Shape {
    /// Whether a value is one of those listed.
    pub(super) fn lists(&self, node: Node<'_>) -> Verdict {
        let Some(choices) = &self.choices else { return Verdict::Fits };
        let Some(found) = choice(node) else {
            // Values of other kinds are compared by the validator alone.
            return if choices.iter().all(Option::is_some) { Verdict::Fails } else { Verdict::Unsure };
        };
        Verdict::of(choices.iter().flatten().any(|choice| *choice == found))
    }
}

impl Shape {
    /// Whether it asks of a text nothing but its pattern, format, a list, and that another schema
    /// does not take it.
    pub(super) fn is_for_texts(&self) -> bool {
        let combines = !self.any_of.is_empty() || !self.one_of.is_empty() || self.condition.is_some();
        let takes_texts = self.types == 0 || self.types & type_bit(Kind::String) != 0;
        takes_texts && !self.unknown && !combines
    }

    /// Whether a text is one of those listed.
    pub(super) fn lists_text(&self, text: &str) -> Verdict {
        let Some(choices) = &self.choices else { return Verdict::Fits };
        Verdict::of(choices.iter().flatten().any(|choice| matches!(choice, Choice::Text(one) if one == text)))
    }

    /// Whether a text has the length and each form asked for.
    pub(super) fn takes_text(&self, text: &str) -> Verdict {
        let is_long = |(least, most): (usize, usize)| (least..=most).contains(&text.chars().count());
        let length = Verdict::of(self.length.is_none_or(is_long));
        self.text.iter().fold(length, |verdict, leaf| verdict.and(leaf.of(text)))
    }
}
