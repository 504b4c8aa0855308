//! What each dialect's keywords mean, and how failures are told.

mod common;

use common::{at, graph};
use tenon_graph::Dialect::{self, Draft4, Draft7, Draft202012, OpenApi30, Swagger2};
use tenon_schemas::{Direction, Key, Problem, Validators};

/// What is wrong with `/value` under `/schema` of one JSON text, a line each.
fn check(dialect: Dialect, direction: Direction, text: &str) -> Vec<String> {
    let graph = graph(&[("test.json", text)]);
    let validators = Validators::new(&graph);
    let key = Key { at: at(&graph, 0, "/schema"), dialect, direction };
    let value = at(&graph, 0, "/value");
    let failures = validators.failures(key, value);
    assert_eq!(failures.is_empty(), validators.is_valid(key, value), "both ways agree");
    failures.iter().map(tenon_schemas::Failure::message).collect()
}

#[track_caller]
fn expect(dialect: Dialect, schema: &str, value: &str, messages: &[&str]) {
    let text = format!(r#"{{"schema": {schema}, "value": {value}}}"#);
    assert_eq!(check(dialect, Direction::Either, &text), messages, "{schema} {value}");
}

#[test]
fn nullable_allows_null_wherever_it_stands() {
    let fits = |dialect, schema| expect(dialect, schema, "null", &[]);
    fits(OpenApi30, r#"{"type": "string", "nullable": true}"#);
    fits(OpenApi30, r#"{"type": "string", "nullable": true, "enum": ["a"]}"#);
    fits(OpenApi30, r##"{"nullable": true, "allOf": [{"type": "object"}]}"##);
    fits(OpenApi30, r##"{"nullable": true, "oneOf": [{"type": "object"}, {"type": "string"}]}"##);
    fits(OpenApi30, r##"{"nullable": true, "$ref": "#/schema/x"}"##);
    fits(Swagger2, r#"{"type": "string", "x-nullable": true}"#);
    expect(OpenApi30, r#"{"type": "string"}"#, "null", &["`value` should be a string, not null"]);
    expect(
        OpenApi30,
        r#"{"type": "string", "nullable": false}"#,
        "null",
        &["`value` should be a string, not null"],
    );
    // The word means nothing in other dialects.
    expect(
        Draft202012,
        r#"{"type": "string", "nullable": true}"#,
        "null",
        &["`value` should be a string, not null"],
    );
    let schema = r#"{"nullable": true, "allOf": [{"type": "object"}]}"#;
    expect(OpenApi30, schema, "5", &["`value` should be an object, not 5"]);
}

#[test]
fn exclusive_bounds_are_flags_or_numbers() {
    let openapi = r#"{"type": "integer", "minimum": 1, "exclusiveMinimum": true}"#;
    expect(OpenApi30, openapi, "1", &["`value` should be more than 1, not 1"]);
    expect(OpenApi30, openapi, "2", &[]);
    expect(
        Draft4,
        r#"{"maximum": 3, "exclusiveMaximum": true}"#,
        "3",
        &["`value` should be less than 3, not 3"],
    );
    expect(Draft7, r#"{"exclusiveMaximum": 3}"#, "3", &["`value` should be less than 3, not 3"]);
    expect(OpenApi30, r#"{"minimum": 1, "exclusiveMinimum": false}"#, "1", &[]);
}

#[test]
fn formats_are_checked() {
    expect(
        OpenApi30,
        r#"{"type": "integer", "format": "int32"}"#,
        "2147483648",
        &["`value` should be at most 2147483647, not 2147483648"],
    );
    // S0-26
    expect(
        Draft202012,
        r#"{"type": "string", "format": "date-time"}"#,
        r#""yesterday""#,
        &["`value` should have the format `date-time`, not \"yesterday\""],
    );
    expect(OpenApi30, r#"{"format": "byte"}"#, r#""aGk=""#, &[]);
    expect(
        OpenApi30,
        r#"{"format": "byte"}"#,
        r#""a""#,
        &["`value` should have the format `byte`, not \"a\""],
    );
    expect(OpenApi30, r#"{"format": "no-such-format"}"#, r#""a""#, &[]);
}

#[test]
fn members_of_the_other_direction_are_not_demanded() {
    let text = r##"{
        "schema": {"allOf": [{"$ref": "#/base"}], "required": ["id", "secret", "name"]},
        "base": {"type": "object", "properties": {
            "id": {"type": "string", "readOnly": true},
            "secret": {"$ref": "#/secret"},
            "name": {"type": "string"}}},
        "secret": {"type": "string", "writeOnly": true},
        "value": {}
    }"##;
    let missing = |name: &str| format!("`value` has no `{name}`, which it needs");
    let of = |direction| check(OpenApi30, direction, text);
    assert_eq!(of(Direction::Request), [missing("name"), missing("secret")]);
    assert_eq!(of(Direction::Response), [missing("id"), missing("name")]);
    assert_eq!(of(Direction::Either), [missing("name")]);
}

#[test]
fn siblings_of_references_count_in_new_drafts_only() {
    let schema = r##"{"$ref": "#/schema/x", "minLength": 3, "x": {"type": "string"}}"##;
    expect(Draft7, schema, r#""a""#, &[]);
    expect(OpenApi30, schema, r#""a""#, &[]);
    expect(Draft202012, schema, r#""a""#, &["`value` should have 3 characters or more, not 1"]);
}

#[test]
fn swagger_files_and_parameters_assert_what_they_can() {
    expect(Swagger2, r#"{"type": "file"}"#, r#""anything""#, &[]);
    expect(
        Swagger2,
        r#"{"type": "array", "collectionFormat": "csv", "items": {"type": "integer"}}"#,
        "[1, 2]",
        &[],
    );
    let schema = r#"{"name": "n", "in": "query", "required": true, "type": "integer"}"#;
    expect(Swagger2, schema, r#""x""#, &["`value` should be an integer, not \"x\""]);
}

#[test]
fn the_nearest_branch_is_told() {
    let cats = r##"{"oneOf": [
        {"type": "object", "required": ["kind", "lives"], "properties": {"kind": {"const": "cat"}, "lives": {"type": "integer"}}},
        {"type": "object", "required": ["kind"], "properties": {"kind": {"const": "dog"}, "bark": {"type": "string"}}}
    ]}"##;
    expect(
        Draft202012,
        cats,
        r#"{"kind": "cat", "lives": "nine"}"#,
        &["`lives` should be an integer, not \"nine\""],
    );
    expect(Draft202012, cats, r#"{"kind": "dog", "bark": 5}"#, &["`bark` should be a string, not 5"]);
    let types = r#"{"anyOf": [{"type": "string"}, {"type": "array"}]}"#;
    expect(Draft202012, types, "5", &["`value` should be a string or an array, not 5"]);
    let both = r#"{"oneOf": [{"type": "integer"}, {"type": "number"}]}"#;
    expect(
        Draft202012,
        both,
        "5",
        &["`value` fits more than one schema of `oneOf`, which takes exactly one"],
    );
}

#[test]
fn references_behind_unions_are_followed() {
    let schema = r##"{"anyOf": [{"$ref": "#/schema/$defs/a"}, {"$ref": "#/schema/$defs/b"}],
        "$defs": {"a": {"type": "string"}, "b": {"type": "object", "required": ["x"]}}}"##;
    expect(Draft202012, schema, "{}", &["`value` has no `x`, which it needs"]);
    expect(Draft202012, schema, "5", &["`value` should be a string or an object, not 5"]);
}

#[test]
fn unexpected_members_get_a_suggestion() {
    let schema = r#"{"properties": {"currency": {}, "amount": {}}, "additionalProperties": false}"#;
    expect(
        Draft202012,
        schema,
        r#"{"amout": 5, "zzz": 1}"#,
        &["`amout` is not allowed here; did you mean `amount`?", "`zzz` is not allowed here"],
    );
}

#[test]
fn cycles_end() {
    let list = r##"{"type": "object", "properties": {"next": {"$ref": "#/schema"}}, "required": ["v"]}"##;
    expect(
        OpenApi30,
        list,
        r#"{"v": 1, "next": {"v": 2, "next": {}}}"#,
        &["`next` has no `v`, which it needs"],
    );
    // Schemas that refer to each other without a value in between add nothing.
    let knot = r##"{"allOf": [{"$ref": "#/schema/other"}], "type": "string",
        "other": {"allOf": [{"$ref": "#/schema"}], "maxLength": 1}}"##;
    expect(Draft202012, knot, r#""ab""#, &["`value` should have 1 character at most, not 2"]);
    expect(OpenApi30, r##"{"$ref": "#/schema"}"##, "1", &[]);
}

#[test]
fn references_cross_files() {
    let files = [
        ("api/a.json", r#"{"schema": {"properties": {"b": {"$ref": "../lib/b.json#/defs/x~1y"}}}}"#),
        ("lib/b.json", r#"{"defs": {"x/y": {"items": {"$ref": "c.json"}}}}"#),
        ("lib/c.json", r#"{"type": "integer"}"#),
        ("value.json", r#"{"b": [1, "2"]}"#),
    ];
    let graph = graph(&files);
    let validators = Validators::new(&graph);
    for dialect in [OpenApi30, Draft7, Draft202012] {
        let key = Key { at: at(&graph, 0, "/schema"), dialect, direction: Direction::Either };
        let failures = validators.failures(key, at(&graph, 3, ""));
        assert_eq!(failures[0].message(), "item 1 of `b` should be an integer, not \"2\"");
        let keyword = failures[0].keyword.expect("a keyword");
        assert_eq!((keyword.file.0, graph.node(keyword).pointer()), (2, "/type".to_owned()));
    }
}

#[test]
fn whole_files_are_compiled_where_references_are_looked_through() {
    let files = [
        (
            "a.json",
            r##"{"$ref": "b.json", "properties": {"own": {"$ref": "#/$defs/own"}}, "unevaluatedProperties": false,
                "$defs": {"own": {"type": "string"}}}"##,
        ),
        (
            "b.json",
            r##"{"properties": {"base": {"$ref": "#/$defs/n"}}, "$defs": {"n": {"type": "integer"}}}"##,
        ),
        ("value.json", r#"{"base": "x", "own": "y", "more": 1}"#),
    ];
    let graph = graph(&files);
    let validators = Validators::new(&graph);
    let key = Key { at: at(&graph, 0, ""), dialect: Draft202012, direction: Direction::Either };
    let failures = validators.failures(key, at(&graph, 2, ""));
    let told: Vec<String> = failures.iter().map(tenon_schemas::Failure::message).collect();
    assert_eq!(told, ["`base` should be an integer, not \"x\"", "`more` is not allowed here"]);
    let keyword = failures[0].keyword.expect("a keyword");
    assert_eq!((keyword.file.0, graph.node(keyword).pointer()), (1, "/$defs/n/type".to_owned()));
}

#[test]
fn patterns_that_are_none_are_told_and_the_rest_counts() {
    let files = [
        (
            "s.json",
            r#"{"properties": {"a": {"type": "string", "pattern": "(["}, "b": {"pattern": "^(?!x)"}}}"#,
        ),
        ("v.json", r#"{"a": 1, "b": "x"}"#),
    ];
    let graph = graph(&files);
    let validators = Validators::new(&graph);
    let key = Key { at: at(&graph, 0, ""), dialect: Draft202012, direction: Direction::Either };
    let told: Vec<String> =
        validators.failures(key, at(&graph, 1, "")).iter().map(tenon_schemas::Failure::message).collect();
    assert_eq!(told, ["`a` should be a string, not 1", "`b` should match `^(?!x)`, which \"x\" does not"]);
    assert_eq!(validators.problems(key), [Problem::Pattern("([".to_owned())]);
}

#[test]
fn keywords_of_the_wrong_shape_are_left_out() {
    let schema = r#"{"type": "strnig", "required": true, "enum": {}, "properties": 5, "minLength": -1,
        "maximum": "3", "allOf": {}, "items": [], "maxLength": 2}"#;
    for dialect in [Swagger2, OpenApi30, Draft4, Draft7, Draft202012] {
        expect(dialect, schema, r#""abc""#, &["`value` should have 2 characters at most, not 3"]);
    }
}

#[test]
fn many_references_within_each_other_do_not_take_the_stack() {
    let mut schemas: Vec<String> =
        (0..3_000).map(|i| format!(r##""s{i}": {{"allOf": [{{"$ref": "#/s{}"}}]}}"##, i + 1)).collect();
    schemas.push(r#""s3000": {"type": "string"}"#.to_owned());
    let text = format!(r##"{{"schema": {{"$ref": "#/s0"}}, "value": 1, {}}}"##, schemas.join(", "));
    let told = check(Draft202012, Direction::Either, &text);
    assert_eq!(told.len(), 1);
    assert!(told[0].contains("was not checked further"), "{told:?}");
}

#[test]
fn property_names_are_checked_behind_references() {
    let schema = r##"{"propertyNames": {"$ref": "#/schema/$defs/n"}, "$defs": {"n": {"maxLength": 2}}}"##;
    let told = "`value` has a member whose name is not allowed: it should have 2 characters at most";
    expect(Draft202012, schema, r#"{"abc": 1}"#, &[told]);
}
