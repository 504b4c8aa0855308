//! Whether requests and replies are what the contract describes, whether they were carried out
//! before, and whether the person concerned agreed.

mod common;
mod graphs;

use std::sync::Arc;

use common::{caller, code, shadow};
use graphs::{at, graph};
use serde_json::{Value, json};
use tenon_graph::{Dialect, Graph, Name};
use tenon_policies::consent::{self, ConsentBasis, ConsentRule, Consented};
use tenon_policies::idempotency::{self, Fresh, IdempotencyRule, KeyScope, Known};
use tenon_policies::request::{
    self, BodyRule, CheckedRequest, ParameterRule, Parameters, Place, RawParameters, RequestRule, Scalar,
    Shape,
};
use tenon_policies::{CompiledTemplate, Condition, Refusal, Scope, response};
use tenon_schemas::{Direction, Key, Validators};
use tenon_source::parse_json;
use tenon_storage::{ConsentState, IdempotencyRecord, IdempotencyState, StoredReply};

const SCHEMAS: &str = r#"{
  "lead": {
    "type": "object",
    "required": ["email", "consent"],
    "additionalProperties": false,
    "properties": {
      "email": { "type": "string", "format": "email" },
      "at": { "type": "string", "format": "date-time" },
      "consent": { "type": "object", "required": ["evidenceRef"], "properties": { "evidenceRef": { "type": "string" } } },
      "assets": { "type": "array", "items": { "type": "object", "required": ["id"], "properties": { "id": { "type": "string", "pattern": "^a" } } } }
    }
  },
  "limit": { "type": "integer", "minimum": 1 },
  "tags": { "type": "array", "items": { "type": "integer" }, "maxItems": 2 },
  "id": { "type": "string", "format": "uuid" },
  "on": { "type": ["null", "boolean"] },
  "price": { "type": "number" },
  "filter": { "type": "object" },
  "comma": { "in": "query", "explode": false, "schema": {} },
  "form": { "in": "query", "schema": {} }
}"#;

fn key(graph: &Graph, pointer: &str) -> Key {
    Key { at: at(graph, 0, pointer), dialect: Dialect::Draft202012, direction: Direction::Request }
}

fn parameter(graph: &Graph, name: &str, place: Place, required: bool) -> ParameterRule {
    let schema = at(graph, 0, &format!("/{name}"));
    let shape = Shape::of(graph, schema, at(graph, 0, "/form"));
    ParameterRule {
        name: name.to_owned(),
        place,
        required,
        schema: Some(key(graph, &format!("/{name}"))),
        shape,
    }
}

fn rule(graph: &Graph) -> RequestRule {
    RequestRule {
        parameters: vec![
            parameter(graph, "id", Place::Path, true),
            parameter(graph, "limit", Place::Query, true),
            parameter(graph, "tags", Place::Query, false),
            parameter(graph, "on", Place::Query, false),
            parameter(graph, "price", Place::Header, false),
            parameter(graph, "filter", Place::Query, false),
        ],
        rejects_unknown_query: true,
        body: Some(BodyRule { required: true, media_types: Vec::new(), schema: Some(key(graph, "/lead")) }),
    }
}

const ID: &str = "0198c5a4-0000-7000-8000-000000000001";

fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn ask(
    path: &[(&str, &str)],
    query: &[(&str, &str)],
    headers: &[(&str, &str)],
) -> Result<Parameters, Refusal> {
    let graph = graph(SCHEMAS);
    let validators = Validators::new(&graph);
    let (path, query, headers) = (pairs(path), pairs(query), pairs(headers));
    let raw = RawParameters { path: &path, query: &query, headers: &headers };
    request::parameters(&rule(&graph), &validators, raw)
}

fn told(refusal: &Refusal) -> String {
    let details = refusal.details.iter().map(|detail| format!("{}: {}", detail.field, detail.reason));
    details.collect::<Vec<_>>().join("; ")
}

#[test]
fn parameters_become_values_of_their_schema() {
    let graph = graph(SCHEMAS);
    let query = [("limit", "5"), ("tags", "1"), ("tags", "2"), ("on", "true"), ("filter", r#"{"a":[1]}"#)];
    let parameters = ask(&[("id", ID)], &query, &[("price", "1e2"), ("x-other", "x")]).unwrap();
    let rule = RequestRule { body: None, ..rule(&graph) };
    let request = request::body(&rule, &Validators::new(&graph), parameters, b"").unwrap();
    assert_eq!(request.path(), &json!({ "id": ID }));
    assert_eq!(request.query(), &json!({ "limit": 5, "tags": [1, 2], "on": true, "filter": { "a": [1] } }));
    assert_eq!(request.headers(), &json!({ "price": 100.0, "x-other": "x" }));
    assert_eq!(request.body(), &Value::Null);
}

#[test]
fn parameters_that_are_wrong_are_told_by_name() {
    let good = [("limit", "5")];
    type Pairs<'p> = &'p [(&'p str, &'p str)];
    let table: &[(Pairs<'_>, Pairs<'_>, &str)] = &[
        (&[("id", "x")], &good, "id: should have the format `uuid`, not \"x\""),
        (&[("id", ID)], &[], "limit: is missing"),
        (&[("id", ID)], &[("limit", "0")], "limit: should be at least 1, not 0"),
        (&[("id", ID)], &[("limit", "five")], "limit: should be a whole number"),
        (&[("id", ID)], &[("limit", "1.0")], "limit: should be a whole number"),
        (&[("id", ID)], &[("limit", "+5")], "limit: should be a whole number"),
        (&[("id", ID)], &[("limit", "")], "limit: should be a whole number"),
        (&[("id", ID)], &[("limit", "1"), ("limit", "2")], "limit: is given more than once"),
        (&[("id", ID)], &[("limit", "1"), ("tags", "1"), ("tags", "x")], "tags: should be a whole number"),
        (
            &[("id", ID)],
            &[("limit", "1"), ("tags", "1"), ("tags", "2"), ("tags", "3")],
            "tags: should have 2 items at most, not 3",
        ),
        (&[("id", ID)], &[("limit", "1"), ("on", "yes")], "on: should be true or false"),
        (&[("id", ID)], &[("limit", "1"), ("filter", "{")], "filter: should be JSON"),
        (&[("id", ID)], &[("limit", "1"), ("limt", "2")], "limt: is not known; did you mean `limit`?"),
        (&[("id", ID)], &[("limit", "1"), ("zzzzzz", "2"), ("zzzzzz", "3")], "zzzzzz: is not known"),
        (
            &[("id", "x")],
            &[("b", ""), ("a", "")],
            "id: should have the format `uuid`, not \"x\"; limit: is missing; b: is not known; a: is not known",
        ),
    ];
    for (path, query, expected) in table {
        let refusal = ask(path, query, &[]).unwrap_err();
        assert_eq!(refusal.condition, Condition::ParameterInvalid);
        assert_eq!(told(&refusal), *expected, "{query:?}");
    }
    let refusal = ask(&[("id", "x")], &good, &[]).unwrap_err();
    let names: Vec<_> = refusal.binding_names().collect();
    assert_eq!(names, ["parameter_invalid.uuid", "parameter_invalid"]);
    assert!(ask(&[("id", ID)], &[("limit", "1"), ("tags", &"9".repeat(9000))], &[]).is_err());
}

#[test]
fn lists_are_read_as_the_parameter_writes_them() {
    let graph = graph(SCHEMAS);
    let shape = |parameter: &str| Shape::of(&graph, at(&graph, 0, "/tags"), at(&graph, 0, parameter));
    assert_eq!(shape("/form"), Shape::List { item: Scalar::Integer, explode: true, separator: ',' });
    let comma = shape("/comma");
    assert_eq!(comma.read(&["1,2"]), Ok(json!([1, 2])));
    assert_eq!(comma.read(&[""]), Ok(json!([])));
    assert!(comma.read(&["1", "2"]).is_err());
    assert!(comma.read(&["1,,2"]).is_err());
}

fn check(text: &[u8]) -> Result<CheckedRequest, Refusal> {
    let graph = graph(SCHEMAS);
    let parameters = ask(&[("id", ID)], &[("limit", "1")], &[]).unwrap();
    request::body(&rule(&graph), &Validators::new(&graph), parameters, text)
}

#[test]
fn bodies_are_held_to_their_schema_field_by_field() {
    let table: &[(&str, &str, &str)] = &[
        // S2-181: a bad email is 400 with `field=email`; S2-144: with details for each field.
        (
            r#"{"email": "nope", "consent": {"evidenceRef": "e"}}"#,
            "request_invalid.email",
            "email: should have the format `email`, not \"nope\"",
        ),
        (r#"{"consent": {}}"#, "request_invalid", "email: is missing; consent.evidenceRef: is missing"),
        (
            r#"{"email": "a@b.org", "consent": {"evidenceRef": "e"}, "assets": [{"id": "a"}, {"id": "b"}, {}]}"#,
            "request_invalid",
            "assets.1.id: should match `^a`, which \"b\" does not; assets.2.id: is missing",
        ),
        (
            r#"{"email": "a@b.org", "consent": 5, "emial": 1}"#,
            "request_invalid",
            "consent: should be an object, not 5; emial: is not allowed here",
        ),
        // S0-57: a format is told where nothing else is wrong, whatever the order of the members.
        (
            r#"{"at": "now", "email": "a@b.org", "consent": {"evidenceRef": "e"}}"#,
            "request_invalid.date-time",
            "at: should have the format `date-time`, not \"now\"",
        ),
        (
            r#"{"at": "now", "email": "nope", "consent": {"evidenceRef": "e"}}"#,
            "request_invalid",
            "at: should have the format `date-time`, not \"now\"; email: should have the format `email`, not \"nope\"",
        ),
        (
            r#"{"email": "nope", "at": "now", "consent": {"evidenceRef": "e"}}"#,
            "request_invalid",
            "email: should have the format `email`, not \"nope\"; at: should have the format `date-time`, not \"now\"",
        ),
        ("[]", "request_invalid", ": should be an object, not an array"),
    ];
    for (text, name, expected) in table {
        let refusal = check(text.as_bytes()).unwrap_err();
        assert_eq!(refusal.binding_names().next().as_deref(), Some(*name), "{text}");
        assert_eq!(told(&refusal), *expected, "{text}");
        assert_eq!(refusal.http_status(), 400);
        for _ in 0..100 {
            assert_eq!(check(text.as_bytes()), Err(refusal.clone()));
        }
    }
    let good = br#"{"email": "a@b.org", "consent": {"evidenceRef": "e"}}"#;
    assert_eq!(
        check(good).unwrap().body(),
        &json!({ "email": "a@b.org", "consent": { "evidenceRef": "e" } })
    );
}

#[test]
fn what_is_no_json_is_told_with_its_place() {
    let deep = "[".repeat(300);
    // Issue 4, bad input: bad UTF-8, duplicate keys, deep JSON.
    let table: &[(&[u8], &str)] = &[
        (b"", "missing"),
        (b"{\"a\": 1,}", "line 1"),
        (b"\xff\xfe", "not UTF-8: byte 0"),
        (b"{\"email\": 1,\n \"email\": 2}", "line 2"),
        (b"{\"a\": NaN}", "line 1, column 7"),
        (b"// c\n{}", "line 1"),
        (b"{} {}", "column 4"),
        (deep.as_bytes(), "deeper than"),
    ];
    for (text, message) in table {
        let refusal = check(text).unwrap_err();
        assert_eq!(refusal.condition, Condition::BodyMalformed, "{}", refusal.message());
        assert!(refusal.message().contains(message), "{}", refusal.message());
    }
    let settled = shadow(check(b"{\"email\": 1}"), |waiver| {
        let parameters = Parameters::waived(RawParameters { path: &[], query: &[], headers: &[] }, waiver);
        CheckedRequest::waived(parameters, b"{\"email\": 1}", waiver)
    });
    assert_eq!(settled.proof.body(), &json!({ "email": 1 }));
}

#[test]
fn content_types_are_checked_before_the_body() {
    let typed = |types: &[&str]| RequestRule {
        body: Some(BodyRule {
            media_types: types.iter().map(|one| (*one).to_owned()).collect(),
            ..BodyRule::default()
        }),
        ..RequestRule::default()
    };
    // S2-140: `Content-Type: application/json`.
    let table: &[(&[&str], Option<&str>, bool, &str)] = &[
        (&[], Some("application/json"), true, "ok"),
        (&[], Some("Application/JSON; charset=utf-8"), true, "ok"),
        (&[], Some("application/merge-patch+json"), true, "ok"),
        (&[], Some("text/plain"), true, "media_type_unsupported"),
        (&[], None, true, "media_type_unsupported"),
        (&[], None, false, "ok"),
        (&["image/*"], Some("image/png"), true, "ok"),
        (&["image/*"], Some("text/html"), true, "media_type_unsupported"),
        (&["*/*"], None, true, "ok"),
        (&["application/json"], Some("application/jsonp"), true, "media_type_unsupported"),
    ];
    for (types, field, has_body, expected) in table {
        assert_eq!(
            code(&request::content_type(&typed(types), *field, *has_body)),
            *expected,
            "{types:?} {field:?}"
        );
    }
}

fn idempotent(required: bool, conflict: bool, scope: KeyScope) -> IdempotencyRule {
    IdempotencyRule { required, header: "Idempotency-Key".to_owned(), scope, window_ms: 86_400_000, conflict }
}

#[test]
fn keys_are_read_quoted_or_bare() {
    let rule = idempotent(true, false, KeyScope::Actor);
    let long = "k".repeat(256);
    let quoted_long = format!("\"{long}\"");
    // S0-89, S2-138: a missing key is refused.
    let table: &[(Option<&str>, &str)] = &[
        (None, "idempotency_key_missing"),
        (Some("  "), "idempotency_key_missing"),
        (Some("\"8e03-4a\""), "8e03-4a"),
        (Some("8e03-4a"), "8e03-4a"),
        (Some("\"with space \\\" \\\\\""), "with space \" \\"),
        (Some("\"\""), "idempotency_key_invalid"),
        (Some("\"open"), "idempotency_key_invalid"),
        (Some("\"a\" x"), "idempotency_key_invalid"),
        (Some("\"a\";p=1"), "idempotency_key_invalid"),
        (Some("\"\\n\""), "idempotency_key_invalid"),
        (Some("\"ü\""), "idempotency_key_invalid"),
        (Some("ü"), "idempotency_key_invalid"),
        (Some("two words"), "idempotency_key_invalid"),
        (Some("a,b"), "idempotency_key_invalid"),
        (Some("a\u{7}"), "idempotency_key_invalid"),
        (Some(&long), "idempotency_key_invalid"),
        (Some(&quoted_long), "idempotency_key_invalid"),
    ];
    for (field, expected) in table {
        let told = match idempotency::key(&rule, *field) {
            Ok(key) => key.unwrap_or_default(),
            Err(refusal) => {
                assert_eq!(refusal.http_status(), 400);
                refusal.condition.name().to_owned()
            }
        };
        assert_eq!(told, *expected, "{field:?}");
    }
    assert_eq!(idempotency::key(&idempotent(false, false, KeyScope::Actor), None), Ok(None));
}

#[test]
fn a_fingerprint_is_that_of_the_meaning_and_not_of_the_spelling() {
    let none = json!({});
    let print =
        |method, operation, body: Value| idempotency::fingerprint(method, operation, &none, &none, &body);
    let first = print("POST", "a", json!({ "x": 1, "y": 2.0 }));
    assert_eq!(first, print("POST", "a", json!({ "y": 2, "x": 1.0 })));
    assert_eq!(first.len(), 64);
    assert_ne!(first, print("PUT", "a", json!({ "x": 1, "y": 2 })));
    assert_ne!(first, print("POST", "b", json!({ "x": 1, "y": 2 })));
    assert_ne!(first, print("POST", "a", json!({ "x": 1, "y": 3 })));
    assert_ne!(print("POST", "ab", json!(null)), print("POSTa", "b", json!(null)));
    let query = json!({ "q": "1" });
    assert_ne!(
        idempotency::fingerprint("POST", "a", &none, &query, &none),
        idempotency::fingerprint("POST", "a", &query, &none, &none)
    );
}

#[test]
fn keys_are_apart_by_actor_or_by_tenant() {
    // S0-92: another actor's key is another key; S2-146: tenant, endpoint and key.
    let actor = idempotent(true, false, KeyScope::Actor);
    let tenant = idempotent(true, false, KeyScope::Tenant);
    let (one, two) = (caller("partner", "p1", ""), caller("partner", "p2", ""));
    let key = |rule, who, tenant, operation| idempotency::store_key(rule, who, tenant, operation, "k");
    assert_ne!(key(&actor, &one, "t1", "op"), key(&actor, &two, "t1", "op"));
    assert_eq!(key(&tenant, &one, "t1", "op"), key(&tenant, &two, "t1", "op"));
    assert_ne!(key(&tenant, &one, "t1", "op"), key(&tenant, &one, "t2", "op"));
    assert_ne!(key(&tenant, &one, "t1", "op"), key(&tenant, &one, "t1", "other"));
    let table = [
        ("tenant + endpoint + key", KeyScope::Tenant),
        ("tenant", KeyScope::Tenant),
        ("actor + operation", KeyScope::Actor),
        ("tenant + actor", KeyScope::Actor),
        ("anything", KeyScope::Actor),
    ];
    for (name, scope) in table {
        assert_eq!(KeyScope::from_name(name), scope, "{name}");
    }
}

#[test]
fn a_second_request_is_replayed_refused_or_fresh() {
    let rule = idempotent(true, false, KeyScope::Actor);
    let contract_409 = idempotent(true, true, KeyScope::Actor);
    let key = idempotency::store_key(&rule, &caller("partner", "p1", ""), "t1", "op", "k");
    let reply = StoredReply { status: 201, headers: Vec::new(), body: b"{}".to_vec() };
    let record = |fingerprint: &str, state| IdempotencyRecord {
        fingerprint: fingerprint.to_owned(),
        state,
        accepted_ms: 0,
        expires_ms: 1_000_000,
    };
    let settled = record("f1", IdempotencyState::Settled(reply.clone()));
    let reserved =
        record("f1", IdempotencyState::Reserved { reservation: "r".to_owned(), lease_until_ms: 50_000 });
    let decide = |rule, existing, fingerprint: &str, now_ms| {
        idempotency::decide(rule, key.clone(), fingerprint.to_owned(), existing, now_ms)
    };
    // S0-90, S2-146, S2-179: the same request within the window gets the stored reply.
    assert_eq!(decide(&rule, Some(&settled), "f1", 1), Ok(Known::Replay(reply)));
    // The window has ended.
    assert!(matches!(decide(&rule, Some(&settled), "f2", 1_000_000), Ok(Known::Fresh(_))));
    // S0-91, S2-179: another payload is 422, or 409 where the contract says so, with both hashes.
    let refusal = decide(&rule, Some(&settled), "f2", 1).unwrap_err();
    assert_eq!((refusal.condition, refusal.http_status()), (Condition::IdempotencyKeyReused, 422));
    assert_eq!(told(&refusal), "first_request_hash: f1; this_request_hash: f2");
    assert_eq!(decide(&contract_409, Some(&settled), "f2", 1).unwrap_err().http_status(), 409);
    assert_eq!(
        decide(&rule, Some(&reserved), "f2", 1).unwrap_err().condition,
        Condition::IdempotencyKeyReused
    );
    // Still running, with the time to wait; then nobody knows.
    let refusal = decide(&rule, Some(&reserved), "f1", 48_500).unwrap_err();
    assert_eq!((refusal.condition, refusal.retry_after_s), (Condition::IdempotencyInProgress, Some(2)));
    assert_eq!(decide(&rule, Some(&reserved), "f1", 1).unwrap_err().retry_after_s, Some(5));
    assert_eq!(
        decide(&rule, Some(&reserved), "f1", 50_000).unwrap_err().condition,
        Condition::OutcomeUnknown
    );

    let Ok(Known::Fresh(fresh)) = decide(&rule, None, "f1", 7) else { panic!("nothing was known") };
    let (stored, kept) = fresh.reserved(&rule, "r1", 500, 7).unwrap();
    assert_eq!((stored, kept.expires_ms, kept.accepted_ms), (key.clone(), 86_400_007, 7));
    let reply = StoredReply { status: 200, headers: Vec::new(), body: Vec::new() };
    assert_eq!(
        fresh.settled(&rule, reply.clone(), 9).unwrap().1.state,
        IdempotencyState::Settled(reply.clone())
    );
    assert_eq!(idempotency::without_key().settled(&rule, reply, 9), None);
    let waived =
        shadow(decide(&rule, Some(&settled), "f2", 1).map(|_| idempotency::without_key()), Fresh::waived);
    assert_eq!(waived.proof.key(), None);
}

fn state(scope: &str, granted: bool, id: &str, at_ms: i64) -> ConsentState {
    ConsentState {
        scope: scope.to_owned(),
        granted,
        id: id.to_owned(),
        evidence: Some("e1".to_owned()),
        source: "api".to_owned(),
        at_ms,
    }
}

fn strings(list: &[&str]) -> Vec<String> {
    list.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn consent_is_found_or_the_missing_scopes_are_named() {
    let registry = [state("communication", true, "c1", 5), state("marketing", false, "c2", 6)];
    // S2-175: denied or missing consent is 403 before the handler.
    let table: &[(&[&str], &[&str], &str, &str)] = &[
        (&[], &[], "ok", ""),
        (&["communication"], &[], "ok", "granted"),
        (&["marketing"], &[], "consent_denied", "withdrawn"),
        (&["marketing"], &["marketing"], "ok", "given"),
        (&["profiling"], &[], "consent_denied", "missing"),
        (&["profiling"], &["profiling"], "ok", "given"),
        (&["communication", "profiling", "marketing"], &[], "consent_denied", "granted missing withdrawn"),
        (&["communication", "communication"], &[], "ok", "granted"),
    ];
    for (needed, given, expected, outcomes) in table {
        let decided = consent::decide(&strings(needed), &strings(given), &registry);
        assert_eq!(code(&decided.decision), *expected, "{needed:?}");
        let found: Vec<_> = decided.checks.iter().map(consent::ConsentCheck::outcome).collect();
        assert_eq!(found.join(" "), *outcomes, "{needed:?}");
    }
    let decided = consent::decide(&strings(&["communication", "profiling", "marketing"]), &[], &registry);
    let refusal = decided.decision.clone().unwrap_err();
    assert_eq!(refusal.http_status(), 403);
    assert_eq!(told(&refusal), "profiling: consent was not given; marketing: consent was withdrawn");
    let checks = decided.checks.clone();
    let waived = shadow(decided.decision, |waiver| Consented::waived(checks, waiver));
    assert_eq!(waived.proof.checks().len(), 3);
    let later = [state("a", true, "c1", 5), state("a", false, "c2", 6)];
    let decided = consent::decide(&strings(&["a"]), &[], &later);
    assert_eq!(decided.checks[0].basis, ConsentBasis::Withdrawn { change: "c2".to_owned() });
}

#[test]
fn conditions_decide_which_consent_is_needed() {
    use tenon_graph::serving::{OperationServing, Template};
    let name = |text: &str| Name::new(text, tenon_source::At::default());
    let expression = |text: &str| Template::Expression(name(text));
    let serving = OperationServing {
        consent_subject: Some(expression("params.leadId")),
        consent_needs: vec![
            (name("marketing"), expression("has(request.email)")),
            (name("profiling"), expression("request.score > 5")),
        ],
        consent_given: Some(expression("request.grants")),
        ..OperationServing::default()
    };
    let consent = tenon_graph::Consent {
        at: tenon_source::At::default(),
        scopes: vec![name("communication"), name("marketing")],
    };
    let rule = ConsentRule::of(Some(&consent), &serving, |one| CompiledTemplate::compile(one).ok());
    let params = json!({ "leadId": "l1" });
    let ask = |request: &Value| rule.ask(&Scope::new().with("params", &params).with("request", request));
    let question = ask(&json!({ "score": 9, "grants": ["x", 5] })).unwrap();
    assert_eq!(question.needed, ["communication", "profiling"]);
    assert_eq!(question.given, ["x"]);
    assert_eq!(question.subject.as_deref(), Some("l1"));
    assert_eq!(ask(&json!({ "score": 1, "email": "e" })).unwrap().needed, ["communication", "marketing"]);
    // What cannot be worked out is no leave to go on.
    assert!(ask(&json!({ "score": "high" })).is_err());
}

#[test]
fn replies_are_held_to_their_schema_and_nothing_is_told_to_the_caller() {
    let graph = graph(SCHEMAS);
    let validators = Validators::new(&graph);
    let schema = Key { direction: Direction::Response, ..key(&graph, "/lead") };
    let decide = |text: &str| {
        let (tree, _) = parse_json(Arc::new(text.to_owned()));
        response::decide(&validators, Some(schema), tree.root())
    };
    assert!(decide(r#"{"email": "a@b.org", "consent": {"evidenceRef": "e"}}"#).is_ok());
    let text = r#"{"email": "secret", "consent": {"evidenceRef": 7777}, "at": "hidden", "assets": [{"id": "private"}], "more": 1}"#;
    let refused = decide(text).unwrap_err();
    assert_eq!((refused.refusal.condition, refused.refusal.http_status()), (Condition::ResponseInvalid, 500));
    assert!(refused.refusal.details.is_empty() && refused.refusal.message.is_none());
    let logged: Vec<_> =
        refused.failures.iter().map(|detail| format!("{}: {}", detail.field, detail.reason)).collect();
    let logged = logged.join("; ");
    for value in ["secret", "7777", "hidden", "private"] {
        assert!(!logged.contains(value), "{logged}");
    }
    assert!(logged.contains("consent.evidenceRef: has another type"), "{logged}");
    assert!(logged.contains("more: is not allowed here"), "{logged}");
    let (tree, _) = parse_json(Arc::new("5".to_owned()));
    assert!(response::decide(&validators, None, tree.root()).is_ok());
}
