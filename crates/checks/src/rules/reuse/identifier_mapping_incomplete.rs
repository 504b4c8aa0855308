//! RE012 `identifier-mapping-incomplete`.

use tenon_graph::{Graph, IdentifierRow, Name, ReuseRegister};
use tenon_source::{Code, Finding, Level};

use super::is_said;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "RE012",
        name: "identifier-mapping-incomplete",
        summary: "An identifier has no producer, format or place in schema and wire",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("identifier_mapping_incomplete.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let graph = ctx.graph;
    for register in &graph.reuse_registers {
        for row in &register.identifiers {
            lacks(graph, row, out);
            for field in row.fields.iter().filter(|field| !has_field(graph, &field.text)) {
                let message = format!("there is no protobuf field `{}`", field.text);
                let help = if graph.protobuf.files.is_empty() {
                    "no protobuf file was read: check the folder that holds the register and the `.proto` files"
                } else {
                    "write it as `package.Message.field`"
                };
                out.push(graph.sources.finding_at_value(&RULE.code, field.at, message).with_help(help));
            }
            out.extend(unknown_source(graph, register, row));
        }
    }
}

fn lacks(graph: &Graph, row: &IdentifierRow, out: &mut Vec<Finding>) {
    let said = |name: &Option<Name>| name.as_ref().is_some_and(|name| is_said(&name.text));
    let columns = [
        ("producer", said(&row.producer), "write who makes it"),
        ("format", said(&row.format), "write its form, such as `opaque non-empty string`"),
        ("schemas", !row.schemas.is_empty(), "write where it stands: `run.schema.json#/properties/run_id`"),
        ("fields", !row.fields.is_empty(), "write its protobuf field: `package.Message.field`"),
    ];
    for (column, _, help) in columns.iter().filter(|(_, said, _)| !said) {
        let message = format!("the identifier `{}` says no `{column}`", row.identifier.text);
        out.push(graph.sources.finding(&RULE.code, row.at, message).with_help(*help));
    }
}

fn has_field(graph: &Graph, full_name: &str) -> bool {
    let Some((message, field)) = full_name.rsplit_once('.') else { return false };
    let message = graph.protobuf.find_message(message);
    message.is_some_and(|message| graph.protobuf.field_named(message, field).is_some())
}

/// An identifier that is made from one the register does not know.
fn unknown_source(graph: &Graph, register: &ReuseRegister, row: &IdentifierRow) -> Option<Finding> {
    let from = row.derived_from.as_ref()?;
    if register.identifiers.iter().any(|other| other.identifier.text == from.text && other.at != row.at) {
        return None;
    }
    let message = format!(
        "`{}` is derived from `{}`, which is no other identifier here",
        row.identifier.text, from.text
    );
    let finding = graph.sources.finding_at_value(&RULE.code, from.at, message);
    Some(finding.with_help("add a row for it"))
}
