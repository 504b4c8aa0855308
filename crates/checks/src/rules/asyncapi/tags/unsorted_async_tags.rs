//! AS062 `unsorted-async-tags`.

use tenon_source::{Code, Finding, Level};

use crate::rules::asyncapi::support::documents;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "AS062",
        name: "unsorted-async-tags",
        summary: "Tags are not in alphabetical order",
        level: Level::Off,
        aliases: &["spectral:asyncapi-tags-alphabetical", "spectral:asyncapi-3-tags-alphabetical"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("unsorted_async_tags.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for api in documents(ctx) {
        let pairs = api.tags.iter().zip(api.tags.iter().skip(1));
        // The first one out of order: mending it may mend the rest.
        let Some((before, tag)) = pairs.into_iter().find(|(a, b)| a.name.text > b.name.text) else {
            continue;
        };
        let message = format!("the tag `{}` stands behind `{}`", tag.name.text, before.name.text);
        let finding = ctx.graph.sources.finding_at_value(&RULE.code, tag.name.at, message);
        out.push(finding.with_help("put the tags in alphabetical order"));
    }
}
