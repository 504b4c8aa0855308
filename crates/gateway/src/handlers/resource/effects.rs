//! What changes beside the record itself, in the same transaction.

use std::collections::BTreeMap;

use serde_json::Value;
use tenon_graph::serving::Action;
use tenon_policies::{CompiledTemplate, Condition, Refusal, Scope};
use tenon_storage::{ConsentChange, Found, RecordWrite, Subscription, SubscriptionState, Transaction};

use super::record::{Held, merged, natural_key, removal, tenant_of, wanted, write};
use super::single::{by_natural_key, completed, fits, own_id, transit};
use super::{Acting, fresh_id, store_failed};
use crate::delivery::webhook;
use crate::handlers::failed;
use crate::plan::entity::EntityPlan;
use crate::plan::resource::{By, EffectKindPlan, EffectPlan};

/// Most records one request may change, a count: they are one transaction, held in memory.
const CHANGES_MAX: usize = 10_000;

/// Records that one effect finds by fields, a count.
const FOUND_MAX: u32 = 1_000;

/// Adds the effects of a handler to its transaction.
pub(super) fn apply(
    acting: &Acting<'_>,
    scope: &Scope<'_>,
    transaction: &mut Transaction,
) -> Result<(), Refusal> {
    let mut pending = Pending::default();
    for effect in &acting.resource.effects {
        for item in items(effect, scope)? {
            let scope = scope.clone().with(&effect.item, &item);
            one(acting, effect, &scope, transaction, &mut pending)?;
            if transaction.records.len() > CHANGES_MAX {
                return Err(Refusal::new(Condition::BodyTooLarge)
                    .with_message(format!("One request may change {CHANGES_MAX} records at most.")));
            }
        }
    }
    Ok(())
}

/// The items an effect is applied to: one that is nothing where there is no list.
fn items(effect: &EffectPlan, scope: &Scope<'_>) -> Result<Vec<Value>, Refusal> {
    let Some(each) = &effect.each else { return Ok(vec![Value::Null]) };
    match each.render(scope).map_err(|failure| failed("each", &failure))? {
        Value::Array(items) => Ok(items),
        Value::Null => Ok(Vec::new()),
        one => Ok(vec![one]),
    }
}

/// Records changed earlier in this transaction, by collection and id; later effects see them.
#[derive(Default)]
struct Pending {
    records: BTreeMap<(String, String), usize>,
    keys: BTreeMap<(String, String), String>,
}

impl Pending {
    fn find(&self, entity: &EntityPlan, id: &str, transaction: &Transaction) -> Option<(usize, Held)> {
        let index = *self.records.get(&(entity.collection.clone(), id.to_owned()))?;
        let write = transaction.records.get(index)?;
        let value = serde_json::from_slice(write.body.as_ref()?).ok()?;
        Some((index, Held { id: id.to_owned(), version: write.expected_version, value }))
    }

    /// A record written twice in one transaction is written once, as it was last.
    fn put(&mut self, write: RecordWrite, transaction: &mut Transaction) {
        let name = (write.collection.clone(), write.id.clone());
        if let Some(key) = &write.natural_key {
            self.keys.insert((write.collection.clone(), key.clone()), write.id.clone());
        }
        let known = self.records.get(&name).copied();
        if let Some(slot) = known.and_then(|index| transaction.records.get_mut(index)) {
            *slot = write;
            return;
        }
        self.records.insert(name, transaction.records.len());
        transaction.records.push(write);
    }
}

fn one(
    acting: &Acting<'_>,
    effect: &EffectPlan,
    scope: &Scope<'_>,
    transaction: &mut Transaction,
    pending: &mut Pending,
) -> Result<(), Refusal> {
    match &effect.kind {
        EffectKindPlan::Record { action, entity, by, set } => {
            let change = Change { action: *action, entity, by, set: set.as_ref() };
            record(acting, effect, &change, scope, transaction, pending)
        }
        EffectKindPlan::Consent(template) if holds(effect, scope)? => {
            consent(acting, &render("consent", template, scope)?, transaction);
            Ok(())
        }
        EffectKindPlan::Subscribe(template) if holds(effect, scope)? => {
            subscribe(acting, &render("subscribe", template, scope)?, transaction)
        }
        _ => Ok(()),
    }
}

struct Change<'a> {
    action: Action,
    entity: &'a EntityPlan,
    by: &'a By,
    set: Option<&'a CompiledTemplate>,
}

fn record(
    acting: &Acting<'_>,
    effect: &EffectPlan,
    change: &Change<'_>,
    scope: &Scope<'_>,
    transaction: &mut Transaction,
    pending: &mut Pending,
) -> Result<(), Refusal> {
    let entity = change.entity;
    let tenant = acting.permit.tenant().id();
    let null = Value::Null;
    if matches!(change.action, Action::Create | Action::Upsert) {
        let blank = scope.clone().with("record", &null);
        let draft = set(change, &blank)?;
        let existing = match change.action {
            Action::Upsert => existing(acting, entity, &draft, transaction, pending)?,
            _ => None,
        };
        let Some(held) = existing else {
            if !holds(effect, &blank)? {
                return Ok(());
            }
            let id =
                fresh_id(entity, tenant, acting.store, acting.world).map_err(|error| store_failed(&error))?;
            let value = completed(entity, draft, &id);
            let id = own_id(entity, &value, &id);
            transit(entity, None, &value)?;
            fits(acting, entity, &value)?;
            pending.put(write(entity, tenant, &id, 0, &value), transaction);
            return Ok(());
        };
        return update(acting, effect, change, scope, &held, transaction, pending);
    }
    for held in targets(acting, change, scope, transaction, pending)? {
        if change.action == Action::Delete {
            if holds(effect, &scope.clone().with("record", &held.value))? {
                pending.put(removal(entity, tenant, &held), transaction);
            }
            continue;
        }
        update(acting, effect, change, scope, &held, transaction, pending)?;
    }
    Ok(())
}

fn update(
    acting: &Acting<'_>,
    effect: &EffectPlan,
    change: &Change<'_>,
    scope: &Scope<'_>,
    held: &Held,
    transaction: &mut Transaction,
    pending: &mut Pending,
) -> Result<(), Refusal> {
    let scope = scope.clone().with("record", &held.value);
    if !holds(effect, &scope)? {
        return Ok(());
    }
    let value = merged(held.value.clone(), set(change, &scope)?);
    transit(change.entity, Some(&held.value), &value)?;
    fits(acting, change.entity, &value)?;
    let tenant = acting.permit.tenant().id();
    pending.put(write(change.entity, tenant, &held.id, held.version, &value), transaction);
    Ok(())
}

/// The record an upsert meets: one of this transaction, or one that is kept.
fn existing(
    acting: &Acting<'_>,
    entity: &EntityPlan,
    draft: &Value,
    transaction: &Transaction,
    pending: &Pending,
) -> Result<Option<Held>, Refusal> {
    let Some(key) = natural_key(entity, draft) else { return Ok(None) };
    if let Some(id) = pending.keys.get(&(entity.collection.clone(), key)) {
        return Ok(pending.find(entity, id, transaction).map(|(_, held)| held));
    }
    let found = by_natural_key(acting, entity, draft)?;
    Ok(found.map(|held| match pending.find(entity, &held.id, transaction) {
        Some((_, changed)) => changed,
        None => held,
    }))
}

fn targets(
    acting: &Acting<'_>,
    change: &Change<'_>,
    scope: &Scope<'_>,
    transaction: &Transaction,
    pending: &Pending,
) -> Result<Vec<Held>, Refusal> {
    let tenant = tenant_of(change.entity, acting.permit.tenant().id());
    let Some(read) = wanted(change.entity, change.by, scope)?.read(change.entity, tenant, FOUND_MAX) else {
        return Ok(Vec::new());
    };
    let found = acting.store.read(&[read]).map_err(|error| store_failed(&error))?;
    let held: Vec<Held> = match found.first() {
        Some(Found::Record(Some(record))) => vec![Held::of(record)],
        Some(Found::Records(records)) => records.iter().map(Held::of).collect(),
        _ => Vec::new(),
    };
    let latest = |held: Held| match pending.find(change.entity, &held.id, transaction) {
        Some((_, changed)) => changed,
        None => held,
    };
    Ok(held.into_iter().map(latest).collect())
}

fn set(change: &Change<'_>, scope: &Scope<'_>) -> Result<Value, Refusal> {
    change.set.map_or(Ok(Value::Null), |set| render("set", set, scope))
}

fn holds(effect: &EffectPlan, scope: &Scope<'_>) -> Result<bool, Refusal> {
    match &effect.when {
        Some(when) => Ok(render("when", when, scope)? == Value::Bool(true)),
        None => Ok(true),
    }
}

fn render(what: &str, template: &CompiledTemplate, scope: &Scope<'_>) -> Result<Value, Refusal> {
    template.render(scope).map_err(|failure| failed(what, &failure))
}

/// `{subject, scopes, granted, evidence, source}`: a change a scope.
fn consent(acting: &Acting<'_>, value: &Value, transaction: &mut Transaction) {
    let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    let Some(subject) = text("subject") else { return };
    for scope in texts(value.get("scopes")) {
        transaction.consents.push(ConsentChange {
            id: acting.world.uuid(),
            tenant: acting.permit.tenant().id().to_owned(),
            subject: subject.clone(),
            scope,
            granted: value.get("granted").and_then(Value::as_bool).unwrap_or(true),
            source: text("source").unwrap_or_else(|| "api".to_owned()),
            evidence: text("evidence"),
            actor: acting.permit.identity().actor().to_string(),
            at_ms: acting.call.received_ms,
        });
    }
}

/// `{id, url, events, secret, active}`, held to what webhooks may do.
fn subscribe(acting: &Acting<'_>, value: &Value, transaction: &mut Transaction) -> Result<(), Refusal> {
    let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    let (Some(id), Some(url)) = (text("id"), text("url")) else {
        return Err(Refusal::new(Condition::Internal));
    };
    tenon_policies::webhook_url::check_url(&url, acting.call.development)?;
    let events = texts(value.get("events"));
    for event in &events {
        let known = acting.plan.events.get(event).is_some_and(|event| event.public);
        if !known {
            return Err(Refusal::new(Condition::RequestInvalid)
                .with_detail("events", format!("`{event}` is no event that can be subscribed to")));
        }
    }
    let secret = text("secret");
    if let Some(problem) = secret.as_deref().and_then(webhook::secret_problem) {
        return Err(Refusal::new(Condition::RequestInvalid).with_detail("secret", problem));
    }
    let active = value.get("active").and_then(Value::as_bool).unwrap_or(true);
    transaction.subscriptions.push(Subscription {
        id,
        tenant: acting.permit.tenant().id().to_owned(),
        url,
        events,
        secrets: secret.into_iter().collect(),
        state: if active { SubscriptionState::Active } else { SubscriptionState::Paused },
        created_ms: acting.call.received_ms,
    });
    Ok(())
}

fn texts(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        Some(Value::String(one)) => vec![one.clone()],
        _ => Vec::new(),
    }
}
