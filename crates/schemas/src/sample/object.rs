//! Objects: the members that must be there, and those that usually are.

use super::{At, Direction, Generator, Map, Node, Value};

/// The members of an object that schemas speak of.
#[derive(Default)]
struct Members<'p> {
    /// By name, with every schema that says something of it.
    named: Vec<(&'p str, Vec<At>)>,
    required: Vec<&'p str>,
    /// For names nothing speaks of; `None` where any value will do.
    others: Option<At>,
    /// Whether such names are refused.
    closed: bool,
    /// Patterns of names, with the schema of their values.
    patterns: Vec<(&'p str, At)>,
    /// Names that follow from names.
    follow: Vec<(&'p str, Vec<&'p str>)>,
}

impl<'p> Generator<'p> {
    pub(super) fn object(&self, parts: &[At], path: &mut Vec<At>) -> Value {
        let known = self.members(parts);
        let bounds = self.nodes(parts);
        let most = bounds.most("maxProperties").unwrap_or(usize::MAX);
        let mut made = Map::new();
        for (name, schemas) in &known.named {
            let must = known.required.contains(name);
            let wanted = must || (self.style.optional && !self.is_spent() && !self.recurs(schemas, path));
            if wanted && !self.travels_the_other_way(schemas) && !self.is_impossible(schemas) {
                made.insert((*name).to_owned(), self.make(schemas, path));
            }
        }
        for name in &known.required {
            let described = known.named.iter().any(|(known, _)| known == name);
            if !described {
                made.insert((*name).to_owned(), self.undescribed(&known, path));
            }
        }
        self.add_what_follows(&known, &mut made, path);
        let least = bounds.least("minProperties").unwrap_or_default();
        let usual = usize::from(known.named.is_empty() && known.others.is_some() && self.style.optional);
        let usual = if known.others.is_some_and(|at| self.recurs(&[at], path)) { 0 } else { usual };
        self.fill(&known, parts, least.max(usual).min(most).min(super::LENGTH_MAX), &mut made, path);
        let spare = |name: &String| !known.required.contains(&name.as_str());
        while made.len() > most {
            let Some(last) = made.keys().rfind(|name| spare(name)).cloned() else { break };
            made.remove(&last);
        }
        Value::Object(made)
    }

    fn members(&self, parts: &[At]) -> Members<'p> {
        let mut known = Members::default();
        for at in parts {
            let below = |node: Node<'_>| At { file: at.file, node: node.id() };
            let schema = self.node(*at);
            for (name, property) in schema.get("properties").into_iter().flat_map(Node::members) {
                match known.named.iter_mut().find(|(known, _)| *known == name) {
                    Some((_, schemas)) => schemas.push(below(property)),
                    None => known.named.push((name, vec![below(property)])),
                }
            }
            let required = schema.get("required").into_iter().flat_map(Node::items).filter_map(Node::as_str);
            known.required.extend(required);
            let patterns = schema.get("patternProperties").into_iter().flat_map(Node::members);
            known.patterns.extend(patterns.map(|(pattern, value)| (pattern, below(value))));
            match schema.get("additionalProperties") {
                Some(others) if others.as_bool() == Some(false) => known.closed = true,
                Some(others) if others.is_object() => known.others = Some(below(others)),
                _ => {}
            }
            known.closed |= schema.get("unevaluatedProperties").and_then(Node::as_bool) == Some(false);
            for word in ["dependentRequired", "dependencies"] {
                let list = schema.get(word).into_iter().flat_map(Node::members);
                let names = |value: Node<'p>| value.items().filter_map(Node::as_str).collect();
                known.follow.extend(list.map(|(name, value)| (name, names(value))));
            }
        }
        known.required.dedup();
        known
    }

    /// Whether a schema is among those that are being made.
    fn recurs(&self, schemas: &[At], path: &[At]) -> bool {
        self.flatten(schemas).iter().any(|at| path.contains(at) && self.node(*at).is_object())
    }

    /// Members only requests have do not stand in answers, and the other way round.
    fn travels_the_other_way(&self, schemas: &[At]) -> bool {
        let word = match self.key.direction {
            Direction::Response => "writeOnly",
            Direction::Request => "readOnly",
            _ => return false,
        };
        self.nodes(&self.flatten(schemas)).holds(word)
    }

    fn is_impossible(&self, schemas: &[At]) -> bool {
        schemas.iter().any(|at| self.node(*at).as_bool() == Some(false))
    }

    fn undescribed(&self, known: &Members<'_>, path: &mut Vec<At>) -> Value {
        let schema = known.others.or_else(|| known.patterns.first().map(|(_, at)| *at));
        schema.map_or_else(|| "string".into(), |at| self.make(&[at], path))
    }

    fn add_what_follows(&self, known: &Members<'_>, made: &mut Map<String, Value>, path: &mut Vec<At>) {
        // Each round adds a name at least, or is the last.
        for _ in 0..=known.follow.len() {
            let missing: Vec<&str> = known
                .follow
                .iter()
                .filter(|(name, _)| made.contains_key(*name))
                .flat_map(|(_, names)| names.iter().copied())
                .filter(|name| !made.contains_key(*name))
                .collect();
            if missing.is_empty() {
                return;
            }
            for name in missing {
                let schemas = known.named.iter().find(|(known, _)| *known == name);
                let value = match schemas {
                    Some((_, schemas)) => self.make(schemas, path),
                    None => self.undescribed(known, path),
                };
                made.insert(name.to_owned(), value);
            }
        }
    }

    /// Adds members until there are so many: known ones first, then made-up ones.
    fn fill(
        &self,
        known: &Members<'_>,
        parts: &[At],
        least: usize,
        made: &mut Map<String, Value>,
        path: &mut Vec<At>,
    ) {
        for (name, schemas) in &known.named {
            if made.len() >= least {
                return;
            }
            if !made.contains_key(*name) && !self.is_impossible(schemas) {
                made.insert((*name).to_owned(), self.make(schemas, path));
            }
        }
        let names: Vec<At> = parts
            .iter()
            .filter_map(|at| Some(At { file: at.file, node: self.node(*at).get("propertyNames")?.id() }))
            .collect();
        let pattern = known.patterns.first();
        if known.closed && pattern.is_none() {
            return;
        }
        let named = match pattern {
            Some((pattern, _)) => super::pattern::smallest(pattern, 0),
            None if names.is_empty() => None,
            None => self.make(&names, path).as_str().map(str::to_owned),
        };
        let schema = pattern.map(|(_, at)| *at).or(known.others);
        let base = named.unwrap_or_else(|| "name".to_owned());
        let tries = least.saturating_add(super::TRIED_MAX);
        let others = (1..tries).map(|n| super::other(&Value::String(base.clone()), n));
        let all = std::iter::once(Value::String(base.clone())).chain(others);
        for name in all.filter(|name| names.is_empty() || self.fits(&names, name)) {
            let Some(name) = name.as_str() else { continue };
            if made.len() >= least {
                return;
            }
            if !made.contains_key(name) {
                let value = schema.map_or_else(|| "string".into(), |at| self.make(&[at], path));
                made.insert(name.to_owned(), value);
            }
        }
    }
}
