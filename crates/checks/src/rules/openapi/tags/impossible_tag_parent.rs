//! OA164 `impossible-tag-parent`.

use rustc_hash::FxHashMap;
use tenon_graph::Tag;
use tenon_source::{Code, Finding, Level, Node};

use crate::rules::openapi::support::at;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA164",
        name: "impossible-tag-parent",
        summary: "The parent of a tag is not declared or is the tag itself",
        level: Level::Error,
        aliases: &["redocly:spec-no-invalid-tag-parents"],
    },
    minimal: Level::Error,
    strict: Level::Error,
    doc: include_str!("impossible_tag_parent.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for api in &ctx.graph.apis {
        let by_name: FxHashMap<&str, &Tag> = api.tags.iter().map(|tag| (tag.name.as_str(), tag)).collect();
        let parent_of = |tag: &Tag| ctx.graph.node(tag.at).get("parent").and_then(Node::as_str);
        for tag in &api.tags {
            let Some(place) = ctx.graph.node(tag.at).get("parent") else { continue };
            let Some(parent) = place.as_str() else { continue };
            let mut above = by_name.get(parent).copied();
            let message = if above.is_none() {
                format!("the parent `{parent}` is not declared")
            } else {
                // Each step goes up by one tag, so more steps than tags are a circle.
                let mut steps = 0;
                while let Some(next) =
                    above.filter(|above| above.name.text != tag.name.text && steps <= api.tags.len())
                {
                    above = parent_of(next).and_then(|name| by_name.get(name).copied());
                    steps += 1;
                }
                if above.is_none_or(|above| above.name.text != tag.name.text) {
                    continue;
                }
                format!("the parents of `{}` lead back to it", tag.name.text)
            };
            let finding = ctx.graph.sources.finding_at_value(&RULE.code, at(tag.at, place), message);
            out.push(finding.with_help("name a declared tag that stands above this one"));
        }
    }
}
