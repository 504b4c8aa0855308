//! OA021 `ambiguous-paths`.

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHasher};
use tenon_graph::HttpApi;
use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::support::fixed_parts;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA021",
        name: "ambiguous-paths",
        summary: "Two paths match the same request",
        level: Level::Warning,
        aliases: &["redocly:no-ambiguous-paths"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("ambiguous_paths.md"),
    check,
};

/// Most segments of a path that is compared, a count: the bits of a mask. No real path has half as
/// many.
const SEGMENTS_MAX: usize = 64;

/// Which segments are parameters, one bit each.
type Mask = u64;

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let sources = &ctx.graph.sources;
    for api in &ctx.graph.apis {
        let earlier = clashes(api);
        for (&later, &earlier) in &earlier {
            let (Some(later), Some(earlier)) = (api.paths.get(later), api.paths.get(earlier)) else {
                continue;
            };
            let message = format!("the path can match the same request as `{}`", earlier.name.text);
            out.push(
                sources
                    .finding(&RULE.code, later.name.at, message)
                    .with_related(sources.place(earlier.name.at), "the other path")
                    .with_help("give one of them a fixed segment where the other has a parameter"),
            );
        }
    }
}

/// For each path that clashes with an earlier one, the first such one.
///
/// Paths are grouped by the places of their parameters. Two groups clash where paths are equal at
/// the places that are fixed in both, which a hash finds: no pair of paths is compared in vain.
fn clashes(api: &HttpApi) -> BTreeMap<usize, usize> {
    let mut groups: BTreeMap<(usize, u32), BTreeMap<Mask, Vec<usize>>> = BTreeMap::new();
    for (index, item) in api.paths.iter().enumerate() {
        let length = segments(&item.name.text).count();
        if length <= SEGMENTS_MAX {
            let mask = parameter_mask(&item.name.text);
            groups.entry((length, mask.count_ones())).or_default().entry(mask).or_default().push(index);
        }
    }
    let text = |index: usize| api.paths.get(index).map_or("", |item| item.name.as_str());
    let mut found: BTreeMap<usize, usize> = BTreeMap::new();
    for masks in groups.values() {
        for (mask, paths) in masks {
            for (other_mask, others) in masks {
                let free = mask | other_mask;
                let mut firsts: FxHashMap<u64, usize> = FxHashMap::default();
                for &index in paths {
                    firsts.entry(fixed_hash(text(index), free)).or_insert(index);
                }
                for &later in others {
                    let Some(&earlier) = firsts.get(&fixed_hash(text(later), free)) else { continue };
                    if earlier < later && clash(text(earlier), text(later), free) {
                        let known = found.entry(later).or_insert(earlier);
                        *known = earlier.min(*known);
                    }
                }
            }
        }
    }
    found
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/')
}

fn parameter_mask(path: &str) -> Mask {
    let is_parameter = |segment: &str| segment.starts_with('{') && segment.ends_with('}');
    segments(path)
        .enumerate()
        .filter(|(_, segment)| is_parameter(segment))
        .fold(0, |mask, (bit, _)| mask | 1 << bit)
}

fn fixed(path: &str, free: Mask) -> impl Iterator<Item = &str> {
    segments(path).enumerate().filter(move |(bit, _)| free & (1 << bit) == 0).map(|(_, segment)| segment)
}

fn fixed_hash(path: &str, free: Mask) -> u64 {
    let mut hasher = FxHasher::default();
    fixed(path, free).for_each(|segment| segment.hash(&mut hasher));
    hasher.finish()
}

/// Whether two paths match a common request. Those that differ in the names of their parameters only
/// are said to be identical elsewhere.
fn clash(a: &str, b: &str, free: Mask) -> bool {
    fixed(a, free).eq(fixed(b, free)) && !fixed_parts(a).eq(fixed_parts(b))
}
