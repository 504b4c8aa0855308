//! PR001 `provenance-field-missing`.

use tenon_graph::protobuf::{FieldType, MessageId, Scalar};
use tenon_graph::{Graph, ProvenanceRow};
use tenon_source::{At, Code, Finding, Level};

use super::provenance::{FIELDS, Kind, member, section};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "PR001",
        name: "provenance-field-missing",
        summary: "The schema of run records lacks a canonical provenance field",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("provenance_field_missing.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let rows = ctx.graph.reuse_registers.iter().filter_map(|register| register.provenance.as_ref());
    for row in rows {
        if row.schema.is_none() && row.message.is_none() {
            let finding =
                ctx.graph.sources.finding(&RULE.code, row.at, "`provenance` names no schema of run records");
            out.push(finding.with_help("write its `schema`, its `message` or both"));
        }
        schema(ctx.graph, row, out);
        let message = row.message.as_ref().and_then(|name| ctx.graph.protobuf.find_message(&name.text));
        if let Some(message) = message {
            wire(ctx.graph, message, out);
        }
    }
}

fn schema(graph: &Graph, row: &ProvenanceRow, out: &mut Vec<Finding>) {
    let Some(root) = row.schema.as_ref().and_then(|place| place.target) else { return };
    let Some(at) = section(graph, row) else {
        let name = row.section.as_ref().map_or("", |name| name.as_str());
        let message = format!("the schema of run records has no part `{name}` for the provenance fields");
        let finding = graph.sources.finding(&RULE.code, root, message);
        out.push(
            finding.with_help("add it to `properties`, or correct `provenance.section` of the register"),
        );
        return;
    };
    let node = graph.node(at);
    let required: Vec<&str> = node
        .get("required")
        .into_iter()
        .flat_map(|list| list.items())
        .filter_map(|item| item.as_str())
        .collect();
    for (field, kind) in FIELDS {
        let mut tell = |at: At, message: String, help: &str| {
            out.push(graph.sources.finding(&RULE.code, at, message).with_help(help));
        };
        match member(graph, at, field) {
            None => tell(
                at,
                format!("run records have no provenance field `{field}`"),
                "add it to `properties` and `required`",
            ),
            Some(found) if !kind.allows(graph.node(found).get("type")) => tell(
                found,
                format!("the provenance field `{field}` is not {}", kind.words()),
                "give it that type: reports are made from these fields",
            ),
            Some(found) if !required.contains(field) => tell(
                found,
                format!("the provenance field `{field}` is not required"),
                "add it to `required`: a record without it proves nothing",
            ),
            Some(_) => {}
        }
    }
}

/// The same fields on the wire; what is an object may be a text of JSON there.
fn wire(graph: &Graph, message: MessageId, out: &mut Vec<Finding>) {
    let proto = &graph.protobuf;
    let one = proto.message(message);
    for (field, kind) in FIELDS {
        let as_text = format!("{field}_json");
        let found = proto.field_named(message, field).or_else(|| proto.field_named(message, &as_text));
        let Some(found) = found.map(|id| proto.field(id)) else {
            let text = format!("`{}` has no provenance field `{field}`", one.full_name);
            let finding = graph.sources.finding(&RULE.code, one.at, text);
            out.push(finding.with_help("add it with a number of its own"));
            continue;
        };
        let fits = match kind {
            Kind::Flag => found.ty == FieldType::Scalar(Scalar::Bool),
            Kind::Text => found.ty == FieldType::Scalar(Scalar::String),
            Kind::Object if *found.name == *as_text => found.ty == FieldType::Scalar(Scalar::String),
            Kind::Object => matches!(found.ty, FieldType::Message(_)),
        };
        if !fits {
            let text = format!("the provenance field `{}` is not {}", found.name, kind.words());
            out.push(graph.sources.finding(&RULE.code, found.at, text).with_help("give it that type"));
        }
    }
}
