//! The changes behind each drift: between what was frozen, where it can still be had, and what is
//! there now.

use std::path::Path;

use tenon_compare::{Change, Class, Spot, Versions, compare};
use tenon_graph::Graph;
use tenon_graph::freeze::{Aspect, freeze};
use tenon_source::{At, Place};

use super::Arguments;
use crate::commands::diff::inputs::is_wanted;
use crate::config::Config;
use crate::failure::Failure;
use crate::frozen::{self, Drifted, FILE_NAME, Frozen};
use crate::pipeline::analyse;
use crate::versions::{self, Spec, Unrelated};

/// Changes named with one drift, a count: `tenon diff` shows all.
const CHANGES_NAMED_MAX: usize = 5;

/// Adds to each drift the changes behind it. Returns what is worth knowing beside that.
///
/// # Errors
/// When the version that was named does not exist.
pub fn explain(
    arguments: &Arguments,
    config: &Config,
    frozen: &Frozen,
    graph: &Graph,
    drifted: &mut Drifted,
) -> Result<Vec<String>, Failure> {
    let before = match &arguments.against {
        Some(text) => Some(read(&Spec::parse(text)?, &arguments.path, config)?),
        None => found(frozen, &arguments.path, config),
    };
    let Some(before) = before else {
        let note = "what was frozen is in no commit that can be found, so that only names can be told; \
                    `--against VERSION` names it";
        return Ok(vec![note.to_owned()]);
    };
    let mut notes = Vec::new();
    let (then, old_places) = freeze(&before, frozen::tool(), &str::to_owned);
    if !then.blocks.iter().all(|block| frozen.lock.blocks.iter().any(|other| other.hash == block.hash)) {
        notes.push("the version compared with is not the one that was frozen".to_owned());
    }
    let settings = config.diff.settings;
    let mut changes = compare(&Versions { old: &before, new: graph, settings });
    // What only people read is not frozen.
    changes.retain(|change| change.class != Class::Docs);
    let mut told = vec![false; changes.len()];
    let direct = |aspect: Aspect| matches!(aspect, Aspect::Element | Aspect::Block);
    for (drift, finding) in drifted.drifts.iter().zip(&mut drifted.findings) {
        if !direct(drift.aspect) {
            continue;
        }
        let now = drifted.places.of(drift);
        let then = old_places.of(drift);
        let is_behind = |change: &Change| {
            is_within(graph, now, &change.new) && drift.how != tenon_graph::freeze::Move::Removed
                || is_within(&before, then, &change.old)
        };
        let behind = changes.iter().enumerate().filter(|(_, change)| is_behind(change));
        let behind: Vec<(usize, &Change)> = behind.collect();
        for (index, _) in &behind {
            if let Some(told) = told.get_mut(*index) {
                *told = true;
            }
        }
        for (_, change) in behind.iter().take(CHANGES_NAMED_MAX) {
            finding.notes.push(sentence(change));
        }
        if behind.len() > CHANGES_NAMED_MAX {
            finding.notes.push(format!("and {} more changes", behind.len() - CHANGES_NAMED_MAX));
        }
        if behind.is_empty() {
            finding.notes.push("written in another way; no change of what it means was found".to_owned());
        }
    }
    let rest: Vec<&Change> =
        changes.iter().zip(&told).filter(|(_, told)| !**told).map(|(change, _)| change).collect();
    for (drift, finding) in drifted.drifts.iter().zip(&mut drifted.findings) {
        if drift.aspect == Aspect::Reference {
            finding.notes.extend(rest.iter().take(CHANGES_NAMED_MAX).map(|change| sentence(change)));
        }
    }
    Ok(notes)
}

fn sentence(change: &Change) -> String {
    format!("{}: {} ({})", change.class.as_str(), change.message, change.rule.code.id)
}

fn is_within(graph: &Graph, element: Option<At>, spot: &Option<Spot>) -> bool {
    let (Some(at), Some(Spot { place: Place { file, span }, .. })) = (element, spot) else { return false };
    let whole = graph.node(at).member_span();
    at.file == *file && whole.start <= span.start && span.end <= whole.end
}

/// The contracts as they were in the commit that wrote the lock, if it is as that commit has it.
fn found(frozen: &Frozen, path: &Path, config: &Config) -> Option<Graph> {
    let spec = versions::frozen_commit(&frozen.folder, FILE_NAME)?;
    read(&spec, path, config).ok()
}

fn read(spec: &Spec, path: &Path, config: &Config) -> Result<Graph, Failure> {
    let wanted = |folder: &Path, path: &str| is_wanted(config, folder, path);
    let beside = Spec::Path(path.to_path_buf());
    let (version, _) = versions::open_pair(spec, &beside, Unrelated::Allowed, &wanted)?;
    let analysis = analyse(&version.roots, version.files.as_ref());
    Ok(analysis.graph)
}
