//! The pack `sales`: what seed 002 asks of its files, and what each change of them breaks.

#[path = "sales/fields.rs"]
mod fields;
mod packs;

use std::collections::{BTreeMap, BTreeSet};

use packs::{Pack, breaks, changes_as, operation, surface, tenon, texts};
use serde_json::json;
use tenon_graph::Graph;

const SALES: &str = "sales";

/// Operation, route, consent scopes, usage dimension and whether it is billable, rate class.
type Row = (&'static str, &'static str, &'static [&'static str], Option<(&'static str, bool)>, &'static str);

/// The operations with their policies.
const OPERATIONS: [Row; 10] = [
    (
        "leads.create",
        "POST /api/v1/leads",
        &["marketing", "communication"],
        Some(("lead.ingestion", true)),
        "lead_ingestion",
    ),
    (
        "leads.imports.create",
        "POST /api/v1/leads/imports",
        &["marketing"],
        Some(("lead.ingestion", true)),
        "lead_ingestion",
    ),
    (
        "leads.qualify",
        "POST /api/v1/leads/{leadId}/qualify",
        &[],
        Some(("lead.scoring", true)),
        "scoring_operations",
    ),
    (
        "leads.route",
        "POST /api/v1/leads/{leadId}/route",
        &[],
        Some(("routing.execution", true)),
        "routing_operations",
    ),
    (
        "appointments.create",
        "POST /api/v1/leads/{leadId}/appointments",
        &["communication"],
        Some(("appointment.scheduled", true)),
        "appointment_operations",
    ),
    (
        "appointments.update",
        "PATCH /api/v1/leads/{leadId}/appointments/{appointmentId}",
        &["communication"],
        None,
        "appointment_operations",
    ),
    (
        "payments.initiate",
        "POST /api/v1/leads/{leadId}/payments/initiate",
        &["payment"],
        Some(("payment.processed", false)),
        "payment_operations",
    ),
    (
        "leads.status",
        "GET /api/v1/leads/{leadId}/status",
        &[],
        Some(("api.request", true)),
        "read_operations",
    ),
    (
        "webhooks.subscriptions.create",
        "POST /api/v1/webhooks/subscriptions",
        &[],
        None,
        "configuration_operations",
    ),
    ("webhooks.test", "POST /api/v1/webhooks/test/{subscriptionId}", &[], None, "configuration_operations"),
];

const CATEGORIES: [&str; 7] = [
    "Lead ingestion (manual + bulk reference)",
    "Lead qualification & scoring trigger",
    "Routing trigger",
    "Appointment creation/update (no scheduling logic)",
    "Payment initiation (NOT verification)",
    "Read-only Sales OS status queries",
    "Webhook subscription registration (outbound only)",
];

/// S2-01 (id, title and stage of the work item).
#[test]
fn the_work_item_is_named() {
    let graph = Pack::new(SALES).graph();
    let surface = surface(&graph);
    assert_eq!(surface.id.as_ref().unwrap().text, "WI-007");
    assert_eq!(surface.title.as_ref().unwrap().text, "Sales/GTM Public API Contracts");
    assert_eq!(surface.stage.as_ref().unwrap().text, "In Progress");
}

/// S2-07, S2-08, S2-09, S2-10, S2-11, S2-12, S2-13, S2-51, S2-97: seven categories, each with its
/// operations; one without is counted and named.
#[test]
fn the_seven_categories_are_whole() {
    let graph = Pack::new(SALES).graph();
    let titles: Vec<&str> =
        surface(&graph).categories.iter().map(|category| category.title.as_ref().unwrap().as_str()).collect();
    assert_eq!(titles, CATEGORIES);
    for category in &surface(&graph).categories {
        let title = &category.title.as_ref().unwrap().text;
        for id in &category.operations {
            let words = format!("`{}` is missing in the category `{title}`: 6/7", id.text);
            breaks(SALES, |pack| pack.without("operations", &id.text), "OP053", &words);
        }
    }
}

/// S2-14, S2-16: by single lead and by batch, making and changing: half a category is none.
#[test]
fn categories_have_all_their_parts() {
    let unlist = |pack: &mut Pack| {
        pack.contract("operations: [leads.create, leads.imports.create]", "operations: [leads.create]");
        pack.without("operations", "leads.imports.create");
    };
    breaks(SALES, unlist, "OP053", "bulk reference missing");
    let unlist = |pack: &mut Pack| {
        pack.contract(
            "operations: [appointments.create, appointments.update]",
            "operations: [appointments.create]",
        );
        pack.without("operations", "appointments.update");
    };
    breaks(SALES, unlist, "OP053", "update missing");
}

/// S2-22, S2-148, S2-151, S2-154, S2-157, S2-160, S2-163, S2-166, S2-53 (its table), S2-96: consent,
/// usage and rate class of each operation.
#[test]
fn each_operation_has_its_policies() {
    let graph = Pack::new(SALES).graph();
    assert_eq!(graph.operations.len(), OPERATIONS.len());
    for (id, route, consent, usage, rate) in OPERATIONS {
        let found = operation(&graph, id);
        let facts = &found.governance;
        assert_eq!(found.label(), route, "{id}");
        assert_eq!(texts(&facts.consent.as_ref().unwrap().scopes), consent, "{id}");
        assert_eq!(facts.rate_class.as_ref().unwrap().text, rate, "{id}");
        let said = facts.usage.as_ref().unwrap();
        let metered = said.dimension.as_ref().map(|dimension| (dimension.as_str(), said.billable.unwrap()));
        assert_eq!(metered, usage, "{id}");
        let key = facts.idempotency.as_ref().map(|said| said.key.as_ref().unwrap().text.clone());
        assert_eq!(key.as_deref(), found.is_mutating().then_some("header:X-Idempotency-Key"), "{id}");
    }
    // S2-148: which consent a lead needs is a matter of what is given.
    let serving = operation(&graph, "leads.create").governance.serving.as_ref().unwrap();
    let needs: Vec<&str> = serving.consent_needs.iter().map(|(scope, _)| scope.as_str()).collect();
    assert_eq!(needs, ["marketing", "communication"]);
    assert!(serving.consent_given.is_some() && serving.consent_subject.is_some());
}

/// S2-148, S2-151, S2-154, S2-157, S2-166: natural keys are apart from the key of the header
/// (A002-07).
#[test]
fn entities_have_their_natural_keys() {
    let graph = Pack::new(SALES).graph();
    let key = |name: &str| {
        let entity = graph.entities.iter().find(|entity| entity.name.text == name).unwrap();
        texts(&entity.storage.key).join(" ")
    };
    assert_eq!(key("Lead"), "externalId");
    assert_eq!(key("LeadImport"), "batchReference");
    assert_eq!(key("Qualification"), "leadId basis");
    assert_eq!(key("Routing"), "leadId");
    assert_eq!(key("Appointment"), "leadId startsAt type");
    assert_eq!(key("WebhookSubscription"), "url basis");
    // S2-160: payments have a window.
    let handler = operation(&graph, "payments.initiate").governance.serving.as_ref().unwrap();
    assert_eq!(handler.handler.as_ref().unwrap().loads[1].entity.text, "PaymentWindow");
    let duplicate = graph.errors.iter().find(|error| error.code.text == "DUPLICATE_RECORD").unwrap();
    assert_eq!(duplicate.http_status, Some(409));
}

/// S2-146: a key counts for a day, for one tenant; another payload conflicts (A002-07).
#[test]
fn keys_count_for_a_day() {
    let graph = Pack::new(SALES).graph();
    for found in graph.operations.iter().filter(|operation| operation.is_mutating()) {
        let said = found.governance.idempotency.as_ref().unwrap();
        let text = |name: &Option<tenon_graph::Name>| name.as_ref().unwrap().text.clone();
        assert_eq!(
            (text(&said.scope), text(&said.window), text(&said.conflict)),
            ("tenant".into(), "24h".into(), "409".into())
        );
    }
}

/// S2-18: status queries only read.
#[test]
fn status_queries_only_read() {
    let post = |pack: &mut Pack| pack.operation("leads.status", "GET /api", "POST /api");
    breaks(SALES, post, "OP054", "is no GET");
    let body = |pack: &mut Pack| {
        pack.operation("leads.status", "    response:", "    request: {type: object}\n    response:")
    };
    breaks(SALES, body, "OP054", "takes a body");
    let effect = |pack: &mut Pack| {
        pack.operation("leads.status", "    response:", "    side_effects: [lead is touched]\n    response:")
    };
    breaks(SALES, effect, "OP054", "has side effects");
}

/// S2-20, S2-63, S2-46: every operation says who may call, and none is open to everybody.
#[test]
fn operations_have_security() {
    for (id, route, ..) in OPERATIONS {
        let block = |pack: &mut Pack| {
            let text = pack.text("contract.yaml");
            let at = text.find(&format!("\n  {id}:\n")).unwrap();
            let line =
                text[at..].lines().find(|line| line.starts_with("    scopes: [\"sales.")).unwrap().to_owned();
            pack.operation(id, &format!("{line}\n"), "");
        };
        breaks(SALES, block, "OP005", route);
        let open = |pack: &mut Pack| pack.operation(id, "    scopes:", "    auth: public\n    scopes:");
        breaks(SALES, open, "OP063", "`Authorization`");
    }
}

/// S2-21, S2-56, S2-45, S2-169: each operation has a rate class, and the seven are there with their numbers.
#[test]
fn operations_have_rate_classes() {
    let graph = Pack::new(SALES).graph();
    let classes = &graph.contracts.first().unwrap().serving.rate_classes;
    let names: Vec<&str> = classes.iter().map(|class| class.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "lead_ingestion",
            "scoring_operations",
            "routing_operations",
            "appointment_operations",
            "payment_operations",
            "read_operations",
            "configuration_operations"
        ]
    );
    assert!(classes.iter().all(|class| class.requests.is_some() && class.per.is_some()));
    for (id, route, .., rate) in OPERATIONS {
        let line = format!("    rate_class: {rate}\n");
        breaks(SALES, |pack| pack.operation(id, &line, ""), "OP022", route);
        let other = |pack: &mut Pack| pack.operation(id, &line, "    rate_class: unlimited\n");
        breaks(SALES, other, "OP023", "unlimited");
    }
}

/// S2-24, S2-25, S2-26, S2-27, S2-28, S2-29, S2-30, S2-60, S2-61, S2-107: what was left out stays out, and
/// the finding names it.
#[test]
fn excluded_apis_stay_out() {
    for (id, route, title) in [
        ("runtime.reload", "POST /api/v1/runtime/reload", "Runtime Implementation"),
        ("voice.calls.create", "POST /api/v1/voice/calls", "Voice Execution APIs"),
        ("admin.tenants.list", "GET /api/v1/admin/tenants", "Admin Control APIs"),
        ("cases.open", "POST /api/v1/cases", "Case Management APIs"),
        ("invoices.list", "GET /api/v1/invoices", "Billing/Invoicing APIs"),
        ("reports.funnel", "GET /api/v1/reports/funnel", "Analytics/Reporting APIs"),
        ("ui.board", "GET /api/v1/ui/board", "UI-Specific Endpoints"),
    ] {
        let add = |pack: &mut Pack| pack.with("operations", &format!("  {id}:\n    http: {route}\n"));
        breaks(SALES, add, "OP055", &format!("belongs to {title}, which is out of scope"));
    }
}

/// S2-02, S2-03, S2-04, S2-52, S2-53, S2-101, S2-102, S2-134, S2-135: consent before, usage beside.
#[test]
fn consent_gates_and_usage_watches() {
    for (id, route, consent, usage, _) in OPERATIONS {
        if consent == ["communication"] {
            let line = "    consent: {scopes: [communication], subject: =params.leadId}\n";
            breaks(SALES, |pack| pack.operation(id, line, ""), "OP066", "does not say which consent");
        }
        if let Some((dimension, true)) = usage {
            let without = |pack: &mut Pack| pack.operation(id, &format!("dimension: {dimension}, "), "");
            breaks(SALES, without, "OP026", route);
            let other = |pack: &mut Pack| {
                pack.operation(id, &format!("dimension: {dimension}"), "dimension: lead.dreamt")
            };
            breaks(SALES, other, "OP025", "lead.dreamt");
        }
    }
    let line = "    consent: {scopes: [payment], subject: =params.leadId}\n";
    breaks(
        SALES,
        |pack| pack.operation("payments.initiate", line, ""),
        "OP066",
        "does not say which consent",
    );
    let gone = |pack: &mut Pack| {
        pack.operation("leads.create", "    consent:\n      scopes:", "    x-consent:\n      scopes:");
    };
    breaks(SALES, gone, "OP034", "takes `email`");
    let sms = |pack: &mut Pack| pack.operation("appointments.create", "[communication]", "[sms]");
    breaks(SALES, sms, "OP024", "sms");
    let gate = |pack: &mut Pack| {
        pack.operation(
            "leads.route",
            "      guards:\n",
            "      guards:\n        - {when: \"=usage.today > 100\", code: USAGE_EXCEEDED}\n",
        );
    };
    breaks(SALES, gate, "OP058", "refused by usage");
    let gate = |pack: &mut Pack| {
        pack.operation("leads.qualify", "scopes: [\"sales.leads:write\"]", "scopes: [lead.scoring]")
    };
    breaks(SALES, gate, "OP058", "`lead.scoring`");
}

/// S2-168: the four kinds of consent.
#[test]
fn there_are_four_consent_scopes() {
    let graph = Pack::new(SALES).graph();
    let scopes = graph.contracts.first().unwrap().consent_scopes.as_ref().unwrap();
    assert_eq!(texts(scopes), ["marketing", "communication", "voice", "payment"]);
}

/// S2-05, S2-54, S2-55: tenants are told apart, and whatever changes something has a key.
#[test]
fn tenants_and_keys_are_everywhere() {
    breaks(SALES, |pack| pack.contract("  tenancy: claim:tenant_id\n", ""), "OP020", "which tenant");
    for (id, route, ..) in OPERATIONS.iter().filter(|(_, route, ..)| !route.starts_with("GET")) {
        let drop = |pack: &mut Pack| pack.operation(id, "idempotency: required", "idempotency: none");
        breaks(SALES, drop, "OP066", &format!("{route} changes something and asks for no key"));
    }
}

/// S2-57, S2-67, S2-143, S2-144: the catalogue, what each code stands for, and its status.
#[test]
fn the_error_catalogue_is_whole() {
    let graph = Pack::new(SALES).graph();
    let entries: BTreeMap<&str, &tenon_graph::ErrorCode> =
        graph.errors.iter().map(|error| (error.code.as_str(), error)).collect();
    for (code, status) in [
        ("VALIDATION_ERROR", 400),
        ("CONSENT_DENIED", 403),
        ("RATE_LIMITED", 429),
        ("USAGE_EXCEEDED", 429),
        ("INTERNAL_ERROR", 500),
    ] {
        assert_eq!(entries[code].http_status, Some(status), "{code}");
    }
    assert!(entries.values().all(|entry| entry.message.is_some()));
    let statuses: BTreeSet<i64> = entries.values().filter_map(|entry| entry.http_status).collect();
    // A002-13.
    assert!([401, 404, 409, 415, 422].iter().all(|status| statuses.contains(status)));
    let mut conditions = BTreeSet::new();
    for condition in graph.errors.iter().flat_map(|error| &error.stands_for) {
        assert!(conditions.insert(condition.as_str()), "{} stands twice", condition.text);
    }
    let none = |pack: &mut Pack| {
        pack.operation(
            "webhooks.test",
            "    reason_codes: [VALIDATION_ERROR, NOT_FOUND, RATE_LIMITED]\n",
            "    reason_codes: []\n",
        );
    };
    breaks(SALES, none, "OP019", "/api/v1/webhooks/test");
    let mute = |pack: &mut Pack| pack.contract("    message: The lead is not qualified\n", "");
    breaks(SALES, mute, "OP068", "LEAD_NOT_QUALIFIED");
}

/// S2-58, S2-65: every operation has its schemas, and each schema an example.
#[test]
fn schemas_and_examples_are_there() {
    let graph = Pack::new(SALES).graph();
    for (id, route, ..) in OPERATIONS {
        let found = operation(&graph, id);
        assert!(matches!(found.response_schema, Some(Ok(_))), "{id}");
        assert_eq!(matches!(found.request_schema, Some(Ok(_))), found.is_mutating(), "{id}");
        let response = |pack: &mut Pack| pack.operation(id, "    response:", "    x-response:");
        breaks(SALES, response, "OP013", route);
    }
    let pack = Pack::new(SALES);
    for file in pack.names("schemas") {
        let name = file.strip_suffix(".schema.json").unwrap().to_owned();
        let drop = |pack: &mut Pack| {
            let own = |path: &&String| path.starts_with(&format!("{name}."));
            for path in pack.names("examples").iter().filter(own) {
                pack.remove(&format!("examples/{path}"));
            }
        };
        breaks(SALES, drop, "JS021", &format!("schemas/{file}"));
    }
}

/// S2-06, S2-59, S2-72, S2-100, S2-133: every operation says where it stands on the way to a case, and none
/// goes beyond what was asked.
#[test]
fn the_boundary_holds() {
    let verified = |pack: &mut Pack| {
        pack.operation("payments.initiate", "        status: INITIATED\n", "        status: VERIFIED_PAID\n")
    };
    breaks(SALES, verified, "OP027", "`VERIFIED_PAID`");
    let verified = |pack: &mut Pack| {
        pack.operation("payments.initiate", "    forbids:", "    side_effects: [VERIFIED_PAID]\n    forbids:")
    };
    breaks(SALES, verified, "OP027", "`VERIFIED_PAID`");
    for beyond in ["CaseOpened", "case.opened", "payment.completed"] {
        let emit = |pack: &mut Pack| {
            pack.operation(
                "payments.initiate",
                "    forbids:",
                &format!("    emits: [{beyond}]\n    forbids:"),
            )
        };
        breaks(SALES, emit, "OP027", &format!("`{beyond}`"));
    }
    let emit = |pack: &mut Pack| {
        pack.operation(
            "appointments.create",
            "        - type: appointment.scheduled\n",
            "        - type: case.opened\n",
        );
    };
    breaks(SALES, emit, "OP027", "`case.opened`");
    for (id, route, ..) in OPERATIONS {
        breaks(
            SALES,
            |pack| pack.operation(id, "    stage:", "    x-stage:"),
            "OP057",
            &format!("{route} does not say"),
        );
    }
    let after = |pack: &mut Pack| {
        pack.operation("payments.initiate", "stage: PAYMENT_INITIATION", "stage: CASE_WORK")
    };
    breaks(SALES, after, "OP057", "beyond the boundary");
}

/// S2-64: speed is promised in numbers.
#[test]
fn performance_is_promised() {
    let graph = Pack::new(SALES).graph();
    for (id, route, ..) in OPERATIONS {
        let serving = operation(&graph, id).governance.serving.as_ref().unwrap();
        assert!(serving.p95_ms.is_some() && serving.per_second.is_some(), "{id}");
        let drop = |pack: &mut Pack| pack.operation(id, "    performance:", "    x-performance:");
        breaks(SALES, drop, "OP066", &format!("{route} promises no latency"));
    }
}

/// S2-68, S2-69, S2-170: versions stand in the path, and a deprecation gives the time that is promised.
#[test]
fn versions_and_deprecations_are_governed() {
    let graph = Pack::new(SALES).graph();
    let versions = surface(&graph).versions.as_ref().unwrap();
    assert_eq!((versions.notice_days, versions.sunset_days), (Some(90), Some(180)));
    let path = |pack: &mut Pack| pack.operation("leads.create", "POST /api/v1/leads", "POST /leads");
    breaks(SALES, path, "OP069", "/api/v1/");
    let old =
        |pack: &mut Pack| pack.operation("leads.status", "    stage:", "    deprecated: true\n    stage:");
    breaks(SALES, old, "OP070", "without the days");
    let dates = |text: &str| format!("    deprecated: true\n    deprecation: {text}\n    stage:");
    for (text, words) in [
        ("{announced: 2026-01-01, deprecated: 2026-02-01, sunset: 2026-12-01}", "31 days"),
        ("{announced: 2026-01-01, deprecated: 2026-05-01, sunset: 2026-06-01}", "151 days"),
    ] {
        let old = |pack: &mut Pack| pack.operation("leads.status", "    stage:", &dates(text));
        breaks(SALES, old, "OP070", words);
    }
    let more = |pack: &mut Pack| {
        pack.edit("schemas/LeadCreateRequest.schema.json", |schema| {
            schema["properties"]["lead"]["required"].as_array_mut().unwrap().push(json!("company"));
        });
    };
    let found = packs::changes(SALES, more);
    assert!(found.iter().any(|found| found.starts_with("breaking")), "{found:#?}");
    let optional = |pack: &mut Pack| {
        pack.edit("schemas/LeadCreateRequest.schema.json", |schema| {
            schema["properties"]["lead"]["properties"]["nickname"] = json!({"type": "string"});
        });
    };
    let found = packs::changes(SALES, optional);
    assert!(packs::only_adds(&found), "{found:#?}");
    let rate =
        |pack: &mut Pack| pack.contract("lead_ingestion: {requests: 100", "lead_ingestion: {requests: 10");
    changes_as(SALES, rate, "breaking", "rate-lowered");
}

/// S2-70, S2-75, S2-76, S2-77, S2-78, S2-79: what the contract stands on is there.
#[test]
fn prerequisites_are_there() {
    for (item, title, section) in [
        ("WI-001", "Field Contracts", "entities"),
        ("WI-002", "Playbook Extraction", "scopes"),
        ("WI-003", "Consent Contracts", "consent_scopes"),
        ("WI-005", "Usage Contracts", "usage_dimensions"),
    ] {
        let drop = |pack: &mut Pack| pack.contract(&format!("\n{section}:\n"), &format!("\nx-{section}:\n"));
        breaks(SALES, drop, "OP064", &format!("prerequisite missing: {item} {title}"));
    }
    let drop = |pack: &mut Pack| pack.contract("    admin: {title: Admin", "    operators: {title: Admin");
    breaks(SALES, drop, "OP064", "prerequisite missing: WI-006 Admin Control Plane");
}

/// S2-71: scopes and dimensions that nobody declared.
#[test]
fn cross_references_are_held() {
    let scope = |pack: &mut Pack| pack.contract("  communication: To be called and met\n", "");
    breaks(SALES, scope, "OP024", "communication");
    let dimension = |pack: &mut Pack| pack.contract("  routing.execution: A routing\n", "");
    breaks(SALES, dimension, "OP025", "routing.execution");
}

/// S2-73, S2-136, S2-137, S2-138, S2-139, S2-140: headers on all requests.
#[test]
fn headers_are_complete() {
    let graph = Pack::new(SALES).graph();
    let headers: Vec<(&str, bool)> =
        surface(&graph).headers.iter().map(|header| (header.name.as_str(), header.mutations_only)).collect();
    assert_eq!(
        headers,
        [
            ("Authorization", false),
            ("X-Tenant-Id", false),
            ("X-Correlation-Id", false),
            ("Content-Type", false),
            ("X-Idempotency-Key", true)
        ]
    );
    for (from, header) in [
        ("X-Tenant-Id: *tenant", "X-Tenant-Id"),
        ("X-Correlation-Id: *correlation", "X-Correlation-Id"),
        ("X-Idempotency-Key: *key", "X-Idempotency-Key"),
    ] {
        for (id, route, ..) in OPERATIONS
            .iter()
            .filter(|(_, route, ..)| header != "X-Idempotency-Key" || !route.starts_with("GET"))
        {
            let drop = |pack: &mut Pack| pack.operation(id, from, &from.replacen("X-", "Y-", 1));
            breaks(SALES, drop, "OP063", &format!("{route} does not ask for the header `{header}`"));
        }
    }
    let bare =
        |pack: &mut Pack| pack.operation("leads.create", "    request: LeadCreateRequest.schema.json\n", "");
    breaks(SALES, bare, "OP063", "`Content-Type`");
}

/// S2-141, S2-142: answers and refusals have one form each.
#[test]
fn envelopes_are_everywhere() {
    let pack = Pack::new(SALES);
    let graph = pack.graph();
    for (id, route, ..) in OPERATIONS {
        let schema = operation(&graph, id).response_schema.clone().unwrap().unwrap();
        let path = graph.sources.get(schema.file).unwrap().path.clone();
        assert_eq!(pack.json(&path)["required"], json!(["data", "meta", "links"]), "{id}");
        for part in ["data", "meta", "links"] {
            let drop = |pack: &mut Pack| {
                pack.edit(&path, |schema| {
                    schema["properties"].as_object_mut().unwrap().remove(part);
                });
            };
            breaks(SALES, drop, "OP066", &format!("{route} answers without `{part}`"));
        }
    }
    let meta = pack.json("schemas/Meta.schema.json");
    assert_eq!(meta["required"], json!(["requestId", "timestamp", "correlationId", "processingTimeMs"]));
    let error = pack.json("schemas/ErrorResponse.schema.json");
    assert_eq!(error["properties"]["meta"]["required"], json!(["requestId", "timestamp", "correlationId"]));
    assert_eq!(error["properties"]["error"]["required"], json!(["code", "message"]));
    let serving = &graph.contracts.first().unwrap().serving;
    assert!(serving.success_envelope.is_some() && serving.error_envelope.is_some());
    assert!(serving.x_rate_limit && serving.audits_reads);
}

/// S2-118 (its check), A002-15: every operation traces to criteria that are there, and there are 23.
#[test]
fn operations_trace_to_criteria() {
    let graph = Pack::new(SALES).graph();
    let criteria = surface(&graph).criteria.as_ref().unwrap();
    let of = |letter: &str| criteria.iter().filter(|name| name.text.starts_with(letter)).count();
    assert_eq!((of("F"), of("T"), of("D"), of("Q")), (8, 6, 5, 4));
    for (id, route, ..) in OPERATIONS {
        let drop = |pack: &mut Pack| pack.operation(id, "    traces:", "    x-traces:");
        breaks(SALES, drop, "OP066", &format!("{route} traces to no criterion"));
    }
    let other = |pack: &mut Pack| pack.operation("leads.create", "traces: [F1,", "traces: [F9,");
    breaks(SALES, other, "OP067", "F9");
}

/// S2-132: nobody deviates without a record.
#[test]
fn waivers_need_a_record() {
    let waiver = |end: &str| {
        format!(
            "\ndeltas:\n  - {{what: Lead.title, reason: longer titles, owner: sales-api-team{end}}}\n\ndelivery:"
        )
    };
    let add = |pack: &mut Pack| pack.contract("\ndelivery:", &waiver(""));
    breaks(SALES, add, "OP059", "`Lead.title`");
    let mut pack = Pack::new(SALES);
    pack.contract("\ndelivery:", &waiver(", adr: ADR-0012"));
    assert!(!pack.told("OP0").iter().any(|told| told.starts_with("OP059") || told.starts_with("OP001")));
    let graph = pack.graph();
    let waiver = graph.contracts.first().unwrap().deltas.first().unwrap();
    assert_eq!(waiver.adr.as_ref().unwrap().text, "ADR-0012");
}

/// S2-173: links lead to operations.
#[test]
fn links_lead_somewhere() {
    let gone = |pack: &mut Pack| {
        pack.contract(
            "operations: [webhooks.subscriptions.create, webhooks.test]",
            "operations: [webhooks.subscriptions.create]",
        );
        pack.without("operations", "webhooks.test");
    };
    breaks(SALES, gone, "OP062", "/api/v1/webhooks/test/{}");
    let gone = |pack: &mut Pack| pack.without("operations", "leads.status");
    breaks(SALES, gone, "OP062", "/api/v1/leads/{}/status");
}

/// S2-182 as it is declared: of what may be announced, no operation emits anything.
#[test]
fn what_lies_beyond_is_only_announced() {
    let graph: Graph = Pack::new(SALES).graph();
    let boundary = graph.contracts.first().unwrap().boundary.as_ref().unwrap();
    assert_eq!(texts(&boundary.forbidden), ["VERIFIED_PAID", "CaseOpened"]);
    assert_eq!(texts(&boundary.notify_only), ["payment.completed", "case.opened"]);
    for found in &graph.operations {
        let emits = found.governance.emits.iter().flatten();
        assert!(!emits.clone().any(|name| texts(&boundary.notify_only).contains(&name.as_str())));
    }
}

/// The contract is the program: a gateway takes it as it is.
#[test]
fn the_pack_can_be_served() {
    packs::is_served(SALES);
}

/// The pack passes every rule of the strict profile and is what was frozen.
#[test]
fn the_pack_passes_its_own_gates() {
    for arguments in [&["check", "contracts/sales"][..], &["freeze", "contracts/sales", "--check"]] {
        let (said, status) = tenon(arguments);
        assert_eq!(status, Some(0), "{arguments:?}: {said}");
    }
}
