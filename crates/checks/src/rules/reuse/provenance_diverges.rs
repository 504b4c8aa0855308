//! PR002 `provenance-diverges`.

use tenon_graph::{Graph, ProvenanceRow};
use tenon_source::{At, Code, Finding, Level};

use super::provenance::{FIELDS, member, section};
use crate::facts::reuse::stands_for;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "PR002",
        name: "provenance-diverges",
        summary: "A second record of provenance differs from the canonical one",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("provenance_diverges.md"),
    check,
};

/// Fewest canonical fields that make a schema a record of provenance, a count: one or two are
/// fields that any schema may have.
const FIELDS_MIN: usize = 3;

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let rows = ctx.graph.reuse_registers.iter().filter_map(|register| register.provenance.as_ref());
    for row in rows {
        if let Some(canonical) = section(ctx.graph, row) {
            hold(ctx.graph, row, canonical, out);
        }
    }
}

fn hold(graph: &Graph, row: &ProvenanceRow, canonical: At, out: &mut Vec<Finding>) {
    let keywords = tenon_graph::Keywords::PROPERTIES;
    for (schema, _) in graph.schemas_with(keywords) {
        if schema.at == canonical || stands_for(graph, schema.at) == canonical {
            continue;
        }
        let fields: Vec<_> = FIELDS
            .iter()
            .filter_map(|(field, kind)| Some((field, kind, member(graph, schema.at, field)?)))
            .collect();
        if fields.len() < FIELDS_MIN {
            continue;
        }
        let missing = FIELDS.iter().filter(|(field, _)| !fields.iter().any(|(found, _, _)| *found == field));
        let missing: Vec<String> = missing.map(|(field, _)| format!("`{field}`")).collect();
        let other = fields.iter().filter(|(_, kind, at)| !kind.allows(graph.node(*at).get("type")));
        let other: Vec<String> =
            other.map(|(field, kind, _)| format!("`{field}` is not {}", kind.words())).collect();
        let lacks = if missing.is_empty() { None } else { Some(format!("lacks {}", missing.join(", "))) };
        let said: Vec<String> = lacks.into_iter().chain(other).collect();
        if said.is_empty() {
            continue;
        }
        let name = row.schema.as_ref().map_or("", |place| place.name.as_str());
        let message =
            format!("this record of provenance differs from the one of `{name}`: {}", said.join("; "));
        let finding = graph.sources.finding(&RULE.code, schema.at, message);
        let finding = finding.with_related(graph.sources.place(canonical), "the canonical one");
        out.push(finding.with_help("refer to the canonical one with `$ref`"));
    }
}
