//! The facts of one operation.

use tenon_graph::{Consent, Governance, Idempotency, Name, Status, Tenancy, Tier, Usage};
use tenon_source::At;

use super::rules::{
    ACTOR_ADDED, ACTOR_REMOVED, ACTORS_RESTRICTED, ACTORS_UNRESTRICTED, AUTH_DEMANDED, AUTH_DROPPED,
    BECAME_BILLABLE, CONSENT_DEMANDED, CONSENT_DROPPED, EMISSION_ADDED, EMISSION_REMOVED, ENTITY_CHANGED,
    FACADE_CHANGED, FACTS_DECLARED, FACTS_WITHDRAWN, IDEMPOTENCY_CONFLICT_CHANGED, IDEMPOTENCY_DEMANDED,
    IDEMPOTENCY_DROPPED, IDEMPOTENCY_KEY_MOVED, IDEMPOTENCY_SCOPE_CHANGED, IDEMPOTENCY_WINDOW_LENGTHENED,
    IDEMPOTENCY_WINDOW_SHORTENED, NO_LONGER_BILLABLE, OPERATION_DEFERRED, OPERATION_REQUIRED, OWNER_CHANGED,
    RATE_CLASS_CHANGED, ROLE_DEMANDED, ROLE_DROPPED, SCOPE_ADDED, SCOPE_REMOVED, SIDE_EFFECTS_CHANGED,
    TENANT_DEMANDED, TENANT_DROPPED, TENANT_SOURCE_CHANGED, TIER_LOWERED, TIER_RAISED, USAGE_CHANGED,
};
use super::words::{missing, seconds};
use crate::ChangeRule;
use crate::http::scope::{Element, Scope, quoted};

/// Compares what both versions demand of the callers of an operation and promise of its effects.
pub(super) fn compare(scope: &mut Scope<'_, '_>) {
    let (old, new) = (&scope.pair.old.governance, &scope.pair.new.governance);
    status(scope);
    if old.declared != new.declared {
        return first_or_last(scope, old, new);
    }
    auth(scope, old, new);
    actors(scope, old, new);
    scopes(scope, old, new);
    role(scope, old, new);
    tenancy(scope, old.tenancy.as_ref(), new.tenancy.as_ref());
    idempotency(scope, old.idempotency.as_ref(), new.idempotency.as_ref());
    consent(scope, old.consent.as_ref(), new.consent.as_ref());
    usage(scope, old.usage.as_ref(), new.usage.as_ref());
    effects(scope, old, new);
    promise(scope, old, new);
}

impl Scope<'_, '_> {
    /// A fact by where it was said, or the operation where nothing was. What the contract says
    /// for all operations at once is one thing.
    fn fact(&self, words: &str, old: Option<At>, new: Option<At>) -> Element {
        let at = new.unwrap_or(self.pair.new.at);
        let pointer = self.versions.new.node(at).pointer();
        let owner = if new.is_some() && pointer.starts_with("/defaults") { "defaults" } else { self.label };
        Element { subject: format!("{owner} {words}"), old: old.unwrap_or(self.pair.old.at), new: at }
    }

    fn say(&mut self, rule: &'static ChangeRule, element: &Element, message: String) {
        let change = self.changed(rule, None, element, message);
        self.add(change);
    }
}

fn list(names: &Option<Vec<Name>>) -> &[Name] {
    names.as_deref().unwrap_or_default()
}

/// The place of a list, by its first name.
fn place(names: &Option<Vec<Name>>) -> Option<At> {
    list(names).first().map(|name| name.at)
}

fn status(scope: &mut Scope<'_, '_>) {
    let element = scope.operation();
    match (scope.pair.old.status, scope.pair.new.status) {
        (Some(Status::Required) | None, Some(Status::Deferred)) => {
            let message = "it was put off and is not part of the current scope: calls to it are not answered";
            scope.say(&OPERATION_DEFERRED, &element, message.to_owned());
        }
        (Some(Status::Deferred), Some(Status::Required) | None) => {
            scope.say(&OPERATION_REQUIRED, &element, "it is part of the current scope now".to_owned());
        }
        _ => {}
    }
}

/// Facts where there were none, or none where there were some.
fn first_or_last(scope: &mut Scope<'_, '_>, old: &Governance, new: &Governance) {
    let element = scope.operation();
    let facts = if new.declared { new } else { old };
    let said: Vec<&str> = [
        ("actors", facts.actors.is_some()),
        ("scopes", facts.scopes.is_some()),
        ("role", facts.role.is_some()),
        ("tenancy", facts.tenancy.is_some()),
        ("idempotency", facts.idempotency.is_some()),
        ("consent", facts.consent.is_some()),
        ("usage", facts.usage.is_some()),
        ("rate class", facts.rate_class.is_some()),
        ("reason codes", facts.reason_codes.is_some()),
    ]
    .into_iter()
    .filter_map(|(name, is_said)| is_said.then_some(name))
    .collect();
    if said.is_empty() {
        return;
    }
    let words = said.join(", ");
    if new.declared {
        let message = format!("the contract says for the first time what it demands: {words}");
        scope.say(&FACTS_DECLARED, &element, message);
    } else {
        let message = format!("the contract no longer says what it demands: {words}");
        scope.say(&FACTS_WITHDRAWN, &element, message);
    }
}

fn auth(scope: &mut Scope<'_, '_>, old: &Governance, new: &Governance) {
    let element = scope.fact("auth", None, None);
    match (old.auth_required, new.auth_required) {
        (Some(false), Some(true) | None) => {
            let message = "callers must be known now: anonymous calls are refused";
            scope.say(&AUTH_DEMANDED, &element, message.to_owned());
        }
        (Some(true) | None, Some(false)) => {
            scope.say(&AUTH_DROPPED, &element, "anyone may call it now, known or not".to_owned());
        }
        _ => {}
    }
}

fn actors(scope: &mut Scope<'_, '_>, old: &Governance, new: &Governance) {
    let (before, after) = (list(&old.actors), list(&new.actors));
    let spots = (place(&old.actors), place(&new.actors));
    let whole = scope.fact("actors", spots.0, spots.1);
    let words = |names: &[Name]| quoted(names.iter().map(Name::as_str));
    match (before.is_empty(), after.is_empty()) {
        (true, true) => {}
        (true, false) => {
            let message = format!("only {} may call it now: others are refused", words(after));
            scope.say(&ACTORS_RESTRICTED, &whole, message);
        }
        (false, true) => {
            scope.say(&ACTORS_UNRESTRICTED, &whole, format!("not only {} may call it now", words(before)));
        }
        (false, false) => {
            for actor in missing(before, after) {
                let element = scope.fact(&format!("actor {}", actor.text), Some(actor.at), spots.1);
                let message =
                    format!("actors of type `{}` may no longer call it: they are refused", actor.text);
                scope.say(&ACTOR_REMOVED, &element, message);
            }
            for actor in missing(after, before) {
                let element = scope.fact(&format!("actor {}", actor.text), spots.0, Some(actor.at));
                scope.say(&ACTOR_ADDED, &element, format!("actors of type `{}` may call it too", actor.text));
            }
        }
    }
}

fn scopes(scope: &mut Scope<'_, '_>, old: &Governance, new: &Governance) {
    let (before, after) = (list(&old.scopes), list(&new.scopes));
    let spots = (place(&old.scopes), place(&new.scopes));
    for name in missing(after, before) {
        let element = scope.fact(&format!("scope {}", name.text), spots.0, Some(name.at));
        let message = format!("callers need the scope `{}` now: who lacks it is refused", name.text);
        scope.say(&SCOPE_ADDED, &element, message);
    }
    for name in missing(before, after) {
        let element = scope.fact(&format!("scope {}", name.text), Some(name.at), spots.1);
        scope.say(&SCOPE_REMOVED, &element, format!("callers no longer need the scope `{}`", name.text));
    }
}

fn role(scope: &mut Scope<'_, '_>, old: &Governance, new: &Governance) {
    let at = |name: &Option<Name>| name.as_ref().map(|name| name.at);
    let element = scope.fact("role", at(&old.role), at(&new.role));
    match (text(&old.role), text(&new.role)) {
        (before, after) if before == after => {}
        (None, Some(role)) => {
            let message = format!("callers need the role `{role}` now: others are refused");
            scope.say(&ROLE_DEMANDED, &element, message);
        }
        (Some(before), Some(role)) => {
            let message = format!("callers need the role `{role}`, they needed `{before}`");
            scope.say(&ROLE_DEMANDED, &element, message);
        }
        (Some(before), None) => {
            scope.say(&ROLE_DROPPED, &element, format!("callers no longer need the role `{before}`"));
        }
        (None, None) => {}
    }
}

fn text(name: &Option<Name>) -> Option<&str> {
    name.as_ref().map(Name::as_str)
}

fn tenancy(scope: &mut Scope<'_, '_>, old: Option<&Tenancy>, new: Option<&Tenancy>) {
    let element = scope.fact("tenancy", old.map(|old| old.at), new.map(|new| new.at));
    let is_scoped = |tenancy: Option<&Tenancy>| tenancy.is_some_and(|tenancy| tenancy.scoped);
    match (is_scoped(old), is_scoped(new)) {
        (false, true) => {
            let message = "it belongs to a tenant now: calls that name none are refused, and others' records are out of reach";
            scope.say(&TENANT_DEMANDED, &element, message.to_owned());
        }
        (true, false) => {
            let message = "it belongs to no tenant any more: it may answer with the records of any";
            scope.say(&TENANT_DROPPED, &element, message.to_owned());
        }
        (true, true) => {
            let source = |tenancy: Option<&Tenancy>| tenancy.and_then(|tenancy| tenancy.source.clone());
            if let (Some(before), Some(after)) = (source(old), source(new))
                && before.text != after.text
            {
                let message =
                    format!("the tenant is told by `{}`, it was told by `{}`", after.text, before.text);
                scope.say(&TENANT_SOURCE_CHANGED, &element, message);
            }
        }
        (false, false) => {}
    }
}

fn idempotency(scope: &mut Scope<'_, '_>, old: Option<&Idempotency>, new: Option<&Idempotency>) {
    let element = scope.fact("idempotency", old.map(|old| old.at), new.map(|new| new.at));
    let required = |fact: Option<&Idempotency>| fact.is_some_and(|fact| fact.required);
    match (required(old), required(new)) {
        (false, true) => {
            let message = "calls need an idempotency key now: calls without one are refused";
            return scope.say(&IDEMPOTENCY_DEMANDED, &element, message.to_owned());
        }
        (true, false) => {
            let message = "repeated calls are no longer told apart by a key: a call that is sent again is executed again";
            return scope.say(&IDEMPOTENCY_DROPPED, &element, message.to_owned());
        }
        _ => {}
    }
    let (Some(old), Some(new)) = (old, new) else { return };
    if let (Some(before), Some(after)) = (text(&old.key), text(&new.key))
        && !before.eq_ignore_ascii_case(after)
    {
        let message = format!("the idempotency key is read from `{after}`, it was read from `{before}`");
        scope.say(&IDEMPOTENCY_KEY_MOVED, &element, message);
    }
    let word = |name: &Option<Name>| text(name).unwrap_or("what is usual").to_owned();
    if text(&old.window) != text(&new.window) {
        let (before, after) = (word(&old.window), word(&new.window));
        let (Some(was), Some(is)) =
            (text(&old.window).and_then(seconds), text(&new.window).and_then(seconds))
        else {
            let message = format!("repeated calls are told apart for `{after}`, it was `{before}`");
            return scope.say(&IDEMPOTENCY_WINDOW_SHORTENED, &element, message);
        };
        if is < was {
            let message = format!(
                "repeated calls are told apart for `{after}` only, it was `{before}`: later ones are executed again"
            );
            scope.say(&IDEMPOTENCY_WINDOW_SHORTENED, &element, message);
        } else if is > was {
            let message = format!("repeated calls are told apart for `{after}`, it was `{before}`");
            scope.say(&IDEMPOTENCY_WINDOW_LENGTHENED, &element, message);
        }
    }
    if text(&old.scope) != text(&new.scope) {
        let (before, after) = (word(&old.scope), word(&new.scope));
        let message = format!("idempotency keys are apart by `{after}`, they were apart by `{before}`");
        scope.say(&IDEMPOTENCY_SCOPE_CHANGED, &element, message);
    }
    if text(&old.conflict) != text(&new.conflict) {
        let (before, after) = (word(&old.conflict), word(&new.conflict));
        let message = format!("another payload under the same key gets `{after}`, it got `{before}`");
        scope.say(&IDEMPOTENCY_CONFLICT_CHANGED, &element, message);
    }
}

fn consent(scope: &mut Scope<'_, '_>, old: Option<&Consent>, new: Option<&Consent>) {
    let names = |consent: Option<&Consent>| consent.map(|consent| consent.scopes.clone()).unwrap_or_default();
    let (before, after) = (names(old), names(new));
    let spots = (old.map(|old| old.at), new.map(|new| new.at));
    for name in missing(&after, &before) {
        let element = scope.fact(&format!("consent {}", name.text), spots.0, spots.1);
        let message = format!("it needs the consent `{}` now: without it calls are refused", name.text);
        scope.say(&CONSENT_DEMANDED, &element, message);
    }
    for name in missing(&before, &after) {
        let element = scope.fact(&format!("consent {}", name.text), spots.0, spots.1);
        scope.say(&CONSENT_DROPPED, &element, format!("it no longer needs the consent `{}`", name.text));
    }
}

fn usage(scope: &mut Scope<'_, '_>, old: Option<&Usage>, new: Option<&Usage>) {
    let element = scope.fact("usage", old.map(|old| old.at), new.map(|new| new.at));
    let dimension = |usage: Option<&Usage>| {
        usage.and_then(|usage| usage.dimension.as_ref()).map(|name| name.text.clone())
    };
    let (before, after) = (dimension(old), dimension(new));
    if before != after {
        let word = |name: Option<String>| name.map_or("nothing".to_owned(), |name| format!("`{name}`"));
        let message = format!("calls are counted as {}, they were counted as {}", word(after), word(before));
        scope.say(&USAGE_CHANGED, &element, message);
    }
    let billable = |usage: Option<&Usage>| usage.and_then(|usage| usage.billable);
    match (billable(old).unwrap_or(false), billable(new).unwrap_or(false)) {
        (false, true) => scope.say(&BECAME_BILLABLE, &element, "calls are charged for now".to_owned()),
        (true, false) => {
            scope.say(&NO_LONGER_BILLABLE, &element, "calls are no longer charged for".to_owned());
        }
        _ => {}
    }
}

fn effects(scope: &mut Scope<'_, '_>, old: &Governance, new: &Governance) {
    let (before, after) = (text(&old.rate_class), text(&new.rate_class));
    if before != after {
        let at = |name: &Option<Name>| name.as_ref().map(|name| name.at);
        let element = scope.fact("rate class", at(&old.rate_class), at(&new.rate_class));
        let word = |name: Option<&str>| name.map_or("none".to_owned(), |name| format!("`{name}`"));
        let message = format!("its rate class is {}, it was {}", word(after), word(before));
        scope.say(&RATE_CLASS_CHANGED, &element, message);
    }
    let (before, after) = (list(&old.emits), list(&new.emits));
    let spots = (place(&old.emits), place(&new.emits));
    let is_known =
        |graph: &tenon_graph::Graph, name: &str| graph.events.iter().any(|event| event.name.text == name);
    for name in missing(before, after) {
        // An event that is gone altogether is said of the event.
        if is_known(scope.versions.old, &name.text) && !is_known(scope.versions.new, &name.text) {
            continue;
        }
        let element = scope.fact(&format!("event {}", name.text), Some(name.at), spots.1);
        let message =
            format!("it no longer causes the event `{}`: who waits for it waits in vain", name.text);
        scope.say(&EMISSION_REMOVED, &element, message);
    }
    for name in missing(after, before) {
        let element = scope.fact(&format!("event {}", name.text), spots.0, Some(name.at));
        scope.say(&EMISSION_ADDED, &element, format!("it may cause the event `{}`", name.text));
    }
    let (before, after) = (list(&old.side_effects), list(&new.side_effects));
    if !missing(before, after).is_empty() || !missing(after, before).is_empty() {
        let element = scope.fact("side effects", place(&old.side_effects), place(&new.side_effects));
        let mut words = Vec::new();
        for (names, verb) in [(missing(after, before), "now"), (missing(before, after), "no longer")] {
            words.extend(names.iter().map(|name| format!("{verb} `{}`", name.text)));
        }
        let message = format!("what else it changes has changed: {}", words.join(", "));
        scope.say(&SIDE_EFFECTS_CHANGED, &element, message);
    }
}

fn promise(scope: &mut Scope<'_, '_>, old: &Governance, new: &Governance) {
    let at = |name: &Option<Name>| name.as_ref().map(|name| name.at);
    let word = |name: &Option<Name>| text(name).map_or("none".to_owned(), |name| format!("`{name}`"));
    let texts: [(_, _, _, &'static ChangeRule); 3] = [
        ("facade", &old.facade_of, &new.facade_of, &FACADE_CHANGED),
        ("entity", &old.entity, &new.entity, &ENTITY_CHANGED),
        ("owner", &old.owner, &new.owner, &OWNER_CHANGED),
    ];
    for (words, before, after, rule) in texts {
        if text(before) != text(after) {
            let element = scope.fact(words, at(before), at(after));
            let message = format!("its {words} is {}, it was {}", word(after), word(before));
            scope.say(rule, &element, message);
        }
    }
    let tier = |name: &Option<Name>| Tier::parse(text(name)?);
    if let (Some(before), Some(after)) = (tier(&old.tier), tier(&new.tier))
        && before != after
    {
        let element = scope.fact("tier", at(&old.tier), at(&new.tier));
        let rule = if after > before { &TIER_LOWERED } else { &TIER_RAISED };
        let message = format!("its tier is {}, it was {}", word(&new.tier), word(&old.tier));
        scope.say(rule, &element, message);
    }
}
