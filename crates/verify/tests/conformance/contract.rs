//! The contract of a small service that keeps notes, tenant by tenant.

use tenon_graph::Graph;
use tenon_testkit::{MemoryFiles, graph_of};

const CONTRACT: &str = r#"
tenon: contract/v1
name: notes
version: 1.0.0
actors: {service: A system., user: A person.}
scopes: {"notes:read": See notes, "notes:write": Keep notes}
headers: {tenant: X-Tenant-Id, rate_limit: x}
rate_classes: {calls: {requests: 1000, per: 1m}}
defaults:
  actors: [service]
  tenancy: claim:tenant_id
  rate_class: calls
  idempotency: {key: header:Idempotency-Key, scope: tenant, window: 24h, conflict: 409}
operations:
  notes.create:
    http: POST /notes
    scopes: ["notes:write"]
    idempotency: required
    request: NoteCreateRequest.schema.json
    response: Note.schema.json
    reason_codes: [NOTE_INVALID]
    refusals: {request_invalid: NOTE_INVALID}
    handler: {create: Note, status: 201}
  notes.get:
    http: GET /notes/{noteId}
    scopes: ["notes:read"]
    idempotency: none
    parameters:
      noteId: {in: path, required: true, schema: {type: string, minLength: 1}}
    response: Note.schema.json
    reason_codes: [NOTE_UNKNOWN]
  notes.list:
    http: GET /notes
    scopes: ["notes:read"]
    idempotency: none
    unknown_query: reject
    parameters:
      limit: {in: query, schema: {type: integer, minimum: 1, maximum: 100}}
    response: NoteList.schema.json
    reason_codes: [QUERY_INVALID]
errors:
  NOTE_INVALID: {http: 400, message: The note is not valid}
  NOTE_UNKNOWN: {http: 404, message: There is no such note, for: [record_not_found]}
  QUERY_INVALID: {http: 400, message: The query is not understood, for: [parameter_invalid]}
  UNKNOWN_CALLER: {http: 401, message: Who calls is not known, for: [unauthenticated, token_invalid]}
  FORBIDDEN: {http: 403, message: The caller may not, for: [scope_missing, actor_not_allowed, tenant_mismatch]}
  KEY_MISSING: {http: 400, message: The key is missing, for: [idempotency_key_missing]}
  KEY_REUSED: {http: 409, message: The key was used, for: [idempotency_key_reused]}
  ROUTE_UNKNOWN: {http: 404, message: There is no such path, for: [route_unknown]}
  METHOD_NOT_ALLOWED: {http: 405, message: Not with this method, for: [method_not_allowed]}
entities:
  Note: {owner: notes-team, id: {field: noteId, form: uuid}}
"#;

const REQUEST: &str = r#"{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "type": "object",
  "additionalProperties": false,
  "required": ["title", "kind"],
  "properties": {
    "title": {"type": "string", "minLength": 1, "maxLength": 40},
    "kind": {"type": "string", "enum": ["idea", "task"]},
    "stars": {"type": "integer", "minimum": 0, "maximum": 5},
    "tags": {"type": "array", "maxItems": 3, "items": {"type": "string", "minLength": 1}}
  }
}"#;

const NOTE: &str = r#"{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "type": "object",
  "required": ["noteId", "title", "stars"],
  "properties": {
    "noteId": {"type": "string"},
    "title": {"type": "string"},
    "stars": {"type": "integer"}
  }
}"#;

const LIST: &str = r#"{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "type": "object",
  "required": ["notes"],
  "properties": {"notes": {"type": "array", "items": {"$ref": "Note.schema.json"}}}
}"#;

/// The contract as a graph.
pub fn graph() -> Graph {
    let mut files = MemoryFiles::default();
    for (path, text) in [
        ("contract.yaml", CONTRACT),
        ("schemas/NoteCreateRequest.schema.json", REQUEST),
        ("schemas/Note.schema.json", NOTE),
        ("schemas/NoteList.schema.json", LIST),
    ] {
        files.0.insert(path.to_owned(), text.as_bytes().to_vec());
    }
    let (graph, findings) = graph_of(&files);
    let broken = findings.iter().filter(|finding| finding.level == tenon_source::Level::Error);
    let broken: Vec<&str> = broken.map(|finding| finding.message.as_str()).collect();
    assert!(broken.is_empty(), "{broken:#?}");
    graph
}
