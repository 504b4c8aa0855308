//! What the rules of the strict profile say of contracts, and what is in them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use clap::Parser;
use serde_json::{Value, json};
use tenon_graph::{Graph, Name, Operation};
use tenon_source::{Finding, Level};
use tenon_verify::evidence::manifest::sha256;
use tenon_verify::milestone::{Facts, OperationFact, Said};

use crate::Exit;
use crate::catalogue;
use crate::commands::check;
use crate::commands::check::pass::{self, Checked};
use crate::commands::check::plan::{Plan, Planned};
use crate::disk;
use crate::failure::Failure;
use crate::terminal::Terminal;

/// Contracts that were read and checked.
pub struct Contracts {
    /// What they are.
    pub graph: Graph,
    /// What stands before every path below the root.
    pub base: String,
    /// What milestones ask about them.
    pub facts: Arc<Facts>,
}

/// Arguments of `tenon check`, which reads the same files in the same way.
#[derive(Debug, Parser)]
struct Checking {
    #[command(flatten)]
    check: check::Arguments,
}

/// Reads and checks the contracts at some paths below a root.
///
/// # Errors
/// When they cannot be read.
pub fn about(root: &Path, paths: &[String], terminal: &Terminal) -> Result<Contracts, Failure> {
    let mut typed = Checking::try_parse_from(["tenon", "--profile", "strict"]).map_err(Failure::bug)?;
    typed.check.paths = paths.iter().map(|path| root.join(path)).collect();
    let plan = match Plan::of(&typed.check, terminal)? {
        Planned::Plan(plan) => plan,
        Planned::Unusable(unusable) => {
            let said = unusable.findings.first().map(|finding| finding.message.clone()).unwrap_or_default();
            return Err(Failure::usage(
                format!("{} cannot be used: {said}", unusable.source.path),
                "mend it",
            ));
        }
    };
    let rules: BTreeSet<String> = catalogue::ALL
        .values()
        .filter(|entry| entry.effect.is_none() && plan.levels.of(entry) != Level::Off)
        .map(|entry| entry.code.id.to_owned())
        .collect();
    let checked = pass::check(&plan, terminal)?;
    let shown = disk::display(root);
    let base = if shown.is_empty() { String::new() } else { format!("{shown}/") };
    let said = |finding: &Finding| told(&checked, finding, &base);
    let suppressed = checked.suppressed.iter().map(|one| {
        let reason = checked.suppressions.get(one.by).map(|by| by.reason.clone()).unwrap_or_default();
        (said(&one.finding), reason)
    });
    let mut facts = Facts {
        usable: checked.exit != Exit::Unusable,
        rules,
        findings: checked.findings.iter().map(said).collect(),
        suppressed: suppressed.collect(),
        operations: checked.graph.operations.iter().map(fact).collect(),
        validations: BTreeMap::new(),
        inputs: checked
            .graph
            .sources
            .iter()
            .map(|(_, file)| (file.path.clone(), sha256(file.text().as_bytes())))
            .collect(),
    };
    facts.operations.sort_by(|a, b| a.id.cmp(&b.id));
    facts.validations = validations(&checked.graph, &facts, &base);
    Ok(Contracts { graph: checked.graph, base, facts: Arc::new(facts) })
}

fn below<'p>(base: &str, path: &'p str) -> &'p str {
    path.strip_prefix(base).unwrap_or(path)
}

fn told(checked: &Checked, finding: &Finding, base: &str) -> Said {
    let place = checked.graph.sources.get(finding.place.file).map(|file| {
        let at = file.locate(finding.place.span.start);
        format!("{}:{}:{}", below(base, &file.path), at.line, at.column)
    });
    Said {
        rule: finding.code.id.to_owned(),
        level: finding.level.as_str().to_owned(),
        message: finding.message.clone(),
        place: place.unwrap_or_default(),
        operation: finding.operation.clone(),
    }
}

fn fact(operation: &Operation) -> OperationFact {
    let governance = &operation.governance;
    let label = operation.label();
    OperationFact {
        id: operation.id.as_ref().map_or_else(|| label.clone(), |id| id.text.clone()),
        label,
        mutating: operation.is_mutating()
            || operation.rpc.is_some() && governance.idempotency.as_ref().is_some_and(|found| found.required),
        billable: governance.usage.as_ref().and_then(|usage| usage.billable).unwrap_or(false),
        consented: governance.consent.as_ref().is_some_and(|consent| !consent.scopes.is_empty()),
        traces: texts(governance.traces.as_deref()),
    }
}

/// The texts of names.
pub fn texts(names: Option<&[Name]>) -> Vec<String> {
    names.unwrap_or_default().iter().map(|name| name.text.clone()).collect()
}

/// Words in the name of a rule that tell which validation its findings belong to.
const AREAS: &[(&str, &[&str])] = &[
    ("auth", &["scope", "actor", "tenant", "consent", "idempotency", "security", "auth", "role"]),
    ("events", &["event", "payload", "delivery", "minimum-field", "deduplication", "webhook"]),
    ("schemas", &["schema", "example", "reference", "value"]),
];

fn validations(graph: &Graph, facts: &Facts, base: &str) -> BTreeMap<String, Value> {
    let found = |area: &str| -> Vec<Value> {
        let words = AREAS.iter().find(|(name, _)| *name == area).map_or(&[][..], |(_, words)| words);
        let about = |finding: &&Said| {
            let name = catalogue::find(&finding.rule).map_or("", |entry| entry.code.name);
            words.is_empty() || words.iter().any(|word| name.contains(word))
        };
        facts.findings.iter().filter(about).map(finding).collect()
    };
    let files: BTreeMap<String, &String> =
        facts.inputs.iter().map(|(path, hash)| (below(base, path).to_owned(), hash)).collect();
    let contract = json!({ "version": 1, "usable": facts.usable, "rules_run": facts.rules.len(),
        "files": files, "findings": found("contract"),
        "set_aside": facts.suppressed.iter().map(|(said, reason)| {
            let mut value = finding(said);
            if let Some(map) = value.as_object_mut() {
                map.insert("reason".to_owned(), json!(reason));
            }
            value
        }).collect::<Vec<_>>() });
    let auth = json!({ "version": 1, "findings": found("auth"),
        "operations": graph.operations.iter().map(auth).collect::<Vec<_>>() });
    let events = json!({ "version": 1, "findings": found("events"),
        "events": graph.events.iter().map(|event| event_value(graph, event, base)).collect::<Vec<_>>() });
    let schemas = json!({ "version": 1, "findings": found("schemas"), "schemas": graph.schemas.len(),
        "examples": examples(graph, facts, base) });
    [("contract", contract), ("auth", auth), ("events", events), ("schemas", schemas)]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

fn finding(said: &Said) -> Value {
    json!({ "rule": said.rule, "level": said.level, "place": said.place, "message": said.message,
        "operation": said.operation })
}

fn auth(operation: &Operation) -> Value {
    let governance = &operation.governance;
    let known = governance.auth_required.unwrap_or(governance.declared);
    json!({
        "operation": operation.label(),
        "id": operation.id.as_ref().map(|id| &id.text),
        "caller_must_be_known": known,
        "actors": texts(governance.actors.as_deref()),
        "scopes": texts(governance.scopes.as_deref()),
        "tenant": governance.tenancy.as_ref().and_then(|tenancy| tenancy.source.as_ref()).map(|from| &from.text),
        "consent": governance.consent.as_ref().map(|consent| texts(Some(&consent.scopes))),
        "idempotency_required": governance.idempotency.as_ref().map(|found| found.required),
    })
}

fn event_value(graph: &Graph, event: &tenon_graph::Event, base: &str) -> Value {
    let text = |name: &Option<Name>| name.as_ref().map(|name| name.text.clone());
    let payload = match &event.payload_schema {
        Some(Ok(at)) => graph.sources.get(at.file).map(|file| below(base, &file.path).to_owned()),
        Some(Err(name)) => Some(name.text.clone()),
        None => None,
    };
    json!({
        "type": event.name.text,
        "payload": payload,
        "payload_found": matches!(event.payload_schema, Some(Ok(_))),
        "minimum_fields": texts(Some(&event.minimum_fields)),
        "delivery": text(&event.delivery),
        "deduplication_key": text(&event.deduplication_key),
        "ordering": text(&event.ordering),
    })
}

/// Each example with its schema, and whether a finding stands in it.
fn examples(graph: &Graph, facts: &Facts, base: &str) -> Vec<Value> {
    let named = |at: tenon_source::At| {
        let path =
            graph.sources.get(at.file).map(|file| below(base, &file.path).to_owned()).unwrap_or_default();
        let pointer = graph.node(at).pointer();
        if pointer.is_empty() { path } else { format!("{path}#{pointer}") }
    };
    let mut rows: Vec<(String, String, bool)> = graph
        .examples
        .iter()
        .map(|example| {
            let file =
                graph.sources.get(example.value.file).map(|file| below(base, &file.path)).unwrap_or_default();
            let wrong = facts.findings.iter().any(|said| {
                said.level == "error"
                    && said.place.strip_prefix(file).is_some_and(|rest| rest.starts_with(':'))
            });
            (named(example.value), named(example.schema), !wrong)
        })
        .collect();
    rows.sort();
    rows.dedup();
    rows.into_iter()
        .map(|(example, schema, valid)| json!({ "example": example, "schema": schema, "valid": valid }))
        .collect()
}
