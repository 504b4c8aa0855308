//! One record: made, shown, changed, removed.

use std::borrow::Cow;

use http::StatusCode;
use http::header::{ETAG, HeaderValue};
use serde_json::Value;
use tenon_policies::{Condition, Refusal, Scope, precondition, transition};
use tenon_storage::{Found, Read, Transaction};

use super::record::{Held, merged, natural_key, object, removal, shown, tenant_of, with_computed, write};
use super::{Acting, effects, emit, guard, store_failed};
use crate::handlers::{Work, failed};
use crate::plan::entity::EntityPlan;

/// Shows a record.
pub(super) fn get(acting: &Acting<'_>, scope: &Scope<'_>, held: Option<Held>) -> Result<Work, Refusal> {
    let (held, value) = visible(acting, scope, held)?;
    guard(&acting.resource.guards, &scope.clone().with("record", &value))?;
    let tag = tag(held.version);
    if precondition::is_unchanged(acting.call.header("if-none-match"), held.version) {
        let mut work = Work::new(StatusCode::NOT_MODIFIED, None);
        work.headers.extend(tag);
        return Ok(work);
    }
    let value = shown(&acting.resource.entity, value);
    answer(acting, scope, value, Some(held.version), Transaction::default())
}

/// Makes a record.
pub(super) fn create(acting: &Acting<'_>, scope: &Scope<'_>, id: &str) -> Result<Work, Refusal> {
    let entity = &acting.resource.entity;
    let scope = scope.clone().with("record", &Value::Null);
    guard(&acting.resource.guards, &scope)?;
    let value = made(acting, entity, &scope, id)?;
    let id = own_id(entity, &value, id);
    transit(entity, None, &value)?;
    if let Some(existing) = by_natural_key(acting, entity, &value)? {
        return Err(duplicate(entity, &existing));
    }
    let mut transaction = Transaction::default();
    transaction.records.push(write(entity, acting.permit.tenant().id(), &id, 0, &value));
    finish(acting, &scope, value, 1, transaction)
}

/// Makes the record with a natural key, or changes it.
pub(super) fn upsert(acting: &Acting<'_>, scope: &Scope<'_>, id: &str) -> Result<Work, Refusal> {
    let entity = &acting.resource.entity;
    let draft = made(acting, entity, &scope.clone().with("record", &Value::Null), id)?;
    let existing = by_natural_key(acting, entity, &draft)?;
    let Some(existing) = existing else { return create(acting, scope, id) };
    let before = existing.value.clone();
    let scope = scope.clone().with("record", &before);
    guard(&acting.resource.guards, &scope)?;
    change(acting, &scope, &existing)
}

/// Changes a record.
pub(super) fn update(acting: &Acting<'_>, scope: &Scope<'_>, held: Option<Held>) -> Result<Work, Refusal> {
    let (held, value) = visible(acting, scope, held)?;
    let if_match = acting.call.header("if-match");
    precondition::decide(if_match, held.version, false)?;
    let scope = scope.clone().with("record", &value);
    guard(&acting.resource.guards, &scope)?;
    change(acting, &scope, &held)
}

/// Removes a record.
pub(super) fn delete(acting: &Acting<'_>, scope: &Scope<'_>, held: Option<Held>) -> Result<Work, Refusal> {
    let (held, value) = visible(acting, scope, held)?;
    precondition::decide(acting.call.header("if-match"), held.version, false)?;
    let scope = scope.clone().with("record", &value);
    guard(&acting.resource.guards, &scope)?;
    let mut transaction = Transaction::default();
    transaction.records.push(removal(&acting.resource.entity, acting.permit.tenant().id(), &held));
    effects::apply(acting, &scope, &mut transaction)?;
    emit(acting, &scope, &mut transaction)?;
    if acting.resource.respond.is_some() {
        let value = shown(&acting.resource.entity, value.clone());
        return answer(acting, &scope, value, None, transaction);
    }
    let mut work = Work::new(StatusCode::NO_CONTENT, None);
    work.transaction = transaction;
    Ok(work)
}

fn change(acting: &Acting<'_>, scope: &Scope<'_>, held: &Held) -> Result<Work, Refusal> {
    let entity = &acting.resource.entity;
    let members = match &acting.resource.set {
        Some(set) => set.render(scope).map_err(|failure| failed("set", &failure))?,
        None => acting.permit.request().body().clone(),
    };
    let value = merged(held.value.clone(), members);
    transit(entity, Some(&held.value), &value)?;
    within(acting, entity, &held.value, &value)?;
    let mut transaction = Transaction::default();
    transaction.records.push(write(entity, acting.permit.tenant().id(), &held.id, held.version, &value));
    finish(acting, scope, value, held.version.saturating_add(1), transaction)
}

/// What follows once the record itself is settled: effects, events, the answer.
fn finish(
    acting: &Acting<'_>,
    scope: &Scope<'_>,
    value: Value,
    version: u64,
    mut transaction: Transaction,
) -> Result<Work, Refusal> {
    let entity = &acting.resource.entity;
    fits(acting, entity, &value)?;
    let value = with_computed(entity, value, scope).map_err(|failure| failed("computed", &failure))?;
    let scope = scope.clone().with("made", &value).with("record", &value);
    effects::apply(acting, &scope, &mut transaction)?;
    let without_private = (!entity.private.is_empty()).then(|| shown(entity, value.clone()));
    let public = without_private.as_ref().unwrap_or(&value);
    let scope = scope.with("record", public);
    emit(acting, &scope, &mut transaction)?;
    answer(acting, &scope, public.clone(), Some(version), transaction)
}

fn answer(
    acting: &Acting<'_>,
    scope: &Scope<'_>,
    value: Value,
    version: Option<u64>,
    transaction: Transaction,
) -> Result<Work, Refusal> {
    let body = match &acting.resource.respond {
        Some(respond) => {
            let scope = scope.clone().with("record", &value);
            respond.render(&scope).map_err(|failure| failed("respond", &failure))?
        }
        None => value,
    };
    let mut work = Work::new(acting.resource.status, Some(body));
    work.headers.extend(version.and_then(tag));
    work.transaction = transaction;
    Ok(work)
}

/// The record, if there is one and the caller may see it; otherwise as if there were none.
fn visible(acting: &Acting<'_>, scope: &Scope<'_>, held: Option<Held>) -> Result<(Held, Value), Refusal> {
    let missing = || Refusal::new(Condition::RecordNotFound);
    let held = held.ok_or_else(missing)?;
    let value = with_computed(&acting.resource.entity, held.value.clone(), scope)
        .map_err(|failure| failed("computed", &failure))?;
    if let Some(visible) = &acting.resource.visible {
        let scope = scope.clone().with("record", &value);
        let seen = visible.render(&scope).map_err(|failure| failed("visible", &failure))?;
        if seen != Value::Bool(true) {
            return Err(missing());
        }
    }
    Ok((held, value))
}

/// The members of a new record: what is set, its id, its first state.
pub(super) fn made(
    acting: &Acting<'_>,
    entity: &EntityPlan,
    scope: &Scope<'_>,
    id: &str,
) -> Result<Value, Refusal> {
    let set = match &acting.resource.set {
        Some(set) => set.render(scope).map_err(|failure| failed("set", &failure))?,
        None => match acting.received {
            Some(received) => received.file.clone(),
            None => acting.permit.request().body().clone(),
        },
    };
    Ok(completed(entity, set, id))
}

/// A new record with its id and its first state, where it does not say them.
pub(super) fn completed(entity: &EntityPlan, set: Value, id: &str) -> Value {
    let mut members = object(set);
    let blank = members.get(&entity.id_field).is_none_or(|value| value.as_str().is_none_or(str::is_empty));
    if blank {
        members.insert(entity.id_field.clone(), id.into());
    }
    if let Some(machine) = &entity.machine
        && let Some(initial) = &machine.initial
    {
        members.entry(machine.field.clone()).or_insert_with(|| initial.as_str().into());
    }
    Value::Object(members)
}

/// The id a record says itself, or the one it was given.
pub(super) fn own_id(entity: &EntityPlan, value: &Value, id: &str) -> String {
    value.get(&entity.id_field).and_then(Value::as_str).unwrap_or(id).to_owned()
}

/// The record with the natural key of another.
pub(super) fn by_natural_key(
    acting: &Acting<'_>,
    entity: &EntityPlan,
    value: &Value,
) -> Result<Option<Held>, Refusal> {
    let Some(natural_key) = natural_key(entity, value) else { return Ok(None) };
    let read = Read::NaturalKey {
        tenant: tenant_of(entity, acting.permit.tenant().id()).to_owned(),
        collection: entity.collection.clone(),
        natural_key,
    };
    let found = acting.store.read(&[read]).map_err(|error| store_failed(&error))?;
    match found.first() {
        Some(Found::Record(record)) => Ok(record.as_ref().map(Held::of)),
        _ => Ok(None),
    }
}

fn duplicate(entity: &EntityPlan, existing: &Held) -> Refusal {
    let mut refusal = Refusal::new(Condition::DuplicateRecord);
    for field in &entity.key {
        refusal = refusal.with_detail(field.as_str(), "is taken");
    }
    refusal.with_detail(entity.id_field.as_str(), existing.id.as_str())
}

/// Holds a change to the states and transitions of the entity.
pub(super) fn transit(entity: &EntityPlan, before: Option<&Value>, after: &Value) -> Result<(), Refusal> {
    let Some(machine) = &entity.machine else { return Ok(()) };
    let state = |value: &Value| value.get(&machine.field).and_then(Value::as_str).map(str::to_owned);
    let from = before.and_then(state);
    match state(after) {
        Some(to) => transition::decide(machine, from.as_deref(), &to).map(|_| ()),
        None => Ok(()),
    }
}

/// A change that takes the natural key of another record is refused as a duplicate.
fn within(acting: &Acting<'_>, entity: &EntityPlan, before: &Value, after: &Value) -> Result<(), Refusal> {
    let changed = natural_key(entity, before) != natural_key(entity, after);
    match changed.then(|| by_natural_key(acting, entity, after)).transpose()?.flatten() {
        Some(existing) => Err(duplicate(entity, &existing)),
        None => Ok(()),
    }
}

/// A record that does not fit the entity's schema is the contract's fault, and is not kept.
pub(super) fn fits(acting: &Acting<'_>, entity: &EntityPlan, value: &Value) -> Result<(), Refusal> {
    let Some(key) = entity.schema else { return Ok(()) };
    let mut known = Cow::Borrowed(value);
    if !entity.unknown_to_schema.is_empty()
        && let Value::Object(members) = known.to_mut()
    {
        members.retain(|name, _| !entity.unknown_to_schema.contains(name));
    }
    match crate::plan::fits(&acting.plan.validators, key, &known) {
        Ok(()) => Ok(()),
        Err(problem) => {
            tracing::error!(entity = entity.name, problem, "a record would not fit its schema");
            Err(Refusal::new(Condition::Internal))
        }
    }
}

fn tag(version: u64) -> Option<(http::HeaderName, HeaderValue)> {
    HeaderValue::from_str(&precondition::etag(version)).ok().map(|value| (ETAG, value))
}
