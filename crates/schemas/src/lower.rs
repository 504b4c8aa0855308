//! Schema objects of every dialect to schemas the validator compiles.
//!
//! Only keywords that assert something are kept, each at the place it had, so that a failure's
//! schema path leads back to the keyword in the file. A keyword whose value has the wrong shape is
//! left out: other rules say so, and the rest of the schema still counts.

use serde_json::{Map, Number, Value, json};
use tenon_graph::{Dialect, Graph};
use tenon_source::{At, Kind, Node};

use crate::keywords::{Shape, shape};
use crate::reference;
use crate::validators::{Direction, Key};
use crate::value::{number, to_value};

/// Deepest chain of schemas that is searched for a property's `readOnly`, a count. Real schemas
/// inherit over a handful of levels.
const INHERITANCE_MAX: usize = 16;

/// Lowers one schema object; what it refers to stays a reference.
pub(crate) fn lower(graph: &Graph, key: Key) -> Value {
    Lowering { graph, dialect: key.dialect, direction: key.direction }.schema(key.at)
}

struct Lowering<'g> {
    graph: &'g Graph,
    dialect: Dialect,
    direction: Direction,
}

impl Lowering<'_> {
    fn schema(&self, at: At) -> Value {
        let node = self.graph.node(at);
        if let Some(boolean) = node.as_bool() {
            return Value::Bool(boolean || !self.has_boolean_schemas());
        }
        let mut out = Map::new();
        if node.get_str("$ref").is_some() {
            // Where members beside a reference count, each step of a chain may have some.
            let target = match self.has_ref_siblings() {
                true => self.graph.target(at),
                false => self.graph.target(at).map(|target| self.graph.follow(target)),
            };
            let text = node.get_str("$ref").unwrap_or_default();
            if target.is_none() && crate::native::is_meta_schema(text) {
                // The validator carries the meta-schemas itself.
                out.insert("$ref".to_owned(), Value::from(text));
            }
            if let Some(target) = target {
                let key = Key { at: target, dialect: self.dialect, direction: self.direction };
                out.insert(reference::KEYWORD.to_owned(), reference::lowered(key));
            }
            if !self.has_ref_siblings() {
                return self.nullable(node, out);
            }
        }
        for (name, value) in node.members() {
            if let Some(shape) = shape(name, self.dialect)
                && let Some(lowered) = self.keyword(shape, at, value)
            {
                out.insert(name.to_owned(), lowered);
            }
        }
        self.bounds(node, &mut out);
        self.nullable(node, out)
    }

    fn has_boolean_schemas(&self) -> bool {
        !matches!(self.dialect, Dialect::Swagger2 | Dialect::OpenApi30 | Dialect::Draft4)
    }

    fn has_ref_siblings(&self) -> bool {
        matches!(self.dialect, Dialect::Draft201909 | Dialect::Draft202012)
    }

    fn at(&self, from: At, node: Node<'_>) -> At {
        At { file: from.file, node: node.id() }
    }

    fn keyword(&self, shape: Shape, owner: At, value: Node<'_>) -> Option<Value> {
        match shape {
            Shape::Any => Some(to_value(value)),
            Shape::Text => value.as_str().map(Value::from),
            Shape::Flag => value.as_bool().map(Value::from),
            Shape::Number => number(value).map(Value::Number),
            Shape::Count => count(value),
            Shape::List => {
                let may_be_empty = self.has_boolean_schemas();
                (value.is_array() && (may_be_empty || !value.is_empty())).then(|| to_value(value))
            }
            Shape::Required => self.required(owner, value),
            Shape::Types => self.types(value),
            Shape::Schema => self.is_schema(value).then(|| self.schema(self.at(owner, value))),
            Shape::SchemaOrFlag => match value.as_bool() {
                Some(flag) => Some(Value::Bool(flag)),
                None => value.is_object().then(|| self.schema(self.at(owner, value))),
            },
            Shape::Schemas => self.schemas(owner, value),
            Shape::SchemaOrSchemas => match value.kind() {
                Kind::Array => self.schemas(owner, value),
                _ => self.keyword(Shape::Schema, owner, value),
            },
            Shape::SchemaMap => {
                self.map(value, |member| self.is_schema(member).then(|| self.schema(self.at(owner, member))))
            }
            Shape::Dependencies => self.map(value, |member| match member.kind() {
                Kind::Array => names(member),
                _ => self.is_schema(member).then(|| self.schema(self.at(owner, member))),
            }),
            Shape::NamesMap => self.map(value, names),
            // The names have no tree to follow references in, so the target is written here.
            Shape::NameSchema => {
                let target = self.graph.follow(self.at(owner, value));
                self.is_schema(self.graph.node(target)).then(|| self.schema(target))
            }
        }
    }

    fn is_schema(&self, value: Node<'_>) -> bool {
        value.is_object() || (value.as_bool().is_some() && self.has_boolean_schemas())
    }

    fn schemas(&self, owner: At, value: Node<'_>) -> Option<Value> {
        let whole = !value.is_empty() && value.items().all(|item| self.is_schema(item));
        whole.then(|| value.items().map(|item| self.schema(self.at(owner, item))).collect())
    }

    fn map<'t>(&self, value: Node<'t>, lower: impl Fn(Node<'t>) -> Option<Value>) -> Option<Value> {
        value.is_object().then(|| {
            let members = value.members();
            Value::Object(
                members.filter_map(|(name, member)| Some((name.to_owned(), lower(member)?))).collect(),
            )
        })
    }

    fn types(&self, value: Node<'_>) -> Option<Value> {
        let known = |name: &&str| {
            matches!(*name, "string" | "number" | "integer" | "boolean" | "array" | "object" | "null")
        };
        match value.kind() {
            Kind::String => value.as_str().filter(known).map(Value::from),
            Kind::Array => {
                let mut names: Vec<&str> = value.items().filter_map(Node::as_str).filter(known).collect();
                names.sort_unstable();
                names.dedup();
                (!names.is_empty() && names.len() == value.len()).then(|| json!(names))
            }
            _ => None,
        }
    }

    /// The names that must be there in this direction: a member that only responses have is not
    /// demanded of a request, and the other way round.
    fn required(&self, owner: At, value: Node<'_>) -> Option<Value> {
        let mut names: Vec<&str> = value.items().filter_map(Node::as_str).collect();
        if !value.is_array() || names.len() != value.len() {
            return None;
        }
        names.sort_unstable();
        names.dedup();
        names.retain(|name| !self.is_left_out(owner, name, 0));
        (!names.is_empty()).then(|| json!(names))
    }

    fn is_left_out(&self, owner: At, name: &str, depth: usize) -> bool {
        if depth > INHERITANCE_MAX {
            return false;
        }
        let owner = self.graph.follow(owner);
        let node = self.graph.node(owner);
        if let Some(property) = node.get("properties").and_then(|properties| properties.get(name)) {
            let flags = [property, self.graph.node(self.graph.follow(self.at(owner, property)))];
            return flags.iter().any(|schema| self.is_other_direction(*schema));
        }
        let parents = node.get("allOf").into_iter().flat_map(Node::items);
        parents.into_iter().any(|parent| self.is_left_out(self.at(owner, parent), name, depth + 1))
    }

    fn is_other_direction(&self, property: Node<'_>) -> bool {
        let flag = |name| property.get(name).and_then(Node::as_bool) == Some(true);
        match self.direction {
            Direction::Request => flag("readOnly"),
            Direction::Response => flag("writeOnly"),
            Direction::Either => flag("readOnly") || flag("writeOnly"),
            Direction::Whole => false,
        }
    }

    /// Boolean `exclusiveMinimum` and `exclusiveMaximum` to numbers, and the ranges that the
    /// formats `int32` and `int64` stand for.
    fn bounds(&self, node: Node<'_>, out: &mut Map<String, Value>) {
        if !matches!(self.dialect, Dialect::Swagger2 | Dialect::OpenApi30 | Dialect::Draft202012) {
            return;
        }
        let range = match (node.get_str("format"), node.get_str("type")) {
            (Some("int32"), Some("integer" | "number")) => Some((json!(i32::MIN), json!(i32::MAX))),
            (Some("int64"), Some("integer" | "number")) => Some((json!(i64::MIN), json!(i64::MAX))),
            _ => None,
        };
        if let Some((least, most)) = range {
            let open =
                |bound: &str, exclusive: &str| !out.contains_key(bound) && !out.contains_key(exclusive);
            let (low, high) = (open("minimum", "exclusiveMinimum"), open("maximum", "exclusiveMaximum"));
            low.then(|| out.insert("minimum".to_owned(), least));
            high.then(|| out.insert("maximum".to_owned(), most));
        }
        for (bound, exclusive) in [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")] {
            if node.get(exclusive).and_then(Node::as_bool) == Some(true)
                && let Some(limit) = out.remove(bound)
            {
                out.insert(exclusive.to_owned(), limit);
            }
        }
    }

    /// A schema that also allows `null`, where the dialect says so beside the type. The
    /// specification lets it count only beside a `type`; authors mean it everywhere.
    fn nullable(&self, node: Node<'_>, mut out: Map<String, Value>) -> Value {
        let name = match self.dialect {
            Dialect::OpenApi30 => "nullable",
            Dialect::Swagger2 => "x-nullable",
            _ => return Value::Object(out),
        };
        if node.get(name).and_then(Node::as_bool) != Some(true) {
            return Value::Object(out);
        }
        if let Some(Value::Array(options)) = out.get_mut("enum")
            && !options.contains(&Value::Null)
        {
            options.push(Value::Null);
        }
        if let Some(Value::String(only)) = out.get("type") {
            let types = json!([only, "null"]);
            out.insert("type".to_owned(), types);
        }
        let combined = [reference::KEYWORD, "allOf", "oneOf", "anyOf", "not"];
        if combined.iter().any(|keyword| out.contains_key(*keyword)) {
            return json!({ "if": { "not": { "type": "null" } }, "then": out });
        }
        Value::Object(out)
    }
}

/// A whole number that is not negative.
fn count(value: Node<'_>) -> Option<Value> {
    let count = value.as_f64().filter(|count| *count >= 0.0 && count.fract() == 0.0)?;
    // Larger counts than this say nothing, and a double no longer tells them apart.
    (count < 9_007_199_254_740_992.0).then(|| {
        let digits = format!("{count:.0}");
        digits.parse::<Number>().map_or(Value::Null, Value::Number)
    })
}

/// A list of names, each once.
fn names(value: Node<'_>) -> Option<Value> {
    let mut names: Vec<&str> = value.items().filter_map(Node::as_str).collect();
    if !value.is_array() || names.len() != value.len() {
        return None;
    }
    names.sort_unstable();
    names.dedup();
    Some(json!(names))
}
