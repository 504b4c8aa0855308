//! A small server that keeps the contract, unless it is told to break it in one way.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use serde_json::{Map, Value, json};
use tokio::net::TcpListener;

/// One way to break the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Defect {
    None,
    NoReplay,
    NoConflict,
    KeyOptional,
    LeaksRecord,
    LeaksList,
    TrustsHeader,
    ReplaysToOthers,
    WrongStatus,
    ExtraField,
    SchemaBroken,
    ScopeIgnored,
    ActorIgnored,
    SignatureIgnored,
    NoRateFields,
    Route,
    Method,
    AcceptsAll,
    RefusesLong,
    Fails,
    UnknownCode,
    OtherStatus,
    DenialAs400,
}

/// What the server keeps.
#[derive(Default)]
struct State {
    /// Tenant, note.
    notes: Vec<(String, Value)>,
    /// Tenant and key: the body it came with, status, answer.
    keys: BTreeMap<String, (Value, u16, Value)>,
}

/// Starts it; the URL.
pub async fn start(defect: Defect) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let state = Arc::new(Mutex::new(State::default()));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let state = Arc::clone(&state);
            tokio::spawn(async move {
                let service = service_fn(move |request| answer(request, defect, Arc::clone(&state)));
                let _ =
                    Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service).await;
            });
        }
    });
    url
}

type Told = (u16, Value);

async fn answer(
    request: Request<Incoming>,
    defect: Defect,
    state: Arc<Mutex<State>>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let bytes = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    let query = head.uri.query().unwrap_or_default().to_owned();
    let mut state = state.lock().expect("nobody panics with it");
    let (status, value) =
        told(head.method.as_str(), head.uri.path(), &query, &head.headers, &bytes, defect, &mut state);
    let mut response = Response::builder().status(status).header("content-type", "application/json");
    if defect != Defect::NoRateFields {
        for name in ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"] {
            response = response.header(name, "1000");
        }
    }
    Ok(response.body(Full::new(Bytes::from(value.to_string()))).expect("a response"))
}

fn refusal(status: u16, code: &str) -> Told {
    (status, json!({ "code": code }))
}

fn told(
    method: &str,
    path: &str,
    query: &str,
    headers: &HeaderMap,
    body: &[u8],
    defect: Defect,
    state: &mut State,
) -> Told {
    let id = path.strip_prefix("/notes/").filter(|id| !id.contains('/'));
    let scope = match (method, path, id) {
        ("POST", "/notes", _) => "notes:write",
        ("GET", "/notes", _) | ("GET", _, Some(_)) => "notes:read",
        ("DELETE", _, Some(_)) if defect == Defect::Method => return (200, json!({})),
        ("GET", "/debug", _) if defect == Defect::Route => return (200, json!({ "goroutines": 7 })),
        (_, "/notes", _) | (_, _, Some(_)) => return refusal(405, "METHOD_NOT_ALLOWED"),
        _ => return refusal(404, "ROUTE_UNKNOWN"),
    };
    let Some(claims) = claims(headers, defect) else { return refusal(401, "UNKNOWN_CALLER") };
    let text = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let named = headers.get("x-tenant-id").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut tenant = text("tenant_id");
    if named != tenant {
        if defect != Defect::TrustsHeader {
            return refusal(403, "FORBIDDEN");
        }
        tenant = named.to_owned();
    }
    let denied = if defect == Defect::DenialAs400 { 400 } else { 403 };
    if text("actor_type") != "service" && defect != Defect::ActorIgnored {
        return refusal(denied, "FORBIDDEN");
    }
    if !text("scope").split(' ').any(|held| held == scope) && defect != Defect::ScopeIgnored {
        return refusal(denied, "FORBIDDEN");
    }
    if !query.is_empty() && (method == "POST" || id.is_some()) {
        return refusal(400, "QUERY_INVALID");
    }
    match (method, id) {
        ("POST", _) => create(headers, body, &tenant, defect, state),
        (_, Some(id)) => get(id, &tenant, defect, state),
        _ => list(query, &tenant, defect, state),
    }
}

/// A token is `claims.` and the claims in hexadecimal.
fn claims(headers: &HeaderMap, defect: Defect) -> Option<Map<String, Value>> {
    let field = headers.get("authorization")?.to_str().ok()?.strip_prefix("Bearer ")?;
    let Some(text) = field.strip_prefix("claims.") else {
        let anyone = json!({ "tenant_id": headers.get("x-tenant-id")?.to_str().ok()?,
            "actor_type": "service", "scope": "notes:read notes:write" });
        return (defect == Defect::SignatureIgnored).then(|| anyone.as_object().cloned())?;
    };
    let bytes: Vec<u8> = (0..text.len() / 2)
        .filter_map(|at| u8::from_str_radix(text.get(at * 2..at * 2 + 2)?, 16).ok())
        .collect();
    serde_json::from_slice(&bytes).ok()
}

fn valid(note: &Value) -> bool {
    let known = ["title", "kind", "stars", "tags"];
    let Some(members) = note.as_object() else { return false };
    let title = note["title"].as_str().is_some_and(|title| (1..=40).contains(&title.chars().count()));
    let kind = matches!(note["kind"].as_str(), Some("idea" | "task"));
    let stars = members.get("stars").is_none_or(|stars| {
        let whole = stars.as_f64().filter(|stars| stars.fract() == 0.0);
        whole.is_some_and(|stars| (0.0..=5.0).contains(&stars))
    });
    let text = |tag: &Value| tag.as_str().is_some_and(|tag| !tag.is_empty());
    let tags = members
        .get("tags")
        .is_none_or(|tags| tags.as_array().is_some_and(|tags| tags.len() <= 3 && tags.iter().all(text)));
    title && kind && stars && tags && members.keys().all(|name| known.contains(&name.as_str()))
}

fn create(headers: &HeaderMap, body: &[u8], tenant: &str, defect: Defect, state: &mut State) -> Told {
    let json = headers.get("content-type").is_some_and(|kind| kind == "application/json");
    let note: Option<Value> = serde_json::from_slice(body).ok().filter(|_| json);
    let all = defect == Defect::AcceptsAll;
    let Some(note) = note.filter(|note| all || valid(note)) else {
        return match defect {
            Defect::UnknownCode => refusal(400, "OOPS"),
            Defect::OtherStatus => refusal(422, "NOTE_INVALID"),
            _ => refusal(400, "NOTE_INVALID"),
        };
    };
    if defect == Defect::RefusesLong && note["title"].as_str().is_some_and(|title| title.len() > 30) {
        return refusal(400, "NOTE_INVALID");
    }
    if defect == Defect::Fails && note["stars"] == 5 {
        return refusal(500, "NOTE_INVALID");
    }
    let key = headers.get("idempotency-key").and_then(|value| value.to_str().ok());
    if key.is_none() && defect != Defect::KeyOptional {
        return refusal(400, "KEY_MISSING");
    }
    let scope = if defect == Defect::ReplaysToOthers { "" } else { tenant };
    let key = key.map(|key| format!("{scope} {key}"));
    if let Some((first, status, answer)) = key.as_ref().and_then(|key| state.keys.get(key)) {
        if *first == note && defect != Defect::NoReplay {
            return (*status, answer.clone());
        }
        if *first != note && defect != Defect::NoConflict {
            return refusal(409, "KEY_REUSED");
        }
    }
    let id = format!("note-{:06}", state.notes.len() + 1);
    let stars = note.get("stars").cloned().unwrap_or(json!(0));
    let mut made = json!({ "noteId": id, "title": note["title"], "stars": stars });
    match defect {
        Defect::ExtraField => made["ownerEmail"] = json!("ada@example.com"),
        Defect::SchemaBroken => made["stars"] = json!("five"),
        _ => {}
    }
    state.notes.push((tenant.to_owned(), made.clone()));
    let status = if defect == Defect::WrongStatus { 200 } else { 201 };
    if let Some(key) = key {
        state.keys.insert(key, (note, status, made.clone()));
    }
    (status, made)
}

fn get(id: &str, tenant: &str, defect: Defect, state: &State) -> Told {
    let own = |(owner, note): &&(String, Value)| {
        note["noteId"] == id && (owner == tenant || defect == Defect::LeaksRecord)
    };
    state.notes.iter().find(own).map_or_else(|| refusal(404, "NOTE_UNKNOWN"), |(_, note)| (200, note.clone()))
}

fn list(query: &str, tenant: &str, defect: Defect, state: &State) -> Told {
    let fits = |pair: &str| {
        pair.split_once('=').is_some_and(|(name, value)| {
            name == "limit" && value.parse::<u32>().is_ok_and(|limit| (1..=100).contains(&limit))
        })
    };
    if !query.is_empty() && !query.split('&').all(fits) {
        return refusal(400, "QUERY_INVALID");
    }
    let own = |(owner, _): &&(String, Value)| owner == tenant || defect == Defect::LeaksList;
    let notes: Vec<&Value> = state.notes.iter().filter(own).map(|(_, note)| note).take(100).collect();
    (200, json!({ "notes": notes }))
}
