//! Which changes count: the categories of `buf breaking` that a module has chosen.

use tenon_graph::protobuf::{BufModule, BufVersion, Stability, buf_breaking, module_of, stability_of};

use crate::{ChangeRule, Class};

/// The category that counts where there is no `buf.yaml`: generated code, JSON and the wire stay
/// as they are, whatever file an element stands in.
const CATEGORY: &str = "PACKAGE";

/// The category that counts where a `buf.yaml` names none, as in `buf`.
const BUF_CATEGORY: &str = "FILE";

/// Where an element stands in one version: what a `buf.yaml` tells files apart by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Site<'g> {
    /// Path of the file.
    pub(super) path: &'g str,
    /// Its package.
    pub(super) package: &'g str,
}

/// What became of a change when the module's choice was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Choice {
    /// It is reported with the class of its rule.
    AsItIs,
    /// It is reported with another class.
    Classed(Class),
    /// It is not reported.
    Dropped,
}

/// What the module of a change makes of it. `aliases` are the checks of `buf` that find it; a
/// change that none finds is reported as it is.
pub(super) fn choose(
    modules: &[BufModule],
    rule: &ChangeRule,
    aliases: &[&'static str],
    sites: &[Site<'_>],
) -> Choice {
    let Some(last) = sites.last() else { return Choice::AsItIs };
    let ids = || aliases.iter().filter_map(|alias| buf_breaking::find(alias.strip_prefix("buf:")?));
    if ids().next().is_none() {
        return Choice::AsItIs;
    }
    let Some(module) = module_of(modules, last.path) else {
        let counts = ids().any(|id| id.categories.contains(&CATEGORY));
        return if counts { Choice::AsItIs } else { Choice::Dropped };
    };
    let breaking = &module.breaking;
    let is_unstable = |site: &Site<'_>| stability_of(site.package) == Some(Stability::Unstable);
    if breaking.ignores_unstable_packages && sites.iter().any(is_unstable) {
        return Choice::Dropped;
    }
    let chosen: Vec<Vec<&str>> = ids()
        .map(|id| id.words(module.version))
        .filter(|words| breaking.selection.selects(words, is_default(words, module.version)))
        .collect();
    if chosen.is_empty() {
        // Nothing this module promises is broken; that a file was moved is not worth a word then.
        let is_layout = ids().all(|id| !id.categories.contains(&CATEGORY));
        return if is_layout { Choice::Dropped } else { Choice::Classed(Class::Additive) };
    }
    let ignored = |words: &Vec<&str>| sites.iter().any(|site| breaking.selection.ignores(words, site.path));
    if chosen.iter().all(ignored) {
        return Choice::Dropped;
    }
    // What `buf` calls breaking is so for those who have chosen to be held to it.
    if rule.effect.class(None) == Class::Behaviour {
        Choice::Classed(Class::Breaking)
    } else {
        Choice::AsItIs
    }
}

fn is_default(words: &[&str], _version: BufVersion) -> bool {
    words.contains(&BUF_CATEGORY)
}

/// Whether a module has chosen a check of `buf`; without a `buf.yaml`, whether it counts.
pub(super) fn selects(modules: &[BufModule], id: &str, path: &str) -> bool {
    let Some(rule) = buf_breaking::find(id) else { return false };
    match module_of(modules, path) {
        None => rule.categories.contains(&CATEGORY),
        Some(module) => {
            let words = rule.words(module.version);
            module.breaking.selection.selects(&words, is_default(&words, module.version))
        }
    }
}
