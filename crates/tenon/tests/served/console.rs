//! The console, as a browser without scripts sees it: `tenon serve` is asked, and pages are read.

use std::collections::{BTreeMap, BTreeSet};

use crate::gateway::{Served, TENANT, contracts};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// Every page that links lead to from the overview, by its path.
fn pages(served: &Served) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut waiting = BTreeSet::from(["/_tenon/".to_owned()]);
    while let Some(path) = waiting.pop_first() {
        let answer = served.get(&path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        assert_eq!(answer.field("x-content-type-options"), "nosniff", "{path}");
        let policy = answer.field("content-security-policy");
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
        if !answer.field("content-type").starts_with("text/html") {
            continue;
        }
        for link in answer.body.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            let link = unescaped(link);
            let link = link.split('#').next().unwrap_or_default().to_owned();
            // Nothing leads elsewhere, or to a line of a table that is not there.
            assert!(link.is_empty() || link.starts_with("/_tenon/"), "{path} leads to {link}");
            if !link.is_empty() && !found.contains_key(&link) && link != path {
                waiting.insert(link);
            }
        }
        found.insert(path, answer.body);
    }
    found
}

/// What a browser makes of the text of a page.
fn unescaped(text: &str) -> String {
    let marks =
        [("&#x2f;", "/"), ("&quot;", "\""), ("&#x27;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")];
    marks.iter().fold(text.to_owned(), |text, (mark, letter)| text.replace(mark, letter))
}

/// What every page keeps to, so that the strict policy never hides anything.
fn keeps_to_its_policy(path: &str, body: &str) {
    assert_eq!(body.matches("<script").count(), 1, "{path}: one script, of ours");
    assert!(body.contains("<script src=\"/_tenon/console/console.js\" defer></script>"), "{path}");
    for forbidden in ["<style", " style=", " onclick", "javascript:", "http://fonts", "https://"] {
        let found = body.match_indices(forbidden).any(|(at, _)| !is_text(body, at));
        assert!(!found, "{path} has {forbidden}");
    }
    assert!(body.contains("<main id=\"main\"") && body.contains("lang=\"en\""), "{path}");
}

/// Whether a place of a page is text and no tag: what contracts say may hold anything.
fn is_text(body: &str, at: usize) -> bool {
    let before = &body[..at];
    before.rfind('>').unwrap_or(0) >= before.rfind('<').unwrap_or(0) && !body[at..].starts_with('<')
}

#[test]
fn every_page_of_the_swap_contract_renders() {
    let served = Served::start(&contracts("swap"));
    let pages = pages(&served);
    for (path, body) in &pages {
        keeps_to_its_policy(path, body);
    }
    let operations = &pages["/_tenon/console/operations"];
    for id in [
        "platform.connections.list",
        "platform.connections.upsert",
        "inventory.snapshots.record",
        "inventory.assets.list",
        "disputes.create",
        "disputes.get",
    ] {
        assert!(operations.contains(id), "{id}");
        assert!(pages.contains_key(&format!("/_tenon/console/operations/{id}")), "{id}");
    }
    let create = unescaped(&pages["/_tenon/console/operations/disputes.create"]);
    for shown in [
        "settlement:write",
        "Idempotency-Key",
        "gets 409",
        "dispute_facade_invalid",
        "data-template=\"/disputes\"",
        "tenon token --actor partner:demo",
        "curl -i -X POST",
    ] {
        assert!(create.contains(shown), "{shown}");
    }
    assert!(pages.contains_key("/_tenon/console/schemas/DisputeCreateRequest"));
    for name in ["proposal.cancelled", "cycle.failed", "user.reliability_changed"] {
        assert!(pages["/_tenon/console/events"].contains(name), "{name}");
    }
    assert!(pages["/_tenon/console/codes"].contains("idempotency_key_reused"));
}

#[test]
fn every_page_of_the_sales_contract_renders_and_no_secret_shows() {
    let served = Served::start(&contracts("sales"));
    let scopes = "sales.webhooks:write sales.leads:write";
    let token = served.token(&["--actor", "service:acme", "--tenant", TENANT, "--scope", scopes]);
    let bearer = format!("Bearer {token}");
    let fields = |key: &'static str| {
        [
            ("authorization", bearer.clone()),
            ("x-tenant-id", TENANT.to_owned()),
            ("x-correlation-id", "00000000-0000-4000-8000-00000000000c".to_owned()),
            ("x-idempotency-key", key.to_owned()),
            ("content-type", "application/json".to_owned()),
        ]
    };
    let subscription = format!(
        r#"{{"subscription":{{"name":"CRM","url":"https://127.0.0.1:9/hooks?key=s3cretkey","events":["lead.created"],"secret":"{SECRET}"}}}}"#
    );
    let own = fields("00000000-0000-4000-8000-00000000000a");
    let own: Vec<(&str, &str)> = own.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let made = served.call("POST", "/api/v1/webhooks/subscriptions", &own, &subscription);
    assert!(matches!(made.status, 200 | 201), "{made:?}");
    let pages = pages(&served);
    for (path, body) in &pages {
        keeps_to_its_policy(path, body);
        for secret in [SECRET, "s3cretkey", token.as_str()] {
            assert!(!body.contains(secret), "{path} shows {secret}");
        }
    }
    let subscriptions = unescaped(&pages["/_tenon/console/subscriptions"]);
    assert!(subscriptions.contains("https://127.0.0.1:9/hooks"), "{subscriptions}");
    assert!(pages["/_tenon/console/audit"].contains("webhooks.subscriptions.create"));
    assert!(pages["/_tenon/console/audit"].contains("The chain holds."));
    let create = pages.get("/_tenon/console/operations/leads.create");
    let create = create.expect("the operation that makes leads");
    for shown in ["X-Tenant-Id", "X-Idempotency-Key", "p95", "billable", "Rate class"] {
        assert!(create.contains(shown), "{shown}");
    }
}

#[test]
fn whatever_contracts_and_callers_say_is_text() {
    let hostile = r#"{"openapi": "3.1.0", "info": {"title": "<script>alert(1)</script>", "version": "1"}, "paths": {
        "/a": {"get": {"operationId": "a\"><script>alert(2)</script>", "summary": "<img src=x onerror=alert(3)>",
        "description": "</main><script>alert(4)</script>", "parameters": [{"name": "\"><b>q", "in": "query",
        "schema": {"type": "string", "description": "{{ 7 * 7 }}"}}], "responses": {"200": {"description": "ok",
        "content": {"application/json": {"schema": {"type": "object", "properties": {"<i>": {"type": "string",
        "example": "</pre><script>alert(5)</script>"}}}}}}}}}}}"#;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("openapi.json");
    std::fs::write(&path, hostile).expect("a contract");
    let served = Served::start(&path);
    for (path, body) in &pages(&served) {
        keeps_to_its_policy(path, body);
        for tag in ["<img src=x", "<b>q", "<i>", "49"] {
            assert!(!body.contains(tag) || tag == "49" && !body.contains("7 * 7"), "{path} has {tag}");
        }
    }
    for path in [
        "/_tenon/console/usage?tenant=%22%3E%3Cscript%3Ealert(6)%3C/script%3E",
        "/_tenon/console/operations/%3Cscript%3Ealert(7)%3C%2Fscript%3E",
        "/_tenon/console/schemas/%3Cscript%3E",
        "/_tenon/console/usage?from=%3Cscript%3E",
    ] {
        let answer = served.get(path);
        keeps_to_its_policy(path, &answer.body);
    }
    assert_eq!(served.get("/_tenon/console/schemas/nothing").status, 404);
    assert_eq!(served.get("/_tenon/console/usage?from=yesterday").status, 400);
    assert_eq!(served.get("/_tenon/console/%ff").status, 404);
}

#[test]
fn elsewhere_an_operator_signs_in() {
    let served = Served::start(&contracts("swap"));
    let elsewhere = [("host", "gateway.example")];
    for fields in [
        elsewhere.as_slice(),
        // A site that has its name lead to this machine, and what a proxy passes on, are not here.
        &[("host", "127.0.0.1.example:80")],
        &[("x-forwarded-for", "203.0.113.9")],
        &[("host", "gateway.example"), ("cookie", "tenon_console=eyJhbGciOiJub25lIn0.e30.")],
    ] {
        let asked = served.call("GET", "/_tenon/console/audit", fields, "");
        assert_eq!(asked.status, 401, "{fields:?}");
        assert!(asked.body.contains("Operator's token") && !asked.body.contains("<table"), "{fields:?}");
    }
    let sign_in = |token: &str, fields: &[(&str, &str)]| {
        let form = format!("to=%2F_tenon%2Fconsole%2Faudit&token={token}");
        served.post("/_tenon/console/sign-in", &[&elsewhere, fields].concat(), &form)
    };
    let stranger = served.token(&["--actor", "user:u", "--scope", "settlement:read"]);
    let refused = sign_in(&stranger, &[]);
    assert_eq!(refused.status, 401, "{refused:?}");
    assert!(refused.body.contains("scope") && refused.field("set-cookie").is_empty());
    assert_eq!(sign_in("no%20token", &[]).status, 401);

    let token = served.token(&["--actor", "user:op", "--scope", "tenon:operator", "--expires", "1h"]);
    assert_eq!(sign_in(&token, &[("origin", "https://evil.example")]).status, 403, "another site's form");
    let signed = sign_in(&token, &[("origin", "http://gateway.example"), ("sec-fetch-site", "same-origin")]);
    assert_eq!((signed.status, signed.field("location")), (303, "/_tenon/console/audit"));
    let cookie = signed.field("set-cookie").to_owned();
    for part in ["HttpOnly", "SameSite=Strict", "Path=/_tenon/", "Max-Age=3"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let cookie = cookie.split(';').next().expect("a pair");
    let inside = [("host", "gateway.example"), ("cookie", cookie)];
    let page = served.call("GET", "/_tenon/console/audit", &inside, "");
    assert_eq!(page.status, 200);
    assert!(page.body.contains("user:op") && !page.body.contains(&token));
    // The cookie opens the console, and nothing else of the gateway.
    assert_eq!(served.call("GET", "/_tenon/usage", &inside, "").status, 401);

    let csrf = csrf(&page.body);
    assert_eq!(served.post("/_tenon/console/sign-out", &inside, "").status, 403);
    let out = served.post("/_tenon/console/sign-out", &inside, &format!("csrf={csrf}"));
    assert_eq!(out.status, 303);
    assert!(out.field("set-cookie").contains("Max-Age=0"), "{out:?}");
}

fn csrf(body: &str) -> &str {
    let rest = body.split("name=\"csrf\" value=\"").nth(1).expect("a form");
    rest.split('"').next().expect("its token")
}

#[test]
fn forms_of_other_sites_change_nothing() {
    let served = Served::start(&contracts("swap"));
    let replay = "/_tenon/console/deliveries/1/replay";
    assert_eq!(served.get(replay).status, 405, "reading changes nothing");
    assert_eq!(served.post(replay, &[], "").status, 403);
    assert_eq!(served.post(replay, &[], "csrf=AAAA").status, 403);
    // Who signs in has forms of his own: those of the open console are not his.
    let token = served.token(&["--actor", "user:op", "--scope", "tenon:operator"]);
    let cookie = format!("tenon_console={token}");
    let page = served.call("GET", "/_tenon/", &[("cookie", &cookie)], "");
    let own = format!("csrf={}", csrf(&page.body));
    assert_eq!(served.post(replay, &[], &own).status, 403);
    assert_eq!(
        served.post(replay, &[("cookie", &cookie), ("sec-fetch-site", "cross-site")], &own).status,
        403
    );
    // Ours gets through, to a delivery that is not there.
    assert_eq!(served.post(replay, &[("cookie", &cookie)], &own).status, 404);
    let json = [("cookie", cookie.as_str())];
    assert_eq!(served.call("POST", replay, &json, "{}").status, 415);
}
