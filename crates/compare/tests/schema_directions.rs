//! Schemas in messages: whom a change breaks depends on who sends it, and one change of a shared
//! schema is one change.

use tenon_compare::{Change, Class, ContentModel, Direction, Settings, Versions, compare};
use tenon_testkit::{MemoryFiles, graph_of};

fn api(version: &str, operations: &str, schemas: &str) -> String {
    format!(
        "openapi: {version}\ninfo: {{title: Pets, version: '1'}}\npaths:\n{operations}components:\n  schemas:\n{schemas}"
    )
}

/// An operation that sends `Pet` to the API.
const TAKES: &str = "  /take:\n    post:\n      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}\n      responses: {'204': {description: Done.}}\n";

/// An operation that gets `Pet` from the API.
const GIVES: &str = "  /give:\n    get:\n      responses: {'200': {description: A pet., content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}\n";

fn schema(body: &str) -> String {
    body.lines().fold("    Pet:\n".to_owned(), |text, line| format!("{text}      {line}\n"))
}

fn files(text: &str) -> MemoryFiles {
    MemoryFiles([("openapi.yaml".to_owned(), text.as_bytes().to_vec())].into())
}

fn changes_in(old: &str, new: &str, content_model: ContentModel) -> Vec<Change> {
    let (old, _) = graph_of(&files(old));
    let (new, _) = graph_of(&files(new));
    let settings = Settings { content_model, ..Settings::default() };
    let mut found = compare(&Versions { old: &old, new: &new, settings });
    // That the document kept its version number is said elsewhere.
    found.retain(|change| change.rule.code.id.starts_with("DS"));
    found
}

/// The changes of the schema `Pet` where it is used in some way: rule, class, direction.
fn pet(operations: &str, before: &str, after: &str) -> Vec<(&'static str, Class, Option<Direction>)> {
    let old = api("3.1.0", operations, &schema(before));
    let new = api("3.1.0", operations, &schema(after));
    let found = changes_in(&old, &new, ContentModel::Open);
    found.iter().map(|change| (change.rule.code.id, change.class, change.direction)).collect()
}

const REQUEST: Option<Direction> = Some(Direction::Request);
const RESPONSE: Option<Direction> = Some(Direction::Response);
const BOTH: Option<Direction> = Some(Direction::Both);

#[test]
fn what_narrows_breaks_requests_and_what_widens_breaks_responses() {
    let (wide, narrow) = ("type: integer", "type: integer\nmaximum: 5");
    assert_eq!(pet(TAKES, wide, narrow), [("DS022", Class::Breaking, REQUEST)]);
    assert_eq!(pet(GIVES, wide, narrow), [("DS022", Class::Additive, RESPONSE)]);
    assert_eq!(pet(TAKES, narrow, wide), [("DS023", Class::Additive, REQUEST)]);
    assert_eq!(pet(GIVES, narrow, wide), [("DS023", Class::Breaking, RESPONSE)]);
}

#[test]
fn a_change_of_a_shared_schema_is_one_change() {
    let operations = format!("{TAKES}{GIVES}");
    let old = api("3.1.0", &operations, &schema("type: object\nproperties:\n  name: {type: string}"));
    let new = old.replace("name: {type: string}", "name: {type: string, maxLength: 5}");
    let found = changes_in(&old, &new, ContentModel::Open);
    let [change] = &found[..] else { panic!("one change: {found:#?}") };
    assert_eq!((change.rule.code.id, change.class, change.direction), ("DS032", Class::Breaking, BOTH));
    assert_eq!(change.reach.names, ["GET /give", "POST /take"]);
    assert_eq!(change.subject, "Pet.name");
    assert_eq!(change.counter_example.as_deref(), Some("\"aaaaaa\""));
    assert!(change.aliases.contains(&"oasdiff:request-property-max-length-set"), "{:?}", change.aliases);
}

#[test]
fn a_member_that_only_responses_have_breaks_no_request() {
    let before = "type: object\nproperties:\n  id: {type: string, readOnly: true}";
    let after = "type: object\nrequired: [id]\nproperties:\n  id: {type: string, readOnly: true}";
    assert!(pet(TAKES, before, after).iter().all(|(_, class, _)| *class != Class::Breaking));
    assert_eq!(pet(GIVES, before, after), [("DS070", Class::Additive, RESPONSE)]);
    assert_eq!(pet(GIVES, after, before), [("DS071", Class::Breaking, RESPONSE)]);
    let written = "type: object\nrequired: [id]\nproperties:\n  id: {type: string, writeOnly: true}";
    let gone = pet(GIVES, &written.replace("writeOnly: true", "writeOnly: false"), written);
    assert!(gone.contains(&("DS071", Class::Breaking, RESPONSE)), "{gone:?}");
}

#[test]
fn members_that_are_not_declared_are_the_content_models_matter() {
    let before = "type: object\nproperties:\n  name: {type: string}";
    let after = "type: object\nproperties:\n  name: {type: string}\n  age: {type: integer}";
    assert_eq!(pet(GIVES, before, after), [("DS073", Class::Additive, RESPONSE)]);
    assert_eq!(pet(GIVES, after, before), [("DS074", Class::Behaviour, RESPONSE)]);
    let (old, new) = (api("3.1.0", GIVES, &schema(before)), api("3.1.0", GIVES, &schema(after)));
    let closed = changes_in(&old, &new, ContentModel::Closed);
    let found: Vec<_> = closed.iter().map(|change| (change.rule.code.id, change.class)).collect();
    assert_eq!(found, [("DS077", Class::Breaking)]);
    let closed = format!("{before}\nadditionalProperties: false");
    let more = format!("{after}\nadditionalProperties: false");
    assert_eq!(pet(GIVES, &closed, &more), [("DS077", Class::Breaking, RESPONSE)]);
    assert_eq!(pet(TAKES, &closed, &more), [("DS077", Class::Additive, REQUEST)]);
}

#[test]
fn openapi_3_0_to_3_1_is_no_change() {
    let operations = format!("{TAKES}{GIVES}");
    let old = schema(
        "type: object\nproperties:\n  name: {type: string, nullable: true, example: Rex}\n  kind: {type: string, enum: [cat], nullable: true}\n  age: {type: integer, minimum: 0, exclusiveMinimum: true}\n  owner:\n    nullable: true\n    allOf: [{$ref: '#/components/schemas/Owner'}]\n  photo: {type: string, format: byte}",
    );
    let new = schema(
        "type: object\nproperties:\n  name: {type: [string, 'null'], examples: [Rex]}\n  kind: {type: [string, 'null'], enum: [cat, null]}\n  age: {type: integer, exclusiveMinimum: 0}\n  owner: {anyOf: [{$ref: '#/components/schemas/Owner'}, {type: 'null'}]}\n  photo: {type: string, contentEncoding: base64}",
    );
    let owner = "    Owner: {type: object, properties: {name: {type: string}}}\n";
    let old = api("3.0.3", &operations, &format!("{old}{owner}"));
    let new = api("3.1.0", &operations, &format!("{new}{owner}"));
    let found = changes_in(&old, &new, ContentModel::Open);
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn another_layout_is_no_change() {
    let operations = format!("{TAKES}{GIVES}");
    let inline = "type: object\nrequired: [name]\nproperties:\n  name: {type: string}\n  owner: {type: object, properties: {name: {type: string}}}";
    let parted = "allOf:\n- {$ref: '#/components/schemas/Named'}\n- {type: object, properties: {owner: {$ref: '#/components/schemas/Owner'}}}";
    let more = "    Named: {type: object, required: [name], properties: {name: {type: string}}}\n    Owner: {type: object, properties: {name: {type: string}}}\n";
    let old = api("3.0.3", &operations, &schema(inline));
    let new = api("3.0.3", &operations, &format!("{}{more}", schema(parted)));
    for (one, two) in [(&old, &new), (&new, &old)] {
        let found = changes_in(one, two, ContentModel::Open);
        assert!(found.is_empty(), "{found:#?}");
    }
}
