//! OA165 `unused-tag`.

use rustc_hash::FxHashSet;
use tenon_source::{Code, Finding, Level, Node};

use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA165",
        name: "unused-tag",
        summary: "A declared tag is used by no operation",
        level: Level::Off,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("unused_tag.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for api in &ctx.graph.apis {
        let operations = ctx.graph.operations_of(api.file).iter();
        let used = operations.flat_map(|operation| &operation.detail.tags).map(|tag| tag.as_str());
        let parents =
            api.tags.iter().filter_map(|tag| ctx.graph.node(tag.at).get("parent").and_then(Node::as_str));
        let used: FxHashSet<&str> = used.chain(parents).collect();
        for tag in api.tags.iter().filter(|tag| !used.contains(tag.name.as_str())) {
            let message = format!("no operation has the tag `{}`", tag.name.text);
            let finding = ctx.graph.sources.finding_at_value(&RULE.code, tag.name.at, message);
            out.push(finding.with_help("remove the tag, or give it to the operations it is for"));
        }
    }
}
