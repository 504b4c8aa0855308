//! `null`, types, and listed values.

use tenon_source::At;

use super::engine::Ctx;
use super::found::{Found, Want};
use super::kinds::Kinds;
use super::nulls::accepts_null;
use super::rules;
use super::view::{Entry, Listed, Side, Values, View};

/// Compares kinds and values; whether anything is left to compare beyond them.
pub(super) fn compare(ctx: &mut Ctx<'_, '_>) -> bool {
    let shared = kinds(ctx);
    null(ctx, shared);
    // All that a schema says where nothing was said, or the reverse, comes with its type.
    let typed = ctx.old.kinds != ctx.new.kinds;
    if typed && (ctx.old.is_anything() || ctx.new.is_anything()) {
        return false;
    }
    if shared {
        listed(ctx);
    }
    shared
}

/// Compares types; whether the versions have one in common.
fn kinds(ctx: &mut Ctx<'_, '_>) -> bool {
    let (old, new) = (ctx.old, ctx.new);
    let mut lost = old.effective_kinds().without(new.kinds);
    if !old.multiples.is_empty() && old.multiples.iter().any(|(number, _)| number.as_whole().is_some()) {
        // A multiple of a whole number is whole.
        lost = lost.without(Kinds::FRACTION);
    }
    let mut gained = new.effective_kinds().without(old.kinds);
    if !new.multiples.is_empty() && new.multiples.iter().any(|(number, _)| number.as_whole().is_some()) {
        gained = gained.without(Kinds::FRACTION);
    }
    let shared = !old.kinds.and(new.kinds).is_empty() || (old.kinds.is_empty() && new.kinds.is_empty());
    if lost.is_empty() && gained.is_empty() {
        return shared;
    }
    let (was, is) = (said(old), said(new));
    let subject = kinds_subject(ctx);
    let (rule, kind) = match (lost.is_empty(), gained.is_empty()) {
        (false, true) => (&rules::TYPE_NARROWED, "list-of-types-narrowed"),
        (true, false) if new.kinds == Kinds::ALL || new.kinds.without(Kinds::NUMBER) == Kinds::NONE => {
            (&rules::TYPE_WIDENED, "type-generalized")
        }
        (true, false) => (&rules::TYPE_WIDENED, "list-of-types-widened"),
        _ => (&rules::TYPE_CHANGED, "type-changed"),
    };
    let fact =
        if is == "nothing" { "takes no value any more".to_owned() } else { format!("is {is}, was {was}") };
    let values = match if rule.effect == crate::Effect::Widens { gained } else { lost } {
        Kinds::FRACTION => "a number that is not whole there".to_owned(),
        kinds => format!("a value of type {kinds} there"),
    };
    let found = Found::new(rule, subject, fact).at(old.kinds_at, new.kinds_at);
    let found = found.values(values).kind(kind).want(Want::Any);
    ctx.report(found);
    shared
}

/// What the types are said of: `true` and `false` are schemas themselves.
fn kinds_subject(ctx: &Ctx<'_, '_>) -> String {
    let (old, new) = (ctx.old.kinds_at, ctx.new.kinds_at);
    let is_flag = |side: Side<'_>, at: Option<At>| at.is_some_and(|at| side.node(at).as_bool().is_some());
    match is_flag(ctx.engine.new, new) || (new.is_none() && is_flag(ctx.engine.old, old)) {
        true => ctx.here(),
        false => ctx.subject(old, new),
    }
}

fn said(view: &View<'_>) -> String {
    match view.kinds {
        Kinds::NONE if view.null => "`null`".to_owned(),
        Kinds::NONE => "nothing".to_owned(),
        kinds => kinds.to_string(),
    }
}

fn null(ctx: &mut Ctx<'_, '_>, shared: bool) {
    let (old, new) = (ctx.old, ctx.new);
    let is_typed = |view: &View<'_>| view.kinds != Kinds::ALL || view.values.is_some();
    if old.null && !new.null {
        // A schema that said no type takes `null` too; that it says one now is one change.
        let said = (!is_typed(old) && new.kinds != Kinds::ALL) || !shared;
        if said && old.effective_kinds().without(new.kinds) != Kinds::NONE || is_by_branch(ctx, false) {
            return;
        }
        let found = Found::new(&rules::NULL_REFUSED, ctx.here(), "is no longer `null`, and could be");
        ctx.report(found.values("`null` there").kind("became-not-nullable").want(Want::Value("null".into())));
    } else if new.null && !old.null {
        let said = (!is_typed(new) && old.kinds != Kinds::ALL) || !shared;
        if said && new.effective_kinds().without(old.kinds) != Kinds::NONE || is_by_branch(ctx, true) {
            return;
        }
        let found = Found::new(&rules::NULL_ALLOWED, ctx.here(), "may be `null` now, and could not");
        ctx.report(found.values("`null` there").kind("became-nullable").want(Want::Value("null".into())));
    }
}

/// Whether `null` is refused by an alternative that took it in the other version: that is said of
/// the alternative.
fn is_by_branch(ctx: &Ctx<'_, '_>, was_refused: bool) -> bool {
    let (before, after) =
        ((ctx.old, ctx.engine.old, &ctx.pair.old), (ctx.new, ctx.engine.new, &ctx.pair.new));
    let (taking, refusing) = if was_refused { (after, before) } else { (before, after) };
    let takes = match (&*taking.0.unions, &*refusing.0.unions) {
        ([union], [_]) => union.branches.iter().any(|branch| accepts_null(taking.1, *branch)),
        // That there are alternatives at all is said of them.
        ([], [_]) => true,
        _ => return false,
    };
    let bare = refusing.2.iter().all(|entry| accepts_null(refusing.1, Entry { bare: true, ..*entry }));
    takes && bare
}

/// The values that are all there are: those listed, or both of a boolean.
fn all_values(view: &View<'_>) -> Option<Values> {
    if view.values.is_some() || view.kinds != Kinds::BOOLEAN {
        return view.values.clone();
    }
    let at = view.kinds_at?;
    let value = |key: &str| Listed { key: key.to_owned(), kind: Kinds::BOOLEAN, at };
    Some(Values { list: vec![value("false"), value("true")], at, is_const: false })
}

fn listed(ctx: &mut Ctx<'_, '_>) {
    let (old, new) = (ctx.old, ctx.new);
    match (&old.values, &new.values) {
        (None, None) => {}
        (Some(before), Some(after)) => both(ctx, before, after),
        (None, Some(after)) => match all_values(old) {
            Some(before) => both(ctx, &before, after),
            None => {
                let list = names(&after.list);
                let subject = ctx.subject(None, Some(after.at));
                let kind = if after.is_const { "const-added" } else { "became-enum" };
                let found = Found::new(
                    &rules::VALUES_LISTED,
                    subject,
                    format!("takes only {list} now, took any value"),
                );
                ctx.report(found.at(None, Some(after.at)).values("another value there").kind(kind));
            }
        },
        (Some(before), None) => match all_values(new) {
            Some(after) => both(ctx, before, &after),
            None => {
                let list = names(&before.list);
                let subject = ctx.subject(Some(before.at), None);
                let kind = if before.is_const { "const-removed" } else { "enum-removed" };
                let found = Found::new(
                    &rules::VALUES_UNLISTED,
                    subject,
                    format!("takes any value now, took only {list}"),
                );
                ctx.report(found.at(Some(before.at), None).values("another value there").kind(kind));
            }
        },
    }
}

fn both(ctx: &mut Ctx<'_, '_>, before: &Values, after: &Values) {
    let has = |values: &Values, key: &str| {
        values.list.binary_search_by(|value| value.key.as_str().cmp(key)).is_ok()
    };
    // A value of a type that is gone or new is said with the type.
    let is_typed = |kinds: Kinds, value: &&Listed| kinds.has(value.kind);
    let lost = before.list.iter().filter(|value| !has(after, &value.key));
    let lost: Vec<&Listed> = lost.filter(|value| is_typed(ctx.new.kinds, value)).collect();
    let gained = after.list.iter().filter(|value| !has(before, &value.key));
    let gained: Vec<&Listed> = gained.filter(|value| is_typed(ctx.old.kinds, value)).collect();
    if let (true, true, [was], [is]) = (before.is_const, after.is_const, &*lost, &*gained) {
        let subject = ctx.subject(Some(before.at), Some(after.at));
        let fact = format!("is always {}, was {}", name(is), name(was));
        let found = Found::new(&rules::CONST_CHANGED, subject, fact).at(Some(before.at), Some(after.at));
        let found = found.values(format!("{} there", name(was))).kind("const-changed");
        return ctx.report(found.want(Want::Value(was.key.clone())));
    }
    for value in lost {
        let subject = ctx.subject(Some(before.at), Some(after.at));
        let fact = format!("no longer takes {}", name(value));
        let found = Found::new(&rules::VALUE_REMOVED, subject, fact).at(Some(value.at), Some(after.at));
        let found = found.values(format!("{} there", name(value))).kind("enum-value-removed");
        ctx.report(found.want(Want::Value(value.key.clone())));
    }
    for value in gained {
        let subject = ctx.subject(Some(before.at), Some(after.at));
        let fact = format!("takes {} too", name(value));
        let found = Found::new(&rules::VALUE_ADDED, subject, fact).at(Some(before.at), Some(value.at));
        let found = found.values(format!("{} there", name(value))).kind("enum-value-added");
        ctx.report(found.want(Want::Value(value.key.clone())));
    }
}

/// Most values that a message names, a count.
const NAMES_MAX: usize = 6;

/// Longest value that a message shows in full, in characters.
const NAME_CHARS_MAX: usize = 60;

/// A value as messages show it: strings without their quotes.
fn name(value: &Listed) -> String {
    let text = match serde_json::from_str::<serde_json::Value>(&value.key) {
        Ok(serde_json::Value::String(text)) => text,
        _ => value.key.clone(),
    };
    if text.chars().count() <= NAME_CHARS_MAX {
        return format!("`{text}`");
    }
    let short: String = text.chars().take(NAME_CHARS_MAX).collect();
    format!("`{short}…`")
}

fn names(list: &[Listed]) -> String {
    let mut names: Vec<String> = list.iter().take(NAMES_MAX).map(name).collect();
    if list.is_empty() {
        return "no value".to_owned();
    }
    if list.len() > NAMES_MAX {
        names.push(format!("{} more", list.len() - NAMES_MAX));
    }
    names.join(", ")
}
