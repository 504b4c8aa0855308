//! The pack `sales`: rows S2-136 to S2-185 that a gateway decides.

mod boundary;
mod consent;
mod envelopes;
mod keys;
mod operations;
mod rates;
mod tenants;
mod webhooks;

use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Value, json};

use crate::harness::{Answer, Ask, Gate, NORTH, SOUTH};

pub const SCOPES: &str = "sales.leads:read sales.leads:write sales.appointments:write sales.payments:write \
sales.webhooks:write";

/// The correlation id of requests that do not say another.
pub const CORRELATION: &str = "3b9d2c5e-41a7-4f0e-9b1d-6c2e8a7f5d10";

/// A team that leads are routed to.
pub const TEAM: &str = "0198f3b1-6a10-7d21-8c33-5b7a1e4f9040";

/// The gateway over the pack, and a system of each of two tenants.
pub struct Sales {
    pub gate: Gate,
    pub north: String,
    pub south: String,
    keys: AtomicU64,
}

pub fn sales() -> Sales {
    Sales::over(Gate::new("sales"))
}

impl Sales {
    pub fn over(gate: Gate) -> Self {
        let token = |tenant: &str, id: &str| {
            gate.token(json!({ "sub": id, "actor_type": "service", "scope": SCOPES, "tenant_id": tenant }))
        };
        let (north, south) = (token(NORTH, "crm-north"), token(SOUTH, "crm-south"));
        Self { gate, north, south, keys: AtomicU64::new(0) }
    }

    /// With every header there must be, from the system of the north, under a new key.
    pub fn ask(&self, ask: Ask) -> Ask {
        let key = self.keys.fetch_add(1, Ordering::SeqCst);
        let ask = match ask.method.as_str() {
            "GET" => ask,
            _ => ask.header("x-idempotency-key", &format!("00000000-0000-4000-8000-{key:012x}")),
        };
        ask.token(&self.north).header("x-tenant-id", NORTH).header("x-correlation-id", CORRELATION)
    }

    /// The same, from the system of the south.
    pub fn south(&self, ask: Ask) -> Ask {
        self.ask(ask).token(&self.south).header("x-tenant-id", SOUTH)
    }

    pub async fn call(&self, ask: Ask) -> Answer {
        self.gate.call(self.ask(ask)).await
    }

    /// A `POST` that must succeed: the data of the answer.
    pub async fn post(&self, path: &str, body: &Value, status: u16) -> Value {
        self.call(Ask::post(path, body)).await.expect(status)["data"].clone()
    }

    /// A lead that can be reached, with consent to everything: its id.
    pub async fn lead(&self, external: &str) -> String {
        let data = self.post("/api/v1/leads", &lead(external), 201).await;
        data["leadId"].as_str().expect("an id").to_owned()
    }

    /// A lead that is qualified.
    pub async fn qualified(&self, external: &str) -> String {
        let id = self.lead(external).await;
        self.post(&format!("/api/v1/leads/{id}/qualify"), &qualification(), 201).await;
        id
    }

    /// Where a lead stands.
    pub async fn status(&self, lead: &str) -> Value {
        let ask = Ask::get(&format!("/api/v1/leads/{lead}/status"));
        self.call(ask).await.expect(200)["data"].clone()
    }
}

pub fn lead(external: &str) -> Value {
    json!({
        "lead": {
            "externalId": external, "source": "website", "firstName": "Ada", "email": "ada@example.com",
            "phone": "+4915112345678", "company": "Nordlicht GmbH", "title": "Head of purchasing",
            "companySize": 120,
        },
        "consent": {
            "scope": ["marketing", "communication", "payment"], "granted": true, "source": "api",
            "evidenceRef": "form-77",
        },
    })
}

pub fn qualification() -> Value {
    json!({ "qualification": { "priority": "HIGH" } })
}

pub fn routing() -> Value {
    json!({ "routing": { "algorithm": "territory", "constraints": { "teamIds": [TEAM] } } })
}

pub fn appointment() -> Value {
    json!({ "appointment": {
        "type": "DEMO", "title": "First look", "scheduledAt": "2026-03-09T13:00:00Z", "durationMinutes": 45,
    } })
}

pub fn payment() -> Value {
    json!({
        "payment": {
            "amount": 129_900, "currency": "EUR", "description": "Lamps, first order", "paymentMethod": "CARD",
        },
        "successUrl": "https://shop.example/thanks", "cancelUrl": "https://shop.example/cart",
    })
}

pub fn subscription() -> Value {
    json!({ "subscription": {
        "name": "CRM", "url": "https://crm.example/hooks/sales", "events": ["lead.created", "case.opened"],
        "secret": "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
    } })
}

pub fn import() -> Value {
    json!({
        "import": { "batchReference": "fair-2026-03", "source": "event", "recordCount": 480 },
        "consent": { "scope": ["marketing"], "granted": true, "source": "api", "evidenceRef": "fair" },
    })
}

/// One request for each of the ten operations, in an order in which each succeeds: id, status,
/// schema of the answer, request. `LEAD`, `APPOINTMENT` and `SUBSCRIPTION` stand for ids.
pub fn operations() -> Vec<(&'static str, u16, &'static str, Ask)> {
    let post = |path: &str, body: Value| Ask::post(&format!("/api/v1/{path}"), &body);
    let moved = json!({ "appointment": { "scheduledAt": "2026-03-10T13:00:00Z" } });
    let change = Ask::new("PATCH", "/api/v1/leads/LEAD/appointments/APPOINTMENT").json(&moved);
    let test = post("webhooks/test/SUBSCRIPTION", json!({ "note": "hello" }));
    vec![
        ("leads.create", 201, "LeadCreateResponse", post("leads", lead("crm-1"))),
        ("leads.imports.create", 202, "LeadImportCreateResponse", post("leads/imports", import())),
        ("leads.qualify", 201, "LeadQualifyResponse", post("leads/LEAD/qualify", qualification())),
        ("leads.route", 201, "LeadRouteResponse", post("leads/LEAD/route", routing())),
        (
            "appointments.create",
            201,
            "AppointmentCreateResponse",
            post("leads/LEAD/appointments", appointment()),
        ),
        ("appointments.update", 200, "AppointmentUpdateResponse", change),
        (
            "payments.initiate",
            201,
            "PaymentInitiateResponse",
            post("leads/LEAD/payments/initiate", payment()),
        ),
        ("leads.status", 200, "LeadStatusResponse", Ask::get("/api/v1/leads/LEAD/status")),
        (
            "webhooks.subscriptions.create",
            201,
            "WebhookSubscriptionCreateResponse",
            post("webhooks/subscriptions", subscription()),
        ),
        ("webhooks.test", 202, "WebhookTestResponse", test),
    ]
}

/// Ids that requests are filled with.
#[derive(Debug, Default, Clone)]
pub struct Ids {
    pub lead: String,
    pub appointment: String,
    pub subscription: String,
}

impl Ids {
    /// A request with ids in their places.
    pub fn fill(&self, mut ask: Ask) -> Ask {
        let named =
            [("LEAD", &self.lead), ("APPOINTMENT", &self.appointment), ("SUBSCRIPTION", &self.subscription)];
        for (name, id) in named {
            ask.path = ask.path.replace(name, id);
        }
        ask
    }

    /// Learns an id from an answer.
    pub fn learn(&mut self, answer: &Value) {
        let id = |name: &str| answer["data"][name].as_str().map(str::to_owned);
        self.lead = id("leadId").unwrap_or_else(|| self.lead.clone());
        self.appointment = id("appointmentId").unwrap_or_else(|| self.appointment.clone());
        self.subscription = id("subscriptionId").unwrap_or_else(|| self.subscription.clone());
    }
}
