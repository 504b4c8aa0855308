//! Two versions of a contract to the changes between them.
//!
//! Holds: what changed, whom it breaks and why, for every format, on the graph: a change of file
//! layout alone is no change. One folder a kind of contract, with its table of rules and their
//! pages. It must never hold: the grammar of a format, rendering, file access, a clock.
//!
//! Start reading at [`compare`], then at [`Change`], then at any folder's `rules.rs`.
#![forbid(unsafe_code)]

mod change;
mod day;
mod fingerprint;
mod ledger;
mod policy;
mod rule;
mod tiers;
mod value;
mod version;

pub mod asyncapi;
pub mod governance;
pub mod http;
pub mod peers;
pub mod protobuf;
pub mod schema;

use rayon::prelude::*;
use tenon_graph::Graph;

pub use change::{Change, Class, Direction, Reach, Spot};
pub use day::Day;
pub use policy::{FailOn, Judgement, judge, step};
pub use rule::{AREAS, Area, ChangeRule, Effect, all_rules, find_rule, page_of};
pub use tiers::{Tiers, tier_of};

/// What a user may decide about the comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Settings {
    /// Whether objects that do not say so may have members that no one declared.
    pub content_model: ContentModel,
    /// The day the comparison is made for, where it is known: what has been announced for long
    /// enough may be removed after it.
    pub today: Option<Day>,
    /// How long something is deprecated before it may be removed.
    pub notice: Notice,
}

/// How long consumers are told before something goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Notice {
    /// Days from the announcement to the day something counts as deprecated.
    pub announced_days_min: i64,
    /// Days from the announcement to the sunset.
    pub sunset_days_min: i64,
}

impl Default for Notice {
    /// 90 days to the deprecation, 180 to the sunset.
    fn default() -> Self {
        Self { announced_days_min: 90, sunset_days_min: 180 }
    }
}

/// What an object schema without `additionalProperties` means to the parties of a contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ContentModel {
    /// Receivers ignore members they do not know: a new optional member breaks nobody.
    #[default]
    Open,
    /// Receivers refuse members they do not know, whether the schema says so or not.
    Closed,
}

/// Two versions of the same contracts.
#[derive(Debug, Clone, Copy)]
pub struct Versions<'g> {
    /// Before the change.
    pub old: &'g Graph,
    /// After it.
    pub new: &'g Graph,
    /// What the user decided.
    pub settings: Settings,
}

/// Looks at one kind of contract and reports what changed, in any order.
pub type Comparison = fn(&Versions<'_>, &mut Vec<Change>);

/// Every comparison. Each looks only at its own kind of contract.
static COMPARISONS: &[Comparison] =
    &[http::compare, schema::compare_files, governance::compare, asyncapi::compare, protobuf::compare];

/// Everything that changed, each root cause once, in order of place, with its fingerprint.
#[must_use]
pub fn compare(versions: &Versions<'_>) -> Vec<Change> {
    let found: Vec<Vec<Change>> = COMPARISONS
        .par_iter()
        .map(|comparison| {
            let mut out = Vec::new();
            comparison(versions, &mut out);
            out
        })
        .collect();
    let mut changes: Vec<Change> = found.into_iter().flatten().collect();
    // The version of a contract is about everything in it, whatever found it.
    governance::compare_versions(versions, &mut changes);
    changes.sort_by(Change::in_order);
    changes.dedup_by(|later, first| first.absorb(later));
    fingerprint::set(&mut changes);
    changes
}
