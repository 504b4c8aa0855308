//! The HTML reference: what stands in it, and in a real browser what its script does, light and dark.

use std::fs;
use std::path::Path;

use super::chromium::{Browser, program};
use super::{everything, files};

/// The pages ask nothing of a network: no address stands where a browser would load it.
#[test]
fn no_page_loads_anything_from_elsewhere() {
    for pack in super::PACKS {
        let (_folder, out) = everything(pack);
        let pages = files(&out.join("html"));
        assert!(pages.contains_key("index.html"), "{pack}");
        for (name, bytes) in &pages {
            let text = String::from_utf8_lossy(bytes);
            for word in ["src=\"http", "src=\"//", "url(", "@import", "<link rel=\"stylesheet\" href=\"http"]
            {
                assert!(!text.contains(word), "{pack}: {name} has {word}");
            }
        }
    }
}

/// Every link between the pages leads to a page, and every fragment to an element of it.
#[test]
fn every_link_leads_somewhere() {
    for pack in super::PACKS {
        let (_folder, out) = everything(pack);
        let pages = files(&out.join("html"));
        let mut count = 0;
        for (name, bytes) in pages.iter().filter(|(name, _)| name.ends_with(".html")) {
            let text = String::from_utf8_lossy(bytes);
            for link in text.split(" href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
                let (path, fragment) = link.split_once('#').unwrap_or((link, ""));
                let target = match path {
                    "" => name.clone(),
                    path => resolve(name, path),
                };
                let page = pages.get(&target).unwrap_or_else(|| panic!("{pack}: {name} leads to {target}"));
                let wanted = format!("id=\"{fragment}\"");
                assert!(
                    fragment.is_empty() || String::from_utf8_lossy(page).contains(&wanted),
                    "{pack}: {name} leads to {target}#{fragment}"
                );
                count += 1;
            }
        }
        assert!(count > 30, "{pack}: {count} links");
    }
}

fn resolve(from: &str, path: &str) -> String {
    let folder = Path::new(from).parent().unwrap_or(Path::new(""));
    let mut parts: Vec<&str> =
        folder.to_str().unwrap_or_default().split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// What contracts say is text: nothing in it becomes a part of the page.
#[test]
fn texts_of_contracts_stay_texts() {
    let folder = super::copy("swap");
    let path = folder.path().join("contract.yaml");
    let text = fs::read_to_string(&path).expect("it is read");
    let hostile = "</script><script>alert(1)</script><img src=x onerror=alert(2)>";
    fs::write(&path, text.replace("list connected platforms + status metadata", hostile))
        .expect("it is written");
    let output = super::tenon_in(folder.path(), &["gen", "html", "--output", "html"]);
    assert!(output.status.success(), "{}", super::stderr(&output));
    for (name, bytes) in files(&folder.path().join("html")) {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if name.ends_with(".html") {
            assert!(!text.contains("<script>alert") && !text.contains("<img"), "{name}");
        }
    }
}

/// Opened from the disk: light and dark, search by any word, the keyboard, a narrow window.
#[test]
fn the_reference_works_in_a_browser() {
    let Some(program) = program() else { return };
    let (_folder, out) = everything("sales");
    let browser = Browser::start(&program);
    let url = |page: &str| format!("file://{}", out.join("html").join(page).display());

    let mut overview = browser.open(&url("index.html"));
    let (light, dark) = (overview.in_scheme("light"), overview.in_scheme("dark"));
    assert_ne!(light, dark, "both schemes have their own paper");
    overview.picture("reference-dark");
    overview.in_scheme("light");
    overview.picture("reference-light");
    assert_eq!(overview.value("document.querySelectorAll('main section .list li').length"), 10);

    let mut operation = browser.open(&url("operations/leads.create.html"));
    operation.picture("reference-operation");
    let names =
        "[...document.querySelectorAll('#found a span:first-child')].map((one) => one.textContent).join()";
    let typed = "(text) => { const field = document.getElementById('search'); field.value = text; \
                 field.dispatchEvent(new Event('input')); }";
    operation.value(&format!("({typed})('lead routed')"));
    operation.wait("!document.getElementById('found').hidden");
    let found = operation.value(names);
    assert!(found.as_str().is_some_and(|names| names.starts_with("lead.routed")), "{found}");
    operation.picture("reference-search");
    operation.value(&format!("({typed})('consent_denied')"));
    assert_eq!(operation.value(names), "CONSENT_DENIED");
    operation.value(&format!("({typed})('there is no such word')"));
    let said = operation.value("document.getElementById('found').textContent");
    assert_eq!(said, "Nothing has these words.");
    operation.value(&format!("({typed})('leads.status')"));
    operation.value(
        "document.getElementById('search').dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter' }))",
    );
    operation
        .wait("location.href.endsWith('operations/leads.status.html') && document.readyState === 'complete'");

    // What is wide scrolls in itself; the page does not.
    let narrow = serde_json::json!({ "width": 360, "height": 740, "deviceScaleFactor": 1, "mobile": true });
    let mut schema = browser.open(&url("schemas/LeadCreateRequest.html"));
    schema.call("Emulation.setDeviceMetricsOverride", &narrow);
    schema.wait("document.documentElement.scrollWidth <= 360");
    schema.picture("reference-narrow");
}
