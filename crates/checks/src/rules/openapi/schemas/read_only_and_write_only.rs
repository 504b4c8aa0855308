//! OA078 `read-only-and-write-only`.

use tenon_graph::Keywords;
use tenon_source::{Code, Finding, Level, Node};

use crate::rules::openapi::support::{at, schemas};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA078",
        name: "read-only-and-write-only",
        summary: "A property may be neither sent nor received",
        level: Level::Warning,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("read_only_and_write_only.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let both = Keywords::READ_ONLY | Keywords::WRITE_ONLY;
    for (schema, _) in schemas(ctx, Keywords::WRITE_ONLY).filter(|(_, found)| found.has(both)) {
        let node = ctx.graph.node(schema.at);
        let is_set = |key| node.get(key).and_then(Node::as_bool) == Some(true);
        let Some(place) = node.get("writeOnly").filter(|_| is_set("readOnly") && is_set("writeOnly")) else {
            continue;
        };
        let message = "the value is read-only and write-only, so it is neither sent nor received";
        let finding = ctx.graph.sources.finding(&RULE.code, at(schema.at, place), message);
        out.push(finding.with_help("keep the one that is meant"));
    }
}
