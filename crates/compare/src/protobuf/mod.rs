//! Changes of Protocol Buffers.
//!
//! Elements are paired by their full names, wherever they stand, and fields by their numbers.
//! [`sides`] pairs, the other files look at one kind of pair each, [`select`] tells which changes
//! count for whoever has a `buf.yaml`.

mod defaults;
mod described;
mod enums;
mod features;
mod fields;
mod files;
mod messages;
mod options;
mod ranges;
mod reach;
mod renames;
mod report;
mod rules;
mod select;
mod services;
mod sides;
mod types;

use rayon::prelude::*;

use crate::{Area, Change, Versions};
use report::Report;
use sides::Sides;

/// The kinds of changes found here.
pub static AREA: Area =
    Area { name: "Protocol Buffers", rules: rules::RULES, pages: include_str!("rules.md") };

/// What looks at one kind of element.
type Look = for<'g> fn(&Sides<'g>, &mut Report<'_, 'g>);

/// Everything that is looked at, each on its own.
static LOOKS: &[Look] = &[
    files::compare,
    messages::compare,
    fields::compare_extensions,
    enums::compare,
    services::compare,
    described::compare,
    features::compare,
];

/// What changed.
pub fn compare(versions: &Versions<'_>, out: &mut Vec<Change>) {
    let (old, new) = (&versions.old.protobuf, &versions.new.protobuf);
    // A contract that had no Protobuf, or has none now, is compared by what else it says.
    if old.files.iter().all(|file| file.is_bundled) && new.files.iter().all(|file| file.is_bundled) {
        return;
    }
    let sides = Sides::new(versions);
    let found: Vec<Vec<Change>> = LOOKS
        .par_iter()
        .map(|look| {
            let mut report = Report::new(&sides);
            look(&sides, &mut report);
            report.finish()
        })
        .collect();
    out.extend(found.into_iter().flatten());
}
