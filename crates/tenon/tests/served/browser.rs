//! The console in a real browser: what its script does, in light and dark.
//!
//! Runs when `TENON_CHROMIUM` names a Chromium; says that it did not where it names none.

use crate::chromium::{Browser, program};
use crate::gateway::{Served, TENANT, contracts};

#[test]
fn the_console_works_in_a_browser() {
    let Some(program) = program() else { return };
    let served = Served::start(&contracts("sales"));
    let browser = Browser::start(&program);
    let url = |path: &str| format!("http://{}/_tenon/{path}", served.address);

    let mut overview = browser.open(&url(""));
    let (light, dark) = (overview.in_scheme("light"), overview.in_scheme("dark"));
    assert_ne!(light, dark, "both schemes have their own paper");
    overview.picture("overview-dark");
    overview.in_scheme("light");
    overview.picture("overview-light");

    let mut events = browser.open(&url("console/events"));
    events.wait("!document.querySelector('[data-live]').hidden && document.querySelector('[data-live]').textContent === 'live'");
    assert_eq!(events.value("document.querySelectorAll('[data-events] tbody tr.new').length"), 0);

    // The form sends what it shows, and shows what came back.
    let scopes = ["--actor", "service:demo", "--tenant", TENANT, "--scope", "sales.leads:write"];
    let token = served.token(&scopes);
    let mut operation = browser.open(&url("console/operations/leads.create"));
    operation.picture("operation");
    let shown = "document.querySelector('[data-answer]').textContent";
    operation.value("document.querySelector('[data-send]').click()");
    operation.wait("document.querySelector('[data-answer] .status') !== null");
    assert!(operation.value(shown).as_str().is_some_and(|text| text.starts_with("401")), "no token yet");
    operation.value(&format!("document.querySelector('[data-token]').value = '{token}'"));
    operation.value("document.querySelector('[data-send]').click()");
    operation.wait("/^20[01]/.test(document.querySelector('[data-answer]').textContent)");
    operation.picture("operation-answer");
    let curl = "document.querySelector('[data-curl]').textContent";
    operation.value(
        "{ const body = document.querySelector('[data-body]'); body.value = \"{\\\"it's\\\": 1}\"; \
         body.dispatchEvent(new Event('input', { bubbles: true })); }",
    );
    let line = operation.value(curl);
    assert!(line.as_str().is_some_and(|line| line.contains(r#"-d '{"it'\''s": 1}'"#)), "{line}");
    assert!(!line.to_string().contains(&token), "the line never holds the token");

    // The event of that call is on the page that was open before.
    events.wait("document.querySelectorAll('[data-events] tbody tr.new').length === 1");
    let row = events.value("document.querySelector('[data-events] tbody tr.new').textContent");
    assert!(row.as_str().is_some_and(|row| row.contains("lead.created")), "{row}");
    events.in_scheme("dark");
    events.picture("events-dark");
    // Nothing was stopped by the policy of the pages, and nothing was fetched from elsewhere.
    let elsewhere = "performance.getEntriesByType('resource').filter((one) => !one.name.startsWith(location.origin)).length";
    assert_eq!(operation.value(elsewhere), 0);
}
