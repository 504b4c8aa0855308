//! Handlers that answer with examples. Every reply is held to its schema by the pipeline, so a
//! value that does not fit is a 500: what is 200 here was made well.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tenon_gateway::Plan;
use tenon_testkit::{MemoryFiles, graph_of};

use crate::support::{Site, files};

/// A document that answers each path with one schema.
fn document(schemas: &BTreeMap<String, Value>) -> String {
    let paths: serde_json::Map<String, Value> = schemas
        .keys()
        .map(|name| {
            let schema = json!({ "$ref": format!("#/components/schemas/{name}") });
            let content = json!({ "application/json": { "schema": schema } });
            let reply = json!({ "description": "what there is", "content": content });
            (format!("/{name}"), json!({ "get": { "responses": { "200": reply } } }))
        })
        .collect();
    json!({
        "openapi": "3.1.0", "info": { "title": "Cases", "version": "1.0.0" },
        "paths": paths, "components": { "schemas": schemas },
    })
    .to_string()
}

/// What is answered for a schema; others may stand beside it.
async fn made(schemas: Value, name: &str) -> (u16, Value) {
    let schemas: BTreeMap<String, Value> = serde_json::from_value(schemas).expect("an object");
    let site = Site::new(&files(&[("openapi.json", &document(&schemas))]));
    let answer = site.ask("GET", &format!("/{name}")).empty().await;
    (answer.status.as_u16(), answer.json())
}

/// A schema a line, for every keyword that decides what is made.
const KEYWORDS: &str = r#"{
        "pattern": {"type": "string", "pattern": "^[A-Z]{3}-\\d{4}(\\.[a-z]+)?$"},
        "pattern-long": {"type": "string", "pattern": "^[a-z]+$", "minLength": 20, "maxLength": 22},
        "pattern-open": {"type": "string", "pattern": "id_", "minLength": 12},
        "pattern-ahead": {"type": "string", "pattern": "^(?!string)[a-z]+$"},
        "pattern-any": {"type": "string", "pattern": "^.*$"},
        "pattern-and-format": {"type": "string", "format": "uri", "pattern": "^https://"},
        "email-long": {"type": "string", "format": "email", "minLength": 40},
        "email-short": {"type": "string", "format": "email", "maxLength": 8},
        "uri-short": {"type": "string", "format": "uri", "maxLength": 5},
        "uri-long": {"type": "string", "format": "uri", "minLength": 60},
        "hostname-long": {"type": "string", "format": "hostname", "minLength": 100, "maxLength": 253},
        "short": {"type": "string", "maxLength": 1},
        "none": {"type": "string", "maxLength": 0},
        "byte": {"type": "string", "format": "byte", "minLength": 15},
        "whole": {"type": "integer", "exclusiveMinimum": 4, "multipleOf": 3},
        "whole-below": {"type": "integer", "maximum": -7},
        "fraction": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
        "fraction-step": {"type": "number", "minimum": 0.15, "multipleOf": 0.1},
        "between": {"type": "number", "minimum": 2.5, "maximum": 2.5},
        "many": {"type": "object", "minProperties": 3, "additionalProperties": {"type": "integer"}},
        "few": {"type": "object", "maxProperties": 1, "required": ["b"],
            "properties": {"a": {"type": "string"}, "b": {"type": "string"}, "c": {"type": "string"}}},
        "named": {"type": "object", "minProperties": 2, "propertyNames": {"pattern": "^x-"},
            "additionalProperties": {"type": "boolean"}},
        "patterned": {"type": "object", "minProperties": 1, "patternProperties": {"^[0-9]{3}$": {"type": "null"}},
            "additionalProperties": false},
        "dependent": {"type": "object", "properties": {"card": {"type": "string"}, "zip": {"type": "string", "pattern": "^\\d{5}$"}},
            "required": ["card"], "dependentRequired": {"card": ["zip", "street"]}},
        "unique": {"type": "array", "items": {"type": "integer", "minimum": 5}, "minItems": 4, "uniqueItems": true},
        "unique-enum": {"type": "array", "items": {"enum": ["a", "b", "c"]}, "minItems": 3, "uniqueItems": true},
        "unique-objects": {"type": "array", "uniqueItems": true, "minItems": 3,
            "items": {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}}},
        "unique-flags": {"type": "array", "items": {"type": "boolean"}, "minItems": 2, "uniqueItems": true},
        "tuple": {"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}], "items": false},
        "contains": {"type": "array", "contains": {"const": 7}},
        "all": {"allOf": [{"type": "object", "required": ["a"], "properties": {"a": {"minimum": 3}}},
            {"properties": {"a": {"type": "integer", "multipleOf": 5}}}]},
        "one": {"oneOf": [{"type": "object", "required": ["a"]}, {"type": "object", "required": ["b"]}]},
        "either": {"type": "object", "properties": {"k": {"type": "string"}},
            "oneOf": [{"properties": {"k": {"const": "x"}}, "required": ["k"]}, {"not": {"required": ["k"]}}]},
        "two": {"allOf": [{"anyOf": [{"type": "string"}, {"type": "integer"}]}, {"anyOf": [{"type": "integer"}, {"type": "boolean"}]}]},
        "nullable": {"type": ["null", "string"]},
        "null": {"type": "null"},
        "bad-example": {"type": "integer", "example": "ten", "default": "nine", "minimum": 2},
        "bad-optional": {"type": "object", "properties": {"never": false, "maybe": {"type": "string"}}},
        "constant": {"const": {"deep": [1, {"two": 2}]}},
        "closed": {"type": "object", "additionalProperties": false, "required": ["a"], "properties": {"a": true}},
        "anything": {}
}"#;

#[tokio::test]
async fn values_fit_the_keywords_they_are_made_of() {
    let schemas: BTreeMap<String, Value> = serde_json::from_str(KEYWORDS).expect("an object");
    let site = Site::new(&files(&[("openapi.json", &document(&schemas))]));
    let mut bad = Vec::new();
    for name in schemas.keys() {
        let answer = site.ask("GET", &format!("/{name}")).empty().await;
        if answer.status != 200 {
            let key = site
                .gateway
                .plan()
                .operations
                .iter()
                .find(|one| one.http.path.text == format!("/{name}"))
                .and_then(|one| one.replies[0].1)
                .expect("a schema");
            bad.push((name, site.gateway.plan().example(key)));
        }
        assert_eq!(answer.body, site.ask("GET", &format!("/{name}")).empty().await.body, "{name} changes");
    }
    assert!(bad.is_empty(), "{bad:#?}");
}

#[tokio::test]
async fn values_are_what_people_would_write() {
    let (_, value) = made(
        json!({"A": {"type": "object", "properties": {
        "at": {"type": "string", "format": "date-time"}, "name": {"type": "string"},
        "tags": {"type": "array", "items": {"type": "string"}}, "state": {"enum": ["open", "shut"]},
        "size": {"type": "integer", "example": 42}, "secret": {"type": "string", "writeOnly": true}}}}),
        "A",
    )
    .await;
    let wanted = json!({"at": "2026-01-01T00:00:00Z", "name": "string", "tags": ["string"], "state": "open",
        "size": 42});
    assert_eq!(value, wanted);
}

#[tokio::test]
async fn schemas_that_lead_back_to_themselves_end() {
    let schemas = json!({
        "Node": {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"},
            "parent": {"$ref": "#/components/schemas/Node"},
            "children": {"type": "array", "items": {"$ref": "#/components/schemas/Node"}}}},
        "Tree": {"oneOf": [{"type": "object", "required": ["left"], "properties": {"left": {"$ref": "#/components/schemas/Tree"}}},
            {"type": "string"}]},
        "A": {"type": "object", "required": ["b"], "properties": {"b": {"$ref": "#/components/schemas/B"}}},
        "B": {"type": "object", "properties": {"a": {"$ref": "#/components/schemas/A"}}},
        "Map": {"type": "object", "additionalProperties": {"$ref": "#/components/schemas/Map"}},
    });
    for name in ["Node", "Tree", "A", "B", "Map"] {
        assert_eq!(made(schemas.clone(), name).await.0, 200, "{name}");
    }
    assert_eq!(made(schemas.clone(), "Node").await.1, json!({"id": 1, "children": []}));
    assert_eq!(made(schemas, "Tree").await.1, json!({"left": "string"}));
}

#[tokio::test]
async fn what_nothing_can_fit_is_told_and_never_ends_a_request() {
    let schemas = json!({
        "Forever": {"type": "object", "required": ["next"], "properties": {"next": {"$ref": "#/components/schemas/Forever"}}},
        "Contradiction": {"type": "string", "minLength": 5, "maxLength": 2},
        "Never": {"not": {}},
    });
    for name in ["Forever", "Contradiction", "Never"] {
        let (status, body) = made(schemas.clone(), name).await;
        assert_eq!((status, &body["code"]), (500, &json!("response_invalid")), "{name}");
    }
}

#[tokio::test]
async fn discriminators_say_which_alternative_it_is() {
    let pet = |name: &str| json!({"type": "object", "required": ["kind", name], "properties": {"kind": {"type": "string"}, name: {"type": "string"}}});
    let union = |mapping: Value| {
        json!({"oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}],
            "discriminator": {"propertyName": "kind", "mapping": mapping}})
    };
    let schemas = json!({"Cat": pet("meow"), "Dog": pet("bark"), "Plain": union(json!({})),
        "Mapped": union(json!({"dog": "#/components/schemas/Dog", "cat": "#/components/schemas/Cat"}))});
    assert_eq!(made(schemas.clone(), "Plain").await, (200, json!({"kind": "Cat", "meow": "string"})));
    assert_eq!(made(schemas, "Mapped").await, (200, json!({"kind": "cat", "meow": "string"})));
}

const PREFER: &str = r#"
openapi: 3.0.3
info: {title: Shop, version: 1.0.0}
paths:
  /things/{id}:
    get:
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
        '200':
          description: One.
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Thing'}
              examples:
                wrong: {value: {name: 5}}
                small: {value: {name: small}}
                large: {$ref: '#/components/examples/Large'}
        '404':
          description: None.
          content: {application/json: {schema: {type: object, properties: {why: {type: string}}}, example: {why: gone}}}
        4XX:
          description: No.
          content: {application/json: {schema: {type: object, required: [family], properties: {family: {type: boolean}}}}}
        default: {description: Else.}
  /forms:
    post:
      requestBody:
        required: true
        content: {application/x-www-form-urlencoded: {schema: {type: object, properties: {a: {type: string}}}}}
      responses: {'204': {description: Done.}}
components:
  schemas:
    Thing: {type: object, required: [name], properties: {name: {type: string}}}
  examples:
    Large: {value: {name: large}}
"#;

#[tokio::test]
async fn callers_prefer_statuses_and_examples() {
    let site = Site::new(&files(&[("openapi.yaml", PREFER)]));
    let operations = &site.gateway.plan().operations;
    let written: Vec<&str> = operations[0].replies.iter().map(|(status, _)| status.as_str()).collect();
    assert_eq!(written, ["200", "404", "4XX", "default"]);
    for (prefer, status, body) in [
        // The first that fits, where nothing is preferred: `wrong` does not.
        ("", 200, json!({"name": "small"})),
        ("code=404", 404, json!({"why": "gone"})),
        ("code=418", 418, json!({"family": true})),
        ("example=large", 200, json!({"name": "large"})),
        ("code=200, example=small", 200, json!({"name": "small"})),
        ("example=unknown", 200, json!({"name": "small"})),
        ("code=404; example=large", 404, json!({"why": "gone"})),
    ] {
        let answer = site.ask("GET", "/things/1").header("prefer", prefer).empty().await;
        assert_eq!((answer.status.as_u16(), answer.json()), (status, body), "{prefer}");
    }
    let answer = site.ask("GET", "/things/1").header("prefer", "code=503").empty().await;
    assert_eq!((answer.status.as_u16(), answer.body.len()), (503, 0), "`default` says nothing of a body");
    let wrong = site.ask("GET", "/things/1").header("prefer", "example=wrong").empty().await;
    wrong.is(500, "response_invalid");
}

#[tokio::test]
async fn bodies_that_are_not_json_are_taken_where_the_document_says_so() {
    let site = Site::new(&files(&[("openapi.yaml", PREFER)]));
    let form = |kind: &str| site.ask("POST", "/forms").header("content-type", kind).raw("a=1&b=2");
    assert_eq!(form("application/x-www-form-urlencoded").await.status, 204);
    form("application/json").await.is(415, "media_type_unsupported");
    let empty =
        site.ask("POST", "/forms").header("content-type", "application/x-www-form-urlencoded").empty();
    empty.await.is(400, "body_malformed");
}

/// How many schemas of replies a document has, and for how many of them a value was made that fits.
fn counted(plan: &Plan, missed: &mut Vec<String>) -> (usize, usize) {
    let (mut all, mut good) = (0, 0);
    for operation in &plan.operations {
        for (status, key) in &operation.replies {
            let Some(key) = key else { continue };
            all += 1;
            match tenon_gateway::plan::fits(&plan.validators, *key, &plan.example(*key)) {
                Ok(()) => good += 1,
                Err(why) => missed.push(format!("{} {status}: {why}", operation.http.path.text)),
            }
        }
    }
    (all, good)
}

/// Documents in the folder of real ones: small enough for a test, each a file of its own.
fn real_documents() -> Vec<PathBuf> {
    /// Largest document, in bytes.
    const BYTES_MAX: u64 = 400_000;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let named = std::env::var_os("TENON_REAL_DOCUMENTS").map(PathBuf::from);
    let folder = named.unwrap_or_else(|| root.join("../peers/inputs"));
    let mut found = Vec::new();
    let mut open = vec![folder];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let Ok(kind) = std::fs::metadata(entry.path()) else { continue };
            let ending = entry.path().extension().is_some_and(|ending| ending == "json" || ending == "yaml");
            if kind.is_dir() {
                open.push(entry.path());
            } else if ending && kind.len() < BYTES_MAX {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    found
}

#[test]
fn real_documents_are_answered_with_values_that_fit() {
    /// One in so many documents: a test of some seconds.
    const ONE_IN: usize = 40;
    /// How many in a thousand fit at least: what is missing contradicts itself, or demands what
    /// only people can make up.
    const FIT_IN_THOUSAND: usize = 990;
    let documents = real_documents();
    if documents.is_empty() {
        println!("not run: there are no real documents beside the repository");
        return;
    }
    let started = Instant::now();
    let (mut all, mut good, mut served, mut refused) = (0, 0, 0, Vec::new());
    let mut missed = Vec::new();
    for path in documents.iter().step_by(ONE_IN) {
        if started.elapsed() > Duration::from_secs(20) {
            break;
        }
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let mut one = MemoryFiles::default();
        one.0.insert(name.clone(), std::fs::read(path).expect("a file"));
        let (graph, _) = graph_of(&one);
        if graph.apis.is_empty() {
            continue;
        }
        match Plan::new(Arc::new(graph)) {
            Ok(plan) => {
                let (of_it, fit) = counted(&plan, &mut missed);
                (all, good, served) = (all + of_it, good + fit, served + 1);
            }
            Err(found) => refused.push(format!("{}: {}", path.display(), found[0].message)),
        }
    }
    let listed: Vec<&String> = missed.iter().take(40).collect();
    println!("{good} of {all} replies of {served} documents; refused {refused:#?}; missed {listed:#?}");
    assert!(refused.is_empty(), "{refused:#?}");
    assert!(good * 1_000 >= all * FIT_IN_THOUSAND, "{good} of {all}: {listed:#?}");
}
