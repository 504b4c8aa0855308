//! Each table as rows of cells, whatever it is printed as.

use clap::ValueEnum;
use tenon_checks::facts::reuse::mapping::mapping;
use tenon_checks::facts::reuse::matrix::matrix;
use tenon_checks::facts::reuse::plan::{Mention, Plan};
use tenon_checks::facts::reuse::{Families, Member, Unit};
use tenon_graph::{Graph, Name, RegisterPlace};

use super::families::place;

/// What can be printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TableName {
    /// Schemas that are written more than once.
    Families,
    /// What becomes of each family.
    Matrix,
    /// What changes.
    Deltas,
    /// Work packages, what they wait for and what they enable.
    Dependencies,
    /// What other issues take over.
    Handoffs,
    /// Identifiers, who makes them and where they stand.
    Identifiers,
    /// Surfaces there are already.
    Surfaces,
    /// What each intent class has and lacks.
    Intents,
    /// JSON Schema members beside the protobuf fields that carry them.
    Mapping,
}

/// Every table, in the order `json` has them. The mapping is printed where it is asked for: it has
/// a row for each member of each schema.
pub const ALL: &[TableName] = &[
    TableName::Families,
    TableName::Matrix,
    TableName::Deltas,
    TableName::Dependencies,
    TableName::Handoffs,
    TableName::Identifiers,
    TableName::Surfaces,
    TableName::Intents,
];

/// One value of a table.
#[derive(Debug, Clone)]
pub enum Cell {
    /// A text.
    Text(String),
    /// Several texts.
    List(Vec<String>),
    /// A number from 0 to 1.
    Part(f64),
    /// A whole number.
    Count(i32),
}

/// A table.
#[derive(Debug)]
pub struct Table {
    /// Its name in JSON.
    pub name: &'static str,
    /// What it is called.
    pub title: &'static str,
    /// Names of its columns.
    pub columns: &'static [&'static str],
    /// Its rows.
    pub rows: Vec<Vec<Cell>>,
}

/// What was read and found.
pub struct Found<'f> {
    /// The contracts.
    pub graph: &'f Graph,
    /// What is written twice.
    pub families: &'f Families,
    /// How many files were read.
    pub files: usize,
}

fn text(name: Option<&Name>) -> Cell {
    Cell::Text(name.map(|name| name.text.trim().to_owned()).unwrap_or_default())
}

fn list(names: &[Name]) -> Cell {
    Cell::List(names.iter().map(|name| name.text.clone()).collect())
}

impl Found<'_> {
    /// The table with a name.
    pub fn tables(&self, name: TableName) -> Table {
        match name {
            TableName::Families => self.family_table(),
            TableName::Matrix => self.matrix(),
            TableName::Deltas => self.deltas(),
            TableName::Dependencies => self.dependencies(),
            TableName::Handoffs => self.handoffs(),
            TableName::Identifiers => self.identifiers(),
            TableName::Surfaces => self.surfaces(),
            TableName::Intents => self.intents(),
            TableName::Mapping => self.mapping(),
        }
    }

    fn family_table(&self) -> Table {
        let mut rows = Vec::new();
        for family in &self.families.list {
            let first = family.members.first().and_then(|member| self.unit(member));
            for member in &family.members {
                let (Some(first), Some(unit)) = (first, self.unit(member)) else { continue };
                let difference = self.families.difference(self.graph, first, unit);
                rows.push(vec![
                    Cell::Text(family.name.clone()),
                    Cell::Text(if family.same { "same" } else { "near" }.to_owned()),
                    Cell::Text(unit.name.clone()),
                    Cell::Text(unit.form.as_str().to_owned()),
                    Cell::Text(place(self.graph, unit)),
                    Cell::Text(self.graph.node(unit.at).pointer()),
                    Cell::Part((member.similarity * 1000.0).round() / 1000.0),
                    Cell::Text(difference.words()),
                ]);
            }
        }
        let columns = &["family", "kind", "schema", "form", "place", "pointer", "similarity", "difference"];
        Table { name: "families", title: "Schemas that are written more than once", columns, rows }
    }

    /// The unit of a member.
    pub fn unit(&self, member: &Member) -> Option<&Unit> {
        self.families.units.get(member.unit)
    }

    fn matrix(&self) -> Table {
        let rows = matrix(self.graph, self.families).into_iter().map(|row| {
            let decided = if row.decided { "register" } else { "computed" };
            vec![
                Cell::Text(row.family),
                Cell::Text(row.intent_class),
                Cell::Text(row.owner),
                Cell::Text(row.stability_tier),
                Cell::Text(row.current_usage),
                Cell::Text(row.candidate_usage),
                Cell::Text(row.decision),
                Cell::Text(row.rationale),
                Cell::Text(decided.to_owned()),
                Cell::List(row.schemas),
                Cell::Text(row.intent_note),
            ]
        });
        let columns = &[
            "contract_family",
            "intent_class",
            "owner",
            "stability_tier",
            "current_usage",
            "candidate_gateway_usage",
            "decision",
            "rationale",
            "decided_by",
            "schemas",
            "intent_note",
        ];
        Table { name: "matrix", title: "Contract reuse matrix", columns, rows: rows.collect() }
    }

    fn deltas(&self) -> Table {
        let rows = self.graph.reuse_registers.iter().flat_map(|register| &register.deltas).map(|row| {
            vec![
                Cell::Text(row.delta.text.clone()),
                text(row.authority_owner.as_ref()),
                text(row.compatibility_rule.as_ref()),
                list(&row.downstream_consumers),
                text(row.family.as_ref()),
                text(row.decision.as_ref()),
                text(row.change.as_ref()),
            ]
        });
        let columns = &[
            "delta",
            "authority_owner",
            "compatibility_rule",
            "downstream_consumers",
            "contract_family",
            "decision",
            "change",
        ];
        Table { name: "deltas", title: "Contract delta register", columns, rows: rows.collect() }
    }

    fn dependencies(&self) -> Table {
        let mut rows = Vec::new();
        for register in &self.graph.reuse_registers {
            let plan = Plan::of(register);
            for package in &plan.packages {
                let waits = ids(&package.depends_on).into_iter().chain(package.waits_for.clone());
                let enables = package.enables.iter().chain(&package.makes_possible).cloned();
                let place = plan.order.iter().position(|id| *id == package.id);
                rows.push(vec![
                    Cell::Text(package.id.clone()),
                    Cell::Text(package.title.clone()),
                    Cell::List(waits.collect()),
                    Cell::List(enables.collect()),
                    Cell::Text(place.map(|place| (place + 1).to_string()).unwrap_or_default()),
                ]);
            }
        }
        let columns = &["id", "work_package", "depends_on", "enables", "order"];
        Table { name: "dependencies", title: "Dependency matrix", columns, rows }
    }

    fn handoffs(&self) -> Table {
        let mut rows = Vec::new();
        for register in &self.graph.reuse_registers {
            for row in &register.handoffs {
                rows.push(vec![
                    Cell::Text(row.issue.text.clone()),
                    text(row.title.as_ref()),
                    Cell::List(ids(&Plan::read(register, &row.consumes))),
                    text(row.why.as_ref()),
                ]);
            }
        }
        let columns = &["issue", "title", "consumes", "why"];
        Table { name: "handoffs", title: "Cross-issue dependency handoff", columns, rows }
    }

    fn identifiers(&self) -> Table {
        let places = |places: &[RegisterPlace]| {
            Cell::List(places.iter().map(|place| place.name.text.clone()).collect())
        };
        let rows = self.graph.reuse_registers.iter().flat_map(|register| &register.identifiers).map(|row| {
            vec![
                Cell::Text(row.identifier.text.clone()),
                text(row.producer.as_ref()),
                text(row.format.as_ref()),
                places(&row.schemas),
                list(&row.fields),
                text(row.derived_from.as_ref()),
            ]
        });
        let columns = &["identifier", "producer", "format", "json_pointers", "proto_fields", "derived_from"];
        Table { name: "identifiers", title: "Identifier mapping", columns, rows: rows.collect() }
    }

    fn surfaces(&self) -> Table {
        let rows = self.graph.reuse_registers.iter().flat_map(|register| &register.surfaces);
        let rows = rows.map(|row| {
            vec![Cell::Text(row.surface.text.clone()), list(&row.files), text(row.notes.as_ref())]
        });
        let columns = &["surface", "files", "notes"];
        Table { name: "surfaces", title: "Existing surfaces", columns, rows: rows.collect() }
    }

    fn mapping(&self) -> Table {
        let yes = |flag: bool| Cell::Text(if flag { "yes" } else { "no" }.to_owned());
        let rows = mapping(self.graph, self.families).into_iter().map(|row| {
            vec![
                Cell::Text(row.schema),
                Cell::Text(row.pointer),
                Cell::Text(row.json_type),
                yes(row.required),
                yes(row.nullable),
                Cell::Text(row.message),
                Cell::Text(row.field),
                Cell::Count(row.number),
                Cell::Text(row.proto_type),
                Cell::Text(row.oneof),
                Cell::List(row.values),
                Cell::Text(row.annotations),
                Cell::Text(row.state.to_owned()),
            ]
        });
        Table { name: "mapping", title: "Representation mapping", columns: MAPPING, rows: rows.collect() }
    }

    fn intents(&self) -> Table {
        let rows = self.graph.reuse_registers.iter().flat_map(|register| &register.intents);
        let rows =
            rows.map(|row| vec![Cell::Text(row.intent.text.clone()), list(&row.covered), list(&row.missing)]);
        let columns = &["intent_class", "already_covered", "missing"];
        Table { name: "intents", title: "Intent mapping", columns, rows: rows.collect() }
    }
}

/// The columns of the representation mapping.
const MAPPING: &[&str] = &[
    "schema",
    "json_pointer",
    "json_type",
    "required",
    "nullable",
    "message",
    "proto_field",
    "number",
    "proto_type",
    "oneof",
    "values",
    "annotations",
    "state",
];

fn ids(mentions: &[Mention]) -> Vec<String> {
    mentions.iter().map(|mention| mention.id.clone()).collect()
}
