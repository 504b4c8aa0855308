//! The pack `swap`: what seed 000 asks of its files, and what each change of them breaks.

mod packs;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use packs::{Pack, breaks, changes_as, event, operation, surface, tenon, texts};

/// Id, method and path, idempotency, actors, scope, note.
type Row = (&'static str, &'static str, bool, &'static [&'static str], &'static str, &'static str);

/// The table of the seed.
const OPERATIONS: [Row; 6] = [
    (
        "platform.connections.list",
        "GET /platform-connections",
        false,
        &["user", "partner"],
        "settlement:read",
        "list connected platforms + status metadata",
    ),
    (
        "platform.connections.upsert",
        "POST /platform-connections",
        true,
        &["user", "partner"],
        "settlement:write",
        "register/update connection metadata only; no live callback execution",
    ),
    (
        "inventory.snapshots.record",
        "POST /inventory/snapshots",
        true,
        &["partner"],
        "settlement:write",
        "deterministic inventory proof snapshot recording",
    ),
    (
        "inventory.assets.list",
        "GET /inventory/assets",
        false,
        &["partner", "agent"],
        "settlement:read",
        "read normalized assets from snapshots with partner scoping",
    ),
    (
        "disputes.create",
        "POST /disputes",
        true,
        &["partner"],
        "settlement:write",
        "canonical facade mapped to existing dispute domain model",
    ),
    (
        "disputes.get",
        "GET /disputes/{dispute_id}",
        false,
        &["partner"],
        "settlement:read",
        "deterministic read projection for dispute lifecycle state",
    ),
];

/// Event, payload schema, minimum fields.
const EVENTS: [(&str, &str, &[&str]); 3] = [
    (
        "proposal.cancelled",
        "ProposalCancelledPayload",
        &["proposal_id", "cycle_id", "reason_code", "cancelled_at"],
    ),
    ("cycle.failed", "CycleFailedPayload", &["cycle_id", "from_state", "reason_code", "failed_at"]),
    (
        "user.reliability_changed",
        "UserReliabilityChangedPayload",
        &["user_id", "from_tier", "to_tier", "reason_code", "changed_at"],
    ),
];

const SCHEMAS: [&str; 13] = [
    "PlatformConnection",
    "PlatformConnectionListResponse",
    "PlatformConnectionUpsertRequest",
    "PlatformConnectionUpsertResponse",
    "InventorySnapshotRecordRequest",
    "InventorySnapshotRecordResponse",
    "InventoryAssetListResponse",
    "DisputeCreateRequest",
    "DisputeCreateResponse",
    "DisputeGetResponse",
    "ProposalCancelledPayload",
    "CycleFailedPayload",
    "UserReliabilityChangedPayload",
];

/// Reason code, operations, HTTP status.
const REASONS: [(&str, &[&str], i64); 7] = [
    ("platform_connection_invalid", &["platform.connections.upsert"], 400),
    ("platform_connection_invalid_timestamp", &["platform.connections.upsert"], 400),
    ("inventory_snapshot_invalid", &["inventory.snapshots.record"], 400),
    ("inventory_snapshot_invalid_timestamp", &["inventory.snapshots.record"], 400),
    ("inventory_asset_query_invalid", &["inventory.assets.list"], 400),
    ("dispute_facade_invalid", &["disputes.create", "disputes.get"], 400),
    ("dispute_not_found", &["disputes.get"], 404),
];

const SWAP: &str = "swap";

/// S0-01, S0-05: the milestone and its three groups of two.
#[test]
fn the_milestone_is_named_and_grouped() {
    let graph = Pack::new(SWAP).graph();
    let surface = surface(&graph);
    assert_eq!(surface.id.as_ref().unwrap().text, "M98");
    assert_eq!(surface.title.as_ref().unwrap().text, "API + event surface completion contracts");
    assert_eq!(surface.stage.as_ref().unwrap().text, "PRD-only, implementation-ready");
    let groups: Vec<(&str, usize)> = surface
        .categories
        .iter()
        .map(|category| (category.title.as_ref().unwrap().as_str(), category.operations.len()))
        .collect();
    assert_eq!(groups, [("Platform connections", 2), ("Inventory surfaces", 2), ("Disputes facade", 2)]);
}

/// S0-03, S0-06, S0-07, S0-08, S0-09, S0-10, S0-11, S0-12 (its table): six operations, each with
/// its six attributes.
#[test]
fn the_six_operations_are_those_of_the_table() {
    let graph = Pack::new(SWAP).graph();
    assert_eq!(graph.operations.len(), 6);
    for (id, route, idempotent, actors, scope, note) in OPERATIONS {
        let found = operation(&graph, id);
        let facts = &found.governance;
        assert_eq!(found.label(), route, "{id}");
        assert_eq!(facts.idempotency.as_ref().unwrap().required, idempotent, "{id}");
        assert_eq!(texts(facts.actors.as_ref().unwrap()), actors, "{id}");
        assert_eq!(texts(facts.scopes.as_ref().unwrap()), [scope], "{id}");
        assert_eq!(found.summary.as_ref().unwrap().text, note, "{id}");
        assert_eq!(found.is_mutating(), idempotent, "{id}");
        let idempotency = facts.idempotency.as_ref().filter(|said| said.required);
        if let Some(said) = idempotency {
            // S0-92 as it is declared: keys are apart by actor; another payload conflicts (A000-04).
            assert_eq!(said.scope.as_ref().unwrap().text, "actor", "{id}");
            assert_eq!(said.conflict.as_ref().unwrap().text, "409", "{id}");
        }
    }
}

/// S0-04, S0-19, S0-20, S0-21, S0-67: three events with their payloads and minimum fields, and how
/// they are delivered.
#[test]
fn the_three_events_are_those_of_the_table() {
    let pack = Pack::new(SWAP);
    let graph = pack.graph();
    assert_eq!(graph.events.len(), 3);
    for (name, schema, fields) in EVENTS {
        let found = event(&graph, name);
        assert_eq!(texts(&found.minimum_fields), fields, "{name}");
        let payload = found.payload_schema.as_ref().unwrap().as_ref().expect("the schema is there");
        let path = &graph.sources.get(payload.file).unwrap().path;
        assert_eq!(path, &format!("schemas/{schema}.schema.json"));
        let required = pack.json(path);
        let required: BTreeSet<&str> =
            required["required"].as_array().unwrap().iter().filter_map(|field| field.as_str()).collect();
        assert!(fields.iter().all(|field| required.contains(field)), "{name}");
        let said = |name: &Option<tenon_graph::Name>| name.as_ref().unwrap().text.clone();
        assert_eq!(said(&found.delivery), "at-least-once");
        assert_eq!(said(&found.deduplication_key), "event_id");
        assert_eq!(said(&found.ordering), "none");
    }
}

/// S0-27, S0-28, S0-29, S0-30, S0-31, S0-32, S0-33, S0-34, S0-35, S0-36, S0-37, S0-38, S0-39,
/// S0-40: thirteen files by their names, each with an identity, a title and references that
/// resolve; S0-44: an example of each at least.
#[test]
fn the_thirteen_schemas_are_there() {
    let pack = Pack::new(SWAP);
    let wanted: BTreeSet<String> = SCHEMAS.iter().map(|name| format!("{name}.schema.json")).collect();
    assert_eq!(pack.names("schemas"), wanted);
    let examples = pack.names("examples");
    for name in SCHEMAS {
        let schema = pack.json(&format!("schemas/{name}.schema.json"));
        assert_eq!(schema["title"], name);
        assert_eq!(schema["$id"], format!("https://swap.example/schemas/{name}.schema.json"));
        assert!(examples.contains(&format!("{name}.example.json")), "{name}");
    }
    assert!(examples.len() >= 13);
    let graph = pack.graph();
    assert!(graph.references.iter().all(|reference| reference.target.is_ok()));
}

/// Field names, types, required sets, closedness and references are those that clients of the real
/// project know; only the words are ours.
#[test]
fn real_schemas_have_the_same_structure() {
    let real = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/real/swapgraph/schemas");
    if !real.exists() {
        println!("did not run: {} is not there", real.display());
        return;
    }
    let pack = Pack::new(SWAP);
    for name in SCHEMAS {
        let file = format!("{name}.schema.json");
        let theirs = std::fs::read_to_string(real.join(&file)).expect("the real schema");
        let theirs = serde_json::from_str(&theirs).expect("JSON");
        assert_eq!(bare(pack.json(&format!("schemas/{file}"))), bare(theirs), "{name}");
    }
}

/// A schema without its words, with references by file name.
fn bare(value: serde_json::Value) -> serde_json::Value {
    use serde_json::Value;
    match value {
        Value::Object(members) => {
            let is_word = |key: &str, value: &Value| key == "description" && value.is_string();
            let kept = members.into_iter().filter(|(key, value)| !is_word(key, value));
            kept.map(|(key, value)| (key, bare(value))).collect()
        }
        Value::Array(items) => items.into_iter().map(bare).collect(),
        Value::String(text) => {
            let name = text.strip_prefix("https://").and_then(|rest| rest.rsplit('/').next());
            let fragment = text.split_once('#').map_or("", |(_, fragment)| fragment);
            let file = text.split('#').next().and_then(|base| base.rsplit('/').next()).unwrap_or_default();
            if name.is_some() { format!("{file}#{fragment}").into() } else { text.into() }
        }
        other => other,
    }
}

/// S0-47, S0-48, S0-49, S0-50, S0-51, S0-52, S0-53, S0-54: seven reason codes over six operations.
#[test]
fn the_matrix_of_reason_codes_is_whole() {
    let graph = Pack::new(SWAP).graph();
    let codes: Vec<&str> = graph.errors.iter().map(|error| error.code.as_str()).collect();
    let wanted: Vec<&str> = REASONS.iter().map(|(code, ..)| *code).collect();
    assert_eq!(codes, wanted);
    let mut matrix: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (id, ..) in OPERATIONS {
        for code in operation(&graph, id).governance.reason_codes.iter().flatten() {
            matrix.entry(code.as_str()).or_default().push(id);
        }
    }
    for (code, operations, status) in REASONS {
        assert_eq!(matrix[code], operations, "{code}");
        let entry = graph.errors.iter().find(|error| error.code.text == code).unwrap();
        assert_eq!(entry.http_status, Some(status), "{code}");
        assert!(entry.message.is_some(), "{code}");
    }
    // What a bad input of each operation is told as: the code, and the one of bad times (A000-05).
    let refusal = |id: &str, condition: &str| {
        let serving = operation(&graph, id).governance.serving.as_ref().unwrap();
        let found = serving.refusals.iter().find(|(name, _)| name.text == condition);
        found.map(|(_, code)| code.text.clone()).unwrap_or_default()
    };
    for (id, condition, code) in [
        ("platform.connections.upsert", "request_invalid", "platform_connection_invalid"),
        ("platform.connections.upsert", "request_invalid.date-time", "platform_connection_invalid_timestamp"),
        ("inventory.snapshots.record", "request_invalid", "inventory_snapshot_invalid"),
        ("inventory.snapshots.record", "request_invalid.date-time", "inventory_snapshot_invalid_timestamp"),
        ("inventory.assets.list", "parameter_invalid", "inventory_asset_query_invalid"),
        ("disputes.create", "request_invalid", "dispute_facade_invalid"),
        ("disputes.create", "request_invalid.date-time", ""),
        ("disputes.get", "parameter_invalid", "dispute_facade_invalid"),
        ("disputes.get", "record_not_found", "dispute_not_found"),
    ] {
        assert_eq!(refusal(id, condition), code, "{id} {condition}");
    }
}

/// S0-58: the facade says what it is a facade of, and its records are those of the partner's
/// lifecycle: one store.
#[test]
fn the_facade_has_the_store_of_the_lifecycle() {
    let graph = Pack::new(SWAP).graph();
    for id in ["disputes.create", "disputes.get"] {
        let facade = operation(&graph, id).governance.facade_of.as_ref().unwrap();
        assert_eq!(facade.text, "partner_program.disputes");
    }
    let entity = |name: &str| graph.entities.iter().find(|entity| entity.name.text == name).unwrap();
    let store = |name: &str| entity(name).storage.store.as_ref().unwrap().text.clone();
    assert_eq!(store("Dispute"), store("PartnerDispute"));
    assert!(entity("Dispute").owner.is_none() && entity("PartnerDispute").owner.is_some());
}

/// S0-09, S0-93 (A000-02) as they are declared: an agent may list assets, and must name whom it
/// acts for.
#[test]
fn agents_act_for_partners() {
    let graph = Pack::new(SWAP).graph();
    let contract = graph.contracts.first().unwrap();
    assert_eq!(texts(&contract.serving.delegating_actors), ["agent"]);
}

/// S0-02: a seventh operation and a fourth event are outside the inventory.
#[test]
fn nothing_is_added_to_the_inventory() {
    let add = |pack: &mut Pack| {
        pack.with("operations", "  inventory.assets.get:\n    http: GET /inventory/assets/one\n");
    };
    breaks(SWAP, add, "OP049", "GET /inventory/assets/one is outside inventory of M98");
    let add = |pack: &mut Pack| pack.with("events", "  asset.moved: {}\n");
    breaks(SWAP, add, "OP049", "`asset.moved` is outside inventory");
}

/// S0-18, S0-73 (its check): each of the nine is named when it is gone.
#[test]
fn nothing_is_missing_from_the_inventory() {
    for (id, ..) in OPERATIONS {
        breaks(SWAP, |pack| pack.without("operations", id), "OP050", &format!("the operation `{id}`"));
    }
    for (name, ..) in EVENTS {
        breaks(SWAP, |pack| pack.without("events", name), "OP050", &format!("the event `{name}`"));
    }
}

/// S0-12: a POST without a key, and a GET with one.
#[test]
fn idempotency_is_that_of_the_method() {
    for (id, _, idempotent, ..) in OPERATIONS {
        if idempotent {
            let drop = |pack: &mut Pack| pack.operation(id, "idempotency: required", "idempotency: none");
            breaks(SWAP, drop, "OP066", "asks for no key");
        } else {
            let ask = |pack: &mut Pack| pack.operation(id, "idempotency: none", "idempotency: required");
            breaks(SWAP, ask, "OP003", "only reads");
        }
    }
}

/// S0-13: every operation lists its scopes and actors.
#[test]
fn callers_are_told_per_operation() {
    for (id, route, _, actors, scope, _) in OPERATIONS {
        let scopes = format!("    scopes: [\"{scope}\"]\n");
        breaks(SWAP, |pack| pack.operation(id, &scopes, ""), "OP005", route);
        breaks(SWAP, |pack| pack.operation(id, &scopes, "    scopes: []\n"), "OP005", route);
        let list = format!("    actors: [{}]\n", actors.join(", "));
        breaks(SWAP, |pack| pack.operation(id, &list, ""), "OP004", route);
    }
}

/// S0-14, S0-15: scopes are of one family; reads read and changes write.
#[test]
fn scopes_are_those_of_the_family() {
    for (id, route, idempotent, _, scope, _) in OPERATIONS {
        let other = |pack: &mut Pack| pack.operation(id, scope, "disputes:write");
        breaks(SWAP, other, "OP051", "scope family not allowed: `disputes:write`");
        let swapped = if idempotent { "settlement:read" } else { "settlement:write" };
        breaks(SWAP, |pack| pack.operation(id, scope, swapped), "OP052", route);
    }
}

/// S0-16: the parameter of the path is declared.
#[test]
fn the_path_parameter_is_declared() {
    let drop = |pack: &mut Pack| {
        pack.operation("disputes.get", "      dispute_id: {in: path", "      other: {in: query")
    };
    breaks(SWAP, drop, "OP009", "dispute_id");
}

/// S0-17: ids, routes and event types are there once, here and in what is there already.
#[test]
fn nothing_is_declared_twice() {
    let twin = |body: &str| format!("tenon: contract/v1\nname: settled\n{body}");
    let id = |pack: &mut Pack| {
        pack.put("base/contract.yaml", twin("operations:\n  disputes.get: {http: GET /old-disputes}\n"));
    };
    breaks(SWAP, id, "OP010", "disputes.get");
    let route = |pack: &mut Pack| {
        pack.put("base/contract.yaml", twin("operations:\n  old.get: {http: \"GET /disputes/{id}\"}\n"));
    };
    breaks(SWAP, route, "OP011", "/disputes/{}");
    let event = |pack: &mut Pack| pack.put("base/contract.yaml", twin("events:\n  cycle.failed: {}\n"));
    breaks(SWAP, event, "EV001", "cycle.failed");
}

/// S0-22: each minimum field is required by the payload schema.
#[test]
fn minimum_fields_are_required() {
    for (name, schema, fields) in EVENTS {
        for field in fields {
            let path = format!("schemas/{schema}.schema.json");
            let drop = |pack: &mut Pack| {
                pack.edit(&path, |schema| {
                    schema["required"].as_array_mut().unwrap().retain(|required| required != field);
                });
            };
            let mut pack = Pack::new(SWAP);
            drop(&mut pack);
            let told = pack.told("EV003");
            let both =
                |told: &&String| told.starts_with("EV003") && told.contains(field) && told.contains(name);
            assert!(told.iter().any(|told| both(&told)), "{name} {field}: {told:#?}");
        }
    }
}

/// S0-23, S0-24, S0-25: an example without one of the minimum fields is invalid, thirteen cases;
/// S0-26: a time that is none is told with its place.
#[test]
fn examples_lack_no_minimum_field() {
    let mut cases = 0;
    for (_, schema, fields) in EVENTS {
        let path = format!("examples/{schema}.example.json");
        for field in fields {
            let drop = |pack: &mut Pack| {
                pack.edit(&path, |example| {
                    example.as_object_mut().unwrap().remove(*field);
                });
            };
            breaks(SWAP, drop, "JS020", &format!("it has no `{field}`"));
            cases += 1;
        }
        let time = fields.last().unwrap();
        let bend = |pack: &mut Pack| pack.edit(&path, |example| example[*time] = "yesterday".into());
        breaks(SWAP, bend, "JS020", &format!("`{time}` should have the format `date-time`"));
    }
    assert_eq!(cases, 13);
}

/// S0-40: a reference that leads nowhere.
#[test]
fn references_resolve() {
    let path = "schemas/DisputeCreateResponse.schema.json";
    let bend = |pack: &mut Pack| {
        pack.replace(path, "DisputeGetResponse.schema.json", "DisputeGotResponse.schema.json")
    };
    breaks(SWAP, bend, "IN0", "DisputeGotResponse");
}

/// S0-41: each operation names its schemas; those that read have no request.
#[test]
fn operations_name_their_schemas() {
    let graph = Pack::new(SWAP).graph();
    for (id, _, idempotent, ..) in OPERATIONS {
        let found = operation(&graph, id);
        assert_eq!(found.request_schema.is_some(), idempotent, "{id}");
        assert!(matches!(found.response_schema, Some(Ok(_))), "{id}");
    }
    let drop = |pack: &mut Pack| {
        pack.operation("disputes.get", "    response: DisputeGetResponse.schema.json\n", "")
    };
    breaks(SWAP, drop, "OP013", "GET /disputes/{dispute_id}");
    let drop = |pack: &mut Pack| {
        pack.operation("disputes.create", "    request: DisputeCreateRequest.schema.json\n", "")
    };
    breaks(SWAP, drop, "OP012", "POST /disputes");
}

/// S0-42: a payload schema by another name is missing.
#[test]
fn payload_schemas_keep_their_names() {
    for (_, schema, _) in EVENTS {
        let rename = |pack: &mut Pack| {
            let text = pack.remove(&format!("schemas/{schema}.schema.json"));
            pack.put(&format!("schemas/{schema}Other.schema.json"), text);
        };
        breaks(SWAP, rename, "OP014", &format!("{schema}.schema.json"));
    }
}

/// S0-43: an item without its example, its entry or its schema fails, each in its own way.
#[test]
fn each_item_has_three_parts() {
    for name in SCHEMAS {
        let drop = |pack: &mut Pack| {
            for path in pack.names("examples").iter().filter(|path| path.starts_with(&format!("{name}."))) {
                pack.remove(&format!("examples/{path}"));
            }
        };
        breaks(SWAP, drop, "JS021", &format!("schemas/{name}.schema.json"));
    }
    breaks(SWAP, |pack| pack.without("operations", "disputes.create"), "OP050", "disputes.create");
    let schema = |pack: &mut Pack| drop(pack.remove("schemas/DisputeCreateRequest.schema.json"));
    breaks(SWAP, schema, "OP014", "DisputeCreateRequest.schema.json");
}

/// S0-44: an example with a value of another type.
#[test]
fn examples_fit_their_schemas() {
    let path = "examples/InventorySnapshotRecordRequest.example.json";
    let bend =
        |pack: &mut Pack| pack.edit(path, |example| example["snapshot"]["assets"][0]["quantity"] = 0.into());
    breaks(SWAP, bend, "JS020", "quantity");
}

/// S0-55: a code that is in no catalogue, and one that is bound nowhere.
#[test]
fn reason_codes_are_in_the_catalogue_and_bound() {
    let bogus = |pack: &mut Pack| {
        pack.operation(
            "disputes.get",
            "[dispute_facade_invalid, dispute_not_found]",
            "[dispute_bogus, dispute_not_found]",
        );
    };
    breaks(SWAP, bogus, "OP015", "dispute_bogus");
    let unbind = |pack: &mut Pack| {
        pack.operation(
            "disputes.get",
            "[dispute_facade_invalid, dispute_not_found]",
            "[dispute_facade_invalid]",
        );
    };
    breaks(SWAP, unbind, "OP016", "dispute_not_found");
}

/// S0-56: reason codes are in snake case; a new name for one breaks, one more does not.
#[test]
fn reason_codes_are_stable() {
    let bend = |pack: &mut Pack| pack.contract("\n  dispute_not_found:", "\n  disputeNotFound:");
    breaks(SWAP, bend, "OP017", "disputeNotFound");
    let rename = |pack: &mut Pack| {
        let text = pack.text("contract.yaml").replace("dispute_not_found", "dispute_unknown");
        pack.put("contract.yaml", text);
    };
    changes_as(SWAP, rename, "breaking", "reason-code-renamed");
    let remove = |pack: &mut Pack| {
        pack.without("errors", "dispute_not_found");
        let text = pack.text("contract.yaml");
        let text = text.replace(", dispute_not_found]", "]");
        pack.put("contract.yaml", text.replace(", record_not_found: dispute_not_found}", "}"));
    };
    changes_as(SWAP, remove, "breaking", "reason-code-removed");
    let more = |pack: &mut Pack| pack.with("errors", "  dispute_closed: {http: 409, message: It is over}");
    changes_as(SWAP, more, "additive", "reason-code-added");
}

/// S0-59, S0-60: no second store, no second owner.
#[test]
fn disputes_have_one_store_and_one_owner() {
    let own = |pack: &mut Pack| {
        pack.contract("    facade_of: partner_program.disputes\n    id:", "    owner: swap-team\n    id:")
    };
    breaks(SWAP, own, "OP028", "duplicate persistence model");
    let second = |pack: &mut Pack| {
        pack.put(
            "other/contract.yaml",
            "tenon: contract/v1\nname: other\nentities:\n  PartnerDispute: {owner: other}\n",
        );
    };
    breaks(SWAP, second, "OP029", "PartnerDispute");
}

/// S0-61, S0-69, S0-70, S0-71 (a settlement operation cannot be added to it): what belongs to others
/// stays there.
#[test]
fn non_goals_stay_out() {
    for (operation, title) in [
        ("  compensation.link:\n    http: POST /disputes/linkages\n", "Compensation and dispute linkage"),
        ("  ui.board:\n    http: GET /boards\n", "UI and clients"),
        ("  connections.callback:\n    http: GET /platform-connections/callback\n", "Live OAuth callbacks"),
        (
            "  connections.finish:\n    http: POST /connections\n    side_effects: [oauth callback]\n",
            "Live OAuth callbacks",
        ),
        ("  settlement.begin:\n    http: POST /settlement/begin\n", "Settlement execution"),
    ] {
        breaks(SWAP, |pack| pack.with("operations", operation), "OP055", title);
    }
}

/// S0-68: ordering is said, and so is delivery.
#[test]
fn delivery_is_declared() {
    for (from, to) in [(", ordering: none}", "}"), ("guarantee: at-least-once, ", "")] {
        breaks(SWAP, |pack| pack.contract(from, to), "EV005", "");
    }
}

/// S0-103: what breaks clients, and what does not.
#[test]
fn changes_have_their_classes() {
    changes_as(SWAP, |pack| pack.without("operations", "disputes.get"), "breaking", "operation-removed");
    let move_ = |pack: &mut Pack| pack.operation("disputes.create", "POST /disputes", "POST /dispute-cases");
    let found = packs::changes(SWAP, move_);
    assert!(found.iter().any(|found| found.starts_with("breaking")), "{found:#?}");
    let fewer = |pack: &mut Pack| pack.operation("inventory.assets.list", "[partner, agent]", "[partner]");
    changes_as(SWAP, fewer, "breaking", "actor-removed");
    let more = |pack: &mut Pack| {
        pack.operation("disputes.get", "[\"settlement:read\"]", "[\"settlement:read\", \"settlement:write\"]")
    };
    changes_as(SWAP, more, "breaking", "scope-added");
    let key = |pack: &mut Pack| pack.operation("disputes.get", "idempotency: none", "idempotency: required");
    changes_as(SWAP, key, "breaking", "idempotency-demanded");
    let field = |pack: &mut Pack| {
        pack.edit("schemas/CycleFailedPayload.schema.json", |schema| {
            schema["properties"].as_object_mut().unwrap().remove("from_state");
            schema["required"].as_array_mut().unwrap().retain(|name| name != "from_state");
        });
    };
    let found = packs::changes(SWAP, field);
    assert!(found.iter().any(|found| found.starts_with("breaking")), "{found:#?}");
    let ty = |pack: &mut Pack| {
        pack.edit("schemas/CycleFailedPayload.schema.json", |schema| {
            schema["properties"]["from_state"]["type"] = "integer".into();
        });
    };
    let found = packs::changes(SWAP, ty);
    assert!(found.iter().any(|found| found.starts_with("breaking")), "{found:#?}");
    let optional = |pack: &mut Pack| {
        pack.edit("schemas/DisputeCreateRequest.schema.json", |schema| {
            schema["properties"]["dispute"]["properties"]["note"] = serde_json::json!({"type": "string"});
        });
    };
    let found = packs::changes(SWAP, optional);
    assert!(packs::only_adds(&found), "{found:#?}");
    let operation = |pack: &mut Pack| pack.with("operations", "  disputes.list:\n    http: GET /disputes\n");
    changes_as(SWAP, operation, "additive", "operation-added");
    let event = |pack: &mut Pack| pack.with("events", "  cycle.started: {public: true}");
    let found = packs::changes(SWAP, event);
    assert!(packs::only_adds(&found), "{found:#?}");
}

/// The contract is the program: a gateway takes it as it is.
#[test]
fn the_pack_can_be_served() {
    packs::is_served(SWAP);
}

/// The pack passes every rule of the strict profile and is what was frozen.
#[test]
fn the_pack_passes_its_own_gates() {
    for arguments in [&["check", "contracts/swap"][..], &["freeze", "contracts/swap", "--check"]] {
        let (said, status) = tenon(arguments);
        assert_eq!(status, Some(0), "{arguments:?}: {said}");
    }
}
