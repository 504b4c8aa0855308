//! OP040 `unknown-rpc-service`.

use tenon_source::{Code, Finding, Level};

use super::*;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP040",
        name: "unknown-rpc-service",
        summary: "A contract speaks of an RPC service, enum, method or message that its sources lack",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Error,
    strict: Level::Error,
    doc: include_str!("unknown_rpc_service.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for (_, surface) in surfaces(ctx.graph) {
        names_of(ctx.graph, surface, out);
    }
}

/// The names of a section that stand for nothing.
fn names_of(graph: &Graph, surface: &RpcSurface, out: &mut Vec<Finding>) {
    let proto = &graph.protobuf;
    let mut lacks = |name: &Name, what: &str, near: Option<String>| {
        let message = format!("the sources of this contract have no {what} `{}`", name.text);
        let finding = graph.sources.finding_at_value(&RULE.code, name.at, message);
        let help = near
            .unwrap_or_else(|| "write the name as the `.proto` files have it, with its package".to_owned());
        out.push(finding.with_help(help));
    };
    if let Some(name) = surface.errors.as_ref().filter(|name| proto.find_enum(name.as_str()).is_none()) {
        let near = did_you_mean(name.as_str(), proto.enums.iter().map(|one| &*one.full_name));
        lacks(name, "enum", near);
    }
    let Some(service) = service(graph, surface) else {
        if let Some(name) = &surface.service {
            let near = did_you_mean(name.as_str(), proto.services.iter().map(|one| &*one.full_name));
            lacks(name, "service", near);
        }
        return;
    };
    let known: BTreeSet<&str> = methods(graph, service).iter().map(|rpc| &*rpc.name).collect();
    for name in surface.references.iter().filter(|name| !known.contains(name.as_str())) {
        lacks(name, "method", did_you_mean(name.as_str(), known.iter().copied()));
    }
    let package = package_of(surface);
    for facts in &surface.messages {
        let full = qualified(package, facts.name.as_str());
        if proto.find_message(facts.name.as_str()).or_else(|| proto.find_message(&full)).is_none() {
            let near = did_you_mean(&full, proto.messages.iter().map(|one| &*one.full_name));
            lacks(&facts.name, "message", near);
        }
    }
}

fn qualified(package: &str, name: &str) -> String {
    if package.is_empty() { name.to_owned() } else { format!("{package}.{name}") }
}
