//! Calls every operation of the packs through the generated clients, against gateways that run.
//! Prints `ok NAME` for each case; anything else fails the run.

use std::fmt::Debug;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use domed_client::models as dm;
use sales_client::models as sm;
use shop_client::models as hm;
use swap_client::models as wm;

fn env(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set"))
}

fn same<T: PartialEq<U> + Debug, U: Debug>(found: T, wanted: U, what: &str) {
    assert!(found == wanted, "{what}: {found:?} is not {wanted:?}");
}

fn swap() -> swap_client::Client {
    swap_client::Client::new(swap_client::ClientOptions::new(env("SWAP")).with_token(env("SWAP_TOKEN")))
        .unwrap()
}

fn sales_options(base: &str) -> sales_client::ClientOptions {
    sales_client::ClientOptions::new(env(base)).with_token(env("SALES_TOKEN")).with_tenant(env("TENANT"))
}

fn sales() -> sales_client::Client {
    sales_client::Client::new(sales_options("SALES")).unwrap()
}

fn shop() -> shop_client::Client {
    shop_client::Client::new(shop_client::ClientOptions::new(env("SHOP")).with_token(env("SHOP_TOKEN")))
        .unwrap()
}

fn usual() -> swap_client::CallOptions {
    swap_client::CallOptions::default()
}

fn none() -> sales_client::CallOptions {
    sales_client::CallOptions::default()
}

fn dispute(reason: &str) -> wm::DisputeCreateRequest {
    wm::DisputeCreateRequest::new(wm::DisputeCreateRequestDispute::new(
        wm::DisputeCreateRequestDisputeDisputeType::Billing,
        wm::DisputeCreateRequestDisputeSeverity::Low,
        "cycle_1".to_owned(),
        reason.to_owned(),
    ))
}

fn lead(name: &str) -> sm::LeadCreateRequest {
    use sm::LeadCreateRequestConsentScopeVariant2Item as Scope;
    let mut lead = sm::LeadCreateRequestLead::new(name.to_owned(), sm::LeadCreateRequestLeadSource::Website);
    lead.email = Some("a@b.example".to_owned());
    lead.phone = Some("+15551234567".to_owned());
    let scopes = vec![Scope::Marketing, Scope::Communication, Scope::Payment];
    let scope = sm::LeadCreateRequestConsentScope::Variant2ItemList(scopes);
    sm::LeadCreateRequest::new(lead, sm::LeadCreateRequestConsent::new(scope, true, "api".to_owned()))
}

/// A day from now, RFC 3339 (Howard Hinnant's days to dates).
fn day(number: u64) -> String {
    let days = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() / 86_400 + number + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (month, later) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    format!("{:04}-{month:02}-{day:02}T12:00:00Z", year + era * 400 + later)
}

fn swap_all() {
    let client = swap();
    let connection = wm::PlatformConnectionUpsertRequestConnection::new(
        "steam".to_owned(),
        "a1".to_owned(),
        wm::PlatformConnectionUpsertRequestConnectionStatus::Connected,
    );
    let upserted = client
        .platform_connections_upsert(&wm::PlatformConnectionUpsertRequest::new(connection), &usual())
        .unwrap();
    same(upserted.data.connection.platform, "steam", "the connection");
    let listed = client.platform_connections_list(&usual()).unwrap();
    same(&*listed.data.connections[0].account_ref, "a1", "connections");
    let assets = vec![wm::InventorySnapshotRecordRequestSnapshotAssetsItem::new("x".to_owned(), 2)];
    let taken = wm::InventorySnapshotRecordRequestSnapshot::new(
        "steam".to_owned(),
        "2026-02-16T00:00:00Z".to_owned(),
        assets,
    );
    let snapshot =
        client.inventory_snapshots_record(&wm::InventorySnapshotRecordRequest::new(taken), &usual()).unwrap();
    same(snapshot.data.snapshot.platform, "steam", "the snapshot");
    let params = swap_client::InventoryAssetsListParams { platform: Some("steam".to_owned()) };
    let assets = client.inventory_assets_list(&params, &usual()).unwrap();
    same(assets.data.assets[0].quantity, 2, "assets");
    let created = client.disputes_create(&dispute("late"), &usual()).unwrap();
    let params = swap_client::DisputesGetParams::new(created.data.dispute.dispute_id.clone());
    let got = client.disputes_get(&params, &usual()).unwrap();
    same(got.data.dispute, created.data.dispute, "the dispute");
    same(got.idempotency_key, None::<String>, "reads have no key");
}

fn swap_replay() {
    let client = swap();
    let first = client.disputes_create(&dispute("late"), &usual()).unwrap();
    same((first.replayed, first.attempts), (false, 1), "the first");
    let options = swap_client::CallOptions { idempotency_key: first.idempotency_key.clone(), ..usual() };
    assert!(first.idempotency_key.is_some(), "a key is made");
    let again = client.disputes_create(&dispute("late"), &options).unwrap();
    same(
        (again.replayed, again.data.dispute.dispute_id),
        (true, first.data.dispute.dispute_id),
        "the second",
    );
    let error = client.disputes_create(&dispute("other"), &options).unwrap_err();
    let refusal = error.refusal().expect("a refusal");
    same((refusal.status, refusal.retryable), (409, false), "another body under the same key");
}

fn swap_refusal() {
    use swap_client::ErrorCode;
    let client = swap();
    let options = swap_client::CallOptions { correlation_id: Some("corr-2".to_owned()), ..usual() };
    let error =
        client.disputes_get(&swap_client::DisputesGetParams::new("dispute_none"), &options).unwrap_err();
    let refusal = error.refusal().expect("a refusal");
    same(&refusal.code, &ErrorCode::DisputeNotFound, "the code");
    same(
        (refusal.status, refusal.retryable, refusal.correlation_id.as_str(), refusal.attempts),
        (404, false, "corr-2", 1),
        "the refusal",
    );
    let error = client.disputes_create(&dispute(""), &usual()).unwrap_err();
    let refusal = error.refusal().expect("a refusal");
    same(&refusal.code, &ErrorCode::DisputeFacadeInvalid, "the code");
    same(refusal.details.as_array().map(Vec::len), Some(1), "what is wrong");
    let options = swap_client::ClientOptions::new(env("SWAP")).with_token("x.y.z");
    let error = swap_client::Client::new(options).unwrap().platform_connections_list(&usual()).unwrap_err();
    let refusal = error.refusal().expect("a refusal");
    same((refusal.status, refusal.code.as_str()), (401, "token_invalid"), "a token that is none");
}

fn sales_all() {
    let client = sales();
    let created = client.leads_create(&lead("rs-1"), &none()).unwrap();
    same(created.status, 201, "the lead");
    let id = created.data.data.lead_id.clone();
    let mut import = sm::LeadImportCreateRequestImport::new(
        "rs".to_owned(),
        sm::LeadImportCreateRequestImportSource::Event,
        3,
    );
    import.file_reference = Some("sftp://x/y.csv".to_owned());
    let scope = sm::LeadImportCreateRequestConsentScope::Variant2ItemList(vec![
        sm::LeadImportCreateRequestConsentScopeVariant2Item::Marketing,
    ]);
    let consent = sm::LeadImportCreateRequestConsent::new(scope, true, "api".to_owned(), "e-1".to_owned());
    let imported =
        client.leads_imports_create(&sm::LeadImportCreateRequest::new(import, consent), &none()).unwrap();
    same(imported.status, 202, "the import");
    let qualification = sm::LeadQualifyRequestQualification {
        priority: Some(sm::LeadQualifyRequestQualificationPriority::High),
        ..Default::default()
    };
    let params = sales_client::LeadsQualifyParams::new(&*id);
    client.leads_qualify(&params, &sm::LeadQualifyRequest::new(qualification), &none()).unwrap();
    let routing = sm::LeadRouteRequestRouting {
        algorithm: Some(sm::LeadRouteRequestRoutingAlgorithm::Territory),
        constraints: Some(sm::LeadRouteRequestRoutingConstraints {
            territory: Some("north".to_owned()),
            ..Default::default()
        }),
        ..Default::default()
    };
    let params = sales_client::LeadsRouteParams::new(&*id);
    let routed = client.leads_route(&params, &sm::LeadRouteRequest::new(routing), &none()).unwrap();
    same(routed.status, 201, "the routing");
    sales_engaged(&client, &id);
    let params = sales_client::LeadsStatusParams::new("00000000-0000-4000-8000-00000000ffff");
    let error = client.leads_status(&params, &none()).unwrap_err();
    let refusal = error.refusal().expect("a refusal");
    same(&refusal.code, &sales_client::ErrorCode::NotFound, "no such lead");
    same(&*refusal.message, "There is no such thing", "what people are told");
    let options = sales_client::CallOptions { idempotency_key: created.idempotency_key.clone(), ..none() };
    let again = client.leads_create(&lead("rs-1"), &options).unwrap();
    same((again.replayed, again.data.data.lead_id), (true, id), "the replay");
}

/// What becomes of a lead that was routed.
fn sales_engaged(client: &sales_client::Client, id: &str) {
    let appointment = sm::AppointmentCreateRequestAppointment::new(
        sm::AppointmentCreateRequestAppointmentType::Demo,
        day(1),
        30,
    );
    let params = sales_client::AppointmentsCreateParams::new(id);
    let made = client
        .appointments_create(&params, &sm::AppointmentCreateRequest::new(appointment), &none())
        .unwrap();
    let change = sm::AppointmentUpdateRequestAppointment { scheduled_at: Some(day(2)), ..Default::default() };
    let params = sales_client::AppointmentsUpdateParams::new(id, &*made.data.data.appointment_id);
    let moved =
        client.appointments_update(&params, &sm::AppointmentUpdateRequest::new(change), &none()).unwrap();
    same(moved.data.data.appointment_id, made.data.data.appointment_id, "the appointment");
    let payment = sm::PaymentInitiateRequestPayment::new(
        100,
        "EUR".to_owned(),
        "x".to_owned(),
        sm::PaymentInitiateRequestPaymentPaymentMethod::Card,
    );
    let url = "https://a.example/".to_owned();
    let params = sales_client::PaymentsInitiateParams::new(id);
    let asked = sm::PaymentInitiateRequest::new(payment, url.clone(), url);
    client.payments_initiate(&params, &asked, &none()).unwrap();
    let mut params = sales_client::LeadsStatusParams::new(id);
    params.include = Some("score,payment".to_owned());
    let status = client.leads_status(&params, &none()).unwrap();
    same(status.data.data.status, sm::LeadStatusResponseDataStatus::Engaged, "where it stands");
    let events = vec![sm::WebhookSubscriptionCreateRequestSubscriptionEventsItem::LeadCreated];
    let mut subscription = sm::WebhookSubscriptionCreateRequestSubscription::new(
        "CRM".to_owned(),
        "https://crm.example/rs".to_owned(),
        events,
    );
    subscription.secret = Some("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD".to_owned());
    let asked = sm::WebhookSubscriptionCreateRequest::new(subscription);
    let subscribed = client.webhooks_subscriptions_create(&asked, &none()).unwrap();
    let params = sales_client::WebhooksTestParams::new(&*subscribed.data.data.subscription_id);
    let test =
        client.webhooks_test(&params, &sm::WebhookTestRequest { note: Some("hello".to_owned()) }, &none());
    same(test.unwrap().status, 202, "the test");
}

fn seen(base: &str, id: &str) -> Vec<String> {
    let mut answer = ureq::get(format!("{base}/_faults/{id}")).call().unwrap();
    serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap()
}

fn faults() {
    let base = env("SWAP_FAULTS");
    let through = |plan: &str, retries: u32| {
        let mut options = swap_client::ClientOptions::new(&*base).with_token(env("SWAP_TOKEN"));
        options.headers.push(("X-Fault".to_owned(), plan.to_owned()));
        options.backoff = Duration::from_millis(10);
        options.retries = retries;
        swap_client::Client::new(options).unwrap()
    };
    let named = |id: &str| swap_client::CallOptions { correlation_id: Some(id.to_owned()), ..usual() };
    let reply = through("503 429 cut", 3).disputes_create(&dispute("late"), &named("rs-retry")).unwrap();
    same((reply.attempts, reply.replayed), (4, true), "the cut call had been carried out");
    let key = reply.idempotency_key.clone().unwrap();
    same(seen(&base, "rs-retry"), vec![key; 4], "one key for all");
    let error = through("503 503 503", 1).platform_connections_list(&named("rs-spent")).unwrap_err();
    let spent = error.refusal().expect("a refusal");
    same((spent.status, spent.attempts, spent.retryable), (503, 2, true), "retries end");
    let error = through("429-3600", 3).platform_connections_list(&named("rs-long")).unwrap_err();
    let long = error.refusal().expect("a refusal");
    same(
        (long.retry_after, long.attempts),
        (Some(Duration::from_secs(3600)), 1),
        "a wait that is too long is told",
    );
    let error = through("400", 3).disputes_create(&dispute("late"), &named("rs-bad")).unwrap_err();
    let bad = error.refusal().expect("a refusal");
    same((bad.status, bad.attempts), (400, 1), "what is wrong is not sent again");
    let options = swap_client::CallOptions { timeout: Some(Duration::from_millis(100)), ..usual() };
    let late = through("slow", 0).platform_connections_list(&options);
    assert!(matches!(late, Err(swap_client::Error::Transport { attempts: 1, .. })), "what is late: {late:?}");
}

fn never() {
    let base = env("SHOP_FAULTS");
    let mut options = shop_client::ClientOptions::new(&*base).with_token(env("SHOP_TOKEN"));
    options.headers.push(("X-Fault".to_owned(), "503".to_owned()));
    options.backoff = Duration::from_millis(1);
    let call = shop_client::CallOptions { correlation_id: Some("rs-never".to_owned()), ..Default::default() };
    let touch = hm::Touch { note: Some("x".to_owned()) };
    let error = shop_client::Client::new(options).unwrap().touch(&touch, &call).unwrap_err();
    same(error.refusal().map(|refusal| refusal.attempts), Some(1), "a call without a key is sent once");
    same(seen(&base, "rs-never").len(), 1, "and arrives once");
}

fn paging() {
    let client = shop();
    let usual = shop_client::CallOptions::default();
    for number in 1..=7 {
        let mut part = hm::PartModel::new("outer".to_owned());
        let mut inner = hm::PartModel::new("inner".to_owned());
        inner.labels = Some([("a".to_owned(), "b".to_owned())].into());
        part.inner = Some(Box::new(inner));
        part.additional.insert("count".to_owned(), 2);
        let mut item = hm::ItemNew::new(format!("rs-{number}"));
        item.owner = Some("rs".to_owned());
        item.parts = Some(vec![part]);
        item.size = Some(match number {
            1 => hm::ItemNewSize::Box(hm::ItemNewSizeBox::new(1.5, 2.0)),
            number => hm::ItemNewSize::Int(number),
        });
        item.note = (number == 2).then_some(None);
        client.items_create(&item, &usual).unwrap();
    }
    let params =
        shop_client::ItemsListParams { owner: Some("rs".to_owned()), limit: Some(3), ..Default::default() };
    let found: Vec<hm::Item> = client.items_list_items(&params, &usual).collect::<Result<_, _>>().unwrap();
    let names: Vec<&str> = found.iter().map(|item| &*item.name).collect();
    same(names, ["rs-1", "rs-2", "rs-3", "rs-4", "rs-5", "rs-6", "rs-7"], "all items");
    let sized = hm::ItemNewSize::Box(hm::ItemNewSizeBox::new(1.5, 2.0));
    same(found[0].size.as_ref(), Some(&sized), "one variant");
    same(found[1].size.as_ref(), Some(&hm::ItemNewSize::Int(2)), "another variant");
    same((found[1].note.clone(), found[2].note.clone()), (Some(None), None), "null and nothing differ");
    let part = &found[0].parts.as_ref().unwrap()[0];
    same(part.additional.get("count"), Some(&2), "what is further");
    same(part.inner.as_ref().unwrap().labels.as_ref().unwrap()["a"].as_str(), "b", "what is nested");
    let sizes: Vec<usize> =
        client.items_list_pages(&params, &usual).map(|page| page.unwrap().data.items.len()).collect();
    same(sizes, [3, 3, 1], "all pages");
}

fn events() {
    let wanted: Vec<String> = (1..=5).map(|number| format!("rs-event-{number}")).collect();
    let following = std::thread::spawn({
        let count = wanted.len();
        move || {
            let mut options = sales_options("SALES_FAULTS");
            options.headers.push(("X-Fault".to_owned(), "cut-events cut-events".to_owned()));
            options.backoff = Duration::from_millis(10);
            let client = sales_client::Client::new(options).unwrap();
            let call = sales_client::CallOptions { correlation_id: Some("rs-events".to_owned()), ..none() };
            let events = client.events(&["lead.created"], None, &call).filter_map(|event| {
                let event = event.unwrap();
                match event.payload {
                    sm::EventPayload::LeadCreated(payload)
                        if payload.external_id.starts_with("rs-event-") =>
                    {
                        Some((payload.external_id, event.cursor))
                    }
                    _ => None,
                }
            });
            events.take(count).collect::<Vec<(String, String)>>()
        }
    });
    std::thread::sleep(Duration::from_millis(700));
    let client = sales();
    for name in &wanted {
        client.leads_create(&lead(name), &none()).unwrap();
    }
    let found = following.join().expect("the stream is followed");
    let names: Vec<&String> = found.iter().map(|(name, _)| name).collect();
    same(names, wanted.iter().collect::<Vec<_>>(), "every event once, over two cuts");
    let after =
        client.events(&[], Some(&found[1].1), &none()).filter_map(|event| match event.unwrap().payload {
            sm::EventPayload::LeadCreated(payload) => Some(payload.external_id),
            _ => None,
        });
    same(after.take(3).collect::<Vec<_>>(), wanted[2..].to_vec(), "what came after a cursor");
    let gone = client.events(&[], Some("999999"), &none()).next().expect("an answer");
    same(gone.unwrap_err().refusal().map(|refusal| refusal.status), Some(400), "a cursor that leads nowhere");
}

fn dome(base: &str) -> domed_client::Client {
    let mut options = domed_client::ClientOptions::new(env(base)).with_token(env("DOME_TOKEN"));
    options.backoff = Duration::from_millis(10);
    domed_client::Client::new(options).unwrap()
}

fn execute(skill: &str, task: &str) -> dm::SkillExecuteRequest {
    dm::SkillExecuteRequest { skill_id: skill.to_owned(), task_json: task.to_owned(), ..Default::default() }
}

fn dome_all() {
    let (client, usual) = (dome("DOME"), domed_client::CallOptions::default());
    let anyone = domed_client::Client::new(domed_client::ClientOptions::new(env("DOME"))).unwrap();
    let health = anyone.health(&dm::HealthRequest {}, &usual).unwrap();
    same(health.data.status.map(|status| status.ok), Some(true), "health");
    let capabilities = client.list_capabilities(&dm::ListCapabilitiesRequest::default(), &usual).unwrap();
    same(capabilities.data.api_versions, ["domed.v1"], "capabilities");
    let tools = client.list_tools(&dm::ListToolsRequest {}, &usual).unwrap();
    assert!(tools.data.tools.iter().any(|tool| tool.tool_id == "echo"), "tools");
    let tool = client.get_tool(&dm::GetToolRequest { tool_id: "echo".to_owned() }, &usual).unwrap();
    same(tool.data.tool.map(|tool| tool.title), Some("Echo".to_owned()), "the tool");
    let asked = execute("echo", r#"{"a":1}"#);
    let made = client.skill_execute(&asked, &usual).unwrap();
    let id = made.data.job_id.clone();
    let options =
        domed_client::CallOptions { idempotency_key: made.idempotency_key.clone(), ..usual.clone() };
    same(&client.skill_execute(&asked, &options).unwrap().data.job_id, &id, "one key, one job");
    let status = || {
        let asked = dm::GetJobStatusRequest { job_id: id.clone() };
        client.get_job_status(&asked, &usual).unwrap().data.state
    };
    let mut state = status();
    for _ in 0..300 {
        if state == dm::JobState::JobStateSucceeded {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
        state = status();
    }
    same(state, dm::JobState::JobStateSucceeded, "the job");
    let asked = dm::StreamJobEventsRequest { job_id: id, ..Default::default() };
    let events = client.stream_job_events(&asked, &usual).unwrap();
    assert!(events.map(Result::unwrap).any(|event| event.event_type == dm::EventType::EventTypeStateChange));
    let run_id = made.data.run_id;
    let asked = dm::GetGateDecisionRequest { run_id: run_id.clone() };
    assert!(
        client.get_gate_decision(&asked, &usual).unwrap().data.gate_decision_path.contains("gate.decision")
    );
    let asked = dm::GetPromotionDecisionRequest { run_id };
    let promotion = client.get_promotion_decision(&asked, &usual).unwrap().data;
    assert!(promotion.promotion_decision_path.contains("promotion.decision"));
    let long = client.skill_execute(&execute("steps", r#"{"steps":1000,"pause_s":0.1}"#), &usual).unwrap();
    let asked = dm::CancelJobRequest { job_id: long.data.job_id, ..Default::default() };
    same(
        client.cancel_job(&asked, &usual).unwrap().data.status.map(|status| status.ok),
        Some(true),
        "the cancel",
    );
    let asked = dm::GetJobStatusRequest { job_id: "job_none".to_owned() };
    let error = client.get_job_status(&asked, &usual).unwrap_err();
    let refusal = error.refusal().expect("a refusal");
    same((&refusal.code, refusal.status), (&domed_client::ErrorCode::ENotFound, 404), "no such job");
}

fn dome_resume() {
    let client = dome("DOME_FAULTS");
    let usual = domed_client::CallOptions::default();
    let made = client.skill_execute(&execute("steps", r#"{"steps":5,"pause_s":0.1}"#), &usual).unwrap();
    let asked = dm::StreamJobEventsRequest { job_id: made.data.job_id, follow: true, ..Default::default() };
    let options = domed_client::CallOptions {
        correlation_id: Some("rs-dome".to_owned()),
        headers: vec![("X-Fault".to_owned(), "cut-events cut-events".to_owned())],
        ..usual
    };
    let events = client.stream_job_events(&asked, &options).unwrap();
    let seqs: Vec<u64> = events.map(|event| event.unwrap().seq.0).collect();
    same(&seqs, &(1..=seqs.len() as u64).collect::<Vec<_>>(), "no gap and nothing twice");
    assert!(seqs.len() > 5, "all of them: {seqs:?}");
    same(seen(&env("DOME_FAULTS"), "rs-dome").len(), 3, "over two cuts");
}

fn main() {
    let cases: [(&str, fn()); 10] = [
        ("swapAll", swap_all),
        ("swapReplay", swap_replay),
        ("swapRefusal", swap_refusal),
        ("salesAll", sales_all),
        ("faults", faults),
        ("never", never),
        ("paging", paging),
        ("events", events),
        ("domeAll", dome_all),
        ("domeResume", dome_resume),
    ];
    let mut failed = false;
    for (name, run) in cases {
        match std::panic::catch_unwind(run) {
            Ok(()) => println!("ok {name}"),
            Err(_) => {
                println!("failed {name}");
                failed = true;
            }
        }
    }
    std::process::exit(i32::from(failed));
}
