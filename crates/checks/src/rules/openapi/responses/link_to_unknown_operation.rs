//! OA136 `link-to-unknown-operation`.

use rustc_hash::FxHashSet;
use tenon_source::{At, Code, Finding, Level, NodeId};

use crate::rules::openapi::support::{at, operations};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA136",
        name: "link-to-unknown-operation",
        summary: "A link leads to an operation that does not exist",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("link_to_unknown_operation.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let all = ctx.graph.operations.iter().filter_map(|operation| operation.id.as_ref());
    let ids: FxHashSet<&str> = all.map(|id| id.as_str()).collect();
    let mut seen = FxHashSet::default();
    for operation in ctx.graph.apis.iter().flat_map(|api| operations(ctx, api)) {
        for link in operation.detail.responses.iter().flat_map(|response| &response.links) {
            if seen.insert(link.def) {
                check_link(ctx, link.def, &ids, out);
            }
        }
    }
}

fn check_link(ctx: &Context<'_>, link: At, ids: &FxHashSet<&str>, out: &mut Vec<Finding>) {
    let node = ctx.graph.node(link);
    let wrong_id =
        node.get("operationId").and_then(|id| Some((id, id.as_str().filter(|text| !ids.contains(text))?)));
    if let Some((id, text)) = wrong_id {
        let message = format!("the link leads to the operation `{text}`, which does not exist");
        let finding = ctx.graph.sources.finding_at_value(&RULE.code, at(link, id), message);
        out.push(finding.with_help("write the id of an operation of this document"));
    }
    let Some(reference) = node.get("operationRef") else { return };
    let Some(pointer) = reference.as_str().and_then(|text| text.strip_prefix('#')) else { return };
    let root = ctx.graph.node(At { file: link.file, node: NodeId::ROOT });
    // Braces and blanks stand encoded in a URL.
    let decoded = pointer.replace("%7B", "{").replace("%7D", "}").replace("%7b", "{").replace("%7d", "}");
    if root.at(pointer).is_none() && root.at(&decoded).is_none() {
        let message = format!("the link's reference `#{pointer}` leads to nothing");
        let finding = ctx.graph.sources.finding_at_value(&RULE.code, at(link, reference), message);
        out.push(finding.with_help("write `#/paths/` with the path, its slashes as `~1`, and the method"));
    }
}
