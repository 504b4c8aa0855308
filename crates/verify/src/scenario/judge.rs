//! Answers beside what is expected of them: header fields, bodies, schemas, events.

use std::sync::Arc;

use serde_json::{Value, json};
use tenon_schemas::Key;

use super::compare::{Extent, Problem, differences};
use super::model::{Step, StepKind};
use super::run::{Runner, Sent, schema};
use super::text::marked;
use crate::client::Answer;
use crate::contract::{ContractView, Endpoint};

impl Runner<'_> {
    pub(super) fn headers(&self, step: &Step, answer: &Answer) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (name, expected) in &step.expect.headers {
            let got = answer.header(name).map(|value| Value::String(value.to_owned()));
            let wanted = self.scope.fill_plain(expected).unwrap_or_else(|_| expected.clone());
            let holds = marked(&wanted, got.as_ref())
                .unwrap_or_else(|| got.as_ref().and_then(Value::as_str) == Some(wanted.as_str()));
            if !holds {
                let problem = Problem::new("header", name.as_str(), "is another");
                problems.push(problem.between(Some(wanted.into()), got));
            }
        }
        problems
    }

    pub(super) fn bodies(&self, step: &Step, endpoint: Option<&Endpoint>, answer: &Answer) -> Vec<Problem> {
        let mut problems = Vec::new();
        let got = answer.json().unwrap_or(Value::Null);
        let wishes = [(&step.expect.body, Extent::Named), (&step.expect.exact, Extent::Whole)];
        for (wanted, extent) in wishes {
            let Some(wanted) = wanted else { continue };
            match self.scope.fill(wanted) {
                Ok(wanted) => problems.extend(differences("body", extent, &wanted, &got)),
                Err(name) => problems.push(Problem::new("body", "", format!("`${{{name}}}` has no value"))),
            }
        }
        let promised = endpoint.filter(|_| answer.status < 300).and_then(|one| one.reply(answer.status));
        let key = step.expect.schema.as_ref().and_then(|name| schema(self.against.view, name));
        for key in key.into_iter().chain(promised.and_then(|(_, key)| *key)) {
            problems.extend(unfit(self.against.view, key, answer));
        }
        problems
    }

    /// The events of a step; a replay or a conflict causes none.
    pub(super) async fn events(&mut self, step: &Step, sent: &Sent) -> Vec<Problem> {
        let silent = matches!(step.kind, StepKind::Replay(_) | StepKind::Conflict(..));
        let wanted: &[(String, Option<Value>)] = match &step.expect.events {
            Some(wanted) => wanted,
            None if silent => &[],
            None => return Vec::new(),
        };
        let Some(feed) = &mut self.feed else { return Vec::new() };
        let correlation =
            sent.request.headers.iter().find(|(name, _)| name.to_ascii_lowercase().contains("correlation"));
        let correlation = correlation.map(|(_, value)| value.as_str());
        let found = match feed.next(self.against.client, correlation).await {
            Ok(found) => found,
            Err(why) => return vec![Problem::new("event", "", why)],
        };
        let mut left: Vec<(String, Value)> = found;
        let mut problems = Vec::new();
        for (kind, data) in wanted {
            let data = data.as_ref().map(|data| self.scope.fill(data).unwrap_or_else(|_| data.clone()));
            let fits = |(found, payload): &(String, Value)| {
                let same = |data: &Value| differences("event", Extent::Named, data, payload).is_empty();
                found == kind && data.as_ref().is_none_or(same)
            };
            match left.iter().position(fits) {
                Some(index) => {
                    left.remove(index);
                }
                None => {
                    let told =
                        left.iter().map(|(kind, data)| json!({ "type": kind, "data": data })).collect();
                    let problem = Problem::new("event", kind.as_str(), "was not caused");
                    problems.push(problem.between(data, Some(Value::Array(told))));
                }
            }
        }
        for (kind, payload) in left {
            let problem = Problem::new("event", kind, "was caused and is not expected");
            problems.push(problem.between(None, Some(payload)));
        }
        problems
    }
}

/// Why a body does not fit a schema.
fn unfit(view: &ContractView<'_>, key: Key, answer: &Answer) -> Vec<Problem> {
    let text = String::from_utf8_lossy(&answer.body).into_owned();
    let (tree, _) = tenon_source::parse_json(Arc::new(text));
    let failures = view.validators.failures_of(key, tree.root());
    let problem = |failure: &tenon_schemas::Failure<'_>| {
        Problem::new("schema", failure.node.pointer(), failure.message_below(tree.root()))
    };
    failures.iter().map(problem).collect()
}
