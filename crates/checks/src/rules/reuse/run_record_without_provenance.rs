//! PR003 `run-record-without-provenance`.

use std::collections::BTreeSet;

use tenon_graph::{ExampleOf, Graph, ProvenanceRow};
use tenon_source::{At, Code, Finding, Level, Node};

use super::provenance::FIELDS;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "PR003",
        name: "run-record-without-provenance",
        summary: "A run record lacks a provenance field",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("run_record_without_provenance.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let rows = ctx.graph.reuse_registers.iter().filter_map(|register| register.provenance.as_ref());
    for row in rows {
        for record in records(ctx.graph, row) {
            hold(ctx.graph, row, record, out);
        }
    }
}

/// The records the register names, and the example files of their schema.
fn records(graph: &Graph, row: &ProvenanceRow) -> BTreeSet<At> {
    let schema = row.schema.as_ref().and_then(|place| place.target);
    let examples = graph
        .examples
        .iter()
        .filter(|example| example.of == ExampleOf::File && Some(example.schema) == schema);
    examples.map(|example| example.value).chain(row.records.iter().filter_map(|place| place.target)).collect()
}

fn hold(graph: &Graph, row: &ProvenanceRow, record: At, out: &mut Vec<Finding>) {
    let pointer = row.section.as_ref().map_or("", |name| name.as_str());
    let Some(part) = graph.node(record).at(pointer) else {
        let message = format!("the run record has no `{pointer}`, so nothing says where it comes from");
        let finding = graph.sources.finding(&RULE.code, record, message);
        out.push(finding.with_help("write the provenance fields there"));
        return;
    };
    let at = At { file: record.file, node: part.id() };
    for (field, kind) in FIELDS {
        let found = part.get(field).filter(|value| !is_blank(*value));
        let message = match found {
            None => format!("the run record says no `{field}`"),
            Some(value) if !kind.fits(value) => {
                format!(
                    "`{field}` of the run record is of type {}, not {}",
                    value.kind().as_str(),
                    kind.words()
                )
            }
            Some(_) => continue,
        };
        let place = part.get(field).map_or(at, |value| At { file: record.file, node: value.id() });
        out.push(
            graph.sources.finding(&RULE.code, place, message).with_help("every run records it, see PR001"),
        );
    }
}

fn is_blank(value: Node<'_>) -> bool {
    value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty())
}
