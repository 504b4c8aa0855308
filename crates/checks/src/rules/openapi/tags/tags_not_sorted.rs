//! OA162 `tags-not-sorted`.

use tenon_source::{Code, Finding, Level};

use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA162",
        name: "tags-not-sorted",
        summary: "The declared tags are not in the order of the alphabet",
        level: Level::Off,
        aliases: &["spectral:openapi-tags-alphabetical", "redocly:tags-alphabetical"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("tags_not_sorted.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for api in &ctx.graph.apis {
        let pairs = api.tags.iter().zip(api.tags.iter().skip(1));
        for (before, tag) in pairs.filter(|(before, tag)| is_after(&before.name.text, &tag.name.text)).take(1)
        {
            let message = format!("`{}` stands after `{}`", tag.name.text, before.name.text);
            let finding = ctx.graph.sources.finding_at_value(&RULE.code, tag.name.at, message);
            out.push(finding.with_help("sort the list of tags by name"));
        }
    }
}

fn is_after(a: &str, b: &str) -> bool {
    a.chars().flat_map(char::to_lowercase).gt(b.chars().flat_map(char::to_lowercase))
}
