//! A request that shows something, made smaller as long as it shows the same.

use serde_json::Value;

use super::ask::{Draft, Sent, Session};
use super::bodies::members;
use super::mutants::drop;
use super::persona::Persona;
use super::schemas::fits;
use crate::contract::Endpoint;

/// Requests one reduction takes, a count.
const REQUESTS_MAX: usize = 24;

/// The smallest request found that is answered alike. Whether the body fits its schema stays as it
/// is: a refused request that breaks its schema shows nothing.
pub async fn shrink(
    session: &mut Session<'_>,
    endpoint: &Endpoint,
    caller: &Persona,
    draft: &Draft,
    first: Sent,
    same: impl Fn(&Sent) -> bool,
) -> Sent {
    let schema = endpoint.body.as_ref().and_then(|body| body.schema);
    let (Some(key), Some(body)) = (schema, draft.body.clone()) else { return first };
    let view = session.target.view;
    let valid = fits(view, key, &body);
    let (mut body, mut best): (Value, Sent) = (body, first);
    let mut left = REQUESTS_MAX;
    let mut places = Vec::new();
    members(&body, String::new(), &mut places);
    for place in places {
        let mut smaller = body.clone();
        if left == 0 || !drop(&mut smaller, &place) || fits(view, key, &smaller) != valid {
            continue;
        }
        left -= 1;
        let draft = Draft { body: Some(smaller.clone()), key: None, ..draft.clone() };
        match session.send(endpoint, caller, &draft).await {
            Some(sent) if same(&sent) => {
                body = smaller;
                best = sent;
            }
            Some(_) => {}
            None => break,
        }
    }
    best
}
