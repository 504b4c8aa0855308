//! Items of arrays: by position, the rest, and those that must be contained.

use super::engine::Ctx;
use super::found::{Found, Turn, Want, When};
use super::kinds::Kinds;
use super::reach::Mask;
use super::rules;
use super::view::{Contains, Entry, View};

/// Compares what is said about items.
pub(super) fn compare(ctx: &mut Ctx<'_, '_>) {
    if !ctx.old.effective_kinds().and(ctx.new.effective_kinds()).has(Kinds::ARRAY) {
        return;
    }
    let (old, new) = (ctx.old, ctx.new);
    let positions =
        |view: &View<'_>| view.items.iter().map(|part| part.prefix.len()).max().unwrap_or_default();
    for position in 0..positions(old).max(positions(new)) {
        let (was, is) = (at(old, Some(position)), at(new, Some(position)));
        if !was.is_empty() || !is.is_empty() {
            ctx.below(was, is, Mask::ALL);
        }
    }
    let (was, is) = (at(old, None), at(new, None));
    if !was.is_empty() || !is.is_empty() {
        ctx.below(was, is, Mask::ALL);
    }
    unevaluated(ctx);
    contained(ctx);
}

/// The schemas for the item at a position, or for those after all positions.
pub(super) fn at(view: &View<'_>, position: Option<usize>) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut evaluated = Vec::with_capacity(view.items.len());
    for part in &view.items {
        let prefix = position.and_then(|position| part.prefix.get(position)).copied();
        let said = prefix.or(part.rest);
        entries.extend(said);
        evaluated.push(said.is_some());
    }
    for unevaluated in view.unevaluated_items.iter().filter(|unevaluated| unevaluated.is_plain) {
        if !evaluated.get(unevaluated.parts.clone()).unwrap_or_default().contains(&true) {
            entries.push(unevaluated.entry);
        }
    }
    entries
}

/// `unevaluatedItems` that looks through alternatives: it can only be compared as a whole.
fn unevaluated(ctx: &mut Ctx<'_, '_>) {
    let (old, new) = (ctx.old, ctx.new);
    let is_open = |view: &View<'_>| view.unevaluated_items.iter().any(|unevaluated| !unevaluated.is_plain);
    if !is_open(old) && !is_open(new) {
        return;
    }
    let when = ctx.unless_alike();
    let place = |view: &View<'_>| view.unevaluated_items.first().map(|unevaluated| unevaluated.entry.at);
    let place = (place(old), place(new));
    let subject = ctx.subject(place.0, place.1);
    let kind = match place {
        (None, _) => "unevaluated-items-added",
        (_, None) => "unevaluated-items-removed",
        _ => "",
    };
    let fact = "limits items by what is evaluated, and that changed";
    let found = Found::new(&rules::UNEVALUATED_CHANGED, subject, fact).at(place.0, place.1).kind(kind);
    let found = found.values("other items there");
    ctx.report(
        found.undecided("what `unevaluatedItems` sees depends on which alternative a value fits").when(when),
    );
}

fn contained(ctx: &mut Ctx<'_, '_>) {
    let (old, new) = (ctx.old, ctx.new);
    for index in 0..old.contains.len().max(new.contains.len()) {
        match (old.contains.get(index), new.contains.get(index)) {
            (None, Some(after)) => {
                let at = after.entry.at;
                let found = Found::new(
                    &rules::CONTAINS_ADDED,
                    ctx.subject(None, Some(at)),
                    "must hold a certain item",
                );
                let found = found.at(None, Some(at)).values("no such item there").kind("contains-added");
                ctx.report(found.want(Want::Items(0)));
            }
            (Some(before), None) => {
                let at = before.entry.at;
                let subject = ctx.subject(Some(at), None);
                let found =
                    Found::new(&rules::CONTAINS_REMOVED, subject, "need not hold a certain item any more");
                let found = found.at(Some(at), None).values("no such item there").kind("contains-removed");
                ctx.report(found.want(Want::Items(0)));
            }
            (Some(before), Some(after)) => both(ctx, before, after),
            (None, None) => {}
        }
    }
}

fn both(ctx: &mut Ctx<'_, '_>, before: &Contains, after: &Contains) {
    let place = (Some(before.entry.at), Some(after.entry.at));
    let subject = ctx.subject(place.0, place.1);
    let mut report = |rule, fact: String, kind| {
        let found = Found::new(rule, subject.clone(), fact).at(place.0, place.1);
        ctx.report(found.values("another number of such items there").kind(kind));
    };
    let fact = format!("must hold at least {} such items, was {}", after.least, before.least);
    match after.least.cmp(&before.least) {
        std::cmp::Ordering::Greater => report(&rules::CONTAINS_NARROWED, fact, "min-contains-increased"),
        std::cmp::Ordering::Less => report(&rules::CONTAINS_WIDENED, fact, "min-contains-decreased"),
        std::cmp::Ordering::Equal => {}
    }
    let most = |contains: &Contains| contains.most.unwrap_or(u64::MAX);
    let words = |contains: &Contains| match contains.most {
        Some(most) => format!("at most {most}"),
        None => "any number".to_owned(),
    };
    let fact = format!("may hold {} such items, was {}", words(after), words(before));
    match most(after).cmp(&most(before)) {
        std::cmp::Ordering::Less => report(&rules::CONTAINS_NARROWED, fact, "max-contains-decreased"),
        std::cmp::Ordering::Greater => report(&rules::CONTAINS_WIDENED, fact, "max-contains-increased"),
        std::cmp::Ordering::Equal => {}
    }
    if before.most.is_none() && after.most.is_none() {
        ctx.below(vec![before.entry], vec![after.entry], Mask::ALL);
        return;
    }
    // More items may count now, or fewer: with a limit on both sides either can break.
    let pair = ctx.apart(vec![before.entry], vec![after.entry]);
    let found =
        Found::new(&rules::CONTAINS_CHANGED, subject, "counts other items than before").at(place.0, place.1);
    let found = found.values("another number of such items there").when(When::If(pair, Turn::BOTH));
    ctx.report(found.undecided("both a least and a greatest number of such items are given"));
}
