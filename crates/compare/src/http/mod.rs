//! Changes of HTTP operations, and of operations in general where a format has others.

mod body;
mod documents;
mod lifecycle;
mod media;
mod operations;
pub(crate) mod pair;
mod parameters;
mod responses;
mod rules;
pub(crate) mod scope;
mod security;
mod servers;
mod style;
pub(crate) mod uses;
mod version;

use std::collections::BTreeMap;

use tenon_source::FileId;

use crate::ledger::Ledger;
use crate::{Area, Change, Versions};
use pair::Pairs;
use scope::Scope;
use security::Schemes;

/// The kinds of changes found here.
pub static AREA: Area =
    Area { name: "HTTP operations", rules: rules::RULES, pages: include_str!("rules.md") };

/// What changed.
pub fn compare(versions: &Versions<'_>, out: &mut Vec<Change>) {
    let pairs = Pairs::of(versions);
    let mut found = Vec::new();
    let mut schemes: BTreeMap<FileId, Schemes<'_>> = BTreeMap::new();
    for (old, new) in &pairs.apis {
        documents::compare(versions, old, new, &mut found);
        servers::compare(versions, &pairs, old, new, &mut found);
        let paired = Schemes::of(versions, old, new);
        security::compare_schemes(versions, new, &paired, &mut found);
        schemes.insert(new.file, paired);
    }
    operations::compare_lone(versions, &pairs, &mut found);
    let mut ledger = Ledger::default();
    let none = Schemes::default();
    for pair in &pairs.operations {
        let label = pairs.labels.get(pair.label as usize).map_or("", String::as_str);
        let mut scope = Scope::new(versions, pair, label, &mut ledger);
        operations::compare(&mut scope);
        parameters::compare(&mut scope);
        if pair.apis().is_some() {
            body::compare(&mut scope);
            responses::compare(&mut scope);
            servers::compare_own(&mut scope);
            security::compare_requirements(&mut scope, schemes.get(&pair.new.file).unwrap_or(&none));
        }
    }
    ledger.finish(&pairs.labels, &mut found);
    let uses = uses::uses_of(versions, &pairs);
    crate::schema::compare_uses(versions, &pairs.labels, &uses, &mut found);
    version::compare(versions, &pairs, &mut found);
    out.append(&mut found);
}
