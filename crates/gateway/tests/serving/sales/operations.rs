//! The ten operations, one after the other, and what each refuses.

use serde_json::{Value, json};

use super::{Ids, TEAM, appointment, lead, operations, payment, qualification, routing, sales};
use crate::harness::{Ask, NORTH, fits};

/// S2-141, S2-147, S2-150, S2-153, S2-156, S2-159, S2-162, S2-165: every operation answers with
/// what its schema describes; S2-184: each is in the audit, once.
#[tokio::test]
async fn every_operation_answers_as_its_schema_says() {
    let sales = sales();
    let mut ids = Ids::default();
    let mut names = Vec::new();
    for (operation, status, schema, ask) in operations() {
        let answer = sales.call(ids.fill(ask)).await;
        let body = answer.expect(status);
        fits(&sales.gate, schema, &body);
        ids.learn(&body);
        names.push(operation);
        sales.gate.settle().await;
    }
    let audit = sales.gate.audit().await;
    let audited: Vec<&str> = audit.iter().map(|link| link.entry.operation.as_str()).collect();
    assert_eq!(audited, names);
    for link in &audit {
        assert_eq!(link.entry.tenant, NORTH);
        assert_eq!(link.entry.actor, "service:crm-north");
        assert_eq!(link.entry.correlation_id, super::CORRELATION);
        assert_eq!(link.entry.outcome, "ok");
        assert_eq!(link.entry.at_ms, crate::harness::START_MS);
    }
}

/// S2-147: a lead as it comes in.
#[tokio::test]
async fn a_lead_comes_in() {
    let sales = sales();
    let answer = sales.call(Ask::post("/api/v1/leads", &lead("crm-1"))).await;
    let body = answer.expect(201);
    assert_eq!(body["data"]["status"], "CREATED");
    assert_eq!(body["data"]["createdAt"], "2026-02-16T00:00:00.000Z");
    assert_eq!(body["data"]["nextActions"], json!(["QUALIFY"]));
    let id = body["data"]["leadId"].as_str().expect("an id");
    assert_eq!(
        body["links"],
        json!({ "self": "/api/v1/leads", "status": format!("/api/v1/leads/{id}/status") })
    );
    assert_eq!(sales.status(id).await["stage"], "LEAD");
    let events = sales.gate.events();
    assert_eq!(events.len(), 1);
    let envelope: Value = serde_json::from_slice(&events[0].envelope).expect("JSON");
    assert_eq!(envelope["type"], "lead.created");
    assert_eq!(envelope["tenant"], NORTH);
    assert_eq!(envelope["correlationid"], super::CORRELATION);
    assert_eq!(envelope["data"]["payload"]["leadId"], id);
    fits(&sales.gate, "LeadCreatedPayload", &envelope["data"]["payload"]);
}

/// S2-147, S2-181: every limit of a lead is held, field by field.
#[tokio::test]
async fn limits_of_a_lead_are_held_field_by_field() {
    let sales = sales();
    let before = sales.gate.kept().await;
    let long = |length: usize| Value::from("x".repeat(length));
    let cases = [
        ("lead.externalId", Value::Null),
        ("lead.externalId", json!("")),
        ("lead.source", json!("fax")),
        ("lead.firstName", long(101)),
        ("lead.lastName", long(101)),
        ("lead.email", json!("nope")),
        ("lead.phone", json!("0151 123")),
        ("lead.company", long(256)),
        ("lead.title", long(101)),
        ("lead.industry", long(101)),
        ("lead.companySize", json!(0)),
        ("lead.companySize", json!(1_000_001)),
        ("lead.score", json!(99)),
        ("lead.status", json!("QUALIFIED")),
        ("lead.assignedTo", json!(TEAM)),
        ("consent.granted", json!(false)),
        ("consent.source", json!("phone")),
        ("consent.scope", json!("sms")),
        ("lead.metadata", json!("text")),
    ];
    for (field, value) in cases {
        let mut body = lead("crm-1");
        let (parent, name) = field.split_once('.').expect("a field");
        match &value {
            Value::Null => drop(body[parent].as_object_mut().expect("an object").remove(name)),
            value => body[parent][name] = value.clone(),
        }
        let answer = sales.call(Ask::post("/api/v1/leads", &body)).await;
        let told = answer.refused(400, "VALIDATION_ERROR");
        let details = told["error"]["details"].as_array().expect("details");
        assert!(details.iter().any(|detail| detail["field"] == field), "{field}: {told}");
        assert!(details.iter().all(|detail| detail["reason"].is_string()), "{told}");
        fits(&sales.gate, "ErrorResponse", &told);
    }
    assert_eq!(sales.gate.kept().await, before);
}

/// S2-147, S2-149: the same lead again is a duplicate, under whatever key.
#[tokio::test]
async fn the_same_lead_again_is_a_duplicate() {
    let sales = sales();
    let id = sales.lead("crm-1").await;
    let kept = sales.gate.kept().await;
    let mut other = lead("crm-1");
    other["lead"]["email"] = "other@example.com".into();
    for body in [lead("crm-1"), other] {
        let told = sales.call(Ask::post("/api/v1/leads", &body)).await.refused(409, "DUPLICATE_RECORD");
        let details = told["error"]["details"].to_string();
        assert!(details.contains("externalId") && details.contains(&id), "{details}");
    }
    assert_eq!(sales.gate.kept().await, kept);
}

/// S2-150, S2-151: a scoring, with the standard model; the same request again is the same one.
#[tokio::test]
async fn a_lead_is_scored() {
    let sales = sales();
    let id = sales.lead("crm-1").await;
    let path = format!("/api/v1/leads/{id}/qualify");
    let data = sales.post(&path, &qualification(), 201).await;
    assert_eq!(
        (&data["status"], &data["score"], &data["segment"]),
        (&json!("COMPLETED"), &json!(100), &json!("HOT"))
    );
    assert_eq!(sales.status(&id).await["status"], "QUALIFIED");
    sales.call(Ask::post(&path, &qualification())).await.refused(409, "DUPLICATE_RECORD");
    let forced = json!({ "qualification": { "priority": "HIGH", "forceRescore": true } });
    sales.post(&path, &forced, 201).await;
    sales.post(&path, &forced, 201).await;
    // S2-152: a score is worked out, never told.
    for bad in ["score", "segment", "weights"] {
        let mut body = qualification();
        body["qualification"][bad] = json!(1);
        sales.call(Ask::post(&path, &body)).await.refused(400, "VALIDATION_ERROR");
    }
    let scored = sales.gate.events().iter().filter(|event| event.kind == "lead.scored").count();
    assert_eq!(scored, 3);
    // A lead nobody can reach is scored and not qualified.
    let mut cold = lead("crm-2");
    cold["lead"] = json!({ "externalId": "crm-2", "source": "event" });
    let data = sales.post("/api/v1/leads", &cold, 201).await;
    let id = data["leadId"].as_str().expect("an id");
    let data = sales.post(&format!("/api/v1/leads/{id}/qualify"), &qualification(), 201).await;
    assert_eq!((&data["score"], &data["segment"]), (&json!(20), &json!("COLD")));
    assert_eq!(sales.status(id).await["status"], "CREATED");
}

/// S2-153, S2-154, S2-155: a routing; one is active at a time, and only of qualified leads.
#[tokio::test]
async fn a_lead_is_routed() {
    let sales = sales();
    let id = sales.lead("crm-1").await;
    let path = format!("/api/v1/leads/{id}/route");
    let before = sales.gate.kept().await;
    let told = sales.call(Ask::post(&path, &routing())).await.refused(409, "LEAD_NOT_QUALIFIED");
    assert_eq!(told["error"]["details"][0]["field"], "leadId");
    assert_eq!(sales.gate.kept().await, before);
    sales.post(&format!("/api/v1/leads/{id}/qualify"), &qualification(), 201).await;
    let data = sales.post(&path, &routing(), 201).await;
    assert_eq!(data["status"], "ROUTED");
    assert_eq!(data["assignedTo"], TEAM);
    let status = sales.status(&id).await;
    assert_eq!((&status["status"], &status["stage"]), (&json!("ROUTED"), &json!("OPPORTUNITY")));
    sales.call(Ask::post(&path, &routing())).await.refused(409, "DUPLICATE_RECORD");
    for bad in ["assignedTo", "capacity", "override"] {
        let mut body = routing();
        body["routing"][bad] = json!(TEAM);
        sales.call(Ask::post(&path, &body)).await.refused(400, "VALIDATION_ERROR");
    }
    // Without a team it waits, and nobody is told that someone takes care.
    let id = sales.qualified("crm-2").await;
    let data = sales.post(&format!("/api/v1/leads/{id}/route"), &json!({ "routing": {} }), 201).await;
    assert_eq!(data["status"], "QUEUED");
    assert_eq!(data.get("assignedTo"), None);
    assert_eq!(sales.status(&id).await["status"], "QUALIFIED");
    let routed = sales.gate.events().iter().filter(|event| event.kind == "lead.routed").count();
    assert_eq!(routed, 1);
}

/// S2-156, S2-157: an appointment in the future; the same moment and type is the same one.
#[tokio::test]
async fn an_appointment_is_made_and_moved() {
    let sales = sales();
    let id = sales.qualified("crm-1").await;
    let path = format!("/api/v1/leads/{id}/appointments");
    let data = sales.post(&path, &appointment(), 201).await;
    assert_eq!(data["status"], "SCHEDULED");
    assert_eq!(sales.status(&id).await["status"], "ENGAGED");
    let mut zone = appointment();
    zone["appointment"]["scheduledAt"] = "2026-03-09T14:00:00+01:00".into();
    sales.call(Ask::post(&path, &zone)).await.refused(409, "DUPLICATE_RECORD");
    let with = |name: &str, value: Value| {
        let mut body = appointment();
        body["appointment"][name] = value;
        body
    };
    let bad = [
        ("type", json!("LUNCH")),
        ("scheduledAt", json!("2026-02-15T23:59:59Z")),
        ("scheduledAt", json!("2026-02-16T00:00:00Z")),
        ("scheduledAt", json!("soon")),
        ("durationMinutes", json!(14)),
        ("durationMinutes", json!(481)),
        ("title", json!("x".repeat(256))),
        ("description", json!("x".repeat(1001))),
        ("location", json!("x".repeat(501))),
        ("assignedTo", json!("nobody")),
        ("outcome", json!("WON")),
    ];
    for (name, value) in bad {
        let told = sales.call(Ask::post(&path, &with(name, value))).await.refused(400, "VALIDATION_ERROR");
        assert_eq!(told["error"]["details"][0]["field"], format!("appointment.{name}"), "{told}");
    }
    let own = format!("{path}/{}", data["appointmentId"].as_str().expect("an id"));
    let change = |body: Value| Ask::new("PATCH", &own).json(&body);
    let moved = json!({ "appointment": { "scheduledAt": "2026-03-10T13:00:00Z" } });
    sales.call(change(moved)).await.expect(200);
    assert_eq!(sales.status(&id).await["components"]["appointment"]["scheduledAt"], "2026-03-10T13:00:00Z");
    sales.call(change(json!({ "appointment": {} }))).await.refused(400, "VALIDATION_ERROR");
    let past = json!({ "appointment": { "scheduledAt": "2020-01-01T00:00:00Z" } });
    sales.call(change(past)).await.refused(400, "VALIDATION_ERROR");
    // Beside another lead it is not there.
    let other = sales.qualified("crm-2").await;
    let elsewhere = own.replace(&id, &other);
    let body = json!({ "appointment": { "location": "Here" } });
    sales.call(Ask::new("PATCH", &elsewhere).json(&body)).await.refused(404, "NOT_FOUND");
    let told = sales.gate.events().iter().filter(|event| event.kind == "appointment.scheduled").count();
    assert_eq!(told, 2);
}

/// S2-156: of two who change an appointment at once, the later is told, where it asks to be.
#[tokio::test]
async fn changes_can_be_held_to_a_version() {
    let sales = sales();
    let id = sales.qualified("crm-1").await;
    let made = sales.call(Ask::post(&format!("/api/v1/leads/{id}/appointments"), &appointment())).await;
    let own = made.expect(201)["data"]["appointmentId"].as_str().expect("an id").to_owned();
    let change = |place: &str| {
        let path = format!("/api/v1/leads/{id}/appointments/{own}");
        Ask::new("PATCH", &path).json(&json!({ "appointment": { "location": place } }))
    };
    let tag = made.header("etag").to_owned();
    assert_eq!(tag, "\"1\"");
    let changed = sales.call(change("Here").header("if-match", &tag)).await;
    changed.expect(200);
    assert_eq!(changed.header("etag"), "\"2\"");
    sales.call(change("There").header("if-match", &tag)).await.refused(412, "PRECONDITION_FAILED");
    sales.call(change("There").header("if-match", "*")).await.expect(200);
    sales.call(change("Home")).await.expect(200);
}

/// S2-159, S2-160: a payment is asked for; the same amount a moment later is the same one.
#[tokio::test]
async fn a_payment_is_asked_for() {
    let sales = sales();
    let id = sales.qualified("crm-1").await;
    let path = format!("/api/v1/leads/{id}/payments/initiate");
    let data = sales.post(&path, &payment(), 201).await;
    assert_eq!(data["status"], "INITIATED");
    assert_eq!(data["expiresAt"], "2026-02-16T00:30:00.000Z");
    assert!(data["checkoutUrl"].as_str().expect("a URL").starts_with("https://"));
    sales.gate.clock.forward(15 * 60_000 - 1);
    let told = sales.call(Ask::post(&path, &payment())).await.refused(409, "DUPLICATE_RECORD");
    assert_eq!(told["error"]["details"][0]["field"], "payment.amount");
    let mut other = payment();
    other["payment"]["amount"] = json!(1);
    sales.post(&path, &other, 201).await;
    sales.gate.clock.forward(1);
    sales.post(&path, &payment(), 201).await;
    let bad = [
        ("/payment/amount", json!(0)),
        ("/payment/amount", json!(10.5)),
        ("/payment/currency", json!("eur")),
        ("/payment/description", json!("x".repeat(501))),
        ("/payment/paymentMethod", json!("CRYPTO")),
        ("/successUrl", json!("http://shop.example")),
        ("/cancelUrl", json!("shop")),
    ];
    for (pointer, value) in bad {
        // Ten at once is what the class lets through.
        sales.gate.clock.forward(60_000);
        let mut body = payment();
        *body.pointer_mut(pointer).expect("a field") = value;
        let told = sales.call(Ask::post(&path, &body)).await.refused(400, "VALIDATION_ERROR");
        let field = pointer[1..].replace('/', ".");
        assert_eq!(told["error"]["details"][0]["field"], field, "{told}");
    }
    let mut card = payment();
    card["payment"]["cvv"] = json!("123");
    sales.call(Ask::post(&path, &card)).await.refused(400, "VALIDATION_ERROR");
}

/// S2-162, S2-164: where a lead stands, with the parts that are asked for.
#[tokio::test]
async fn a_status_has_the_parts_that_are_asked_for() {
    let sales = sales();
    let id = sales.qualified("crm-1").await;
    sales.post(&format!("/api/v1/leads/{id}/route"), &routing(), 201).await;
    sales.post(&format!("/api/v1/leads/{id}/appointments"), &appointment(), 201).await;
    sales.post(&format!("/api/v1/leads/{id}/payments/initiate"), &payment(), 201).await;
    let parts = async |query: &str| -> Vec<String> {
        let ask = Ask::get(&format!("/api/v1/leads/{id}/status{query}"));
        let body = sales.call(ask).await.expect(200);
        fits(&sales.gate, "LeadStatusResponse", &body);
        body["data"]["components"].as_object().expect("an object").keys().cloned().collect()
    };
    let mut all = parts("").await;
    all.sort();
    assert_eq!(all, ["appointment", "payment", "routing", "scoring"]);
    assert_eq!(parts("?include=score").await, ["scoring"]);
    assert_eq!(parts("?include=payment,routing").await.len(), 2);
    for bad in ["?include=", "?include=case", "?include=audit", "?include=score,", "?exclude=score"] {
        let ask = Ask::get(&format!("/api/v1/leads/{id}/status{bad}"));
        sales.call(ask).await.refused(400, "VALIDATION_ERROR");
    }
    sales.call(Ask::get("/api/v1/leads/not-a-uuid/status")).await.refused(400, "VALIDATION_ERROR");
}
