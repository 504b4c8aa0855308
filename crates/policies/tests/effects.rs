//! What an operation may do, and what it leaves behind.

mod common;

use std::net::IpAddr;

use common::{caller, code};
use serde_json::{Value, json};
use tenon_graph::Name;
use tenon_graph::serving::Template;
use tenon_policies::boundary::{self, BoundaryRule, Cause};
use tenon_policies::idempotency::without_key;
use tenon_policies::page::{self, CursorScope, PageRule};
use tenon_policies::request::{self, RawParameters, RequestRule};
use tenon_policies::sniff::{self, Sniffed};
use tenon_policies::tenancy::TenancyRule;
use tenon_policies::transition::{self, StatusMachine};
use tenon_policies::usage::{self, UsageCall, UsageRule};
use tenon_policies::{
    CompiledTemplate, Permit, Scope, access, consent, precondition, rate, tenancy, webhook_url,
};
use tenon_schemas::Validators;
use tenon_source::{At, Sources};

fn strings(list: &[&str]) -> Vec<String> {
    list.iter().map(|text| (*text).to_owned()).collect()
}

fn machine() -> StatusMachine {
    StatusMachine {
        field: "status".to_owned(),
        states: strings(&["CREATED", "INITIATED", "DONE", "VERIFIED_PAID"]),
        transitions: vec![
            ("CREATED".to_owned(), strings(&["INITIATED", "DONE"])),
            ("INITIATED".to_owned(), strings(&["DONE"])),
        ],
        initial: Some("CREATED".to_owned()),
    }
}

#[test]
fn states_follow_as_the_machine_says() {
    let machine = machine();
    let table = [
        (None, "CREATED", "ok", ""),
        (None, "DONE", "transition_not_allowed", "begins as `CREATED`, not as `DONE`"),
        (None, "NEW", "transition_not_allowed", "`NEW` is no state of it"),
        (Some("CREATED"), "INITIATED", "ok", ""),
        (Some("CREATED"), "CREATED", "ok", ""),
        (
            Some("INITIATED"),
            "CREATED",
            "transition_not_allowed",
            "`INITIATED` can become `DONE`, not `CREATED`",
        ),
        (Some("CREATED"), "NEW", "transition_not_allowed", "`NEW` is no state of it"),
        (Some("DONE"), "CREATED", "transition_not_allowed", "`DONE` is final"),
        (Some("LOST"), "DONE", "transition_not_allowed", "`LOST` is final"),
    ];
    for (from, to, expected, reason) in table {
        let decision = transition::decide(&machine, from, to);
        assert_eq!(code(&decision), expected, "{from:?} {to}");
        let told = decision.err().map(|refusal| refusal.details[0].reason.clone()).unwrap_or_default();
        assert_eq!(told, reason);
    }
    assert!(transition::decide(&StatusMachine::default(), None, "ANY").is_ok());
}

#[test]
fn nothing_past_the_boundary_is_caused() {
    // S2-182: no operation sets VERIFIED_PAID or emits `case.opened`.
    let rule = BoundaryRule {
        forbidden: strings(&["VERIFIED_PAID", "payment.verified"]),
        notify_only: strings(&["case.opened"]),
    };
    let table: &[(Cause, &[&str], &[&str], &str)] = &[
        (Cause::Operation, &["INITIATED"], &["payment.initiated"], "ok"),
        (Cause::Operation, &["VERIFIED_PAID"], &[], "internal"),
        (Cause::Operation, &["INITIATED"], &["case.opened"], "internal"),
        (Cause::Operation, &[], &["payment.verified"], "internal"),
        (Cause::Publisher, &[], &["case.opened"], "ok"),
        (Cause::Publisher, &[], &["payment.verified"], "event_invalid"),
    ];
    for (cause, states, events, expected) in table {
        let decision = boundary::decide(&rule, *cause, states.iter().copied(), events.iter().copied());
        assert_eq!(code(&decision), *expected, "{cause:?} {states:?} {events:?}");
        // The caller of an operation cannot help it, and is told nothing of it.
        if let (Cause::Operation, Err(refusal)) = (cause, decision) {
            assert!(refusal.details.is_empty() && refusal.message.is_none() && refusal.logged.is_some());
        }
    }
}

#[test]
fn changes_are_made_to_the_version_that_was_seen() {
    let table = [
        (None, 3, false, "ok"),
        (None, 3, true, "precondition_required"),
        (Some("\"3\""), 3, true, "ok"),
        (Some(" \"1\" , \"3\" "), 3, true, "ok"),
        (Some("\"2\""), 3, false, "precondition_failed"),
        (Some("3"), 3, false, "precondition_failed"),
        (Some("W/\"3\""), 3, false, "precondition_failed"),
        (Some("*"), 3, true, "ok"),
        (Some("*"), 0, true, "precondition_failed"),
        (Some("\"0\""), 0, true, "precondition_failed"),
        (Some(""), 3, false, "precondition_failed"),
    ];
    for (field, version, required, expected) in table {
        let decision = precondition::decide(field, version, required);
        assert_eq!(code(&decision), expected, "{field:?}");
        assert!(decision.is_err() || decision.is_ok_and(|checked| checked.version() == version));
    }
    assert_eq!(precondition::decide(None, 1, true).unwrap_err().http_status(), 428);
    assert_eq!(precondition::decide(Some("\"9\""), 1, true).unwrap_err().http_status(), 412);
    assert!(precondition::is_unchanged(Some("W/\"3\", \"4\""), 3));
    assert!(!precondition::is_unchanged(Some("\"2\""), 3) && !precondition::is_unchanged(None, 3));
}

#[test]
fn pages_are_cut_or_refused() {
    let clamp = PageRule { size: 50, max: 200, rejects: false };
    let reject = PageRule { rejects: true, ..clamp };
    let table = [
        (clamp, json!(null), Ok(50)),
        (clamp, json!(10), Ok(10)),
        (clamp, json!("10"), Ok(10)),
        (clamp, json!(201), Ok(200)),
        (clamp, json!(u64::MAX), Ok(200)),
        (reject, json!(200), Ok(200)),
        (reject, json!(201), Err("should be 200 at most")),
        (clamp, json!(0), Err("should be a whole number from 1 on")),
        (clamp, json!(-1), Err("should be a whole number from 1 on")),
        (clamp, json!(1.5), Err("should be a whole number from 1 on")),
        (clamp, json!("ten"), Err("should be a whole number from 1 on")),
        (clamp, json!([]), Err("should be a whole number from 1 on")),
    ];
    for (rule, asked, expected) in table {
        let decision = page::size(&rule, "limit", Some(&asked));
        let told = decision.map(|size| size.records()).map_err(|refusal| refusal.details[0].reason.clone());
        assert_eq!(told, expected.map_err(str::to_owned), "{asked}");
    }
    assert_eq!(PageRule::of(None), PageRule { size: 50, max: 200, rejects: false });
}

#[test]
fn a_cursor_leads_nowhere_but_on() {
    let filters = json!({ "platform": "x", "order": ["platform"] });
    let other = json!({ "platform": "y", "order": ["platform"] });
    let scope = CursorScope { secret: b"s", tenant: "t1", operation: "assets.list", filters: &filters };
    let values = vec![json!("x"), json!("id-1"), json!(null), json!(7)];
    let cursor = page::encode_cursor(&scope, &values);
    assert!(cursor.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)), "{cursor}");
    assert_eq!(page::decode_cursor(&scope, "cursor", &cursor), Ok(values));
    let scopes = [
        CursorScope { tenant: "t2", ..scope },
        CursorScope { operation: "leads.list", ..scope },
        CursorScope { filters: &other, ..scope },
        CursorScope { secret: b"z", ..scope },
    ];
    for scope in scopes {
        assert_eq!(code(&page::decode_cursor(&scope, "cursor", &cursor)), "cursor_invalid", "{scope:?}");
    }
    let mut changed = cursor.clone();
    changed.replace_range(30..31, if cursor.as_bytes()[30] == b'A' { "B" } else { "A" });
    let long = "A".repeat(5000);
    for text in ["", "A", "!!!", &changed, &cursor[..cursor.len() - 2], &long, &format!("{cursor}AA")] {
        assert_eq!(code(&page::decode_cursor(&scope, "cursor", text)), "cursor_invalid", "{text:.40}");
    }
}

#[test]
fn webhooks_are_sent_to_public_hosts_over_https() {
    // S2-183, and issue 4, bad input: SSRF through webhook URLs.
    let table = [
        ("https://hooks.example.com/in?x=1", "ok", "ok"),
        ("https://93.184.216.34:8443/", "ok", "ok"),
        ("http://hooks.example.com/", "refused", "refused"),
        ("http://localhost:8080/", "refused", "ok"),
        ("http://127.0.0.1/", "refused", "ok"),
        ("http://[::1]/", "refused", "ok"),
        ("https://localhost/", "refused", "ok"),
        ("https://127.0.0.1/", "refused", "ok"),
        ("https://0x7f.1/", "refused", "ok"),
        ("https://2130706433/", "refused", "ok"),
        ("https://10.0.0.1/", "refused", "refused"),
        ("https://172.16.0.1/", "refused", "refused"),
        ("https://192.168.1.1/", "refused", "refused"),
        ("https://169.254.169.254/latest/meta-data", "refused", "refused"),
        ("https://100.64.0.1/", "refused", "refused"),
        ("https://0.0.0.0/", "refused", "refused"),
        ("https://224.0.0.1/", "refused", "refused"),
        ("https://255.255.255.255/", "refused", "refused"),
        ("https://[::]/", "refused", "refused"),
        ("https://[fe80::1]/", "refused", "refused"),
        ("https://[fd00::1]/", "refused", "refused"),
        ("https://[ff02::1]/", "refused", "refused"),
        ("https://[::ffff:10.0.0.1]/", "refused", "refused"),
        ("https://[::ffff:93.184.216.34]/", "refused", "refused"),
        ("https://[64:ff9b::a00:1]/", "refused", "refused"),
        ("https://[2002:a00:1::]/", "refused", "refused"),
        ("https://[2606:2800:220:1::1]/", "ok", "ok"),
        ("https://intranet/", "refused", "ok"),
        ("https://metadata.google.internal/", "refused", "ok"),
        ("https://user:pass@hooks.example.com/", "refused", "refused"),
        ("https://hooks.example.com@10.0.0.1/", "refused", "refused"),
        ("ftp://hooks.example.com/", "refused", "refused"),
        ("file:///etc/passwd", "refused", "refused"),
        ("javascript:alert(1)", "refused", "refused"),
        ("/relative", "refused", "refused"),
        ("https://", "refused", "refused"),
        ("", "refused", "refused"),
    ];
    for (url, live, development) in table {
        for (mode, expected) in [(false, live), (true, development)] {
            let found = match webhook_url::check_url(url, mode) {
                Ok(_) => "ok",
                Err(refusal) => {
                    assert_eq!(
                        (refusal.condition.name(), refusal.http_status()),
                        ("webhook_url_refused", 400)
                    );
                    "refused"
                }
            };
            assert_eq!(found, expected, "{url} development: {mode}");
        }
    }
    let long = format!("https://hooks.example.com/{}", "x".repeat(3000));
    assert!(webhook_url::check_url(&long, false).is_err());
    assert_eq!(
        webhook_url::check_url("HTTPS://Hooks.Example.com", false).unwrap().as_str(),
        "https://hooks.example.com/"
    );
}

#[test]
fn addresses_are_checked_after_names_are_looked_up() {
    let check = |text: &str, development| {
        webhook_url::check_address(text.parse::<IpAddr>().unwrap(), development).is_ok()
    };
    for text in ["8.8.8.8", "1.1.1.1", "172.32.0.1", "100.128.0.1", "2a00:1450:4001::1"] {
        assert!(check(text, false) && check(text, true), "{text}");
    }
    for text in [
        "10.1.2.3",
        "192.0.2.1",
        "198.18.0.1",
        "2001:db8::1",
        "fc00::1",
        "::ffff:8.8.8.8",
        "::7f00:1",
        "64:ff9b::7f00:1",
    ] {
        assert!(!check(text, false), "{text}");
    }
    assert!(
        !check("127.0.0.1", false)
            && check("127.0.0.1", true)
            && check("::1", true)
            && !check("10.0.0.1", true)
    );
}

#[test]
fn files_are_what_they_say() {
    let png: &[u8] = b"\x89PNG\r\n\x1a\n....";
    let accepted = strings(&["image/*", "application/pdf", "text/csv", "application/octet-stream"]);
    let table: &[(&str, &[u8], &str)] = &[
        ("image/png", png, "ok"),
        ("IMAGE/PNG; q=1", png, "ok"),
        ("image/jpeg", png, "refused"),
        ("application/pdf", b"%PDF-1.7", "ok"),
        ("application/pdf", b"hello", "refused"),
        ("application/pdf", b"MZ\x90", "refused"),
        ("application/octet-stream", b"\x00\x01\x02", "ok"),
        ("application/octet-stream", b"\x7fELF", "refused"),
        ("application/octet-stream", b"#!/bin/sh", "refused"),
        ("text/csv", b"a,b\n1,2\n", "ok"),
        ("text/csv", "a,ü".as_bytes(), "ok"),
        ("text/csv", b"BMW,MZ", "ok"),
        ("text/csv", b"MZ,BMW", "ok"),
        ("text/csv", b"#!/bin/sh", "refused"),
        ("text/csv", b"colname,WEBP", "ok"),
        ("text/csv", b"ID3,OggS", "ok"),
        ("text/csv", b"MZ\x90\x00", "refused"),
        ("text/csv", b"%PDF-1.7", "refused"),
        ("image/webp", b"RIFF\x10\x00\x00\x00WEBPVP8 ", "ok"),
        ("image/webp", b"colnam\x00,WEBP", "refused"),
        ("image/heif", b"\x00\x00\x00\x18ftypheic", "ok"),
        ("text/csv", b"a,\x00", "refused"),
        ("text/csv", b"<script>alert(1)</script>", "refused"),
        ("text/csv", png, "refused"),
        ("image/svg+xml", b"<?xml version='1.0'?><svg/>", "ok"),
        ("image/png", b"<svg onload=x>", "refused"),
        ("image/png", b"", "refused"),
        ("application/zip", b"PK\x03\x04", "refused"),
        ("png", png, "refused"),
    ];
    for (declared, head, expected) in table {
        let found = if sniff::decide(&accepted, Some(declared), head).is_ok() { "ok" } else { "refused" };
        assert_eq!(found, *expected, "{declared} {head:?}");
    }
    assert!(sniff::decide(&accepted, None, png).is_err());
    assert_eq!(code(&sniff::decide(&[], None, png)), "upload_type_refused");
    let docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    assert_eq!(sniff::decide(&[], Some(docx), b"PK\x03\x04").unwrap().media_type(), docx);
    assert!(sniff::decide(&[], Some(docx), b"hello").is_err());
    let cut = format!("{}ü", "x".repeat(sniff::SNIFF_BYTES - 1));
    assert_eq!(sniff::sniff(cut.as_bytes()), Sniffed::Text, "a character that is cut off is none the worse");
}

fn permit() -> Permit {
    let identity = caller("partner", "p1", "leads:write");
    let tenant =
        tenancy::decide(&TenancyRule { scoped: true, ..TenancyRule::default() }, &identity, None, None)
            .unwrap();
    let access = access::decide(&access::AccessRule::default(), &identity).unwrap();
    let sources = tenon_graph::link(Sources::default(), Vec::new()).0;
    let validators = Validators::new(&sources);
    let rule = RequestRule::default();
    let raw = RawParameters { path: &[], query: &[], headers: &[] };
    let parameters = request::parameters(&rule, &validators, raw).unwrap();
    let request = request::body(&rule, &validators, parameters, b"").unwrap();
    let consent = consent::decide(&[], &[], &[]).decision.unwrap();
    Permit::new(identity, tenant, access, rate::unlimited(), request, without_key(), consent)
}

#[test]
fn usage_takes_a_permit_and_never_fails() {
    // S2-176: tenant, dimension, quantity, actor and correlation id; a replay has no permit, and so
    // cannot be metered. S2-177: whatever the quantity is, there is an event and no error.
    let rule = UsageRule { dimension: "lead.ingestion".to_owned(), billable: true };
    let call = UsageCall { id: "u1", operation: "leads.create", correlation_id: "c1", now_ms: 5 };
    let permit = permit();
    let event = usage::event(&rule, &permit, call, None);
    assert_eq!((event.tenant.as_str(), event.actor.as_str(), event.quantity), ("t1", "partner:p1", 1));
    assert_eq!((event.dimension.as_str(), event.billable, event.at_ms), ("lead.ingestion", true, 5));
    assert_eq!(
        (event.id.as_str(), event.operation.as_str(), event.correlation_id.as_str()),
        ("u1", "leads.create", "c1")
    );
    for (quantity, expected) in [
        (json!(7), 7),
        (json!(2.9), 2),
        (json!(0), 0),
        (json!(-1), 1),
        (json!("x"), 1),
        (Value::Null, 1),
        (json!(1e300), u64::MAX),
    ] {
        assert_eq!(usage::event(&rule, &permit, call, Some(&quantity)).quantity, expected, "{quantity}");
    }
}

fn expression(text: &str) -> Template {
    Template::Expression(Name::new(text, At::default()))
}

#[test]
fn templates_leave_out_what_is_not_there() {
    let template = Template::Object(vec![
        ("status".to_owned(), Template::Value(json!("open"))),
        ("owner".to_owned(), expression("actor.id")),
        ("email".to_owned(), expression("request.lead.email")),
        ("gone".to_owned(), expression("request.lead.nothing")),
        ("none".to_owned(), expression("request.lead.none")),
        ("left".to_owned(), expression("absent")),
        ("maybe".to_owned(), expression("has(request.lead.x) ? request.lead.x : absent")),
        ("list".to_owned(), Template::Array(vec![expression("request.lead.nothing"), expression("1 + 1")])),
    ]);
    let actor = json!({ "id": "a1" });
    let request = json!({ "lead": { "email": "e", "none": null } });
    let scope = Scope::new().with("actor", &actor).with("request", &request);
    let compiled = CompiledTemplate::compile(&template).unwrap();
    let value = compiled.render(&scope).unwrap();
    let text = r#"{"status":"open","owner":"a1","email":"e","none":null,"list":[null,2]}"#;
    assert_eq!(value.to_string(), text, "in the order of the contract");
    let names: Vec<_> = compiled.names().into_iter().map(|(name, ..)| name).collect();
    assert_eq!(names.iter().filter(|name| **name == "request").count(), 5);
    let top = CompiledTemplate::compile(&expression("request.lead.nothing")).unwrap();
    assert_eq!((top.render(&scope), top.render_or_absent(&scope)), (Ok(Value::Null), Ok(None)));
    assert_eq!(CompiledTemplate::compile(&Template::Value(json!(true))).unwrap().holds(&scope), Ok(true));
    assert!(CompiledTemplate::compile(&Template::Value(json!("yes"))).unwrap().holds(&scope).is_err());
    let problem = CompiledTemplate::compile(&Template::Array(vec![expression("1 +")])).unwrap_err();
    assert_eq!(problem.problem.offset, 3);
}
