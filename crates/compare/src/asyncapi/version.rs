//! The version of an AsyncAPI document, and whether it says what became of the document.

use tenon_graph::{AsyncApi, Graph};
use tenon_source::At;

use super::operations::label;
use super::pair::Documents;
use super::rules::{
    ASYNC_MAJOR_NOT_RAISED, ASYNC_VERSION_CHANGED, ASYNC_VERSION_LOWERED, ASYNC_VERSION_NOT_RAISED,
};
use crate::version::{Grave, Numbered, VersionRules, judge};
use crate::{Change, Spot, Versions};

static RULES: VersionRules = VersionRules {
    not_raised: &ASYNC_VERSION_NOT_RAISED,
    major_not_raised: &ASYNC_MAJOR_NOT_RAISED,
    lowered: &ASYNC_VERSION_LOWERED,
};

/// Compares the version of each document with what was found in it.
pub(super) fn compare(versions: &Versions<'_>, documents: &Documents<'_>, found: &mut Vec<Change>) {
    let mut out = Vec::new();
    let mut grave = None;
    for (old, new) in &documents.pairs {
        let (Some(before), Some(after)) = (version_of(versions.old, old), version_of(versions.new, new))
        else {
            continue;
        };
        if before.0 != after.0 {
            let message = format!("the version of the application is {}, it was {}", after.0, before.0);
            out.push(
                Change::new(&ASYNC_VERSION_CHANGED, None, "info version", message)
                    .from_old(Spot::of(versions.old, before.1))
                    .at_new(Spot::of(versions.new, after.1)),
            );
        }
        let grave = grave.get_or_insert_with(|| Grave::of(versions, found));
        let labels: Vec<String> = [old, new]
            .into_iter()
            .flat_map(|api| api.operations.iter().map(|operation| label(api, operation)))
            .collect();
        let worst = grave.worst(&[(0, old.file), (1, new.file)], labels.iter().map(String::as_str));
        let numbered =
            Numbered { what: "application", subject: "info version".to_owned(), old: before, new: after };
        out.extend(judge(versions, &RULES, &numbered, worst));
    }
    found.append(&mut out);
}

fn version_of<'g>(graph: &'g Graph, api: &AsyncApi) -> Option<(&'g str, At)> {
    let info = api.info?;
    let value = graph.node(info).get("version")?;
    let text = value.as_str().or_else(|| value.number_text())?;
    Some((text, At { file: info.file, node: value.id() }))
}
