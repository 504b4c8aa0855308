//! RE014 `tool-without-capability`.

use std::collections::BTreeMap;

use tenon_graph::ReuseRegister;
use tenon_source::{At, Code, FileId, Finding, Level, Node};

use super::{is_below, is_said};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "RE014",
        name: "tool-without-capability",
        summary: "A tool has no capability, or another version than its capability",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("tool_without_capability.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for register in ctx.graph.reuse_registers.iter().filter(|register| !register.capabilities.is_empty()) {
        hold(ctx, register, out);
    }
}

fn hold(ctx: &Context<'_>, register: &ReuseRegister, out: &mut Vec<Finding>) {
    let graph = ctx.graph;
    let tools = tools(ctx, register.file);
    for (id, tool) in &tools {
        if !register.capabilities.iter().any(|row| row.tool.text == *id) {
            let message = format!("the tool `{id}` stands for no capability");
            let finding = graph.sources.finding(&RULE.code, *tool, message);
            out.push(finding.with_help("add it to `capabilities` of the reuse register, with the version"));
        }
    }
    for row in &register.capabilities {
        let id = &row.tool.text;
        if !row.version.as_ref().is_some_and(|version| is_said(&version.text)) {
            let message = format!("the capability of the tool `{id}` says no `version`");
            out.push(graph.sources.finding(&RULE.code, row.at, message).with_help("write its version"));
        }
        let named = row.manifest.as_ref().and_then(|place| place.target);
        let Some(tool) = named.or_else(|| tools.get(id).copied()) else { continue };
        let node = graph.node(tool);
        let told =
            [("tool_id", Some(id.as_str())), ("version", row.version.as_ref().map(|name| name.as_str()))];
        for (key, wanted) in told {
            let Some(wanted) = wanted else { continue };
            let found = node.get(key).and_then(scalar);
            if found != Some(wanted) {
                let found = found.unwrap_or("none");
                let message =
                    format!("the manifest of `{id}` has the {key} `{found}`, its capability `{wanted}`");
                let finding = graph.sources.finding(&RULE.code, row.at, message);
                let finding = finding.with_related(graph.sources.place(tool), "the manifest");
                out.push(
                    finding
                        .with_help("make the two agree: clients discover the capability and call the tool"),
                );
            }
        }
    }
}

fn scalar(node: Node<'_>) -> Option<&str> {
    node.as_str().or_else(|| node.number_text())
}

/// Tool manifests in the folder of the register and below: files with a `tool_id` and the schema
/// of its input.
fn tools(ctx: &Context<'_>, register: FileId) -> BTreeMap<String, At> {
    let graph = ctx.graph;
    let roots = graph.documents.iter().filter(|document| is_below(graph, document.file, register));
    let roots = roots.map(|document| At { file: document.file, node: tenon_source::NodeId::ROOT });
    let manifests = roots.filter_map(|at| {
        let node = graph.node(at);
        node.get("input_schema_ref")?;
        Some((node.get_str("tool_id")?.to_owned(), at))
    });
    manifests.collect()
}
