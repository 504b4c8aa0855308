//! What is tried of one operation.

use std::collections::BTreeMap;

use serde_json::Value;

use super::ask::{Draft, Sent, Session};
use super::bodies::{candidates, freshened, freshened_but, parameter, text_fits};
use super::files::{self, File};
use super::kinds::{
    ACTOR, CALLER, CODE, CONFLICT, DENIAL, INVALID, KEY, Kind, RATE, REPLAY, SCOPE, TENANT, VALID,
};
use super::mutants::mutants;
use super::persona::Persona;
use super::shrink::shrink;
use crate::client::Answer;
use crate::contract::{Endpoint, Place};

/// Requests until an operation succeeds, a count.
const ATTEMPTS_MAX: usize = 48;

/// Values of the parameters of a path.
type Values = BTreeMap<String, String>;

/// A request that was answered with a success.
struct Base {
    draft: Draft,
    sent: Sent,
}

/// Tries everything of an operation.
pub async fn operation(session: &mut Session<'_>, endpoint: &Endpoint, caller: &Persona) {
    let base = match base(session, endpoint, caller).await {
        Ok(base) => base,
        Err(why) => {
            session.leave_out(endpoint, "a success, and what follows one", why);
            return;
        }
    };
    rates(session, endpoint, &base);
    denials(session, endpoint, caller, &base).await;
    keys(session, endpoint, caller, &base).await;
    tenants(session, endpoint, caller, &base).await;
    parameters(session, endpoint, caller, &base).await;
    bodies(session, endpoint, caller, &base).await;
    if let Some(upload) = &endpoint.upload {
        files::probe(session, endpoint, caller, upload, &base.draft).await;
    }
}

/// The first request that succeeds: with the ids that are known, and bodies that fit.
async fn base(session: &mut Session<'_>, endpoint: &Endpoint, caller: &Persona) -> Result<Base, String> {
    session.trying("operations");
    let mut last = "nothing was sent".to_owned();
    let (mut refused, mut only_invalid) = (None, true);
    let mut attempts = attempts(session, endpoint);
    attempts.truncate(ATTEMPTS_MAX);
    for (path, body) in attempts {
        let draft = Draft {
            path,
            query: required(session, endpoint, Place::Query),
            headers: required(session, endpoint, Place::Header),
            body,
            file: endpoint.upload.as_ref().map(File::taken),
            ..Draft::default()
        };
        let request = session.request(endpoint, caller, &draft)?;
        let Some(sent) = session.send_as_is(endpoint, &caller.name, request).await else { return Err(last) };
        if (200..300).contains(&sent.answer.status) {
            if let Some(value) = sent.answer.json() {
                session.pool.learn(endpoint, &value);
            }
            return Ok(Base { draft, sent });
        }
        last = format!("it is never answered with a success; {}", told(&sent.answer));
        let is_invalid = matches!(sent.answer.status, 400 | 422);
        refused = Some((draft, sent));
        only_invalid &= is_invalid;
    }
    if let (true, Some((draft, sent))) = (only_invalid, refused) {
        let status = sent.answer.status;
        let smallest =
            shrink(session, endpoint, caller, &draft, sent, |sent| sent.answer.status == status).await;
        let message = format!("{} refuses every request that fits its schemas with {status}", endpoint.label);
        session.find(&VALID, Some(endpoint), "every", message, &smallest);
    }
    Err(last)
}

/// What is sent until something succeeds: the likeliest body to each place first, then the others.
fn attempts(session: &mut Session<'_>, endpoint: &Endpoint) -> Vec<(Values, Option<Value>)> {
    let number = session.number();
    let now_ms = session.target.clock.now_ms();
    let bodies: Vec<Option<Value>> = match &endpoint.body {
        Some(body) => candidates(session.target.view, body, now_ms, number).into_iter().map(Some).collect(),
        None => vec![None],
    };
    let paths = paths(session, endpoint);
    let mut all = Vec::new();
    // A few of each body at first: a body that is refused is refused everywhere.
    for (from, to) in [(0, 2), (2, usize::MAX)] {
        for body in &bodies {
            let some = paths.iter().skip(from).take(to - from);
            all.extend(some.map(|path| (path.clone(), body.clone())));
        }
    }
    all
}

fn told(answer: &Answer) -> String {
    let code = answer.code().map(|code| format!(" `{code}`")).unwrap_or_default();
    format!("the last answer was {}{code}", answer.status)
}

/// Values for the path: each that is known of its last parameter, the newest of the others.
fn paths(session: &Session<'_>, endpoint: &Endpoint) -> Vec<Values> {
    let view = session.target.view;
    let mut all = vec![Values::new()];
    for name in endpoint.path_names() {
        if endpoint.tenant_path.as_deref() == Some(name) {
            continue;
        }
        let mut values: Vec<String> =
            session.pool.of(endpoint, name).into_iter().map(str::to_owned).collect();
        let facts = endpoint.parameters.iter().find(|one| one.place == Place::Path && one.name == name);
        // Values of another kind that are called the same are of no use.
        values.retain(|value| {
            facts.and_then(|facts| facts.schema).is_none_or(|key| text_fits(view, key, value))
        });
        if values.is_empty() {
            values.push(facts.map_or_else(|| "1".to_owned(), |facts| parameter(view, facts)));
        }
        let longer = values.iter().flat_map(|value| {
            all.iter().map(move |before| {
                let mut path: Values = before.clone();
                path.insert(name.to_owned(), value.clone());
                path
            })
        });
        all = longer.take(ATTEMPTS_MAX).collect();
    }
    all
}

fn required(session: &Session<'_>, endpoint: &Endpoint, place: Place) -> Vec<(String, String)> {
    let must = endpoint.parameters.iter().filter(|one| one.place == place && one.required);
    must.map(|one| (one.name.clone(), parameter(session.target.view, one))).collect()
}

/// What is left of a rate class is told with every answer.
fn rates(session: &mut Session<'_>, endpoint: &Endpoint, base: &Base) {
    let Some(rate) = &endpoint.rate else { return };
    session.trying("rate headers");
    let answer = &base.sent.answer;
    let has = |names: &[&str]| names.iter().all(|name| answer.header(name).is_some());
    let old = has(&["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"]);
    let missing = match rate.x_fields {
        true if !old => "`X-RateLimit-Limit`, `X-RateLimit-Remaining` and `X-RateLimit-Reset`",
        false if !old && !has(&["ratelimit"]) => "`RateLimit`, nor the `X-RateLimit-*` fields",
        _ => return,
    };
    let message =
        format!("{} is of the rate class `{}` and answers without {missing}", endpoint.label, rate.class);
    session.find(&RATE, Some(endpoint), "rate", message, &base.sent);
}

/// Who may not call is refused, and nothing else is said.
async fn denials(session: &mut Session<'_>, endpoint: &Endpoint, caller: &Persona, base: &Base) {
    if endpoint.public {
        return;
    }
    for (who, condition) in [(caller.nobody(), "unauthenticated"), (caller.forger(), "token_invalid")] {
        session.trying("unknown callers");
        denied(session, endpoint, &who, base, (&CALLER, condition, "without good credentials")).await;
    }
    if endpoint.actors.is_some() {
        session.trying("actor denials");
        let other = caller.of_other_type(session.target.view, endpoint);
        let words = format!("of type `{}`", other.kind);
        denied(session, endpoint, &other, base, (&ACTOR, "actor_not_allowed", &words)).await;
    }
    for scope in &endpoint.scopes {
        session.trying("scope denials");
        let words = format!("without the scope `{scope}`");
        denied(session, endpoint, &caller.without(scope), base, (&SCOPE, "scope_missing", &words)).await;
    }
}

async fn denied(
    session: &mut Session<'_>,
    endpoint: &Endpoint,
    who: &Persona,
    base: &Base,
    (kind, condition, words): (&'static Kind, &str, &str),
) {
    let draft = again(session, endpoint, base);
    let Some(sent) = session.send(endpoint, who, &draft).await else { return };
    let status = sent.answer.status;
    let label = &endpoint.label;
    if status < 400 {
        let message = format!("{label} answers {status} to a caller {words}");
        session.find(kind, Some(endpoint), condition, message, &sent);
        return;
    }
    if !matches!(status, 401 | 403 | 404) && status < 500 {
        let message = format!("{label} refuses a caller {words} with {status}, which is no 401 or 403");
        session.find(&DENIAL, Some(endpoint), condition, message, &sent);
        return;
    }
    let expected = session.target.view.code_of(endpoint, condition);
    let bound = session.target.view.codes.contains_key(expected);
    if bound && sent.answer.code().as_deref() != Some(expected) {
        let message = format!("{label} refuses a caller {words}, and the code is not `{expected}`");
        session.find(&CODE, Some(endpoint), condition, message, &sent);
    }
}

/// The request that succeeded, as a new one.
fn again(session: &mut Session<'_>, endpoint: &Endpoint, base: &Base) -> Draft {
    let number = session.number();
    let now_ms = session.target.clock.now_ms();
    let key = endpoint.body.as_ref().and_then(|body| body.schema);
    let body = match (&base.draft.body, key) {
        (Some(body), Some(key)) => Some(freshened(session.target.view, key, body, now_ms, number)),
        (body, _) => body.clone(),
    };
    Draft { body, ..base.draft.clone() }
}

/// The same key gets the stored answer; with another body it is refused; without one too.
async fn keys(session: &mut Session<'_>, endpoint: &Endpoint, caller: &Persona, base: &Base) {
    let Some(keyed) = &endpoint.keyed else { return };
    let Some(key) = base.sent.request.header(&keyed.header).map(str::to_owned) else { return };
    let label = &endpoint.label;
    session.trying("replays");
    let draft = Draft { key: Some(key.clone()), ..base.draft.clone() };
    if let Some(sent) = session.send(endpoint, caller, &draft).await
        && (sent.answer.status != base.sent.answer.status || sent.answer.body != base.sent.answer.body)
    {
        let message = format!(
            "{label} is sent again as it was, and answered with {} and another body than the first time ({})",
            sent.answer.status, base.sent.answer.status
        );
        session.find(&REPLAY, Some(endpoint), "replay", message, &sent);
    }
    let other = other_body(session, endpoint, base);
    match other {
        Some(body) => {
            session.trying("conflicts");
            let draft = Draft { key: Some(key), body: Some(body), ..base.draft.clone() };
            if let Some(sent) = session.send(endpoint, caller, &draft).await {
                conflict(session, endpoint, keyed.conflict, &sent);
            }
        }
        None => session.leave_out(endpoint, "a conflict of keys", "there is no second body that fits"),
    }
    if keyed.required {
        session.trying("missing keys");
        let draft = again(session, endpoint, base);
        let mut request = match session.request(endpoint, caller, &draft) {
            Ok(request) => request,
            Err(_) => return,
        };
        request.drop_header(&keyed.header);
        if let Some(sent) = session.send_as_is(endpoint, &caller.name, request).await
            && sent.answer.status < 400
        {
            let message = format!("{label} is carried out without `{}`", keyed.header);
            session.find(&KEY, Some(endpoint), "key", message, &sent);
        }
    }
}

fn conflict(session: &mut Session<'_>, endpoint: &Endpoint, said: Option<u16>, sent: &Sent) {
    let status = sent.answer.status;
    let good = said.map_or(matches!(status, 409 | 422), |said| said == status);
    if !good {
        let should = said.map_or("409 or 422".to_owned(), |said| said.to_string());
        let message = format!(
            "{} with another body under the same key is answered with {status}, not {should}",
            endpoint.label
        );
        session.find(&CONFLICT, Some(endpoint), "conflict", message, sent);
    }
}

/// Another body that fits.
fn other_body(session: &mut Session<'_>, endpoint: &Endpoint, base: &Base) -> Option<Value> {
    let key = endpoint.body.as_ref()?.schema?;
    let body = base.draft.body.as_ref()?;
    let number = session.number() + 11;
    let view = session.target.view;
    let fresh = freshened(view, key, body, session.target.clock.now_ms(), number);
    if fresh != *body {
        return Some(fresh);
    }
    let changed =
        mutants(view, key, body).into_iter().filter(|mutant| mutant.valid).map(|mutant| mutant.body);
    let others = candidates(view, endpoint.body.as_ref()?, session.target.clock.now_ms(), number);
    changed.chain(others).find(|other| other != body)
}

/// What belongs to one tenant is not seen by another.
async fn tenants(session: &mut Session<'_>, endpoint: &Endpoint, caller: &Persona, base: &Base) {
    if !endpoint.tenant_scoped || endpoint.public {
        return;
    }
    let other = caller.of_other_tenant(&session.settings.run);
    let label = &endpoint.label;
    if endpoint.tenant_header.is_some() || endpoint.tenant_path.is_some() {
        session.trying("tenant probes");
        let draft = Draft { tenant: Some(caller.tenant.clone()), ..again(session, endpoint, base) };
        if let Some(sent) = session.send(endpoint, &other, &draft).await
            && sent.answer.status < 400
        {
            let message =
                format!("{label} answers {} to a token of one tenant that names another", sent.answer.status);
            session.find(&TENANT, Some(endpoint), "named", message, &sent);
        }
    }
    session.trying("tenant probes");
    let key = endpoint.keyed.as_ref().and_then(|keyed| base.sent.request.header(&keyed.header));
    let named = endpoint.path_names().any(|name| endpoint.tenant_path.as_deref() != Some(name));
    let draft = Draft { key: key.map(str::to_owned), ..base.draft.clone() };
    let Some(sent) = session.send(endpoint, &other, &draft).await else { return };
    if sent.answer.status >= 400 {
        return;
    }
    let body = String::from_utf8_lossy(&sent.answer.body).into_owned();
    let leaked = session.pool.all().find(|id| id.len() > 6 && body.contains(*id)).map(str::to_owned);
    if named {
        let message =
            format!("{label} answers {} to another tenant for what is not its own", sent.answer.status);
        session.find(&TENANT, Some(endpoint), "reached", message, &sent);
    } else if !body.is_empty() && base.sent.answer.body == sent.answer.body && endpoint.keyed.is_some() {
        let message = format!("{label} gives one tenant the stored answer of another for the same key");
        session.find(&TENANT, Some(endpoint), "replayed", message, &sent);
    } else if let Some(id) = leaked {
        let message = format!("{label} shows another tenant `{id}`, which is not its own");
        session.find(&TENANT, Some(endpoint), "shown", message, &sent);
    }
}

/// Parameters that are there, are not, and are wrong.
async fn parameters(session: &mut Session<'_>, endpoint: &Endpoint, caller: &Persona, base: &Base) {
    let view = session.target.view;
    let label = &endpoint.label;
    for one in endpoint.parameters.iter().filter(|one| one.place != Place::Path) {
        let set = |draft: &mut Draft, value: Option<String>| {
            let list = if one.place == Place::Query { &mut draft.query } else { &mut draft.headers };
            list.retain(|(name, _)| *name != one.name);
            list.extend(value.map(|value| (one.name.clone(), value)));
        };
        session.trying("parameters");
        let mut draft = again(session, endpoint, base);
        set(&mut draft, Some(parameter(view, one)));
        if let Some(sent) = session.send(endpoint, caller, &draft).await
            && matches!(sent.answer.status, 400 | 422)
        {
            let message = format!("{label} refuses `{}` with a value that fits its schema", one.name);
            session.find(&VALID, Some(endpoint), &one.name, message, &sent);
        }
        if one.required {
            let mut draft = again(session, endpoint, base);
            set(&mut draft, None);
            refused(session, endpoint, caller, &draft, &format!("without `{}`", one.name)).await;
        }
        let wrong = ["\u{7f}not valid", "not valid", "-1.5", ","];
        let wrong =
            one.schema.and_then(|key| wrong.into_iter().skip(1).find(|text| !text_fits(view, key, text)));
        if let Some(wrong) = wrong {
            let mut draft = again(session, endpoint, base);
            set(&mut draft, Some(wrong.to_owned()));
            refused(session, endpoint, caller, &draft, &format!("with `{}` as {wrong:?}", one.name)).await;
        }
    }
    if endpoint.rejects_unknown_query && endpoint.governed {
        let mut draft = again(session, endpoint, base);
        draft.query.push(("undeclaredParameter".to_owned(), "1".to_owned()));
        refused(session, endpoint, caller, &draft, "with a query parameter that is not declared").await;
    }
}

async fn refused(
    session: &mut Session<'_>,
    endpoint: &Endpoint,
    caller: &Persona,
    draft: &Draft,
    what: &str,
) {
    session.trying("invalid requests");
    if let Some(sent) = session.send(endpoint, caller, draft).await
        && sent.answer.status < 400
    {
        let message = format!("{} answers {} {what}", endpoint.label, sent.answer.status);
        session.find(&INVALID, Some(endpoint), what, message, &sent);
    }
}

/// Bodies at the bounds of their schema and beyond; what is no JSON, or not said to be.
async fn bodies(session: &mut Session<'_>, endpoint: &Endpoint, caller: &Persona, base: &Base) {
    let view = session.target.view;
    let key = endpoint.body.as_ref().and_then(|body| body.schema);
    let (Some(key), Some(body)) = (key, &base.draft.body) else { return };
    let all = mutants(view, key, body);
    let (valid, invalid): (Vec<_>, Vec<_>) = all.into_iter().partition(|mutant| mutant.valid);
    let most = session.settings.mutants_max;
    for mutant in session.some(valid, most) {
        session.trying("boundary requests");
        let number = session.number();
        let now_ms = session.target.clock.now_ms();
        let body = freshened_but(view, key, &mutant.body, now_ms, number, Some(&mutant.place));
        let draft = Draft { body: Some(body), ..base.draft.clone() };
        let Some(sent) = session.send(endpoint, caller, &draft).await else { return };
        if (200..300).contains(&sent.answer.status) {
            if let Some(value) = sent.answer.json() {
                session.pool.learn(endpoint, &value);
            }
        } else if matches!(sent.answer.status, 400 | 422) && !session.knows(&VALID, endpoint, &mutant.place) {
            let status = sent.answer.status;
            let smallest =
                shrink(session, endpoint, caller, &draft, sent, |sent| sent.answer.status == status).await;
            let message =
                format!("{} refuses {} with {status}, which fits its schema", endpoint.label, mutant.what);
            session.find(&VALID, Some(endpoint), &mutant.place, message, &smallest);
        }
    }
    for mutant in session.some(invalid, most) {
        session.trying("invalid requests");
        let draft = Draft { body: Some(mutant.body.clone()), ..base.draft.clone() };
        let Some(sent) = session.send(endpoint, caller, &draft).await else { return };
        if sent.answer.status < 400 && !session.knows(&INVALID, endpoint, &mutant.place) {
            let status = sent.answer.status;
            let smallest =
                shrink(session, endpoint, caller, &draft, sent, |sent| sent.answer.status < 400).await;
            let message =
                format!("{} answers {status} to {}, which breaks its schema", endpoint.label, mutant.what);
            session.find(&INVALID, Some(endpoint), &mutant.place, message, &smallest);
        }
    }
    let raw: [(&str, &[u8], &str); 2] = [
        ("with a body that is no JSON", b"{\"", "application/json"),
        ("with a body that is not said to be JSON", b"{}", "text/csv"),
    ];
    for (what, bytes, media) in raw {
        session.trying("invalid requests");
        let Ok(mut request) = session.request(endpoint, caller, &base.draft) else { return };
        request.body = Some(bytes.to_vec());
        request.set_header("Content-Type", media);
        if let Some(sent) = session.send_as_is(endpoint, &caller.name, request).await
            && sent.answer.status < 400
        {
            let message = format!("{} answers {} {what}", endpoint.label, sent.answer.status);
            session.find(&INVALID, Some(endpoint), what, message, &sent);
        }
    }
}
