//! Alternatives of two versions that stand for each other, and whether a value can fit two.

use std::collections::{BTreeMap, BTreeSet};

use tenon_source::At;

use super::combined::kinds;
use super::engine::Ctx;
use super::flatten::view;
use super::kinds::Kinds;
use super::names::Names;
use super::nulls::accepts_null;
use super::view::{Conj, Entry, Side, Union, View, conj};

/// Least share of members that two alternatives without any name have in common, in percent, to
/// stand for each other.
const SHARED_PERCENT_MIN: usize = 50;

/// One alternative, by what it can be recognised.
pub(super) struct Branch {
    pub(super) entry: Entry,
    /// Where it is listed: the item, a reference or the schema itself.
    pub(super) site: At,
    /// The list.
    pub(super) list: At,
    pub(super) is_one: bool,
    /// The component it is.
    pub(super) name: Option<String>,
    /// Its `title`.
    heading: Option<String>,
    pub(super) view_kinds: Kinds,
    /// Whether it takes all values of its types.
    pub(super) is_only_kinds: bool,
    pub(super) null: bool,
    /// Members that only have certain values, with those.
    tags: BTreeMap<String, BTreeSet<String>>,
    required: BTreeSet<String>,
    members: BTreeSet<String>,
    /// Whether members that are not declared are refused.
    is_closed: bool,
    /// Whether undeclared members may be there by what the schema says.
    is_map: bool,
    hash: u64,
}

impl Branch {
    /// A schema without alternatives, as if it were one.
    pub(super) fn plain(side: Side<'_>, names: &Names<'_>, conj: &Conj, view: &View<'_>) -> Self {
        let entry = conj.first().copied();
        let at = entry.map(|entry| entry.at);
        let name = match &**conj {
            [only] => names.component(only.at).map(str::to_owned),
            _ => None,
        };
        let node = at.map(|at| side.node(at));
        let no_at = At { file: tenon_source::FileId(0), node: tenon_source::NodeId::ROOT };
        let (mut tags, mut members) = (BTreeMap::new(), BTreeSet::new());
        for (name, entry, _) in view.members.iter().flat_map(|part| &part.declared) {
            members.insert((*name).to_owned());
            if let Some(values) = tag(side, *entry) {
                tags.insert((*name).to_owned(), values);
            }
        }
        let rests = || view.members.iter().filter_map(|part| part.rest);
        let is_closed = rests().any(|entry| side.node(entry.at).as_bool() == Some(false));
        let is_map = view.members.iter().any(|part| !part.patterns.is_empty())
            || rests().any(|entry| side.node(entry.at).as_bool().is_none())
            || members.is_empty();
        Self {
            entry: entry.unwrap_or(Entry {
                at: no_at,
                dialect: tenon_graph::Dialect::Draft202012,
                bare: false,
                or_null: false,
            }),
            site: at.unwrap_or(no_at),
            list: at.unwrap_or(no_at),
            is_one: false,
            name,
            heading: node.and_then(|node| node.get_str("title")).map(str::to_owned),
            view_kinds: kinds(side, conj, view, 0),
            is_only_kinds: view.is_only_kinds(),
            null: view.null,
            tags,
            required: view.required.keys().map(|name| (*name).to_owned()).collect(),
            members,
            is_closed,
            is_map: is_map || !view.unions.is_empty(),
            hash: 0,
        }
    }

    /// What tells it apart from the others of its list.
    pub(super) fn label(&self) -> String {
        match (&self.name, &self.heading) {
            (Some(name), _) | (None, Some(name)) => name.clone(),
            (None, None) => match self.tags.values().next() {
                Some(values) => {
                    values.iter().map(|value| value.trim_matches('"')).collect::<Vec<_>>().join("|")
                }
                None => self.view_kinds.names().join("|"),
            },
        }
    }

    /// What messages call it.
    pub(super) fn title(&self) -> String {
        match (&self.name, &self.heading) {
            (Some(name), _) | (None, Some(name)) => format!("`{name}`"),
            (None, None) => match self.tags.first_key_value() {
                Some((name, values)) => {
                    let values: Vec<&str> = values.iter().map(|value| value.trim_matches('"')).collect();
                    format!("an alternative with `{name}: {}`", values.join(", "))
                }
                None if self.view_kinds != Kinds::ALL => format!("{}", self.view_kinds),
                None => "an alternative".to_owned(),
            },
        }
    }
}

/// The values that a member must have, if it is one that tells alternatives apart.
fn tag(side: Side<'_>, entry: Entry) -> Option<BTreeSet<String>> {
    let node = side.node(side.graph.follow(entry.at));
    if accepts_null(side, entry) {
        return None;
    }
    if let Some(value) = node.get("const").filter(|_| tenon_schemas::asserts("const", entry.dialect)) {
        return Some([super::kinds::value_key(value)].into());
    }
    let values = node.get("enum").filter(|values| values.is_array() && !values.is_empty())?;
    Some(values.items().map(super::kinds::value_key).collect())
}

/// The alternatives of a list.
pub(super) fn of(ctx: &mut Ctx<'_, '_>, is_new: bool, union: &Union<'_>) -> Vec<Branch> {
    let side = if is_new { ctx.engine.new } else { ctx.engine.old };
    let sites: Vec<At> = {
        let items = side.node(union.at).items();
        items.map(|item| At { file: union.at.file, node: item.id() }).collect()
    };
    let mut found = Vec::with_capacity(union.branches.len());
    for entry in &union.branches {
        let conj = conj(vec![*entry]);
        let view = view(side, &conj);
        let (names, prints) = match is_new {
            true => (&ctx.engine.new_names, &mut ctx.engine.new_prints),
            false => (&ctx.engine.old_names, &mut ctx.engine.old_prints),
        };
        let site = sites.iter().find(|site| side.entry(**site, entry.dialect).at == entry.at);
        let hash = prints.of(side, *entry).hash();
        let branch = Branch::plain(side, names, &conj, &view);
        if branch.view_kinds == Kinds::NONE && !branch.null {
            // Nothing fits it: it is as good as not there.
            continue;
        }
        let site = site.copied().unwrap_or(entry.at);
        found.push(Branch { site, list: union.at, is_one: union.is_one, hash, ..branch });
    }
    found
}

/// The alternative that a schema is most likely to have become, or to have been.
pub(super) fn best(plain: &Branch, branches: &[Branch]) -> Option<usize> {
    let alike = |branch: &Branch| {
        let named = branch.name.is_some() && branch.name == plain.name;
        let same = branch.entry.at == plain.entry.at;
        (named, same, shared_percent(plain, branch), branch.view_kinds == plain.view_kinds)
    };
    let possible = branches.iter().enumerate().filter(|(_, branch)| branch.view_kinds.has(plain.view_kinds));
    // The first of equals.
    possible.rev().max_by_key(|(_, branch)| alike(branch)).map(|(index, _)| index)
}

/// A way to recognise an alternative.
type IsSame<'f> = &'f dyn Fn(&Branch, &Branch) -> bool;

/// Alternatives that stand for each other, those that are gone, and those that are new.
pub(super) fn matched(was: &[Branch], is: &[Branch]) -> (Vec<(usize, usize)>, Vec<usize>, Vec<usize>) {
    let mut gone: Vec<usize> = (0..was.len()).collect();
    let mut come: Vec<usize> = (0..is.len()).collect();
    let mut pairs = Vec::new();
    let rounds: [IsSame<'_>; 6] = [
        &|one, two| one.name.is_some() && one.name == two.name,
        &|one, two| one.hash == two.hash && (one.name.is_none() || two.name.is_none()),
        &|one, two| !one.tags.is_empty() && one.tags == two.tags,
        &|one, two| one.heading.is_some() && one.heading == two.heading,
        &|one, two| {
            one.tags
                .iter()
                .any(|(name, values)| two.tags.get(name).is_some_and(|others| !values.is_disjoint(others)))
        },
        &|one, two| is_similar(one, two),
    ];
    for is_same in rounds {
        gone.retain(|&one| {
            let Some(before) = was.get(one) else { return false };
            let found = come.iter().position(|&two| is.get(two).is_some_and(|after| is_same(before, after)));
            if let Some(index) = found {
                pairs.push((one, come.remove(index)));
            }
            found.is_none()
        });
    }
    (pairs, gone, come)
}

/// Whether two alternatives without names in common may be versions of one.
fn is_similar(one: &Branch, two: &Branch) -> bool {
    let told_apart = one
        .tags
        .iter()
        .any(|(name, values)| two.tags.get(name).is_some_and(|others| values.is_disjoint(others)));
    let renamed = one.name.is_some() && two.name.is_some();
    let limit = if renamed { 80 } else { SHARED_PERCENT_MIN };
    !told_apart && one.view_kinds.has(two.view_kinds) && shared_percent(one, two) >= limit
}

/// How much of the members of two alternatives is shared, in percent; all where neither has any.
fn shared_percent(one: &Branch, two: &Branch) -> usize {
    let all = one.members.union(&two.members).count();
    let shared = one.members.intersection(&two.members).count();
    (shared * 100).checked_div(all).unwrap_or(100)
}

/// Whether no value fits two of the alternatives, as far as can be told.
pub(super) fn are_disjoint(ctx: &Ctx<'_, '_>, is_new: bool, union: &Union<'_>, branches: &[Branch]) -> bool {
    let side = if is_new { ctx.engine.new } else { ctx.engine.old };
    let nulls = union.branches.iter().filter(|branch| accepts_null(side, **branch)).count();
    if nulls > 1 {
        return false;
    }
    // The author says that the discriminator decides.
    if union.discriminator.is_some() {
        return true;
    }
    branches
        .iter()
        .enumerate()
        .all(|(index, one)| branches.iter().skip(index + 1).all(|two| is_disjoint(one, two)))
}

fn is_disjoint(one: &Branch, two: &Branch) -> bool {
    let shared = one.view_kinds.and(two.view_kinds);
    if one.null && two.null {
        return false;
    }
    if shared == Kinds::NONE {
        return true;
    }
    if shared != Kinds::OBJECT {
        return false;
    }
    let told_apart = one.tags.iter().any(|(name, values)| {
        let needed = one.required.contains(name) || two.required.contains(name);
        needed && two.tags.get(name).is_some_and(|others| values.is_disjoint(others))
    });
    // Who sends one alternative sends the members it declares and no others.
    let lacks = |one: &Branch, two: &Branch| {
        !two.is_map && one.required.iter().any(|name| !two.members.contains(name))
    };
    let refused = |one: &Branch, two: &Branch| {
        two.is_closed && !two.is_map && one.required.iter().any(|name| !two.members.contains(name))
    };
    told_apart || refused(one, two) || refused(two, one) || (lacks(one, two) && lacks(two, one))
}
