//! The version of a contract, and whether it says what became of the contract.

use tenon_graph::{Contract, Graph, Name};
use tenon_source::At;

use super::contracts::{called, pairs};
use super::rules::{
    CONTRACT_MAJOR_NOT_RAISED, CONTRACT_VERSION_CHANGED, CONTRACT_VERSION_LOWERED,
    CONTRACT_VERSION_NOT_RAISED,
};
use crate::version::{Grave, InVersion, Numbered, VersionRules, judge};
use crate::{Change, Spot, Versions};

static RULES: VersionRules = VersionRules {
    not_raised: &CONTRACT_VERSION_NOT_RAISED,
    major_not_raised: &CONTRACT_MAJOR_NOT_RAISED,
    lowered: &CONTRACT_VERSION_LOWERED,
};

/// Compares the version of each contract with what was found in its file, in the files it is about
/// and in those they refer to.
pub(super) fn compare(versions: &Versions<'_>, found: &mut Vec<Change>) {
    let mut out = Vec::new();
    let mut grave = None;
    for (old, new) in pairs(versions) {
        // What stands in an API document has the document's version, which is told there.
        if is_document(versions.old, old) || is_document(versions.new, new) {
            continue;
        }
        let (Some(before), Some(after)) = (version_of(old), version_of(new)) else { continue };
        let subject = format!("{} version", called(new));
        if before.0 != after.0 {
            let message = format!("the version of the contract is {}, it was {}", after.0, before.0);
            out.push(
                Change::new(&CONTRACT_VERSION_CHANGED, None, subject.clone(), message)
                    .from_old(Spot::of(versions.old, before.1))
                    .at_new(Spot::of(versions.new, after.1)),
            );
        }
        let grave = grave.get_or_insert_with(|| Grave::of(versions, found));
        let mut files = files(0, old);
        files.extend(self::files(1, new));
        let labels: Vec<String> = files
            .iter()
            .flat_map(|(version, file)| {
                let graph: &Graph = if *version == 0 { versions.old } else { versions.new };
                graph.operations_of(*file)
            })
            .map(tenon_graph::Operation::label)
            .collect();
        let worst = grave.worst(&files, labels.iter().map(String::as_str));
        let numbered = Numbered { what: "contract", subject, old: before, new: after };
        out.extend(judge(versions, &RULES, &numbered, worst));
    }
    found.append(&mut out);
}

fn is_document(graph: &Graph, contract: &Contract) -> bool {
    let file = contract.at.file;
    graph.apis.iter().any(|api| api.file == file) || graph.async_apis.iter().any(|api| api.file == file)
}

fn version_of(contract: &Contract) -> Option<(&str, At)> {
    contract.version.as_ref().map(|version| (Name::as_str(version), version.at))
}

/// The file of a contract and those it is about.
fn files(version: u8, contract: &Contract) -> Vec<InVersion> {
    let own = std::iter::once(contract.at.file).chain(contract.sources.iter().copied());
    own.map(|file| (version, file)).collect()
}
