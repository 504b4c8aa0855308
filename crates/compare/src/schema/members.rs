//! Members of objects: which there are, which must be there, and what they hold.

use std::collections::BTreeSet;

use regex::Regex;
use rustc_hash::FxHashMap;
use tenon_source::At;

use super::engine::Ctx;
use super::found::{Found, Want};
use super::kinds::Kinds;
use super::reach::Mask;
use super::rules;
use super::view::{Entry, Side, View, has_boolean_schemas};

/// Compiled patterns; `None` for what is none.
#[derive(Debug, Default)]
pub(super) struct Patterns(FxHashMap<String, Option<Regex>>);

impl Patterns {
    /// Whether a name matches a pattern; not if it is no pattern.
    pub(super) fn matches(&mut self, pattern: &str, name: &str) -> bool {
        if !self.0.contains_key(pattern) {
            self.0.insert(pattern.to_owned(), Regex::new(pattern).ok());
        }
        self.0.get(pattern).and_then(Option::as_ref).is_some_and(|regex| regex.is_match(name))
    }
}

/// What one version says about a member.
#[derive(Debug, Default)]
struct Member {
    /// Every schema for it.
    entries: Vec<Entry>,
    /// Where it is declared.
    at: Option<At>,
    /// The messages it may be in.
    mask: Option<Mask>,
    /// Whether it must not be there.
    is_refused: bool,
}

impl Member {
    fn mask(&self) -> Mask {
        self.mask.unwrap_or(Mask::ALL)
    }
}

/// Compares what is said about members.
pub(super) fn compare(ctx: &mut Ctx<'_, '_>) {
    if !ctx.old.effective_kinds().and(ctx.new.effective_kinds()).has(Kinds::OBJECT) {
        return;
    }
    let (old, new) = (ctx.old, ctx.new);
    let declared = |view: &View<'_>| {
        let parts = view.members.iter().flat_map(|part| part.declared.iter());
        parts.map(|(name, ..)| (*name).to_owned()).collect::<BTreeSet<String>>()
    };
    let (before, after) = (declared(old), declared(new));
    for name in before.union(&after) {
        let is_old = before.contains(name);
        let is_new = after.contains(name);
        let was = member(&mut ctx.engine.patterns, ctx.engine.old, old, name);
        let is = member(&mut ctx.engine.patterns, ctx.engine.new, new, name);
        match (is_old, is_new) {
            (true, true) => kept(ctx, name, &was, &is),
            (true, false) => removed(ctx, name, &was, &is),
            _ => added(ctx, name, &was, &is),
        }
    }
    for name in old.required.keys().chain(new.required.keys()).collect::<BTreeSet<_>>() {
        if !before.contains(*name) && !after.contains(*name) {
            demanded(ctx, name, &Member::default(), &Member::default());
        }
    }
    patterns(ctx);
    rest(ctx);
    unevaluated(ctx);
    names(ctx);
    dependents(ctx);
}

/// What a version says about a member.
fn member(patterns: &mut Patterns, side: Side<'_>, view: &View<'_>, name: &str) -> Member {
    let mut member = Member::default();
    let mut evaluated: Vec<bool> = Vec::with_capacity(view.members.len());
    for part in &view.members {
        let mut is_said = false;
        for (_, entry, at) in part.declared.iter().filter(|(declared, ..)| *declared == name) {
            is_said = true;
            member.entries.push(*entry);
            member.at.get_or_insert(*at);
            let flags = Mask::of_flags(side.node(*at)).and(Mask::of_flags(side.node(side.graph.follow(*at))));
            member.mask = Some(member.mask().and(flags));
        }
        for (pattern, entry) in &part.patterns {
            if patterns.matches(pattern, name) {
                is_said = true;
                member.entries.push(*entry);
            }
        }
        if !is_said {
            member.entries.extend(part.rest);
        }
        evaluated.push(is_said || part.rest.is_some());
    }
    for unevaluated in view.unevaluated_members.iter().filter(|unevaluated| unevaluated.is_plain) {
        if !evaluated.get(unevaluated.parts.clone()).unwrap_or_default().contains(&true) {
            member.entries.push(unevaluated.entry);
        }
    }
    member.is_refused = member.entries.iter().any(|entry| is_never(side, *entry));
    member
}

/// Every schema for a member.
pub(super) fn schemas(patterns: &mut Patterns, side: Side<'_>, view: &View<'_>, name: &str) -> Vec<Entry> {
    member(patterns, side, view, name).entries
}

/// Whether a schema is the one that nothing fits.
fn is_never(side: Side<'_>, entry: Entry) -> bool {
    let node = side.node(entry.at);
    let empty_not = || {
        let not = node.get("not").filter(|_| node.len() == 1);
        not.is_some_and(|not| not.is_object() && not.is_empty())
    };
    (node.as_bool() == Some(false) && has_boolean_schemas(entry.dialect)) || empty_not()
}

/// Whether schemas say nothing, as `true` does.
fn is_anything(side: Side<'_>, entries: &[Entry]) -> bool {
    entries.iter().all(|entry| {
        let node = side.node(entry.at);
        node.as_bool() == Some(true) || (node.is_object() && node.is_empty())
    })
}

/// The messages in which a member must be.
fn demand(view: &View<'_>, name: &str, member: &Member) -> Mask {
    if view.required.contains_key(name) { member.mask() } else { Mask::NONE }
}

fn kept(ctx: &mut Ctx<'_, '_>, name: &str, was: &Member, is: &Member) {
    flags(ctx, name, was, is);
    demanded(ctx, name, was, is);
    // `false` for a member is a way to say that it must not be there.
    match (was.is_refused, is.is_refused) {
        (true, true) => {}
        (false, true) => refused(ctx, name, was, is),
        (true, false) => allowed(ctx, name, was, is),
        (false, false) => {
            ctx.below(was.entries.clone(), is.entries.clone(), was.mask().and(is.mask()));
        }
    }
}

fn subject(ctx: &Ctx<'_, '_>, name: &str) -> String {
    format!("{}.{name}", ctx.here())
}

/// The name of a member with that of the schema that declares it.
fn declared_subject(ctx: &Ctx<'_, '_>, name: &str, was: &Member, is: &Member) -> String {
    match (was.at, is.at) {
        (_, Some(at)) => ctx.engine.new_names.schema(at),
        (Some(at), None) => ctx.engine.old_names.schema(at),
        (None, None) => subject(ctx, name),
    }
}

/// Compares whether a member must be there.
fn demanded(ctx: &mut Ctx<'_, '_>, name: &str, was: &Member, is: &Member) {
    let (before, after) = (demand(ctx.old, name, was), demand(ctx.new, name, is));
    let place = (ctx.old.required.get(name).copied(), ctx.new.required.get(name).copied());
    let (narrows, widens) = (after.without(before), before.without(after));
    let subject = match place {
        (_, Some(at)) | (Some(at), _) if was.at.is_none() && is.at.is_none() => {
            let owner =
                if place.1.is_some() { ctx.subject(None, Some(at)) } else { ctx.subject(Some(at), None) };
            format!("{owner}.{name}")
        }
        _ => declared_subject(ctx, name, was, is),
    };
    let new_at = place.1.or(is.at);
    let old_at = place.0.or(was.at);
    if narrows != Mask::NONE {
        let has_default = is.at.is_some_and(|at| {
            let node = ctx.engine.new.node(ctx.engine.new.graph.follow(at));
            node.get("default").is_some()
        });
        let kind = if has_default { "became-required-with-default" } else { "became-required" };
        let found = Found::new(&rules::PROPERTY_REQUIRED, subject, "must be there now, and need not before");
        let found = found.at(old_at, new_at).values(format!("no `{name}` there")).mask(narrows).kind(kind);
        ctx.report(found.want(Want::Without(name.to_owned())));
    } else if widens != Mask::NONE {
        let found = Found::new(&rules::PROPERTY_OPTIONAL, subject, "need not be there any more");
        let found = found.at(old_at, new_at).values(format!("no `{name}` there")).mask(widens);
        ctx.report(found.kind("became-optional").want(Want::Without(name.to_owned())));
    }
}

fn added(ctx: &mut Ctx<'_, '_>, name: &str, was: &Member, is: &Member) {
    let required = demand(ctx.new, name, is).without(demand(ctx.old, name, was));
    if required != Mask::NONE {
        let place = ctx.new.required.get(name).copied().filter(|_| is.at.is_none()).or(is.at);
        let default =
            is.at.map(|at| ctx.engine.new.node(ctx.engine.new.graph.follow(at)).get("default").is_some());
        let kind = if default == Some(true) { "new-required-with-default" } else { "new-required" };
        let found = Found::new(
            &rules::REQUIRED_ADDED,
            declared_subject(ctx, name, was, is),
            "is new and must be there",
        );
        let found = found.at(None, place).values(format!("no `{name}` there")).mask(required).kind(kind);
        let found = found.want(Want::Without(name.to_owned()));
        ctx.report(found.help(
            "make it optional, or give it a default and add it to `required` in the next major version",
        ));
    }
    let is_refused = was.is_refused || (ctx.engine.is_closed && was.entries.is_empty());
    match (is_refused, is.is_refused) {
        (true, true) => return,
        (true, false) => allowed(ctx, name, was, is),
        (false, true) => return refused(ctx, name, was, is),
        (false, false) if required == Mask::NONE => {
            let found = Found::new(
                &rules::PROPERTY_ADDED,
                declared_subject(ctx, name, was, is),
                "is new and optional",
            );
            ctx.report(found.at(None, is.at).mask(is.mask()).kind("new-optional"));
        }
        _ => {}
    }
    if !is_refused && (!is_anything(ctx.engine.old, &was.entries) || ctx.old.is_free_form()) {
        ctx.below(was.entries.clone(), is.entries.clone(), is.mask());
    }
}

fn removed(ctx: &mut Ctx<'_, '_>, name: &str, was: &Member, is: &Member) {
    let required = demand(ctx.old, name, was);
    let still = demand(ctx.new, name, is);
    let is_refused = is.is_refused || (ctx.engine.is_closed && is.entries.is_empty());
    if is_refused && !was.is_refused {
        return refused(ctx, name, was, is);
    }
    if was.is_refused {
        if !is.is_refused {
            allowed(ctx, name, was, is);
        }
        return;
    }
    if required.without(still) != Mask::NONE {
        let subject = declared_subject(ctx, name, was, is);
        let found = Found::new(&rules::REQUIRED_REMOVED, subject, "is gone, and was always there");
        let found = found.at(was.at, None).values(format!("no `{name}` there")).mask(required.without(still));
        let found = found.want(Want::Without(name.to_owned())).kind("required-removed");
        ctx.report(found.help("keep it, marked as deprecated, until its sunset is past"));
    } else {
        let found = Found::new(&rules::PROPERTY_REMOVED, declared_subject(ctx, name, was, is), "is gone");
        let found = found.at(was.at, None).mask(was.mask()).kind("optional-removed");
        ctx.report(found.help("keep it, marked as deprecated, until its sunset is past"));
    }
    if !is_anything(ctx.engine.new, &is.entries) || ctx.new.is_free_form() {
        ctx.below(was.entries.clone(), is.entries.clone(), was.mask());
    }
}

/// A member that may no longer be there.
fn refused(ctx: &mut Ctx<'_, '_>, name: &str, was: &Member, is: &Member) {
    let found = Found::new(&rules::PROPERTY_REFUSED, declared_subject(ctx, name, was, is), "is refused now");
    let found = found.at(was.at, is.at).values(format!("`{name}` there")).mask(was.mask());
    ctx.report(found.kind("removed").want(Want::With(name.to_owned())));
}

/// A member that could not be there before.
fn allowed(ctx: &mut Ctx<'_, '_>, name: &str, was: &Member, is: &Member) {
    let found = Found::new(
        &rules::PROPERTY_ALLOWED,
        declared_subject(ctx, name, was, is),
        "may be there now, and was refused",
    );
    let found = found.at(was.at, is.at).values(format!("`{name}` there")).mask(is.mask());
    ctx.report(found.kind("optional-added").want(Want::With(name.to_owned())));
}

/// `readOnly` and `writeOnly`.
fn flags(ctx: &mut Ctx<'_, '_>, name: &str, was: &Member, is: &Member) {
    let place = (was.at, is.at);
    let subject = declared_subject(ctx, name, was, is);
    let mut report = |rule, fact: &str, kind, mask| {
        ctx.report(Found::new(rule, subject.clone(), fact).at(place.0, place.1).kind(kind).mask(mask));
    };
    match (was.mask().has(Mask::REQUEST), is.mask().has(Mask::REQUEST)) {
        (true, false) => {
            report(
                &rules::READ_ONLY_SET,
                "is read-only now: requests no longer have it",
                "became-read-only",
                Mask::ALL,
            );
        }
        (false, true) => {
            report(&rules::READ_ONLY_UNSET, "is no longer read-only", "became-not-read-only", Mask::ALL);
        }
        _ => {}
    }
    match (was.mask().has(Mask::RESPONSE), is.mask().has(Mask::RESPONSE)) {
        (true, false) => {
            report(
                &rules::WRITE_ONLY_SET,
                "is write-only now: responses no longer have it",
                "became-write-only",
                Mask::ALL,
            );
        }
        (false, true) => {
            report(&rules::WRITE_ONLY_UNSET, "is no longer write-only", "became-not-write-only", Mask::ALL);
        }
        _ => {}
    }
}

fn patterns(ctx: &mut Ctx<'_, '_>) {
    let collect = |view: &View<'_>| -> Vec<(String, Entry)> {
        let parts = view.members.iter().flat_map(|part| &part.patterns);
        parts.map(|(pattern, entry)| ((*pattern).to_owned(), *entry)).collect()
    };
    let (before, after) = (collect(ctx.old), collect(ctx.new));
    let texts: BTreeSet<&String> = before.iter().chain(&after).map(|(pattern, _)| pattern).collect();
    for text in texts {
        let of = |list: &[(String, Entry)]| -> Vec<Entry> {
            list.iter().filter(|(pattern, _)| pattern == text).map(|(_, entry)| *entry).collect()
        };
        let (was, is) = (of(&before), of(&after));
        let values = format!("other members that match `{text}` there");
        match (was.first(), is.first()) {
            (Some(_), Some(_)) => {
                ctx.below(was, is, Mask::ALL);
            }
            (None, Some(entry)) => {
                let fact = format!("says what members that match `{text}` hold");
                let found =
                    Found::new(&rules::PATTERN_PROPERTY_ADDED, ctx.here(), fact).at(None, Some(entry.at));
                ctx.report(found.values(values).kind("pattern-property-added"));
                released(ctx, false);
            }
            (Some(entry), None) => {
                let fact = format!("no longer says what members that match `{text}` hold");
                let found =
                    Found::new(&rules::PATTERN_PROPERTY_REMOVED, ctx.here(), fact).at(Some(entry.at), None);
                ctx.report(found.values(values).kind("pattern-property-removed"));
                released(ctx, true);
            }
            (None, None) => {}
        }
    }
}

/// Members that match a pattern are no longer, or not yet, among the rest, so that what is said
/// about the rest turns the other way for them.
fn released(ctx: &mut Ctx<'_, '_>, to_rest: bool) {
    let view = if to_rest { ctx.new } else { ctx.old };
    let has_rest =
        view.members.iter().any(|part| part.rest.is_some()) || !view.unevaluated_members.is_empty();
    if !has_rest {
        return;
    }
    let fact = if to_rest {
        "leaves those members to `additionalProperties` now"
    } else {
        "takes those members from `additionalProperties`"
    };
    let rule = if to_rest { &rules::REST_REFUSED } else { &rules::REST_ALLOWED };
    let found = Found::new(rule, ctx.here(), fact).values("members that match the pattern there");
    ctx.report(found);
}

/// What is said about all members that are not declared.
fn rest(ctx: &mut Ctx<'_, '_>) {
    let collect = |view: &View<'_>| -> Vec<Entry> {
        let parts = view.members.iter().filter_map(|part| part.rest);
        let plain = view.unevaluated_members.iter().filter(|unevaluated| {
            let parts = view.members.get(unevaluated.parts.clone()).unwrap_or_default();
            unevaluated.is_plain && parts.iter().all(|part| part.rest.is_none())
        });
        parts.chain(plain.map(|unevaluated| unevaluated.entry)).collect()
    };
    let (was, is) = (collect(ctx.old), collect(ctx.new));
    let never = |side: Side<'_>, list: &[Entry]| list.iter().find(|entry| is_never(side, **entry)).copied();
    let (refused_before, refused_after) = (never(ctx.engine.old, &was), never(ctx.engine.new, &is));
    match (refused_before, refused_after) {
        (Some(_), Some(_)) => {}
        (None, Some(after)) => {
            let subject = ctx.subject(None, Some(after.at));
            let found = Found::new(&rules::REST_REFUSED, subject, "refuses members that are not declared");
            let found = found.at(None, Some(after.at)).values("other members there");
            ctx.report(found.want(Want::With(UNDECLARED.to_owned())));
        }
        (Some(before), None) => {
            let subject = ctx.subject(Some(before.at), None);
            let found = Found::new(&rules::REST_ALLOWED, subject, "allows members that are not declared");
            let found =
                found.at(Some(before.at), is.first().map(|entry| entry.at)).values("other members there");
            ctx.report(found.want(Want::With(UNDECLARED.to_owned())));
        }
        (None, None) if was.is_empty() && is.is_empty() => {}
        (None, None) => {
            ctx.below(was, is, Mask::ALL);
        }
    }
}

/// A name that no contract declares.
pub(super) const UNDECLARED: &str = "x";

/// `unevaluatedProperties` that looks through alternatives: it can only be compared as a whole.
fn unevaluated(ctx: &mut Ctx<'_, '_>) {
    let (old, new) = (ctx.old, ctx.new);
    let is_open = |view: &View<'_>| view.unevaluated_members.iter().any(|unevaluated| !unevaluated.is_plain);
    if !is_open(old) && !is_open(new) {
        return;
    }
    let when = ctx.unless_alike();
    let place = |view: &View<'_>| view.unevaluated_members.first().map(|unevaluated| unevaluated.entry.at);
    let place = (place(old), place(new));
    let subject = ctx.subject(place.0, place.1);
    let (rule, fact, kind) = match place {
        (None, Some(_)) => {
            (&rules::REST_REFUSED, "limits members that are not evaluated", "unevaluated-properties-added")
        }
        (Some(_), None) => (
            &rules::REST_ALLOWED,
            "no longer limits members that are not evaluated",
            "unevaluated-properties-removed",
        ),
        _ => (&rules::UNEVALUATED_CHANGED, "limits members by what is evaluated, and that changed", ""),
    };
    let found = Found::new(rule, subject, fact).at(place.0, place.1).values("other members there").kind(kind);
    let found = found.when(when);
    ctx.report(
        found.undecided("what `unevaluatedProperties` sees depends on which alternative a value fits"),
    );
}

fn names(ctx: &mut Ctx<'_, '_>) {
    let (was, is) = (ctx.old.names.clone(), ctx.new.names.clone());
    match (was.first(), is.first()) {
        (Some(_), Some(_)) => {
            ctx.below(was, is, Mask::ALL);
        }
        (None, Some(entry)) => {
            let subject = ctx.subject(None, Some(entry.at));
            let found = Found::new(&rules::NAMES_ADDED, subject, "limits the names of members")
                .at(None, Some(entry.at));
            ctx.report(found.values("other names of members there").kind("property-names-added"));
        }
        (Some(entry), None) => {
            let subject = ctx.subject(Some(entry.at), None);
            let found = Found::new(&rules::NAMES_REMOVED, subject, "no longer limits the names of members");
            let found = found.at(Some(entry.at), None).values("other names of members there");
            ctx.report(found.kind("property-names-removed"));
        }
        (None, None) => {}
    }
}

fn dependents(ctx: &mut Ctx<'_, '_>) {
    let (old, new) = (ctx.old, ctx.new);
    for ((trigger, name), at) in &new.dependent_names {
        if !old.dependent_names.contains_key(&(*trigger, *name)) && !old.required.contains_key(name) {
            let subject = ctx.here();
            let fact = format!("needs `{name}` beside `{trigger}` now");
            let found = Found::new(&rules::DEPENDENT_REQUIRED_ADDED, subject, fact).at(None, Some(*at));
            let found = found.values(format!("`{trigger}` without `{name}` there"));
            ctx.report(found.kind("dependent-required-added").want(Want::With((*trigger).to_owned())));
        }
    }
    for ((trigger, name), at) in &old.dependent_names {
        if !new.dependent_names.contains_key(&(*trigger, *name)) && !new.required.contains_key(name) {
            let subject = ctx.here();
            let fact = format!("no longer needs `{name}` beside `{trigger}`");
            let found = Found::new(&rules::DEPENDENT_REQUIRED_REMOVED, subject, fact).at(Some(*at), None);
            let found = found.values(format!("`{trigger}` without `{name}` there"));
            ctx.report(found.kind("dependent-required-removed").want(Want::With((*trigger).to_owned())));
        }
    }
    let triggers: BTreeSet<&&str> =
        old.dependent_schemas.keys().chain(new.dependent_schemas.keys()).collect();
    for trigger in triggers {
        let was = old.dependent_schemas.get(*trigger).cloned().unwrap_or_default();
        let is = new.dependent_schemas.get(*trigger).cloned().unwrap_or_default();
        match (was.first(), is.first()) {
            (None, Some(entry)) => {
                let fact = format!("says more of objects that have `{trigger}`");
                let found =
                    Found::new(&rules::DEPENDENT_SCHEMA_ADDED, ctx.here(), fact).at(None, Some(entry.at));
                let found = found.values(format!("another object with `{trigger}` there"));
                ctx.report(found.kind("dependent-schema-added"));
            }
            (Some(entry), None) => {
                let fact = format!("says less of objects that have `{trigger}`");
                let found =
                    Found::new(&rules::DEPENDENT_SCHEMA_REMOVED, ctx.here(), fact).at(Some(entry.at), None);
                let found = found.values(format!("another object with `{trigger}` there"));
                ctx.report(found.kind("dependent-schema-removed"));
            }
            _ => {
                ctx.below(was, is, Mask::ALL);
            }
        }
    }
}
