//! Changes of governance: who may call, how repeated calls are told apart, what is counted, which
//! errors there are and what becomes of the entities, in every format that says so.

mod catalogue;
mod contracts;
mod entities;
mod operations;
mod rpc;
mod rules;
mod service;
mod version;
mod words;

use crate::http::pair::Pairs;
use crate::http::scope::Scope;
use crate::ledger::Ledger;
use crate::{Area, Change, Versions};

/// The kinds of changes found here.
pub static AREA: Area = Area { name: "governance", rules: rules::RULES, pages: include_str!("rules.md") };

/// What changed.
pub fn compare(versions: &Versions<'_>, out: &mut Vec<Change>) {
    let pairs = Pairs::of_all(versions);
    let mut ledger = Ledger::default();
    let known = catalogue::Known::of(versions);
    for pair in &pairs.operations {
        let label = pairs.labels.get(pair.label as usize).map_or("", String::as_str);
        let mut scope = Scope::new(versions, pair, label, &mut ledger);
        operations::compare(&mut scope);
        catalogue::compare_bound(&mut scope, &known);
        service::compare(&mut scope);
    }
    ledger.finish(&pairs.labels, out);
    catalogue::compare(versions, out);
    entities::compare(versions, out);
    contracts::compare(versions, out);
}

/// Holds the version of each contract to what changed in it, of all that was found.
pub(crate) fn compare_versions(versions: &Versions<'_>, changes: &mut Vec<Change>) {
    version::compare(versions, changes);
}
