//! Schemas as types of the model.

use std::collections::{BTreeMap, BTreeSet};

use tenon_graph::protobuf::{EnumId, MessageId};
use tenon_graph::{Graph, SchemaRole};
use tenon_source::{At, Node, NodeId};

use super::model::{Discriminator, Field, Presence, Shape, Type, TypeDef, TypeId};
use super::names::{Names, pascal, words};

/// Deepest nesting of `allOf` that is followed, a count; deeper is a cycle.
const MERGE_DEPTH_MAX: usize = 32;

/// Longest name of a type, in characters: what is nested deeper is told apart by numbers.
const NAME_CHARS_MAX: usize = 96;

/// The named types of a client, as they are met.
pub(super) struct Types<'g> {
    pub(super) graph: &'g Graph,
    pub(super) all: Vec<TypeDef>,
    by_place: BTreeMap<At, TypeId>,
    pub(super) by_message: BTreeMap<MessageId, TypeId>,
    pub(super) by_enum: BTreeMap<EnumId, TypeId>,
    names: Names,
}

/// The members of an object with those of its `allOf`.
#[derive(Default)]
struct Merged {
    fields: Vec<(String, At)>,
    required: BTreeSet<String>,
    additional: Option<At>,
    /// Whether further members are spoken of and not forbidden.
    is_open: bool,
    is_object: bool,
    seen: BTreeSet<At>,
}

impl<'g> Types<'g> {
    pub(super) fn new(graph: &'g Graph) -> Self {
        Self {
            graph,
            all: Vec::new(),
            by_place: BTreeMap::new(),
            by_message: BTreeMap::new(),
            by_enum: BTreeMap::new(),
            names: Names::of_types(),
        }
    }

    /// The type of a schema. `hint` names it where it has no name of its own.
    pub(super) fn schema(&mut self, at: At, hint: &str) -> Type {
        let target = self.graph.follow(at);
        let node = self.graph.node(target);
        let inner = match self.by_place.get(&target) {
            Some(id) => Type::Named(*id),
            None => self.fresh(target, hint, target != at || self.stands_alone(target)),
        };
        match inner {
            Type::Any | Type::Nullable(_) => inner,
            inner if self.is_nullable(node) => Type::Nullable(Box::new(inner)),
            inner => inner,
        }
    }

    /// Makes room for a type and gives it its name.
    pub(super) fn reserve(&mut self, name: &str, doc: String) -> TypeId {
        let id = TypeId(self.all.len());
        let short: String = name.chars().take(NAME_CHARS_MAX).collect();
        let name = self.names.give(&pascal(&words(&short)), "Model");
        self.all.push(TypeDef { name, doc, shape: Shape::Alias(Type::Any) });
        id
    }

    pub(super) fn settle(&mut self, id: TypeId, shape: Shape) {
        if let Some(one) = self.all.get_mut(id.0) {
            one.shape = shape;
        }
    }

    /// The fields of an object type, names that only stand for others followed.
    pub(super) fn fields(&self, ty: &Type) -> Option<&[Field]> {
        let Type::Named(id) = self.plain(ty) else { return None };
        match &self.all.get(id.0)?.shape {
            Shape::Object { fields, .. } => Some(fields),
            _ => None,
        }
    }

    /// A type without `null`, names that only stand for others followed.
    pub(super) fn plain<'t>(&'t self, ty: &'t Type) -> &'t Type {
        let mut ty = ty;
        for _ in 0..=self.all.len() {
            match ty {
                Type::Nullable(inner) => ty = inner,
                Type::Named(id) => match self.all.get(id.0).map(|one| &one.shape) {
                    Some(Shape::Alias(inner)) => ty = inner,
                    _ => break,
                },
                _ => break,
            }
        }
        ty
    }

    /// The type at the end of a way through objects.
    pub(super) fn at(&self, ty: &Type, way: &[String]) -> Option<Type> {
        let mut ty = self.plain(ty).clone();
        for name in way {
            let field = self.fields(&ty)?.iter().find(|field| field.wire == *name)?;
            ty = self.plain(&field.ty).clone();
        }
        Some(ty)
    }

    fn fresh(&mut self, at: At, hint: &str, is_named: bool) -> Type {
        let node = self.graph.node(at);
        if let Some(simple) = simple(node) {
            return simple;
        }
        if !is_named {
            return match self.shape(at, hint) {
                Shape::Alias(ty) => ty,
                shape => {
                    // A reference to this place was met on the way.
                    let known = self.by_place.get(&at).copied();
                    let id = known.unwrap_or_else(|| self.reserve(hint, doc(node)));
                    self.by_place.insert(at, id);
                    self.settle(id, shape);
                    Type::Named(id)
                }
            };
        }
        let name = self.name_of(at, hint);
        let id = self.reserve(&name, doc(node));
        self.by_place.insert(at, id);
        let shape = self.shape(at, &name);
        self.settle(id, shape);
        Type::Named(id)
    }

    fn stands_alone(&self, at: At) -> bool {
        at.node == NodeId::ROOT
            || self.graph.schema(at).is_some_and(|schema| schema.role == SchemaRole::Component)
    }

    /// The name in its document, the title or the name of its file.
    fn name_of(&self, at: At, hint: &str) -> String {
        const HOLDERS: [&str; 4] = ["schemas", "definitions", "$defs", "messages"];
        let node = self.graph.node(at);
        if at.node == NodeId::ROOT {
            let path = self.graph.sources.get(at.file).map_or("Schema", |file| file.path.as_str());
            let file = path.rsplit('/').next().unwrap_or(path);
            let file = file.split('.').next().unwrap_or(file);
            let title = node.get_str("title").filter(|title| words(title).len() <= 6);
            return title.unwrap_or(file).to_owned();
        }
        let holder = node.parent().and_then(Node::key).unwrap_or_default();
        match node.key().filter(|_| HOLDERS.contains(&holder)) {
            Some(key) => key.to_owned(),
            None => hint.to_owned(),
        }
    }

    fn shape(&mut self, at: At, name: &str) -> Shape {
        let node = self.graph.node(at);
        if node.get("allOf").is_some_and(|all| !all.is_empty()) {
            return self.merged(at, name);
        }
        let variants = self.variants(at);
        if !variants.is_empty() && !has_members(node) {
            return self.union(at, &variants, name);
        }
        if let Some(values) = texts(node) {
            return match <[String; 1]>::try_from(values) {
                Ok([one]) => Shape::Alias(Type::Literal(one)),
                Err(values) => Shape::Enum(values),
            };
        }
        let kinds = kinds(node);
        match kinds.as_slice() {
            [] if is_object(node) => self.object(at, name),
            [] if node.get("items").is_some() => self.list(at, name),
            [one] => self.of_kind(at, one, name),
            [] => Shape::Alias(Type::Any),
            several => {
                let mut types: Vec<Type> = Vec::new();
                for kind in several {
                    let part = format!("{name}{}", pascal(&words(kind)));
                    let ty = match self.of_kind(at, kind, &part) {
                        Shape::Alias(ty) => ty,
                        shape => {
                            let id = self.reserve(&part, doc(node));
                            self.settle(id, shape);
                            Type::Named(id)
                        }
                    };
                    if !types.contains(&ty) {
                        types.push(ty);
                    }
                }
                settled(types, None)
            }
        }
    }

    fn of_kind(&mut self, at: At, kind: &str, name: &str) -> Shape {
        match kind {
            "object" => self.object(at, name),
            "array" => self.list(at, name),
            _ => Shape::Alias(scalar(kind, self.graph.node(at))),
        }
    }

    fn list(&mut self, at: At, name: &str) -> Shape {
        let items = self.graph.node(at).get("items").filter(|items| items.is_object());
        let tuple = self.graph.node(at).get("prefixItems").is_some();
        let item = match items.filter(|_| !tuple) {
            Some(items) => self.schema(At { file: at.file, node: items.id() }, &format!("{name}Item")),
            None => Type::Any,
        };
        Shape::Alias(Type::List(Box::new(item)))
    }

    fn object(&mut self, at: At, name: &str) -> Shape {
        let mut merged = Merged::default();
        self.collect(at, &mut merged, 0);
        self.object_of(merged, name)
    }

    fn object_of(&mut self, merged: Merged, name: &str) -> Shape {
        let additional = match merged.additional {
            Some(at) => Some(self.schema(at, &format!("{name}Value"))),
            None if merged.is_open => Some(Type::Any),
            None => None,
        };
        if merged.fields.is_empty() {
            return match additional {
                Some(ty) => Shape::Alias(Type::Map(Box::new(ty))),
                None => Shape::Object { fields: Vec::new(), additional: None },
            };
        }
        let mut fields = Vec::with_capacity(merged.fields.len());
        for (wire, at) in merged.fields {
            let hint = format!("{name}{}", pascal(&words(&wire)));
            let node = self.graph.node(at);
            let ty = self.schema(at, &hint);
            // What only one side sends is not there for the other.
            let one_sided = ["readOnly", "writeOnly"]
                .iter()
                .any(|word| node.get(word).and_then(Node::as_bool) == Some(true));
            let presence = match merged.required.contains(&wire) && !one_sided {
                true => Presence::Required,
                false => Presence::Optional,
            };
            // Said where it is used, or where it is defined.
            let doc = match field_doc(node) {
                said if said.is_empty() => field_doc(self.graph.node(self.graph.follow(at))),
                said => said,
            };
            fields.push(Field { doc, wire, ty, presence });
        }
        Shape::Object { fields, additional }
    }

    /// An object of all that `allOf` says, or the first member where nothing is said of members.
    fn merged(&mut self, at: At, name: &str) -> Shape {
        let mut merged = Merged::default();
        self.collect(at, &mut merged, 0);
        if merged.is_object && !merged.fields.is_empty() {
            return self.object_of(merged, name);
        }
        let node = self.graph.node(at);
        let members: Vec<At> = node
            .get("allOf")
            .into_iter()
            .flat_map(Node::items)
            .map(|item| At { file: at.file, node: item.id() })
            .collect();
        let telling = |member: &&At| simple(self.graph.node(self.graph.follow(**member))) != Some(Type::Any);
        match members.iter().find(telling).copied() {
            // A member that is this very schema says nothing.
            Some(member) if self.graph.follow(member) != at => Shape::Alias(self.schema(member, name)),
            _ if merged.is_object => self.object_of(merged, name),
            _ => Shape::Alias(Type::Any),
        }
    }

    fn collect(&self, at: At, merged: &mut Merged, depth: usize) {
        let at = self.graph.follow(at);
        if depth > MERGE_DEPTH_MAX || !merged.seen.insert(at) {
            return;
        }
        let node = self.graph.node(at);
        let place = |node: Node<'_>| At { file: at.file, node: node.id() };
        for member in node.get("allOf").into_iter().flat_map(Node::items) {
            self.collect(place(member), merged, depth + 1);
        }
        merged.is_object |= is_object(node) || kinds(node) == ["object"];
        for (wire, property) in node.get("properties").into_iter().flat_map(Node::members) {
            match merged.fields.iter_mut().find(|(known, _)| known == wire) {
                Some((_, known)) => *known = place(property),
                None => merged.fields.push((wire.to_owned(), place(property))),
            }
        }
        let required = node.get("required").into_iter().flat_map(Node::items);
        merged.required.extend(required.filter_map(|name| name.as_str().map(str::to_owned)));
        match node.get("additionalProperties") {
            Some(schema) if schema.is_object() && schema.is_empty() => merged.is_open = true,
            Some(schema) if schema.is_object() => merged.additional = Some(place(schema)),
            Some(flag) if flag.as_bool() == Some(true) => merged.is_open = true,
            Some(_) => {}
            // Nothing is said of any member: all of them are further ones.
            None if depth == 0 && node.get("properties").is_none() => merged.is_open = true,
            None => {}
        }
        if node.get("patternProperties").is_some() {
            merged.is_open = true;
        }
        // Members that only some variants have may be there or not.
        for word in ["oneOf", "anyOf"] {
            for variant in node.get(word).into_iter().flat_map(Node::items) {
                let mut other = Merged { seen: merged.seen.clone(), ..Merged::default() };
                self.collect(place(variant), &mut other, depth + 1);
                for (wire, at) in other.fields {
                    if !merged.fields.iter().any(|(known, _)| *known == wire) {
                        merged.fields.push((wire, at));
                    }
                }
            }
        }
    }

    /// The variants of a union, without `null`.
    fn variants(&self, at: At) -> Vec<At> {
        let node = self.graph.node(at);
        let lists = ["oneOf", "anyOf"].into_iter().filter_map(|word| node.get(word));
        let all = lists.flat_map(Node::items).map(|item| At { file: at.file, node: item.id() });
        all.filter(|one| !is_null(self.graph.node(self.graph.follow(*one)))).collect()
    }

    fn union(&mut self, at: At, variants: &[At], name: &str) -> Shape {
        let mut types: Vec<Type> = Vec::new();
        let mut keys: Vec<String> = Vec::new();
        for (index, &variant) in variants.iter().enumerate() {
            let target = self.graph.node(self.graph.follow(variant));
            let title = target.get_str("title").filter(|title| (1..=4).contains(&words(title).len()));
            let hint = match title {
                Some(title) => format!("{name}{}", pascal(&words(title))),
                None => format!("{name}Variant{}", index + 1),
            };
            let ty = self.schema(variant, &hint);
            let ty = if let Type::Nullable(inner) = ty { *inner } else { ty };
            if !types.contains(&ty) {
                types.push(ty);
                keys.push(target.key().unwrap_or_default().to_owned());
            }
        }
        let discriminator = self.discriminator(at, &keys);
        settled(types, discriminator)
    }

    fn discriminator(&self, at: At, keys: &[String]) -> Option<Discriminator> {
        let node = self.graph.node(at).get("discriminator")?;
        let field = node.as_str().or_else(|| node.get_str("propertyName"))?.to_owned();
        let mut mapping: Vec<(String, usize)> = Vec::new();
        for (value, target) in node.get("mapping").into_iter().flat_map(Node::members) {
            let target = target.as_str().unwrap_or_default();
            let key = target.rsplit('/').next().unwrap_or(target);
            if let Some(place) = keys.iter().position(|known| known == key) {
                mapping.push((value.to_owned(), place));
            }
        }
        for (place, key) in keys.iter().enumerate() {
            if !mapping.iter().any(|(value, known)| value == key || *known == place) {
                mapping.push((key.clone(), place));
            }
        }
        Some(Discriminator { field, mapping })
    }

    fn is_nullable(&self, node: Node<'_>) -> bool {
        let flag = |word: &str| node.get(word).and_then(Node::as_bool) == Some(true);
        let by_type = node.get("type").is_some_and(|ty| ty.items().any(|one| one.as_str() == Some("null")));
        let by_value = node.get("enum").is_some_and(|all| all.items().any(Node::is_null));
        let by_variant = ["oneOf", "anyOf"]
            .into_iter()
            .filter_map(|word| node.get(word))
            .any(|all| all.items().any(is_null));
        flag("nullable") || flag("x-nullable") || by_type || by_value || by_variant
    }
}

/// A union, or what is left of one.
fn settled(mut types: Vec<Type>, discriminator: Option<Discriminator>) -> Shape {
    if types.contains(&Type::Any) {
        return Shape::Alias(Type::Any);
    }
    // A text that must be one of some and any text: any text.
    if types.contains(&Type::Text) {
        types.retain(|ty| !matches!(ty, Type::Literal(_)));
    }
    if types.len() > 1 && types.iter().all(|ty| matches!(ty, Type::Literal(_))) {
        let texts =
            types.into_iter().filter_map(|ty| if let Type::Literal(text) = ty { Some(text) } else { None });
        return Shape::Enum(texts.collect());
    }
    match types.len() {
        0 => Shape::Alias(Type::Any),
        1 => Shape::Alias(types.pop().unwrap_or(Type::Any)),
        _ => Shape::Union { variants: types, discriminator },
    }
}

/// The type of a schema that has no parts.
fn simple(node: Node<'_>) -> Option<Type> {
    if !node.is_object() {
        return Some(Type::Any);
    }
    if ["allOf", "oneOf", "anyOf", "enum", "items", "properties", "additionalProperties", "patternProperties"]
        .into_iter()
        .any(|word| node.get(word).is_some_and(|value| word != "allOf" || !value.is_empty()))
    {
        return None;
    }
    if let Some(value) = node.get("const") {
        return Some(constant(value));
    }
    match kinds(node).as_slice() {
        [] if ["pattern", "minLength", "maxLength"].into_iter().any(|word| node.get(word).is_some()) => {
            Some(Type::Text)
        }
        [] => Some(Type::Any),
        ["object" | "array"] => None,
        [one] => Some(scalar(one, node)),
        _ => None,
    }
}

fn constant(value: Node<'_>) -> Type {
    match (value.as_str(), value.as_bool(), value.as_i64(), value.as_f64()) {
        (Some(text), ..) => Type::Literal(text.to_owned()),
        (_, Some(_), ..) => Type::Bool,
        (_, _, Some(_), _) => Type::Int { bits: 64, signed: true },
        (.., Some(_)) => Type::Float,
        _ => Type::Any,
    }
}

fn scalar(kind: &str, node: Node<'_>) -> Type {
    match kind {
        "string" => Type::Text,
        // A file of Swagger 2.
        "file" => Type::Raw,
        "boolean" => Type::Bool,
        "number" => Type::Float,
        "integer" => match node.get_str("format") {
            Some("int32") => Type::Int { bits: 32, signed: true },
            Some("uint64") => Type::Int { bits: 64, signed: false },
            _ => Type::Int { bits: 64, signed: true },
        },
        _ => Type::Any,
    }
}

/// The texts of an `enum` that has nothing else; `null` aside.
fn texts(node: Node<'_>) -> Option<Vec<String>> {
    let values = node.get("enum")?;
    let mut out: Vec<String> = Vec::new();
    for value in values.items().filter(|value| !value.is_null()) {
        let text = value.as_str()?.to_owned();
        if !out.contains(&text) {
            out.push(text);
        }
    }
    (!out.is_empty()).then_some(out)
}

/// The words of `type`, `null` aside.
fn kinds<'t>(node: Node<'t>) -> Vec<&'t str> {
    let Some(ty) = node.get("type") else { return Vec::new() };
    let all = ty.as_str().into_iter().chain(ty.items().filter_map(Node::as_str));
    all.filter(|kind| *kind != "null").collect()
}

fn is_null(node: Node<'_>) -> bool {
    node.get_str("type") == Some("null")
        || node.get("const").is_some_and(Node::is_null)
        || node.get("enum").is_some_and(|all| all.len() == 1 && all.items().all(Node::is_null))
}

fn has_members(node: Node<'_>) -> bool {
    node.get("properties").is_some_and(|all| !all.is_empty())
}

fn is_object(node: Node<'_>) -> bool {
    ["properties", "additionalProperties", "patternProperties"]
        .into_iter()
        .any(|word| node.get(word).is_some())
}

/// What a schema says of itself.
fn doc(node: Node<'_>) -> String {
    node.get_str("description").or_else(|| node.get_str("title")).unwrap_or_default().to_owned()
}

/// What is said of a field, with its format.
pub(super) fn field_doc(node: Node<'_>) -> String {
    let mut out = doc(node).trim_end().to_owned();
    if let Some(format) = node.get_str("format") {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(&format!("Format: {format}."));
    }
    if node.get("deprecated").and_then(Node::as_bool) == Some(true) {
        out.push_str(" Deprecated.");
    }
    out
}
