//! What a scenario refers to and is not there.

use std::collections::BTreeSet;

use tenon_source::{At, Code, FileId, Finding, Node, Sources, nearest};

use super::codes::{CLOCK, INVALID, UNKNOWN};
use super::model::{Call, NOBODY, Scenario, Step, StepKind};
use super::text::{is_built_in, names_in};
use crate::contract::ContractView;

/// Everything a scenario names that is not there. `codes` are those the platform has beside the
/// contract's; `own_clock` tells whether the clock can be set.
#[must_use]
pub fn lint(
    scenario: &Scenario,
    sources: &Sources,
    file: FileId,
    view: &ContractView<'_>,
    codes: &[&str],
    own_clock: bool,
) -> Vec<Finding> {
    let root = sources.node(At { file, node: tenon_source::NodeId::default() });
    let known = scenario.values.keys().cloned().collect();
    let mut lint = Lint { scenario, sources, file, view, codes, own_clock, known, findings: Vec::new() };
    for (name, node) in root.get("actors").into_iter().flat_map(Node::members) {
        lint.names(node);
        if name == NOBODY {
            lint.say(&INVALID, node, "`nobody` is who sends no credentials; give the actor another name", "");
        }
    }
    if let Some(headers) = root.get("headers") {
        lint.names(headers);
    }
    for (index, step) in scenario.steps.iter().enumerate() {
        lint.step(index, step);
    }
    lint.exceptions(root);
    lint.findings
}

struct Lint<'a> {
    scenario: &'a Scenario,
    sources: &'a Sources,
    file: FileId,
    view: &'a ContractView<'a>,
    codes: &'a [&'a str],
    own_clock: bool,
    /// Names that have a value at this step.
    known: BTreeSet<String>,
    findings: Vec<Finding>,
}

impl Lint<'_> {
    fn say(&mut self, code: &'static Code, node: Node<'_>, message: &str, help: &str) {
        let at = At { file: self.file, node: node.id() };
        let finding = self.sources.finding_at_value(code, at, message);
        self.findings.push(if help.is_empty() { finding } else { finding.with_help(help) });
    }

    fn missing<'k>(&mut self, node: Node<'_>, what: &str, name: &str, known: impl Iterator<Item = &'k str>) {
        let help = nearest(name, known).map(|near| format!("did you mean `{near}`?")).unwrap_or_default();
        self.say(&UNKNOWN, node, &format!("there is no {what} `{name}`"), &help);
    }

    /// Every `${name}` below a node.
    fn names(&mut self, node: Node<'_>) {
        let value = tenon_graph::to_value(node);
        let mut found = Vec::new();
        names_in(&value, &mut found);
        for name in found {
            if !self.known.contains(name) && !is_built_in(name) {
                let known = self.known.clone();
                self.missing(node, "value or captured value", name, known.iter().map(String::as_str));
            }
        }
    }

    fn step(&mut self, index: usize, step: &Step) {
        let sources = self.sources;
        let node = sources.node(At { file: self.file, node: step.node });
        let earlier = self.scenario.steps.get(..index).unwrap_or_default();
        if earlier.iter().any(|other| other.name == step.name) && node.get("name").is_some() {
            let message = format!("two steps are called `{}`", step.name);
            self.say(
                &INVALID,
                node.get("name").unwrap_or(node),
                &message,
                "steps are told apart by their names",
            );
        }
        for word in ["path", "query", "headers", "body", "raw", "data", "request"] {
            if let Some(part) = node.get(word) {
                self.names(part);
            }
        }
        match &step.kind {
            StepKind::Call(call) => self.call(node, call),
            StepKind::Raw(_, _, call) => self.actor(node, &call.actor),
            StepKind::Replay(of) | StepKind::Conflict(of, _) => self.again(node, of, earlier),
            StepKind::Publish(event, actor, _) => {
                self.actor(node, actor);
                self.event(node.get("publish").unwrap_or(node), event);
            }
            StepKind::Advance(_) if !self.own_clock => self.say(
                &CLOCK,
                node,
                "the clock of what this runs against cannot be set",
                "run it without `--against`, or without this step",
            ),
            StepKind::Advance(_) => {}
        }
        self.expectation(node, step);
        self.known.extend(step.captures.iter().map(|(name, _)| name.clone()));
    }

    fn call(&mut self, node: Node<'_>, call: &Call) {
        self.actor(node, &call.actor);
        let view = self.view;
        let Some(endpoint) = view.endpoint(&call.operation) else {
            let at = node.get("call").unwrap_or(node);
            let known = view.endpoints.iter().map(|endpoint| endpoint.id.as_str());
            return self.missing(at, "operation", &call.operation, known);
        };
        for name in call.path.keys().filter(|name| endpoint.path_names().all(|known| known != *name)) {
            let at = node.get("path").and_then(|path| path.get(name)).unwrap_or(node);
            self.missing(at, "parameter of the path", name, endpoint.path_names());
        }
        for name in endpoint.path_names().filter(|name| !call.path.contains_key(*name)) {
            let message = format!("the path parameter `{name}` of {} has no value", endpoint.label);
            self.say(&INVALID, node, &message, "give it one under `path`");
        }
    }

    fn actor(&mut self, node: Node<'_>, actor: &str) {
        if actor == NOBODY || self.scenario.actors.contains_key(actor) {
            return;
        }
        let scenario = self.scenario;
        let known = scenario.actors.keys().map(String::as_str).chain([NOBODY]);
        self.missing(node.get("as").unwrap_or(node), "actor", actor, known);
    }

    /// A step that sends another one's request again.
    fn again(&mut self, node: Node<'_>, of: &str, earlier: &[Step]) {
        let at = node.get("replay").or_else(|| node.get("conflict")).unwrap_or(node);
        let Some(origin) = earlier.iter().find(|other| other.name == of) else {
            return self.missing(at, "earlier step", of, earlier.iter().map(|other| other.name.as_str()));
        };
        let StepKind::Call(call) = &origin.kind else {
            let message = format!("`{of}` calls no operation, so it has no key to be sent again");
            return self.say(&INVALID, at, &message, "name a step that has `call`");
        };
        if self.view.endpoint(&call.operation).is_some_and(|endpoint| endpoint.keyed.is_none()) {
            let message = format!("{} takes no idempotency key", call.operation);
            self.say(&INVALID, at, &message, "the contract says so: `idempotency: none`");
        }
    }

    fn event(&mut self, node: Node<'_>, event: &str) {
        let view = self.view;
        if view.events.iter().all(|known| known.name != event) {
            self.missing(node, "event", event, view.events.iter().map(|known| known.name.as_str()));
        }
    }

    fn code(&mut self, node: Node<'_>, code: &str) {
        let view = self.view;
        let declared = view.endpoints.iter().flat_map(|endpoint| endpoint.reason_codes.iter().flatten());
        let known: Vec<&str> = view
            .codes
            .keys()
            .map(String::as_str)
            .chain(declared.map(String::as_str))
            .chain(self.codes.iter().copied())
            .collect();
        if !known.contains(&code) {
            self.missing(node, "reason code", code, known.into_iter());
        }
    }

    fn expectation(&mut self, node: Node<'_>, step: &Step) {
        let Some(at) = node.get("expect") else { return };
        if let Some(code) = &step.expect.code {
            self.code(at.get("code").unwrap_or(at), code);
        }
        for word in ["body", "exact", "headers"] {
            if let Some(part) = at.get(word) {
                self.names(part);
            }
        }
        for event in at.get("events").into_iter().flat_map(Node::items) {
            self.names(event);
            if let Some(kind) = event.get("type") {
                self.event(kind, kind.as_str().unwrap_or_default());
            }
        }
        if let Some(schema) = &step.expect.schema
            && super::run::schema(self.view, schema).is_none()
        {
            self.missing(at.get("schema").unwrap_or(at), "schema", schema, std::iter::empty());
        }
    }

    /// What no step can cover must be there too.
    fn exceptions(&mut self, root: Node<'_>) {
        let except = root.get("coverage").and_then(|coverage| coverage.get("except"));
        let view = self.view;
        let names: BTreeSet<&str> = view
            .endpoints
            .iter()
            .flat_map(|endpoint| std::iter::once(&endpoint.id).chain(endpoint.reason_codes.iter().flatten()))
            .chain(view.events.iter().map(|event| &event.name))
            .map(String::as_str)
            .collect();
        for (name, node) in except.into_iter().flat_map(Node::members) {
            let parts: Vec<&str> = name.split(' ').collect();
            let last = parts.last().copied().unwrap_or_default();
            if !names.contains(last) {
                self.missing(node, "operation, reason code or event", last, names.iter().copied());
            }
        }
    }
}
