//! What holds for all answers: their status, schema, members and reason codes.

use super::ask::{Sent, Session};
use super::kinds::{CODE, CODE_STATUS, FIELD, SCHEMA, SERVER, STATUS};
use super::schemas::{failures, undescribed};
use crate::contract::Endpoint;

/// Holds one answer to the contract.
pub fn judge(session: &mut Session<'_>, endpoint: &Endpoint, sent: &Sent) {
    let status = sent.answer.status;
    match status {
        500.. => {
            let message = format!("{} is answered with {status}", endpoint.label);
            session.find(&SERVER, Some(endpoint), "server", message, sent);
        }
        400.. => refusal(session, endpoint, sent),
        200..300 => success(session, endpoint, sent),
        _ => {}
    }
}

fn success(session: &mut Session<'_>, endpoint: &Endpoint, sent: &Sent) {
    let status = sent.answer.status;
    let Some((_, key)) = endpoint.reply(status) else {
        if !endpoint.replies.is_empty() {
            let known: Vec<&str> = endpoint.replies.iter().map(|(status, _)| status.as_str()).collect();
            let message =
                format!("{} is answered with {status}; declared are {}", endpoint.label, known.join(", "));
            session.find(&STATUS, Some(endpoint), &status.to_string(), message, sent);
        }
        return;
    };
    if let Some(key) = key {
        held(session, endpoint, *key, sent);
    }
}

fn held(session: &mut Session<'_>, endpoint: &Endpoint, key: tenon_schemas::Key, sent: &Sent) {
    let view = session.target.view;
    let status = sent.answer.status;
    let text = String::from_utf8_lossy(&sent.answer.body).into_owned();
    let Some(value) = sent.answer.json() else {
        let message = format!("{} answers {status} with what is no JSON", endpoint.label);
        session.find(&SCHEMA, Some(endpoint), "json", message, sent);
        return;
    };
    for (unexpected, pointer, why) in failures(view, key, &text) {
        let kind = if unexpected { &FIELD } else { &SCHEMA };
        let message = format!("{} answers {status}: {why}", endpoint.label);
        session.find(kind, Some(endpoint), &general(&pointer), message, sent);
    }
    for pointer in undescribed(view.validators.graph(), &[key.at], &value) {
        let message = format!(
            "{} answers {status} with `{pointer}`, which its schema does not describe",
            endpoint.label
        );
        session.find(&FIELD, Some(endpoint), &general(&pointer), message, sent);
    }
}

fn refusal(session: &mut Session<'_>, endpoint: &Endpoint, sent: &Sent) {
    let view = session.target.view;
    let status = sent.answer.status;
    let problem = sent.answer.header("content-type").is_some_and(|kind| kind.contains("problem+json"));
    // Problem details have a form of their own, which no contract has to repeat.
    if !problem
        && let Some((declared, Some(key))) = endpoint.reply(status)
        && !declared.starts_with('2')
    {
        held(session, endpoint, *key, sent);
    }
    if view.codes.is_empty() && endpoint.reason_codes.is_none() {
        return;
    }
    let label = &endpoint.label;
    let Some(code) = sent.answer.code() else {
        let message = format!("{label} is refused with {status} and no reason code");
        session.find(&CODE, Some(endpoint), &format!("none {status}"), message, sent);
        return;
    };
    let declared = view.codes.get(&code);
    let own = endpoint.reason_codes.iter().flatten().any(|one| *one == code);
    if declared.is_none() && !own && !session.settings.codes.contains(&code) {
        let message =
            format!("{label} is refused with the code `{code}`, which the contract does not declare");
        session.find(&CODE, Some(endpoint), &code, message, sent);
    }
    if let Some(expected) = declared.and_then(|facts| facts.status)
        && expected != status
    {
        let message = format!("{label} tells `{code}` with {status}; the contract says {expected}");
        session.find(&CODE_STATUS, Some(endpoint), &code, message, sent);
    }
}

/// A pointer without the numbers of items, so that each kind of mistake is told once.
fn general(pointer: &str) -> String {
    let number = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    pointer.split('/').map(|part| if number(&part) { "*" } else { part }).collect::<Vec<_>>().join("/")
}
