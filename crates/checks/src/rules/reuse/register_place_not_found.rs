//! RE011 `register-place-not-found`.

use tenon_graph::{FamilyRow, Graph, RegisterPlace, ReuseRegister};
use tenon_source::{Code, Finding, Level};

use super::decision_is;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "RE011",
        name: "register-place-not-found",
        summary: "A reuse register names a schema, message or file that is not there",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Error,
    strict: Level::Error,
    doc: include_str!("register_place_not_found.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for register in &ctx.graph.reuse_registers {
        for place in places(register).into_iter().filter(|place| place.target.is_none()) {
            let name = &place.name.text;
            let what =
                if name.contains('#') { "no such file, or no such value in it" } else { "no such file" };
            let message = format!("`{name}` leads nowhere: there is {what}");
            let finding = ctx.graph.sources.finding_at_value(&RULE.code, place.name.at, message);
            out.push(finding.with_help(
                "paths start from the folder of the register; a part of a file is `file.json#/pointer`",
            ));
        }
        for row in &register.families {
            family(ctx.graph, row, out);
        }
        let provenance = register.provenance.as_ref().and_then(|row| row.message.as_ref());
        if let Some(message) = provenance.filter(|name| ctx.graph.protobuf.find_message(&name.text).is_none())
        {
            out.push(no_message(ctx.graph, message));
        }
    }
}

fn family(graph: &Graph, row: &FamilyRow, out: &mut Vec<Finding>) {
    for message in row.messages.iter().filter(|name| graph.protobuf.find_message(&name.text).is_none()) {
        out.push(no_message(graph, message));
    }
    // What is new may be decided before it is written.
    if row.schemas.is_empty() && row.messages.is_empty() && !decision_is(row, "new") {
        let message = format!("the family `{}` names no schema and no message", row.family.text);
        let finding = graph.sources.finding(&RULE.code, row.at, message);
        out.push(finding.with_help("list its files under `schemas`, its protobuf messages under `messages`"));
    }
}

fn no_message(graph: &Graph, name: &tenon_graph::Name) -> Finding {
    let message = format!("there is no protobuf message `{}`", name.text);
    let help = if graph.protobuf.files.is_empty() {
        "no protobuf file was read: check the folder that holds the register and the `.proto` files"
    } else {
        "write it with its package, as in `acme.v1.Order`"
    };
    graph.sources.finding_at_value(&RULE.code, name.at, message).with_help(help)
}

fn places(register: &ReuseRegister) -> Vec<&RegisterPlace> {
    let provenance = register.provenance.iter();
    let mapping = register.error_mapping.iter();
    let families = register.families.iter().flat_map(|row| &row.schemas);
    families
        .chain(register.identifiers.iter().flat_map(|row| &row.schemas))
        .chain(register.capabilities.iter().filter_map(|row| row.manifest.as_ref()))
        .chain(provenance.flat_map(|row| row.schema.iter().chain(&row.records)))
        .chain(mapping.flat_map(|row| row.reasons.iter().chain(&row.errors)))
        .collect()
}
