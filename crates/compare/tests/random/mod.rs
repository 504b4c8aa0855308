//! Random schemas over all keywords that are compared, random values, and rewritings.

use serde_json::{Map, Value, json};

/// Numbers that follow from a seed.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    fn next(&mut self) -> u64 {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    fn pick<T: Clone>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())].clone()
    }
}

const NAMES: [&str; 4] = ["a", "b", "c", "ax"];
const PATTERNS: [&str; 3] = ["^a", "b$", "^[a-z]+$"];

/// A random value.
pub fn value(random: &mut Random, depth: usize) -> Value {
    match random.below(if depth == 0 { 6 } else { 10 }) {
        0 => Value::Null,
        1 => json!(random.below(2) == 0),
        2 | 3 => json!(random.below(9) as i64 - 2),
        4 => random.pick(&[json!(0.5), json!(1.5), json!(2.0), json!(10)]),
        5 => json!(random.pick(&["", "a", "ab", "abc", "b", "A1", "2020-01-01"])),
        6 | 7 => (0..random.below(4)).map(|_| value(random, depth - 1)).collect(),
        _ => {
            let mut object = Map::new();
            for _ in 0..random.below(4) {
                object.insert(random.pick(&NAMES).to_owned(), value(random, depth - 1));
            }
            Value::Object(object)
        }
    }
}

/// A random schema with two definitions to refer to.
pub fn schema(random: &mut Random) -> Value {
    let mut root = sub(random, 3);
    if !root.is_object() {
        root = json!({ "allOf": [root] });
    }
    root["$defs"] = json!({ "A": sub(random, 2), "B": sub(random, 1) });
    root
}

fn sub(random: &mut Random, depth: usize) -> Value {
    if depth == 0 {
        return random.pick(&[
            json!({"type": "string"}),
            json!({"type": "integer"}),
            json!({}),
            json!({"type": ["string", "null"]}),
            json!({"enum": ["a", 1, null]}),
        ]);
    }
    match random.below(16) {
        0 => return json!({ "$ref": random.pick(&["#/$defs/A", "#/$defs/B"]) }),
        1 if random.below(3) == 0 => return json!(random.below(2) == 0),
        _ => {}
    }
    let mut schema = Map::new();
    for _ in 0..1 + random.below(4) {
        add_keyword(random, &mut schema, depth - 1);
    }
    close(random, &mut schema, depth - 1);
    Value::Object(schema)
}

/// Members that are not declared are refused, or have a schema: otherwise what a sender may send
/// is more than what it declares, and whether that breaks is the content model's to say.
fn close(random: &mut Random, schema: &mut Map<String, Value>, depth: usize) {
    let declares = schema.contains_key("properties") || schema.contains_key("patternProperties");
    if declares && !schema.contains_key("additionalProperties") {
        let rest = if random.below(2) == 0 { json!(false) } else { typed(random, depth) };
        schema.insert("additionalProperties".to_owned(), rest);
    }
}

/// A schema that is not the one that everything fits.
fn typed(random: &mut Random, depth: usize) -> Value {
    let mut schema = sub(random, depth);
    if let Some(object) = schema.as_object_mut() {
        object.entry("type").or_insert_with(|| json!(["string", "integer", "object", "array"]));
    } else {
        schema = json!(false);
    }
    schema
}

fn subs(random: &mut Random, depth: usize) -> Value {
    (0..1 + random.below(3)).map(|_| sub(random, depth)).collect()
}

fn map(random: &mut Random, names: &[&str], depth: usize) -> Value {
    let mut object = Map::new();
    for _ in 0..1 + random.below(2) {
        object.insert(random.pick(names).to_owned(), sub(random, depth));
    }
    Value::Object(object)
}

fn names(random: &mut Random) -> Value {
    let mut list: Vec<&str> = (0..1 + random.below(2)).map(|_| random.pick(&NAMES)).collect();
    list.sort_unstable();
    list.dedup();
    json!(list)
}

/// Adds a keyword, or replaces it.
fn add_keyword(random: &mut Random, schema: &mut Map<String, Value>, depth: usize) {
    let types = ["string", "integer", "number", "boolean", "array", "object", "null"];
    let small = |random: &mut Random| json!(random.below(4));
    let number =
        |random: &mut Random| random.pick(&[json!(0), json!(1), json!(2), json!(0.5), json!(-1), json!(3.0)]);
    let (name, value) = match random.below(36) {
        0..=2 => ("type", json!(random.pick(&types))),
        3 => {
            let mut list: Vec<&str> = (0..2).map(|_| random.pick(&types)).collect();
            list.sort_unstable();
            list.dedup();
            ("type", json!(list))
        }
        4 => ("enum", (0..1 + random.below(3)).map(|_| value(random, 1)).collect()),
        5 => ("const", value(random, 1)),
        6 => ("minimum", number(random)),
        7 => ("maximum", number(random)),
        8 => ("exclusiveMinimum", number(random)),
        9 => ("exclusiveMaximum", number(random)),
        10 => ("multipleOf", random.pick(&[json!(1), json!(2), json!(3), json!(0.5), json!(1.0)])),
        11 => ("minLength", small(random)),
        12 => ("maxLength", small(random)),
        13 => ("pattern", json!(random.pick(&PATTERNS))),
        14 => ("format", json!(random.pick(&["date", "ipv4", "int32"]))),
        15 => ("minItems", small(random)),
        16 => ("maxItems", small(random)),
        17 => ("uniqueItems", json!(random.below(3) > 0)),
        18 => ("items", sub(random, depth)),
        19 => ("prefixItems", subs(random, depth)),
        20 => {
            if random.below(2) == 0 {
                schema.insert("minContains".to_owned(), small(random));
            }
            if random.below(3) == 0 {
                schema.insert("maxContains".to_owned(), small(random));
            }
            ("contains", sub(random, depth))
        }
        21 | 22 => ("properties", map(random, &NAMES, depth)),
        23 => ("patternProperties", map(random, &PATTERNS, depth)),
        24 => {
            ("additionalProperties", if random.below(2) == 0 { json!(false) } else { typed(random, depth) })
        }
        25 => ("required", names(random)),
        26 => ("minProperties", small(random)),
        27 => ("maxProperties", small(random)),
        28 => ("propertyNames", json!({ "maxLength": random.below(3) })),
        29 => ("dependentRequired", json!({ random.pick(&NAMES): names(random) })),
        30 => ("dependentSchemas", map(random, &NAMES, depth)),
        31 => ("allOf", subs(random, depth)),
        32 => ("anyOf", subs(random, depth)),
        33 => ("oneOf", subs(random, depth)),
        34 => ("not", sub(random, depth)),
        _ => {
            schema.insert("then".to_owned(), sub(random, depth));
            if random.below(2) == 0 {
                schema.insert("else".to_owned(), sub(random, depth));
            }
            if random.below(4) == 0 {
                schema.insert("unevaluatedProperties".to_owned(), json!(false));
            }
            ("if", sub(random, depth))
        }
    };
    schema.insert(name.to_owned(), value);
}

/// Keywords whose values are schemas by name.
const MAPS: [&str; 4] = ["properties", "patternProperties", "dependentSchemas", "$defs"];

/// Keywords whose values are lists of schemas.
const LISTS: [&str; 4] = ["allOf", "anyOf", "oneOf", "prefixItems"];

/// Keywords whose values are schemas.
const SINGLE: [&str; 8] =
    ["items", "additionalProperties", "contains", "not", "if", "then", "else", "propertyNames"];

/// A schema with one thing in it changed.
pub fn mutate(random: &mut Random, schema: &Value) -> Value {
    let mut changed = schema.clone();
    mutate_in(random, &mut changed, 3, true);
    changed
}

fn mutate_in(random: &mut Random, schema: &mut Value, depth: usize, is_root: bool) {
    let Some(object) = schema.as_object_mut() else {
        *schema = sub(random, 1);
        return;
    };
    let below: Vec<String> = object.keys().filter(|name| is_parent(name)).cloned().collect();
    if !below.is_empty() && random.below(3) > 0 {
        let name = random.pick(&below);
        let child = &mut object[&name];
        let depth = depth.saturating_sub(1);
        match child {
            Value::Array(list) if !list.is_empty() => {
                let index = random.below(list.len());
                mutate_in(random, &mut list[index], depth, false);
            }
            Value::Object(map) if MAPS.contains(&name.as_str()) && !map.is_empty() => {
                let key = random.pick(&map.keys().cloned().collect::<Vec<_>>());
                mutate_in(random, &mut map[&key], depth, false);
            }
            child => mutate_in(random, child, depth, false),
        }
        return;
    }
    let removable: Vec<String> = object.keys().filter(|name| *name != "$defs").cloned().collect();
    if !removable.is_empty() && random.below(3) == 0 {
        let name = random.pick(&removable);
        if !is_root || object.len() > 2 {
            object.shift_remove(&name);
        }
    } else {
        add_keyword(random, object, depth.saturating_sub(1));
    }
    close(random, object, depth.saturating_sub(1));
}

/// Whether a keyword's value holds schemas.
pub fn is_parent(name: &str) -> bool {
    MAPS.contains(&name) || LISTS.contains(&name) || SINGLE.contains(&name)
}

/// Schemas with one thing left out of a schema.
pub fn smaller(schema: &Value) -> Vec<Value> {
    let mut found = Vec::new();
    match schema {
        Value::Object(object) => {
            for (name, value) in object {
                if name != "$defs" && name != "additionalProperties" {
                    let mut less = object.clone();
                    less.shift_remove(name);
                    found.push(Value::Object(less));
                }
                for inner in smaller(value) {
                    let mut less = object.clone();
                    less[name] = inner;
                    found.push(Value::Object(less));
                }
            }
        }
        Value::Array(list) if list.len() > 1 => {
            for index in 0..list.len() {
                let mut less = list.clone();
                less.remove(index);
                found.push(Value::Array(less));
                for inner in smaller(&list[index]) {
                    let mut less = list.clone();
                    less[index] = inner;
                    found.push(Value::Array(less));
                }
            }
        }
        Value::Array(list) => {
            found.extend(list.iter().flat_map(smaller).map(|inner| json!([inner])));
        }
        _ => {}
    }
    found
}

/// The same schema, written another way.
pub fn rewrite(random: &mut Random, schema: &Value) -> Value {
    let mut moved = Map::new();
    let mut written = rewrite_in(random, schema, &mut moved);
    if let Some(definitions) = written["$defs"].as_object_mut() {
        definitions.extend(moved);
    }
    written
}

fn rewrite_in(random: &mut Random, schema: &Value, moved: &mut Map<String, Value>) -> Value {
    let Some(object) = schema.as_object() else { return schema.clone() };
    let mut members: Vec<(String, Value)> = Vec::new();
    for (name, value) in object {
        let value = match value {
            Value::Array(list) if LISTS.contains(&name.as_str()) => {
                list.iter().map(|item| rewritten_sub(random, item, moved)).collect()
            }
            Value::Object(map) if MAPS.contains(&name.as_str()) => {
                let subs = map.iter().map(|(name, sub)| (name.clone(), rewritten_sub(random, sub, moved)));
                Value::Object(subs.collect())
            }
            sub if SINGLE.contains(&name.as_str()) && sub.is_object() => rewritten_sub(random, sub, moved),
            other => other.clone(),
        };
        members.push((name.clone(), value));
    }
    // Another order of members.
    for index in (1..members.len()).rev() {
        members.swap(index, random.below(index + 1));
    }
    Value::Object(members.into_iter().collect())
}

fn rewritten_sub(random: &mut Random, schema: &Value, moved: &mut Map<String, Value>) -> Value {
    let inner = rewrite_in(random, schema, moved);
    let evaluates = inner.get("unevaluatedProperties").is_some() || !inner.is_object();
    match random.below(6) {
        0 if !evaluates => {
            let name = format!("Moved{}", moved.len());
            moved.insert(name.clone(), inner);
            json!({ "$ref": format!("#/$defs/{name}") })
        }
        1 if !evaluates => json!({ "allOf": [inner] }),
        2 => single(inner),
        _ => inner,
    }
}

/// `const` for a list of one value, and the reverse.
fn single(mut schema: Value) -> Value {
    if let Some(object) = schema.as_object_mut() {
        let constant = if object.contains_key("enum") { None } else { object.shift_remove("const") };
        if let Some(value) = constant {
            object.insert("enum".to_owned(), json!([value]));
        } else if object.get("const").is_none()
            && let Some([only]) = object.get("enum").and_then(Value::as_array).map(Vec::as_slice)
        {
            let only = only.clone();
            object.shift_remove("enum");
            object.insert("const".to_owned(), only);
        }
        if object.get("type") == Some(&json!("integer")) && !object.contains_key("multipleOf") {
            object.insert("type".to_owned(), json!("number"));
            object.insert("multipleOf".to_owned(), json!(1));
        }
    }
    schema
}
