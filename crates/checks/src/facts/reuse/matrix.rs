//! The reuse matrix: what was decided about each family, and where nobody decided, what the
//! structure says.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use tenon_graph::{FamilyRow, Graph, Name};
use tenon_source::At;

use super::{Families, Family, Form, Unit};
use crate::facts::words::words;

/// One row of the reuse matrix.
#[derive(Debug, Clone, Default)]
pub struct MatrixRow {
    /// `contract_family`.
    pub family: String,
    /// `intent_class`.
    pub intent_class: String,
    /// `owner`.
    pub owner: String,
    /// `stability_tier`.
    pub stability_tier: String,
    /// `current_usage`.
    pub current_usage: String,
    /// `candidate_gateway_usage`.
    pub candidate_usage: String,
    /// `decision`.
    pub decision: String,
    /// `rationale`.
    pub rationale: String,
    /// Whether a person wrote the decision.
    pub decided: bool,
    /// Its schemas and messages.
    pub schemas: Vec<String>,
    /// The intent in the team's own words.
    pub intent_note: String,
}

/// The rows: those of the registers, or without any those that the structure suggests.
#[must_use]
pub fn matrix(graph: &Graph, families: &Families) -> Vec<MatrixRow> {
    if graph.reuse_registers.is_empty() {
        return computed(graph, families);
    }
    let rows = graph.reuse_registers.iter().flat_map(|register| &register.families);
    rows.map(|row| registered(graph, families, row)).collect()
}

fn text(name: Option<&Name>) -> String {
    name.map(|name| name.text.trim().to_owned()).unwrap_or_default()
}

fn registered(graph: &Graph, families: &Families, row: &FamilyRow) -> MatrixRow {
    let decision = text(row.decision.as_ref());
    let schemas = row.schemas.iter().map(|place| &place.name).chain(&row.messages);
    let (suggested, why) = suggestion(graph, families, row);
    let rationale = text(row.rationale.as_ref());
    let decided = !decision.is_empty();
    MatrixRow {
        family: row.family.text.clone(),
        intent_class: text(row.intent_class.as_ref()),
        owner: text(row.owner.as_ref()),
        stability_tier: text(row.stability_tier.as_ref()),
        current_usage: text(row.current_usage.as_ref()),
        candidate_usage: text(row.candidate_usage.as_ref()),
        decision: if decided { decision } else { suggested.to_owned() },
        rationale: if decided || !rationale.is_empty() { rationale } else { why },
        decided,
        schemas: schemas.map(|name| name.text.clone()).collect(),
        intent_note: text(row.intent_note.as_ref()),
    }
}

/// What the structure says about a family of a register, and why.
#[must_use]
pub fn suggestion(graph: &Graph, families: &Families, row: &FamilyRow) -> (&'static str, String) {
    let units: Vec<(usize, &Unit)> = row_units(graph, families, row);
    let own: Vec<usize> = units.iter().map(|(index, _)| *index).collect();
    for (index, unit) in &units {
        let other = families.list.iter().filter(|family| family.has(*index)).find_map(|family| {
            let foreign = family.members.iter().find(|member| !own.contains(&member.unit))?;
            families.units.get(foreign.unit)
        });
        if let Some(other) = other {
            let same = families.is_same(unit, other);
            let how = if same { "the structure of" } else { "nearly the structure of" };
            let why = format!("`{}` has {how} `{}`", unit.name, other.name);
            return (if same { "reuse" } else { "extend" }, why);
        }
    }
    if units.is_empty() {
        return ("new", "there is no schema of it yet".to_owned());
    }
    ("reuse", "no other schema is like it".to_owned())
}

/// The units a row of a register names.
#[must_use]
pub fn row_units<'f>(graph: &Graph, families: &'f Families, row: &FamilyRow) -> Vec<(usize, &'f Unit)> {
    let schemas = row.schemas.iter().filter_map(|place| place.target);
    let schemas = schemas.map(|at| super::json::stands_for(graph, at));
    let proto = &graph.protobuf;
    let messages =
        row.messages.iter().filter_map(|name| Some(proto.message(proto.find_message(&name.text)?).at));
    schemas.chain(messages).filter_map(|at| families.unit_at(at)).collect()
}

/// A row for each family, and for each schema that is of none.
fn computed(graph: &Graph, families: &Families) -> Vec<MatrixRow> {
    let uses = uses(graph);
    let mut family_of: BTreeMap<usize, &Family> = BTreeMap::new();
    for family in &families.list {
        family_of.extend(family.members.iter().map(|member| (member.unit, family)));
    }
    let mut rows = Vec::new();
    for (index, unit) in families.units.iter().enumerate() {
        let stands_alone = matches!(unit.form, Form::File | Form::Component | Form::Message | Form::Table);
        match family_of.get(&index) {
            // A family is a row where its first member stands.
            Some(family) if family.first() == Some(index) && unit.form != Form::Inline => {
                rows.push(family_row(graph, families, unit, family, &uses));
            }
            None if stands_alone && unit.size > 0 => rows.push(MatrixRow {
                decision: "reuse".to_owned(),
                rationale: "no other schema is like it".to_owned(),
                schemas: vec![families.label(graph, unit)],
                ..row(graph, unit, &uses)
            }),
            _ => {}
        }
    }
    rows
}

fn family_row(
    graph: &Graph,
    families: &Families,
    unit: &Unit,
    family: &Family,
    uses: &FxHashMap<At, usize>,
) -> MatrixRow {
    let others: Vec<String> = family
        .members
        .iter()
        .filter_map(|member| families.units.get(member.unit))
        .map(|unit| families.label(graph, unit))
        .collect();
    let times = others.len();
    let (decision, rationale) = if family.same {
        ("reuse", format!("the same structure is written {times} times"))
    } else {
        ("extend", format!("nearly the same structure is written {times} times"))
    };
    MatrixRow { decision: decision.to_owned(), rationale, schemas: others, ..row(graph, unit, uses) }
}

fn row(graph: &Graph, unit: &Unit, uses: &FxHashMap<At, usize>) -> MatrixRow {
    let contract = graph.contracts.first();
    let usage = match uses.get(&unit.at).copied().unwrap_or_default() {
        0 => "nothing refers to it".to_owned(),
        1 => "1 reference".to_owned(),
        count => format!("{count} references"),
    };
    MatrixRow {
        family: unit.name.clone(),
        intent_class: intent(graph, unit).unwrap_or_default().to_owned(),
        owner: text(contract.and_then(|contract| contract.owner.as_ref())),
        stability_tier: text(contract.and_then(|contract| contract.tier.as_ref())),
        current_usage: usage,
        ..MatrixRow::default()
    }
}

/// How often each schema is referred to, by `$ref`, operations and events.
fn uses(graph: &Graph) -> FxHashMap<At, usize> {
    let mut uses: FxHashMap<At, usize> = FxHashMap::default();
    let references = graph.references.iter().filter_map(|reference| reference.target.as_ref().ok());
    for target in references {
        *uses.entry(*target).or_default() += 1;
    }
    uses
}

/// Words of names, and the intent class they tell. The first that fits counts.
const INTENTS: &[(&str, &[&str])] = &[
    ("error", &["error", "errors", "problem", "fault", "reason", "reasons"]),
    (
        "event_log",
        &["event", "events", "log", "logs", "evidence", "audit", "envelope", "capsule", "telemetry"],
    ),
    ("job_invocation", &["job", "invocation", "execute", "queue", "spawn", "request", "command"]),
    ("status", &["status", "result", "decision", "response", "report", "state"]),
    (
        "resource_spec",
        &["config", "spec", "policy", "manifest", "catalog", "catalogue", "profile", "defaults"],
    ),
];

/// What a schema is for, as far as its use and its name tell.
fn intent(graph: &Graph, unit: &Unit) -> Option<&'static str> {
    let is_payload =
        |event: &tenon_graph::Event| matches!(event.payload_schema, Some(Ok(at)) if at == unit.at);
    if graph.events.iter().any(is_payload) {
        return Some("event_log");
    }
    let words = words(&unit.name);
    let told = |list: &&(&str, &[&str])| words.iter().any(|word| list.1.contains(&word.as_str()));
    INTENTS.iter().find(told).map(|(intent, _)| *intent)
}

impl Family {
    /// Whether a unit is one of its members.
    #[must_use]
    pub fn has(&self, unit: usize) -> bool {
        self.members.iter().any(|member| member.unit == unit)
    }

    fn first(&self) -> Option<usize> {
        self.members.first().map(|member| member.unit)
    }
}

impl Families {
    /// Where a unit is, as one would write it in a register.
    #[must_use]
    pub fn label(&self, graph: &Graph, unit: &Unit) -> String {
        if matches!(unit.form, Form::Message | Form::Enum) {
            return unit.name.clone();
        }
        let path = graph.sources.get(unit.at.file).map_or("", |file| file.path.as_str());
        let pointer = graph.node(unit.at).pointer();
        if pointer.is_empty() { path.to_owned() } else { format!("{path}#{pointer}") }
    }
}
