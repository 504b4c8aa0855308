//! OA160 `duplicate-tag`.

use rustc_hash::FxHashMap;
use tenon_source::{Code, Finding, Level};

use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA160",
        name: "duplicate-tag",
        summary: "Two tags have the same name",
        level: Level::Error,
        aliases: &["spectral:openapi-tags-uniqueness", "redocly:no-duplicated-tag-names"],
    },
    minimal: Level::Error,
    strict: Level::Error,
    doc: include_str!("duplicate_tag.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let sources = &ctx.graph.sources;
    for api in &ctx.graph.apis {
        let mut first = FxHashMap::default();
        for tag in &api.tags {
            let earlier = *first.entry(tag.name.as_str()).or_insert(tag.name.at);
            if earlier == tag.name.at {
                continue;
            }
            let message = format!("the tag `{}` is declared twice", tag.name.text);
            out.push(
                sources
                    .finding_at_value(&RULE.code, tag.name.at, message)
                    .with_related(sources.place(earlier), "first declared here")
                    .with_help("remove one of the two"),
            );
        }
    }
}
