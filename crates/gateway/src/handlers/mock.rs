//! Handlers that answer with examples: those of the contract, or values made from the schema, the
//! same for the same contract.
//!
//! `Prefer: code=404` asks for another status, `Prefer: example=NAME` for an example by its name,
//! as in other mock servers (RFC 7240 has the form).

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use http::StatusCode;
use parking_lot::RwLock;
use serde_json::Value;
use tenon_policies::{Refusal, response};
use tenon_schemas::Key;

use super::Work;
use crate::call::Call;
use crate::plan::Plan;
use crate::plan::operation::OperationPlan;
use crate::plan::sample::Sample;
use crate::reply::Reply;

/// Status of a mock where the contract tells of no success.
const STATUS_DEFAULT: u16 = 200;

/// What was made already, by schema: the values of one plan never change.
#[derive(Debug, Default)]
pub(crate) struct Mocks {
    made: RwLock<BTreeMap<(Key, bool), Arc<Value>>>,
}

impl Mocks {
    fn value(&self, plan: &Plan, key: Key, request: bool) -> Arc<Value> {
        if let Some(made) = self.made.read().get(&(key, request)) {
            return Arc::clone(made);
        }
        let found = example_of_schema(plan, key, request);
        let made = Arc::new(found.unwrap_or_else(|| tenon_schemas::sample(&plan.validators, key)));
        self.made.write().insert((key, request), Arc::clone(&made));
        made
    }
}

/// What an operation answers where nothing else is asked for, made at the first request. It never
/// changes, so it is written and held to its schema once.
#[derive(Debug, Default)]
pub struct UsualOnce(OnceLock<Arc<Usual>>);

/// An answer that is the same for every request.
#[derive(Debug)]
pub(crate) struct Usual {
    status: StatusCode,
    /// The value, for envelopes and for telling what is wrong with it.
    pub(crate) value: Option<Value>,
    bytes: Bytes,
    fits: bool,
}

impl Usual {
    fn new(plan: &Plan, operation: &OperationPlan, work: Work) -> Self {
        let Work { status, body: value, .. } = work;
        let schema = operation.reply_schema(status.as_u16());
        let fits = match &value {
            Some(value) => response::decide_made(&plan.validators, schema, value).is_ok(),
            None => true,
        };
        let written = value.as_ref().map(|value| serde_json::to_vec(value).unwrap_or_default());
        Self { status, bytes: written.unwrap_or_default().into(), value, fits }
    }

    /// The reply as it leaves where no envelope is put around it; `None` where it must not.
    pub(crate) fn reply(&self) -> Option<Reply> {
        let reply = match self.value {
            Some(_) => Reply::whole(self.status, "application/json", self.bytes.clone()),
            None => Reply::empty(self.status),
        };
        self.fits.then_some(reply)
    }
}

/// An example that fits a schema: the contract's, or one that is made, always the same. `request`
/// tells which way it goes.
pub(crate) fn example(plan: &Plan, key: Key, request: bool) -> Value {
    plan.mocks.value(plan, key, request).as_ref().clone()
}

/// Answers with an example of the status that was asked for, or of the first success.
pub(crate) fn answer(plan: &Plan, operation: &OperationPlan, call: &Call) -> Result<Work, Refusal> {
    if let (Some(rpc), Some(messages)) = (&operation.rpc, &plan.rpcs.messages) {
        return Ok(Work::new(StatusCode::OK, Some(messages.example_of_reply(rpc))));
    }
    let preferred = Preferred::of(call);
    if preferred == Preferred::default() {
        let once = operation.usual.0.get_or_init(|| {
            let work = preferred_answer(plan, operation, preferred);
            Arc::new(Usual::new(plan, operation, work))
        });
        return Ok(Work { usual: Some(Arc::clone(once)), ..Work::new(once.status, None) });
    }
    Ok(preferred_answer(plan, operation, preferred))
}

fn preferred_answer(plan: &Plan, operation: &OperationPlan, preferred: Preferred<'_>) -> Work {
    let asked = preferred.code.and_then(|status| Some((status, operation.reply(status)?)));
    let named = preferred.example.and_then(|name| {
        let of_status = |sample: &&Sample| match asked {
            Some((_, (status, _))) => sample.status == *status,
            None => true,
        };
        operation.samples.iter().filter(of_status).find(|sample| sample.name.as_deref() == Some(name))
    });
    let of_sample =
        named.and_then(|sample| operation.replies.iter().find(|(status, _)| *status == sample.status));
    let success = || {
        let first = operation.replies.iter().find(|(status, _)| status.starts_with('2'));
        first.or_else(|| operation.replies.iter().find(|(status, _)| status == "default"))
    };
    let usual = of_sample.or_else(success).map(|reply| (number(&reply.0), reply));
    let Some((status, (written, key))) = asked.or(usual) else {
        return Work::new(StatusCode::OK, None);
    };
    let body = match named {
        Some(sample) => Some(tenon_graph::to_value(plan.graph.node(sample.value))),
        None => key.map(|key| of_reply(plan, operation, written, key)),
    };
    Work::new(StatusCode::from_u16(status).unwrap_or(StatusCode::OK), body)
}

/// The first number of a status as documents write it: `2XX` and `default` have none of their own.
fn number(status: &str) -> u16 {
    let family = status.chars().next().and_then(|digit| digit.to_digit(10)).filter(|_| status.len() == 3);
    let first = family.and_then(|digit| u16::try_from(digit * 100).ok());
    status.parse().ok().or(first).unwrap_or(STATUS_DEFAULT)
}

/// What `Prefer` asks for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Preferred<'c> {
    code: Option<u16>,
    example: Option<&'c str>,
}

impl<'c> Preferred<'c> {
    fn of(call: &'c Call) -> Self {
        let fields = call.headers.get_all("prefer").iter().filter_map(|field| field.to_str().ok());
        fields.flat_map(|field| field.split([',', ';'])).fold(Self::default(), Self::with)
    }

    /// The first of each counts.
    fn with(self, one: &'c str) -> Self {
        let Some((name, value)) = one.trim().split_once('=') else { return self };
        let value = value.trim().trim_matches('"');
        match name.trim() {
            "code" => Self { code: self.code.or_else(|| value.parse().ok()), ..self },
            "example" => Self { example: self.example.or(Some(value)), ..self },
            _ => self,
        }
    }
}

/// The operation's own example where it fits, else one for the schema.
fn of_reply(plan: &Plan, operation: &OperationPlan, status: &str, key: Key) -> Value {
    let own = operation.samples.iter().filter(|sample| sample.status == status);
    let mut good = own.filter(|sample| plan.validators.is_valid(key, sample.value));
    match good.next() {
        Some(sample) => tenon_graph::to_value(plan.graph.node(sample.value)),
        None => example(plan, key, false),
    }
}

/// An example of the contract that fits a schema, if it has one.
fn example_of_schema(plan: &Plan, key: Key, request: bool) -> Option<Value> {
    let at = plan.graph.follow(key.at);
    let of_it = plan.graph.examples.iter().filter(|example| plan.graph.follow(example.schema) == at);
    let mut good = of_it.filter(|example| {
        example.of != tenon_graph::ExampleOf::Default
            && example.request != Some(!request)
            && plan.validators.is_valid(key, example.value)
    });
    good.next().map(|example| tenon_graph::to_value(plan.graph.node(example.value)))
}

#[cfg(test)]
mod tests {
    use super::{Preferred, number};

    #[test]
    fn preferences_are_read_as_they_are_written() {
        let read = |field: &'static str| field.split([',', ';']).fold(Preferred::default(), Preferred::with);
        assert_eq!(read("code=404"), Preferred { code: Some(404), example: None });
        assert_eq!(
            read("respond-async, code=404; example=\"none\""),
            Preferred { code: Some(404), example: Some("none") }
        );
        assert_eq!(read("code=high, code=204").code, Some(204));
        assert_eq!(read("dynamic=true"), Preferred::default());
    }

    #[test]
    fn statuses_of_families_have_a_first_number() {
        let all = ["201", "2XX", "4xx", "default", "2000"].map(number);
        assert_eq!(all, [201, 200, 400, 200, 2000]);
    }
}
