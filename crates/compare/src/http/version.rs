//! Whether the version of an API says what became of it.

use std::collections::BTreeMap;

use tenon_graph::{Graph, HttpApi};
use tenon_source::At;

use super::documents::info;
use super::pair::Pairs;
use super::rules::{MAJOR_NOT_RAISED, VERSION_LOWERED, VERSION_NOT_RAISED};
use crate::version::{Grave, InVersion, Numbered, VersionRules, judge};
use crate::{Change, Versions};

static RULES: VersionRules = VersionRules {
    not_raised: &VERSION_NOT_RAISED,
    major_not_raised: &MAJOR_NOT_RAISED,
    lowered: &VERSION_LOWERED,
};

/// Compares the version of each document with what was found in it.
pub(super) fn compare(versions: &Versions<'_>, pairs: &Pairs<'_>, found: &mut Vec<Change>) {
    let mut out = Vec::new();
    let numbered = |old: &HttpApi, new: &HttpApi| {
        let (before, after) = (version_of(versions.old, old)?, version_of(versions.new, new)?);
        Some(Numbered { what: "API", subject: "info version".to_owned(), old: before, new: after })
    };
    if let [(old, new)] = pairs.apis.as_slice() {
        let worst = found.iter().map(|change| change.class).min();
        out.extend(numbered(old, new).and_then(|numbered| judge(versions, &RULES, &numbered, worst)));
    } else if !pairs.apis.is_empty() {
        let grave = Grave::of(versions, found);
        let labels = labels(pairs);
        for (old, new) in &pairs.apis {
            let files = [(0, old.file), (1, new.file)];
            let named = files.iter().filter_map(|key| labels.get(key)).flatten().map(String::as_str);
            let worst = grave.worst(&files, named);
            out.extend(numbered(old, new).and_then(|numbered| judge(versions, &RULES, &numbered, worst)));
        }
    }
    found.append(&mut out);
}

/// What people call the operations of each document.
fn labels(pairs: &Pairs<'_>) -> BTreeMap<InVersion, Vec<String>> {
    let mut out: BTreeMap<InVersion, Vec<String>> = BTreeMap::new();
    for (pair, label) in pairs.operations.iter().zip(&pairs.labels) {
        out.entry((0, pair.old.file)).or_default().push(label.clone());
        out.entry((1, pair.new.file)).or_default().push(label.clone());
    }
    for (version, list) in [(0, &pairs.removed), (1, &pairs.added)] {
        for lone in list {
            out.entry((version, lone.operation.file)).or_default().push(lone.operation.label());
        }
    }
    out
}

fn version_of<'g>(graph: &'g Graph, api: &HttpApi) -> Option<(&'g str, At)> {
    let at = info(api);
    let value = graph.node(at).get("version")?;
    let text = value.as_str().or_else(|| value.number_text())?;
    Some((text, At { file: at.file, node: value.id() }))
}
