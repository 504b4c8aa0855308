//! Responses.

use tenon_graph::Response;

use super::pair::Pair;

/// Responses that take each other's place: of the same status, else of the range or `default`
/// that covered it or that covers it now.
pub(super) fn pair_responses<'g>(pair: &Pair<'g>) -> Vec<(&'g Response, &'g Response)> {
    let (old, new) = (&pair.old.detail.responses, &pair.new.detail.responses);
    let mut out = Vec::new();
    for response in new {
        if let Some(before) = covering(old, &response.status) {
            out.push((before, response));
        }
    }
    for response in old {
        let is_paired = out.iter().any(|(before, _)| std::ptr::eq(*before, response));
        if !is_paired && let Some(after) = covering(new, &response.status) {
            out.push((response, after));
        }
    }
    out
}

/// The response that answers a status: the very status, its range, or `default`. Where other
/// successes are declared, `default` stands for failures only.
pub(super) fn covering<'g>(responses: &'g [Response], status: &str) -> Option<&'g Response> {
    let find = |wanted: &str| responses.iter().find(|response| response.status.eq_ignore_ascii_case(wanted));
    let range =
        || status.chars().next().filter(char::is_ascii_digit).and_then(|first| find(&format!("{first}XX")));
    let for_failures =
        status.starts_with('2') && responses.iter().any(|response| response.status.starts_with('2'));
    find(status).or_else(range).or_else(|| if for_failures { None } else { find("default") })
}
