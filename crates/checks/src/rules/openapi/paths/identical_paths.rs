//! OA020 `identical-paths`.

use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHasher};
use tenon_graph::PathItem;
use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::support::fixed_parts;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA020",
        name: "identical-paths",
        summary: "Two paths differ in the names of their parameters only",
        level: Level::Error,
        aliases: &["spectral:path-params", "redocly:no-identical-paths"],
    },
    minimal: Level::Error,
    strict: Level::Error,
    doc: include_str!("identical_paths.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let sources = &ctx.graph.sources;
    for api in &ctx.graph.apis {
        let mut first: FxHashMap<u64, &PathItem> = FxHashMap::default();
        for item in &api.paths {
            let mut hasher = FxHasher::default();
            fixed_parts(&item.name.text).for_each(|part| part.hash(&mut hasher));
            let earlier = *first.entry(hasher.finish()).or_insert(item);
            let same = fixed_parts(&earlier.name.text).eq(fixed_parts(&item.name.text));
            if std::ptr::eq(earlier, item) || !same {
                continue;
            }
            let message = format!("the path matches the same requests as `{}`", earlier.name.text);
            out.push(
                sources
                    .finding(&RULE.code, item.name.at, message)
                    .with_related(sources.place(earlier.name.at), "the other path")
                    .with_help("merge the two, or give one of them a fixed segment of its own"),
            );
        }
    }
}
