//! Signing in with the token of an operator, and out.

use std::sync::Arc;

use http::header::{HeaderValue, SET_COOKIE};
use http::{Method, StatusCode};
use serde_json::json;
use tenon_policies::{Condition, Refusal};

use super::access::{COOKIE_NAME, is_same_origin, operator, stale_form};
use super::form::{self, Form};
use super::{Asked, html, see, template};
use crate::authenticate::inspect;
use crate::call::Call;
use crate::gateway::Gateway;
use crate::reply::{Body, Reply};
use crate::surface::BASE;

/// How long a token without an end is kept, in seconds: a working day.
const KEPT_S_DEFAULT: i64 = 43_200;

/// Longest time any token is kept, in seconds: a week.
const KEPT_S_MAX: i64 = 604_800;

pub(super) async fn answer(gateway: &Arc<Gateway>, call: &Call, body: Body) -> Result<Reply, Refusal> {
    match call.method {
        Method::GET | Method::HEAD => ask(gateway, call, None),
        Method::POST => sign_in(gateway, call, body).await,
        _ => Err(Refusal::new(Condition::MethodNotAllowed)),
    }
}

/// The form, and why it is shown again.
pub(super) fn ask(gateway: &Gateway, call: &Call, problem: Option<&str>) -> Result<Reply, Refusal> {
    let wanted = if call.path.ends_with("/sign-in") { BASE } else { call.path.as_str() };
    let values = json!({
        "problem": problem.unwrap_or_default(), "to": wanted, "accepts": gateway.authenticator().accepts_any(),
        "development": gateway.development(),
    });
    let text = template::render("sign_in.html", json!({ "page": values }))?;
    Ok(html(StatusCode::UNAUTHORIZED, text))
}

async fn sign_in(gateway: &Arc<Gateway>, call: &Call, body: Body) -> Result<Reply, Refusal> {
    if !is_same_origin(call) {
        return Err(stale_form());
    }
    let form = Form::read(call, body).await?;
    let token = form.field("token").trim();
    let token = token.strip_prefix("Bearer ").unwrap_or(token);
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte);
    if token.is_empty() || !token.bytes().all(plain) {
        return ask(gateway, call, Some("This is not a token."));
    }
    if let Err(refusal) = operator(gateway, call, token).await {
        return ask(gateway, call, Some(refusal.message()));
    }
    let mut reply = see(local(form.field("to")));
    set_cookie(&mut reply, call, token, kept_s(token, call.received_ms));
    Ok(reply)
}

/// Forgets the token.
pub(super) async fn out(asked: &Asked<'_>, body: Body) -> Result<Reply, Refusal> {
    form::ours(asked, body).await?;
    let mut reply = see(BASE);
    set_cookie(&mut reply, asked.call, "", 0);
    Ok(reply)
}

/// The cookie goes to the console alone, no script sees it, and no other site can make it be sent.
fn set_cookie(reply: &mut Reply, call: &Call, token: &str, kept_s: i64) {
    let secure = if call.door.is_some_and(|door| door.tls) { "; Secure" } else { "" };
    let cookie =
        format!("{COOKIE_NAME}={token}; Path={BASE}; Max-Age={kept_s}; HttpOnly; SameSite=Strict{secure}");
    if let Ok(mut value) = HeaderValue::from_str(&cookie) {
        value.set_sensitive(true);
        reply.headers.insert(SET_COOKIE, value);
    }
}

/// As long as the token is good.
fn kept_s(token: &str, now_ms: i64) -> i64 {
    let end =
        inspect(token).ok().and_then(|found| found.claims.get("exp").and_then(serde_json::Value::as_i64));
    let left = end.map_or(KEPT_S_DEFAULT, |end| end.saturating_sub(now_ms.div_euclid(1000)));
    left.clamp(0, KEPT_S_MAX)
}

/// Where to go on: a page of ours, and never another site's.
fn local(to: &str) -> &str {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~%".contains(&byte);
    let is_ours = to.starts_with(BASE) && to.bytes().all(plain) && !to.contains("//");
    if is_ours { to } else { BASE }
}

#[cfg(test)]
mod tests {
    use super::local;

    #[test]
    fn signing_in_leads_to_pages_of_ours_alone() {
        assert_eq!(local("/_tenon/console/usage"), "/_tenon/console/usage");
        for to in
            ["", "https://example.com/", "//example.com", "/_tenon//example.com", "/_tenon/\\x", "/leads"]
        {
            assert_eq!(local(to), "/_tenon/", "{to}");
        }
    }
}
