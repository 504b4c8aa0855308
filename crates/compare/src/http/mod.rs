//! Changes of HTTP operations.

mod media;
mod pair;
mod parameters;
mod responses;
mod rules;
mod uses;

use tenon_graph::HttpApi;

use crate::{Area, Change, Versions};

/// The kinds of changes found here.
pub static AREA: Area =
    Area { name: "HTTP operations", rules: rules::RULES, pages: include_str!("rules.md") };

/// What changed.
pub fn compare(versions: &Versions<'_>, out: &mut Vec<Change>) {
    let none = |apis: &[HttpApi]| apis.is_empty();
    if none(&versions.old.apis) && none(&versions.new.apis) {
        return;
    }
    let pairs = pair::Pairs::of(versions);
    let uses = uses::uses_of(versions, &pairs);
    crate::schema::compare_uses(versions, &pairs.labels, &uses, out);
}
