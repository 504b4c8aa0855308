//! Changes of HTTP operations.

mod rules;

use crate::{Area, Change, Versions};

/// The kinds of changes found here.
pub static AREA: Area =
    Area { name: "HTTP operations", rules: rules::RULES, pages: include_str!("rules.md") };

/// What changed.
pub fn compare(_versions: &Versions<'_>, _out: &mut Vec<Change>) {}
