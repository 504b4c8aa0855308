//! Several documents, and formats that take each other's place.

use tenon_compare::{Change, Class};
use tenon_testkit::{MemoryFiles, changes_of};

fn files(list: &[(&str, &str)]) -> MemoryFiles {
    let mut files = MemoryFiles::default();
    for (path, text) in list {
        files.0.insert((*path).to_owned(), text.as_bytes().to_vec());
    }
    files
}

fn said(changes: &[Change]) -> Vec<(&'static str, Class, String)> {
    changes.iter().map(|change| (change.rule.code.id, change.class, change.message.clone())).collect()
}

/// A000-02: our contract against a manifest that lists fewer actors is a known difference, and
/// nothing breaks.
#[test]
fn a_manifest_and_a_contract_say_the_same_operation() {
    let manifest = r#"{"id": "swap", "endpoints": [{"operation_id": "inventory.assets.list", "method": "GET",
        "path": "/inventory/assets", "auth": {"required": true, "allowed_actor_types": ["partner"],
        "required_scopes": ["settlement:read"]}}]}"#;
    let contract = "tenon: contract/v1
name: swap
operations:
  inventory.assets.list:
    http: GET /inventory/assets
    auth: required
    actors: [partner, agent]
    scopes: [settlement:read]
";
    let old = files(&[("manifest.json", manifest)]);
    let new = files(&[("contract.yaml", contract)]);
    let (old_graph, _, changes) = changes_of(&old, &new);
    assert_eq!(old_graph.operations.len(), 1, "the manifest is read");
    let found = said(&changes);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found.first().map(|(rule, class, _)| (*rule, *class)), Some(("DG012", Class::Additive)));
}

/// Of two documents only the one that a change in a shared file reaches must raise its version.
#[test]
fn a_version_is_asked_of_the_documents_a_change_reaches() {
    let api = |title: &str, path: &str, file: &str| {
        format!(
            "openapi: 3.1.0
info: {{title: {title}, version: 1.0.0}}
paths:
  {path}:
    get:
      parameters: [$ref: '{file}#/Limit']
      responses: {{}}
"
        )
    };
    let shared = |required: bool| {
        format!("Limit: {{name: limit, in: query, required: {required}, schema: {{type: integer}}}}\n")
    };
    let version = |required: bool| {
        files(&[
            ("pets.yaml", &api("Pets", "/pets", "shared.yaml")),
            ("owners.yaml", &api("Owners", "/owners", "other.yaml")),
            ("shared.yaml", &shared(required)),
            ("other.yaml", &shared(false)),
        ])
    };
    let (_, new, changes) = changes_of(&version(false), &version(true));
    let rules: Vec<&str> = changes.iter().map(|change| change.rule.code.id).collect();
    assert_eq!(rules.iter().filter(|rule| **rule == "DH043").count(), 1, "{:?}", said(&changes));
    let asked: Vec<&str> = changes
        .iter()
        .filter(|change| change.rule.code.id == "DH137")
        .filter_map(|change| new.sources.get(change.new.as_ref()?.place.file))
        .map(|file| file.path.as_str())
        .collect();
    assert_eq!(asked, ["pets.yaml"]);
}

/// The same contract in other words: Swagger 2.0 and OpenAPI 3.
#[test]
fn swagger_and_openapi_say_the_same() {
    let swagger = "swagger: '2.0'
host: api.example.com
basePath: /v1
schemes: [https]
consumes: [application/json]
produces: [application/json]
securityDefinitions:
  login: {type: oauth2, flow: accessCode, authorizationUrl: 'https://id/a', tokenUrl: 'https://id/t', scopes: {read: See}}
  key: {type: basic}
security: [{login: [read]}]
parameters:
  Ids: {name: ids, in: query, type: array, items: {type: string}, collectionFormat: csv}
definitions:
  Pet: {type: object, properties: {name: {type: string}}}
paths:
  /pets:
    get:
      parameters: [$ref: '#/parameters/Ids']
      responses: {'200': {description: ok, schema: {$ref: '#/definitions/Pet'}, headers: {X-Page: {type: integer}}}}
    post:
      consumes: [multipart/form-data]
      parameters:
        - {name: photo, in: formData, required: true, type: string}
      responses: {'201': {description: ok}}
";
    let openapi = "openapi: 3.0.3
servers: [{url: 'https://api.example.com/v1'}]
components:
  securitySchemes:
    login: {type: oauth2, flows: {authorizationCode: {authorizationUrl: 'https://id/a', tokenUrl: 'https://id/t', scopes: {read: See}}}}
    key: {type: http, scheme: basic}
  parameters:
    Ids: {name: ids, in: query, explode: false, schema: {type: array, items: {type: string}}}
  schemas:
    Pet: {type: object, properties: {name: {type: string}}}
security: [{login: [read]}]
paths:
  /pets:
    get:
      parameters: [$ref: '#/components/parameters/Ids']
      responses:
        '200':
          description: ok
          headers: {X-Page: {schema: {type: integer}}}
          content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}
    post:
      requestBody:
        content:
          multipart/form-data:
            schema: {type: object, required: [photo], properties: {photo: {type: string}}}
      responses: {'201': {description: ok}}
";
    let (_, _, changes) = changes_of(&files(&[("api.yaml", swagger)]), &files(&[("api.yaml", openapi)]));
    assert_eq!(said(&changes), []);
}
