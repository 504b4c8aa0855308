//! Families and the representation mapping: what must hold whatever the files are.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use tenon_checks::facts::reuse::mapping::{Label, ProtoType, to_message, to_schema};
use tenon_checks::facts::reuse::{Families, Form, THRESHOLD};
use tenon_graph::Graph;
use tenon_testkit::{MemoryFiles, graph_of};

fn graph(files: &[(String, String)]) -> Graph {
    let held = files.iter().map(|(path, text)| (path.clone(), text.clone().into_bytes())).collect();
    graph_of(&MemoryFiles(held)).0
}

/// Each family as the set of its schemas' component names, with whether it is one structure.
fn families(graph: &Graph) -> BTreeSet<(bool, BTreeSet<String>)> {
    let families = Families::of(graph, THRESHOLD);
    let names = |family: &tenon_checks::facts::reuse::Family| {
        family.members.iter().map(|member| families.units[member.unit].name.clone()).collect()
    };
    families.list.iter().map(|family| (family.same, names(family))).collect()
}

/// Numbers by chance, the same in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).unwrap()
    }
}

fn schema(chance: &mut Chance) -> Value {
    let kinds = ["string", "integer", "boolean", "number"];
    let words =
        ["order", "user", "total", "state", "price", "name", "count", "code", "note", "rate", "plan", "unit"];
    let mut properties = Map::new();
    for _ in 0..4 + chance.below(5) {
        let name = format!("{}_{}", words[chance.below(words.len())], words[chance.below(words.len())]);
        properties.insert(name, json!({ "type": kinds[chance.below(kinds.len())] }));
    }
    json!({ "type": "object", "properties": properties })
}

/// The same schema as another team writes it: other case, other order, other words around it.
fn rewritten(schema: &Value) -> Value {
    let camel = |name: &str| {
        let (first, second) = name.split_once('_').unwrap();
        format!("{first}{}{}", second[..1].to_uppercase(), &second[1..])
    };
    let properties = schema["properties"].as_object().unwrap();
    let turned: Map<String, Value> =
        properties.iter().rev().map(|(name, kind)| (camel(name), kind.clone())).collect();
    json!({ "title": "Another title", "description": "x", "properties": turned, "type": "object" })
}

fn openapi(schemas: &[(String, Value)]) -> String {
    let schemas: Map<String, Value> = schemas.iter().cloned().collect();
    json!({ "openapi": "3.1.0", "info": { "title": "t", "version": "1" }, "paths": {}, "components": { "schemas": schemas } })
        .to_string()
}

/// S3-81: what is written twice is found whatever the order of files and of members, and titles
/// play no part.
#[test]
fn neither_the_order_of_files_nor_titles_matter() {
    let mut chance = Chance(88_172_645_463_325_252);
    for _ in 0..20 {
        let mut all: Vec<(String, Value)> = Vec::new();
        for index in 0..30 {
            let value = match chance.below(3) {
                0 if !all.is_empty() => rewritten(&all[chance.below(all.len())].1.clone()).pipe(underscored),
                _ => schema(&mut chance),
            };
            all.push((format!("S{index}"), value));
        }
        let file = |name: String, one: &(String, Value)| (name, openapi(std::slice::from_ref(one)));
        let forward: Vec<_> =
            all.iter().enumerate().map(|(n, one)| file(format!("{n:02}.json"), one)).collect();
        let backward: Vec<_> =
            all.iter().enumerate().map(|(n, one)| file(format!("{:02}.json", 99 - n), one)).collect();
        let titled: Vec<_> = all
            .iter()
            .enumerate()
            .map(|(n, (name, value))| {
                let mut value = value.clone();
                value["title"] = json!(format!("title {n}"));
                file(format!("{n:02}.json"), &(name.clone(), value))
            })
            .collect();
        let found = families(&graph(&forward));
        assert!(!found.is_empty());
        assert_eq!(found, families(&graph(&backward)));
        assert_eq!(found, families(&graph(&titled)));
    }
}

/// So that a schema that was rewritten can be rewritten again.
fn underscored(value: Value) -> Value {
    let properties = value["properties"].as_object().unwrap();
    let under = |name: &str| {
        let at = name.find(|letter: char| letter.is_uppercase()).unwrap();
        format!("{}_{}", &name[..at], name[at..].to_lowercase())
    };
    let turned: Map<String, Value> =
        properties.iter().map(|(name, kind)| (under(name), kind.clone())).collect();
    json!({ "type": "object", "properties": turned })
}

trait Pipe: Sized {
    fn pipe<T>(self, next: impl FnOnce(Self) -> T) -> T {
        next(self)
    }
}

impl Pipe for Value {}

#[test]
fn another_case_convention_is_the_same_schema() {
    let mut chance = Chance(7_046_029_254_386_353_131);
    for _ in 0..50 {
        let one = schema(&mut chance);
        let two = rewritten(&one);
        let files = vec![("a.json".to_owned(), openapi(&[("A".to_owned(), one), ("B".to_owned(), two)]))];
        let both = BTreeSet::from(["A".to_owned(), "B".to_owned()]);
        assert_eq!(families(&graph(&files)), BTreeSet::from([(true, both)]));
    }
}

/// A `$ref`, a lone `allOf` and "this or null" are the schema they stand for, and recursive
/// schemas end.
#[test]
fn wrappers_and_circles_are_followed() {
    let text = r##"{"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {}, "components": {"schemas": {
        "Node": {"type": "object", "properties": {"id": {"type": "string"}, "next": {"$ref": "#/components/schemas/Node"}, "tags": {"type": "array", "items": {"type": "string"}}}},
        "Knot": {"type": "object", "properties": {"id": {"type": ["string", "null"]}, "next": {"oneOf": [{"$ref": "#/components/schemas/Knot"}, {"type": "null"}]}, "tags": {"type": "array", "items": {"allOf": [{"type": "string"}]}}}},
        "Alias": {"$ref": "#/components/schemas/Node"},
        "Parts": {"allOf": [{"type": "object", "properties": {"id": {"type": "string"}}}, {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Parts"}, "tags": {"type": "array", "items": {"type": "string"}}}}]},
        "Self": {"allOf": [{"$ref": "#/components/schemas/Self"}]}}}}"##;
    let found = families(&graph(&[("a.json".to_owned(), text.to_owned())]));
    let names = ["Knot", "Node", "Parts"].map(str::to_owned);
    assert_eq!(found, BTreeSet::from([(true, BTreeSet::from(names))]));
}

#[test]
fn nonsense_has_no_families_and_does_no_harm() {
    let texts = [
        r#"{"$schema": "https://json-schema.org/draft/2020-12/schema", "properties": 3, "required": {}, "allOf": "x", "enum": {}, "type": 7}"#,
        r#"{"$schema": "https://json-schema.org/draft/2020-12/schema", "properties": {"": null, "a": [], "b": "x"}, "required": [1, null, "zz"]}"#,
        "$schema: https://json-schema.org/draft/2020-12/schema\nallOf: [{$ref: '#'}, {$ref: '#/allOf/0'}]\n",
        "tenon: reuse/v1\nfamilies: [1]\nwork_packages: {D1: 3, D2: [x]}\nidentifiers: x\nprovenance: []\nerror_mapping: {rows: [1]}\n",
        "tenon: reuse/v1\nwork_packages: {D1: {depends_on: D1-D99999999999}, D2: {depends_on: [D2, D2]}}\n",
    ];
    let files: Vec<(String, String)> =
        texts.iter().enumerate().map(|(n, text)| (format!("{n}.yaml"), (*text).to_owned())).collect();
    assert!(families(&graph(&files)).is_empty());
}

/// `required` is a set: its order says nothing.
fn sorted(mut value: Value) -> Value {
    fn walk(value: &mut Value) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(walk),
            Value::Object(object) => {
                if let Some(Value::Array(names)) = object.get_mut("required") {
                    names.sort_by_key(Value::to_string);
                }
                object.values_mut().for_each(walk);
            }
            _ => {}
        }
    }
    walk(&mut value);
    value
}

fn round_trip(name: &str, schema: &Value) {
    let message = to_message(name, schema);
    assert_eq!(sorted(to_schema(&message)), sorted(schema.clone()), "{name}: {message:#?}");
}

/// S3-58: JSON Schema to protobuf to JSON Schema is the same schema.
#[test]
fn the_mapping_loses_nothing() {
    let text = r##"{
        "$schema": "https://json-schema.org/draft/2020-12/schema", "title": "run.manifest",
        "type": "object", "additionalProperties": false, "required": ["run_id", "tags", "gone", "at", "part", "step"],
        "properties": {
            "run_id": {"type": "string", "minLength": 1, "pattern": "^r"},
            "runId": {"type": "string"},
            "$id": {"type": "string"}, "1st": {"type": "string"},
            "at": {"type": "string", "format": "date-time"},
            "until": {"type": ["string", "null"], "format": "date-time"},
            "took": {"type": "string", "format": "duration"}, "blob": {"type": "string", "format": "byte"},
            "mail": {"type": "string", "format": "email"},
            "count": {"type": "integer", "minimum": 0}, "small": {"type": "integer", "format": "int32"},
            "large": {"type": "integer", "format": "int64"}, "null_first": {"type": ["null", "boolean"]},
            "rate": {"type": "number"}, "ratio": {"type": "number", "format": "float"},
            "done": {"type": "boolean", "default": false},
            "state": {"type": "string", "enum": ["queued", "in-progress", "in_progress"]},
            "odd": {"type": "string", "enum": ["a", null]},
            "tags": {"type": "array", "items": {"type": "string", "maxLength": 3}, "minItems": 1},
            "grid": {"type": "array", "items": {"type": "array", "items": {"type": "number"}}},
            "tuple": {"type": "array", "prefixItems": [{"type": "string"}], "items": false},
            "steps": {"type": "array", "items": {"type": "object", "required": ["n"], "properties": {"n": {"type": "integer"}}}},
            "hashes": {"type": "object", "additionalProperties": {"type": "string", "pattern": "^[0-9a-f]{64}$"}},
            "null_map": {"type": ["object", "null"], "additionalProperties": {"type": "integer"}},
            "open": {"type": "object", "additionalProperties": true}, "free": {"type": "object"},
            "part": {"type": "object", "properties": {"x": {"type": "number"}}, "required": ["x"]},
            "maybe": {"type": ["object", "null"], "properties": {"x": {"type": "number"}}},
            "step": {"oneOf": [{"$ref": "#/$defs/Run"}, {"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
            "other": {"$ref": "other.schema.json", "description": "there"},
            "either": {"anyOf": [{"type": "string"}, {"type": "integer"}]}, "any": {}, "yes": true, "kind": {"const": "x"}
        }
    }"##;
    let schema: Value = serde_json::from_str(text).unwrap();
    round_trip("run.manifest", &schema);
    for odd in [
        json!(true),
        json!({}),
        json!({"type": "string"}),
        json!({"properties": {"a": {}}}),
        json!({"type": "object", "required": [], "properties": {}}),
    ] {
        round_trip("odd", &odd);
    }
}

/// S3-58: what stands in the message is the mapping's own, and no copy of the schema beside it.
#[test]
fn the_mapping_says_types_in_the_words_of_protobuf() {
    let schema = json!({"type": "object", "required": ["id"], "properties": {
        "id": {"type": "string"}, "at": {"type": "string", "format": "date-time"}, "n": {"type": "integer"},
        "state": {"type": "string", "enum": ["on", "off"]}, "tags": {"type": "array", "items": {"type": "boolean"}},
        "sums": {"type": "object", "additionalProperties": {"type": "number"}},
        "pay": {"oneOf": [{"type": "string", "title": "Card"}, {"type": "integer", "title": "Bank"}]}}});
    let message = to_message("order item", &schema);
    let found: Vec<(i32, &str, Label, &str, Option<&str>)> = message
        .fields
        .iter()
        .map(|field| {
            (field.number, field.name.as_str(), field.label, field.ty.name(), field.oneof.as_deref())
        })
        .collect();
    assert_eq!(message.name, "OrderItem");
    assert_eq!(
        found,
        [
            (1, "id", Label::One, "string", None),
            (2, "at", Label::Optional, "google.protobuf.Timestamp", None),
            (3, "n", Label::Optional, "int64", None),
            (4, "state", Label::Optional, "State", None),
            (5, "tags", Label::Repeated, "bool", None),
            (6, "sums", Label::Map, "double", None),
            (7, "pay_card", Label::One, "string", Some("pay")),
            (8, "pay_bank", Label::One, "int64", Some("pay")),
        ]
    );
    let ProtoType::Enum(_, values) = &message.fields[3].ty else { panic!("an enum") };
    assert_eq!(values[0], ("STATE_ON".to_owned(), "on".to_owned()));
    let kept: Vec<&str> =
        message.fields.iter().flat_map(|field| field.annotations.keys()).map(String::as_str).collect();
    assert_eq!(kept, ["title", "title"]);
}

/// S3-58: numbers that protobuf keeps to itself are passed over.
#[test]
fn reserved_numbers_are_not_used() {
    let properties: Map<String, Value> =
        (0..19_005).map(|n| (format!("f{n}"), json!({"type": "string"}))).collect();
    let message = to_message("wide", &json!({"type": "object", "properties": properties}));
    assert!(message.fields.iter().all(|field| !(19_000..=19_999).contains(&field.number)));
    assert_eq!(message.fields.last().map(|field| field.number), Some(20_005));
}

/// The real projects' schemas go there and back, and what they write twice is found.
#[test]
fn real_schemas_are_mapped_and_grouped() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/real/dome/schemas");
    let Ok(entries) = std::fs::read_dir(&root) else {
        println!("did not run: {} is not there", root.display());
        return;
    };
    let mut files: Vec<(String, String)> = entries
        .flatten()
        .map(|entry| {
            (
                format!("schemas/{}", entry.file_name().to_string_lossy()),
                std::fs::read_to_string(entry.path()).unwrap(),
            )
        })
        .collect();
    files.sort();
    assert!(!files.is_empty());
    for (path, text) in &files {
        round_trip(path, &serde_json::from_str(text).unwrap());
    }
    let graph = graph(&files);
    let families = Families::of(&graph, THRESHOLD);
    let whole = families
        .list
        .iter()
        .filter(|family| family.members.iter().all(|member| families.units[member.unit].form == Form::File));
    let names: Vec<&str> = whole.map(|family| family.name.as_str()).collect();
    assert_eq!(names, ["control.event"], "control.event and event.envelope are nearly the same");
}
