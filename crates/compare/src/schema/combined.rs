//! `anyOf` and `oneOf`, `not`, and `if`.

use super::branches::{self, Branch};
use super::engine::Ctx;
use super::found::{Found, Turn, When};
use super::kinds::Kinds;
use super::print::Prints;
use super::reach::Mask;
use super::rules;
use super::view::{Condition, Conj, Entry, Side, Union, View};

/// Most alternatives that are tried as the one that holds another, a count: beyond that an
/// alternative that is gone counts as gone.
const HOLDERS_MAX: usize = 16;

/// Most pairs of schemas compared only to decide whether one holds another, a count for the whole
/// comparison: lists of a thousand alternatives that all change would need a million.
const PROBES_MAX: usize = 20_000;

/// Reports schemas that could not be taken together; whether there were any.
pub(super) fn gave_up(ctx: &mut Ctx<'_, '_>) -> bool {
    let place = (ctx.old.given_up, ctx.new.given_up);
    if place == (None, None) {
        return false;
    }
    let found = Found::new(&rules::NOT_COMPARED, ctx.here(), "inherits over too many levels to be compared");
    ctx.report(found.at(place.0, place.1).undecided("schemas are taken together over at most 64 levels"));
    true
}

/// Compares a schema without alternatives to one with: the schema is one of them. Whether that is
/// how the pair is.
pub(super) fn one_sided(ctx: &mut Ctx<'_, '_>) -> bool {
    let (old, new) = (ctx.old, ctx.new);
    let is_new = match (&*old.unions, &*new.unions) {
        ([], [_]) => true,
        ([_], []) => false,
        _ => return false,
    };
    let (union, union_view, plain_view) = if is_new { (new, new, old) } else { (old, old, new) };
    let Some(union) = union.unions.first() else { return false };
    // A schema that says nothing is none of the alternatives.
    if plain_view.nodes.is_empty() || plain_view.is_only_union() {
        return false;
    }
    let (union_conj, plain_conj) =
        if is_new { (&ctx.pair.new, &ctx.pair.old) } else { (&ctx.pair.old, &ctx.pair.new) };
    let plain_side = if is_new { ctx.engine.old } else { ctx.engine.new };
    let branches = branches::of(ctx, is_new, union);
    let plain = Branch::plain(plain_side, names(ctx, !is_new), plain_conj, plain_view);
    if plain_view.is_only_kinds() && plain_view.kinds.groups() > 1 {
        by_kind(ctx, is_new, union, &branches, plain_view.kinds);
        return true;
    }
    let Some(best) = branches::best(&plain, &branches) else { return false };
    let common: Vec<Entry> = match union_view.is_only_union() {
        true => Vec::new(),
        false => union_conj.iter().map(|entry| Entry { bare: true, ..*entry }).collect(),
    };
    let plain_entries = plain_conj.to_vec();
    for (index, branch) in branches.iter().enumerate() {
        let mut entries = common.clone();
        entries.push(branch.entry);
        if union_view.null {
            entries.iter_mut().for_each(|entry| entry.or_null = true);
        }
        let sides =
            |plain: Vec<Entry>| if is_new { (plain, entries.clone()) } else { (entries.clone(), plain) };
        if index == best {
            let (was, is) = sides(plain_entries.clone());
            ctx.below(was, is, Mask::ALL);
        } else {
            let (was, is) = sides(plain_entries.clone());
            let turn = if is_new { Turn::WIDENS } else { Turn::NARROWS };
            let when = match ctx.engine.probes < PROBES_MAX && branch.view_kinds.has(plain.view_kinds) {
                true => {
                    ctx.engine.probes += 1;
                    When::Unless(vec![ctx.apart(was, is)], turn)
                }
                false => When::Always,
            };
            alternative(ctx, is_new, branch, when);
        }
    }
    if union.is_one && !branches::are_disjoint(ctx, is_new, union, &branches) {
        overlap(ctx, is_new, union, When::Always);
    }
    true
}

/// Compares alternatives to a list of types, each of which is an alternative too.
fn by_kind(ctx: &mut Ctx<'_, '_>, is_new: bool, union: &Union<'_>, branches: &[Branch], kinds: Kinds) {
    let plain = if is_new { ctx.pair.old.to_vec() } else { ctx.pair.new.to_vec() };
    let mut whole = Kinds::NONE;
    for branch in branches {
        if branch.is_only_kinds {
            whole = whole.or(branch.view_kinds);
        }
        let (pair, turn) = match is_new {
            true => (ctx.apart(plain.clone(), vec![branch.entry]), Turn::WIDENS),
            false => (ctx.apart(vec![branch.entry], plain.clone()), Turn::NARROWS),
        };
        alternative(ctx, is_new, branch, When::If(pair, turn));
    }
    let rest = kinds.without(whole);
    if rest != Kinds::NONE {
        let place = if is_new { (None, Some(union.at)) } else { (Some(union.at), None) };
        let subject = ctx.subject(place.0, place.1);
        let (rule, fact) = match is_new {
            true => (&rules::ALTERNATIVE_REMOVED, format!("may no longer be any {rest}")),
            false => (&rules::ALTERNATIVE_ADDED, format!("may be any {rest} now")),
        };
        ctx.report(
            Found::new(rule, subject, fact)
                .at(place.0, place.1)
                .values(format!("other values of type {rest} there")),
        );
    }
    if union.is_one && !branches::are_disjoint(ctx, is_new, union, branches) {
        overlap(ctx, is_new, union, When::Always);
    }
    if ctx.old.null != ctx.new.null {
        let (rule, fact) = match ctx.new.null {
            true => (&rules::NULL_ALLOWED, "may be `null` now, and could not"),
            false => (&rules::NULL_REFUSED, "is no longer `null`, and could be"),
        };
        ctx.report(Found::new(rule, ctx.here(), fact).values("`null` there"));
    }
}

fn names<'a, 'g>(ctx: &'a Ctx<'_, 'g>, is_new: bool) -> &'a super::names::Names<'g> {
    if is_new { &ctx.engine.new_names } else { &ctx.engine.old_names }
}

/// An alternative that is new, or gone.
fn alternative(ctx: &mut Ctx<'_, '_>, is_new: bool, branch: &Branch, when: When) {
    let at = Some(branch.list);
    let owner = if is_new { ctx.subject(None, at) } else { ctx.subject(at, None) };
    let name = branch.title();
    let subject = format!("{owner}<{}>", branch.label());
    let found = if is_new {
        let kind = if branch.is_one { "one-of-added" } else { "any-of-added" };
        Found::new(&rules::ALTERNATIVE_ADDED, subject, format!("may be {name} now"))
            .at(None, Some(branch.site))
            .kind(kind)
    } else {
        let kind = if branch.is_one { "one-of-removed" } else { "any-of-removed" };
        Found::new(&rules::ALTERNATIVE_REMOVED, subject, format!("may no longer be {name}"))
            .at(Some(branch.site), None)
            .kind(kind)
    };
    ctx.report(found.values(format!("{name} there")).when(when));
}

/// Alternatives of `oneOf` of which a value may fit two.
fn overlap(ctx: &mut Ctx<'_, '_>, is_new: bool, union: &Union<'_>, when: When) {
    let place = if is_new { (None, Some(union.at)) } else { (Some(union.at), None) };
    let subject = ctx.subject(place.0, place.1);
    let fact = "has alternatives of which a value must fit exactly one, and they changed";
    let found = Found::new(&rules::ALTERNATIVES_OVERLAP, subject, fact).at(place.0, place.1);
    let found = found.values("what fits two alternatives there").when(when);
    let found = found.undecided("a value may fit two of the alternatives, which `oneOf` refuses");
    ctx.report(found.help("give each alternative a required member with its own `const`"));
}

/// Compares all alternatives, negations and conditions.
pub(super) fn compare(ctx: &mut Ctx<'_, '_>) {
    unions(ctx);
    nots(ctx);
    conditions(ctx);
}

fn unions(ctx: &mut Ctx<'_, '_>) {
    let (old, new) = (ctx.old, ctx.new);
    let mut open: Vec<&Union<'_>> = new.unions.iter().collect();
    for union in &old.unions {
        if open.is_empty() {
            whole(ctx, false, union);
            continue;
        }
        // Most schemas have one list of alternatives; of several, the order counts.
        let index = open.iter().position(|other| other.is_one == union.is_one).unwrap_or_default();
        let other = open.remove(index);
        matched(ctx, union, other);
    }
    for union in open {
        whole(ctx, true, union);
    }
}

/// Alternatives where there were none, or none where there were some.
fn whole(ctx: &mut Ctx<'_, '_>, is_new: bool, union: &Union<'_>) {
    let place = if is_new { (None, Some(union.at)) } else { (Some(union.at), None) };
    let subject = ctx.subject(place.0, place.1);
    let (rule, fact) = if is_new {
        (&rules::UNION_ADDED, "must fit one of some alternatives now")
    } else {
        (&rules::UNION_REMOVED, "need not fit one of some alternatives any more")
    };
    let kind = match (is_new, union.is_one) {
        (true, true) => "wrapped-in-one-of",
        _ => "",
    };
    ctx.report(Found::new(rule, subject, fact).at(place.0, place.1).values("none of them there").kind(kind));
}

fn matched(ctx: &mut Ctx<'_, '_>, before: &Union<'_>, after: &Union<'_>) {
    let was = branches::of(ctx, false, before);
    let is = branches::of(ctx, true, after);
    let (pairs, gone, come) = branches::matched(&was, &is);
    let mut indices = Vec::new();
    for (one, two) in &pairs {
        if let (Some(one), Some(two)) = (was.get(*one), is.get(*two)) {
            indices.push(ctx.below(vec![one.entry], vec![two.entry], Mask::ALL));
        }
    }
    for branch in gone.iter().filter_map(|index| was.get(*index)) {
        let when = held(ctx, branch, &is, false);
        alternative(ctx, false, branch, when);
    }
    for branch in come.iter().filter_map(|index| is.get(*index)) {
        let when = held(ctx, branch, &was, true);
        alternative(ctx, true, branch, when);
    }
    let changed = !gone.is_empty() || !come.is_empty() || before.is_one != after.is_one;
    let mut exclusive =
        [(before, &was, false), (after, &is, true)].into_iter().filter(|(union, ..)| union.is_one);
    let overlapping =
        exclusive.find(|(union, branches, is_new)| !branches::are_disjoint(ctx, *is_new, union, branches));
    if let Some((union, _, is_new)) = overlapping {
        if changed {
            return overlap(ctx, is_new, union, When::Always);
        }
        for index in indices {
            overlap(ctx, true, after, When::If(index, Turn::BOTH));
        }
    }
}

/// When an alternative that is gone, or new, matters: unless another one holds all of it.
fn held(ctx: &mut Ctx<'_, '_>, branch: &Branch, others: &[Branch], is_new: bool) -> When {
    let similar = others.iter().filter(|other| other.view_kinds.has(branch.view_kinds));
    let holders: Vec<Entry> = similar.map(|other| other.entry).take(HOLDERS_MAX).collect();
    if ctx.engine.probes + holders.len() > PROBES_MAX || holders.is_empty() {
        return When::Always;
    }
    ctx.engine.probes += holders.len();
    let pairs = holders.into_iter().map(|holder| {
        if is_new {
            ctx.apart(vec![holder], vec![branch.entry])
        } else {
            ctx.apart(vec![branch.entry], vec![holder])
        }
    });
    let pairs = pairs.collect();
    When::Unless(pairs, if is_new { Turn::WIDENS } else { Turn::NARROWS })
}

fn nots(ctx: &mut Ctx<'_, '_>) {
    let (old, new) = (ctx.old, ctx.new);
    let equal = |ctx: &mut Ctx<'_, '_>, one: Entry, two: Entry| {
        let before = Prints::of(&mut ctx.engine.old_prints, ctx.engine.old, one);
        let after = Prints::of(&mut ctx.engine.new_prints, ctx.engine.new, two);
        one.dialect == two.dialect && before.is_equal(&after)
    };
    let mut open: Vec<Entry> = new.nots.clone();
    let mut left: Vec<Entry> = Vec::new();
    for before in &old.nots {
        match open.iter().position(|after| equal(ctx, *before, *after)) {
            Some(index) => negated(ctx, *before, open.remove(index)),
            None => left.push(*before),
        }
    }
    let together = left.len().min(open.len());
    for (before, after) in left.drain(..together).zip(open.drain(..together)).collect::<Vec<_>>() {
        negated(ctx, before, after);
    }
    for after in open {
        let subject = ctx.subject(None, Some(after.at));
        let found = Found::new(&rules::NOT_NARROWED, subject, "refuses what fits a schema under `not`");
        ctx.report(found.at(None, Some(after.at)).values("what fits it there"));
    }
    for before in left {
        let subject = ctx.subject(Some(before.at), None);
        let found =
            Found::new(&rules::NOT_WIDENED, subject, "no longer refuses what fits a schema under `not`");
        ctx.report(found.at(Some(before.at), None).values("what fits it there"));
    }
}

/// What widens under `not` narrows, and the other way round.
fn negated(ctx: &mut Ctx<'_, '_>, before: Entry, after: Entry) {
    let pair = ctx.apart(vec![before], vec![after]);
    let place = (Some(before.at), Some(after.at));
    let subject = ctx.subject(place.0, place.1);
    let values = "what the schema under `not` fits there";
    let found = Found::new(&rules::NOT_NARROWED, subject.clone(), "refuses more under `not`");
    ctx.report(found.at(place.0, place.1).values(values).when(When::If(pair, Turn::WIDENS)));
    let found = Found::new(&rules::NOT_WIDENED, subject, "refuses less under `not`");
    ctx.report(found.at(place.0, place.1).values(values).when(When::If(pair, Turn::NARROWS)));
}

fn conditions(ctx: &mut Ctx<'_, '_>) {
    let (old, new) = (ctx.old, ctx.new);
    for index in 0..old.conditions.len().max(new.conditions.len()) {
        match (old.conditions.get(index), new.conditions.get(index)) {
            (None, Some(after)) => {
                let at = Some(after.when.at);
                let found = Found::new(
                    &rules::CONDITION_ADDED,
                    ctx.subject(None, at),
                    "has a condition under `if` now",
                );
                ctx.report(found.at(None, at).values("what does not keep it there").kind("if-added"));
            }
            (Some(before), None) => {
                let at = Some(before.when.at);
                let found = Found::new(
                    &rules::CONDITION_REMOVED,
                    ctx.subject(at, None),
                    "has no condition under `if` any more",
                );
                ctx.report(found.at(at, None).values("what does not keep it there").kind("if-removed"));
            }
            (Some(before), Some(after)) => condition(ctx, before, after),
            (None, None) => {}
        }
    }
}

fn condition(ctx: &mut Ctx<'_, '_>, before: &Condition, after: &Condition) {
    let pair = ctx.apart(vec![before.when], vec![after.when]);
    let place = (Some(before.when.at), Some(after.when.at));
    let subject = ctx.subject(place.0, place.1);
    let found = Found::new(&rules::CONDITION_CHANGED, subject, "has another condition under `if`");
    let found =
        found.at(place.0, place.1).values("what does not keep it there").when(When::If(pair, Turn::BOTH));
    ctx.report(found.undecided("which values the condition picks changed"));
    let list = |entry: Option<Entry>| entry.into_iter().collect::<Vec<_>>();
    for (was, is, added, removed) in [
        (before.then, after.then, "then-added", "then-removed"),
        (before.otherwise, after.otherwise, "else-added", "else-removed"),
    ] {
        match (was, is) {
            (None, Some(entry)) => {
                let at = Some(entry.at);
                let found =
                    Found::new(&rules::CONDITION_ADDED, ctx.subject(None, at), "says more under a condition");
                ctx.report(found.at(None, at).values("what does not keep it there").kind(added));
            }
            (Some(entry), None) => {
                let at = Some(entry.at);
                let found = Found::new(
                    &rules::CONDITION_REMOVED,
                    ctx.subject(at, None),
                    "says less under a condition",
                );
                ctx.report(found.at(at, None).values("what does not keep it there").kind(removed));
            }
            (Some(_), Some(_)) => {
                ctx.below(list(was), list(is), Mask::ALL);
            }
            (None, None) => {}
        }
    }
}

/// The kinds of values a conjunction may take, alternatives looked into.
pub(super) fn kinds(side: Side<'_>, conj: &Conj, view: &View<'_>, level: usize) -> Kinds {
    /// Alternatives within each other that are looked into, a count; deeper ones may be anything.
    const LEVELS_MAX: usize = 4;
    let _ = conj;
    let mut kinds = view.effective_kinds();
    if level < LEVELS_MAX {
        for union in &view.unions {
            let each = union.branches.iter().map(|branch| {
                let conj = super::view::conj(vec![*branch]);
                let view = super::flatten::view(side, &conj);
                self::kinds(side, &conj, &view, level + 1)
            });
            kinds = kinds.and(each.fold(Kinds::NONE, Kinds::or));
        }
    }
    kinds
}
