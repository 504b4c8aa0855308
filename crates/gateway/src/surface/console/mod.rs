//! The console: everything the gateway is and does, as pages for people.
//!
//! Pages are made here, from templates in the binary; nothing is fetched from elsewhere, and all
//! that only shows something works without a script. Whoever asks is let in by [`access`]; what
//! changes something goes through the same calls as the JSON surface, with the same audit.
//!
//! | path below `/_tenon/` | page |
//! |---|---|
//! | nothing | what is served, and where it stands |
//! | `console/operations`, `console/operations/{id}` | operations; one, with a form to try it |
//! | `console/schemas`, `console/schemas/{name}` | schemas |
//! | `console/codes` | reason codes |
//! | `console/events`, `console/events/{number}`, `console/stream` | events, as they happen |
//! | `console/deliveries` | deliveries and dead letters, with replay |
//! | `console/subscriptions` | who gets which events |
//! | `console/usage` | what was metered |
//! | `console/audit` | who did what |
//! | `console/sign-in`, `console/sign-out` | by a token of an operator |

mod access;
mod audit;
mod codes;
mod deliveries;
mod events;
mod form;
mod operation;
mod operations;
mod overview;
mod schemas;
mod shown;
mod sign_in;
mod subscriptions;
mod template;
mod trial;
mod usage;

use std::sync::Arc;

use http::header::{ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, LOCATION};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use tenon_policies::{Condition, Refusal};

use crate::call::Call;
use crate::gateway::Gateway;
use crate::plan::Plan;
use crate::reply::{Body, Reply};

use access::Viewer;

/// What pages may do: show themselves, in our one style, with our one script.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; \
     img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const STYLE: &str = include_str!("console.css");
const SCRIPT: &str = include_str!("console.js");
const ICON: &str = include_str!("icon.svg");

/// The pages of the menu: path below `/_tenon/`, title.
const MENU: &[(&str, &str)] = &[
    ("", "Overview"),
    ("console/operations", "Operations"),
    ("console/schemas", "Schemas"),
    ("console/codes", "Reason codes"),
    ("console/events", "Events"),
    ("console/deliveries", "Deliveries"),
    ("console/subscriptions", "Subscriptions"),
    ("console/usage", "Usage"),
    ("console/audit", "Audit"),
];

/// What a page is made of.
struct Asked<'a> {
    gateway: &'a Arc<Gateway>,
    plan: &'a Plan,
    call: &'a Call,
    viewer: &'a Viewer,
}

impl Asked<'_> {
    /// Where the gateway is, as the viewer knows it.
    fn base(&self) -> String {
        let scheme = if self.call.door.is_some_and(|door| door.tls) { "https" } else { "http" };
        format!("{scheme}://{}", access::host(self.call).unwrap_or("127.0.0.1:8080"))
    }

    /// A page: the values of its template, in the frame all pages have.
    fn page(&self, template: &str, title: &str, values: Value) -> Result<Reply, Refusal> {
        let here = self.call.path.strip_prefix(super::BASE).unwrap_or_default();
        let menu: Vec<Value> = MENU
            .iter()
            .map(|(path, name)| {
                let is_here = *path == here || (!path.is_empty() && here.starts_with(&format!("{path}/")));
                json!({ "path": format!("{}{path}", super::BASE), "name": name, "here": is_here })
            })
            .collect();
        let frame = json!({
            "title": title,
            "menu": menu,
            "contracts": self.plan.contracts.iter().map(|contract| &contract.name).collect::<Vec<_>>(),
            "viewer": self.viewer.actor(),
            "signed_in": self.viewer.is_signed_in(),
            "csrf": self.viewer.csrf(self.gateway),
            "version": env!("CARGO_PKG_VERSION"),
        });
        Ok(html(StatusCode::OK, template::render(template, json!({ "frame": frame, "page": values }))?))
    }
}

/// Answers a request for a page. Refusals are pages too.
pub(super) async fn answer(gateway: &Arc<Gateway>, call: &Call, path: &str, body: Body) -> Reply {
    let reply = match asset(call, path) {
        Some(reply) => Ok(reply),
        None => route(gateway, call, path, body).await,
    };
    let reply = reply.or_else(|refusal| refused(gateway, &refusal));
    harden(reply.unwrap_or_else(|_| Reply::empty(StatusCode::INTERNAL_SERVER_ERROR)))
}

fn asset(call: &Call, path: &str) -> Option<Reply> {
    let (content_type, text) = match path {
        "console.css" => ("text/css; charset=utf-8", STYLE),
        "console.js" => ("text/javascript; charset=utf-8", SCRIPT),
        "icon.svg" => ("image/svg+xml", ICON),
        _ => return None,
    };
    (call.method == Method::GET).then(|| Reply::whole(StatusCode::OK, content_type, text))
}

async fn route(gateway: &Arc<Gateway>, call: &Call, path: &str, body: Body) -> Result<Reply, Refusal> {
    if path == "sign-in" {
        return sign_in::answer(gateway, call, body).await;
    }
    let reads = matches!(call.method, Method::GET | Method::HEAD);
    let Some(viewer) = access::viewer(gateway, call).await? else {
        return if reads {
            sign_in::ask(gateway, call, None)
        } else {
            Err(Refusal::new(Condition::Unauthenticated))
        };
    };
    let plan = gateway.plan();
    let asked = Asked { gateway, plan: &plan, call, viewer: &viewer };
    let steps: Vec<&str> = path.split('/').filter(|step| !step.is_empty()).collect();
    let changes = matches!(steps.as_slice(), ["sign-out"] | ["deliveries" | "subscriptions", _, _]);
    if changes == reads {
        let mut reply = Reply::empty(StatusCode::METHOD_NOT_ALLOWED);
        reply.headers.insert(ALLOW, HeaderValue::from_static(if changes { "POST" } else { "GET" }));
        return Ok(reply);
    }
    match steps.as_slice() {
        [] => overview::page(&asked),
        ["operations"] => operations::page(&asked),
        ["operations", id] => operation::page(&asked, &decoded(id)?),
        ["schemas"] => schemas::list(&asked),
        ["schemas", name] => schemas::page(&asked, &decoded(name)?),
        ["codes"] => codes::page(&asked),
        ["events"] => events::list(&asked),
        ["events", number] => events::page(&asked, number),
        ["stream"] => events::stream(&asked),
        ["deliveries"] => deliveries::page(&asked),
        ["deliveries", id, "replay"] => deliveries::replay(&asked, id, body).await,
        ["subscriptions"] => subscriptions::page(&asked),
        ["subscriptions", id, "enable"] => subscriptions::enable(&asked, &decoded(id)?, body).await,
        ["usage"] => usage::page(&asked),
        ["audit"] => audit::page(&asked).await,
        ["sign-out"] => sign_in::out(&asked, body).await,
        _ => Err(Refusal::new(Condition::RouteUnknown)),
    }
}

fn decoded(step: &str) -> Result<String, Refusal> {
    let text = percent_encoding::percent_decode_str(step).decode_utf8();
    text.map(String::from).map_err(|_| Refusal::new(Condition::RouteUnknown))
}

/// A refusal as a page.
fn refused(gateway: &Gateway, refusal: &Refusal) -> Result<Reply, Refusal> {
    let told = match gateway.plan().contract() {
        Some(contract) => contract.catalogue.tell(&Default::default(), refusal),
        None => crate::plan::catalogue::Catalogue::default().tell(&Default::default(), refusal),
    };
    let details: Vec<String> =
        refusal.details.iter().map(|detail| format!("{} {}", detail.field, detail.reason)).collect();
    let values = json!({
        "status": told.status.as_u16(), "code": told.code, "message": told.message, "details": details,
    });
    Ok(html(told.status, template::render("refused.html", json!({ "page": values }))?))
}

fn html(status: StatusCode, text: String) -> Reply {
    Reply::whole(status, "text/html; charset=utf-8", text)
}

/// Back to a page after something was done: a reload does it once only.
fn see(path: &str) -> Reply {
    let mut reply = Reply::empty(StatusCode::SEE_OTHER);
    if let Ok(location) = HeaderValue::from_str(path) {
        reply.headers.insert(LOCATION, location);
    }
    reply
}

fn harden(mut reply: Reply) -> Reply {
    let fields = [
        (CONTENT_SECURITY_POLICY, POLICY),
        (HeaderName::from_static("x-content-type-options"), "nosniff"),
        // Not `no-referrer`: browsers would then hide the origin of our own forms from us.
        (HeaderName::from_static("referrer-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    for (name, value) in fields {
        reply.headers.insert(name, HeaderValue::from_static(value));
    }
    reply.headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    reply
}
