//! Handlers that act on records: gather, decide, and leave one transaction.

mod effects;
mod list;
pub(crate) mod record;
mod single;

use serde_json::Value;
use tenon_graph::serving::Action;
use tenon_policies::{Condition, Permit, Refusal, Scope};
use tenon_storage::{Expect, Found, NewEvent, Read, Store, StoreError, Transaction};

use super::facts::Facts;
use super::upload::Received;
use super::{Work, failed};
use crate::World;
use crate::call::Call;
use crate::delivery::envelope::{Actor, Envelope};
use crate::plan::Plan;
use crate::plan::entity::{EntityPlan, IdForm};
use crate::plan::operation::OperationPlan;
use crate::plan::resource::{GuardPlan, ResourcePlan};
use record::{Held, Wanted, tenant_of, wanted, with_computed};

/// What a handler acts with.
pub(crate) struct Acting<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) operation: &'a OperationPlan,
    pub(crate) resource: &'a ResourcePlan,
    pub(crate) permit: &'a Permit,
    pub(crate) call: &'a Call,
    pub(crate) store: &'a Store,
    pub(crate) world: &'a World,
    pub(crate) facts: &'a Facts,
    pub(crate) cursor_secret: &'a [u8],
    /// What was uploaded.
    pub(crate) received: Option<&'a Received>,
}

/// What was read before anything is decided: the record acted on, and those that were asked for.
#[derive(Clone)]
pub(crate) struct Gathered {
    record: Option<Held>,
    loads: Vec<Option<Held>>,
}

impl Gathered {
    /// The id of the record that is acted on.
    pub(crate) fn id(&self) -> Option<&str> {
        self.record.as_ref().map(|held| held.id.as_str())
    }
}

/// The reads of a handler that depend on the request alone, and how to take apart what they find.
pub(crate) struct Gathering {
    record: Option<usize>,
    loads: Vec<Option<usize>>,
}

impl Gathering {
    /// Adds the reads of a handler to those of the pipeline.
    pub(crate) fn new(
        resource: &ResourcePlan,
        scope: &Scope<'_>,
        tenant: &str,
        reads: &mut Vec<Read>,
    ) -> Result<Self, Refusal> {
        let mut add = |entity: &EntityPlan, wanted: &Wanted| {
            let read = wanted.read(entity, tenant, 1)?;
            reads.push(read);
            Some(reads.len() - 1)
        };
        let one = matches!(resource.action, Action::Get | Action::Update | Action::Delete);
        let record = match one {
            true => add(&resource.entity, &wanted(&resource.entity, &resource.by, scope)?),
            false => None,
        };
        let mut loads = Vec::with_capacity(resource.loads.len());
        for load in &resource.loads {
            loads.push(add(&load.entity, &wanted(&load.entity, &load.by, scope)?));
        }
        Ok(Self { record, loads })
    }

    /// Takes apart what was found.
    pub(crate) fn take(&self, found: &[Found]) -> Gathered {
        let held = |index: Option<usize>| match found.get(index?)? {
            Found::Record(record) => record.as_ref().map(Held::of),
            Found::Records(records) => records.first().map(Held::of),
            _ => None,
        };
        Gathered { record: held(self.record), loads: self.loads.iter().map(|index| held(*index)).collect() }
    }
}

/// The id a new record gets, where nobody has to count for it; else nothing.
pub(crate) fn early_id(entity: &EntityPlan, world: &World) -> String {
    match entity.id_form {
        IdForm::Uuid => format!("{}{}", entity.id_prefix, world.uuid()),
        IdForm::Sequence => String::new(),
    }
}

/// The id a new record gets.
pub(crate) fn fresh_id(
    entity: &EntityPlan,
    tenant: &str,
    store: &Store,
    world: &World,
) -> Result<String, StoreError> {
    Ok(match entity.id_form {
        IdForm::Uuid => format!("{}{}", entity.id_prefix, world.uuid()),
        IdForm::Sequence => {
            let number = store.next_in_sequence(tenant_of(entity, tenant), &entity.collection)?;
            format!("{}{number:06}", entity.id_prefix)
        }
    })
}

/// Does the work of an operation on records.
pub(crate) fn act(acting: &Acting<'_>, gathered: Gathered, id: &str) -> Result<Work, Refusal> {
    let base = acting.facts.scope(acting.permit.request());
    let mut loads = Vec::with_capacity(gathered.loads.len());
    for (load, held) in acting.resource.loads.iter().zip(&gathered.loads) {
        if held.is_none() && load.required {
            return Err(
                Refusal::new(Condition::RecordNotFound).with_detail(load.name.as_str(), "does not exist")
            );
        }
        let value = held.as_ref().map_or(Value::Null, |held| held.value.clone());
        let value =
            with_computed(&load.entity, value, &base).map_err(|failure| failed("computed", &failure))?;
        loads.push((load.name.as_str(), value));
    }
    let mut scope = base.clone();
    for (name, value) in &loads {
        scope.bind(name, value);
    }
    let mut work = match acting.resource.action {
        Action::List => list::list(acting, &scope)?,
        Action::Get => single::get(acting, &scope, gathered.record)?,
        Action::Delete => single::delete(acting, &scope, gathered.record)?,
        Action::Update => single::update(acting, &scope, gathered.record)?,
        Action::Create => single::create(acting, &scope, id)?,
        Action::Upsert => single::upsert(acting, &scope, id)?,
        Action::Upload => match acting.received {
            Some(received) => {
                scope.bind("file", &received.file);
                scope.bind("form", &received.form);
                single::create(acting, &scope, id)?
            }
            // Nothing was received yet: this asks whether anything may be.
            None => {
                guard(&acting.resource.guards, &scope.clone().with("record", &Value::Null))?;
                Work::new(acting.resource.status, None)
            }
        },
    };
    if acting.operation.mutating {
        // What was decided rests on these: they must still be so when it is committed.
        for (load, held) in acting.resource.loads.iter().zip(&gathered.loads) {
            let Some(held) = held else { continue };
            let expect = Expect::Version {
                tenant: tenant_of(&load.entity, acting.permit.tenant().id()).to_owned(),
                collection: load.entity.collection.clone(),
                id: held.id.clone(),
                version: held.version,
            };
            // What is written as it was read is held to that anyway. An effect reads it again, and may have
            // found what another has made of it since: that is not what was decided upon.
            let written = |write: &tenon_storage::RecordWrite| {
                write.id == held.id
                    && write.collection == load.entity.collection
                    && write.expected_version == held.version
            };
            if !work.transaction.records.iter().any(written) {
                work.transaction.expect.push(expect);
            }
        }
    }
    Ok(work)
}

/// Holds the guards, in order.
fn guard(guards: &[GuardPlan], scope: &Scope<'_>) -> Result<(), Refusal> {
    for guard in guards {
        let holds = guard.when.render(scope).map_err(|failure| failed("guard", &failure))?;
        if holds != Value::Bool(true) {
            continue;
        }
        let mut refusal = Refusal::new(guard.condition);
        if let Some(code) = &guard.code {
            refusal = refusal.with_code(code.as_str());
        }
        if let Some(message) = &guard.message {
            refusal = refusal.with_message(message.as_str());
        }
        if let Some(field) = &guard.field {
            let reason = guard.message.as_deref().unwrap_or("is refused by a rule of the operation");
            refusal = refusal.with_detail(field.as_str(), reason);
        }
        return Err(refusal);
    }
    Ok(())
}

/// Makes the events of an operation.
fn emit(acting: &Acting<'_>, scope: &Scope<'_>, transaction: &mut Transaction) -> Result<(), Refusal> {
    for one in &acting.resource.emits {
        if let Some(when) = &one.when {
            let holds = when.render(scope).map_err(|failure| failed("emit.when", &failure))?;
            if holds != Value::Bool(true) {
                continue;
            }
        }
        let data = match &one.data {
            Some(data) => data.render(scope).map_err(|failure| failed("emit.data", &failure))?,
            None => Value::Object(serde_json::Map::new()),
        };
        let Some(event) = acting.plan.events.get(&one.event) else { continue };
        if let Err(refusal) = event.check(acting.plan, &data) {
            let problem: Vec<String> =
                refusal.details.iter().map(|one| format!("{} {}", one.field, one.reason)).collect();
            let problem = problem.join("; ");
            tracing::error!(event = event.name, problem, "the contract does not allow an event of its own");
            return Err(Refusal::new(Condition::Internal));
        }
        let id = acting.world.uuid();
        let tenant = acting.permit.tenant().id();
        let actor = acting.permit.identity().actor();
        let envelope = Envelope {
            id: &id,
            source: &event.contract.name,
            kind: &event.name,
            tenant,
            subject: None,
            occurred_ms: acting.call.received_ms,
            correlation_id: &acting.call.correlation_id,
            actor: Actor { kind: &actor.kind, id: &actor.id },
            payload: &data,
        };
        let envelope = envelope.to_bytes();
        transaction.events.push(NewEvent {
            id,
            tenant: tenant.to_owned(),
            kind: event.name.clone(),
            envelope,
            public: event.public,
            at_ms: acting.call.received_ms,
        });
    }
    Ok(())
}

/// A refusal for a store that failed.
pub(crate) fn store_failed(error: &StoreError) -> Refusal {
    tracing::error!(%error, "the store failed");
    match error {
        StoreError::Overloaded => Refusal::new(Condition::Overloaded).with_retry_after(1),
        _ => Refusal::new(Condition::StoreUnavailable).with_retry_after(1),
    }
}
