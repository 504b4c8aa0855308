//! Fields: what requests and answers have, how far they go, what they must not have, and whether
//! they are those of the entities.

use std::collections::BTreeSet;

use serde_json::json;

use crate::SALES;
use crate::packs::{Pack, breaks, event};

/// Schema, place in it, and the fields there with their limits.
const FIELDS: &[(&str, &str, &[&str])] = &[
    (
        "LeadCreateRequest",
        "/properties/lead",
        &[
            "externalId* minLength 1 maxLength 255",
            r#"source* enum ["website","referral","event","partner","outbound","import","other"]"#,
            "firstName maxLength 100",
            "lastName maxLength 100",
            r#"email format "email" maxLength 254"#,
            r#"phone pattern "^\\+[1-9][0-9]{1,14}$""#,
            "company maxLength 255",
            "title maxLength 100",
            "industry maxLength 100",
            "companySize minimum 1 maximum 1000000",
            "metadata",
        ],
    ),
    (
        "LeadCreateRequest",
        "/properties/consent",
        &["scope*", "granted*", "source*", "evidenceRef minLength 1 maxLength 500"],
    ),
    (
        "LeadCreateResponse",
        "/properties/data",
        &[
            r#"leadId* format "uuid""#,
            r#"status* enum ["CREATED"]"#,
            r#"createdAt* format "date-time""#,
            "nextActions*",
        ],
    ),
    (
        "LeadQualifyRequest",
        "/properties/qualification",
        &[
            r#"priority enum ["HIGH","MEDIUM","LOW"] default "MEDIUM""#,
            "forceRescore default false",
            r#"modelOverride enum ["standard","enterprise","self-serve"]"#,
        ],
    ),
    (
        "LeadQualifyResponse",
        "/properties/data",
        &[
            r#"qualificationId* format "uuid""#,
            r#"status* enum ["PROCESSING","COMPLETED"]"#,
            "score minimum 0 maximum 100",
            r#"segment enum ["HOT","WARM","COLD"]"#,
            r#"computedAt format "date-time""#,
        ],
    ),
    (
        "LeadRouteRequest",
        "/properties/routing",
        &[
            r#"algorithm enum ["round-robin","territory","expertise"]"#,
            "constraints",
            r#"priority enum ["URGENT","HIGH","NORMAL","LOW"] default "NORMAL""#,
        ],
    ),
    (
        "LeadRouteRequest",
        "/properties/routing/properties/constraints",
        &["teamIds", "expertise", "territory minLength 1 maxLength 100"],
    ),
    (
        "LeadRouteResponse",
        "/properties/data",
        &[
            r#"routingId* format "uuid""#,
            r#"status* enum ["ROUTED","QUEUED","PENDING"]"#,
            r#"assignedTo format "uuid""#,
            r#"assignedAt format "date-time""#,
            "reasoning maxLength 500",
        ],
    ),
    (
        "AppointmentCreateRequest",
        "/properties/appointment",
        &[
            r#"type* enum ["DISCOVERY","DEMO","FOLLOWUP","CLOSING"]"#,
            "title maxLength 255",
            "description maxLength 1000",
            r#"scheduledAt* format "date-time""#,
            "durationMinutes* minimum 15 maximum 480",
            "location maxLength 500",
            r#"assignedTo format "uuid""#,
            "metadata",
        ],
    ),
    (
        "AppointmentCreateResponse",
        "/properties/data",
        &[r#"appointmentId* format "uuid""#, r#"status* enum ["SCHEDULED"]"#],
    ),
    (
        "PaymentInitiateRequest",
        "/properties/payment",
        &[
            "amount* minimum 1 maximum 1000000000",
            r#"currency* pattern "^[A-Z]{3}$""#,
            "description* minLength 1 maxLength 500",
            r#"paymentMethod* enum ["CARD","ACH","WIRE"]"#,
            "metadata",
        ],
    ),
    (
        "PaymentInitiateResponse",
        "/properties/data",
        &[
            r#"paymentId* format "uuid""#,
            r#"status* enum ["INITIATED"]"#,
            r#"checkoutUrl* format "uri" maxLength 2048"#,
            r#"expiresAt* format "date-time""#,
        ],
    ),
    (
        "LeadStatusResponse",
        "/properties/data",
        &[
            // CREATED comes before the four of the row: a lead is there before it is qualified.
            r#"status* enum ["CREATED","QUALIFIED","ROUTED","ENGAGED","CONVERTED"]"#,
            r#"stage* enum ["LEAD","OPPORTUNITY","COMMITTED"]"#,
            r#"lastUpdated* format "date-time""#,
            "components*",
        ],
    ),
    (
        "LeadStatusResponse",
        "/properties/data/properties/components",
        &["scoring", "routing", "appointment", "payment"],
    ),
    (
        "WebhookSubscriptionCreateRequest",
        "/properties/subscription",
        &[
            "name* minLength 1 maxLength 255",
            r#"url* format "uri" pattern "^https://" maxLength 2048"#,
            "events*",
            "secret* minLength 24 maxLength 255",
            "active default true",
            "metadata",
        ],
    ),
    (
        "WebhookSubscriptionCreateResponse",
        "/properties/data",
        &[
            r#"subscriptionId* format "uuid""#,
            r#"status* enum ["ACTIVE","PAUSED"]"#,
            r#"createdAt* format "date-time""#,
            r#"testEndpoint* format "uri-reference""#,
        ],
    ),
];

/// The members of a schema as `name* type limit`: what a table of fields would say.
fn fields(schema: &serde_json::Value) -> Vec<String> {
    let required: BTreeSet<&str> =
        schema["required"].as_array().into_iter().flatten().filter_map(|name| name.as_str()).collect();
    let limit = |field: &serde_json::Value, key: &str| field.get(key).map(|limit| format!(" {key} {limit}"));
    let line = |(name, field): (&String, &serde_json::Value)| {
        let star = if required.contains(name.as_str()) { "*" } else { "" };
        let limits = ["enum", "format", "pattern", "minLength", "maxLength", "minimum", "maximum", "default"];
        let limits: String = limits.iter().filter_map(|key| limit(field, key)).collect();
        format!("{name}{star}{limits}")
    };
    schema["properties"].as_object().unwrap().iter().map(line).collect()
}

/// S2-147, S2-150, S2-153, S2-156, S2-159, S2-162, S2-165: the fields of requests and answers with
/// their limits.
#[test]
fn requests_and_answers_have_their_fields() {
    let pack = Pack::new(SALES);
    let part = |name: &str, pointer: &str| {
        let schema = pack.json(&format!("schemas/{name}.schema.json"));
        fields(schema.pointer(pointer).unwrap_or_else(|| panic!("{name} has no {pointer}")))
    };
    let sorted = |mut lines: Vec<String>| {
        lines.sort();
        lines
    };
    let wanted = |lines: &[&str]| sorted(lines.iter().map(|line| (*line).to_owned()).collect());
    for (name, pointer, lines) in FIELDS {
        assert_eq!(sorted(part(name, pointer)), wanted(lines), "{name} {pointer}");
    }
    let request = pack.json("schemas/PaymentInitiateRequest.schema.json");
    assert_eq!(request["required"], json!(["payment", "successUrl", "cancelUrl"]));
    let events = pack.json("schemas/WebhookSubscriptionCreateRequest.schema.json");
    let events = &events["properties"]["subscription"]["properties"]["events"]["items"]["enum"];
    let six = [
        "lead.created",
        "lead.scored",
        "lead.routed",
        "appointment.scheduled",
        "payment.completed",
        "case.opened",
    ];
    assert_eq!(events, &json!(six));
    let graph = pack.graph();
    assert!(six.iter().all(|name| event(&graph, name).public == Some(true)));
    let consent = pack.json("schemas/LeadCreateRequest.schema.json");
    let consent = &consent["properties"]["consent"]["properties"];
    assert_eq!((&consent["granted"]["const"], &consent["source"]["const"]), (&json!(true), &json!("api")));
}

/// S2-147, S2-156, S2-159, S2-165: an example beyond each limit is refused by its schema.
#[test]
fn limits_are_held() {
    let long = |count: usize| json!("x".repeat(count));
    for (name, pointer, value, words) in [
        ("LeadCreateRequest", "/lead/externalId", long(256), "externalId"),
        ("LeadCreateRequest", "/lead/source", json!("dream"), "source"),
        ("LeadCreateRequest", "/lead/firstName", long(101), "firstName"),
        ("LeadCreateRequest", "/lead/lastName", long(101), "lastName"),
        ("LeadCreateRequest", "/lead/email", json!("ada at example"), "email"),
        ("LeadCreateRequest", "/lead/phone", json!("0151 1234"), "phone"),
        ("LeadCreateRequest", "/lead/company", long(256), "company"),
        ("LeadCreateRequest", "/lead/title", long(101), "title"),
        ("LeadCreateRequest", "/lead/industry", long(101), "industry"),
        ("LeadCreateRequest", "/lead/companySize", json!(1_000_001), "companySize"),
        ("LeadCreateRequest", "/consent/granted", json!(false), "granted"),
        ("LeadCreateRequest", "/consent/source", json!("phone"), "source"),
        ("LeadCreateRequest", "/consent/scope", json!("sms"), "scope"),
        ("LeadQualifyRequest", "/qualification/priority", json!("NOW"), "priority"),
        ("LeadRouteRequest", "/routing/priority", json!("NOW"), "priority"),
        ("AppointmentCreateRequest", "/appointment/type", json!("LUNCH"), "type"),
        ("AppointmentCreateRequest", "/appointment/title", long(256), "title"),
        ("AppointmentCreateRequest", "/appointment/durationMinutes", json!(14), "durationMinutes"),
        ("AppointmentCreateRequest", "/appointment/durationMinutes", json!(481), "durationMinutes"),
        ("AppointmentCreateRequest", "/appointment/location", long(501), "location"),
        ("AppointmentCreateRequest", "/appointment/scheduledAt", json!("tomorrow"), "scheduledAt"),
        ("PaymentInitiateRequest", "/payment/amount", json!(12.5), "amount"),
        ("PaymentInitiateRequest", "/payment/currency", json!("Euro"), "currency"),
        ("PaymentInitiateRequest", "/payment/description", long(501), "description"),
        ("PaymentInitiateRequest", "/payment/paymentMethod", json!("CRYPTO"), "paymentMethod"),
        ("PaymentInitiateResponse", "/data/status", json!("VERIFIED_PAID"), "status"),
        ("WebhookSubscriptionCreateRequest", "/subscription/url", json!("http://crm.example/hook"), "url"),
        ("WebhookSubscriptionCreateRequest", "/subscription/name", long(256), "name"),
        ("WebhookSubscriptionCreateRequest", "/subscription/events/0", json!("lead.deleted"), "events"),
    ] {
        let path = format!("examples/{name}.example.json");
        let bend =
            |pack: &mut Pack| pack.edit(&path, |example| *example.pointer_mut(pointer).unwrap() = value);
        breaks(SALES, bend, "JS020", words);
    }
}

/// S2-15, S2-17, S2-19, S2-149, S2-152, S2-155, S2-158, S2-161, S2-164, S2-167: what an operation must
/// not do cannot be added to it.
#[test]
fn forbidden_behaviour_is_found() {
    for (name, pointer, field, word) in [
        ("AppointmentCreateRequest", "/properties/appointment", "availableSlots", "slot"),
        ("AppointmentUpdateRequest", "/properties/appointment", "calendarId", "calendar"),
        ("AppointmentCreateRequest", "/properties/appointment", "sendNotification", "notification"),
        ("AppointmentUpdateRequest", "/properties/appointment", "outcome", "outcome"),
        ("PaymentInitiateRequest", "/properties/payment", "verified", "verified"),
        ("PaymentInitiateRequest", "/properties/payment", "cardNumber", "card number"),
        ("LeadCreateRequest", "/properties/lead", "score", "score"),
        ("LeadCreateRequest", "/properties/lead", "routingTeam", "routing"),
        ("LeadCreateRequest", "", "bypassDuplicates", "bypass"),
        ("LeadImportCreateRequest", "/properties/import", "skipDuplicates", "skip"),
        ("LeadQualifyRequest", "/properties/qualification", "scoreOverride", "override score"),
        ("LeadQualifyResponse", "/properties/data", "trainingSet", "training"),
        ("LeadRouteRequest", "/properties/routing", "overrideAssignment", "override"),
        ("LeadRouteResponse", "/properties/data", "teamCapacity", "capacity"),
        ("LeadStatusResponse", "/properties/data", "caseStatus", "case"),
        ("LeadStatusResponse", "/properties/data", "auditTrail", "audit"),
        ("LeadStatusResponse", "/properties/data", "usage", "usage"),
        ("WebhookSubscriptionCreateResponse", "/properties/data", "secret", "secret"),
        ("WebhookSubscriptionCreateResponse", "/properties/data", "deliveryHistory", "delivery"),
    ] {
        let path = format!("schemas/{name}.schema.json");
        let add = |pack: &mut Pack| {
            pack.edit(&path, |schema| {
                let object = schema.pointer_mut(pointer).unwrap();
                object["properties"][field] = json!({"type": "string", "x-entity": "none"});
            });
        };
        breaks(SALES, add, "OP056", &format!("`{field}` says `{word}`"));
    }
    let events = |pack: &mut Pack| {
        pack.edit("schemas/WebhookSubscriptionCreateRequest.schema.json", |schema| {
            let events = &mut schema["properties"]["subscription"]["properties"]["events"]["items"]["enum"];
            events.as_array_mut().unwrap().push(json!("admin.user_created"));
        });
    };
    breaks(SALES, events, "OP056", "`admin.user_created` says `admin`");
    let verify = "  payments.verify:\n    http: POST /api/v1/leads/{leadId}/payments/verify\n";
    let add = |pack: &mut Pack| {
        pack.with("operations", verify);
        pack.contract("operations: [payments.initiate]", "operations: [payments.initiate, payments.verify]");
    };
    breaks(SALES, add, "OP056", "says `verify`");
    let receive = "  webhooks.receive:\n    http: POST /api/v1/webhooks/inbound\n";
    let add = |pack: &mut Pack| {
        pack.with("operations", receive);
        pack.contract(
            "operations: [webhooks.subscriptions.create,",
            "operations: [webhooks.receive, webhooks.subscriptions.create,",
        );
    };
    breaks(SALES, add, "OP056", "says `inbound`");
}

/// S2-62, S2-99, S2-172, S2-66: fields are those of the entities: narrower is told, wider is refused,
/// unknown is listed.
#[test]
fn fields_fit_their_entities() {
    let told = Pack::new(SALES).told("OP06");
    for narrowing in [
        "OP061 `title` is narrower than `Lead.title`: up to 100 characters",
        "OP061 `paymentMethod` is narrower than `PaymentRecord.paymentMethod`: it is never `CRYPTO`",
    ] {
        assert!(told.iter().any(|told| told.starts_with(narrowing)), "{told:#?}");
    }
    assert!(!told.iter().any(|told| told.starts_with("OP060") || told.starts_with("OP065")), "{told:#?}");
    for (name, pointer, change, words) in [
        (
            "LeadCreateRequest",
            "/properties/lead/properties/title",
            json!({"type": "string", "maxLength": 300}),
            "`Lead.title`: up to 300",
        ),
        (
            "AppointmentCreateRequest",
            "/properties/appointment/properties/durationMinutes",
            json!({"type": "integer", "minimum": 15, "maximum": 600}),
            "`Appointment.durationMinutes`: up to 600",
        ),
        (
            "PaymentInitiateRequest",
            "/properties/payment/properties/paymentMethod",
            json!({"type": "string", "enum": ["CARD", "CASH"]}),
            "it may be `CASH`",
        ),
        (
            "LeadStatusResponse",
            "/properties/data/properties/status",
            json!({"type": "string", "enum": ["QUALIFIED", "LOST"]}),
            "it may be `LOST`",
        ),
        (
            "LeadRouteResponse",
            "/properties/data/properties/status",
            json!({"type": "string", "enum": ["ROUTED", "ACTIVE"]}),
            "it may be `ACTIVE`",
        ),
        (
            "LeadCreateRequest",
            "/properties/lead/properties/companySize",
            json!({"type": "string"}),
            "it may be string",
        ),
    ] {
        let path = format!("schemas/{name}.schema.json");
        let bend =
            |pack: &mut Pack| pack.edit(&path, |schema| *schema.pointer_mut(pointer).unwrap() = change);
        breaks(SALES, bend, "OP060", words);
    }
    let add = |pack: &mut Pack| {
        pack.edit("schemas/LeadCreateRequest.schema.json", |schema| {
            schema["properties"]["lead"]["properties"]["nickname"] = json!({"type": "string"});
        });
    };
    breaks(SALES, add, "OP065", "`nickname`");
}
