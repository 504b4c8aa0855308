//! A verdict as JSON, version 1.

use serde_json::{Map, Value, json};

use super::model::{Milestone, Status};
use super::verdict::{Part, Verdict};

/// The verdict with every part.
#[must_use]
pub fn to_json(milestone: &Milestone, verdict: &Verdict) -> Value {
    let mut root = Map::new();
    let mut put = |name: &str, value: Value| root.insert(name.to_owned(), value);
    put("overall", json!(verdict.overall));
    put("version", json!(1));
    let facts: Map<String, Value> =
        milestone.facts.iter().map(|(key, value)| (key.clone(), json!(value))).collect();
    put(
        "milestone",
        json!({ "id": milestone.id, "title": milestone.title, "kind": milestone.kind,
            "stage": milestone.stage, "facts": facts }),
    );
    let decisions = milestone.decisions.iter().map(|decision| {
        json!({ "id": decision.id.text, "title": decision.title, "proposal": decision.proposal,
            "status": decision.status.words(), "approved": decision.status == Status::Approved,
            "approver": decision.approver, "date": decision.date, "reference": decision.reference })
    });
    put("decisions", decisions.collect());
    put(
        "inputs",
        verdict.inputs.iter().map(|(path, there)| json!({ "path": path, "present": there })).collect(),
    );
    let dependencies = milestone.dependencies.iter().zip(&verdict.dependencies).map(|(dependency, found)| {
        let mut value = part(found, "satisfied");
        add(
            &mut value,
            &[("title", &dependency.title), ("kind", &dependency.kind), ("note", &dependency.note)],
        );
        value
    });
    put("dependencies", dependencies.collect());
    let checks = milestone.checks.iter().zip(&verdict.checks).map(|(check, found)| {
        json!({ "id": found.id, "title": check.title, "what": found.what, "passed": found.passed,
            "gate": check.gate, "owner": check.owner, "said": found.said, "evidence": found.evidence })
    });
    put("checks", checks.collect());
    let baseline = verdict.baseline.iter();
    put(
        "baseline",
        baseline
            .map(|(area, now, was)| json!({ "area": area, "current_state": now, "at_the_start": was }))
            .collect(),
    );
    root.extend(parts(milestone, verdict));
    root.extend(lists(milestone, verdict));
    Value::Object(root)
}

/// Artifacts, packages and hand-offs.
fn parts(milestone: &Milestone, verdict: &Verdict) -> Map<String, Value> {
    let mut root = Map::new();
    let mut put = |name: &str, value: Value| root.insert(name.to_owned(), value);
    let artifacts = milestone.artifacts.iter().zip(&verdict.artifacts).map(|(artifact, found)| {
        let mut value = part(found, "present");
        add(&mut value, &[("was", &artifact.was), ("gap", &artifact.gap)]);
        value
    });
    put("artifacts", artifacts.collect());
    put("work_packages", packages(milestone, verdict));
    let order = verdict.order.iter().filter_map(|index| Some(json!(milestone.packages.get(*index)?.id.text)));
    put("order", order.collect());
    let handoffs = milestone.handoffs.iter().zip(&verdict.handoffs).zip(&verdict.requires);
    let handoffs = handoffs.map(|((handoff, found), requires)| {
        let mut value = part(found, "resolved");
        add(&mut value, &[("title", &handoff.title), ("reason", &handoff.why)]);
        let consumes: Vec<&str> = handoff.consumes.iter().map(|name| name.text.as_str()).collect();
        if let Some(value) = value.as_object_mut() {
            value.insert("consumes".to_owned(), json!(consumes));
            value.insert("requires".to_owned(), requires.iter().map(|one| part(one, "resolved")).collect());
        }
        value
    });
    put("handoffs", handoffs.collect());
    root
}

/// Lists of items, metrics, deliverables, what follows, documents.
fn lists(milestone: &Milestone, verdict: &Verdict) -> Map<String, Value> {
    let mut root = Map::new();
    let mut put = |name: &str, value: Value| root.insert(name.to_owned(), value);
    for (list, items) in &milestone.lists {
        let pairs = items.iter().zip(verdict.list(list)).map(|(item, found)| {
            let mut value = part(found, "holds");
            let said = [("title", &item.title), ("text", &item.text), ("group", &item.group)];
            let more =
                [("impact", &item.impact), ("mitigation", &item.mitigation), ("why_it_matters", &item.why)];
            add(&mut value, &said);
            add(&mut value, &more.into_iter().filter(|(_, text)| !text.is_empty()).collect::<Vec<_>>());
            value
        });
        put(list, pairs.collect());
    }
    let metrics = milestone.metrics.iter().zip(&verdict.metrics).map(|(metric, count)| {
        json!({ "title": count.title, "group": metric.group, "text": metric.text,
            "numerator": count.numerator, "denominator": count.denominator, "percent": count.percent,
            "target": count.target, "met": count.met, "missing": count.missing })
    });
    put("metrics", metrics.collect());
    let deliverables = milestone.deliverables.iter().zip(&verdict.deliverables);
    put(
        "deliverables",
        deliverables
            .map(|((path, title), (_, there))| json!({ "path": path.text, "title": title, "present": there }))
            .collect(),
    );
    let follow_ups = milestone.follow_ups.iter();
    put(
        "follow_ups",
        follow_ups.map(|next| json!({ "id": next.id, "title": next.title, "group": next.group })).collect(),
    );
    let documents = verdict.documents.iter();
    put(
        "documents",
        documents
            .map(|(path, wrong)| json!({ "path": path, "current": wrong.is_none(), "why": wrong }))
            .collect(),
    );
    root
}

fn packages(milestone: &Milestone, verdict: &Verdict) -> Value {
    milestone
        .packages
        .iter()
        .filter_map(|package| {
            let found = verdict.packages.iter().find(|part| part.id == package.id.text)?;
            let mut value = part(found, "done");
            add(&mut value, &[("title", &package.title)]);
            let names = |names: &[super::model::Name]| -> Vec<String> {
                names.iter().map(|name| name.text.clone()).collect()
            };
            let value_map = value.as_object_mut()?;
            value_map.insert("depends_on".to_owned(), json!(names(&package.depends_on)));
            value_map.insert("enables".to_owned(), json!(names(&package.enables)));
            Some(value)
        })
        .collect()
}

fn part(part: &Part, word: &str) -> Value {
    let mut value = Map::new();
    value.insert("id".to_owned(), json!(part.id));
    value.insert(word.to_owned(), json!(part.holds));
    value.insert("why".to_owned(), json!(part.why));
    value.insert("evidence".to_owned(), json!(part.evidence));
    Value::Object(value)
}

fn add(value: &mut Value, members: &[(&str, &String)]) {
    if let Some(map) = value.as_object_mut() {
        for (name, text) in members {
            map.insert((*name).to_owned(), json!(text));
        }
    }
}
